//! The environment: what the user's names stand for at this point of the program.
//!
//! Every `let` makes a fresh binding. Bindings change by assignment, and every change is written on a trail, so that
//! an arm of a branch can be undone and joined without copying the environment.

use std::collections::HashMap;
use std::rc::Rc;

use proc_macro2::Ident;
use syn::Type;

use super::closures::Closure;
use super::iterators::Chain;
use crate::ir::{Kind, Operand, Place, Proj};

/// What an expression or a name stands for.
#[derive(Clone, Debug)]
pub enum Term {
    /// A scalar value, or a literal.
    Value(Operand),
    /// Memory nobody has a name for yet: the result of a call, an array just built.
    Fresh(Place),
    /// A place: a variable, a field, an element.
    Place(Place),
    /// A reference to a place.
    Ref { place: Place, mutable: bool },
    /// A tuple that is still in parts; some may be references.
    Tuple(Vec<Term>),
    /// A local closure, inlined at its calls.
    Closure(Rc<Closure>),
    /// An option whose payload is a term of its own: `xs.first()`.
    Maybe { some: Operand, payload: Box<Term> },
    /// An iterator that has a name.
    Chain(Rc<Chain>),
}

/// Names a binding as long as the function is lowered.
pub type BindingId = usize;

/// A user's variable.
#[derive(Debug)]
pub struct Binding {
    pub name: Ident,
    /// What it stands for now; `None` if it is not initialised (or its initialiser was refused).
    pub term: Option<Term>,
    /// What is known of its type.
    pub kind: Kind,
    /// As the user wrote it at the `let`.
    pub ty: Option<Type>,
    pub mutable: bool,
}

/// Scopes of names, innermost last.
#[derive(Debug, Default)]
pub struct Scope {
    bindings: Vec<Binding>,
    names: HashMap<String, Vec<BindingId>>,
    declared: Vec<String>,
    open: Vec<usize>,
    /// References that move along a sequence, and which bindings say where they are.
    views: Vec<View>,
    trail: Vec<(BindingId, Option<Term>)>,
}

/// A reference to a part of a sequence, whose bounds are variables of their own: it may move.
#[derive(Clone, Debug)]
pub struct View {
    /// The binding of the reference.
    pub owner: BindingId,
    /// The whole sequence.
    pub base: Place,
    pub lo: BindingId,
    pub hi: BindingId,
    pub mutable: bool,
}

/// A point of the trail to go back to.
#[derive(Clone, Copy, Debug)]
pub struct Mark {
    trail: usize,
    bindings: usize,
}

impl Scope {
    /// Opens a scope of names.
    pub fn enter(&mut self) {
        self.open.push(self.declared.len());
    }

    /// Forgets the names of the innermost scope.
    pub fn leave(&mut self) {
        let start = self.open.pop().unwrap_or(0);
        for name in self.declared.drain(start..) {
            if let Some(ids) = self.names.get_mut(&name) {
                ids.pop();
            }
        }
    }

    /// Makes a new binding, visible from here on.
    pub fn declare(&mut self, binding: Binding) -> BindingId {
        let id = self.bindings.len();
        let name = binding.name.to_string();
        self.names.entry(name.clone()).or_default().push(id);
        self.declared.push(name);
        self.bindings.push(binding);
        id
    }

    /// Makes a binding without a name of the user.
    pub fn hide(&mut self, binding: Binding) -> BindingId {
        self.bindings.push(binding);
        self.bindings.len() - 1
    }

    /// Makes a name refer to a binding that is there already.
    pub fn link(&mut self, name: &str, id: BindingId) {
        self.names.entry(name.to_string()).or_default().push(id);
        self.declared.push(name.to_string());
    }

    /// The binding a name refers to.
    pub fn find(&self, name: &Ident) -> Option<BindingId> {
        self.find_named(&name.to_string())
    }

    /// The binding a name, as text, refers to.
    pub fn find_named(&self, name: &str) -> Option<BindingId> {
        self.names.get(name)?.last().copied()
    }

    /// The binding itself.
    pub fn binding(&self, id: BindingId) -> Option<&Binding> {
        self.bindings.get(id)
    }

    /// What a name stands for.
    pub fn term(&self, name: &Ident) -> Option<&Term> {
        self.term_named(&name.to_string())
    }

    /// What a name, as text, stands for.
    pub fn term_named(&self, name: &str) -> Option<&Term> {
        self.find_named(name)
            .and_then(|id| self.bindings.get(id))
            .and_then(|binding| binding.term.as_ref())
    }

    /// Gives a binding a new meaning.
    pub fn assign(&mut self, id: BindingId, term: Option<Term>) {
        if let Some(binding) = self.bindings.get_mut(id) {
            let old = std::mem::replace(&mut binding.term, term);
            self.trail.push((id, old));
            self.look_again(id);
        }
    }

    /// Makes a binding a reference that moves.
    pub fn watch(&mut self, view: View) {
        let bound = view.lo;
        self.views.push(view);
        self.look_again(bound);
    }

    /// The view that a binding is.
    pub fn view(&self, owner: BindingId) -> Option<&View> {
        self.views.iter().find(|view| view.owner == owner)
    }

    /// What a view refers to follows from its bounds.
    fn look_again(&mut self, bound: BindingId) {
        let Some(view) = self
            .views
            .iter()
            .find(|view| view.lo == bound || view.hi == bound)
            .cloned()
        else {
            return;
        };
        let value = |id: BindingId| match self.bindings.get(id)?.term.as_ref()? {
            Term::Value(value) => Some(value.clone()),
            _ => None,
        };
        let term = value(view.lo)
            .zip(value(view.hi))
            .map(|(lo, hi)| Term::Ref {
                place: view.base.clone().then(Proj::Slice {
                    lo: Some(lo),
                    hi: Some(hi),
                }),
                mutable: view.mutable,
            });
        if let Some(binding) = self.bindings.get_mut(view.owner) {
            binding.term = term;
        }
    }

    /// Learns more of a binding's type.
    pub fn refine(&mut self, id: BindingId, kind: &Kind) {
        if let Some(binding) = self.bindings.get_mut(id) {
            let known = std::mem::replace(&mut binding.kind, Kind::Unknown);
            binding.kind = known.join(kind);
        }
    }

    /// Where the trail stands.
    pub fn mark(&self) -> Mark {
        Mark {
            trail: self.trail.len(),
            bindings: self.bindings.len(),
        }
    }

    /// Undoes all changes since `mark`, and returns those of bindings that were there at `mark`, in order of binding.
    pub fn undo(&mut self, mark: Mark) -> Vec<(BindingId, Option<Term>)> {
        let mut changed: HashMap<BindingId, Option<Term>> = HashMap::new();
        while self.trail.len() > mark.trail {
            let Some((id, old)) = self.trail.pop() else {
                break;
            };
            let Some(binding) = self.bindings.get_mut(id) else {
                continue;
            };
            let new = std::mem::replace(&mut binding.term, old);
            self.look_again(id);
            if id < mark.bindings {
                changed.entry(id).or_insert(new);
            }
        }
        let mut changed: Vec<_> = changed.into_iter().collect();
        changed.sort_by_key(|(id, _)| *id);
        changed
    }
}
