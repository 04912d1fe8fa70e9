//! What the leaves of a loop's body do in its copies.

use quote::quote;

use super::expression::once;
use crate::ir::{Block, End, Operand};

/// Every leaf that goes on with the loop yields one value more.
pub(super) fn yield_also(block: &mut Block, value: &Operand) {
    match &mut block.end {
        End::Yield(values) => values.push(value.clone()),
        End::Switch { arms, .. } => arms.iter_mut().for_each(|arm| yield_also(arm, value)),
        End::Break(_) | End::Never(_) => {}
    }
}

/// Every leaf that leaves the loop does so with this value alone.
pub(super) fn break_with(block: &mut Block, value: &Operand) {
    match &mut block.end {
        End::Break(values) => *values = vec![value.clone()],
        End::Switch { arms, .. } => arms.iter_mut().for_each(|arm| break_with(arm, value)),
        End::Yield(_) | End::Never(_) => {}
    }
}

/// No leaf leaves the loop: only the last iteration does, and that is not run again here.
pub(super) fn never_break(block: &mut Block) {
    match &mut block.end {
        End::Break(_) => {
            block.end = End::Never(once(quote!(::core::unreachable!()), Vec::new()));
        }
        End::Switch { arms, .. } => arms.iter_mut().for_each(never_break),
        End::Yield(_) | End::Never(_) => {}
    }
}
