//! What the siblings' documentation says under *Storage*: what each loop of the adjoint keeps per iteration, and where.

use std::collections::{BTreeMap, BTreeSet};

use super::Context;
use crate::ir::uses::{self, blocks, end_blocks};
use crate::ir::{Block, Bound, Capacity, Class, Ctor, Function, Kind, Op, Stmt, Var, VjpOf};
use crate::simplify::afresh;

/// The section of a body that stores nothing.
pub const NONE: &str = "\n\n# Storage\n\nNone.";

/// The section, in Markdown.
pub fn section(adjoint: &Function, context: &Context) -> String {
    let mut search = Search::of(adjoint, context.no_alloc);
    search.block(&adjoint.body, "");
    search.finish()
}

/// What is known when a record is met: statements come in order of execution, so its parts and its store are.
struct Search<'f> {
    adjoint: &'f Function,
    no_alloc: bool,
    /// Where the records of a store are kept; taken out when its loop has been described.
    kept: BTreeMap<Var, &'f Capacity>,
    /// What the arms of a branch record.
    arms: BTreeMap<Var, Vec<Var>>,
    /// Copies of whole variables that are not part of a record yet.
    copies: BTreeMap<Var, Var>,
    /// What is computed again where it would be much.
    light: BTreeSet<Var>,
    lines: Vec<String>,
    calls: bool,
}

impl<'f> Search<'f> {
    fn of(adjoint: &'f Function, no_alloc: bool) -> Self {
        Search {
            adjoint,
            no_alloc,
            kept: BTreeMap::new(),
            arms: BTreeMap::new(),
            copies: BTreeMap::new(),
            light: BTreeSet::new(),
            lines: Vec::new(),
            calls: false,
        }
    }

    fn block(&mut self, block: &'f Block, the_loop: &str) {
        for stmt in &block.stmts {
            let inside = match stmt {
                Stmt::Loop(inner) => &inner.name,
                _ => the_loop,
            };
            blocks(stmt)
                .into_iter()
                .for_each(|inner| self.block(inner, inside));
            self.stmt(stmt, the_loop);
        }
        end_blocks(&block.end)
            .iter()
            .for_each(|arm| self.block(arm, the_loop));
    }

    fn stmt(&mut self, stmt: &'f Stmt, the_loop: &str) {
        match stmt {
            Stmt::Let { var, op } => self.definition(*var, op),
            Stmt::Push { store, values } => self.push(*store, values, the_loop),
            Stmt::Do(Op::Append(_, place)) => {
                let copied = &self.adjoint.vars[place.root.0].name;
                self.lines.push(format!(
                    "`{the_loop}`: per iteration a copy of `{copied}`, in one `Vec` for all its runs"
                ));
            }
            Stmt::Switch { arms, joins, .. } => {
                let ends = arms.iter().map(|arm| &arm.end);
                let recorded: Vec<Var> = joins
                    .iter()
                    .copied()
                    .filter(|v| self.is_record(*v))
                    .collect();
                let mut parts = Vec::new();
                for end in ends {
                    uses::of_end(end, &mut |used| {
                        parts.extend(self.arms.get(&used.var()).cloned())
                    });
                }
                let parts: Vec<Var> = parts.concat();
                recorded
                    .into_iter()
                    .for_each(|var| drop(self.arms.insert(var, parts.clone())));
            }
            Stmt::Vjp(vjp) => {
                self.calls |= matches!(vjp.of, VjpOf::Call(_));
                for rule in vjp.rules() {
                    let mut inside = Search::of(&rule.function, self.no_alloc);
                    inside.block(&rule.function.body, "");
                    self.lines.append(&mut inside.lines);
                }
            }
            _ => {}
        }
    }

    fn definition(&mut self, var: Var, op: &'f Op) {
        match op {
            Op::NewStore(capacity) => drop(self.kept.insert(var, capacity)),
            Op::Inject { vars, .. } | Op::Record(vars) => drop(self.arms.insert(var, vars.clone())),
            Op::Aggregate(Ctor::Repeat(length), _) if self.is_ours(var) => {
                self.lines.push(format!(
                    "on the stack, up to {length} values that a loop computes from step to step"
                ))
            }
            op if afresh::is_copied(op).is_some() => drop(self.light.insert(var)),
            Op::Keep(place) if var.0 >= self.adjoint.primal_vars && place.path.is_empty() => {
                self.copies.insert(var, place.root);
            }
            _ => {}
        }
    }

