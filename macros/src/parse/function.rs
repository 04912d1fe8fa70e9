//! One function that is to be differentiated: everything the later stages and the emission of siblings want to know.

use proc_macro2::TokenStream;
use quote::{quote, ToTokens};
use syn::visit::Visit;
use syn::{Attribute, Block, Generics, Ident, Path, Signature, Type, Visibility};

use super::arguments::Options;
use super::arithmetic::{self, Arithmetic};
use super::associated::{Associated, AssociatedFloat};
use super::conditional::{self, Reading};
use super::conversion_bounds::{self, Conversion};
use super::derivative::{self, Formula};
use super::inert::Inert;
use super::lent_arguments::LentArguments;
use super::scalars::Scalars;
use super::signature::{self, By, Outcome, Param};
use super::{
    cotangents, evidence, forbidden, imports, inert, items, own_result, rows, strip, types,
};
use crate::diagnostics::{Errors, Slug};

/// A function to be differentiated.
#[derive(Clone, Debug)]
pub struct Function {
    /// The function token for token, less our own attributes.
    pub original: TokenStream,
    /// Its attributes.
    pub attrs: Vec<Attribute>,
    pub vis: Visibility,
    /// Its signature: parameters have names, qualifiers are gone.
    pub sig: Signature,
    /// Its body, with the bounds on loops; `None` for a trait method without one.
    pub body: Option<Block>,
    /// One per parameter, `self` included.
    pub params: Vec<Param>,
    pub outcome: Outcome,
    /// What the cotangent of its result is called.
    pub seed: Ident,
    /// Type parameters in scope that stand for floats.
    pub reals: Vec<Ident>,
    /// Those of them that are bounded by `Float` only: the siblings add `Real`.
    pub promoted: Vec<Ident>,
    /// Those of them that a trait of the user's own bounds: the siblings add `Scalar`.
    pub bare: Vec<Ident>,
    /// Associated types of the trait whose member it is that stand for floats.
    pub associated_floats: Vec<AssociatedFloat>,
    /// Arguments of the trait that is implemented, and what its associated types are, where they are seen.
    pub known_to_trait: Vec<Type>,
    /// Type parameters in scope that the user bounded by `Differentiable`.
    pub bounded: Vec<Ident>,
    /// The operators that type parameters in scope have.
    pub arithmetic: Vec<Arithmetic>,
    /// The conversions between types in scope.
    pub conversions: Vec<Conversion>,
    /// Type parameters in scope, and `Self` where it may be generic.
    pub variables: Vec<Ident>,
    pub home: Home,
    /// References that the trait whose member it is knows as parameters.
    pub lent_arguments: LentArguments,
    pub options: Options,
    /// Nothing flows through it: the body is not looked into.
    pub inert: Option<Inert>,
    /// Nothing was refused of the signature.
    pub sound: bool,
    /// If its body is refused it has no siblings, and nobody minds.
    pub optional: bool,
    /// The result is a reference to a part of an argument.
    pub lends: bool,
    /// Instead of its adjoint, the body is wanted as so many rows of its Jacobian.
    pub rows: Option<usize>,
    /// The readings of the body, if there are conditions in it.
    pub readings: Vec<Reading>,
    /// The partial derivatives of `#[derivative]`: the body is not looked into.
    pub formulas: Option<Vec<Formula>>,
}

/// Where a function stands, as far as that can be seen.
#[derive(Clone, Debug)]
pub enum Home {
    /// In a module or a block: siblings are called by their name.
    Free,
    /// In an `impl` block, whose type is known if the block is.
    Inherent(Option<Type>),
    /// In the implementation of a trait, with its siblings as members.
    Member { self_ty: Type, of: Path },
    /// In the definition of a trait.
    Trait,
    /// In the implementation of an operator of `core::ops`.
    Operator(Type),
}

impl Home {
    /// The type that is `Self`, where it is known.
    pub fn self_ty(&self) -> Option<&Type> {
        match self {
            Home::Inherent(ty) => ty.as_ref(),
            Home::Member { self_ty, .. } | Home::Operator(self_ty) => Some(self_ty),
            Home::Free | Home::Trait => None,
        }
    }
}

