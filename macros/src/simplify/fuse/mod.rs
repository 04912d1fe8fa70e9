//! Loops of the reverse sweep that follow one another and work on the same elements become one.
//!
//! ```text
//! for i in 1..n { … d_s[i - 1] += a; … }            for i in 1..n {
//! for j in 0..n { let d = take d_s[j]; … }              … let d = a; …
//!                                            ⇒      }
//!                                                   for j in max(n, 1) - 1..n { let d = take d_s[j]; … }
//! ```
//!
//! The reverse of one loop leaves cotangents for the reverse of the loop before it: here they stay in registers. An
//! iteration of the second loop is run as soon as the first is done with the elements that it touches; what the first
//! does not reach is left to the second. An iteration is moved only over statements that touch none of what it writes,
//! and write nothing of what it touches. Where a cotangent is known to be zero before, it is not even written
//! ([`passed_on`]).

pub mod flat;
mod passed_on;

use std::collections::HashSet;

use proc_macro2::Literal as Number;
use syn::parse_quote;

use super::{inner_blocks, last_blocks};
use crate::ir::walk::{rename, vars, vars_mut};
use crate::ir::{
    build, uses, Block, Class, Function, Head, Kind, Loop, Operand, Stmt, Var, VarInfo,
};
use flat::{Range, Touch, Touches};

/// A loop of more statements than that is not written twice.
const MOST_STATEMENTS: usize = 16;

/// Fuses what can be fused in a function's loops.
pub fn adjacent(function: &mut Function) {
    let mut fusion = Fusion {
        vars: std::mem::take(&mut function.vars),
        primal: function.primal_vars,
    };
    fusion.block(&mut function.body);
    function.vars = fusion.vars;
}

struct Fusion {
    vars: Vec<VarInfo>,
    primal: usize,
}

/// Two loops that become one.
struct Pair {
    first: usize,
    second: usize,
    /// Iteration `i` of the first is followed by iteration `i + shift` of the second.
    shift: i64,
}

impl Fusion {
    fn block(&mut self, of: &mut Block) {
        for stmt in &mut of.stmts {
            inner_blocks(stmt, &mut |inner| self.block(inner));
        }
        last_blocks(&mut of.end, &mut |arm| self.block(arm));
        let mut second = 1;
        while second < of.stmts.len() {
            if let Some(pair) = self.pair(&of.stmts, second) {
                self.fuse(&mut of.stmts, &pair);
                // What was the second loop may be gone.
                second = second.max(pair.first + 1);
            }
            second += 1;
        }
    }

    /// The loop that this statement can be moved into.
    fn pair(&self, stmts: &[Stmt], second: usize) -> Option<Pair> {
        let (later, range) = flat::range(&stmts[second], self.primal)?;
        let between = |stmt: &&Stmt| flat::is_simple(stmt);
        let distance = stmts[..second].iter().rev().take_while(between).count();
        let first = second.checked_sub(distance + 1)?;
        let (earlier, reached) = flat::range(&stmts[first], self.primal)?;
        let touched = flat::touches(&later.body, range.index);
        let passes = stmts[first + 1..second]
            .iter()
            .all(|stmt| is_passed(stmt, later, &touched));
        if !passes || later.body.stmts.len() > MOST_STATEMENTS {
            return None;
        }
        let shift = shift(&flat::touches(&earlier.body, reached.index), &touched)?;
        meets(&reached, &range, shift).then_some(Pair {
            first,
            second,
            shift,
        })
    }

    fn fuse(&mut self, stmts: &mut Vec<Stmt>, pair: &Pair) {
        let mut moved = stmts[pair.second].clone();
        rename(&mut moved, &mut self.vars);
        let start = match flat::range(&stmts[pair.first], self.primal) {
            Some((_, range)) => range.start,
            None => return,
        };
        let (Stmt::Loop(moved), Stmt::Loop(first)) = (moved, &mut stmts[pair.first]) else {
            return;
        };
        self.append(first, *moved, pair.shift);
        if pair.shift == 0 {
            stmts.remove(pair.second);
        } else {
            self.leave_rest(stmts, pair, start);
        }
        passed_on::in_loop(stmts, pair.first);
    }

    /// Appends the iterations of a loop to those of another.
    fn append(&mut self, first: &mut Loop, moved: Loop, shift: i64) {
        let (Head::Counted { index, .. }, Head::Counted { index: other, .. }) =
            (&first.head, &moved.head)
        else {
            return;
        };
        let (index, other) = (*index, *other);
        let offsets = flat::offsets(&first.body, index);
        let there = offsets.into_iter().filter(|(_, offset)| *offset == shift);
        let at = there.map(|(var, _)| var).min().unwrap_or_else(|| {
            let var = self.inert("at");
            let back = Number::i64_unsuffixed(-shift);
            let op = build::cheap(parse_quote!(i - #back), &[("i", Operand::Var(index))]);
            first.body.stmts.push(Stmt::Let { var, op });
            var
        });
        let mut body = moved.body;
        vars_mut::block(&mut body, &mut |var, _| {
            if *var == other {
                *var = at;
            }
        });
        first.body.stmts.append(&mut body.stmts);
    }

    /// The second loop starts where the first one, which starts at `start`, has left off.
    fn leave_rest(&mut self, stmts: &mut Vec<Stmt>, pair: &Pair, start: i64) {
        let var = self.inert("rest");
        let Stmt::Loop(second) = &mut stmts[pair.second] else {
            return;
        };
        let Head::Counted {
            start: from, end, ..
        } = &mut second.head
        else {
            return;
        };
        let (start, back) = (
            Number::i64_unsuffixed(start),
            Number::i64_unsuffixed(-pair.shift),
        );
        let op = build::cheap(
            parse_quote!(::core::cmp::Ord::max(end, #start) - #back),
            &[("end", end.clone())],
        );
        *from = Operand::Var(var);
        stmts.insert(pair.second, Stmt::Let { var, op });
    }

    fn inert(&mut self, name: &str) -> Var {
        self.vars
            .push(VarInfo::new(name, Kind::Inert, Class::Value));
        Var(self.vars.len() - 1)
    }
}

/// Whether the iterations of a loop may as well run before a statement.
fn is_passed(stmt: &Stmt, later: &Loop, touched: &Touches) -> bool {
    let mut passed = Touches::new();
    flat::of_stmt(stmt, &|_| None, &mut passed);
    let mut used = HashSet::new();
    vars::block(&later.body, &mut |var, _| {
        used.insert(*var);
    });
    let apart = passed.iter().all(|(root, there)| match touched.get(root) {
        Some(here) => !here.iter().chain(there).any(|touch| touch.writes),
        None => true,
    });
    apart && uses::defined(stmt).iter().all(|var| !used.contains(var))
}

/// How far the second loop has to stay behind the first; `None` if that is not known, or they have nothing in common.
fn shift(first: &Touches, second: &Touches) -> Option<i64> {
    let mut shift = None;
    for (root, here) in second {
        let there = first.get(root).map_or(&[][..], |touches| &touches[..]);
        if !here.iter().chain(there).any(|touch: &Touch| touch.writes) {
            continue;
        }
        for earlier in there {
            for later in here {
                let distance = earlier.offset? - later.offset?;
                shift = Some(distance.min(shift.unwrap_or(0)));
            }
        }
    }
    shift
}

/// Whether the second loop starts with the element that the first one's first iteration leads to, and has all others.
fn meets(first: &Range, second: &Range, shift: i64) -> bool {
    second.start >= 0 && first.start + shift == second.start && first.end.is_same(second.end)
}
