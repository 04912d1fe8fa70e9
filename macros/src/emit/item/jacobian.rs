//! `f_value_and_jacobian`: the forward sweep once, and a reverse sweep for each row; and `f_jacobian`, its second half.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use syn::Type;

use super::gradient::{accumulator, active, with_respect_to};
use super::{bounds, copied, cotangent, readings, sibling, Body, Written};
use crate::parse::function::Function;
use crate::parse::signature::Param;
use crate::parse::{rows, types};

/// `fn f_value_and_jacobian(params…) -> (Y, J)` and `fn f_jacobian(params…) -> J`, if the option asks for it and the
/// number of rows is known.
pub fn emit(function: &Function, body: &mut Body) -> Option<TokenStream> {
    function.options.jacobian?;
    let rows = rows::count(&function.outcome, &function.params, &function.reals)?;
    active(function).next()?;
    let mut of_reading = |(function, condition): (Function, TokenStream)| {
        let tokens = both(&function, rows, body);
        quote!(#condition #tokens)
    };
    let both: TokenStream = match function.readings.is_empty() {
        true => of_reading((function.clone(), TokenStream::new())),
        false => readings(function).map(of_reading).collect(),
    };
    let second = second(function, rows);
    Some(guarded(function, quote!(#both #second)))
}

/// Rows of slices are on the heap.
fn guarded(function: &Function, tokens: TokenStream) -> TokenStream {
    let tapeless = &function.options.tapeless;
    match active(function).any(|param| cotangent::needs_alloc(&param.ty)) {
        false => tokens,
        true if function.options.no_alloc => TokenStream::new(),
        true => quote!(#tapeless::__with_alloc! { #tokens }),
    }
}

fn both(function: &Function, rows: usize, body: &mut Body) -> TokenStream {
    let of_rows = Function {
        rows: Some(rows),
        ..function.clone()
    };
    let written = match sibling::declared(function) {
        true => Written::default(),
        false => body(&of_rows),
    };
    let doc = format!(
        "The value of `{}`, and the derivatives of its parts, a row each, {}.{}",
        function.sig.ident,
        with_respect_to(function),
        written.storage
    );
    let (value, matrices) = (function.outcome.ty(), output(function, rows));
    let output = quote!((#value, #matrices));
    let statements = statements(function, rows, &written);
    sibling(function, "value_and_jacobian", &doc, &output, statements)
}

fn second(function: &Function, rows: usize) -> TokenStream {
    let doc = format!(
        "The derivatives of the parts of `{}`, a row each, {}.",
        function.sig.ident,
        with_respect_to(function)
    );
    let callee = sibling::callee(function, &sibling::name(function, "value_and_jacobian"));
    let arguments = sibling::arguments(function);
    let statements = quote!(#callee(#(#arguments),*).1);
    sibling(
        function,
        "jacobian",
        &doc,
        &output(function, rows),
        statements,
    )
}

fn sibling(
    function: &Function,
    suffix: &str,
    doc: &str,
    output: &TokenStream,
    statements: TokenStream,
) -> TokenStream {
    let generics = bounds::generics(function);
    let keep_mut = suffix != "jacobian" && !sibling::declared(function);
    let params = sibling::params(function, keep_mut);
    let clause = &generics.where_clause;
    let head = sibling::head(function, suffix, doc, &generics, false);
    let body = sibling::body(function, statements);
    quote!(#head(#(#params),*) -> #output #clause #body)
}

/// Accumulators, the body with slots for them, and what they hold then.
fn statements(function: &Function, rows: usize, written: &Written) -> TokenStream {
    let tapeless = &function.options.tapeless;
    let read = (function.params.iter()).filter_map(|param| copied::read(function, param));
    let (mut sums, mut slots) = (TokenStream::new(), TokenStream::new());
    let mut results = Vec::new();
    for param in active(function) {
        let place = cotangent::place(function, param);
        let names = (0..rows).map(|row| name(param, row));
        let names: Vec<Ident> = names.collect();
        let mut parts = Vec::new();
        for name in &names {
            let (sum, part) = accumulator(function, param, name, false);
            sums.extend(sum);
            slots.extend(quote! {
                let mut #name = #tapeless::__private::slot::<#place, _>(&mut #name);
            });
            parts.push(part);
        }
        results.push(parts);
    }
    let (tokens, matrices) = (&written.tokens, matrices(function, &results));
    quote! { #sums let value_1 = { #slots #(#read)* #tokens }; (value_1, #matrices) }
}

/// What the slot of a row is called; the pipeline calls it so as well.
fn name(param: &Param, row: usize) -> Ident {
    format_ident!("{}_{row}", param.slot)
}

/// The matrices of the parameters, whose rows are given; for floats alone, one of a column each.
fn matrices(function: &Function, parts: &[Vec<TokenStream>]) -> TokenStream {
    if are_floats(function) {
        let rows = (0..parts.first().map_or(0, Vec::len)).map(|row| {
            let row = parts.iter().map(|parts| &parts[row]);
            quote!([#(#row),*])
        });
        return quote!([#(#rows),*]);
    }
    let tapeless = &function.options.tapeless;
    let matrices = active(function)
        .zip(parts)
        .map(|(param, parts)| match shape(function, param) {
            Shape::Column => quote!([#([#parts]),*]),
            Shape::Rows => quote!([#(#parts),*]),
            Shape::Heap => quote!(#tapeless::__private::alloc::Vec::from([#(#parts),*])),
        });
    tuple(matrices.collect())
}

fn output(function: &Function, rows: usize) -> TokenStream {
    if are_floats(function) {
        let columns = active(function).count();
        let ty = active(function)
            .next()
            .map(|param| cotangent::cotangent(function, &param.ty));
        return quote!([[#ty; #columns]; #rows]);
    }
    let tapeless = &function.options.tapeless;
    let matrices = active(function).map(|param| {
        let of = cotangent::cotangent(function, &param.ty);
        match shape(function, param) {
            Shape::Column => quote!([[#of; 1]; #rows]),
            Shape::Rows => quote!([#of; #rows]),
            Shape::Heap => quote!(#tapeless::__private::alloc::Vec<#of>),
        }
    });
    tuple(matrices.collect())
}

fn tuple(parts: Vec<TokenStream>) -> TokenStream {
    match parts.as_slice() {
        [one] => one.clone(),
        several => quote!((#(#several),*)),
    }
}

/// How a parameter's rows are held.
enum Shape {
    /// `[[T; 1]; M]`
    Column,
    /// `[C; M]`
    Rows,
    /// `Vec<Vec<T>>`
    Heap,
}

fn shape(function: &Function, param: &Param) -> Shape {
    match param.referent() {
        ty if types::is_float(ty, &function.reals) => Shape::Column,
        Type::Slice(_) => Shape::Heap,
        ty if cotangent::has_length(ty) => Shape::Heap,
        _ => Shape::Rows,
    }
}

/// Whether all active parameters are floats of one type.
fn are_floats(function: &Function) -> bool {
    let mut types = active(function).map(|param| param.referent());
    let Some(first) = types.next() else {
        return false;
    };
    let is_float = |ty: &Type| types::is_float(ty, &function.reals);
    is_float(first) && types.all(|ty| ty == first)
}
