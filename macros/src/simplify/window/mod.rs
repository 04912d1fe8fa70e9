//! What a loop computes from step to step is kept for the loop that would compute it again.
//!
//! ```text
//!                                            let mut window = [0.0; 257];
//! for … {                                    for … {
//!     for i in 0..n with p = 1.0 {               for i in 0..n with p = 1.0 {
//!         … p …                                      if i < 257 { window[i] = p; }
//!         yield p * t                                … p …
//!     }                                  ⇒           yield p * t
//!                                                }
//!     for i in 0..n with p = 1.0 {               for i in 0..min(n, 256) { d[i] += e * window[i]; }
//!         d[i] += e * p                          for i in min(n, 256)..n with p = window[min(n, 256)] { … }
//!         yield p * t
//!     }                                      }
//! }
//! ```
//!
//! A step waits for the one before, but what is read from a window does not: the compiler can work on several elements at
//! once. The window is on the stack and as long as stacks of small machines allow; what is beyond is computed again. It
//! is made once, and only where loops around share it: a single pair of loops would not be worth filling it with zeros.

mod recurrence;
mod split;

use std::collections::HashSet;

use proc_macro2::Literal as Number;
use quote::ToTokens;
use syn::parse_quote;

use super::fuse::flat;
use super::share::Memory;
use super::{dead, inner_blocks, last_blocks};
use crate::ir::{
    build, uses, Block, Class, Ctor, End, Function, Head, Kind, Loop, Op, Operand, Place, Proj,
    Selector, Stmt, Var, VarInfo,
};

/// So many values are read from a window. It has one more: where the rest goes on.
const LENGTH: usize = 256;
/// A function has no more windows than fit into 4 KiB.
const MOST_WINDOWS: usize = 2;
/// A second loop with more statements than that is not written twice.
const MOST_STATEMENTS: usize = 24;

/// Gives windows to the loops of the reverse sweep that go through the recurrences of a loop before them. The simplifier
/// has not been over the second loop yet: what it computes again looks like the primal's.
pub fn keep(function: &mut Function) {
    if !has_candidates(&function.body, false, function.primal_vars) {
        return;
    }
    // What else the second loop carries is not needed.
    dead::remove(function);
    let mut used = HashSet::new();
    uses::of_block(&function.body, &mut |found| {
        used.insert(found.var());
    });
    let mut pass = Windows {
        used,
        memory: Memory::new(function),
        vars: std::mem::take(&mut function.vars),
        primal: function.primal_vars,
        made: Vec::new(),
        count: 0,
    };
    pass.block(&mut function.body, false);
    function.vars = pass.vars;
    if pass.count > 0 {
        dead::remove(function);
    }
}

/// Whether there is a loop of the reverse sweep, inside another one, that carries floats over which it has to wait.
fn has_candidates(block: &Block, repeated: bool, primal: usize) -> bool {
    let again = |l: &Loop| !l.carried.is_empty() && index_of(l).is_some_and(|i| i.0 >= primal);
    let found = |stmt: &Stmt| {
        let inside = repeated || matches!(stmt, Stmt::Loop(_));
        let here = repeated && matches!(stmt, Stmt::Loop(l) if again(l));
        here || uses::blocks(stmt)
            .into_iter()
            .any(|inner| has_candidates(inner, inside, primal))
    };
    block.stmts.iter().any(found)
        || uses::end_blocks(&block.end)
            .iter()
            .any(|arm| has_candidates(arm, repeated, primal))
}

struct Windows {
    used: HashSet<Var>,
    memory: Memory,
    vars: Vec<VarInfo>,
    primal: usize,
    /// Windows to be defined before the outermost loop.
    made: Vec<Stmt>,
    /// How many there are.
    count: usize,
}

/// A value that both loops carry: its position in the second one, and the variable of the first.
#[derive(Clone, Copy)]
struct Shared {
    position: usize,
    first: Var,
}

impl Windows {
    fn block(&mut self, of: &mut Block, repeated: bool) {
        for mut stmt in std::mem::take(&mut of.stmts) {
            let repeats = repeated || matches!(stmt, Stmt::Loop(_));
            inner_blocks(&mut stmt, &mut |inner| self.block(inner, repeats));
            if !repeated {
                of.stmts.append(&mut self.made);
            }
            of.stmts.push(stmt);
        }
        last_blocks(&mut of.end, &mut |arm| self.block(arm, repeated));
        if repeated {
            self.pairs(of);
        }
    }

    /// Finds loops that go through the same recurrences.
    fn pairs(&mut self, of: &mut Block) {
        let mut second = 0;
        while second < of.stmts.len() {
            if let Some((first, shared)) = self.pair(&of.stmts, second) {
                let windows = self.fill(&mut of.stmts[first], &shared);
                let rest = of.stmts.split_off(second);
                let mut rest = rest.into_iter();
                if let Some(Stmt::Loop(whole)) = rest.next() {
                    of.stmts.extend(self.split(*whole, &windows));
                }
                second = of.stmts.len();
                of.stmts.extend(rest);
            } else {
                second += 1;
            }
        }
    }

