//! The stages in order.

use std::collections::{HashMap, HashSet};
use std::panic::{catch_unwind, AssertUnwindSafe};

use proc_macro2::TokenStream;
use quote::quote;
use syn::Type;

use crate::choices::Choices;
use crate::diagnostics::{fallback, no_alloc, Errors, Slug};
use crate::differentiate::Adjoint;
use crate::emit::item::{Start, Written};
use crate::emit::{size, storage_doc, Context};
use crate::ir::{self, verify, Var};
use crate::parse::container::Container;
use crate::parse::function::Function;
use crate::parse::neighbours::Neighbours;
use crate::parse::signature::{By, Param};
use crate::parse::types;
use crate::prepare::prepare;
use crate::seen::{Bodies, Seen};
use crate::simplify::{arrays, chunks, hold, refill, simplify};
use crate::{analyse, emit, parse, rows};

/// `#[differentiate(attr)] item`
pub fn differentiate(attr: TokenStream, item: TokenStream) -> TokenStream {
    differentiate_by(Choices::default(), attr, item)
}

/// The same, with other choices than the macro's own.
pub fn differentiate_by(choices: Choices, attr: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::new();
    let item = parse::groups::visible(item);
    let mut input = parse::parse(attr, item.clone(), &mut errors);
    input.iter_mut().for_each(pointers);
    input
        .iter_mut()
        .for_each(|input| leave_alone(choices, input));
    print(choices, input, item, errors)
}

/// Pointers to functions are inert unless something active goes into calls of them: then they come with rules.
fn pointers(input: &mut parse::Input) {
    match input {
        parse::Input::Function(function) if called_with_floats(function) => {
            function.params.iter_mut().for_each(Param::take_rule);
        }
        parse::Input::Container(container) => container.inner.iter_mut().for_each(pointers),
        _ => {}
    }
}

/// Takes out the functions of modules that are refused, where that is no error.
fn leave_alone(choices: Choices, input: &mut parse::Input) {
    let parse::Input::Container(container) = input else {
        return;
    };
    for index in refused(choices, container) {
        if let parse::Input::Function(function) = &container.inner[index] {
            container.inner[index] = parse::Input::Plain(function.original.clone());
        }
    }
    let inner = container.inner.iter_mut();
    inner.for_each(|input| leave_alone(choices, input));
}

fn refused(choices: Choices, container: &Container) -> Vec<usize> {
    let optional = container.inner.iter().enumerate();
    let optional = optional.filter_map(|(index, input)| match input {
        parse::Input::Function(function) if function.optional => Some((index, function)),
        _ => None,
    });
    let optional: Vec<_> = optional.collect();
    if optional.is_empty() {
        return Vec::new();
    }
    let (around, bodies) = (Neighbours::default().within(container), Bodies::default());
    let seen = Seen {
        around: &around,
        bodies: &bodies,
    };
    let is_refused = |function: &Function| {
        let mut errors = Errors::new();
        let run = AssertUnwindSafe(|| adjoint(choices, function, &seen, &mut errors).is_none());
        catch_unwind(run).unwrap_or(true) || !errors.is_empty()
    };
    let refused = optional
        .into_iter()
        .filter(|(_, function)| is_refused(function));
    refused.map(|(index, _)| index).collect()
}

fn called_with_floats(function: &Function) -> bool {
    if !function.sound || !function.params.iter().any(Param::may_take_rule) {
        return false;
    }
    let (around, bodies) = (Neighbours::alone(function), Bodies::default());
    let seen = Seen {
        around: &around,
        bodies: &bodies,
    };
    let primal = seen.lowered(function, &mut Errors::new());
    primal.is_some_and(|primal| !analyse::given(&primal).is_empty())
}

/// `#[derivative(attr)] item`
pub fn derivative(attr: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::new();
    let item = parse::groups::visible(item);
    let input = parse::parse_derivative(attr, item.clone(), &mut errors);
    print(Choices::default(), input, item, errors)
}

