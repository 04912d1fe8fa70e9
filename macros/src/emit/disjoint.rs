//! Parts of one place, lent side by side.
//!
//! Fields are disjoint for the compiler already. Elements under different literal indices are not: there the slice is
//! split, `let (part, rest) = d[..].split_at_mut(1);`. So it is where `d[..n]` and `d[n..]` are wanted. Fields of one
//! element are taken from one borrow of it, `let part = &mut d[i];`.

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use syn::Member;

use super::code::{Code, Level};
use super::Emitter;
use crate::ir::{Operand, Proj};

/// A part that is wanted: its position among the arguments, and its path from here.
type Part<'p> = (usize, &'p [Proj]);

impl Emitter<'_> {
    /// `&mut` to each of the paths from a base, and the statements that they need before them.
    pub fn disjoint(&mut self, base: &Code, paths: &[&[Proj]]) -> (TokenStream, Vec<TokenStream>) {
        let mut lent = Lent {
            splits: TokenStream::new(),
            parts: vec![TokenStream::new(); paths.len()],
        };
        let parts: Vec<Part<'_>> = paths.iter().copied().enumerate().collect();
        self.lend(&mut lent, base, &parts, false);
        (lent.splits, lent.parts)
    }

    fn lend(&mut self, lent: &mut Lent, base: &Code, parts: &[Part<'_>], in_field: bool) {
        if let [(position, path)] = parts {
            let tokens = self.project_in(base.clone(), path, in_field).tokens;
            lent.parts[*position] = quote!(&mut #tokens);
            return;
        }
        let groups = groups(parts);
        if groups.len() > 1
            && groups
                .iter()
                .all(|(first, _)| first.literal_index().is_some())
        {
            return self.split(lent, base, groups, in_field);
        }
        if let [(a, at_a), (b, at_b)] = &groups[..] {
            let halves = (a.middle(b).map(|middle| (middle, at_a, at_b)))
                .or_else(|| b.middle(a).map(|middle| (middle, at_b, at_a)));
            if let Some((middle, before, behind)) = halves {
                return self.split_in_two(lent, base, middle, [before, behind], in_field);
            }
        }
        if in_field && (2..=4).contains(&groups.len()) {
            if let Some(members) = members(&groups) {
                return self.lend_members(lent, base, &members, groups);
            }
        }
        for (first, rest) in groups {
            let inner = self.shared(lent, base, first, rest.len(), in_field);
            let in_field = in_field || matches!(first, Proj::Field(_));
            self.lend(lent, &inner, &rest, in_field);
        }
    }

    /// The step that several parts have in common. An element or a payload is borrowed once for all of them: where
    /// taking it is a call, the compiler does not see that its fields are apart.
    fn shared(
        &mut self,
        lent: &mut Lent,
        base: &Code,
        step: &Proj,
        sharers: usize,
        in_field: bool,
    ) -> Code {
        let inner = self.project_in(base.clone(), std::slice::from_ref(step), in_field);
        if sharers < 2 || matches!(step, Proj::Field(_)) {
            return inner;
        }
        let (part, tokens) = (self.names.local("part"), &inner.tokens);
        lent.splits.extend(quote!(let #part = &mut #tokens;));
        Code::new(quote!(*#part), Level::Unary)
    }

    /// Fields of a field, from one borrow of it: it may be a constant, which has no fields.
    fn lend_members(
        &mut self,
        lent: &mut Lent,
        base: &Code,
        members: &[&Member],
        groups: Vec<(&Proj, Vec<Part<'_>>)>,
    ) {
        let each = groups.iter().map(|_| self.names.local("part"));
        let names: Vec<_> = each.collect();
        let taken = self.parts_of_field(base, members);
        lent.splits.extend(quote!(let (#(#names),*) = #taken;));
        for (name, (_, rest)) in names.iter().zip(groups) {
            let part = Code::new(quote!(*#name), Level::Unary);
            self.lend(lent, &part, &rest, true);
        }
    }

    /// Splits a slice in two.
    fn split_in_two(
        &mut self,
        lent: &mut Lent,
        base: &Code,
        middle: &Operand,
        sides: [&Vec<Part<'_>>; 2],
        in_field: bool,
    ) {
        let middle = self.operand(middle).tokens;
        let halves = [self.names.local("part"), self.names.local("rest")];
        let ([part, rest], tokens) = (&halves, &base.tokens);
        let elements = self.paths.private("Elements");
        self.elements |= in_field;
        let split = match in_field {
            true => quote!(#elements(#elements(&mut #tokens).at(..)).split(#middle)),
            false => {
                let slice = base.at(Level::Atom);
                quote!(#slice.split_at_mut(#middle))
            }
        };
        lent.splits.extend(quote!(let (#part, #rest) = #split;));
        for (half, parts) in halves.iter().zip(sides) {
            let half = Code::new(quote!(*#half), Level::Unary);
            self.lend(lent, &half, parts, in_field);
        }
    }

    /// Splits a slice before each element but the first.
    fn split(
        &mut self,
        lent: &mut Lent,
        base: &Code,
        mut groups: Vec<(&Proj, Vec<Part<'_>>)>,
        in_field: bool,
    ) {
        groups.sort_by_key(|(first, _)| first.literal_index());
        let (rest, tokens) = (self.names.local("rest"), &base.tokens);
        let elements = self.paths.private("Elements");
        // The field may be a constant.
        lent.splits.extend(match in_field {
            true => quote!(let #rest = #elements(&mut #tokens).at(..);),
            false => {
                let slice = base.at(Level::Atom);
                quote!(let #rest = &mut #slice[..];)
            }
        });
        let mut offset = 0;
        let mut groups = groups.into_iter().peekable();
        while let Some((first, parts)) = groups.next() {
            let index = first.literal_index().unwrap_or_default();
            let inside = Literal::usize_unsuffixed(index - offset);
            let slice = match groups.peek() {
                None => rest.clone(),
                Some((next, _)) => {
                    let (part, next) = (
                        self.names.local("part"),
                        next.literal_index().unwrap_or_default(),
                    );
                    let middle = Literal::usize_unsuffixed(next - offset);
                    lent.splits.extend(match in_field {
                        true => quote!(let (#part, #rest) = #elements(#rest).split(#middle);),
                        false => quote!(let (#part, #rest) = #rest.split_at_mut(#middle);),
                    });
                    offset = next;
                    part
                }
            };
            let part = match in_field {
                true => Code::new(quote!(*#elements(#slice).at(#inside)), Level::Unary),
                false => Code::atom(quote!(#slice[#inside])),
            };
            self.elements |= in_field;
            self.lend(lent, &part, &parts, in_field);
        }
    }
}

struct Lent {
    splits: TokenStream,
    parts: Vec<TokenStream>,
}

/// The fields that the groups begin with, if all of them do.
fn members<'p>(groups: &[(&'p Proj, Vec<Part<'p>>)]) -> Option<Vec<&'p Member>> {
    let steps = groups.iter();
    steps
        .map(|(step, _)| match step {
            Proj::Field(member) => Some(member),
            _ => None,
        })
        .collect()
}

/// The parts by the first step of their paths.
fn groups<'p>(parts: &[Part<'p>]) -> Vec<(&'p Proj, Vec<Part<'p>>)> {
    let mut groups: Vec<(&Proj, Vec<Part<'_>>)> = Vec::new();
    for (position, path) in parts {
        let Some((first, rest)) = path.split_first() else {
            continue;
        };
        match groups.iter_mut().find(|(other, _)| other.is_same(first)) {
            Some((_, group)) => group.push((*position, rest)),
            None => groups.push((first, vec![(*position, rest)])),
        }
    }
    groups
}
