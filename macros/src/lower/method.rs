//! Method calls: functions of the table, methods of slices and vectors, and everything that follows the protocol.

use syn::spanned::Spanned;
use syn::{Expr, ExprMethodCall};

use super::families::family;
use super::families::like_result;
use super::families::Family;
use super::known::{self, strip};
use super::scope::Term;
use super::Lowering;
use crate::diagnostics::Slug;
use crate::ir::{
    Arg, Call, Callee, Class, Cost, Float, Kind, Op, Operand, Place, Proj, Spelling, Var,
};
use crate::rules::Rule;

/// Ends of a chain that are options.
const OPTIONAL_ENDS: &[&str] = &[
    "min_by",
    "max_by",
    "min",
    "max",
    "min_by_key",
    "max_by_key",
    "last",
    "next",
    "nth",
    "find",
    "find_map",
    "reduce",
    "position",
    "rposition",
    "peek",
    "next_if",
];

impl Lowering<'_> {
    /// A method call.
    pub(super) fn method(&mut self, call: &ExprMethodCall, want: &Kind) -> Option<Term> {
        let name = call.method.to_string();
        if let Some(done) = self.method_by_its_call(call, &name, want) {
            return done;
        }
        let kind = self.infer(&call.receiver);
        let known = matches!(want, Kind::Option(_) | Kind::Result(_));
        let like = like_result(call, want).filter(|_| known || self.may_carry(&call.receiver));
        let like = like.or_else(|| self.changed_option(call, &kind));
        let unwraps = kind == Kind::Unknown && self.unwraps(call);
        if matches!(kind, Kind::Option(_) | Kind::Result(_))
            || like.is_some()
            || unwraps
            || self.is_option(&call.receiver)
            || self.is_unseen_option(&call.receiver)
        {
            let like = like.unwrap_or(Kind::Unknown);
            let term = self.term(&call.receiver, &like)?;
            if let Some(done) = self.option_method(call, &term, &like, want)? {
                return Some(done);
            }
        }
        if let Some(rule) = known::row(&name) {
            if kind.is_float() {
                let arguments = std::iter::once(&*call.receiver).chain(&call.args);
                return self.math(rule, Spelling::Method, None, arguments, want);
            }
            if kind == Kind::Unknown {
                return self.unknown_math(call, rule, want);
            }
        }
        if self.kind_of_spelled_out(call, &kind).is_some() {
            return self.spelled_out(call, want);
        }
        match (family(&name), &kind) {
            (Family::Copy, _) => self.copy(call, want),
            (Family::View, kind) if *kind != Kind::Unknown => self.view(call),
            _ => self.known_method(call, &name, &kind, want),
        }
    }

    /// Methods that are told by how they are called, whatever the kind of the receiver is.
    fn method_by_its_call(
        &mut self,
        call: &ExprMethodCall,
        name: &str,
        want: &Kind,
    ) -> Option<Option<Term>> {
        let number = known::number_unwrapped(call, self.request.reals);
        if let Some(kind) = number.filter(|_| self.is_constant_number(&call.receiver)) {
            return Some(self.opaque(&Expr::MethodCall(call.clone()), kind, Cost::Cheap));
        }
        if let Some(done) = self.call_of_collection(call) {
            return Some(done);
        }
        if self.is_chain(call) {
            return Some(self.chain(call, want));
        }
        if name.ends_with("remainder") {
            if let Some(rest) = self.remainder(call) {
                return Some(rest);
            }
        }
        if self.is_found_in_constant(call) {
            let kind = Kind::Option(Box::new(want.payload()));
            return Some(self.opaque(&Expr::MethodCall(call.clone()), kind, Cost::Once));
        }
        if let Some(element) = self.element_of_unknown(call) {
            return Some(self.method_of_element(call, element, want));
        }
        if self.maps_an_array(call, want) {
            return Some(self.map_array(call, want));
        }
        self.mapped_by_rule(call, want)
    }

    fn method_of_element(
        &mut self,
        call: &ExprMethodCall,
        element: &ExprMethodCall,
        want: &Kind,
    ) -> Option<Term> {
        let term = match element.args.first() {
            Some(position) => self.get(element, position)?,
            None => self.end_of(element, element.method == "last")?,
        };
        self.option_method(call, &term, &Kind::Unknown, want)?
    }

    /// `xs.get(i).copied()`, `xs.last().copied()`, `xs.get(i).unwrap_or(&0.0)`: whatever `xs` is, a reference is found in it, as in a
    /// sequence.
    fn element_of_unknown<'e>(&mut self, call: &'e ExprMethodCall) -> Option<&'e ExprMethodCall> {
        let Expr::MethodCall(inner) = strip(&call.receiver) else {
            return None;
        };
        let refers = match (call.method.to_string().as_str(), call.args.first()) {
            ("copied" | "cloned", None) => true,
            ("unwrap_or", Some(default)) => matches!(default, Expr::Reference(_)),
            _ => false,
        };
        let by_position = match (inner.method.to_string().as_str(), inner.args.first()) {
            ("first" | "last", None) => !self.is_chain(inner),
            ("get", Some(position)) => {
                !matches!(strip(position), Expr::Reference(_) | Expr::Range(_))
                    && self.infer(position) == Kind::Inert
            }
            _ => false,
        };
        (refers && by_position && self.infer(&inner.receiver) == Kind::Unknown).then_some(inner)
    }

    /// Whether an expression is an option that is still in parts.
    pub(super) fn is_option(&self, expr: &Expr) -> bool {
        match strip(expr) {
            Expr::MethodCall(call) => {
                let name = call.method.to_string();
                let picks = OPTIONAL_ENDS.contains(&name.as_str());
                (picks && self.is_chain(call))
                    || matches!(name.as_str(), "then" | "then_some")
                    || self.is_found_in_constant(call)
                    || (matches!(name.as_str(), "copied" | "cloned")
                        && (self.is_option(&call.receiver) || is_get(&call.receiver)))
            }
            Expr::Path(path) => {
                let term = path.path.get_ident().and_then(|name| self.scope.term(name));
                matches!(term, Some(Term::Maybe { .. }))
            }
            _ => false,
        }
    }

    /// Methods of arrays, slices, vectors, options; else the protocol.
    pub(super) fn known_method(
        &mut self,
        call: &ExprMethodCall,
        name: &str,
        kind: &Kind,
        want: &Kind,
    ) -> Option<Term> {
        if name == "map" && matches!(kind, Kind::Array(_)) {
            return self.map_array(call, want);
        }
        if matches!(kind, Kind::Array(_) | Kind::Slice(_) | Kind::Vec(_))
            || self.is_sequence_call(call)
        {
            if *kind == Kind::Unknown && self.is_of_gone_through(call) {
                self.confirm_method(&call.receiver, &call.method)?;
            }
            if let Some(done) = self.sequence_method(call, kind)? {
                return Some(done);
            }
        }
        match (name, kind) {
            ("then" | "then_some", Kind::Inert) if call.args.len() == 1 => {
                self.then(call, &call.args[0], name == "then")
            }
            ("into", kind) if kind.is_float() && want.is_float() => {
                self.float_into(call, kind, want)
            }
            ("to_f64", kind) if kind.is_float() => {
                self.protocol_method(call, &Kind::Option(Box::new(Kind::Float(Float::F64))))
            }
            ("to_f32", kind) if kind.is_float() => {
                self.protocol_method(call, &Kind::Option(Box::new(Kind::Float(Float::F32))))
            }
            // Whatever has elements to swap is indexed.
            ("swap", Kind::Unknown) if call.args.len() == 2 && self.has_elements(call) => {
                let arguments: Vec<_> = call.args.iter().collect();
                self.swap(call, arguments[0], arguments[1])
            }
            ("to_vec", Kind::Unknown) if call.args.is_empty() && self.has_elements(call) => {
                self.vector_of(call, kind)
            }
            ("try_into", Kind::Array(element) | Kind::Slice(element) | Kind::Vec(element)) => {
                self.try_into(call, element)
            }
            _ => {
                self.confirm_operator(call, kind);
                self.protocol_method(call, want)
            }
        }
    }

    /// Whether a method of a sequence is called on what is one: a variable may have a type with a method of its own, but
    /// for elements that are counted in two directions.
    fn has_elements(&mut self, call: &ExprMethodCall) -> bool {
        let pairs = matches!(call.args.first().map(strip), Some(Expr::Tuple(_)));
        pairs || self.is_part(&call.receiver)
    }

    /// A method of the table on a receiver whose kind was not known before it was lowered.
    pub(super) fn unknown_math(
        &mut self,
        call: &ExprMethodCall,
        rule: &'static Rule,
        want: &Kind,
    ) -> Option<Term> {
        let receiver = self.operand(&call.receiver, &Kind::Unknown)?;
        let kind = self.kind_of_operand(&receiver);
        let mut args = vec![receiver];
        if kind.is_float() {
            for argument in &call.args {
                args.push(self.operand(argument, &kind)?);
            }
            return Some(self.define_math(rule, Spelling::Method, args, kind.join(want)));
        }
        for argument in &call.args {
            args.push(self.operand(argument, &Kind::Unknown)?);
        }
        Some(self.define(
            Op::UnknownMath {
                name: call.method.clone(),
                args,
            },
            want.clone(),
        ))
    }

    /// `x.clone()`
    pub(super) fn copy(&mut self, call: &ExprMethodCall, want: &Kind) -> Option<Term> {
        let term = self.term(&call.receiver, want)?;
        let kind = self.kind_of_term(&term);
        if kind.is_scalar() {
            return self.operand_of(term, want).map(Term::Value);
        }
        if let Term::Fresh(_) = term {
            return Some(term);
        }
        let place = self.place_of(term)?;
        let kind = match kind {
            Kind::Slice(element) if call.method == "to_owned" => Kind::Vec(element),
            kind => kind,
        };
        Some(self.define(Op::Keep(place), kind))
    }

    /// `x.as_slice()`
    pub(super) fn view(&mut self, call: &ExprMethodCall) -> Option<Term> {
        let mutable = call.method.to_string().contains("mut");
        let mut place = self.borrow(&call.receiver, mutable)?;
        if call.method.to_string().contains("slice") {
            place.path.push(Proj::Slice { lo: None, hi: None });
        }
        Some(Term::Ref { place, mutable })
    }

    /// A method call reversed through `m_vjp`.
    pub(super) fn protocol_method(&mut self, call: &ExprMethodCall, want: &Kind) -> Option<Term> {
        let name = call.method.to_string();
        if name.ends_with("_grad") {
            return self.refuse(
                Slug::GradientOfGradient,
                call.method.span(),
                &format!("`{name}`"),
            );
        }
        if self.is_held_iterator(&call.receiver) {
            return self.refuse_adaptor(call);
        }
        let mut args = vec![match takes_by_value(&name) {
            true => self.converted_argument(&call.receiver)?,
            false => self.receiver_argument(&call.receiver)?,
        }];
        if let (Arg::Receiver { mutable, .. }, true) =
            (&mut args[0], crate::rules::only_reads(&name))
        {
            *mutable = false;
        }
        if let Arg::Receiver { place, mutable } = &args[0] {
            // What is not `mut` no method can change, whatever it is called.
            let owned = self.info(place.root).class == Class::Root && !mutable;
            if owned && takes_by_value(&name) || self.is_consumed(call) {
                args[0] = Arg::Value(Operand::Place(place.clone()));
            }
        }
        let callee = match strip(&call.receiver) {
            Expr::Path(path) if path.path.is_ident("self") => format!(".{name}"),
            _ => String::new(),
        };
        for (position, argument) in call.args.iter().enumerate() {
            args.push(self.argument_of(&callee, position, argument)?);
        }
        self.coerce_shared(&mut args, &call.args);
        let seen = self.result_of_method(call).unwrap_or(Kind::Unknown);
        let kind = seen.join(want);
        let turbofish = call
            .turbofish
            .as_ref()
            .map(quote::ToTokens::to_token_stream);
        let callee = Callee::Method {
            name: call.method.clone(),
            turbofish,
            dropped: false,
        };
        let call = Call::new(callee, args, call.method.span());
        let term = self.define(Op::Call(Box::new(call)), kind);
        if let ("into", Term::Fresh(made)) = (name.as_str(), &term) {
            self.converted.insert(made.root);
        }
        Some(term)
    }

    /// Whether an expression stands for an iterator that is followed.
    fn is_held_iterator(&self, expr: &Expr) -> bool {
        match strip(expr) {
            Expr::Path(path) => {
                let term = path.path.get_ident().and_then(|name| self.scope.term(name));
                matches!(term, Some(Term::Chain(_)))
            }
            Expr::MethodCall(call) => self.is_chain(call) && !self.is_end(call),
            _ => false,
        }
    }

    /// What is converted is taken by value: a reference is another type then, and stays one.
    fn converted_argument(&mut self, receiver: &Expr) -> Option<Arg> {
        match self.receiver_term(receiver)? {
            Term::Ref {
                place,
                mutable: false,
            } => Some(Arg::Ref(place)),
            term => self.received(term),
        }
    }

    pub(super) fn receiver_argument(&mut self, receiver: &Expr) -> Option<Arg> {
        let term = self.receiver_term(receiver)?;
        self.received(term)
    }

    fn receiver_term(&mut self, receiver: &Expr) -> Option<Term> {
        match strip(receiver) {
            Expr::Reference(reference) => {
                let mutable = reference.mutability.is_some();
                let place = self.borrow(&reference.expr, mutable)?;
                Some(Term::Ref { place, mutable })
            }
            expr => self.term(expr, &Kind::Unknown),
        }
    }

    fn received(&mut self, term: Term) -> Option<Arg> {
        match term {
            Term::Value(operand) => Some(Arg::Value(operand)),
            Term::Ref { place, mutable } => Some(Arg::Receiver { place, mutable }),
            term => {
                let place = self.place_of(term)?;
                let mutable = self.may_change(place.root);
                Some(Arg::Receiver { place, mutable })
            }
        }
    }

    /// Whether memory at a root can be changed by someone who has a name for it.
    pub(super) fn may_change(&self, root: Var) -> bool {
        match self.info(root).class {
            Class::RefMut => true,
            Class::Root => self.traits[root.0].mutable,
            _ => false,
        }
    }

    /// Reads an inert or float scalar out of memory.
    pub(super) fn load(&mut self, place: Place, kind: Kind) -> Operand {
        self.define_value(Op::Use(Operand::Place(place)), kind)
    }

    /// Refuses an expression that no construct covers.
    pub(super) fn unsupported<T>(&mut self, expr: &Expr, what: &str) -> Option<T> {
        self.refuse(Slug::UnsupportedExpression, expr.span(), what)
    }
}

/// `x.into()`, `x.into_parts()`: by their name they take `x` by value.
fn takes_by_value(name: &str) -> bool {
    name == "into" || name == "try_into" || name.starts_with("into_")
}

/// `xs.get(i)`: copied, it is an option.
fn is_get(expr: &Expr) -> bool {
    matches!(strip(expr), Expr::MethodCall(call) if call.method == "get" && call.args.len() == 1)
}
