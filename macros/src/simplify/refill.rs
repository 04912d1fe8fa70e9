//! Vectors that a record takes are filled as they are made, and not cleared or copied before.
//!
//! ```text
//! let mut z = vec![0.0; n];               let mut z = Vec::new();
//! for i in 0..n { z[i] = … }         ⇒    refill(&mut z, n, |i| …);
//! records.push((old, z));                 records.push((old, z));
//!
//! let mut z = vec![0.0; n];               let mut z = vec![0.0; n];
//! for t in 0..m {                         for t in 0..m {
//!     for i in 0..n { z[i] = … }     ⇒        refill(&mut z, n, |i| …);
//!     let kept = if few { z.to_vec() } …      let kept = if few { take(&mut z) } …
//! ```
//!
//! A vector of some thousand floats is cleared, or copied, in the time of the loop that fills it. `refill` makes a vector
//! that has been taken away from what it is filled with, and writes into one that is still there.
//!
//! What makes it is the standard library's, and may become a function of its own. Vectors that the body names by
//! reference would then be known to the compiler as memory that others see, whose length and address are read again
//! everywhere: an integrator took two and a half times as long. So a body that only reads the elements of other vectors
//! at its index is handed these elements.

use std::collections::HashMap;

use syn::parse_quote;

use super::chunks::is_zero;
use super::live::has_effect;
use super::{afresh, inner_blocks, last_blocks};
use crate::ir::build::cheap;
use crate::ir::parts::exclusive::{self, Part};
use crate::ir::uses::{self, each_stmt};
use crate::ir::walk::vars;
use crate::ir::{
    Block, By, Class, Cost, End, Function, Head, Kind, Loop, Op, Operand, Place, Proj, Stmt, Var,
    VarInfo,
};

/// Rewrites the fillings of a function. It comes last: other passes look for loops that count.
pub fn where_taken(function: &mut Function) {
    let mut pass = Refills {
        lengths: HashMap::new(),
        mentions: HashMap::new(),
        vars: std::mem::take(&mut function.vars),
    };
    each_stmt(&function.body, &mut |stmt| {
        pass.lengths.extend(afresh::made(stmt));
    });
    if !pass.lengths.is_empty() {
        vars::block(&function.body, &mut |var, _| {
            *pass.mentions.entry(*var).or_insert(0) += 1;
        });
        pass.block(&mut function.body);
    }
    function.vars = pass.vars;
}

struct Refills {
    /// The vectors that are made to be filled, with their lengths.
    lengths: HashMap<Var, Operand>,
    /// How often each variable stands in the function.
    mentions: HashMap<Var, usize>,
    vars: Vec<VarInfo>,
}

impl Refills {
    fn block(&mut self, of: &mut Block) {
        for stmt in &mut of.stmts {
            inner_blocks(stmt, &mut |inner| self.block(inner));
        }
        last_blocks(&mut of.end, &mut |arm| self.block(arm));
        for at in 0..of.stmts.len() {
            self.made_to_be_filled(&mut of.stmts[at..]);
            self.copied_at_last(of, at);
        }
    }

    /// A vector is made, and first of all filled.
    fn made_to_be_filled(&mut self, stmts: &mut [Stmt]) -> Option<()> {
        let [definition, rest @ ..] = stmts else {
            return None;
        };
        let (root, _) = afresh::made(definition)?;
        let first = rest.iter_mut().find(|stmt| mentions(stmt, root) > 0)?;
        *first = self.refill(first, root)?;
        if let Stmt::Let { op, .. } = definition {
            *op = cheap(parse_quote!(::core::default::Default::default()), &[]);
        }
        Some(())
    }

    /// A block fills a vector from outside first, and copies it at last; nobody else reads it.
    fn copied_at_last(&mut self, of: &mut Block, copy: usize) -> Option<()> {
        let Stmt::Let { op, .. } = &of.stmts[copy] else {
            return None;
        };
        let root = afresh::is_copied(op).filter(|root| self.lengths.contains_key(root))?;
        let counts: Vec<usize> = of.stmts.iter().map(|stmt| mentions(stmt, root)).collect();
        let first = counts.iter().position(|count| *count > 0)?;
        let last = counts.iter().rposition(|count| *count > 0)?;
        // Beside these, it is defined.
        let alone = counts.iter().sum::<usize>() + 1 == self.mentions[&root];
        let refill = self.refill(&of.stmts[first], root)?;
        (alone && last == copy).then_some(())?;
        of.stmts[first] = refill;
        if let Stmt::Let { op, .. } = &mut of.stmts[copy] {
            take(op);
        }
        Some(())
    }

