//! Vectors that a record takes only for their memory are made once instead.
//!
//! ```text
//! for … {                                    for … {
//!     let mut z = vec![0.0; n];                  let mut z = vec![0.0; n];
//!     …                                          …
//!     records.push((a, z));                      records.push((a,));
//! }                                    ⇒     }
//! for … {                                    for … {
//!     let (a, mut y) = pop(records);             let (a,) = pop(records);
//!                                                let mut y = vec![0.0; n];
//!     y[..] = pop(saved);  … y[i] …              y[..] = pop(saved);  … y[i] …
//! ```
//!
//! The reverse sweep restores in a vector what the forward sweep has overwritten there. Where that comes before anything
//! is read, nobody sees what the vector held when the record took it. Both vectors then stay in their loops, out of which
//! [`super::hoist`] takes them.

mod overwritten;

use std::collections::{HashMap, HashSet};

use super::fields::Fields;
use super::{hoist, inner_blocks, last_blocks};
use crate::ir::uses::{self, each_stmt};
use crate::ir::walk::defined_in;
use crate::ir::{Block, Ctor, Function, Op, Operand, Stmt, Var};

/// Takes such vectors out of the records; whether there were any.
pub fn made_once(function: &mut Function) -> bool {
    let mut found = false;
    while let Some(vessel) = Vessel::of(function) {
        vessel.leave(&mut function.body);
        found = true;
    }
    found
}

/// A vector that stands in a record for its memory.
struct Vessel {
    store: Var,
    /// Which part of the record it is.
    field: usize,
    /// What takes it off.
    taken: Var,
    /// How to make another one.
    made: Vec<Operand>,
}

impl Vessel {
    fn of(function: &Function) -> Option<Vessel> {
        let vectors = vectors(&function.body);
        if vectors.is_empty() {
            return None;
        }
        let fields = Fields::of(function);
        let mut found = None;
        each_stmt(&function.body, &mut |stmt| {
            if let (None, Stmt::Push { store, values }) = (&found, stmt) {
                found = fields
                    .of_one_push(*store)
                    .and_then(|takers| among(function, &vectors, (*store, values), takers));
            }
        });
        found
    }

    /// Leaves the vector out of the records, and makes another one where they are taken off.
    fn leave(&self, of: &mut Block) {
        for stmt in &mut of.stmts {
            inner_blocks(stmt, &mut |inner| self.leave(inner));
            match stmt {
                Stmt::Push { store, values } if *store == self.store => {
                    values.remove(self.field);
                }
                _ => {}
            }
        }
        last_blocks(&mut of.end, &mut |arm| self.leave(arm));
        let unpacked = of
            .stmts
            .iter()
            .position(|stmt| uses::defined(stmt).contains(&self.taken));
        let Some(at) = unpacked else { return };
        if let Stmt::Unpack { vars, .. } = &mut of.stmts[at] {
            vars.remove(self.field);
        }
        let made = Stmt::Let {
            var: self.taken,
            op: Op::Aggregate(Ctor::Scratch, self.made.clone()),
        };
        of.stmts.insert(at + 1, made);
    }
}

/// The vectors that are made of one number, by the number and the length; copies of such are vectors of the same length.
fn vectors(body: &Block) -> HashMap<Var, (Var, &[Operand])> {
    let mut found = HashMap::new();
    each_stmt(body, &mut |stmt| {
        let Stmt::Let { var, op } = stmt else { return };
        match op {
            Op::Aggregate(Ctor::VecRepeat | Ctor::Scratch, parts)
                if matches!(parts[..], [Operand::Literal(_), _]) =>
            {
                found.insert(*var, (*var, &parts[..]));
            }
            Op::Keep(place) if place.path.is_empty() => {
                let original = found.get(&place.root).copied();
                found.extend(original.map(|original| (*var, original)));
            }
            _ => {}
        }
    });
    found
}

/// The first such vector in the records of a store.
fn among(
    function: &Function,
    vectors: &HashMap<Var, (Var, &[Operand])>,
    (store, values): (Var, &[Var]),
    takers: &[Vec<Var>],
) -> Option<Vessel> {
    values.iter().enumerate().find_map(|(field, value)| {
        let (original, made) = *vectors.get(value)?;
        let [taken] = takers[field][..] else {
            return None;
        };
        let same_length = !hoist::taken_away(&function.body, Some(store)).contains(&original);
        let known = is_known_at(&function.body, &made[1], taken);
        let overwritten = overwritten::before_read(&function.body, taken, &made[1]);
        (same_length && known && overwritten).then(|| Vessel {
            store,
            field,
            taken,
            made: made.to_vec(),
        })
    })
}

/// Whether an operand is defined outside of the statement of the function in which `taken` is, and before it.
fn is_known_at(body: &Block, operand: &Operand, taken: Var) -> bool {
    let Operand::Var(var) = operand else {
        return matches!(operand, Operand::Literal(_));
    };
    let mut before: HashSet<&Var> = HashSet::new();
    for stmt in &body.stmts {
        let inner = uses::blocks(stmt).into_iter();
        let inside: HashSet<Var> = inner.flat_map(defined_in).collect();
        if inside.contains(&taken) {
            return before.contains(var) || !defined_in(body).contains(var);
        }
        before.extend(uses::defined(stmt));
    }
    false
}
