//! Whether a vector is overwritten before anything is read that it held at first.

use crate::analyse::extent::asks_length;
use crate::ir::uses::{self, end_blocks, Use};
use crate::ir::{Block, Loop, Op, Operand, Place, Proj, Stmt, Var};
use crate::simplify::both::runs_to_its_end;
use crate::simplify::fuse::flat::number;

/// Whether all that is read of `root` has been written after a record was taken apart that held it.
pub(super) fn before_read(body: &Block, root: Var, length: &Operand) -> bool {
    let Some((stmts, rest)) = after_definition(body, root) else {
        return false;
    };
    let mut written = Written {
        root,
        length,
        places: Vec::new(),
        all: false,
    };
    stmts.iter().all(|stmt| written.stmt(stmt)) && written.end(rest)
}

/// The statements after those that take a record apart, and the block in which they stand.
fn after_definition(block: &Block, root: Var) -> Option<(&[Stmt], &Block)> {
    let defines = |stmt: &Stmt| matches!(stmt, Stmt::Unpack { vars, .. } if vars.contains(&root));
    if let Some(at) = block.stmts.iter().position(defines) {
        return Some((&block.stmts[at + 1..], block));
    }
    let inner = block.stmts.iter().flat_map(uses::blocks);
    inner
        .chain(end_blocks(&block.end))
        .find_map(|inner| after_definition(inner, root))
}

/// What has been written to a vector for certain. Nothing that follows takes that back.
#[derive(Clone)]
struct Written<'b> {
    root: Var,
    length: &'b Operand,
    places: Vec<&'b Place>,
    all: bool,
}

impl<'b> Written<'b> {
    /// Whether a block reads only what has been written; what it writes itself others do not rely on.
    fn block(&self, block: &'b Block) -> bool {
        let mut inner = self.clone();
        block.stmts.iter().all(|stmt| inner.stmt(stmt)) && inner.end(block)
    }

    fn end(&self, block: &'b Block) -> bool {
        let mut reads = true;
        uses::of_end(&block.end, &mut |used| reads &= self.may(used));
        reads && end_blocks(&block.end).iter().all(|arm| self.block(arm))
    }

    /// Whether a statement reads only what has been written; notes what it writes.
    fn stmt(&mut self, stmt: &'b Stmt) -> bool {
        if self.is_length(stmt) {
            return true;
        }
        let target = self.target(stmt);
        let is_target = |used: Use<'_>| matches!((used, target), (Use::Place(a, _), Some(b)) if std::ptr::eq(a, b));
        let mut fine = true;
        uses::of_stmt(stmt, &mut |used| fine &= is_target(used) || self.may(used));
        fine &= uses::blocks(stmt)
            .into_iter()
            .all(|inner| self.block(inner));
        if let Some(place) = target {
            self.all |= is_whole(place);
            self.places.push(place);
        }
        self.all |= matches!(stmt, Stmt::Loop(l) if self.fills(l));
        fine
    }

    /// The part that a statement overwrites.
    fn target(&self, stmt: &'b Stmt) -> Option<&'b Place> {
        let place = match stmt {
            Stmt::Store { place, .. } if matches!(place.path[..], [Proj::Index(_)]) => place,
            Stmt::Do(Op::Restore(_, place) | Op::Recall(_, _, place))
                if matches!(place.path[..], [Proj::Slice { .. }]) =>
            {
                place
            }
            _ => return None,
        };
        (place.root == self.root).then_some(place)
    }

    /// What a use reads has been written, or is not the vector's.
    fn may(&self, used: Use<'_>) -> bool {
        let Use::Place(place, _) = used else {
            return used.var() != self.root;
        };
        let same = |written: &&Place| {
            written.path.len() == place.path.len()
                && written
                    .path
                    .iter()
                    .zip(&place.path)
                    .all(|(a, b)| a.is_same(b))
        };
        place.root != self.root
            || !place.path.is_empty() && (self.all || self.places.iter().any(same))
    }

    fn is_length(&self, stmt: &Stmt) -> bool {
        let Stmt::Let {
            op: Op::Opaque(opaque),
            ..
        } = stmt
        else {
            return false;
        };
        asks_length(opaque)
    }

    /// Whether a loop writes to every element in turn.
    fn fills(&self, l: &'b Loop) -> bool {
        let Some(count) = l.head.count() else {
            return false;
        };
        let all = number(count.start) == Some(0) && count.end.is_same(self.length);
        let own = |place: &Place| matches!(place.path[..], [Proj::Index(Operand::Var(at))] if at == count.index);
        let mut written = l.body.stmts.iter().filter_map(|stmt| self.target(stmt));
        all && l.limit.is_none() && runs_to_its_end(l) && written.any(own)
    }
}

fn is_whole(place: &Place) -> bool {
    matches!(place.path[..], [Proj::Slice { lo: None, hi: None }])
}
