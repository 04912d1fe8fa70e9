//! Aggregates: arrays, tuples, structs, vectors.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Member;

use super::code::{Code, Level};
use super::{paths, Emitter};
use crate::ir::{Ctor, Operand};

impl Emitter<'_> {
    /// An aggregate from its parts.
    pub fn aggregate(&mut self, ctor: &Ctor, parts: &[Operand]) -> Code {
        if let Ctor::Struct {
            path,
            members,
            borrowed,
            base,
            ..
        } = ctor
        {
            let members = members.iter().zip(borrowed);
            return self.structure(path, members, *base, parts);
        }
        if matches!(ctor, Ctor::VecRepeat | Ctor::Scratch) {
            return self.repeated_vec(parts);
        }
        let list = self.list(parts);
        let tokens = &list.tokens;
        let aggregate = match ctor {
            Ctor::Array => quote!([#tokens]),
            Ctor::Repeat(len) => quote!([#tokens; #len]),
            Ctor::Tuple if parts.len() == 1 => quote!((#tokens,)),
            Ctor::Tuple => quote!((#tokens)),
            Ctor::TupleStruct { path, .. } | Ctor::Boxed(path) => quote!(#path(#tokens)),
            Ctor::Wrap(wrapper) => {
                let wrapper = self.paths.wrap(*wrapper);
                quote!(#wrapper(#tokens))
            }
            Ctor::Nothing => paths::none(),
            Ctor::Vec => {
                let vec = self.paths.vec();
                quote!(#vec![#tokens])
            }
            Ctor::VecRepeat | Ctor::Scratch | Ctor::Struct { .. } => TokenStream::new(),
        };
        Code::atom(aggregate).over([&list])
    }

    fn repeated_vec(&mut self, parts: &[Operand]) -> Code {
        let vec = self.paths.vec();
        let parts: Vec<Code> = parts.iter().map(|part| self.operand(part)).collect();
        let tokens = parts.iter().map(|part| &part.tokens);
        Code::atom(quote!(#vec![#(#tokens);*])).over(&parts)
    }

    fn structure<'m>(
        &mut self,
        path: &syn::ExprPath,
        members: impl Iterator<Item = (&'m Member, &'m bool)>,
        base: bool,
        parts: &[Operand],
    ) -> Code {
        let codes: Vec<Code> = parts.iter().map(|part| self.operand(part)).collect();
        let named = members.zip(&codes).map(|((member, borrowed), code)| {
            let tokens = match borrowed {
                true => code.at(Level::Unary),
                false => code.tokens.clone(),
            };
            let sign = borrowed.then(|| quote!(&));
            quote!(#member: #sign #tokens)
        });
        let rest = codes.last().filter(|_| base).map(|code| {
            let tokens = &code.tokens;
            quote!(..#tokens)
        });
        let fields = named.chain(rest);
        Code::new(quote!(#path { #(#fields),* }), Level::Low).over(&codes)
    }
}
