//! Cotangents of local arrays and tuples become scalars where every access names its element.
//!
//! ```text
//! let mut d_u = [0.0; 3];  d_u[0] += a;  d_u[0] -= b;  let d = d_u[0];   ⇒   let d_0 = a - b;  let d = d_0;
//! ```
//!
//! The compiler takes such arrays apart too, but it must not drop the addition to zero: that of `-0.0` is no identity.

use std::collections::HashMap;

use super::share::place_text;
use super::{inner_blocks, last_blocks};
use crate::ir::uses;
use crate::ir::{BinOp, Block, Class, Function, Kind, Op, Operand, Proj, Stmt, Var, VarInfo};

/// Takes the cotangents of a function apart.
pub fn replace(function: &mut Function) {
    let mut counts = vec![0; function.vars.len()];
    uses::of_block(&function.body, &mut |used| counts[used.var().0] += 1);
    let mut replacing = Replacing {
        vars: std::mem::take(&mut function.vars),
        counts,
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

struct Replacing {
    vars: Vec<VarInfo>,
    counts: Vec<usize>,
}

/// The elements of the cotangents that are taken apart; one that nothing was added to yet is not there.
type Elements = HashMap<Var, HashMap<String, Operand>>;

impl Replacing {
    fn block(&mut self, block: &mut Block) {
        let mut elements = self.candidates(block);
        let mut stmts = Vec::with_capacity(block.stmts.len());
        for mut stmt in std::mem::take(&mut block.stmts) {
            inner_blocks(&mut stmt, &mut |inner| self.block(inner));
            let declares = matches!(&stmt, Stmt::Let { var, .. } if elements.contains_key(var));
            match self.access(&stmt) {
                _ if declares => {}
                Some((root, text, access)) if elements.contains_key(&root) => {
                    let of = elements.entry(root).or_default();
                    self.element(&mut stmts, of, text, &access);
                }
                _ => stmts.push(stmt),
            }
        }
        block.stmts = stmts;
        last_blocks(&mut block.end, &mut |arm| self.block(arm));
    }

    /// The cotangents that a block declares and of which it uses nothing but single elements.
    fn candidates(&self, block: &Block) -> Elements {
        let mut declared: HashMap<Var, usize> = HashMap::new();
        for stmt in &block.stmts {
            if let Stmt::Let {
                var,
                op: Op::Zero(_),
            } = stmt
            {
                let info = &self.vars[var.0];
                if info.class == Class::Shadow && is_fixed(&info.kind) {
                    declared.insert(*var, self.counts[var.0]);
                }
            }
            if let Some((root, ..)) = self.access(stmt) {
                if let Some(left) = declared.get_mut(&root) {
                    *left -= 1;
                }
            }
        }
        let elementwise = declared.into_iter().filter(|(_, left)| *left == 0);
        elementwise.map(|(var, _)| (var, HashMap::new())).collect()
    }

    /// The element of type float that a statement accesses, if that is all it does.
    fn access<'s>(&self, stmt: &'s Stmt) -> Option<(Var, String, Access<'s>)> {
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
        let float = matches!(&operand, Operand::Var(var) if self.vars[var.0].kind.is_float());
        let zero = matches!((&operand, &access), (Operand::Literal(_), Access::Store(_)));
        let named = !place.path.is_empty() && place.path.iter().all(is_named);
        let text = ((float || zero) && named).then(|| place_text(place))??;
        Some((place.root, text, access))
    }

    fn element(
        &mut self,
        stmts: &mut Vec<Stmt>,
        of: &mut HashMap<String, Operand>,
        text: String,
        access: &Access<'_>,
    ) {
        match access {
            Access::Store(value) => drop(of.insert(text, (*value).clone())),
            Access::Add(value, negate) => {
                let sum = self.sum(stmts, of.get(&text), value, *negate);
                of.insert(text, sum);
            }
            Access::Load(var) => {
                let kind = self.vars[var.0].kind.clone();
                let value = of.get(&text).cloned();
                let value = value.unwrap_or_else(|| Operand::number(0.0, kind));
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

/// Whether the elements of a value are told apart by where they are.
fn is_fixed(kind: &Kind) -> bool {
    matches!(kind, Kind::Array(_) | Kind::Tuple(_))
}

/// A field, or an element by a number.
fn is_named(projection: &Proj) -> bool {
    matches!(projection, Proj::Field(_)) || projection.literal_index().is_some()
}
