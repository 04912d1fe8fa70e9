//! Loops that keep the largest or the smallest of what they see.
//!
//! ```text
//! for i in a..b with m = m0 { v = f(i); m' = max(m, v); yield m' }
//! ```
//!
//! Reversed as it stands, such a loop stores every `m`, although almost no iteration matters: after the one that brought
//! the final `m`, from which the adjoint goes on to one `v`, only those that tie with it. So the loop notes where that
//! was, and the adjoint goes to a sum over those iterations alone:
//!
//! ```text
//! M = the loop, with where its result came from
//! s, w = for i in (from + 1..to).rev() with s = 0, w = 1 { v = f(i); if v == M { s + ½w·v, ½w } else { s, w } }
//! s = s + w·f(from)
//! m = M, whose adjoint is that of s
//! ```
//!
//! The sum's iterations are independent: nothing is stored. Its weights are those of the table's kinks: a tie halves.

mod keep;
mod search;
mod slice;
mod sum;

use crate::ir::parts::exclusive::{self, Part};
use crate::ir::{Block, End, Function, Head, Kind, Loop, Op, Operand, Stmt, Var, VarInfo};

/// Rewrites every such loop.
pub(super) fn rewrite(function: &mut Function) {
    block(&mut function.body, &mut function.vars);
}

fn block(of: &mut Block, vars: &mut Vec<VarInfo>) {
    for mut stmt in std::mem::take(&mut of.stmts) {
        exclusive::of_stmt(&mut stmt, &mut |part| inner(part, vars));
        match extreme(&stmt, vars).and_then(|found| found.rewritten(vars)) {
            Some(stmts) => of.stmts.extend(stmts),
            None => of.stmts.push(stmt),
        }
    }
    exclusive::of_end(&mut of.end, &mut |part| inner(part, vars));
}

fn inner(part: Part<'_>, vars: &mut Vec<VarInfo>) {
    if let Part::Block(of) = part {
        block(of, vars);
    }
}

/// A loop that keeps an extreme.
struct Extreme<'l> {
    the_loop: &'l Loop,
    /// Which of its carried values that is.
    carried: usize,
    update: Update<'l>,
}

/// What an iteration makes of the extreme `m`.
enum Update<'l> {
    /// `max(m, v)`, or `min(m, v)` if `least`, called `next`; if `last`, `v` comes before `m`.
    Rule {
        v: Operand,
        next: Var,
        least: bool,
        last: bool,
    },
    /// A branch of which one arm keeps `m` and the other replaces it by `v`.
    Branch { stmt: usize, v: &'l Operand },
}

/// Recognises such a loop: it counts forwards, runs to its end, and carries one float.
fn extreme<'l>(stmt: &'l Stmt, vars: &[VarInfo]) -> Option<Extreme<'l>> {
    let Stmt::Loop(the_loop) = stmt else {
        return None;
    };
    let End::Yield(next) = &the_loop.body.end else {
        return None;
    };
    if !counts_forwards(&the_loop.head) || the_loop.limit.is_some() {
        return None;
    }
    let is_float = |var: Var| vars[var.0].kind.is_float();
    let mut floats = (0..the_loop.carried.len()).filter(|c| is_float(the_loop.carried[*c].var));
    let (carried, None) = (floats.next()?, floats.next()) else {
        return None;
    };
    let inert = |c: &crate::ir::Carried| vars[c.var.0].kind == Kind::Inert;
    let others = the_loop.carried.iter().filter(|c| inert(c)).count();
    let m = the_loop.carried[carried].var;
    let results = the_loop.exhausted.iter().filter(|o| o.var() == Some(m));
    if others + 1 != the_loop.carried.len() || results.count() != 1 {
        return None;
    }
    let update = update(the_loop, m, next[carried].var()?)?;
    Some(Extreme {
        the_loop,
        carried,
        update,
    })
}

fn counts_forwards(head: &Head) -> bool {
    head.count().is_some_and(|count| !count.down)
}

fn update(the_loop: &Loop, m: Var, next: Var) -> Option<Update<'_>> {
    let stmts = &the_loop.body.stmts;
    let at = stmts
        .iter()
        .position(|stmt| crate::ir::uses::defined(stmt).contains(&next))?;
    let is_m = |operand: &Operand| operand.var() == Some(m);
    match &stmts[at] {
        Stmt::Let {
            op: Op::Math { rule, args, .. },
            ..
        } if matches!(rule.name, "max" | "min") => {
            let (first, second) = (args.first()?, args.get(1)?);
            let last = is_m(second);
            let v = match (is_m(first), last) {
                (true, false) => second,
                (false, true) => first,
                _ => return None,
            };
            Some(Update::Rule {
                v: v.clone(),
                next,
                least: rule.name == "min",
                last,
            })
        }
        Stmt::Switch { arms, joins, .. } if arms.len() == 2 => {
            let join = joins.iter().position(|j| *j == next)?;
            let yielded = |arm: &'_ Block| match &arm.end {
                End::Yield(values) => values.get(join).cloned(),
                _ => None,
            };
            let kept: Vec<bool> = arms
                .iter()
                .map(|arm| yielded(arm).is_some_and(|o| is_m(&o)))
                .collect();
            let replaced = match kept[..] {
                [true, false] => &arms[1],
                [false, true] => &arms[0],
                _ => return None,
            };
            match &replaced.end {
                // What the arm itself computes is not there outside it.
                End::Yield(values) if replaced.stmts.is_empty() => Some(Update::Branch {
                    stmt: at,
                    v: values.get(join)?,
                }),
                _ => None,
            }
        }
        _ => None,
    }
}

/// A block that hands values to what owns it.
fn yields<const N: usize>(stmts: Vec<Stmt>, values: [Operand; N]) -> Block {
    let end = End::Yield(values.into());
    Block { stmts, end }
}