    /// Whether a variable is neither the primal's nor named like one of the user's.
    fn is_ours(&self, var: Var) -> bool {
        var.0 >= self.adjoint.primal_vars && !self.adjoint.vars[var.0].named
    }

    fn is_record(&self, var: Var) -> bool {
        self.adjoint.vars[var.0].class == Class::Record
    }

    fn push(&mut self, store: Var, values: &[Var], the_loop: &str) {
        let mut what = self.contents(values);
        if values.iter().any(|var| self.light.contains(var)) {
            what.push_str(" (if that is much, only what leads to the rest)");
        }
        for var in values {
            self.copies.remove(var);
        }
        let Some(capacity) = self.kept.remove(&store) else {
            return;
        };
        let line = match capacity {
            Capacity::Checkpoints(limit, ..) => {
                format!("`{the_loop}`: at most `{limit}` saved states, each of {what}")
            }
            Capacity::Shared(_) => {
                format!("`{the_loop}`: per iteration {what}, in one `Vec` for all its runs")
            }
            capacity => format!(
                "`{the_loop}`: per iteration {what}, in {}",
                self.place(capacity)
            ),
        };
        self.lines.push(line);
    }

    fn place(&self, capacity: &Capacity) -> String {
        let bound = match capacity {
            Capacity::Array { len, .. } => return format!("an array of `{len}`"),
            Capacity::Bounded(Bound::Constant(n), ..) => format!("an array of `{n}`"),
            Capacity::Bounded(Bound::Like(place), ..) => {
                format!(
                    "an array as long as `{}`",
                    self.adjoint.vars[place.root.0].name
                )
            }
            Capacity::Vec(..) | Capacity::Shared(_) | Capacity::Checkpoints(..) => {
                return "a `Vec`".to_owned()
            }
        };
        match self.no_alloc {
            true => bound,
            false => format!("a `Vec` (without `alloc` {bound})"),
        }
    }

    /// The parts of a record: those with a name of the user's first.
    fn contents(&self, values: &[Var]) -> String {
        let mut parts = Parts::default();
        values.iter().for_each(|var| self.part(*var, &mut parts));
        parts.named.dedup();
        let mut text = parts.named;
        text.extend(counted(parts.others, "intermediate value"));
        text.extend(counted(parts.overwritten, "overwritten value"));
        text.extend((parts.inner > 0).then(|| "the storage of loops inside".to_owned()));
        text.extend((parts.branches > 0).then(|| "which branch was taken".to_owned()));
        match text.split_last() {
            None => "its number only".to_owned(),
            Some((last, [])) => last.clone(),
            Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
        }
    }

    fn part(&self, var: Var, parts: &mut Parts) {
        let var = self.copies.get(&var).copied().unwrap_or(var);
        let info = &self.adjoint.vars[var.0];
        match info.class {
            Class::Record => {
                parts.branches += 1;
                let inside = self.arms.get(&var).into_iter().flatten();
                inside.for_each(|inner| self.part(*inner, parts));
            }
            Class::Store => parts.inner += 1,
            _ if info.named => parts.named.push(format!("`{}`", info.name)),
            _ if info.name == "old" => parts.overwritten += 1,
            _ => parts.others += 1,
        }
    }

    fn finish(mut self) -> String {
        self.lines.dedup();
        let copied: BTreeSet<Var> = self.copies.values().copied().collect();
        for root in copied {
            let of = &self.adjoint.vars[root.0];
            if matches!(of.kind, Kind::Slice(_) | Kind::Vec(_)) {
                self.lines
                    .push(format!("a copy of `{}`, in a `Vec`", of.name));
            }
        }
        let mut text = match self.lines.as_slice() {
            [] => NONE.to_owned(),
            lines => format!("\n\n# Storage\n\n* {}.", lines.join(".\n* ")),
        };
        if self.calls {
            text.push_str("\n\nWhat the functions it calls store, their own documentation says.");
        }
        text
    }
}

/// What a record is made of.
#[derive(Default)]
struct Parts {
    named: Vec<String>,
    others: usize,
    overwritten: usize,
    inner: usize,
    branches: usize,
}

/// `2 intermediate values`; nothing for none.
fn counted(number: usize, what: &str) -> Option<String> {
    match number {
        0 => None,
        1 => Some(format!("one {what}")),
        n => Some(format!("{n} {what}s")),
    }
}
