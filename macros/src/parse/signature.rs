//! Parameters and results: which are active, in what shape they are passed.

use proc_macro2::Span;
use quote::{format_ident, ToTokens};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{
    Expr, ExprPath, FnArg, Generics, Ident, Local, LocalInit, Pat, PatIdent, Receiver,
    ReceiverKind, ReturnType, Signature, Stmt, Token, Type, TypePath, TypeReference,
};

use super::arguments::Options;
use super::higher_order::rule;
use super::higher_order::signature::{handed, Family, Handed};
use super::higher_order::streams;
use super::types::{self, Carries};
use super::{lifetimes, spelling, strip};
use crate::diagnostics::{Errors, Slug};

/// A parameter of a differentiated function.
#[derive(Clone, Debug)]
pub struct Param {
    /// Its name, `self` for a receiver; parameters that are patterns get one.
    pub name: Ident,
    /// Its type as written; for a receiver the type of `self`.
    pub ty: Type,
    pub activity: Activity,
    pub by: By,
    /// What its slot is called.
    pub slot: Ident,
    /// What it is called with and gives, if it is a function.
    pub function: Option<Handed>,
}

/// Whether a gradient with respect to a parameter exists.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Activity {
    Active,
    /// Carries no floats.
    Inert,
    /// By the user's word.
    Constant,
    /// A function: its slot is the rule by which calls of it are reversed.
    Function,
}

/// How a parameter is passed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum By {
    Value,
    Ref,
    RefMut,
}

impl Param {
    /// Whether gradients with respect to it exist.
    pub fn is_active(&self) -> bool {
        self.activity == Activity::Active
    }

    /// Whether it is a function that comes with its rule.
    pub fn is_function(&self) -> bool {
        self.activity == Activity::Function
    }

    /// Whether it is a pointer to a function whose rule can be written down.
    pub fn may_take_rule(&self) -> bool {
        let pointer = |function: &Handed| function.family == Family::Pointer;
        self.activity == Activity::Inert
            && self.function.as_ref().is_some_and(pointer)
            && rule::of_pointer(self.function.as_ref())
    }

    /// A pointer to a function comes with a rule.
    pub fn take_rule(&mut self) {
        if self.may_take_rule() {
            self.activity = Activity::Function;
        }
    }

    /// Whether the result may depend on floats through it.
    pub fn takes_part(&self) -> bool {
        self.is_active() || self.is_function()
    }

    /// Whether it is the receiver.
    pub fn is_self(&self) -> bool {
        self.name == "self"
    }

    /// The type behind the reference, if it is one.
    pub fn referent(&self) -> &Type {
        match types::peel(&self.ty) {
            Type::Reference(reference) => types::peel(&reference.elem),
            ty => ty,
        }
    }
}

/// What a function returns.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// No value.
    Nothing,
    /// A value without floats.
    Inert(Type),
    /// Visibly one float.
    Float(Type),
    /// Visibly `Option<float>`.
    Option(Type),
    /// Visibly `Result<float, E>`.
    Result(Type),
    /// A name that may stand for a float, or for an `Option` or `Result` of one.
    Named(Type),
    /// Floats, but visibly not one float.
    Many(Type),
    /// Something that has no cotangent: there are no siblings.
    Refused,
}

impl Outcome {
    /// The type that is returned, if any.
    pub fn ty(&self) -> Option<&Type> {
        match self {
            Outcome::Nothing | Outcome::Refused => None,
            Outcome::Inert(ty) | Outcome::Float(ty) | Outcome::Option(ty) => Some(ty),
            Outcome::Result(ty) | Outcome::Named(ty) | Outcome::Many(ty) => Some(ty),
        }
    }

    /// Whether a derivative of it exists.
    pub fn carries_floats(&self) -> bool {
        !matches!(self, Outcome::Nothing | Outcome::Inert(_))
    }
}

