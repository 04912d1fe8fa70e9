//! Local closures: inlined at their calls.

use syn::ExprClosure;

/// A closure that has a name.
#[derive(Debug)]
pub struct Closure {
    pub expr: ExprClosure,
}
