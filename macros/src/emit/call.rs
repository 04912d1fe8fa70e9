//! Calls, and their reverse.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};
use syn::ext::IdentExt;
use syn::spanned::Spanned;

use super::code::{between, compound, Code, Level};
use super::names::sibling;
use super::paths::{self, located};
use super::{is_conversion, is_operator, Emitter};
use crate::ir::{
    Arg, Call, Callee, Class, HandedOn, Kind, Op, Operand, Operator, Place, Stmt, Vjp, VjpOf,
};
use crate::rules::{lookup, only_reads};

impl Emitter<'_> {
    /// `path::g(a, &b)`, `recv.m(a)`
    pub fn call(&mut self, call: &Call) -> Code {
        if let Callee::Operator(operator) = call.callee {
            return self.operator(operator, &call.args, call.span);
        }
        let (written, captured) = call.args.split_at(call.args.len() - call.captured);
        let captured = self.captured(captured);
        let mut args = self.args(&call.callee, written, &captured.names);
        let splits = self.split_halves(written, &mut args);
        let tokens = match &call.callee {
            Callee::Handed => method(&args, |function, args| quote!(#function(#(#args),*))),
            Callee::Path(path) | Callee::Dropped(path) => {
                let args = args.iter().map(|arg| &arg.tokens);
                quote!(#path(#(#args),*))
            }
            Callee::Method {
                name, turbofish, ..
            } => method(
                &args,
                |receiver, rest| quote!(#receiver.#name #turbofish(#(#rest),*)),
            ),
            Callee::Operator(_) => TokenStream::new(),
        };
        let tokens = after(&captured.lets, after(&splits, tokens));
        args.extend(captured.codes);
        Code::atom(tokens).over(&args)
    }

    /// `&a * &b`, `-&a`, `a += &b`
    fn operator(&mut self, operator: Operator, args: &[Arg], span: Span) -> Code {
        let codes: Vec<Code> = args.iter().map(|arg| self.arg(arg)).collect();
        match (operator, &codes[..], args) {
            (Operator::Neg, [operand], _) => {
                let tokens = operand.at(Level::Unary);
                let minus = located(&quote!(-), span);
                Code::new(quote!(#minus #tokens), Level::Unary).over(&codes)
            }
            (Operator::Binary(op), [left, right], _) => between(op, span, left, right),
            (Operator::Compound(op), [_, right], [Arg::RefMut(place), _]) => {
                let (place, symbol) = (self.place(place).tokens, located(&compound(op), span));
                let right = &right.tokens;
                Code::new(quote!(#place #symbol #right), Level::Low).over(&codes)
            }
            _ => Code::atom(TokenStream::new()),
        }
    }

    /// The arguments of a call. A receiver that a method is known only to read is lent out shared: should the method
    /// want more, the compiler says so.
    fn args(&mut self, callee: &Callee, args: &[Arg], captured: &[Ident]) -> Vec<Code> {
        let written = args.len();
        let code = |arg: &Arg| match arg {
            Arg::Closure(lambda) => self.closure(lambda, &captured[lambda.among(written)]),
            arg => self.arg(arg),
        };
        let mut codes: Vec<Code> = args.iter().map(code).collect();
        let (Callee::Method { name, .. }, Some(Arg::Receiver { place, mutable })) =
            (callee, args.first())
        else {
            return codes;
        };
        let reads = only_reads(&name.unraw().to_string());
        if !mutable && self.info(place.root).class != Class::Ref && reads {
            let receiver = self.borrow(place);
            let tokens = &receiver.tokens;
            codes[0] = Code::atom(quote!((#tokens))).over([&receiver]);
        } else if self.may_be_taken(place, name) {
            codes[0] = self.copied_receiver(&codes[0], name, *mutable);
        }
        codes
    }

    /// Whether a method that takes its receiver by value would take away what is needed again.
    fn may_be_taken(&self, place: &Place, method: &Ident) -> bool {
        let owned = self.class(place.root) == Class::Root && self.uses[place.root.0] > 1;
        owned
            && self.kind(place) == Kind::Unknown
            && !has_rule_of_runtime(&method.unraw().to_string())
    }

    /// `receiver!(m_receiver, place)`: a copy, if the method takes it by value, else the place.
    fn copied_receiver(&self, place: &Code, method: &Ident, mutable: bool) -> Code {
        let (receiver, name) = (self.paths.private("receiver"), sibling(method, "_receiver"));
        let (tokens, mutable) = (&place.tokens, mutable.then(|| quote!(mut)));
        Code::atom(quote!(#receiver!(#name, #mutable #tokens))).over([place])
    }

    fn arg(&mut self, arg: &Arg) -> Code {
        match arg {
            Arg::Value(operand) => self.operand(operand),
            Arg::Ref(place) => self.borrow(place),
            Arg::RefMut(place) => self.borrow_mut(place),
            Arg::Function { place, on } => self.function(place, *on),
            // Printed with the arguments of its call.
            Arg::Closure(_) => Code::atom(TokenStream::new()),
            Arg::Receiver { place, mutable } => self.receiver(place, *mutable),
        }
    }

    /// A function that the function was handed.
    fn function(&mut self, place: &Place, on: HandedOn) -> Code {
        let name = self.names.of(place.root);
        Code::atom(match on {
            HandedOn::Value => quote!(#name),
            HandedOn::Ref => quote!(&#name),
            HandedOn::RefMut => quote!(&mut #name),
            HandedOn::Again => quote!(&mut *#name),
        })
    }

    /// Original: `g(a, b)`.
    /// Reverse: `g_vjp(a, b, d_out, slot_a, slot_b)`.
    pub fn vjp(&mut self, lines: &mut TokenStream, vjp: &Vjp) {
        let (written, captured) = vjp.args.split_at(vjp.args.len() - vjp.captured);
        let captured = self.captured(captured);
        let mut args = match &vjp.of {
            VjpOf::Call(callee) | VjpOf::Pullback(callee) => {
                self.args(callee, written, &captured.names)
            }
            VjpOf::Math(_) => vjp.args.iter().map(|arg| self.arg(arg)).collect(),
            _ => self.operands_of(vjp),
        };
        if let (true, Some(Arg::Receiver { place, mutable })) = (is_dropped(vjp), written.first()) {
            args[0] = match mutable {
                true => self.borrow_mut(place),
                false => self.borrow(place),
            };
        }
        let splits = self.split_halves(written, &mut args);
        let seed = vjp.seed.as_ref().map(|seed| self.seed(seed));
        let exact = !matches!(vjp.of, VjpOf::Call(_) | VjpOf::Pullback(_));
        let mut slots = self.slots(lines, vjp, exact);
        let behind = slots.split_off(written.len());
        let lets = self.rules(vjp, &captured, &behind, &mut slots);
        let rule = match &vjp.of {
            VjpOf::Call(Callee::Handed) => self.of_rule(vjp, &mut slots),
            _ => TokenStream::new(),
        };
        let last: Vec<TokenStream> = seed.into_iter().chain(slots).collect();
        let all = args
            .iter()
            .map(|arg| arg.tokens.clone())
            .chain(last.iter().cloned());
        let call = match &vjp.of {
            VjpOf::Binary(op) => free(located(&self.paths.operator_vjp(*op), vjp.span), all),
            VjpOf::Compound(op) => free(located(&self.paths.compound_vjp(*op), vjp.span), all),
            VjpOf::Neg => free(located(&self.paths.neg_vjp(), vjp.span), all),
            VjpOf::Cast(ty) => {
                let cast = self.paths.private("CastVjp");
                free(located(&quote!(#cast::<#ty>::cast_vjp), vjp.span), all)
            }
            VjpOf::Math(name) => {
                let name = paths::method_vjp(name);
                method(
                    &args,
                    |receiver, rest| quote!(#receiver.#name(#(#rest,)* #(#last),*)),
                )
            }
            VjpOf::Call(Callee::Method {
                name,
                dropped: true,
                ..
            }) => self.dropped_method(name, &vjp.args, &args, &last),
            VjpOf::Call(Callee::Method {
                name, turbofish, ..
            })
            | VjpOf::Pullback(Callee::Method {
                name, turbofish, ..
            }) => {
                let is_pullback = matches!(vjp.of, VjpOf::Pullback(_));
                let name = sibling(name, if is_pullback { "pullback" } else { "vjp" });
                method(
                    &args,
                    |receiver, rest| quote!(#receiver.#name #turbofish(#(#rest,)* #(#last),*)),
                )
            }
            VjpOf::Call(Callee::Path(path)) | VjpOf::Pullback(Callee::Path(path)) => {
                free(path_of_sibling(path), all)
            }
            VjpOf::Call(Callee::Dropped(path)) | VjpOf::Pullback(Callee::Dropped(path)) => {
                free(self.filled(path, args.len()), all)
            }
            VjpOf::Call(Callee::Handed) | VjpOf::Pullback(Callee::Handed) => {
                let (given, last) = (args.iter().skip(1), last.iter());
                let all = given.map(|arg| arg.tokens.clone()).chain(last.cloned());
                free(rule, all)
            }
            // An operator has a variant of its own.
            VjpOf::Call(Callee::Operator(_)) | VjpOf::Pullback(Callee::Operator(_)) => {
                TokenStream::new()
            }
        };
        let call = after(&splits, call);
        self.bind_result(lines, vjp, &after(&lets, call));
    }

    /// `g_vjp`, with nothing for the `d_out` that it may or may not have.
    fn filled(&self, path: &syn::ExprPath, arguments: usize) -> TokenStream {
        let rule = path_of_sibling(path);
        match arguments {
            1..=8 => paths::located(&self.paths.filled(&rule), path.span()),
            _ => rule,
        }
    }

    /// `dropped_method!(m__dropped, m_vjp, &recv, (Given0 given_0 a), …)`: the same of a method.
    fn dropped_method(
        &self,
        name: &Ident,
        args: &[Arg],
        codes: &[Code],
        slots: &[TokenStream],
    ) -> TokenStream {
        let dropped = self.paths.private("dropped_method");
        let suffix = match args.first().is_some_and(Arg::is_written) {
            true => "_dropped",
            false => "_dropped_by_ref",
        };
        let (itself, rule) = (sibling(name, suffix), sibling(name, "vjp"));
        method(codes, |receiver, rest| {
            let given = rest.iter().chain(slots).enumerate();
            let given = given.map(|(index, given)| {
                let (ty, name) = (
                    format_ident!("Given{index}"),
                    format_ident!("given_{index}"),
                );
                quote!((#ty #name #given))
            });
            located(
                &quote!(#dropped!(#itself, #rule, #receiver, #(#given),*)),
                name.span(),
            )
        })
    }

    /// The operands of an operator stand where it does: there the compiler says that one of them has no rule.
    fn operands_of(&mut self, vjp: &Vjp) -> Vec<Code> {
        let args = vjp.args.iter().map(|arg| self.arg(arg));
        args.map(|mut code| {
            code.tokens = located(&code.tokens, vjp.span);
            code
        })
        .collect()
    }

    fn seed(&mut self, seed: &Operand) -> TokenStream {
        let tokens = self.operand(seed).tokens;
        match seed {
            Operand::Place(place) if self.gathered[place.root.0].is_some() => {
                quote!(#tokens.settle())
            }
            _ => tokens,
        }
    }

    fn bind_result(&mut self, lines: &mut TokenStream, vjp: &Vjp, call: &TokenStream) {
        let discard = !matches!(vjp.of, VjpOf::Compound(_)) && vjp.seed.is_some();
        match vjp.result {
            Some(var) => self.print_let(lines, var, &Code::atom(call.clone())),
            None if discard => {
                let ty = vjp.ty.as_ref().map(|ty| quote!(: #ty));
                let call = self.typed_again(vjp, call);
                self.line(lines, quote!(let _ #ty = #call;));
            }
            None => self.line(lines, quote!(#call;)),
        }
    }

    /// `again(d_t.primal(), recv.m_vjp(…, d_t.settle(), …))`: a value that is dropped has the type of the primal's, which
    /// nothing else says of a method that is generic over its result.
    fn typed_again(&mut self, vjp: &Vjp, call: &TokenStream) -> TokenStream {
        let gathered = match (&vjp.of, &vjp.seed, &vjp.ty) {
            (VjpOf::Call(_), Some(Operand::Place(place)), None) => self.gathered[place.root.0]
                .is_some()
                .then(|| self.place(place)),
            _ => None,
        };
        match gathered {
            Some(shadow) => {
                let (again, shadow) = (self.paths.private("again"), shadow.tokens);
                quote!(#again(#shadow.primal(), #call))
            }
            None => call.clone(),
        }
    }

    /// `recv.m(…);` and the like, of which nothing is kept.
    pub fn effect(&mut self, lines: &mut TokenStream, stmt: &Stmt) {
        let Stmt::Do(op) = stmt else { return };
        let code = self.op(op, Span::call_site());
        let tokens = code.tokens;
        let is_block =
            code.level == Level::Low && matches!(op, Op::Opaque(opaque) if opaque.effect);
        let semicolon = (!is_block).then(|| quote!(;));
        self.line(lines, quote!(#tokens #semicolon));
    }
}

/// Whether it is a method's, of which nothing says whether there is a result.
fn is_dropped(vjp: &Vjp) -> bool {
    matches!(&vjp.of, VjpOf::Call(Callee::Method { dropped, .. }) if *dropped)
}

/// Whether the runtime has a rule for a method of scalars; what it is called on is `Copy`.
fn has_rule_of_runtime(method: &str) -> bool {
    is_conversion(method) || (lookup(method).is_some() && !is_operator(method))
}

/// `{ splits call }`, if there are any.
fn after(splits: &TokenStream, call: TokenStream) -> TokenStream {
    match splits.is_empty() {
        true => call,
        false => quote!({ #splits #call }),
    }
}

fn free(function: TokenStream, args: impl Iterator<Item = TokenStream>) -> TokenStream {
    quote!(#function(#(#args),*))
}

/// A method call from its arguments, receiver first.
fn method(
    args: &[Code],
    call: impl FnOnce(TokenStream, &[TokenStream]) -> TokenStream,
) -> TokenStream {
    match args.split_first() {
        Some((receiver, rest)) => {
            let rest: Vec<TokenStream> = rest.iter().map(|arg| arg.tokens.clone()).collect();
            call(receiver.at(Level::Atom), &rest)
        }
        None => TokenStream::new(),
    }
}

/// `path::g::<T>` → `path::g_vjp::<T>`
fn path_of_sibling(path: &syn::ExprPath) -> TokenStream {
    let mut path = path.clone();
    if let Some(segment) = path.path.segments.last_mut() {
        segment.ident = sibling(&segment.ident, "vjp");
    }
    quote!(#path)
}