impl Function {
    /// Whether a type in its signature is visibly a float.
    pub fn is_float(&self, ty: &Type) -> bool {
        types::is_float(ty, &self.reals) || self.is_associated_float(ty)
    }

    /// Whether a type is an associated one of the trait around, that stands for a float.
    pub fn is_associated_float(&self, ty: &Type) -> bool {
        self.associated_floats.iter().any(|float| float.is(ty))
    }
}

/// What surrounds a function.
pub struct Surroundings<'a> {
    pub home: Home,
    pub options: &'a Options,
    /// Generic parameters of the `impl` or trait.
    pub generics: Option<&'a Generics>,
    /// Of these it is seen elsewhere in the `impl` that they stand for floats.
    pub shown: &'a [Ident],
    /// References among the arguments of the trait that has the siblings.
    pub lent_arguments: LentArguments,
    /// What `Self::Name` stands for where the siblings are in another `impl` block.
    pub associated: &'a Associated,
    /// Associated types of the trait around it that stand for floats.
    pub associated_floats: &'a [AssociatedFloat],
    /// The attribute stands on the function itself: nothing to differentiate is an error then.
    pub direct: bool,
}

/// The parts of a function item, of whatever kind.
pub struct Parts {
    pub attrs: Vec<Attribute>,
    pub vis: Visibility,
    pub sig: Signature,
    pub body: Option<Block>,
    /// The whole item, less our own attributes.
    pub original: TokenStream,
}

/// Reads a function; `None` if there is nothing to differentiate (which is refused if the attribute is on it).
pub fn parse(
    mut parts: Parts,
    around: &Surroundings,
    formulas: Option<Vec<Formula>>,
    errors: &mut Errors,
) -> Option<Function> {
    let mut found = Errors::new();
    signature::check_kind(&parts.sig, &mut found);
    around.associated.substitute(&mut parts);
    around.lent_arguments.give(&mut parts.sig);
    let lets = signature::normalise(&mut parts.sig);
    let mut params = signature::params(&mut parts.sig, around.options, &mut found);
    check_floats(&parts, around, &mut found);
    let Scalars {
        all: reals,
        promoted,
        bare,
    } = scalars(&parts, &params, around);
    let bounded = [Some(&parts.sig.generics), around.generics];
    let bounded = bounded.into_iter().flatten();
    let bounded = bounded.flat_map(types::differentiable).cloned().collect();
    let outcome = signature::outcome(&parts.sig.output, &reals, &mut found);
    let mut outcome = own_result::outcome(outcome, around, &reals);
    let lends = signature::lends(&parts.sig.output) && !matches!(around.home, Home::Operator(_));
    let picks = lends && inert::picks(&params, parts.body.as_ref());
    let lent = lends && !picks && around.direct && may_lend(&parts.sig, &params, around.options);
    if lends && !picks && !lent {
        if !around.direct {
            return None;
        }
        outcome = signature::refuse_outcome(&parts.sig.output, &mut found);
    }
    let inert = around.direct && around.options.inert.is_some()
        || own_result::is_inert(&outcome, &params, around);
    let inert = match picks {
        true => Some(inert::hold_picked(&mut params)),
        false => inert.then(|| inert::hold(&parts.sig, &outcome, &mut params, &mut found)),
    };
    let worth =
        inert.is_some() || is_worth_it(&parts.sig, &params, &outcome, around.direct, &mut found);
    if !worth && !around.direct {
        return None;
    }
    if let Some(block) = &mut parts.body {
        strip::check(block, &mut found);
        imports::spell_out_own(&parts.sig, block);
        items::set_apart(&parts.sig, block);
        block.stmts.splice(0..0, lets);
    }
    // A body that is only evaluated is not looked into.
    let read = parts.body.as_ref().filter(|_| inert.is_none());
    let readings = readings(read, &mut found);
    if let Some(block) = read.filter(|_| formulas.is_none()) {
        forbidden::check(block, &params, &mut found);
    }
    signature::check_params(&mut params, &mut found);
    if let Some(span) = around.options.jacobian.filter(|_| around.direct) {
        rows::check(span, &outcome, &params, &reals, &mut found);
    }
    let seed = cotangents::name(&mut params, parts.body.as_ref());
    let sound = found.is_empty();
    errors.append(found);
    let mut function = Function {
        original: parts.original,
        attrs: parts.attrs,
        vis: parts.vis,
        arithmetic: arithmetic(&parts.sig.generics, around),
        conversions: conversions(&parts.sig.generics, around),
        variables: variables(&parts.sig.generics, around),
        home: home(&parts.sig, parts.body.as_ref(), around),
        sig: parts.sig,
        seed,
        body: parts.body,
        params,
        outcome,
        reals,
        promoted,
        bare,
        associated_floats: around.associated_floats.to_vec(),
        known_to_trait: known_to_trait(around),
        lent_arguments: around.lent_arguments.clone(),
        bounded,
        options: around.options.clone(),
        inert,
        sound,
        optional: false,
        lends: lent,
        rows: None,
        readings,
        formulas: None,
    };
    if let Some(formulas) = formulas {
        let before = errors.count();
        function.formulas = Some(derivative::check(formulas, &function, errors));
        function.sound &= errors.count() == before;
    }
    Some(function)
}

