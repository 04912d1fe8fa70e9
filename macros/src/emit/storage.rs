//! What blocks record, and where loops store it.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned, ToTokens};

use super::code::{Code, Level};
use super::{paths, Emitter};
use crate::ir::{Bound, Capacity, Class, TripCount, Var};

impl Emitter<'_> {
    /// A tuple of variables.
    pub fn record(&mut self, vars: &[Var]) -> Code {
        let codes: Vec<Code> = vars.iter().map(|&var| self.recorded(var)).collect();
        let tokens = codes.iter().map(|code| &code.tokens);
        let tuple = if codes.len() == 1 {
            quote!((#(#tokens,)*))
        } else {
            quote!((#(#tokens),*))
        };
        Code::atom(tuple).over(&codes)
    }

    /// A variable in a record; of what is borrowed, the reference.
    fn recorded(&mut self, var: Var) -> Code {
        match self.class(var) {
            Class::Ref | Class::RefMut => Code::atom(self.names.of(var).to_token_stream()),
            _ => self.var(var),
        }
    }

    /// Variant `arm` of `arms`: `Branch::Rest(Branch::First(record))`. Serves as a pattern too.
    pub fn branch(&self, arm: usize, arms: usize, record: TokenStream) -> TokenStream {
        let branch = self.paths.private("Branch");
        let last = arm + 1 >= arms;
        let innermost = if last {
            record
        } else {
            quote!(#branch::First(#record))
        };
        let depth = if last { arms.saturating_sub(1) } else { arm };
        (0..depth).fold(innermost, |inner, _| quote!(#branch::Rest(#inner)))
    }

    /// Empty storage for the records of a loop.
    pub fn store(&mut self, capacity: &Capacity) -> Code {
        match capacity {
            Capacity::Array { len, exit, name } => {
                let stack = self.paths.private("Stack");
                Code::atom(match exit {
                    true => quote!(#stack::<_, { (#len) + 1 }>::with_exit(#name)),
                    false => quote!(#stack::<_, { #len }>::new(#name)),
                })
            }
            Capacity::Checkpoints(limit, trips, _) => {
                let (checkpoints, trips) = (self.paths.private("Checkpoints"), self.operand(trips));
                let tokens = &trips.tokens;
                Code::atom(quote!(#checkpoints::<_, { #limit }>::new(#tokens))).over([&trips])
            }
            Capacity::Bounded(bound, trips, name) => {
                let stack = self.bounded(bound, name);
                if self.no_alloc {
                    return Code::atom(stack);
                }
                let count = self.expected(trips.as_ref());
                let storage = self.paths.private("storage_bounded");
                Code::atom(quote!(#storage!(#stack, #count)))
            }
            Capacity::Vec(count, span) => {
                let count = self.expected(count.as_ref());
                self.vec(&count, *span)
            }
            Capacity::Shared(span) => self.vec(&quote!(0), *span),
        }
    }

    /// A `Vec` for the records of a loop. Its span is the loop's: where there is no `alloc`, the refusal lands on it.
    fn vec(&self, count: &TokenStream, span: Span) -> Code {
        let vec = located(self.paths.private("storage_vec"), span);
        Code::atom(quote_spanned!(span=> #vec!(#count)))
    }

    /// Room in a store that several runs of a loop share.
    pub fn reserve(&mut self, store: Var, factors: &[TripCount]) -> Code {
        let factors: Vec<TokenStream> =
            factors.iter().map(|trips| self.trip_count(trips)).collect();
        let (reserve, store) = (self.paths.private("storage_reserve"), self.names.of(store));
        Code::atom(quote!(#reserve!(#store, [#(#factors),*])))
    }

    /// An array with room for all records, of a size within limits.
    fn bounded(&mut self, bound: &Bound, name: &str) -> TokenStream {
        let stack = self.paths.private("Stack");
        match bound {
            Bound::Constant(n) => quote!(#stack::<_, { #n }>::bounded(#name)),
            Bound::Like(place) => {
                let place = self.borrow(place).tokens;
                quote!(#stack::like(#name, #place))
            }
        }
    }

    fn expected(&mut self, trips: Option<&TripCount>) -> TokenStream {
        trips.map_or_else(|| quote!(0), |trips| self.trip_count(trips))
    }

    /// How often a counted loop runs, whatever integers it counts with.
    pub fn trip_count(&mut self, count: &TripCount) -> TokenStream {
        let (start, end) = (self.operand(&count.start), self.operand(&count.end));
        let (start, end) = (start.at(Level::Or), end.at(Level::Or));
        let dots = if count.inclusive {
            quote!(..=)
        } else {
            quote!(..)
        };
        let size_hint = paths::iterator("size_hint");
        quote!(#size_hint(&(#start #dots #end)).0)
    }
}

/// The tokens, resolved where they were, at another place in the user's code.
fn located(tokens: TokenStream, span: Span) -> TokenStream {
    let located = tokens.into_iter().map(|mut token| {
        token.set_span(token.span().located_at(span));
        token
    });
    located.collect()
}
