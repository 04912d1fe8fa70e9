//! Halves of one slice, lent to one call.
//!
//! The user had them from `split_at_mut`; in the IR they are `x[..n]` and `x[n..]`. Two mutable borrows of `x` side by
//! side would not compile, so the slice is split again: `{ let (part, rest) = x.split_at_mut(n); g(part, rest) }`.

use proc_macro2::TokenStream;
use quote::quote;

use super::code::{Code, Level};
use super::Emitter;
use crate::ir::{Arg, Operand, Place, Proj};

/// What is left of the path of an argument, and its position among them.
type Part<'p> = (usize, &'p [Proj]);

impl Emitter<'_> {
    /// Gives arguments that are halves of one slice the names of the halves; returns what splits it.
    pub fn split_halves(&mut self, args: &[Arg], codes: &mut [Code]) -> TokenStream {
        let mut splits = TokenStream::new();
        let mut done = Vec::new();
        for (position, arg) in args.iter().enumerate() {
            let Some(place) = lent(arg).filter(|place| !done.contains(&place.root)) else {
                continue;
            };
            done.push(place.root);
            let parts = lent_of(&args[position..], place, position);
            let mutable = |(at, _): &Part<'_>| matches!(args[*at], Arg::RefMut(_));
            if parts.len() > 1 && parts.iter().any(mutable) {
                let root = self.place(&Place::root(place.root));
                self.halve(&mut splits, &root, &parts, args, codes);
            }
        }
        splits
    }

    fn halve(
        &mut self,
        splits: &mut TokenStream,
        base: &Code,
        parts: &[Part<'_>],
        args: &[Arg],
        codes: &mut [Code],
    ) {
        let Some((shared, parts)) = without_common_steps(parts) else {
            return;
        };
        let Some((middle, sides)) = sides(&parts) else {
            self.lend_fields(splits, base, shared, &parts, (args, codes));
            return;
        };
        let base = self
            .project(base.clone(), shared, true, false)
            .at(Level::Atom);
        let middle = self.operand(middle).tokens;
        let (part, rest) = (self.names.local("part"), self.names.local("rest"));
        splits.extend(quote!(let (#part, #rest) = #base.split_at_mut(#middle);));
        for (half, inside) in [part, rest].into_iter().zip(sides) {
            let half = Code::atom(quote!(#half));
            for (position, path) in &inside {
                let tokens = match path {
                    [] => {
                        let tokens = &half.tokens;
                        quote!(*#tokens)
                    }
                    path => self.project(half.clone(), path, true, false).tokens,
                };
                codes[*position].tokens = match args[*position] {
                    Arg::RefMut(_) => quote!(&mut #tokens),
                    _ => quote!(&#tokens),
                };
            }
            if inside.len() > 1 {
                self.halve(splits, &half, &inside, args, codes);
            }
        }
    }

    /// Fields of one element, from one borrow of it: where taking the element is a call, the compiler does not see that
    /// they lie apart.
    fn lend_fields(
        &mut self,
        splits: &mut TokenStream,
        base: &Code,
        element: &[Proj],
        parts: &[Part<'_>],
        (args, codes): (&[Arg], &mut [Code]),
    ) {
        let steps = element.iter();
        if steps.filter(|step| !matches!(step, Proj::Field(_))).count() == 0 {
            return;
        }
        let element = self.project(base.clone(), element, true, false).tokens;
        let part = self.names.local("part");
        splits.extend(quote!(let #part = &mut #element;));
        for (position, path) in parts {
            let field = self.project(Code::atom(quote!(#part)), path, true, false);
            let field = field.tokens;
            codes[*position].tokens = match args[*position] {
                Arg::RefMut(_) => quote!(&mut #field),
                _ => quote!(&#field),
            };
        }
    }
}

fn lent(arg: &Arg) -> Option<&Place> {
    match arg {
        Arg::Ref(place) | Arg::RefMut(place) => Some(place),
        _ => None,
    }
}

/// The arguments, the first of which is at a position, that are lent from the root of a place.
fn lent_of<'p>(args: &'p [Arg], place: &Place, first: usize) -> Vec<Part<'p>> {
    let numbered = args.iter().enumerate();
    numbered
        .filter_map(|(offset, arg)| Some((first + offset, lent(arg)?)))
        .filter(|(_, other)| other.root == place.root)
        .map(|(position, other)| (position, &other.path[..]))
        .collect()
}

/// The steps that all paths share, and the paths without them.
fn without_common_steps<'p>(parts: &[Part<'p>]) -> Option<(&'p [Proj], Vec<Part<'p>>)> {
    let (_, first) = parts.first()?;
    let shares = |count: &usize| {
        let step = &first[*count];
        parts
            .iter()
            .all(|(_, path)| path.get(*count).is_some_and(|other| step.is_same(other)))
    };
    let count = (0..first.len()).take_while(shares).count();
    let rest = parts
        .iter()
        .map(|(position, path)| (*position, &path[count..]));
    Some((&first[..count], rest.collect()))
}

/// Where a slice is split so that each path begins on one side, and the paths on either side.
fn sides<'p>(parts: &[Part<'p>]) -> Option<(&'p Operand, [Vec<Part<'p>>; 2])> {
    let mut middle = None;
    let mut sides = [Vec::new(), Vec::new()];
    for (position, path) in parts {
        let (side, at) = match path.first()? {
            Proj::Slice {
                lo: None,
                hi: Some(hi),
            } => (0, hi),
            Proj::Slice {
                lo: Some(lo),
                hi: None,
            } => (1, lo),
            _ => return None,
        };
        let known = middle.get_or_insert(at);
        if !known.is_same(at) {
            return None;
        }
        sides[side].push((*position, &path[1..]));
    }
    Some((middle?, sides))
}
