//! Closures that are handed to functions, and their rules.
//!
//! ```text
//! solve(|t| k * t, x)
//! { let mut d_k = slot_for(&k, &mut fresh); solve_vjp(|t| k * t, x, d_out, &mut |t, d_out, d_t| { … }, &mut d_x) }
//! ```

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{quote, ToTokens};

use super::code::Code;
use super::{body, Context, Emitter};
use crate::ir::{Arg, Function, HandedOn, Kind, Lambda, Rule, SlotArg, Var, Vjp};

/// What the closures of a call capture, as variables.
#[derive(Default)]
pub struct Captured {
    pub lets: TokenStream,
    pub names: Vec<Ident>,
    pub codes: Vec<Code>,
}

impl Emitter<'_> {
    /// `let k = …;` for what is no variable yet.
    pub fn captured(&mut self, args: &[Arg]) -> Captured {
        let mut captured = Captured::default();
        for arg in args {
            let code = match arg {
                Arg::Value(operand) => self.operand(operand),
                Arg::Ref(place) => self.borrow(place),
                Arg::Function { place, .. } => {
                    Code::atom(self.names.of(place.root).into_token_stream())
                }
                _ => continue,
            };
            let tokens = &code.tokens;
            let name = alone(tokens).unwrap_or_else(|| {
                let name = self.names.local("captured");
                captured.lets.extend(quote!(let #name = #tokens;));
                name
            });
            captured.names.push(name);
            captured.codes.push(code);
        }
        captured
    }

    /// `|t| k * t`
    pub fn closure(&mut self, lambda: &Lambda, captured: &[Ident]) -> Code {
        let mut function = lambda.value.clone();
        rename(&mut function, captured);
        let inputs = inputs(lambda, &function);
        let (output, body) = (&lambda.output, self.inner_body(&function, Vec::new()));
        let closure = quote!(|#(#inputs),*| #output { #body });
        Code::atom(match lambda.by {
            HandedOn::Ref => quote!(&#closure),
            HandedOn::RefMut => quote!(&mut #closure),
            _ => closure,
        })
    }

    /// Puts the rules of closures among the slots; what has to be defined before the call.
    pub fn rules(
        &mut self,
        vjp: &Vjp,
        captured: &Captured,
        behind: &[TokenStream],
        slots: &mut [TokenStream],
    ) -> TokenStream {
        let mut lets = captured.lets.clone();
        let written = slots.len();
        for (at, slot) in slots.iter_mut().enumerate() {
            if let (Some(Arg::Closure(lambda)), Some(SlotArg::Rule(rule))) =
                (vjp.args.get(at), vjp.slots.get(at))
            {
                let among = lambda.among(written);
                let own = (&captured.names[among.clone()], &behind[among.clone()]);
                let wanted = &vjp.slots[written..][among];
                *slot = self.rule(&mut lets, lambda, rule, own, wanted);
            }
        }
        lets
    }

    /// `&mut |t, d_out, d_t| { … }`
    fn rule(
        &mut self,
        lets: &mut TokenStream,
        lambda: &Lambda,
        rule: &Rule,
        (captured, behind): (&[Ident], &[TokenStream]),
        wanted: &[SlotArg],
    ) -> TokenStream {
        let mut function = rule.function.clone();
        rename(&mut function, captured);
        let mut given: Vec<Var> = rule.d_out.into_iter().collect();
        let own = captured.iter().zip(behind).zip(wanted);
        for ((slot, param), ((name, tokens), wanted)) in
            rule.slots.iter().zip(&rule.function.params).zip(own)
        {
            let Some(slot) = *slot else { continue };
            let called = match (&function.vars[param.var.0].kind, wanted) {
                (Kind::Function, SlotArg::Shadow(place)) => self.names.of(place.root),
                (kind, _) => {
                    let called = self.names.local("d_captured");
                    let of = self.slot_for(&function, param.var, kind, name, tokens);
                    lets.extend(quote!(let mut #called = #of;));
                    called
                }
            };
            function.vars[slot.0].name = called;
            given.push(slot);
        }
        let cotangents = self.cotangents(rule, captured.len(), &mut function, &mut given);
        let inputs = inputs(lambda, &function);
        let (output, body) = (&lambda.output, self.inner_body(&function, given));
        quote!(&mut |#(#inputs,)* #(#cotangents),*| #output { #body })
    }

    /// A slot of known type for what is captured.
    fn slot_for(
        &self,
        function: &Function,
        param: Var,
        kind: &Kind,
        name: &Ident,
        slot: &TokenStream,
    ) -> TokenStream {
        let by_value = function.vars[param.0].class != crate::ir::Class::Ref;
        let (helper, of) = match kind {
            Kind::Slice(_) => ("slice_slot_for", quote!(&#name[..])),
            _ if by_value => ("slot_for", quote!(&#name)),
            _ => ("slot_for", quote!(#name)),
        };
        let helper = self.paths.private(helper);
        quote!(#helper(#of, #slot))
    }

    /// `mut d_out`, `mut d_t`, with their types where these are known.
    fn cotangents(
        &mut self,
        rule: &Rule,
        captures: usize,
        function: &mut Function,
        given: &mut Vec<Var>,
    ) -> Vec<TokenStream> {
        let d_out = rule.d_out.map(|d_out| {
            let name = self.names.local("d_result");
            let ty = float(&function.vars[d_out.0].kind).map(|ty| quote!(: #ty));
            function.vars[d_out.0].name = name.clone();
            quote!(mut #name #ty)
        });
        let own = rule.slots.iter().zip(&rule.function.params).skip(captures);
        let slots: Vec<TokenStream> = own
            .map(|(slot, param)| {
                let Some(slot) = *slot else {
                    let inert = function.vars[param.var.0].kind == Kind::Inert;
                    let unit = inert.then(|| quote!(: ::core::option::Option<&mut ()>));
                    return quote!(_ #unit);
                };
                let name = self.names.local("d_argument");
                let ty = float(&function.vars[slot.0].kind);
                let ty = ty.map(|ty| quote!(: ::core::option::Option<&mut #ty>));
                function.vars[slot.0].name = name.clone();
                given.push(slot);
                quote!(mut #name #ty)
            })
            .collect();
        d_out.into_iter().chain(slots).collect()
    }

    fn inner_body(&self, function: &Function, given: Vec<Var>) -> TokenStream {
        let context = Context {
            given,
            lends: false,
            ..self.context.clone()
        };
        body(function, &context)
    }
}

/// `t: f64`
fn inputs(lambda: &Lambda, function: &Function) -> Vec<TokenStream> {
    let own = function.params.iter().skip(lambda.captured.1);
    let input = |(param, ty): (&crate::ir::Param, &Option<syn::Type>)| {
        let name = &function.vars[param.var.0].name;
        let ty = ty.as_ref().map(|ty| quote!(: #ty));
        quote!(#name #ty)
    };
    own.zip(&lambda.inputs).map(input).collect()
}

/// What is captured is called in a closure as around it.
fn rename(function: &mut Function, captured: &[Ident]) {
    let params: Vec<Var> = function.params.iter().map(|param| param.var).collect();
    for (param, name) in params.into_iter().zip(captured) {
        function.vars[param.0].name = name.clone();
    }
}

fn float(kind: &Kind) -> Option<TokenStream> {
    use crate::ir::Float;
    match kind {
        Kind::Float(Float::F32) => Some(quote!(f32)),
        Kind::Float(Float::F64) => Some(quote!(f64)),
        Kind::Float(Float::Generic(name)) => Some(quote!(#name)),
        _ => None,
    }
}

/// The name, if that is all there is.
fn alone(tokens: &TokenStream) -> Option<Ident> {
    let mut trees = tokens.clone().into_iter();
    match (trees.next(), trees.next()) {
        (Some(TokenTree::Ident(name)), None) => Some(name),
        _ => None,
    }
}
