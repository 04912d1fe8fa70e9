//! Whether statements fill memory before they read it.

use crate::ir::walk::{vars, Role};
use crate::ir::{Loop, Op, Operand, Place, Proj, Stmt, Var};

use crate::analyse::contents;
use crate::analyse::extent::{asks_length, Extent, Extents};

/// Whether statements write all of a sequence before anything reads it.
pub(super) fn are_filled_first(extents: &Extents, stmts: &[Stmt], root: Var) -> bool {
    let Some(length) = extents.length(&Place::root(root)) else {
        return false;
    };
    let mut filled = Filled {
        extents,
        root,
        parts: Vec::new(),
    };
    for stmt in stmts {
        if filled.up_to() == length {
            return true;
        }
        if !filled.stmt(stmt) {
            return false;
        }
    }
    filled.up_to() == length
}

struct Filled<'e> {
    extents: &'e Extents<'e>,
    root: Var,
    /// What has been written, from where to where.
    parts: Vec<(Extent, Extent)>,
}

impl Filled<'_> {
    /// Everything before that has been written.
    fn up_to(&self) -> Extent {
        let mut end = Extent::default();
        let mut left = self.parts.clone();
        while let Some(at) = left.iter().position(|(from, _)| *from == end) {
            end = left.swap_remove(at).1;
        }
        end
    }

    /// Notes what a statement writes; `false` if it does anything else with the memory.
    fn stmt(&mut self, stmt: &Stmt) -> bool {
        match stmt {
            _ if is_silent(stmt, self.root) => true,
            Stmt::Store { place, value } => {
                let Some(at) = self.element(place, value) else {
                    return false;
                };
                let after = at.clone().plus(&Extent::number(1), 1);
                self.parts.push((at, after));
                true
            }
            Stmt::Loop(l) => self.looped(l).is_some(),
            _ => false,
        }
    }

    /// The position of the element that a store writes, if that is all it does with the memory.
    fn element(&self, place: &Place, value: &Operand) -> Option<Extent> {
        let [Proj::Index(index)] = &place.path[..] else {
            return None;
        };
        let mut reads = false;
        vars::operand(value, &mut |var, _| reads |= *var == self.root);
        vars::operand(index, &mut |var, _| reads |= *var == self.root);
        (place.root == self.root && !reads).then_some(())?;
        self.extents.of(index)
    }

    /// `for i in a..b { …; t[i + c] = …; … }` writes from `a + c` to `b + c`.
    fn looped(&mut self, l: &Loop) -> Option<()> {
        let count = l.head.count()?;
        let mut stmts = l.body.stmts.iter();
        let store = stmts.find(|stmt| !is_silent(stmt, self.root))?;
        let Stmt::Store { place, value } = store else {
            return None;
        };
        let at = self.element(place, value)?;
        let offset = at.offset_from(count.index)?;
        let mut rest = Vec::new();
        stmts.for_each(|stmt| contents::of_stmt(stmt, self.root, &mut rest));
        let same = |index: &Operand| self.extents.of(index).as_ref() == Some(&at);
        let own = rest
            .iter()
            .all(|p| matches!(&p.path[..], [Proj::Index(i), ..] if same(i)));
        let plain = matches!(l.body.end, crate::ir::End::Yield(_));
        (own && plain).then_some(())?;
        let from = self.extents.of(count.start)?.plus(&offset, 1);
        let to = self.extents.of(count.end)?.plus(&offset, 1);
        self.parts.push((from, to));
        Some(())
    }
}

/// Whether a statement does nothing with a root but ask for its length.
fn is_silent(stmt: &Stmt, root: Var) -> bool {
    if let Stmt::Let {
        op: Op::Opaque(opaque),
        ..
    } = stmt
    {
        if asks_length(opaque) {
            return true;
        }
    }
    let mut silent = true;
    vars::stmt(stmt, &mut |var, role| {
        silent &= *var != root || role == Role::Def
    });
    silent
}
