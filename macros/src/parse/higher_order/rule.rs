//! The rule that is handed over with a function, in the place of its slot.
//!
//! ```text
//! f: impl Fn(f64, &[f64], usize) -> f64
//! d_f: &mut impl FnMut(f64, &[f64], usize, f64, Option<&mut f64>, Option<&mut [f64]>, Option<&mut ()>) -> f64
//! ```
//!
//! A rule is called as `f_vjp` is: with the arguments, the cotangent of the result, and a slot for each argument, and
//! returns what `f` does. What `f` has captured gets its cotangents from the rule itself.

use syn::{Generics, Ident, ReturnType, Type};

use super::signature::{Family, Handed};
use crate::parse::arguments::Options;
use crate::parse::scalars::Scalars;
use crate::parse::signature::Activity;
use crate::parse::types::{self, Carries};

/// What becomes of a parameter that is a function: it comes with a rule, or nothing flows through it. `Active` says that
/// its rule could not be written down.
pub fn activity(ty: &Type, function: Option<&Handed>, generics: &Generics) -> Activity {
    let Some(function) = function else {
        return Activity::Active;
    };
    let lent = matches!(types::peel(ty), Type::Reference(ty) if ty.mutability.is_some());
    match &function.output {
        _ if lent && function.family != Family::FnMut => Activity::Active,
        ReturnType::Type(_, ty) if types::returns(ty) == Carries::Nothing && !is_unit(ty) => {
            match function.inputs.iter().any(is_written) {
                true => Activity::Active,
                false => Activity::Inert,
            }
        }
        ReturnType::Type(_, ty) if is_result(ty, generics) => {
            let known = function.inputs.iter().all(|ty| is_argument(ty, generics));
            match known {
                true => Activity::Function,
                false => Activity::Active,
            }
        }
        _ => Activity::Active,
    }
}

/// Whether what a function takes and gives is visibly made of floats, or carries none.
pub fn is_visible(function: &Handed, reals: &[Ident]) -> bool {
    let output = match &function.output {
        ReturnType::Type(_, ty) => made_of_floats(ty, reals),
        ReturnType::Default => true,
    };
    output && function.inputs.iter().all(|ty| made_of_floats(ty, reals))
}

fn made_of_floats(ty: &Type, reals: &[Ident]) -> bool {
    let inner = |ty: &Type| made_of_floats(ty, reals);
    match types::peel(ty) {
        ty if types::is_float(ty, reals) || types::carries(ty) == Carries::Nothing => true,
        Type::Reference(ty) => inner(&ty.elem),
        Type::Array(ty) => inner(&ty.elem),
        Type::Slice(ty) => inner(&ty.elem),
        Type::Tuple(ty) => ty.elems.iter().all(inner),
        Type::Path(path) if types::ends_with(&path.path, "Vec") => {
            types::argument(&path.path, 0).is_some_and(inner)
        }
        _ => false,
    }
}

/// Whether the rule of a pointer to a function can be written down.
pub fn of_pointer(function: Option<&Handed>) -> bool {
    let ty: Type = syn::parse_quote!(fn());
    activity(&ty, function, &Generics::default()) == Activity::Function
}

fn is_unit(ty: &Type) -> bool {
    matches!(types::peel(ty), Type::Tuple(unit) if unit.elems.is_empty())
}

fn is_written(ty: &Type) -> bool {
    matches!(types::peel(ty), Type::Reference(ty) if ty.mutability.is_some())
}

/// Whether the cotangent of such a result can be written down.
fn is_result(ty: &Type, generics: &Generics) -> bool {
    types::returns(ty) == Carries::Floats && !types::refers_to_floats(ty) && is_known(ty, generics)
}

/// Whether the slot for such an argument can be written down.
fn is_argument(ty: &Type, generics: &Generics) -> bool {
    match (types::carries(ty), types::peel(ty)) {
        (Carries::Nothing, _) => !is_written(ty),
        (Carries::Floats, Type::Reference(ty)) => {
            ty.mutability.is_none()
                && !matches!(types::peel(&ty.elem), Type::Reference(_))
                && is_known(&ty.elem, generics)
        }
        (Carries::Floats, ty) => !types::refers_to_floats(ty) && is_known(ty, generics),
        (Carries::Hidden | Carries::Pointer, _) => false,
    }
}

/// Whether what stands in a type has a cotangent: nothing tells that of a type parameter that is no float.
fn is_known(ty: &Type, generics: &Generics) -> bool {
    let reals = Scalars::of(generics, None, &Options::default(), &[]).all;
    let open: Vec<_> = types::type_params(generics)
        .filter(|name| !reals.contains(name))
        .cloned()
        .collect();
    !types::mentions(ty, &open)
}
