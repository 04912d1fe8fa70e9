//! Procedural macros of `tapeless`.

mod derive;
#[allow(dead_code)]
mod diagnostics;
mod ir;
mod rules;

/// Derives `Differentiable`, and `Parameters` where all floats have one type, for a struct or enum,
/// together with its cotangent.
///
/// `struct Mlp` gets `struct MlpCotangent` with the same fields, each holding the cotangent of its
/// own. `#[constant]` on a field makes its cotangent `()`;
/// `#[differentiable(cotangent = Name)]` on the type renames the cotangent, and
/// `#[differentiable(crate = path)]` says where `tapeless` is found.
#[proc_macro_derive(Differentiable, attributes(differentiable, constant))]
pub fn differentiable(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    derive::derive(input.into()).into()
}
