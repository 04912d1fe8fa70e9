//! Option `no_alloc`: whatever the reverse sweep would put on the heap is refused, where it comes from.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Ident, Span};

use super::{Errors, Slug};
use crate::ir::uses::{blocks, end_blocks};
use crate::ir::{Block, Capacity, Class, Ctor, Function, Kind, Op, Place, Stmt, Var};

/// Refuses what the generated part of an adjoint allocates. The user's own allocations are the user's.
pub fn check(adjoint: &Function, errors: &mut Errors) {
    let mut search = Search {
        adjoint,
        checkpoints: BTreeMap::new(),
        in_states: BTreeMap::new(),
        on_heap: BTreeSet::new(),
    };
    search.block(&adjoint.body, errors);
    search.report(errors);
}

/// What is on the heap, by variable: each is refused once.
struct Search<'f> {
    adjoint: &'f Function,
    /// Where the loops stand whose states are saved, by what they are saved in.
    checkpoints: BTreeMap<Var, Span>,
    /// What has to be copied for the states of a loop, and the loop.
    in_states: BTreeMap<Var, Span>,
    on_heap: BTreeSet<Var>,
}

impl Search<'_> {
    fn block(&mut self, block: &Block, errors: &mut Errors) {
        let saving = self.saved_in(block);
        for stmt in &block.stmts {
            if let Stmt::Let { op, .. } | Stmt::Do(op) = stmt {
                self.op(op, saving, errors);
            }
            if let Stmt::Let { var, op } = stmt {
                self.definition(*var, op);
            }
            if let Stmt::Vjp(vjp) = stmt {
                vjp.rules().for_each(|rule| check(&rule.function, errors));
            }
            for inner in blocks(stmt) {
                self.block(inner, errors);
            }
        }
        for inner in end_blocks(&block.end) {
            self.block(inner, errors);
        }
    }

    fn definition(&mut self, var: Var, op: &Op) {
        match op {
            Op::NewStore(Capacity::Checkpoints(_, _, span)) => {
                self.checkpoints.insert(var, *span);
            }
            Op::Aggregate(Ctor::Vec | Ctor::VecRepeat | Ctor::Scratch, _)
                if var.0 >= self.adjoint.primal_vars =>
            {
                self.on_heap.insert(var);
            }
            _ => {}
        }
    }

    /// The loop whose state is saved in this block.
    fn saved_in(&self, block: &Block) -> Option<Span> {
        block.stmts.iter().find_map(|stmt| match stmt {
            Stmt::Push { store, .. } => self.checkpoints.get(store).copied(),
            _ => None,
        })
    }

    fn op(&mut self, op: &Op, saving: Option<Span>, errors: &mut Errors) {
        match op {
            Op::NewStore(Capacity::Vec(_, span) | Capacity::Shared(span)) => {
                errors.refuse(Slug::LoopStorage, *span)
            }
            Op::Append(_, place) => drop(self.on_heap.insert(place.root)),
            Op::Zero(place) | Op::Keep(place) if self.is_on_heap(place) => match saving {
                Some(span) => drop(self.in_states.insert(place.root, span)),
                None => drop(self.on_heap.insert(place.root)),
            },
            _ => {}
        }
    }

    /// Whether copies of a variable and cotangents like it are on the heap.
    fn is_on_heap(&self, place: &Place) -> bool {
        let info = self.adjoint.vars.get(place.root.0);
        place.path.is_empty() && info.is_some_and(|info| holds_vec(&info.kind))
    }

    fn report(&self, errors: &mut Errors) {
        for (var, span) in &self.in_states {
            self.refuse(Slug::CheckpointSlice, *var, Some(*span), errors);
        }
        for var in &self.on_heap {
            if !self.in_states.contains_key(var) {
                self.refuse(Slug::ValueStorage, *var, None, errors);
            }
        }
    }

    fn refuse(&self, slug: Slug, var: Var, span: Option<Span>, errors: &mut Errors) {
        if let Some(info) = self.adjoint.vars.get(var.0) {
            let (name, at) = match info.class {
                Class::Shadow => (plain(&info.name), info.span),
                _ => (info.name.to_string(), info.name.span()),
            };
            errors.refuse_with(slug, span.unwrap_or(at), &format!("`{name}`"));
        }
    }
}

/// The name of what a shadow belongs to.
fn plain(shadow: &Ident) -> String {
    let name = shadow.to_string();
    name.strip_prefix("d_").unwrap_or(&name).to_owned()
}

fn holds_vec(kind: &Kind) -> bool {
    match kind {
        Kind::Slice(_) | Kind::Vec(_) => true,
        Kind::Array(inner) | Kind::Option(inner) | Kind::Result(inner) => holds_vec(inner),
        Kind::Tuple(parts) => parts.iter().any(holds_vec),
        Kind::Float(_) | Kind::Inert | Kind::Function | Kind::Unknown => false,
    }
}
