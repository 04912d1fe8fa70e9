//! Lifetimes without a name: `x: View<'_>` becomes `x: View<'a0>`. The type of a parameter stands in the bound of its slot
//! as well, where a lifetime has to have a name.

use proc_macro2::Span;
use syn::visit_mut::VisitMut;
use syn::{FnArg, GenericParam, Lifetime, LifetimeParam, Signature, TypeReference};

/// Names the lifetimes that the arguments of types leave out by `'_`.
pub fn name(sig: &mut Signature) {
    let mut named = Named::default();
    for input in &mut sig.inputs {
        if let FnArg::Typed(typed) = input {
            named.visit_type_mut(&mut typed.ty);
        }
    }
    let params = named.0.into_iter().map(LifetimeParam::new);
    for (index, param) in params.enumerate() {
        let param = GenericParam::Lifetime(param);
        sig.generics.params.insert(index, param);
    }
}

#[derive(Default)]
struct Named(Vec<Lifetime>);

impl VisitMut for Named {
    fn visit_lifetime_mut(&mut self, lifetime: &mut Lifetime) {
        if lifetime.ident == "_" {
            let name = format!("'elided{}", self.0.len());
            *lifetime = Lifetime::new(&name, Span::mixed_site());
            self.0.push(lifetime.clone());
        }
    }

    /// `&'_ T`: the reference itself is not part of the slot's type.
    fn visit_type_reference_mut(&mut self, reference: &mut TypeReference) {
        self.visit_type_mut(&mut reference.elem);
    }

    /// What `Fn(View<'_>)` leaves out belongs to the call.
    fn visit_parenthesized_generic_arguments_mut(
        &mut self,
        _: &mut syn::ParenthesizedGenericArguments,
    ) {
    }

    fn visit_type_fn_ptr_mut(&mut self, _: &mut syn::TypeFnPtr) {}
}
