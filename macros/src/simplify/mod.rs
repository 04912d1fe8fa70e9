//! Adjoint IR → shorter adjoint IR.
//!
//! Three passes, each linear in the size of the function: [`rewrite`] folds by the table of [`identities`] and shares
//! what is computed twice ([`share`]), [`reciprocal`] divides once by each divisor, and [`dead`] drops what nobody
//! reads. The primal's operations are never rewritten; those whose results are not needed are dropped if they are
//! known to have no effect.

mod dead;
mod identities;
mod live;
mod operands;
mod reciprocal;
mod rewrite;
mod share;
#[cfg(test)]
mod tests;

use crate::ir::Function;

/// Simplifies an adjoint.
pub fn simplify(mut function: Function) -> Function {
    rewrite::rewrite(&mut function);
    reciprocal::divide_once(&mut function);
    dead::remove(&mut function);
    function
}
