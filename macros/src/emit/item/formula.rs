//! The body of `f_vjp` for `#[derivative(x = formula)]`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::ext::IdentExt;

use super::sibling;
use crate::parse::derivative::Formula;
use crate::parse::function::Function;
use crate::parse::signature::Param;

/// ```text
/// let out = f(x);
/// if let Some(d_x) = Slot::get(&mut d_x) { let partial: X = formula; *d_x += d_out * partial; }
/// out
/// ```
pub fn body(function: &Function, formulas: &[Formula]) -> TokenStream {
    let (callee, arguments) = (
        sibling::callee(function, &function.sig.ident),
        sibling::arguments(function),
    );
    let active = function.params.iter().filter(|param| param.is_active());
    let parts = active.filter_map(|param| {
        let formula = formulas
            .iter()
            .find(|f| f.param.unraw() == param.name.unraw())?;
        Some(part(function, param, formula))
    });
    quote! {
        let out = #callee(#(#arguments),*);
        #(#parts)*
        out
    }
}

fn part(function: &Function, param: &Param, formula: &Formula) -> TokenStream {
    let (slot, d_out, tapeless) = (
        param.slot.clone(),
        function.seed.clone(),
        &function.options.tapeless,
    );
    let (ty, partial) = (&param.ty, &formula.partial);
    quote! {
        if let ::core::option::Option::Some(#slot) = #tapeless::Slot::get(&mut #slot) {
            let partial: #ty = #partial;
            *#slot += #d_out * partial;
        }
    }
}