/// Replaces patterns by names; returns the `let` statements that take them apart, for the head of the body.
pub fn name_patterns(sig: &mut Signature) -> Vec<Stmt> {
    let taken: Vec<String> = sig.inputs.iter().filter_map(name_of).collect();
    let mut lets = Vec::new();
    for (index, input) in sig.inputs.iter_mut().enumerate() {
        let FnArg::Typed(typed) = input else {
            continue;
        };
        if matches!(&*typed.pat, Pat::Ident(pat) if pat.by_ref.is_none() && pat.subpat.is_none()) {
            continue;
        }
        let mut name = format!("p{index}");
        while taken.contains(&name) {
            name.push('_');
        }
        let name = Ident::new(&name, Span::mixed_site().located_at(typed.pat.span()));
        let pat = std::mem::replace(&mut *typed.pat, named(&name));
        if !matches!(pat, Pat::Wild(_)) {
            lets.push(take_apart(pat, &name));
        }
    }
    lets
}

/// `let pat = name;`
fn take_apart(pat: Pat, name: &Ident) -> Stmt {
    let span = name.span();
    let path = syn::Path::from(name.clone());
    let init = LocalInit {
        eq_token: Token![=](span),
        expr: Box::new(Expr::Path(ExprPath {
            attrs: Vec::new(),
            qself: None,
            path,
        })),
        diverge: None,
    };
    Stmt::Local(Local {
        attrs: Vec::new(),
        modifiers: Default::default(),
        let_token: Token![let](span),
        pat,
        init: Some(init),
        semi_token: Token![;](span),
    })
}

fn name_of(input: &FnArg) -> Option<String> {
    match input {
        FnArg::Typed(typed) => match &*typed.pat {
            Pat::Ident(pat) => Some(pat.ident.to_string()),
            _ => None,
        },
        FnArg::Receiver(_) => None,
    }
}

fn named(name: &Ident) -> Pat {
    Pat::Ident(PatIdent {
        attrs: Vec::new(),
        by_ref: None,
        mutability: None,
        ident: name.clone(),
        subpat: None,
    })
}

/// Reads the parameters and takes `#[constant]` off them. Patterns have names by now.
pub fn params(sig: &mut Signature, options: &Options, errors: &mut Errors) -> Vec<Param> {
    let mut params = Vec::new();
    let generics = sig.generics.clone();
    for input in &mut sig.inputs {
        params.push(match input {
            FnArg::Receiver(receiver) => receiver_param(receiver, &generics, errors),
            FnArg::Typed(typed) => {
                let constant = strip::take_constant(&mut typed.attrs, errors);
                let name = match &*typed.pat {
                    Pat::Ident(pat) => pat.ident.clone(),
                    other => format_ident!("p", span = other.span()),
                };
                param(name, (*typed.ty).clone(), &generics, constant)
            }
        });
    }
    if let Some(wrt) = &options.wrt {
        check_wrt(wrt, &params, errors);
        restrict(wrt, &mut params);
    }
    params
}

fn receiver_param(receiver: &mut Receiver, generics: &Generics, errors: &mut Errors) -> Param {
    let constant = strip::take_constant(&mut receiver.attrs, errors);
    let name = Ident::new("self", receiver.self_token.span);
    let this = Ident::new("Self", receiver.self_token.span);
    let ty: Type = match &receiver.kind {
        ReceiverKind::Reference(and_token, lifetime, mutability) => {
            Type::Reference(TypeReference {
                attrs: Vec::new(),
                and_token: *and_token,
                lifetime: lifetime.clone(),
                mutability: *mutability,
                elem: Box::new(type_named(this)),
            })
        }
        ReceiverKind::Typed(_, ty) => (**ty).clone(),
        _ => type_named(this),
    };
    param(name, ty, generics, constant)
}

fn type_named(name: Ident) -> Type {
    Type::Path(TypePath {
        attrs: Vec::new(),
        qself: None,
        path: name.into(),
    })
}