/// The arguments of the trait that is implemented, and what its associated types are.
pub fn known_to_trait(around: &Surroundings) -> Vec<Type> {
    let of = match &around.home {
        Home::Member { of, .. } => Some(of),
        _ => around.associated.of.as_ref(),
    };
    let arguments = of.into_iter().flat_map(|of| {
        let arguments = (0..types::arity(of)).map(|index| types::argument(of, index));
        arguments.flatten().cloned()
    });
    arguments
        .chain(around.associated.all.iter().cloned())
        .collect()
}

/// Whether the result may be a part of an argument, to be read alone: nothing is written through it, nor to the argument.
fn may_lend(sig: &Signature, params: &[Param], options: &Options) -> bool {
    let kept = |param: &Param| {
        param.by == By::Ref || !param.takes_part() || types::is_float(&param.ty, &[])
    };
    let rows = options.jacobian.is_some();
    let from = |param: &Param| param.by == By::Ref && param.is_active();
    let lent = params.iter().any(from) && params.iter().all(kept);
    signature::lends_shared(&sig.output) && lent && !rows
}

/// Whether there are floats to differentiate, and floats to differentiate with respect to.
fn is_worth_it(
    sig: &Signature,
    params: &[Param],
    outcome: &Outcome,
    direct: bool,
    errors: &mut Errors,
) -> bool {
    let writes = |param: &Param| param.is_active() && param.by == By::RefMut;
    let differentiable = outcome.carries_floats() || params.iter().any(writes);
    let active = params.iter().any(Param::takes_part);
    if !direct || !errors.is_empty() {
        // Without the attribute on the function itself it is left alone; after an error it may be a consequence.
    } else if !active {
        errors.refuse(Slug::NothingActive, sig.ident.span());
    } else if !differentiable {
        match &sig.output {
            syn::ReturnType::Type(_, ty) => {
                errors.refuse_tokens(Slug::NothingToDifferentiate, ty, "");
            }
            syn::ReturnType::Default => {
                errors.refuse(Slug::NothingToDifferentiate, sig.ident.span());
            }
        }
    }
    active && differentiable
}

fn readings(body: Option<&Block>, errors: &mut Errors) -> Vec<Reading> {
    match body.map_or(Ok(Vec::new()), conditional::readings) {
        Ok(readings) => readings,
        Err(condition) => {
            errors.refuse_tokens(Slug::TooManyConditions, condition, "");
            Vec::new()
        }
    }
}

/// Refuses what `float` names in vain; on a block it is for all functions inside.
fn check_floats(parts: &Parts, around: &Surroundings, errors: &mut Errors) {
    let named = around.options.floats.iter().filter(|_| around.direct);
    for name in named {
        let is_it = |ident: &Ident| ident == name;
        let body = parts.body.to_token_stream();
        if !types::says(parts.sig.to_token_stream(), &is_it) && !types::says(body, &is_it) {
            errors.refuse_with(Slug::FloatUnknown, name.span(), &format!("`{name}`"));
        }
    }
}

