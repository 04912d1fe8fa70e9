//! Cotangents of local arrays and tuples become scalars where every access names its element.
//!
//! ```text
//! let mut d_u = [0.0; 3];  d_u[0] += a;  d_u[0] -= b;  let d = d_u[0];   ⇒   let d_0 = a - b;  let d = d_0;
//! ```
//!
//! The compiler takes such arrays apart too, but it must not drop the addition to zero: that of `-0.0` is no identity.

use std::collections::{HashMap, HashSet};

use super::share::place_text;
use super::{inner_blocks, last_blocks};
use crate::ir::uses;
use crate::ir::{
    BinOp, Block, Class, Function, Kind, Op, Operand, Place, Proj, Stmt, Var, VarInfo,
};

/// Takes the cotangents of a function apart.
pub fn replace(function: &mut Function) {
    let apart = Search::run(function);
    let mut replacing = Replacing {
        vars: std::mem::take(&mut function.vars),
        apart,
        elements: HashMap::new(),
    };
    replacing.block(&mut function.body);
    function.vars = replacing.vars;
}

/// What is done with an element.
enum Access<'s> {
    Add(&'s Operand, bool),
    Store(&'s Operand),
    Load(Var),
}

impl Access<'_> {
    fn reads(&self) -> bool {
        matches!(self, Access::Load(_))
    }
}

/// What is known of a cotangent while the function is searched.
struct Use {
    /// The block that declares it.
    block: usize,
    /// From what it is taken over.
    from: Option<Var>,
    /// Uses that are not of an element.
    others: usize,
}

/// Looks for the cotangents of which nothing is used but single elements. An inner block may read them, or take over a
/// whole one, of which it uses nothing but elements in turn.
struct Search<'f> {
    vars: &'f [VarInfo],
    counts: Vec<usize>,
    found: HashMap<Var, Use>,
    blocks: usize,
}

impl Search<'_> {
    fn run(function: &Function) -> HashSet<Var> {
        let mut counts = vec![0; function.vars.len()];
        uses::of_block(&function.body, &mut |used| counts[used.var().0] += 1);
        let mut search = Search {
            vars: &function.vars,
            counts,
            found: HashMap::new(),
            blocks: 0,
        };
        search.block(&function.body);
        search.elementwise()
    }

    fn block(&mut self, block: &Block) {
        self.blocks += 1;
        let here = self.blocks;
        for stmt in &block.stmts {
            self.declaration(stmt, here);
            if let Some((root, _, access)) = access(self.vars, stmt) {
                let used = self.found.get_mut(&root);
                let used = used.filter(|used| used.block == here || access.reads());
                used.into_iter().for_each(|used| used.others -= 1);
            }
            uses::blocks(stmt)
                .into_iter()
                .for_each(|inner| self.block(inner));
        }
        uses::end_blocks(&block.end)
            .iter()
            .for_each(|arm| self.block(arm));
    }

    fn declaration(&mut self, stmt: &Stmt, block: usize) {
        let Stmt::Let { var, op } = stmt else {
            return;
        };
        let info = &self.vars[var.0];
        let from = taken_over(op);
        let starts = matches!(op, Op::Zero(_)) || from.is_some();
        if info.class == Class::Shadow && is_fixed(&info.kind) && starts {
            let others = self.counts[var.0];
            let used = Use {
                block,
                from,
                others,
            };
            self.found.insert(*var, used);
        }
    }

    /// Those that are left when neither what they are taken from nor what takes them over is used otherwise.
    fn elementwise(mut self) -> HashSet<Var> {
        loop {
            let mut taken: HashMap<Var, usize> = HashMap::new();
            for from in self.found.values().filter_map(|used| used.from) {
                *taken.entry(from).or_default() += 1;
            }
            let before = self.found.len();
            let known: HashSet<Var> = self.found.keys().copied().collect();
            self.found.retain(|var, used| {
                let taken = taken.get(var).copied().unwrap_or(0);
                used.others == taken && used.from.is_none_or(|from| known.contains(&from))
            });
            if self.found.len() == before {
                return known;
            }
        }
    }
}

/// The cotangent that another one is as a whole.
fn taken_over(op: &Op) -> Option<Var> {
    match op {
        Op::Use(Operand::Place(place)) if place.path.is_empty() => Some(place.root),
        _ => None,
    }
}

