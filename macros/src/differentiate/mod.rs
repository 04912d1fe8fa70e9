//! Primal IR and facts → adjoint IR.
//!
//! Every block is reversed in one of two ways. *Fused*: its forward statements and their reverse stand in one scope,
//! and what the reverse needs is simply there. *Split*: the forward part runs now and the reverse part later; what the
//! reverse needs and cannot recompute cheaply leaves the forward part in a record, whose layout falls out of writing
//! the reverse part first.
//!
//! The body of a function is fused. A switch or loop inside is fused in place if the cotangents of its results are
//! known when it is reached; a loop whose iterations do not depend on one another is fused in the reverse sweep;
//! everything else is split. A call is replaced by its `_vjp` where the cotangent of its result is known when it is
//! reached, and otherwise followed by it in the reverse sweep.
//!
//! Whether a store must save what it overwrites depends on reads that are found later, so the sweep is written again
//! until a round finds no reads that were not known before it.

mod aggregate;
mod block;
mod branch;
mod call;
mod forward;
mod growth;
mod loops;
mod memory;
pub mod need;
pub use need::is_expensive;
mod scalar;
mod slots;
mod spare;
mod standard;
mod stream;
mod strings;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use crate::analyse::{Facts, Interval};
use proc_macro2::Span;

use crate::choices::Choices;
use crate::diagnostics::{Errors, Slug};
use crate::ir::parts::exclusive::{self, Part};
use crate::ir::{Block, Class, End, Function, Kind, Op, Operand, Place, Stmt, Var, VarInfo};
use loops::stores::Runs;
use stream::Stream;

/// The adjoint of a function: its parameters are the primal's, then the cotangent of the result, then the slots.
pub struct Adjoint {
    pub function: Function,
    /// Cotangent of the result: a value for a float, else a shadow.
    pub d_out: Option<Var>,
    /// One per parameter; `None` for those without gradient.
    pub slots: Vec<Option<Var>>,
    /// Which parameters are vectors that are lent and may change their length.
    pub resized: Vec<bool>,
}

impl Adjoint {
    /// Nobody asks for the value of the function.
    pub fn drop_result(&mut self) {
        self.function.result = None;
        if matches!(self.function.body.end, End::Yield(_)) {
            self.function.body.end = End::Yield(Vec::new());
        }
    }
}

/// Writes the adjoint of a function.
pub fn adjoint(
    choices: Choices,
    function: &Function,
    facts: &Facts,
    errors: &mut Errors,
) -> Option<Adjoint> {
    let mut needs = Needs::default();
    for _ in 0..ROUNDS {
        let (adjoint, found, refusals) =
            Reverser::new(choices, function, facts, needs.clone()).run();
        if found.is_within(&needs) {
            for refusal in &refusals {
                errors.refuse_with(refusal.slug, refusal.span, &refusal.detail);
            }
            return refusals.is_empty().then_some(adjoint);
        }
        needs.extend(found);
    }
    let span = function
        .vars
        .first()
        .map_or_else(Span::call_site, |v| v.name.span());
    errors.refuse_with(
        Slug::Internal,
        span,
        "what the reverse sweep reads does not settle",
    );
    None
}

/// How often the reverse sweep is written at most. What one round reads may make the next one save more, and record
/// where it fused; it never needs less.
const ROUNDS: usize = 8;

/// Something that turns out not to be possible while the reverse sweep is written.
#[derive(Clone)]
struct Refusal {
    slug: Slug,
    span: Span,
    detail: String,
}

/// What the reverse sweep turned out to need of the memory.
#[derive(Default, Clone)]
struct Needs {
    /// Roots whose contents it reads, where in the program that is, and which field if it is no more than that.
    reads: BTreeSet<(Var, u32, Option<String>)>,
    /// Roots that it mentions at all: they must outlive the forward sweep.
    kept: BTreeSet<Var>,
}

impl Needs {
    fn is_within(&self, other: &Needs) -> bool {
        self.reads.is_subset(&other.reads) && self.kept.is_subset(&other.kept)
    }

    fn extend(&mut self, other: Needs) {
        self.reads.extend(other.reads);
        self.kept.extend(other.kept);
    }
}

/// Adjoint contributions to values, each summed so far.
type Frame = BTreeMap<Var, Operand>;