fn param(name: Ident, ty: Type, generics: &Generics, constant: bool) -> Param {
    let by = match types::peel(&ty) {
        Type::Reference(reference) if reference.mutability.is_some() => By::RefMut,
        Type::Reference(_) => By::Ref,
        _ => By::Value,
    };
    let function = handed(&ty, generics);
    let activity = match types::carries(&ty) {
        _ if constant => Activity::Constant,
        Carries::Floats | Carries::Hidden if function.is_some() => {
            rule::activity(&ty, function.as_ref(), generics)
        }
        Carries::Nothing => Activity::Inert,
        _ => Activity::Active,
    };
    Param {
        slot: name.clone(),
        name,
        ty,
        activity,
        by,
        function,
    }
}

fn check_wrt(wrt: &[Ident], params: &[Param], errors: &mut Errors) {
    for (index, name) in wrt.iter().enumerate() {
        let quoted = format!("`{}`", name.unraw());
        let param = params
            .iter()
            .find(|param| param.name.unraw() == name.unraw());
        match param.map(|param| param.activity) {
            _ if wrt[..index].contains(name) => {
                errors.refuse_with(Slug::WrtRepeated, name.span(), &quoted);
            }
            None => {
                let names = params.iter().map(|param| param.name.unraw().to_string());
                let hint = spelling::did_you_mean(&name.unraw().to_string(), names);
                errors.refuse_with(Slug::WrtUnknown, name.span(), &format!("{quoted}{hint}"));
            }
            Some(Activity::Inert) => errors.refuse_with(Slug::WrtInert, name.span(), &quoted),
            Some(Activity::Constant) => errors.refuse_with(Slug::WrtConstant, name.span(), &quoted),
            Some(Activity::Active | Activity::Function) => {}
        }
    }
}

fn restrict(wrt: &[Ident], params: &mut [Param]) {
    for param in params.iter_mut().filter(|param| param.takes_part()) {
        if !wrt.iter().any(|name| name.unraw() == param.name.unraw()) {
            param.activity = Activity::Constant;
        }
    }
}

/// Refuses active parameters whose floats cannot be seen, and goes on as if they were constant.
pub fn check_params(params: &mut [Param], errors: &mut Errors) {
    for param in params.iter_mut().filter(|param| param.is_active()) {
        match types::carries(&param.ty) {
            // Its rule could not be written down.
            _ if param.function.is_some() => {
                let detail = format!("`{}`", short(&param.ty));
                errors.refuse_tokens(Slug::OpaqueArgument, &param.ty, &detail);
            }
            Carries::Hidden => {
                let detail = format!("`{}`", short(&param.ty));
                errors.refuse_tokens(Slug::OpaqueArgument, &param.ty, &detail);
            }
            Carries::Pointer => errors.refuse_tokens(Slug::RawPointer, &param.ty, ""),
            Carries::Floats if is_doubly_mutable(&param.ty) => {
                let detail = format!("`{}`", short(&param.ty));
                errors.refuse_tokens(Slug::OpaqueArgument, &param.ty, &detail);
            }
            Carries::Floats | Carries::Nothing => continue,
        }
        param.activity = Activity::Constant;
    }
}

/// `&mut &mut T`, `&mut &T`: what is written may be the reference or what it refers to.
fn is_doubly_mutable(ty: &Type) -> bool {
    match types::peel(ty) {
        Type::Reference(outer) if outer.mutability.is_some() => {
            matches!(types::peel(&outer.elem), Type::Reference(_))
        }
        _ => false,
    }
}

/// A type as a message shows it.
pub(super) fn short(ty: &Type) -> String {
    let text = ty.to_token_stream().to_string();
    text.replace(" < ", "<")
        .replace(" >", ">")
        .replace("& ", "&")
}

