//! Which variables and constructs are needed.
//!
//! A graph: an edge says that what is needed at one end needs the other end. Its nodes are the variables (a root stands
//! for all its memory) and the constructs with blocks; its starting points are effects. One walk builds it, one search
//! goes over it.

use super::fields::Fields;
use crate::ir::uses::{self, Access, Use};
use crate::ir::{
    Block, Class, End, Function, Head, Loop, Op, Operand, Place, Proj, Selector, SlotArg, Stmt,
    Var, Vjp,
};

/// What is needed. Constructs are counted in the order in which they stand.
pub struct Live {
    needed: Vec<bool>,
    vars: usize,
    fields: Fields,
}

impl Live {
    /// Finds what a function needs.
    pub fn new(function: &Function) -> Live {
        let vars = function.vars.len();
        let shared = |index: &usize| {
            let class = function.vars[*index].class;
            matches!(
                class,
                Class::Ref | Class::RefMut | Class::Slot | Class::Lent
            )
        };
        let needed = (0..vars).filter(shared).collect();
        let mut graph = Graph {
            function,
            fields: Fields::of(function),
            edges: vec![Vec::new(); vars],
            needed,
            inside: None,
        };
        graph.block(&function.body, &Owner::FUNCTION);
        graph.search(vars)
    }

    /// Whether a variable is read, or memory that is rooted in it.
    pub fn var(&self, var: Var) -> bool {
        self.needed[var.0]
    }

    /// Which fields of the records of a store are read; `None` if that is not known.
    pub fn fields(&self, store: Var) -> Option<Vec<bool>> {
        let takers = self.fields.takers(store)?;
        let is_read = |vars: &Vec<Var>| vars.iter().any(|var| self.var(*var));
        Some(takers.iter().map(is_read).collect())
    }

    /// Whether a construct has an effect or a result that is needed.
    pub fn construct(&self, number: usize) -> bool {
        self.needed.get(self.vars + number).copied().unwrap_or(true)
    }
}

/// Who takes what a block yields, and what it breaks with.
struct Owner<'o> {
    /// `None`: the function, whose result is needed.
    yields: Option<&'o [Var]>,
    breaks: &'o [Var],
}

impl Owner<'_> {
    const FUNCTION: Owner<'static> = Owner {
        yields: None,
        breaks: &[],
    };
}

struct Graph<'f> {
    function: &'f Function,
    fields: Fields,
    edges: Vec<Vec<usize>>,
    needed: Vec<usize>,
    /// The construct around.
    inside: Option<usize>,
}

impl<'f> Graph<'f> {
    fn search(mut self, vars: usize) -> Live {
        let mut needed = vec![false; self.edges.len()];
        while let Some(node) = self.needed.pop() {
            if !std::mem::replace(&mut needed[node], true) {
                self.needed.append(&mut self.edges[node]);
            }
        }
        Live {
            needed,
            vars,
            fields: self.fields,
        }
    }

    /// `from` needs what an operation uses, and the construct in which it stands.
    fn connect<'a>(&mut self, from: Option<usize>, walk: impl FnOnce(uses::Sink<'_, 'a>)) {
        let mut to: Vec<usize> = self.inside.into_iter().collect();
        walk(&mut |used: Use<'_>| to.push(used.var().0));
        match from {
            Some(node) => self.edges[node].append(&mut to),
            None => self.needed.append(&mut to),
        }
    }

    fn block(&mut self, block: &Block, owner: &Owner<'_>) {
        for stmt in &block.stmts {
            self.stmt(stmt);
        }
        self.end(&block.end, owner);
    }

    fn end(&mut self, end: &End, owner: &Owner<'_>) {
        match end {
            End::Yield(operands) => match owner.yields {
                None => self.connect(None, |sink| uses::of_end(end, sink)),
                Some(vars) => self.hand_over(operands, vars),
            },
            End::Break(operands) => self.hand_over(operands, owner.breaks),
            End::Switch { on, arms } => {
                let inside = self.inside;
                self.selector(inside, on);
                arms.iter().for_each(|arm| self.block(arm, owner));
            }
            End::Never(_) => self.connect(None, |sink| uses::of_end(end, sink)),
        }
    }

    fn selector(&mut self, from: Option<usize>, on: &Selector) {
        let (Selector::Bool(operand) | Selector::Index(operand)) = on;
        self.connect(from, |sink| uses::of_operand(operand, sink));
    }

    fn hand_over(&mut self, operands: &[Operand], vars: &[Var]) {
        for (operand, var) in operands.iter().zip(vars) {
            self.connect(Some(var.0), |sink| uses::of_operand(operand, sink));
        }
    }