/// The item with its siblings, and whatever was refused.
fn print(
    choices: Choices,
    input: Option<parse::Input>,
    item: TokenStream,
    mut errors: Errors,
) -> TokenStream {
    let output = match &input {
        Some(input) => {
            let bodies = Bodies::default();
            emit::item::emit(input, &mut |function, around| {
                let seen = Seen {
                    around,
                    bodies: &bodies,
                };
                body(choices, function, &seen, &mut errors)
            })
        }
        None => item,
    };
    let errors = errors.into_compile_errors();
    quote!(#output #errors)
}

/// The body of `f_vjp`: forward sweep, reverse sweep, result.
fn body(choices: Choices, function: &Function, seen: &Seen, errors: &mut Errors) -> Written {
    let clean = errors.is_empty();
    let run = AssertUnwindSafe(|| adjoint(choices, function, seen, errors));
    // Whatever is wrong with a function has been said of its adjoint.
    let sound = function.sound && (function.rows.is_none() || clean);
    let result = match sound.then(|| catch_unwind(run)) {
        Some(Err(_)) => fault(function, errors, "a stage panicked"),
        Some(Ok(adjoint)) => adjoint,
        None => None,
    };
    result.unwrap_or_else(|| Written {
        tokens: fallback::body(&function.sig.ident),
        ..Written::default()
    })
}

fn adjoint(
    choices: Choices,
    function: &Function,
    seen: &Seen,
    errors: &mut Errors,
) -> Option<Written> {
    refuse_unasked(function, errors)?;
    let mut primal = seen.lowered(function, errors)?;
    check(function, errors, || verify::primal(&primal))?;
    if choices.inline {
        seen.inline(function, &mut primal);
    }
    check(function, errors, || verify::primal(&primal))?;
    refuse_lost(&primal, errors)?;
    prepare(choices, &mut primal);
    check(function, errors, || verify::primal(&primal))?;
    let facts = analyse::analyse(&primal);
    // A zero that is recorded is taken out of the record once, and not once per row.
    let choices = Choices {
        zeros: choices.zeros && function.rows.is_none(),
        ..choices
    };
    let mut adjoint = crate::differentiate::adjoint(choices, &primal, &facts, errors)?;
    name_slots(function, &mut adjoint);
    let asked_again = function.lends && !analyse::lends_a_place(&primal);
    if asked_again {
        adjoint.drop_result();
    }
    let (given, slots) = given(function, &mut adjoint, errors)?;
    check(function, errors, || {
        verify::adjoint(&adjoint.function, &given)
    })?;
    let mut simplified = simplify(adjoint.function, choices, !function.options.no_alloc);
    let assigned = arrays::add_at_once(&mut simplified, &lengths(function, &slots));
    let starts = starts(function, &mut simplified, &slots, &assigned);
    chunks::as_heads(&mut simplified);
    refill::where_taken(&mut simplified);
    if function.options.no_alloc {
        no_alloc::check(&simplified, errors);
    }
    check(function, errors, || verify::adjoint(&simplified, &given))?;
    let context = Context {
        crate_path: function.options.tapeless.clone(),
        given,
        taken: seen.around.constants().clone(),
        no_alloc: function.options.no_alloc,
        lends: function.lends,
    };
    Some(Written {
        tokens: emit::body(&simplified, &context),
        storage: storage_doc::section(&simplified, &context),
        is_small: size::is_small(&simplified),
        starts,
        resized: adjoint.resized,
        asked_again,
    })
}

/// What is defined around the body, and the slots among it: of one adjoint, or of each row one after another.
fn given(
    function: &Function,
    adjoint: &mut Adjoint,
    errors: &mut Errors,
) -> Option<(Vec<Var>, Vec<Option<Var>>)> {
    let Some(rows) = function.rows else {
        let slots = adjoint.slots.clone();
        let given = adjoint.d_out.into_iter();
        return Some((
            given.chain(slots.iter().copied().flatten()).collect(),
            slots,
        ));
    };
    match rows::fan_out(adjoint, rows) {
        Ok(slots) => Some((slots.iter().copied().flatten().collect(), slots)),
        Err((span, what)) => {
            errors.refuse_with(Slug::Jacobian, span, what);
            None
        }
    }
}

/// The siblings of a trait's implementation may not ask more than the trait does.
fn refuse_unasked(function: &Function, errors: &mut Errors) -> Option<()> {
    let unasked = emit::item::unasked(function);
    for name in &unasked {
        errors.refuse_with(Slug::UnaskedBound, name.span(), &format!("`{name}`"));
    }
    unasked.is_empty().then_some(())
}

/// A gradient must not get lost in silence.
fn refuse_lost(primal: &ir::Function, errors: &mut Errors) -> Option<()> {
    let lost = analyse::lost(primal);
    for var in &lost {
        let name = &primal.vars[var.0].name;
        errors.refuse_with(Slug::GradientLost, name.span(), &format!("`{name}`"));
    }
    let given = analyse::given(primal);
    for span in &given {
        errors.refuse(Slug::FunctionPointer, *span);
    }
    (lost.is_empty() && given.is_empty()).then_some(())
}

/// The IR is verified between stages while the compiler itself is compiled for debugging.
fn check(
    function: &Function,
    errors: &mut Errors,
    verify: impl FnOnce() -> Vec<String>,
) -> Option<()> {
    let faults = if cfg!(debug_assertions) {
        verify()
    } else {
        Vec::new()
    };
    match faults.first() {
        Some(found) => fault(function, errors, found),
        None => Some(()),
    }
}

/// A fault of the compiler is an error like any other: it never takes the user's function with it.
fn fault<T>(function: &Function, errors: &mut Errors, what: &str) -> Option<T> {
    errors.refuse_with(Slug::Internal, function.sig.ident.span(), what);
    None
}

/// The slots of arrays of floats whose length is a number.
fn lengths(function: &Function, slots: &[Option<Var>]) -> HashMap<Var, usize> {
    let params = function.params.iter().cycle().zip(slots);
    params
        .filter_map(|(param, slot)| {
            Some((
                (*slot)?,
                types::float_array(param.referent(), &function.reals)?,
            ))
        })
        .collect()
}

/// The slots of slices and arrays of floats that are only read.
fn elements(function: &Function, slots: &[Option<Var>]) -> Vec<Var> {
    let params = function.params.iter().cycle().zip(slots);
    let only_read = |param: &Param| {
        let of = types::element(param.referent());
        param.by != By::RefMut && of.is_some_and(|of| types::is_float(of, &function.reals))
    };
    params
        .filter_map(|(param, slot)| slot.filter(|_| only_read(param)))
        .collect()
}

/// What the body does with each slot that starts from nothing, where those of `assigned` are added to once.
fn starts(
    function: &Function,
    adjoint: &mut ir::Function,
    slots: &[Option<Var>],
    assigned: &HashSet<Var>,
) -> Vec<Start> {
    let mut blank = elements(function, slots);
    blank.retain(|slot| !assigned.contains(slot));
    let blank = hold::in_cotangents(adjoint, &blank);
    let params = function.params.iter().zip(&adjoint.params).cycle();
    let start = |(slot, (param, primal)): (&Option<Var>, (&Param, &ir::Param))| {
        let Some(slot) = slot else {
            return Start::Zeros;
        };
        let is_slice = matches!(param.referent(), Type::Slice(_));
        match blank.contains(slot) {
            _ if assigned.contains(slot) => Start::AtOnce,
            true if is_slice && hold::overwrites(adjoint, *slot, primal.var) => Start::Overwritten,
            true => Start::Blank,
            false => Start::Zeros,
        }
    };
    slots.iter().zip(params).map(start).collect()
}

/// The slots are called in the body as in the signature.
fn name_slots(function: &Function, adjoint: &mut Adjoint) {
    for (param, slot) in function.params.iter().zip(&adjoint.slots) {
        if let Some(info) = slot.and_then(|slot| adjoint.function.vars.get_mut(slot.0)) {
            info.name = param.slot.clone();
        }
    }
    if let Some(info) = adjoint
        .d_out
        .and_then(|seed| adjoint.function.vars.get_mut(seed.0))
    {
        info.name = function.seed.clone();
    }
}