/// What flows back into an operand that a block hands over.
#[derive(Clone, Debug)]
enum Seed {
    Nothing,
    Float(Operand),
    /// A cotangent in memory.
    Shadow(Place),
}

/// What flows back into the leaves of a block.
struct Seeds {
    yields: Vec<Seed>,
    breaks: Vec<Seed>,
    /// Nobody goes on with what a fused block hands over: only its reverse counts.
    last: bool,
}

/// A block of the primal whose reverse is being written.
#[derive(Clone)]
struct Scope {
    interval: Interval,
    /// Its forward part stands before the reverse in the same scope.
    fused: bool,
    /// Names under which its variables are available to the reverse of a split block.
    known: HashMap<Var, Var>,
    /// What the forward part records, beside the names in the reverse.
    record: Vec<(Var, Var)>,
    /// Recomputations, at the start of the reverse, by the order number of what they define again.
    prologue: Vec<(u32, Stmt)>,
    /// Shadows of roots defined here that are declared where the reverse starts.
    shadows: Vec<Stmt>,
    /// Shadows declared right after their root.
    early_shadows: HashMap<Var, Stmt>,
    /// How often it runs, if it is the body of a recorded loop.
    runs: Option<Runs>,
    /// The statement that is being reversed; before that, the end is.
    at: Option<usize>,
    /// What is defined before the end, if the block is fused.
    before_tail: Vec<Stmt>,
}

impl Scope {
    fn new(interval: Interval, fused: bool) -> Self {
        Scope {
            interval,
            fused,
            known: HashMap::new(),
            record: Vec::new(),
            prologue: Vec::new(),
            shadows: Vec::new(),
            early_shadows: HashMap::new(),
            runs: None,
            at: None,
            before_tail: Vec::new(),
        }
    }
}

/// How the forward sweep treats a statement.
#[allow(
    clippy::large_enum_variant,
    reason = "one per planned statement, and short-lived"
)]
#[derive(Clone)]
enum Plan {
    /// By these statements: forward and reverse in one.
    InPlace(Vec<Stmt>),
    /// As it is, whatever is planned for what stands inside: that happens in a copy in the reverse sweep.
    Plain,
    /// A store saves the old value here.
    Save(Var),
    /// A call saves the contents of roots that it may write.
    SaveRoots(Vec<(Var, Var)>),
    /// A switch yields the records of its arms here as well.
    RecordArms(Var),
    /// A loop pushes the records of its iterations here, after these statements.
    RecordIterations { store: Var, before: Vec<Stmt> },
}

#[derive(Clone)]
struct Reverser<'f> {
    choices: Choices,
    primal: &'f Function,
    facts: &'f Facts<'f>,
    /// What the round before found.
    last: Needs,
    found: Needs,
    vars: Vec<VarInfo>,
    streams: Vec<Stream>,
    scopes: Vec<Scope>,
    frames: Vec<Frame>,
    shadows: HashMap<Var, Var>,
    /// The slots of parameters whose shadow is declared with the reverse sweep.
    slots: HashMap<Var, Var>,
    plan: HashMap<usize, Plan>,
    layouts: HashMap<usize, Vec<Var>>,
    /// Adjoint variables that come into being inside the forward sweep, and since when they are there.
    born: HashMap<Var, u32>,
    /// Order number of the primal statement that is being reversed.
    position: u32,
    /// The scope at the start of whose reverse something is being recomputed.
    prologue: Option<usize>,
    refusals: Vec<Refusal>,
    /// How many reverse loops are being written around the current statement.
    depth: usize,
    /// Roots around a loop of which every iteration writes an element of its own before it reads it; the loop by where
    /// it starts.
    own: HashSet<(Var, u32)>,
    /// Roots that are saved before a loop, which overwrites them from end to end.
    whole: Vec<(Var, Interval)>,
    /// What is saved before a statement, whatever else is planned for it.
    saved_before: HashMap<usize, Vec<Stmt>>,
    /// The zeros of values that are let go, made right after them.
    zeros: HashMap<Var, Vec<Stmt>>,
    /// In how many reverse loops a cotangent in memory came into being.
    depths: HashMap<Var, usize>,
    /// Cotangents to which nothing but arms contributes that may not have been taken: they are zero then.
    absent: HashSet<Var>,
    /// Where a root is first overwritten that has to be saved before.
    saved_at: HashMap<Var, Span>,
}