    /// `for i in 0..n { …; z[i] = value; }` of all of a vector, as the refill that it is.
    fn refill(&mut self, stmt: &Stmt, root: Var) -> Option<Stmt> {
        let Stmt::Loop(l) = stmt else { return None };
        let count = l.head.count()?;
        let length = self.lengths.get(&root)?;
        let all = is_zero(count.start) && count.end.is_same(length) && l.limit.is_none();
        let value = only_value(l, root, count.index)?;
        let floats = matches!(&self.vars[root.0].kind, Kind::Vec(part) if part.is_float());
        (all && floats && l.carried.is_empty() && l.results.is_empty()).then_some(())?;
        let mut refill = l.clone();
        let length = length.clone();
        refill.body.stmts.pop();
        refill.body.end = End::Yield(vec![value]);
        let mut along = Vec::new();
        if let Some(handed) = self.along(&refill.body, count.index, &length) {
            (along, refill.body) = handed;
        }
        refill.head = Head::Refill {
            index: count.index,
            along,
            vector: Place::root(root),
            length,
        };
        Some(Stmt::Loop(refill))
    }

    /// The vectors whose elements a body reads at its index, and the body that is handed them, if it names no other
    /// memory and does not need the index for anything else.
    fn along(
        &mut self,
        body: &Block,
        index: Var,
        length: &Operand,
    ) -> Option<(Vec<(Var, Place)>, Block)> {
        let (mut along, mut body) = (Vec::new(), body.clone());
        let mut read = |operand: &mut Operand| {
            if let Some(root) = self.element(operand, index) {
                *operand = Operand::Var(self.item(root, length, &mut along));
            }
        };
        for stmt in &mut body.stmts {
            exclusive::of_stmt(stmt, &mut |part| {
                if let Part::Operand(operand) = part {
                    read(operand);
                }
            });
        }
        if let End::Yield(values) = &mut body.end {
            values.iter_mut().for_each(read);
        }
        let mut alone = true;
        uses::of_block(&body, &mut |used| {
            let var = used.var();
            alone &= var != index && !self.vars[var.0].class.is_memory();
        });
        (alone && !along.is_empty()).then_some((along, body))
    }

    /// The vector, if an operand reads its float at an index.
    fn element(&self, operand: &Operand, index: Var) -> Option<Var> {
        let Operand::Place(Place { root, path }) = operand else {
            return None;
        };
        let at = matches!(&path[..], [Proj::Index(Operand::Var(at))] if *at == index);
        let info = &self.vars[root.0];
        let float = info.kind.clone().part(path.last()?).is_float();
        (at && float && info.class != Class::Slot).then_some(*root)
    }

    /// The variable for the elements of a vector.
    fn item(&mut self, root: Var, length: &Operand, along: &mut Vec<(Var, Place)>) -> Var {
        if let Some((item, _)) = along.iter().find(|(_, of)| of.root == root) {
            return *item;
        }
        let info = &self.vars[root.0];
        let kind = info.kind.clone().part(&Proj::Index(length.clone()));
        let name = info.name.to_string();
        self.vars.push(VarInfo::new(&name, kind, Class::Value));
        let item = Var(self.vars.len() - 1);
        let first = Proj::Slice {
            lo: None,
            hi: Some(length.clone()),
        };
        along.push((
            item,
            Place {
                root,
                path: vec![first],
            },
        ));
        item
    }
}

/// What a loop stores at its index, if it does nothing else but compute that.
fn only_value(l: &Loop, root: Var, index: Var) -> Option<Operand> {
    let (store, rest) = l.body.stmts.split_last()?;
    let Stmt::Store { place, value } = store else {
        return None;
    };
    let [Proj::Index(Operand::Var(at))] = &place.path[..] else {
        return None;
    };
    let here = place.root == root && *at == index && mentions(store, root) == 1;
    let yields = matches!(&l.body.end, End::Yield(values) if values.is_empty());
    (here && yields && rest.iter().all(|stmt| only_computes(stmt, root))).then(|| value.clone())
}

fn only_computes(stmt: &Stmt, root: Var) -> bool {
    match stmt {
        Stmt::Let { op, .. } => !has_effect(op) && mentions(stmt, root) == 0,
        _ => false,
    }
}

fn mentions(stmt: &Stmt, root: Var) -> usize {
    let mut count = 0;
    vars::stmt(stmt, &mut |var, _| count += usize::from(*var == root));
    count
}

/// `if few { take(vector) } else { Vec::new() }`
fn take(copy: &mut Op) {
    if let Op::Opaque(opaque) = copy {
        opaque.captures[0].by = By::RefMut;
        (opaque.cost, opaque.effect) = (Cost::Once, true);
        opaque.expr = parse_quote!(if few {
            ::core::mem::take(vector)
        } else {
            ::core::default::Default::default()
        });
    }
}