    fn stmt(&mut self, stmt: &Stmt) {
        match stmt {
            Stmt::Let { var, op } => self.define(stmt, *var, op),
            Stmt::Store { place, .. } | Stmt::Add { place, .. } | Stmt::Compound { place, .. } => {
                self.write(stmt, place);
            }
            Stmt::Accumulate { place, .. }
            | Stmt::AccumulateEach { place, .. }
            | Stmt::Unpop { place, .. } => self.write(stmt, place),
            // What is stored is needed by those who take it off.
            Stmt::Do(Op::Reserve(store, _) | Op::Append(store, _) | Op::Clear(store)) => {
                self.connect(Some(store.0), |sink| uses::of_stmt(stmt, sink))
            }
            Stmt::Do(Op::Restore(_, place) | Op::Recall(_, _, place)) => self.write(stmt, place),
            Stmt::Do(_) => self.connect(None, |sink| uses::of_stmt(stmt, sink)),
            Stmt::Push { store, values } => self.push(stmt, *store, values),
            Stmt::Unpack { vars, .. } => {
                vars.iter()
                    .for_each(|var| self.connect(Some(var.0), |sink| uses::of_stmt(stmt, sink)));
            }
            Stmt::Vjp(vjp) => self.vjp(stmt, vjp),
            Stmt::Switch { on, arms, joins } => self.construct(|graph, node| {
                graph.selector(Some(node), on);
                graph.needs_construct(joins, node);
                let owner = Owner {
                    yields: Some(joins),
                    breaks: &[],
                };
                arms.iter().for_each(|arm| graph.block(arm, &owner));
            }),
            Stmt::Replay {
                record,
                arms,
                joins,
            } => self.construct(|graph, node| {
                graph.edges[node].push(record.0);
                graph.needs_construct(joins, node);
                for (vars, arm) in arms {
                    graph.needs_construct(vars, node);
                    graph.block(
                        arm,
                        &Owner {
                            yields: Some(joins),
                            breaks: &[],
                        },
                    );
                }
            }),
            Stmt::Loop(the_loop) => self.construct(|graph, node| graph.the_loop(the_loop, node)),
        }
    }

    /// A field of a record is needed by those who take it off, if they are known.
    fn push(&mut self, stmt: &Stmt, store: Var, values: &[Var]) {
        let Some(takers) = self.fields.takers(store) else {
            return self.connect(Some(store.0), |sink| uses::of_stmt(stmt, sink));
        };
        for (value, takers) in values.iter().zip(takers) {
            takers
                .iter()
                .for_each(|taker| self.edges[taker.0].push(value.0));
        }
        self.connect(Some(store.0), |_| {});
    }

    /// A definition; effects are needed whether or not the result is.
    fn define(&mut self, stmt: &Stmt, var: Var, op: &Op) {
        if has_effect(op) || self.may_panic(var, op) {
            self.needed.push(var.0);
            return self.connect(None, |sink| uses::of_stmt(stmt, sink));
        }
        if let Op::Replace(place, _) | Op::Take { shadow: place, .. } = op {
            self.write(stmt, place);
        }
        self.connect(Some(var.0), |sink| uses::of_op(op, sink));
    }

    /// The primal's reads of elements stay: they may be out of bounds.
    fn may_panic(&self, var: Var, op: &Op) -> bool {
        let indexed = |place: &Place| {
            place
                .path
                .iter()
                .any(|p| matches!(p, Proj::Index(_) | Proj::Slice { .. }))
        };
        let reads = matches!(op, Op::Use(Operand::Place(place)) if indexed(place));
        reads && var.0 < self.function.primal_vars
    }

    /// A write is needed if its memory is.
    fn write(&mut self, stmt: &Stmt, place: &Place) {
        let from = self.memory(place.root);
        self.connect(from, |sink| uses::of_stmt(stmt, sink));
    }

    fn class(&self, var: Var) -> Class {
        self.function.vars[var.0].class
    }

    /// The node of memory that is ours; what others see is always needed.
    fn memory(&self, root: Var) -> Option<usize> {
        matches!(self.class(root), Class::Root | Class::Shadow).then_some(root.0)
    }