fn address<T>(node: &T) -> usize {
    node as *const T as usize
}

impl<'f> Reverser<'f> {
    fn new(choices: Choices, primal: &'f Function, facts: &'f Facts<'f>, last: Needs) -> Self {
        Reverser {
            choices,
            primal,
            facts,
            last,
            found: Needs::default(),
            vars: primal.vars.clone(),
            streams: Vec::new(),
            scopes: Vec::new(),
            frames: Vec::new(),
            shadows: HashMap::new(),
            slots: HashMap::new(),
            plan: HashMap::new(),
            layouts: HashMap::new(),
            born: HashMap::new(),
            position: u32::MAX,
            prologue: None,
            refusals: Vec::new(),
            depth: 0,
            own: HashSet::new(),
            whole: Vec::new(),
            saved_before: HashMap::new(),
            zeros: HashMap::new(),
            depths: HashMap::new(),
            absent: HashSet::new(),
            saved_at: HashMap::new(),
        }
    }

    fn run(mut self) -> (Adjoint, Needs, Vec<Refusal>) {
        let d_out = self.declare_seed();
        let slots: Vec<Option<Var>> = self
            .primal
            .params
            .iter()
            .map(|p| self.declare_slot(p.var, p.active))
            .collect();
        let mut stmts = self.open_slots(&slots);
        let seed = match d_out {
            Some(d) if self.vars[d.0].class == Class::Value => Seed::Float(Operand::Var(d)),
            Some(d) => Seed::Shadow(Place::root(d)),
            None => Seed::Nothing,
        };
        let seeds = Seeds {
            yields: vec![seed],
            breaks: Vec::new(),
            last: false,
        };
        let finals = self.keep_finals();
        let body = self.fused_block(
            &self.primal.body,
            self.facts.of_block(&self.primal.body),
            &seeds,
            &finals,
        );
        stmts.extend(body.stmts);
        self.place_finals(&finals);
        self.close_slots(&slots, body.frame, &mut stmts);
        self.restore_finals(&finals, &mut stmts);
        stmts.iter_mut().for_each(detach);
        let end = match body.never {
            Some(op) => End::Never(op),
            None => End::Yield(body.yields),
        };
        let params = self.primal.params.iter();
        let resized = params
            .map(|p| self.vars[p.var.0].class == Class::RefMut && self.slots.contains_key(&p.var))
            .collect();
        let function = Function {
            vars: self.vars,
            params: self.primal.params.clone(),
            body: Block { stmts, end },
            result: self.primal.result.clone(),
            items: self.primal.items.clone(),
            primal_vars: self.primal.vars.len(),
            bare: self.primal.bare.clone(),
        };
        (
            Adjoint {
                function,
                d_out,
                slots,
                resized,
            },
            self.found,
            self.refusals,
        )
    }

    fn declare_seed(&mut self) -> Option<Var> {
        let kind = self.primal.result.clone().filter(|k| *k != Kind::Inert)?;
        let class = if kind.is_float() {
            Class::Value
        } else {
            Class::Shadow
        };
        Some(self.fresh("d_out", kind, class))
    }

    fn declare_slot(&mut self, param: Var, active: bool) -> Option<Var> {
        let info = &self.primal.vars[param.0];
        if !active || info.kind == Kind::Inert {
            return None;
        }
        let name = format!("d_{}", plain(&info.name));
        let slot = self.fresh(&name, info.kind.clone(), Class::Slot);
        if self.is_lent_directly(param) {
            self.shadows.insert(param, slot);
        }
        Some(slot)
    }

    /// Whether the slot of a parameter serves as its shadow: memory that the function itself never overwrites.
    fn is_lent_directly(&self, param: Var) -> bool {
        match self.primal.vars[param.0].class {
            Class::Ref => true,
            Class::Root => !self.facts.is_written(param),
            _ => false,
        }
    }

