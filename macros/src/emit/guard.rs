//! Early exits: `if c { return x; }`, and what follows stands behind it, not in an `else`.

use proc_macro2::TokenStream;
use quote::quote;

use super::branch::{negated, Exit, Yields};
use super::Emitter;
use crate::ir::{Block, End, Selector};

impl Emitter<'_> {
    /// If one arm of a tail switch just leaves: prints it as a guard, and gives the arm that goes on.
    pub fn guard<'b>(
        &mut self,
        lines: &mut TokenStream,
        end: &'b End,
        exit: Exit<'_>,
    ) -> Option<&'b Block> {
        let End::Switch {
            on: on @ Selector::Bool(_),
            arms,
        } = end
        else {
            return None;
        };
        let [yes, no] = arms.as_slice() else {
            return None;
        };
        let (leaf, rest, negate) = match (self.leaves(yes, exit), self.leaves(no, exit)) {
            (true, _) if goes_on(no) => (yes, no, false),
            (_, true) if goes_on(yes) => (no, yes, true),
            _ => return None,
        };
        let condition = self.selector(lines, on);
        let condition = if negate {
            negated(&condition)
        } else {
            condition.tokens
        };
        let inside = self.leaf(leaf, exit);
        self.line(lines, quote!(if #condition { #inside }));
        Some(rest)
    }

    /// Whether a block ends by leaving what is around it.
    fn leaves(&self, block: &Block, exit: Exit<'_>) -> bool {
        match block.end {
            End::Yield(_) => !matches!(exit.yields, Yields::Value),
            End::Break(_) | End::Never(_) => true,
            End::Switch { .. } => false,
        }
    }

    fn leaf(&mut self, block: &Block, exit: Exit<'_>) -> TokenStream {
        let exit = match exit.yields {
            Yields::Result => Exit {
                yields: Yields::Return,
                ..exit
            },
            _ => exit,
        };
        let mut inside = self.block(block, exit);
        match (&block.end, exit.yields) {
            (End::Yield(_), Yields::Next(_)) => inside.extend(quote!(continue;)),
            (End::Never(_), _) => inside.extend(quote!(;)),
            _ => {}
        }
        inside
    }
}

/// Whether a block has enough in it to stand behind a guard.
fn goes_on(block: &Block) -> bool {
    !block.stmts.is_empty() || matches!(block.end, End::Switch { .. })
}