struct Replacing {
    vars: Vec<VarInfo>,
    apart: HashSet<Var>,
    /// The elements of the cotangents that are taken apart; one that nothing was added to yet is not there.
    elements: HashMap<Var, HashMap<String, Operand>>,
}

impl Replacing {
    fn block(&mut self, block: &mut Block) {
        let mut stmts = Vec::with_capacity(block.stmts.len());
        for mut stmt in std::mem::take(&mut block.stmts) {
            inner_blocks(&mut stmt, &mut |inner| self.block(inner));
            if self.declares(&stmt) {
                continue;
            }
            match access(&self.vars, &stmt) {
                Some((root, text, access)) if self.apart.contains(&root) => {
                    self.element(&mut stmts, root, text, &access);
                }
                _ => stmts.push(stmt),
            }
        }
        block.stmts = stmts;
        last_blocks(&mut block.end, &mut |arm| self.block(arm));
    }

    fn declares(&mut self, stmt: &Stmt) -> bool {
        match stmt {
            Stmt::Let { var, op } if self.apart.contains(var) => {
                let from = taken_over(op).and_then(|from| self.elements.get(&from));
                let elements = from.cloned().unwrap_or_default();
                self.elements.insert(*var, elements);
                true
            }
            _ => false,
        }
    }

    fn element(&mut self, stmts: &mut Vec<Stmt>, root: Var, text: String, access: &Access<'_>) {
        let of = self.elements.entry(root).or_default();
        let before = of.get(&text).cloned();
        match access {
            Access::Store(value) => drop(of.insert(text, (*value).clone())),
            Access::Add(value, negate) => {
                let sum = self.sum(stmts, before.as_ref(), value, *negate);
                self.elements.entry(root).or_default().insert(text, sum);
            }
            Access::Load(var) => {
                let kind = self.vars[var.0].kind.clone();
                let value = before.unwrap_or_else(|| Operand::number(0.0, kind));
                stmts.push(Stmt::Let {
                    var: *var,
                    op: Op::Use(value),
                });
            }
        }
    }

    fn sum(
        &mut self,
        stmts: &mut Vec<Stmt>,
        before: Option<&Operand>,
        value: &Operand,
        negate: bool,
    ) -> Operand {
        let op = match (before, negate) {
            (None, false) => return value.clone(),
            (None, true) => Op::Neg(value.clone()),
            (Some(sum), false) => Op::Binary(BinOp::Add, sum.clone(), value.clone()),
            (Some(sum), true) => Op::Binary(BinOp::Sub, sum.clone(), value.clone()),
        };
        let kind = value
            .var()
            .map_or(Kind::Unknown, |var| self.vars[var.0].kind.clone());
        self.vars.push(VarInfo::new("d", kind, Class::Value));
        let var = Var(self.vars.len() - 1);
        stmts.push(Stmt::Let { var, op });
        Operand::Var(var)
    }
}

/// The element of type float that a statement accesses, if that is all it does.
fn access<'s>(vars: &[VarInfo], stmt: &'s Stmt) -> Option<(Var, String, Access<'s>)> {
    let (place, access, operand) = match stmt {
        Stmt::Add {
            place,
            value,
            negate,
        } => (place, Access::Add(value, *negate), value.clone()),
        Stmt::Store { place, value } => (place, Access::Store(value), value.clone()),
        Stmt::Let {
            var,
            op: Op::Use(Operand::Place(place)),
        } => (place, Access::Load(*var), Operand::Var(*var)),
        _ => return None,
    };
    let float = matches!(&operand, Operand::Var(var) if vars[var.0].kind.is_float());
    let zero = matches!((&operand, &access), (Operand::Literal(_), Access::Store(_)));
    let named = !place.path.is_empty() && place.path.iter().all(is_named);
    let text = ((float || zero) && named).then(|| path_text(place))??;
    Some((place.root, text, access))
}

/// The same for elements of the same name of all cotangents.
fn path_text(place: &Place) -> Option<String> {
    let path = place.path.clone();
    place_text(&Place { root: Var(0), path })
}

/// Whether the elements of a value are told apart by where they are.
fn is_fixed(kind: &Kind) -> bool {
    matches!(kind, Kind::Array(_) | Kind::Tuple(_))
}

/// A field, or an element by a number.
fn is_named(projection: &Proj) -> bool {
    matches!(projection, Proj::Field(_)) || projection.literal_index().is_some()
}