/// What the function returns.
pub fn outcome(output: &ReturnType, reals: &[Ident], errors: &mut Errors) -> Outcome {
    let ReturnType::Type(_, ty) = output else {
        return Outcome::Nothing;
    };
    let ty = types::peel(ty);
    if let Type::Never(never) = ty {
        errors.refuse_tokens(Slug::NothingToDifferentiate, never, "");
        return Outcome::Refused;
    }
    match types::returns(ty) {
        _ if streams::is_stream(ty, &Generics::default()) => refuse_outcome(output, errors),
        Carries::Hidden => refuse_outcome(output, errors),
        Carries::Pointer => {
            errors.refuse_tokens(Slug::RawPointer, ty, "");
            Outcome::Refused
        }
        Carries::Nothing if matches!(ty, Type::Tuple(tuple) if tuple.elems.is_empty()) => {
            Outcome::Nothing
        }
        Carries::Nothing => Outcome::Inert(ty.clone()),
        Carries::Floats => shape(ty, reals),
    }
}

/// Whether the result refers to floats that stand elsewhere, so that its cotangent would have to as well.
pub fn lends(output: &ReturnType) -> bool {
    match output {
        ReturnType::Type(_, ty) => types::refers_to_floats(ty),
        ReturnType::Default => false,
    }
}

/// Whether the result is a reference to what an argument lends, to be read alone: its cotangent is that of a copy.
pub fn lends_shared(output: &ReturnType) -> bool {
    match output {
        ReturnType::Type(_, ty) => match types::peel(ty) {
            Type::Reference(reference) => {
                let lifetime = reference.lifetime.as_ref();
                let forever = lifetime.is_some_and(|lifetime| lifetime.ident == "static");
                let shared = reference.mutability.is_none() && !forever;
                shared && !types::refers_to_floats(&reference.elem)
            }
            _ => false,
        },
        ReturnType::Default => false,
    }
}

/// Refuses a result of this type.
pub fn refuse_outcome(output: &ReturnType, errors: &mut Errors) -> Outcome {
    if let ReturnType::Type(_, ty) = output {
        let slug = match streams::is_stream(ty, &Generics::default()) {
            true => Slug::IteratorResult,
            false => Slug::OpaqueResult,
        };
        errors.refuse_tokens(slug, ty, &format!("`{}`", short(ty)));
    }
    Outcome::Refused
}

/// Named types that are visibly more than one float.
const AGGREGATES: [&str; 3] = ["Vec", "Box", "Self"];

/// In what shape a result is that carries floats.
pub fn shape(ty: &Type, reals: &[Ident]) -> Outcome {
    let owned = ty.clone();
    if types::is_float(ty, reals) {
        return Outcome::Float(owned);
    }
    let Some(path) = types::as_path(ty) else {
        return if matches!(ty, Type::Path(_)) {
            Outcome::Named(owned)
        } else {
            Outcome::Many(owned)
        };
    };
    let float = types::argument(path, 0).is_some_and(|inner| types::is_float(inner, reals));
    if AGGREGATES.iter().any(|name| types::ends_with(path, name)) {
        Outcome::Many(owned)
    } else if float && types::ends_with(path, "Option") {
        Outcome::Option(owned)
    } else if float && types::ends_with(path, "Result") && types::arity(path) == 2 {
        Outcome::Result(owned)
    } else {
        Outcome::Named(owned)
    }
}

/// Refuses what is not a plain, safe function.
pub fn check_kind(sig: &Signature, errors: &mut Errors) {
    if let Some(token) = &sig.asyncness {
        errors.refuse(Slug::AsyncFunction, token.span);
    }
    if let syn::Safety::Unsafe(token) = &sig.safety {
        errors.refuse(Slug::UnsafeFunction, token.span);
    }
    if let Some(abi) = &sig.abi {
        errors.refuse_tokens(Slug::ExternFunction, abi, "");
    }
    if let Some(variadic) = &sig.variadic {
        errors.refuse_tokens(Slug::VariadicFunction, variadic, "");
    }
}

/// Makes the signature plain: what only the original carries is gone, patterns have names.
pub fn normalise(sig: &mut Signature) -> Vec<Stmt> {
    sig.constness = None;
    sig.asyncness = None;
    sig.safety = syn::Safety::Default;
    sig.abi = None;
    sig.variadic = None;
    if sig.inputs.trailing_punct() {
        sig.inputs.pop_punct();
    }
    lifetimes::name(sig);
    name_patterns(sig)
}
