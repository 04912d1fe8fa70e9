//! Vectors that grow and shrink as parts of values whose types are not seen.

use proc_macro2::TokenStream;
use quote::quote;
use syn::spanned::Spanned;

use super::{paths, Emitter};
use crate::ir::{Class, Place, Proj};

impl Emitter<'_> {
    /// What is pushed to or popped from. The cotangent of a part is confirmed to be a vector; if it is none, the compiler
    /// says so at the part.
    pub fn grown(&mut self, place: &Place) -> TokenStream {
        let receiver = self.receiver(place, true).tokens;
        let is_cotangent = matches!(
            self.class(place.root),
            Class::Shadow | Class::Lent | Class::Slot
        );
        match is_cotangent && !place.path.is_empty() {
            true => {
                let grown = self.paths.private("grown");
                let grown = match place.path.last() {
                    Some(Proj::Field(member)) => paths::located(&grown, member.span()),
                    _ => grown,
                };
                quote!(#grown(&mut #receiver))
            }
            false => receiver,
        }
    }
}
