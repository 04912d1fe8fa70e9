//! Ends of a chain whose items are options or results: loops that leave at the first one that is none.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote, ToTokens};
use syn::{Expr, ExprMethodCall, Lifetime};

use super::reduce::neutral;
use super::scope::Term;
use super::{type_of_float, Lowering};
use crate::ir::{BinOp, Float, Kind, Operand};

impl Lowering<'_> {
    /// `collect()` into an option or a result of a `Vec`.
    pub(super) fn collect_all(&mut self, call: &ExprMethodCall, kind: &Kind) -> Option<Term> {
        let all = self.name_of_whole();
        let empty = quote!(let mut #all = Vec::new());
        // A vector in a vector stays in the item too, which the reverse sweep looks at.
        let owned = matches!(kind.payload().element(), Kind::Vec(_));
        let taken = |item: &Ident| match owned {
            true => quote!(#all.push(#item.clone())),
            false => quote!(#all.push(#item)),
        };
        self.until_failure(&all, call, kind, &empty, &taken)
    }

    /// `sum()` and `product()` into an option or a result of a number.
    pub(super) fn reduce_all(
        &mut self,
        call: &ExprMethodCall,
        op: BinOp,
        kind: &Kind,
    ) -> Option<Term> {
        let total = self.name_of_whole();
        let number = kind.payload();
        let ty = match &number {
            Kind::Float(Float::Generic(name)) => Some(name.to_token_stream()),
            number => type_of_float(number).map(|ty| ty.to_token_stream()),
        };
        let ty = ty.map(|ty| quote!(: #ty));
        let start = match neutral(&number, op) {
            Operand::Literal(literal) => literal.tokens,
            _ => quote!(0.0),
        };
        let sign = match op {
            BinOp::Mul => quote!(*),
            _ => quote!(+),
        };
        let start = quote!(let mut #total #ty = #start);
        let taken = |item: &Ident| quote!(#total = #total #sign #item);
        self.until_failure(&total, call, kind, &start, &taken)
    }

    fn until_failure(
        &mut self,
        whole: &Ident,
        call: &ExprMethodCall,
        kind: &Kind,
        start: &TokenStream,
        taken: &dyn Fn(&Ident) -> TokenStream,
    ) -> Option<Term> {
        let label = Lifetime::new(&format!("'{whole}"), call.method.span());
        let (chain, item) = (&call.receiver, format_ident!("{whole}_item"));
        let taken = taken(&item);
        let looked_at: Expr = match kind {
            Kind::Option(_) => syn::parse_quote!(match #item {
                Some(#item) => { #taken; }
                None => break #label None,
            }),
            _ => syn::parse_quote!(match #item {
                Ok(#item) => { #taken; }
                Err(#item) => break #label Err(#item),
            }),
        };
        let all = match kind {
            Kind::Option(_) => quote!(Some(#whole)),
            _ => quote!(Ok(#whole)),
        };
        let made: Expr = syn::parse_quote!(#label: {
            #start;
            for #item in #chain {
                #looked_at
            }
            #all
        });
        self.parsed(|lowering| lowering.term(&made, kind))
    }

    /// A name that nothing in the user's code has.
    fn name_of_whole(&mut self) -> Ident {
        self.frames_made += 1;
        format_ident!("__collected_{}", self.frames_made)
    }
}
