//! Loops over the chunks of a slice are written as that.
//!
//! ```text
//! for i in 0..v.len() / d {                   ⇒   for (i, c) in v.chunks_exact(d).enumerate() {
//!     let c = &v[i * d..i * d + d]; …                 …
//! }                                               }
//! ```
//!
//! The compiler cannot prove that the chunks are inside the slice, and would compare in every iteration.

use std::collections::HashMap;

use syn::{BinOp, Expr};

use super::share::{place_text, Memory};
use super::{dead, inner_blocks, last_blocks};
use crate::analyse::extent::{asks_length, captured};
use crate::ir::uses;
use crate::ir::{
    Block, Function, Head, Kind, Literal, Loop, Op, Opaque, Operand, Place, Proj, Stmt, Var,
};

/// Rewrites the loops that go through chunks of memory that never changes. It comes last: other passes ask which numbers
/// a loop counts.
pub fn as_heads(function: &mut Function) {
    let heads = Heads::find(function);
    if heads.is_empty() {
        return;
    }
    rewrite(&mut function.body, &heads);
    dead::remove(function);
}

fn rewrite(of: &mut Block, heads: &HashMap<Var, Head>) {
    for stmt in &mut of.stmts {
        inner_blocks(stmt, &mut |inner| rewrite(inner, heads));
        if let Stmt::Loop(l) = stmt {
            if let Some(head) = index(&l.head).and_then(|index| heads.get(&index)) {
                l.head = head.clone();
                l.body.stmts.retain(|stmt| !defines_chunk(stmt, head));
            }
        }
    }
    last_blocks(&mut of.end, &mut |arm| rewrite(arm, heads));
}

fn index(head: &Head) -> Option<Var> {
    match head {
        Head::Counted { index, .. } => Some(*index),
        _ => None,
    }
}

fn defines_chunk(stmt: &Stmt, head: &Head) -> bool {
    matches!((stmt, head), (Stmt::Let { var, .. }, Head::Chunks { chunk, .. }) if var == chunk)
}

/// Looks for such loops.
struct Heads<'f> {
    function: &'f Function,
    memory: Memory,
    /// What integers were computed from.
    integers: HashMap<Var, &'f Opaque>,
    /// The new heads by the indices of the loops.
    found: HashMap<Var, Head>,
}

impl<'f> Heads<'f> {
    fn find(function: &'f Function) -> HashMap<Var, Head> {
        let mut heads = Heads {
            function,
            memory: Memory::new(function),
            integers: HashMap::new(),
            found: HashMap::new(),
        };
        uses::each_stmt(&function.body, &mut |stmt| heads.note(stmt));
        uses::each_stmt(&function.body, &mut |stmt| {
            if let Stmt::Loop(l) = stmt {
                heads.found.extend(heads.head(l));
            }
        });
        heads.found
    }

    fn note(&mut self, stmt: &'f Stmt) {
        if let Stmt::Let {
            var,
            op: Op::Opaque(opaque),
        } = stmt
        {
            self.integers.insert(*var, opaque);
        }
    }

    /// The head of a loop that goes through all whole chunks.
    fn head(&self, l: &Loop) -> Option<(Var, Head)> {
        let count = l.head.count()?;
        let [length, size] = self.operands(count.end, |op| matches!(op, BinOp::Div(_)))?;
        let of = self.length(&length)?;
        let numbers = [&Operand::Var(count.index), &size];
        let mut stmts = l.body.stmts.iter();
        let chunk = stmts.find_map(|stmt| self.chunk(stmt, of, numbers))?;
        let all = is_zero(count.start) && l.limit.is_none() && self.may_lend(of);
        let head = Head::Chunks {
            index: count.index,
            chunk,
            of: of.clone(),
            size,
            backwards: count.down,
        };
        all.then_some((count.index, head))
    }

    /// `let c = &of[index * size..index * size + size];`
    fn chunk(&self, stmt: &Stmt, of: &Place, [index, size]: [&Operand; 2]) -> Option<Var> {
        let Stmt::Let {
            var,
            op: Op::Borrow(place),
        } = stmt
        else {
            return None;
        };
        let (Proj::Slice { lo, hi }, whole) = place.path.split_last()? else {
            return None;
        };
        let (lo, hi) = (lo.as_ref()?, hi.as_ref()?);
        let whole = Place {
            root: place.root,
            path: whole.to_vec(),
        };
        let begins = self.comes_from(lo, [index, size], |op| matches!(op, BinOp::Mul(_)));
        let ends = self.comes_from(hi, [lo, size], |op| matches!(op, BinOp::Add(_)));
        let same = place_text(&whole)? == place_text(of)?;
        (same && begins && ends).then_some(*var)
    }

    /// Whether memory is a slice that nothing changes while the loop holds it.
    fn may_lend(&self, of: &Place) -> bool {
        let mut kind = self.function.vars[of.root.0].kind.clone();
        for proj in &of.path {
            kind = kind.part(proj);
        }
        let sequence = matches!(kind, Kind::Slice(_) | Kind::Vec(_) | Kind::Array(_));
        sequence && self.memory.is_constant(of)
    }

    /// The memory of which an integer is the length.
    fn length(&self, operand: &Operand) -> Option<&'f Place> {
        let opaque: &'f Opaque = self.integers.get(&operand.var()?)?;
        match &opaque.captures.first()?.operand {
            Operand::Place(place) if asks_length(opaque) => Some(place),
            _ => None,
        }
    }

    /// The operands of an operation that an integer comes from.
    fn operands(&self, of: &Operand, is: impl Fn(&BinOp) -> bool) -> Option<[Operand; 2]> {
        let opaque = self.integers.get(&of.var()?)?;
        let Expr::Binary(binary) = &opaque.expr else {
            return None;
        };
        let side = |expr| operand(expr, opaque);
        is(&binary.op).then_some([side(&binary.left)?, side(&binary.right)?])
    }

    /// Whether an integer comes from two others, in either order.
    fn comes_from(&self, of: &Operand, [a, b]: [&Operand; 2], is: fn(&BinOp) -> bool) -> bool {
        self.operands(of, is).is_some_and(|[left, right]| {
            left.is_same(a) && right.is_same(b) || left.is_same(b) && right.is_same(a)
        })
    }
}

/// A variable or a number in an expression.
fn operand(expr: &Expr, of: &Opaque) -> Option<Operand> {
    match expr {
        Expr::Lit(literal) => Some(Operand::Literal(Literal {
            tokens: quote::quote!(#literal),
            kind: Kind::Inert,
            value: None,
        })),
        expr => captured(expr, &of.captures).cloned(),
    }
}

pub(super) fn is_zero(operand: &Operand) -> bool {
    matches!(operand, Operand::Literal(literal) if literal.tokens.to_string() == "0")
}
