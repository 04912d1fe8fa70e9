//! The functions that a function sees beside it: kinds of their results, and their bodies.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use crate::diagnostics::Errors;
use crate::inline::{self, Body, Called};
use crate::ir;
use crate::lower::{lower, Request, Results};
use crate::parse::function::{Function, Home};
use crate::parse::neighbours::Neighbours;
use crate::parse::signature::{Activity, Param};
use crate::parse::{accessors, forbidden, higher_order};

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
    fn results(&self) -> Results {
        let mut results = Results::default();
        results.add_sequences(self.around.sequences());
        self.around
            .free()
            .for_each(|(_, neighbour)| results.add_free(&neighbour.sig));
        self.around
            .members()
            .for_each(|(_, neighbour)| results.add_member(&neighbour.sig));
        let functions = self.around.free().map(|(_, neighbour)| (neighbour, false));
        let members = self
            .around
            .members()
            .map(|(_, neighbour)| (neighbour, true));
        for (neighbour, member) in functions.chain(members) {
            if let Some(function) = neighbour.function {
                results.add_inputs(&neighbour.sig, member);
                add_rules(&mut results, function, member);
            }
        }
        results
    }

    /// A function in the IR, calls of what is around it spelled out where that has to be.
    pub fn lowered(&self, function: &Function, errors: &mut Errors) -> Option<ir::Function> {
        let active: Vec<bool> = function.params.iter().map(|p| p.takes_part()).collect();
        let body = function.body.as_ref()?;
        let lent = accessors::in_place(body, &function.sig, &self.around.accessors());
        let body = lent.as_ref().unwrap_or(body);
        let before = errors.count();
        let known = self.around.higher_orders();
        let (sig, reals) = (&function.sig, &function.reals);
        let opened = higher_order::in_place(body, sig, reals, &known, errors);
        let body = opened.as_ref().unwrap_or(body);
        if opened.is_some() {
            forbidden::check(body, &function.params, errors);
        }
        if errors.count() > before {
            return None;
        }
        let request = Request {
            sig: &function.sig,
            block: body,
            active: &active,
            tapeless: &function.options.tapeless,
            reals: &function.reals,
            bare: &function.bare,
            self_ty: function.home.self_ty(),
            results: &self.results(),
            captures: &[],
        };
        lower(&request, errors)
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
        let body = self.movable(function).map(Rc::new);
        self.bodies.0.borrow_mut().insert(key, body.clone());
        body
    }

    fn movable(&self, function: &Function) -> Option<Body> {
        if !may_move(function) {
            return None;
        }
        // What is refused is reported where the function itself is differentiated.
        let mut body = self.lowered(function, &mut Errors::new())?;
        self.inline(function, &mut body);
        inline::is_movable(&body).then(|| Body {
            function: body,
            types: function.params.iter().map(|p| p.ty.clone()).collect(),
        })
    }
}

/// Notes which arguments of a function come with rules.
fn add_rules(results: &mut Results, function: &Function, member: bool) {
    let arity = |param: &Param| {
        let handed = param.function.as_ref().filter(|_| param.is_function());
        handed.map(|handed| handed.inputs.len())
    };
    let all: Vec<Option<usize>> = function.params.iter().map(arity).collect();
    let name = &function.sig.ident;
    if all.iter().all(Option::is_none) {
        return;
    }
    if !member {
        return results.add_rules(name.to_string(), all);
    }
    if function.params.first().is_some_and(Param::is_self) {
        results.add_rules(format!(".{name}"), all[1..].to_vec());
    }
    results.add_rules(format!("Self::{name}"), all);
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
            .any(|p| constant(p.activity) || p.is_function() || hidden(p.referent()))
}
