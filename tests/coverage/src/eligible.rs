//! Which functions are annotated, and which of them are counted.

use syn::{FnArg, ReturnType, Signature, Type};

use crate::types::{Scope, Types};

/// What a function is to the count.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Class {
    /// Floats in, floats out: counted.
    Eligible,
    /// Structs of floats out, or floats through `&mut`: annotated for the sake of its callers, and counted apart.
    Beside,
    /// Floats on one of the sides: annotated with `inert` for the sake of its callers, and not counted.
    Inert,
    /// Without floats: left alone.
    Neither,
}

/// Reads the signature. What would be eligible if a type parameter stood for floats of which nothing says so is annotated
/// for the sake of its callers, where it does.
pub fn classify(sig: &Signature, types: &Types, scope: &Scope) -> Class {
    let class = class_of(sig, types, scope);
    let opened = |class: &Class| matches!(class, Class::Eligible | Class::Beside);
    match class {
        _ if opened(&class) || scope.open.is_empty() => class,
        _ if opened(&class_of(sig, types, &scope.opened())) => Class::Beside,
        _ => class,
    }
}

fn class_of(sig: &Signature, types: &Types, scope: &Scope) -> Class {
    let inputs: Vec<Type> = sig
        .inputs
        .iter()
        .filter_map(|input| ty(input, scope))
        .collect();
    let active = |ty: &&Type| types.carries(ty, scope);
    let writes = |ty: &Type| matches!(ty, Type::Reference(ty) if ty.mutability.is_some());
    let gives =
        matches!(&sig.output, ReturnType::Type(_, ty) if types.is_made_of_floats(ty, scope));
    if !inputs.iter().any(|ty| active(&ty)) {
        return match gives && !inputs.is_empty() {
            true => Class::Inert,
            false => Class::Neither,
        };
    }
    let written = inputs.iter().filter(active).any(writes);
    match &sig.output {
        // What is lent has no siblings, but stands in place of its calls in the same block.
        ReturnType::Type(_, ty) if matches!(&**ty, Type::Reference(_)) && gives => Class::Beside,
        _ if gives => Class::Eligible,
        ReturnType::Type(_, ty) if types.carries(ty, scope) || written => Class::Beside,
        ReturnType::Default if written => Class::Beside,
        _ => Class::Inert,
    }
}

/// The type of a parameter; a receiver has that of `Self`.
pub fn ty(input: &FnArg, scope: &Scope) -> Option<Type> {
    match input {
        FnArg::Typed(typed) => Some((*typed.ty).clone()),
        FnArg::Receiver(receiver) => {
            let this = scope.this.clone()?;
            let mutable = matches!(&receiver.kind, syn::ReceiverKind::Reference(_, _, Some(_)));
            Some(if mutable {
                syn::parse_quote!(&mut #this)
            } else {
                this
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn class(text: &str) -> Class {
        let sig: Signature = syn::parse_str(text).unwrap();
        let types = Types::default();
        let scope = Scope {
            floats: types.floats(&sig.generics),
            open: types.open(&sig.generics),
            this: Some(syn::parse_quote!((f64, f64))),
            ..Scope::default()
        };
        classify(&sig, &types, &scope)
    }

    #[test]
    fn floats_in_and_floats_out() {
        assert_eq!(class("fn f(x: f64, n: usize) -> f64"), Class::Eligible);
        assert_eq!(
            class("fn f<T>(x: &[T]) -> Vec<T> where T: Float"),
            Class::Eligible
        );
        assert_eq!(class("fn f(&self) -> Option<f64>"), Class::Eligible);
        assert_eq!(class("fn f(&self) -> Self"), Class::Beside);
        assert_eq!(class("fn f(&self) -> &[f64]"), Class::Beside);
        assert_eq!(class("fn f(x: &[f64], out: &mut [f64])"), Class::Beside);
        assert_eq!(
            class("fn f<T, U, V>(x: T, y: U) -> V where T: Mul<U, Output = V>"),
            Class::Beside
        );
        assert_eq!(class("fn f<T>(x: T) -> T"), Class::Neither);
        assert_eq!(class("fn f(x: f64) -> usize"), Class::Inert);
        assert_eq!(class("fn f(n: usize) -> f64"), Class::Inert);
    }
}
