//! Loops of the reverse sweep that are simple enough to be looked through: what they do with which elements.

use std::collections::HashMap;

use syn::{BinOp, Expr, Lit};

use crate::ir::uses::{self, Use};
use crate::ir::{Block, Cost, End, Loop, Op, Operand, Place, Proj, Stmt, Var};

/// The head of a loop that counts forwards from a number.
pub struct Range<'l> {
    pub index: Var,
    pub start: i64,
    pub end: &'l Operand,
}

/// A loop that carries nothing, whose statements compute, store and add.
pub fn range(stmt: &Stmt, primal: usize) -> Option<(&Loop, Range<'_>)> {
    counted(stmt, primal).filter(|(l, _)| l.carried.is_empty() && l.results.is_empty())
}

/// A loop whose statements compute, store and add.
pub fn counted(stmt: &Stmt, primal: usize) -> Option<(&Loop, Range<'_>)> {
    let Stmt::Loop(l) = stmt else { return None };
    let count = l.head.count().filter(|count| !count.down)?;
    let flat = matches!(&l.body.end, End::Yield(_)) && l.limit.is_none();
    let simple = flat && count.index.0 >= primal && l.body.stmts.iter().all(is_simple);
    let range = Range {
        index: count.index,
        start: number(count.start)?,
        end: count.end,
    };
    simple.then_some((l, range))
}

/// The number that an operand is.
pub fn number(operand: &Operand) -> Option<i64> {
    let Operand::Literal(literal) = operand else {
        return None;
    };
    let text = literal.tokens.to_string();
    text.trim_end_matches("usize").parse().ok()
}

/// Whether a statement has no effect but what it stores.
pub fn is_simple(stmt: &Stmt) -> bool {
    match stmt {
        Stmt::Store { .. } | Stmt::Add { .. } => true,
        Stmt::Let { op, .. } => match op {
            Op::Opaque(opaque) => opaque.cost == Cost::Cheap && !opaque.effect,
            Op::Use(_)
            | Op::Neg(_)
            | Op::Binary(..)
            | Op::Math { .. }
            | Op::Cast(..)
            | Op::Compare(..)
            | Op::Select { .. }
            | Op::Take { .. } => true,
            _ => false,
        },
        _ => false,
    }
}

/// An access to memory: which element, counted from the loop's index, if that is known; whether it may change there.
#[derive(Clone, Copy)]
pub struct Touch {
    pub offset: Option<i64>,
    pub writes: bool,
}

/// What statements do with memory, by root.
pub type Touches = HashMap<Var, Vec<Touch>>;

/// What a loop's body does with memory.
pub fn touches(body: &Block, index: Var) -> Touches {
    let offsets = offsets(body, index);
    let mut touches = Touches::new();
    for stmt in &body.stmts {
        of_stmt(stmt, &|place| offset(place, &offsets), &mut touches);
    }
    touches
}

/// What statements outside of the loop do with memory.
pub fn of_stmt(stmt: &Stmt, offset: &dyn Fn(&Place) -> Option<i64>, touches: &mut Touches) {
    uses::of_stmt(stmt, &mut |used| {
        let touch = match used {
            Use::Place(place, _) => Touch {
                offset: offset(place),
                writes: used.mutates(),
            },
            Use::Handle(..) => Touch {
                offset: None,
                writes: true,
            },
            Use::Var(_) | Use::Captured(_) => return,
        };
        touches.entry(used.var()).or_default().push(touch);
    });
}

/// The element that a place is.
fn offset(place: &Place, offsets: &HashMap<Var, i64>) -> Option<i64> {
    match &place.path[..] {
        [Proj::Index(at)] => offsets.get(&at.var()?).copied(),
        _ => None,
    }
}

/// The variables of a body that are its index, or so much more.
pub fn offsets(body: &Block, index: Var) -> HashMap<Var, i64> {
    let mut offsets: HashMap<Var, i64> = [(index, 0)].into();
    for stmt in &body.stmts {
        let Stmt::Let {
            var,
            op: Op::Opaque(opaque),
        } = stmt
        else {
            continue;
        };
        let ([capture], Expr::Binary(binary)) = (&opaque.captures[..], &opaque.expr) else {
            continue;
        };
        let is_index = matches!(&*binary.left, Expr::Path(path) if path.path.is_ident(&capture.name))
            && capture.operand.var() == Some(index);
        if let (true, Some(distance)) = (is_index, distance(&binary.op, &binary.right)) {
            offsets.insert(*var, distance);
        }
    }
    offsets
}

fn distance(op: &BinOp, right: &Expr) -> Option<i64> {
    let Expr::Lit(literal) = right else {
        return None;
    };
    let Lit::Int(int) = &literal.lit else {
        return None;
    };
    let distance = i64::from(int.base10_parse::<i32>().ok()?);
    match op {
        BinOp::Add(_) => Some(distance),
        BinOp::Sub(_) => Some(-distance),
        _ => None,
    }
}
