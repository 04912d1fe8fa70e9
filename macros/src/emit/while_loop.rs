//! Endless loops that are left at their head: `while c { … }`.

use proc_macro2::TokenStream;
use quote::quote;

use super::branch::{negated, Exit};
use super::Emitter;
use crate::ir::uses::{self, has_break};
use crate::ir::{Block, End, Head, Loop, Operand, Selector};

/// A loop whose one `break` stands behind its condition.
pub struct WhileLoop<'l> {
    on: &'l Selector,
    body: &'l Block,
    /// The results, where the condition fails.
    pub results: &'l [Operand],
}

/// A `while` loop, if the loop is one: its results are known outside its body.
pub fn recognise(the_loop: &Loop) -> Option<WhileLoop<'_>> {
    let (Head::Forever, End::Switch { on, arms }) = (&the_loop.head, &the_loop.body.end) else {
        return None;
    };
    let (Selector::Bool(_), [body, done]) = (on, arms.as_slice()) else {
        return None;
    };
    let (End::Break(results), true) = (&done.end, done.stmts.is_empty()) else {
        return None;
    };
    let inside = |operand: &Operand| match operand {
        Operand::Var(var) => the_loop
            .body
            .stmts
            .iter()
            .any(|stmt| uses::defined(stmt).contains(var)),
        Operand::Place(_) => true,
        Operand::Literal(_) => false,
    };
    let breaks_elsewhere = has_break(body)
        || the_loop
            .body
            .stmts
            .iter()
            .any(|s| uses::blocks(s).into_iter().any(has_break));
    (!breaks_elsewhere && !results.iter().any(inside)).then_some(WhileLoop { on, body, results })
}

impl Emitter<'_> {
    /// `while c { … }`, or `loop { …; if !c { break; } … }` where the condition takes statements.
    pub fn while_loop(
        &mut self,
        the_loop: &Loop,
        shape: &WhileLoop<'_>,
        exit: Exit<'_>,
    ) -> TokenStream {
        let mut lines = TokenStream::new();
        self.statements(&mut lines, &the_loop.body.stmts);
        let condition = self.selector(&mut lines, shape.on);
        if lines.is_empty() {
            let (condition, body) = (condition.tokens, self.block(shape.body, exit));
            return quote!(while #condition { #body });
        }
        let done = negated(&condition);
        lines.extend(quote!(if #done { break; }));
        self.continue_with(&mut lines, shape.body, exit);
        quote!(loop { #lines })
    }
}
