//! Which adjoints are always made a part of what calls them.

use crate::ir::{uses, Block, Function, Stmt, VjpOf};

/// So many statements still are.
///
/// `f_grad` and `f_value_and_grad` share one `f_vjp`. Where both are used, the compiler's own estimate makes it a function
/// of its own much earlier, and the gradient of three or four numbers then goes through memory: a quaternion's rotation
/// took 1.6 times as long.
const MOST: usize = 256;

/// Whether an adjoint is short and calls no other: what calls others would grow with each level.
pub fn is_small(function: &Function) -> bool {
    size(&function.body).is_some_and(|size| size <= MOST)
}

fn size(block: &Block) -> Option<usize> {
    let mut sum = block.stmts.len();
    for stmt in &block.stmts {
        if matches!(stmt, Stmt::Vjp(vjp) if matches!(vjp.of, VjpOf::Call(_))) {
            return None;
        }
        for inner in uses::blocks(stmt) {
            sum += size(inner)?;
        }
    }
    for inner in uses::end_blocks(&block.end) {
        sum += size(inner)?;
    }
    Some(sum)
}
