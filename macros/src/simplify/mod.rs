//! Adjoint IR → shorter adjoint IR.
//!
//! Passes that are each linear in the size of the function: [`keep`] stores what took much work to fill, [`scalars`]
//! takes small cotangents apart, [`window`] keeps what a second loop would compute again, [`rewrite`] folds by the table
//! of [`identities`] and shares what is computed twice ([`share`]), [`sums`] gathers additions to one place, [`terms`]
//! orders what is added up, [`reciprocal`] divides once by each divisor, [`dead`] drops what nobody reads ([`fields`] of
//! records, too), [`factors`] takes powers of two out of sums, [`vessels`] makes vectors once that records take for their
//! memory, [`moves`] moves what nobody reads again, [`hoist`] makes vectors once that iterations would make anew,
//! [`totals`] takes sums from loops that have added them up, [`fuse`] joins loops over the same elements, [`blank`]
//! assigns where there is nothing to add to yet, [`afresh`] computes vectors again that would fill the memory, [`lanes`]
//! adds up products at once, [`past_memory`] hands values on past memory, [`restores`] drops what is then restored for
//! nobody, and [`invariant`] reads before loops what stays the same in them. [`arrays`] and [`hold`] have to be told what
//! the IR does not say, and come later; [`chunks`] and [`refill`] write heads of loops that no other pass knows, and come
//! last. The primal's operations are never rewritten; those whose results are not needed are dropped if they are known to
//! have no effect.

pub mod afresh;
pub mod arrays;
mod blank;
mod both;
pub mod chunks;
mod dead;
mod exact;
mod factors;
mod fields;
mod fuse;
mod hoist;
pub mod hold;
mod identities;
mod invariant;
mod keep;
mod lanes;
mod live;
mod moves;
mod operands;
mod past_memory;
mod reciprocal;
pub mod refill;
mod restores;
mod rewrite;
mod scalars;
mod share;
mod sums;
mod sweep;
mod terms;
#[cfg(test)]
mod tests;
mod totals;
mod vessels;
mod window;

use crate::choices::Choices;
use crate::ir::parts::exclusive::{self, Part};
use crate::ir::{Block, End, Function, Stmt};

/// Simplifies an adjoint. It gets a store of its own only where it may store something ([`keep`]).
pub fn simplify(mut function: Function, choices: Choices, may_store: bool) -> Function {
    if may_store {
        keep::for_second_runs(&mut function);
    }
    scalars::replace(&mut function);
    window::keep(&mut function);
    rewrite::rewrite(&mut function);
    sums::gather(&mut function);
    let exact = exact::compared(&function);
    terms::order(&mut function, &exact);
    reciprocal::divide_once(&mut function, &exact);
    dead::remove(&mut function);
    factors::out_of_sums(&mut function, &exact);
    if vessels::made_once(&mut function) {
        dead::remove(&mut function);
    }
    moves::last_uses(&mut function);
    hoist::out_of_loops(&mut function);
    totals::known(&mut function);
    fuse::adjacent(&mut function);
    if blank::nothing::added(&mut function) {
        rewrite::rewrite(&mut function);
        dead::remove(&mut function);
    }
    hold::own::in_vectors(&mut function);
    blank::assign(&mut function);
    afresh::beyond(&mut function, choices.keep);
    lanes::of_products(&mut function);
    past_memory::hand_on(&mut function);
    if restores::unread(&mut function) {
        dead::remove(&mut function);
    }
    invariant::before_loops(&mut function);
    function
}

/// The blocks inside a statement.
fn inner_blocks(stmt: &mut Stmt, f: &mut dyn FnMut(&mut Block)) {
    exclusive::of_stmt(stmt, &mut |part| block_of(part, f));
}

/// The blocks that follow as arms at the end of one.
fn last_blocks(end: &mut End, f: &mut dyn FnMut(&mut Block)) {
    exclusive::of_end(end, &mut |part| block_of(part, f));
}

fn block_of(part: Part<'_>, f: &mut dyn FnMut(&mut Block)) {
    if let Part::Block(block) = part {
        f(block);
    }
}
