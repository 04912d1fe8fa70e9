//! The functions that a function sees beside it: kinds of their results, and their bodies.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use crate::diagnostics::Errors;
use crate::inline::{self, Body, Called};
use crate::lower::Results;
use crate::parse::function::{Function, Home};
use crate::parse::neighbours::Neighbours;
use crate::parse::signature::Activity;
use crate::{ir, pipeline};

/// Bodies that were lowered to stand in place of calls, by function; nothing where that cannot be, or not yet.
#[derive(Default)]
pub struct Bodies(RefCell<HashMap<*const Function, Option<Rc<Body>>>>);

/// What a function sees.
pub struct Seen<'s, 'a> {
    pub around: &'s Neighbours<'a>,
    pub bodies: &'s Bodies,
}

impl Seen<'_, '_> {
    /// What the functions around give.
    pub fn results(&self) -> Results {
        let mut results = Results::default();
        self.around
            .free()
            .for_each(|(_, neighbour)| results.add_free(&neighbour.sig));
        self.around
            .members()
            .for_each(|(_, neighbour)| results.add_member(&neighbour.sig));
        results
    }

    /// Puts bodies in place of calls. A function is not put into itself.
    pub fn inline(&self, function: &Function, primal: &mut ir::Function) {
        inline::inline(primal, &mut |called| {
            let callee = self.callee(called)?;
            (callee.sig.ident != function.sig.ident)
                .then(|| self.body(callee))
                .flatten()
        });
    }

    fn callee(&self, called: &Called) -> Option<&Function> {
        let neighbour = match called {
            Called::Free(name) => self.around.named(&name.to_string(), false),
            Called::Member(name) => self.around.named(&name.to_string(), true),
        };
        neighbour?.function
    }

    /// A function's body with everything that it calls, lowered once.
    fn body(&self, function: &Function) -> Option<Rc<Body>> {
        let key: *const Function = function;
        if let Some(known) = self.bodies.0.borrow().get(&key) {
            return known.clone();
        }
        // While it is being lowered it is not there: recursion stays a call.
        self.bodies.0.borrow_mut().insert(key, None);
        let body = self.lowered(function).map(Rc::new);
        self.bodies.0.borrow_mut().insert(key, body.clone());
        body
    }

    fn lowered(&self, function: &Function) -> Option<Body> {
        if !may_move(function) {
            return None;
        }
        // What is refused is reported where the function itself is differentiated.
        let mut body = pipeline::lowered(function, self, &mut Errors::new())?;
        self.inline(function, &mut body);
        inline::is_movable(&body).then(|| Body {
            function: body,
            types: function.params.iter().map(|p| p.ty.clone()).collect(),
        })
    }
}

/// Whether a function's body means the same where it is called: it has no type parameters or lifetimes of its own, no
/// readings under conditions, no rule by hand, no parameter held constant, and is the only function that the call can mean.
fn may_move(function: &Function) -> bool {
    let resolved = matches!(function.home, Home::Free | Home::Inherent(Some(_)));
    let hidden = |ty: &syn::Type| matches!(ty, syn::Type::ImplTrait(_));
    let constant = |activity| activity == Activity::Constant;
    resolved
        && function.sound
        && function.formulas.is_none()
        && function.readings.is_empty()
        && function.sig.generics.params.is_empty()
        && !function
            .params
            .iter()
            .any(|p| constant(p.activity) || hidden(p.referent()))
}