    /// In-out parameters get a buffer at once; overwritten by-value ones a shadow of their own.
    fn open_slots(&mut self, slots: &[Option<Var>]) -> Vec<Stmt> {
        let mut stmts = Vec::new();
        for (param, slot) in self.primal.params.iter().zip(slots) {
            let Some(slot) = *slot else { continue };
            let info = &self.primal.vars[param.var.0];
            let (class, op) = match info.class {
                // Its shadow comes into being with the reverse sweep, in the shape that it has then.
                Class::RefMut | Class::Root if self.is_resized(param.var) => {
                    self.slots.insert(param.var, slot);
                    continue;
                }
                Class::RefMut => (
                    Class::Lent,
                    Op::Open {
                        slot,
                        primal: param.var,
                        resized: false,
                    },
                ),
                Class::Root if self.facts.is_written(param.var) => {
                    (Class::Shadow, Op::Zero(Place::root(param.var)))
                }
                _ => continue,
            };
            let name = format!("d_{}", plain(&info.name));
            let shadow = self.fresh(&name, info.kind.clone(), class);
            self.shadows.insert(param.var, shadow);
            stmts.push(Stmt::Let { var: shadow, op });
        }
        stmts
    }

    /// Whether the sizes in a parameter may change: of the function's own, or of what it is lent, unless that is a slice.
    pub(super) fn is_resized(&self, param: Var) -> bool {
        let info = &self.primal.vars[param.0];
        let may = info.class == Class::Root || !matches!(info.kind, Kind::Slice(_));
        may && self.changes_shape(param)
    }

    /// Adds what has been gathered for scalar and by-value parameters to their slots.
    fn close_slots(&mut self, slots: &[Option<Var>], mut frame: Frame, stmts: &mut Vec<Stmt>) {
        for (param, slot) in self.primal.params.iter().zip(slots) {
            let Some(slot) = *slot else { continue };
            if let Some(value) = frame.remove(&param.var) {
                stmts.push(Stmt::Add {
                    place: Place::root(slot),
                    value,
                    negate: false,
                });
            }
            let shadow = self
                .shadows
                .get(&param.var)
                .copied()
                .filter(|s| self.vars[s.0].class == Class::Shadow);
            if let Some(shadow) = shadow {
                stmts.push(Stmt::Accumulate {
                    place: Place::root(slot),
                    value: Place::root(shadow),
                });
            }
        }
    }

    fn refuse(&mut self, slug: Slug, span: Span, detail: &str) {
        self.refusals.push(Refusal {
            slug,
            span,
            detail: detail.to_owned(),
        });
    }

    /// A new variable of the adjoint.
    fn fresh(&mut self, name: &str, kind: Kind, class: Class) -> Var {
        self.vars.push(VarInfo::new(name, kind, class));
        let var = Var(self.vars.len() - 1);
        if class == Class::Shadow {
            self.depths.insert(var, self.depth);
        }
        var
    }

    /// A new variable like another.
    fn fresh_like(&mut self, var: Var) -> Var {
        let mut info = self.vars[var.0].clone();
        info.ty = None;
        self.vars.push(info);
        Var(self.vars.len() - 1)
    }

    /// A new variable for a second run of the statement that defines another: of the type that is written there.
    fn fresh_again(&mut self, var: Var) -> Var {
        let again = self.fresh_like(var);
        self.vars[again.0].ty = self.vars[var.0].ty.clone();
        again
    }

    /// `d_` and the name of a primal variable.
    fn d_name(&self, var: Var) -> String {
        format!("d_{}", plain(&self.vars[var.0].name))
    }
}

/// Once its adjoint has gone where it goes, an attached value is a value.
fn detach(stmt: &mut Stmt) {
    if let Stmt::Let { op, .. } = stmt {
        if let Op::Attach { value, .. } = op {
            *op = Op::Use(value.clone());
        }
    }
    exclusive::of_stmt(stmt, &mut |part| detach_inside(part));
}

fn detach_inside(part: Part<'_>) {
    if let Part::Block(block) = part {
        block.stmts.iter_mut().for_each(detach);
        exclusive::of_end(&mut block.end, &mut |part| detach_inside(part));
    }
}

/// A name without `r#`, so that it can be part of another.
fn plain(name: &proc_macro2::Ident) -> String {
    let name = name.to_string();
    name.strip_prefix("r#").map(str::to_owned).unwrap_or(name)
}
