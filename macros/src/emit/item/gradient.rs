//! `f_grad`, `f_value_and_grad`, `f_grad_into`: thin covers of `f_vjp`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::ext::IdentExt;
use syn::{Generics, Ident, Type};

use super::{bounds, cotangent, rule, sibling, Start, Written};
use crate::parse::function::Function;
use crate::parse::signature::{By, Outcome, Param};
use crate::parse::types;

/// The gradient siblings, for functions that return a float or an `Option` or `Result` of one.
pub fn emit(function: &Function, vjp: &Written) -> Option<TokenStream> {
    active(function).next()?;
    let shape = Shape::of(function)?;
    let shape = Shape {
        storage: vjp.storage.clone(),
        starts: vjp.starts.clone(),
        ..shape
    };
    let (value_and_grad, grad) = (value_and_grad(function, &shape), grad(function, &shape));
    let grad_into = grad_into(function, &shape);
    let tapeless = &function.options.tapeless;
    let heap = active(function).any(|param| cotangent::needs_alloc(&param.ty));
    let owned = match heap {
        false => quote!(#grad #value_and_grad),
        // Under `no_alloc` there is `f_grad_into`.
        true if function.options.no_alloc => TokenStream::new(),
        true => quote!(#tapeless::__with_alloc! { #grad #value_and_grad }),
    };
    Some(quote!(#owned #grad_into))
}

/// What differs with the type of the result.
struct Shape {
    generics: Generics,
    /// Type of the gradient.
    gradient: TokenStream,
    /// Return type of `f_grad`.
    grad: TokenStream,
    /// Return type of `f_value_and_grad`.
    value_and_grad: TokenStream,
    /// The cotangent that `f_vjp` starts from.
    seed: TokenStream,
    wrap: Wrap,
    /// A section of the documentation.
    storage: String,
    /// For each parameter, what `f_vjp` does with its cotangent if nothing is there yet.
    starts: Vec<Start>,
}

/// How a gradient is returned beside a value.
enum Wrap {
    Plain,
    /// In `Some`.
    Some,
    /// In `Ok`.
    Ok,
    /// By the implementation of `Seed` for this type.
    Seed(TokenStream),
}

impl Shape {
    fn of(function: &Function) -> Option<Shape> {
        let generics = bounds::generics(function);
        let gradient = gradient(function);
        match &function.outcome {
            Outcome::Float(ty) => Some(Shape {
                generics,
                grad: gradient.clone(),
                value_and_grad: quote!((#ty, #gradient)),
                gradient,
                seed: cotangent::literal(function, ty, quote!(1.0)),
                wrap: Wrap::Plain,
                storage: String::new(),
                starts: Vec::new(),
            }),
            Outcome::Option(ty) => Shape::option(function, ty, generics, gradient),
            Outcome::Result(ty) => Shape::result(function, ty, generics, gradient),
            Outcome::Named(ty) => Some(Shape::named(function, ty, generics, gradient)),
            Outcome::Nothing | Outcome::Inert(_) | Outcome::Many(_) | Outcome::Refused => None,
        }
    }

    fn option(
        function: &Function,
        ty: &Type,
        generics: Generics,
        gradient: TokenStream,
    ) -> Option<Shape> {
        let value = types::argument(types::as_path(ty)?, 0)?;
        let one = cotangent::literal(function, value, quote!(1.0));
        Some(Shape {
            generics,
            grad: quote!(::core::option::Option<#gradient>),
            value_and_grad: quote!(::core::option::Option<(#value, #gradient)>),
            gradient,
            seed: quote!(::core::option::Option::Some(#one)),
            wrap: Wrap::Some,
            storage: String::new(),
            starts: Vec::new(),
        })
    }

    fn result(
        function: &Function,
        ty: &Type,
        generics: Generics,
        gradient: TokenStream,
    ) -> Option<Shape> {
        let path = types::as_path(ty)?;
        let (value, error) = (types::argument(path, 0)?, types::argument(path, 1)?);
        let one = cotangent::literal(function, value, quote!(1.0));
        Some(Shape {
            generics,
            grad: quote!(::core::result::Result<#gradient, #error>),
            value_and_grad: quote!(::core::result::Result<(#value, #gradient), #error>),
            gradient,
            seed: quote!(::core::option::Option::Some(#one)),
            wrap: Wrap::Ok,
            storage: String::new(),
            starts: Vec::new(),
        })
    }

    fn named(
        function: &Function,
        ty: &Type,
        mut generics: Generics,
        gradient: TokenStream,
    ) -> Shape {
        let lifetime = bounds::seed(function, ty, &mut generics);
        let tapeless = &function.options.tapeless;
        let seed = quote!(<#ty as #tapeless::Seed<#lifetime>>);
        Shape {
            generics,
            grad: quote!(#seed::Grad<#gradient>),
            value_and_grad: quote!(#seed::ValueAndGrad<#gradient>),
            gradient,
            seed: quote!(#seed::one()),
            wrap: Wrap::Seed(seed),
            storage: String::new(),
            starts: Vec::new(),
        }
    }
}

impl Shape {
    /// The parameters with what `f_vjp` does with their cotangents.
    fn started<'f>(&self, function: &'f Function) -> impl Iterator<Item = (&'f Param, Start)> {
        let starts = self.starts.clone().into_iter();
        let starts = starts.chain(std::iter::repeat(Start::Zeros));
        function.params.iter().zip(starts)
    }
}

pub(super) fn active(function: &Function) -> impl Iterator<Item = &Param> {
    function.params.iter().filter(|param| param.is_active())
}

/// The type of the gradient: the cotangent of the active parameter, or a tuple if there are several.
fn gradient(function: &Function) -> TokenStream {
    let parts: Vec<_> = active(function)
        .map(|p| cotangent::cotangent(function, &p.ty))
        .collect();
    match parts.as_slice() {
        [one] => one.clone(),
        several => quote!((#(#several),*)),
    }
}

// `value_1`: with a number, lest it be the name of one of the user's constants.
fn grad(function: &Function, shape: &Shape) -> TokenStream {
    let doc = format!(
        "The gradient of `{}` {}.",
        function.sig.ident,
        with_respect_to(function)
    );
    let run = run(function, shape);
    let gradient = &run.gradient;
    let tail = match &shape.wrap {
        Wrap::Plain => quote!(#gradient),
        Wrap::Some => quote!(value_1.map(|_| #gradient)),
        Wrap::Ok => quote!(value_1.map(|_| #gradient)),
        Wrap::Seed(seed) => quote!(#seed::grad(value_1, #gradient)),
    };
    cover(function, shape, "grad", &doc, &shape.grad, &run, tail)
}

fn value_and_grad(function: &Function, shape: &Shape) -> TokenStream {
    let name = &function.sig.ident;
    let doc = format!(
        "The value of `{name}` and its gradient {}.",
        with_respect_to(function)
    );
    let run = run(function, shape);
    let gradient = &run.gradient;
    let tail = match &shape.wrap {
        Wrap::Plain => quote!((value_1, #gradient)),
        Wrap::Some | Wrap::Ok => quote!(value_1.map(|value_1| (value_1, #gradient))),
        Wrap::Seed(seed) => quote!(#seed::value_and_grad(value_1, #gradient)),
    };
    cover(
        function,
        shape,
        "value_and_grad",
        &doc,
        &shape.value_and_grad,
        &run,
        tail,
    )
}

/// A function that makes accumulators, runs `f_vjp` and hands out what they hold.
fn cover(
    function: &Function,
    shape: &Shape,
    suffix: &str,
    doc: &str,
    output: &TokenStream,
    run: &Run,
    tail: TokenStream,
) -> TokenStream {
    let head = sibling::head(
        function,
        suffix,
        &format!("{doc}{}{}", rule::doc(function), shape.storage),
        &shape.generics,
        false,
    );
    let params = sibling::params(function, false).into_iter();
    let params = params.chain(rules(function));
    let clause = &shape.generics.where_clause;
    let (accumulators, call) = (&run.accumulators, &run.call);
    let body = body(
        function,
        shape,
        quote! { #accumulators let value_1 = #call; #tail },
    );
    quote!(#head(#(#params),*) -> #output #clause #body)
}

/// A body in braces, or a semicolon where a trait only declares. What a trait's own type stands for is known in its
/// implementations alone, where it may be many floats: there the trait provides what one float would have.
fn body(function: &Function, shape: &Shape, body: TokenStream) -> TokenStream {
    match shape.wrap {
        Wrap::Seed(_) => quote!({ #body }),
        _ => sibling::body(function, body),
    }
}

/// The pieces of a run of `f_vjp`.
struct Run {
    accumulators: TokenStream,
    call: TokenStream,
    gradient: TokenStream,
}

fn run(function: &Function, shape: &Shape) -> Run {
    let (accumulators, parts): (Vec<_>, Vec<_>) = shape
        .started(function)
        .filter(|(param, _)| param.is_active())
        .map(|(param, start)| accumulator(function, param, &param.slot, start == Start::AtOnce))
        .unzip();
    let slots = slots(function, shape, |name| quote!(&mut #name));
    Run {
        accumulators: quote!(#(#accumulators)*),
        call: call(function, &shape.seed, &slots),
        gradient: match parts.as_slice() {
            [one] => one.clone(),
            several => quote!((#(#several),*)),
        },
    }
}

/// Declares the accumulator of a parameter, and reads it.
pub(super) fn accumulator(
    function: &Function,
    param: &Param,
    slot: &Ident,
    at_once: bool,
) -> (TokenStream, TokenStream) {
    let (name, tapeless) = (&param.name, &function.options.tapeless);
    let ty = cotangent::cotangent(function, &param.ty);
    if param.by != By::RefMut && function.is_float(param.referent()) {
        // A first contribution that is assigned saves the addition to zero.
        let fresh = quote!(let mut #slot = #tapeless::Fresh::<#ty>::new(););
        return (fresh, quote!(#slot.take_or_zero()));
    }
    let primal = match param.by {
        By::Value => quote!(&#name),
        By::Ref => quote!(#name),
        By::RefMut => quote!(&*#name),
    };
    if at_once {
        let sum = quote!(let mut #slot = #tapeless::__private::Sum::<#ty, _>::new(#primal););
        return (sum, quote!(#slot.settle()));
    }
    let zero = cotangent::zero(function, &param.ty)
        .unwrap_or_else(|| quote!(#tapeless::Differentiable::zero_cotangent(#primal)));
    (quote!(let mut #slot: #ty = #zero;), quote!(#slot))
}

fn slots(
    function: &Function,
    shape: &Shape,
    lend: impl Fn(&syn::Ident) -> TokenStream,
) -> Vec<TokenStream> {
    let tapeless = &function.options.tapeless;
    let slot = |(param, start): (&Param, Start)| {
        let slot = param.slot.clone();
        // As a slice, whose length and address the adjoint keeps at hand, which it cannot do for those of a vector.
        let place = match param.referent() {
            Type::Slice(_) => quote!(&mut #slot[..]),
            _ => lend(&slot),
        };
        match (param.is_active(), start) {
            _ if param.is_function() => quote!(#slot),
            (false, _) => quote!(#tapeless::Inactive),
            (true, Start::Blank | Start::Overwritten) => {
                quote!(#tapeless::__private::Blank(#place))
            }
            (true, Start::AtOnce) => lend(&slot),
            (true, Start::Zeros) => place,
        }
    };
    shape.started(function).map(slot).collect()
}

fn call(function: &Function, seed: &TokenStream, slots: &[TokenStream]) -> TokenStream {
    let callee = sibling::callee(function, &sibling::name(function, "vjp"));
    let arguments = sibling::arguments(function);
    quote!(#callee(#(#arguments,)* #seed, #(#slots),*))
}

/// `fn f_grad_into(params…, d_x: &mut C, …) -> Y`: every buffer is checked, then cleared, unless it is written to from
/// end to end, then added to.
fn grad_into(function: &Function, shape: &Shape) -> TokenStream {
    let name = &function.sig.ident;
    let doc = format!(
        "The value of `{name}`; overwrites the buffers with its gradient {}.{}{}\n\n# Panics\n\nIf a buffer \
         has not the length of its parameter.",
        with_respect_to(function),
        rule::doc(function),
        shape.storage
    );
    let head = sibling::head(function, "grad_into", &doc, &shape.generics, false);
    let params = sibling::params(function, false);
    let buffers = function
        .params
        .iter()
        .filter_map(|param| buffer(function, param));
    let checks = active(function).filter_map(|param| check(function, param));
    let needed =
        |(param, start): &(&Param, Start)| param.is_active() && *start != Start::Overwritten;
    let clears = shape.started(function).filter(needed);
    let clears = clears.map(|(param, _)| clear(function, param));
    let call = call(
        function,
        &shape.seed,
        &slots(function, shape, |name| quote!(&mut *#name)),
    );
    let (output, clause) = (&function.sig.output, &shape.generics.where_clause);
    let body = body(function, shape, quote!(#(#checks)* #(#clears)* #call));
    quote!(#head(#(#params,)* #(#buffers),*) #output #clause #body)
}

/// `d_x: &mut C`, or the rule of a function.
fn buffer(function: &Function, param: &Param) -> Option<TokenStream> {
    let (slot, rule) = (&param.slot, rule::of(function, param));
    let place = param.is_active().then(|| cotangent::place(function, param));
    let place = place.map(|place| quote!(&mut #place));
    rule.or(place).map(|ty| quote!(#slot: #ty))
}

/// The rules of the functions among the parameters, as parameters.
fn rules(function: &Function) -> impl Iterator<Item = TokenStream> + '_ {
    function.params.iter().filter_map(|param| {
        let (slot, rule) = (&param.slot, rule::of(function, param)?);
        Some(quote!(#slot: #rule))
    })
}

fn check(function: &Function, param: &Param) -> Option<TokenStream> {
    let (name, slot, tapeless) = (&param.name, param.slot.clone(), &function.options.tapeless);
    let text = name.unraw().to_string();
    cotangent::has_length(param.referent())
        .then(|| quote!(#tapeless::__private::check_len(#text, #slot.len(), #name.len());))
}

fn clear(function: &Function, param: &Param) -> TokenStream {
    let (slot, tapeless) = (param.slot.clone(), &function.options.tapeless);
    match (
        param.referent(),
        cotangent::zero(function, param.referent()),
    ) {
        (_, Some(zero)) => quote!(*#slot = #zero;),
        (Type::Slice(slice), None) => match cotangent::zero(function, &slice.elem) {
            Some(zero) => quote!(#slot.fill(#zero);),
            None => quote! {
                for cotangent in #slot.iter_mut() {
                    #tapeless::Cotangent::fill_zero(cotangent);
                }
            },
        },
        _ => quote!(#tapeless::Cotangent::fill_zero(#slot);),
    }
}

/// "with respect to `x` and `y`", for the documentation.
pub(super) fn with_respect_to(function: &Function) -> String {
    let names: Vec<String> = active(function)
        .map(|param| format!("`{}`", param.name))
        .collect();
    match names.split_last() {
        Some((last, rest)) if !rest.is_empty() => {
            format!("with respect to {} and {last}", rest.join(", "))
        }
        _ => format!("with respect to {}", names.join("")),
    }
}
