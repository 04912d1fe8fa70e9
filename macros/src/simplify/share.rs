//! Which operations compute the same: keys of common subexpressions.

use std::fmt::Write;

use quote::ToTokens;
use syn::Member;

use crate::ir::print::{comparison, symbol};
use crate::ir::uses::{self, Use};
use crate::ir::{BinOp, By, Cmp, Cost, Function, Op, Operand, Place, Proj, Spelling, Stmt};

/// Tells memory that never changes from memory that may.
pub struct Memory {
    changes: Vec<bool>,
}

impl Memory {
    /// Finds which memory a function changes or moves away.
    pub fn new(function: &Function) -> Memory {
        let mut changes = vec![false; function.vars.len()];
        uses::of_block(&function.body, &mut |used| note(used, &mut changes));
        Memory { changes }
    }

    /// As if nothing changed, of a function with so many variables: what differs even so need not be looked at closely.
    pub fn unchanging(vars: usize) -> Memory {
        Memory {
            changes: vec![false; vars],
        }
    }

    /// Finds which memory some statements change, of a function with so many variables.
    pub fn while_running(stmts: &[Stmt], vars: usize) -> Memory {
        let mut changes = vec![false; vars];
        for stmt in stmts {
            uses::of_stmt(stmt, &mut |used| note(used, &mut changes));
            for inner in uses::blocks(stmt) {
                uses::of_block(inner, &mut |used| note(used, &mut changes));
            }
        }
        Memory { changes }
    }

    /// Whether memory never changes.
    pub fn is_constant(&self, place: &Place) -> bool {
        self.changes
            .get(place.root.0)
            .is_some_and(|changes| !changes)
    }
}

fn note(used: Use<'_>, changes: &mut [bool]) {
    if used.mutates() {
        changes[used.var().0] = true;
    }
}

/// A text that two operations share only if they compute the same; `None` if the operation may not be shared.
pub fn key(op: &Op, memory: &Memory) -> Option<String> {
    let mut text = String::new();
    match op {
        Op::Use(place @ Operand::Place(_)) => operand(&mut text, place, memory)?,
        Op::Neg(x) => list(&mut text, "-", &[x], memory)?,
        Op::Binary(op @ (BinOp::Add | BinOp::Mul), a, b) => {
            commuting(&mut text, symbol(*op), a, b, memory)?
        }
        Op::Binary(op, a, b) => list(&mut text, symbol(*op), &[a, b], memory)?,
        Op::Compare(cmp @ (Cmp::Eq | Cmp::Ne), a, b) => {
            commuting(&mut text, comparison(*cmp), a, b, memory)?
        }
        Op::Compare(cmp, a, b) => list(&mut text, comparison(*cmp), &[a, b], memory)?,
        Op::Select {
            cond,
            then,
            otherwise,
        } => list(&mut text, "select", &[cond, then, otherwise], memory)?,
        Op::Cast(x, ty) => list(&mut text, &ty.to_token_stream().to_string(), &[x], memory)?,
        Op::Math {
            rule,
            spelling,
            args,
        } => {
            let args: Vec<&Operand> = args.iter().collect();
            list(
                &mut text,
                &format!("{}{}", spelled(spelling), rule.name),
                &args,
                memory,
            )?;
        }
        Op::Opaque(opaque) if opaque.cost == Cost::Cheap && !opaque.effect => {
            write!(text, "{}", opaque.expr.to_token_stream()).ok()?;
            for capture in &opaque.captures {
                write!(text, ";{}=", capture.name).ok()?;
                if capture.by == By::RefMut {
                    return None;
                }
                operand(&mut text, &capture.operand, memory)?;
            }
        }
        _ => return None,
    }
    Some(text)
}

fn spelled(spelling: &Spelling) -> String {
    match spelling {
        Spelling::Method => ".".to_string(),
        Spelling::Path(prefix) => prefix.to_string(),
        Spelling::Libm { prefix, single } => format!("{prefix}{single}"),
        Spelling::Runtime => String::new(),
    }
}

fn list(text: &mut String, name: &str, operands: &[&Operand], memory: &Memory) -> Option<()> {
    text.push_str(name);
    for part in operands {
        text.push(' ');
        operand(text, part, memory)?;
    }
    Some(())
}

/// Sums and products have one key whichever operand comes first.
fn commuting(
    text: &mut String,
    name: &str,
    a: &Operand,
    b: &Operand,
    memory: &Memory,
) -> Option<()> {
    let operands = if rank(b) < rank(a) { [b, a] } else { [a, b] };
    list(text, name, &operands, memory)
}

/// An order of operands; those which it does not tell apart stay in theirs.
fn rank(operand: &Operand) -> (u8, u64) {
    match operand {
        Operand::Var(var) => (0, var.0 as u64),
        Operand::Literal(literal) => (1, literal.value.map_or(0, f64::to_bits)),
        Operand::Place(_) => (2, 0),
    }
}

fn operand(text: &mut String, operand: &Operand, memory: &Memory) -> Option<()> {
    match operand {
        Operand::Place(place) if memory.is_constant(place) => {
            path(text, place, &mut |text, index| {
                self::operand(text, index, memory)
            })
        }
        other => scalar(text, other),
    }
}

/// A value or a literal.
fn scalar(text: &mut String, operand: &Operand) -> Option<()> {
    match operand {
        Operand::Var(var) => write!(text, "v{}", var.0).ok(),
        Operand::Literal(literal) => match literal.value.filter(|_| literal.kind.is_float()) {
            Some(value) => write!(text, "#{:x}", value.to_bits()).ok(),
            None => write!(text, "`{}`", literal.tokens).ok(),
        },
        Operand::Place(_) => None,
    }
}

/// A text that two places share only if they are the same.
pub fn place_text(place: &Place) -> Option<String> {
    let mut text = String::new();
    path(&mut text, place, &mut scalar)?;
    Some(text)
}

fn path(
    text: &mut String,
    place: &Place,
    index: &mut dyn FnMut(&mut String, &Operand) -> Option<()>,
) -> Option<()> {
    write!(text, "@{}", place.root.0).ok()?;
    for projection in &place.path {
        match projection {
            Proj::Field(Member::Named(name)) => write!(text, ".{name}").ok()?,
            Proj::Field(Member::Unnamed(index)) => write!(text, ".{}", index.index).ok()?,
            Proj::Deref => text.push('*'),
            Proj::Payload(wrapper) => write!(text, "!{wrapper:?}").ok()?,
            Proj::Variant(variant) => {
                let (path, member) = (&variant.path, &variant.member);
                write!(
                    text,
                    "!{}.{}",
                    path.to_token_stream(),
                    member.to_token_stream()
                )
                .ok()?
            }
            Proj::Index(operand) => {
                text.push('[');
                index(text, operand)?;
            }
            Proj::Slice { lo, hi } => {
                for bound in [lo, hi] {
                    text.push(':');
                    bound.iter().try_for_each(|bound| index(text, bound))?;
                }
            }
        }
    }
    Some(())
}