    /// The loop before the statement that computes what that one computes again.
    fn pair(&self, stmts: &[Stmt], second: usize) -> Option<(usize, Vec<Shared>)> {
        let again = the_loop(&stmts[second]).filter(|l| self.is_splittable(l))?;
        let before = stmts[..second].iter().enumerate().rev();
        let mut loops = before.filter_map(|(at, stmt)| Some((at, the_loop(stmt)?)));
        loops.find_map(|(at, first)| {
            let whole = self.has_positions(first) && !uses::has_break(&first.body);
            let alike = whole && end_of(first)?.is_same(end_of(again)?);
            let shared = alike.then(|| recurrence::shared(first, again, &self.memory))?;
            let held = |s: &Shared| self.is_float(s) && !self.is_result(again, s);
            let floats: Vec<Shared> = shared.into_iter().filter(held).collect();
            let fits = self.count + floats.len() <= MOST_WINDOWS;
            (fits && !floats.is_empty()).then_some((at, floats))
        })
    }

    fn is_float(&self, shared: &Shared) -> bool {
        self.vars[shared.first.0].kind.is_float()
    }

    /// Whether what the second loop ends with is wanted: a window may not reach so far.
    fn is_result(&self, again: &Loop, shared: &Shared) -> bool {
        (again.results.get(shared.position)).is_some_and(|result| self.used.contains(result))
    }

    /// Whether a loop is of the reverse sweep, and simple.
    fn is_splittable(&self, l: &Loop) -> bool {
        let simple = |stmt: &Stmt| {
            matches!(
                stmt,
                Stmt::Let { .. } | Stmt::Store { .. } | Stmt::Add { .. }
            )
        };
        let ours = |var: Var| var.0 >= self.primal;
        index_of(l).is_some_and(ours)
            && l.limit.is_none()
            && l.body.stmts.len() <= MOST_STATEMENTS
            && l.body.stmts.iter().all(simple)
    }

    /// Whether the index of a loop is a position: something is read there.
    fn has_positions(&self, l: &Loop) -> bool {
        let Some(index) = index_of(l) else {
            return false;
        };
        let positions = |place: &Place| {
            let root = &self.vars[place.root.0].kind;
            let is_sequence = matches!(root, Kind::Slice(_) | Kind::Vec(_) | Kind::Array(_));
            is_sequence
                && matches!(&place.path[..], [Proj::Index(at), ..] if at.var() == Some(index))
        };
        let reads = |stmt: &Stmt| match stmt {
            Stmt::Let {
                op: Op::Use(Operand::Place(place)),
                ..
            } => positions(place),
            _ => false,
        };
        l.body.stmts.iter().any(reads)
    }

    /// `if i < LENGTH + 1 { window[i] = carried; … }`, first in every iteration; the windows.
    fn fill(&mut self, first: &mut Stmt, shared: &[Shared]) -> Vec<(usize, Var)> {
        let Stmt::Loop(first) = first else {
            return Vec::new();
        };
        let Some(index) = index_of(first) else {
            return Vec::new();
        };
        let (mut windows, mut stores) = (Vec::new(), Vec::new());
        for Shared { position, first } in shared {
            let window = self.window(*first);
            windows.push((*position, window));
            stores.push(Stmt::Store {
                place: element(window, Operand::Var(index)),
                value: Operand::Var(*first),
            });
        }
        let length = Number::usize_unsuffixed(LENGTH + 1);
        let op = build::cheap(parse_quote!(i < #length), &[("i", Operand::Var(index))]);
        let fits = self.fresh("fits", Kind::Inert, Class::Value);
        let arms = [stores, Vec::new()].map(|stmts| Block {
            stmts,
            end: End::Yield(Vec::new()),
        });
        let store = Stmt::Switch {
            on: Selector::Bool(Operand::Var(fits)),
            arms: arms.into(),
            joins: Vec::new(),
        };
        let stmts = &mut first.body.stmts;
        stmts.splice(0..0, [Stmt::Let { var: fits, op }, store]);
        windows
    }

    /// `let mut window = [0.0; LENGTH + 1];`
    fn window(&mut self, of: Var) -> Var {
        let kind = self.vars[of.0].kind.clone();
        let window = self.fresh("window", Kind::Array(Box::new(kind.clone())), Class::Root);
        let length = Number::usize_unsuffixed(LENGTH + 1).into_token_stream();
        self.count += 1;
        self.made.push(Stmt::Let {
            var: window,
            op: Op::Aggregate(Ctor::Repeat(length), vec![Operand::number(0.0, kind)]),
        });
        window
    }

    fn fresh(&mut self, name: &str, kind: Kind, class: Class) -> Var {
        self.vars.push(VarInfo::new(name, kind, class));
        Var(self.vars.len() - 1)
    }
}

fn element(window: Var, at: Operand) -> Place {
    Place::root(window).then(Proj::Index(at))
}

fn the_loop(stmt: &Stmt) -> Option<&Loop> {
    match stmt {
        Stmt::Loop(l) if matches!(l.body.end, End::Yield(_)) => Some(l),
        _ => None,
    }
}

/// The index of a loop that counts from zero.
fn index_of(l: &Loop) -> Option<Var> {
    end_of(l)?;
    match l.head {
        Head::Counted { index, .. } => Some(index),
        _ => None,
    }
}

/// Where a loop ends that counts from zero.
fn end_of(l: &Loop) -> Option<&Operand> {
    let count = l.head.count().filter(|count| !count.down)?;
    (flat::number(count.start) == Some(0)).then_some(count.end)
}