    /// The reverse of a call is needed if one of its slots is, or its result, or what it does to the primal's memory.
    fn vjp(&mut self, stmt: &Stmt, vjp: &Vjp) {
        if vjp.result.is_some() || vjp.changes_primal() {
            self.vjp_inputs(None, stmt);
        }
        vjp.result
            .iter()
            .for_each(|result| self.needed.push(result.0));
        for slot in &vjp.slots {
            match slot {
                SlotArg::Inactive | SlotArg::Constant | SlotArg::Rule(_) => {}
                SlotArg::Fresh(var) => self.vjp_inputs(Some(var.0), stmt),
                SlotArg::Shadow(place) => self.vjp_inputs(self.memory(place.root), stmt),
            }
        }
    }

    /// `from` needs the arguments and the seed, but not the other slots; only those of in-out arguments are read, too.
    fn vjp_inputs(&mut self, from: Option<usize>, stmt: &Stmt) {
        let function = self.function;
        let in_out = in_out_slots(stmt);
        let is_slot = |used: Use<'_>| match used {
            Use::Handle(_, Access::Mutate) => true,
            Use::Place(place, Access::Mutate) => {
                matches!(
                    function.vars[place.root.0].class,
                    Class::Shadow | Class::Slot | Class::Lent
                ) && !in_out.contains(&place.root)
            }
            _ => false,
        };
        self.connect(from, |sink| {
            uses::of_stmt(stmt, &mut |used| {
                if !is_slot(used) {
                    sink(used);
                }
            })
        });
    }

    /// Enters a new construct, which needs the one around it.
    fn construct(&mut self, body: impl FnOnce(&mut Self, usize)) {
        let node = self.edges.len();
        self.edges.push(self.inside.into_iter().collect());
        let outer = self.inside.replace(node);
        body(self, node);
        self.inside = outer;
    }

    fn needs_construct(&mut self, vars: &[Var], node: usize) {
        vars.iter().for_each(|var| self.edges[var.0].push(node));
    }

    fn the_loop(&mut self, the_loop: &Loop, node: usize) {
        for carried in &the_loop.carried {
            self.connect(Some(carried.var.0), |sink| {
                uses::of_operand(&carried.init, sink)
            });
        }
        let carried: Vec<Var> = the_loop.carried.iter().map(|carried| carried.var).collect();
        let inner = uses::defined_in_body(the_loop);
        self.needs_construct(&inner, node);
        self.needs_construct(&the_loop.results, node);
        self.head(&the_loop.head, node);
        self.hand_over(&the_loop.exhausted, &the_loop.results);
        self.block(
            &the_loop.body,
            &Owner {
                yields: Some(&carried),
                breaks: &the_loop.results,
            },
        );
    }

    fn head(&mut self, head: &Head, node: usize) {
        match head {
            Head::Counted {
                start, end, step, ..
            } => {
                for operand in [start, end].into_iter().chain(step) {
                    self.connect(Some(node), |sink| uses::of_operand(operand, sink));
                }
            }
            Head::Chunks { of, size, .. } => {
                let parts = [size.clone(), Operand::Place(of.clone())];
                for operand in &parts {
                    self.connect(Some(node), |sink| uses::of_operand(operand, sink));
                }
            }
            Head::Refill {
                along,
                vector,
                length,
                ..
            } => {
                self.edges[node].push(vector.root.0);
                for (_, of) in along {
                    let of = Operand::Place(of.clone());
                    self.connect(Some(node), |sink| uses::of_operand(&of, sink));
                }
                self.connect(Some(node), |sink| uses::of_operand(length, sink));
            }
            Head::Records { store, above, .. } => {
                self.edges[node].push(store.0);
                if let Some(operand) = above {
                    self.connect(Some(node), |sink| uses::of_operand(operand, sink));
                }
            }
            // It may run for ever, which is an effect.
            Head::Forever => self.needed.push(node),
        }
    }
}

/// Whether an operation does something besides computing its result.
pub(super) fn has_effect(op: &Op) -> bool {
    match op {
        Op::Call(_) | Op::Push(..) | Op::Pop(_) | Op::TakeLast(_) | Op::Open { .. } => true,
        Op::Hold(..) | Op::Held { .. } | Op::First(..) => true,
        Op::Opaque(opaque) => opaque.cost.runs_once() || opaque.effect,
        _ => false,
    }
}

/// The cotangents of arguments that a call changes: on entry they are those of the new contents.
fn in_out_slots(stmt: &Stmt) -> Vec<Var> {
    let Stmt::Vjp(vjp) = stmt else {
        return Vec::new();
    };
    vjp.args
        .iter()
        .zip(&vjp.slots)
        .filter_map(|(arg, slot)| match slot {
            SlotArg::Shadow(place) if arg.is_written() => Some(place.root),
            _ => None,
        })
        .collect()
}