/// The type parameters that stand for floats, by what they are bounded by, and by what the body does with them.
fn scalars(parts: &Parts, params: &[Param], around: &Surroundings) -> Scalars {
    let (own, outer) = (&parts.sig.generics, around.generics);
    let all = [Some(own), outer].into_iter().flatten();
    let shown = all.flat_map(|all| evidence::of(all, &parts.sig, parts.body.as_ref()));
    let shown: Vec<Ident> = shown.chain(around.shown.iter().cloned()).collect();
    let mut scalars = Scalars::of(own, outer, around.options, &shown);
    scalars.retain(|name| {
        around.options.floats.contains(name) || takes_part(name, &parts.sig, params, around)
    });
    scalars
}

/// Whether a type parameter is in the type of something active: of what is constant nothing is asked.
fn takes_part(name: &Ident, sig: &Signature, params: &[Param], around: &Surroundings) -> bool {
    let this = around.home.self_ty();
    let says = |tokens: TokenStream, asked: &dyn Fn(&Ident) -> bool| types::says(tokens, asked);
    let mentions = |tokens: TokenStream| {
        let named = |ident: &Ident| ident == name;
        let of_self = match this {
            Some(ty) => says(ty.to_token_stream(), &named),
            // What implements the trait may be of it.
            None => matches!(around.home, Home::Trait),
        };
        says(tokens.clone(), &named) || of_self && says(tokens, &|ident| ident == "Self")
    };
    let mut active = params.iter().filter(|param| param.takes_part());
    mentions(sig.output.to_token_stream())
        || active.any(|param| mentions(param.ty.to_token_stream()))
}

fn arithmetic(own: &Generics, around: &Surroundings) -> Vec<Arithmetic> {
    let outer = around.generics.into_iter().flat_map(arithmetic::of);
    arithmetic::of(own).into_iter().chain(outer).collect()
}

fn conversions(own: &Generics, around: &Surroundings) -> Vec<Conversion> {
    let outer = around.generics.into_iter().flat_map(conversion_bounds::of);
    conversion_bounds::of(own)
        .into_iter()
        .chain(outer)
        .collect()
}

fn variables(own: &Generics, around: &Surroundings) -> Vec<Ident> {
    let outer = around.generics.into_iter().flat_map(types::type_params);
    let mut names: Vec<Ident> = types::type_params(own).chain(outer).cloned().collect();
    let generic_self = match &around.home {
        Home::Free => false,
        Home::Trait | Home::Inherent(None) => true,
        Home::Inherent(Some(ty)) | Home::Operator(ty) => types::mentions(ty, &names),
        Home::Member { .. } => true,
    };
    if generic_self {
        names.push(Ident::new("Self", proc_macro2::Span::call_site()));
    }
    names
}

/// A function with a receiver, or that says `Self`, stands in an `impl` block that the attribute does not see.
fn home(sig: &Signature, body: Option<&Block>, around: &Surroundings) -> Home {
    let hidden = matches!(around.home, Home::Free)
        && (around.options.associated.is_some()
            || sig.receiver().is_some()
            || says_self(sig, body));
    if hidden {
        Home::Inherent(None)
    } else {
        around.home.clone()
    }
}

/// Looks for `Self`, except in items inside the body, which have their own.
#[derive(Default)]
struct FindSelf(bool);

impl<'ast> Visit<'ast> for FindSelf {
    fn visit_ident(&mut self, ident: &'ast Ident) {
        self.0 |= ident == "Self";
    }

    fn visit_macro(&mut self, mac: &'ast syn::Macro) {
        self.0 |= types::says(mac.tokens.clone(), &|ident| ident == "Self");
    }

    fn visit_item(&mut self, _: &'ast syn::Item) {}
}

fn says_self(sig: &Signature, body: Option<&Block>) -> bool {
    let mut find = FindSelf::default();
    find.visit_signature(sig);
    if let Some(body) = body {
        find.visit_block(body);
    }
    find.0
}

impl ToTokens for Function {
    /// The function itself, which the siblings accompany.
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let original = &self.original;
        tokens.extend(quote!(#[allow(dead_code)] #original));
    }
}
