//! Slots: where cotangents of parameters and arguments go.

use proc_macro2::{Ident, TokenStream};
use quote::{quote, ToTokens};
use syn::spanned::Spanned;

use super::code::Code;
use super::{paths, Emitter};
use crate::ir::{
    Arg, Callee, Class, Kind, Operand, Place, Proj, SlotArg, Var, Vjp, VjpOf, Wrapper,
};

impl Emitter<'_> {
    /// Adjoint: `Slot::add(&mut d_x, v);`, or inside `if let Some(d) = Slot::get(&mut d_x) { d.f += v; }`
    pub fn add_to_slot(
        &mut self,
        lines: &mut TokenStream,
        place: &Place,
        value: &Operand,
        negate: bool,
    ) {
        if place.path.is_empty() {
            let value = self.operand(value);
            let value = if negate {
                let value = value.at(super::code::Level::Unary);
                quote!(-#value)
            } else {
                value.tokens
            };
            let (add, slot) = (self.paths.slot("add"), self.names.of(place.root));
            return self.line(lines, quote!(#add(&mut #slot, #value);));
        }
        let inside = self.inside_slot(place);
        let addition = self.addition(place, inside, value, negate);
        self.gather(place.root, addition);
    }

    /// Adjoint: `if let Some(d) = Slot::get(&mut d_x) { Cotangent::accumulate(&mut d.f, &v); }`
    pub fn accumulate_to_slot(&mut self, place: &Place, value: &Place) {
        let inside = self.inside_slot(place).tokens;
        let borrow = if place.path.is_empty() {
            quote!()
        } else {
            quote!(&mut)
        };
        let (accumulate, value) = (self.paths.private("add_to"), self.borrow(value).tokens);
        self.gather(place.root, quote!(#accumulate(#borrow #inside, #value);));
    }

    /// Adjoint: `for each in values { Cotangent::accumulate(&mut place, each); }`
    pub fn accumulate_each(&mut self, lines: &mut TokenStream, place: &Place, values: &Place) {
        let (each, values) = (self.names.local("each"), self.borrow(values).tokens);
        let accumulate = self.paths.accumulate();
        if self.class(place.root) == Class::Slot {
            let inside = self.inside_slot(place).tokens;
            let borrow = if place.path.is_empty() {
                quote!()
            } else {
                quote!(&mut)
            };
            return self.gather(
                place.root,
                quote!(for #each in #values { #accumulate(#borrow #inside, #each); }),
            );
        }
        self.flush_readers(lines, place.root);
        let place = self.borrow_mut(place).tokens;
        self.line(
            lines,
            quote!(for #each in #values { #accumulate(#place, #each); }),
        );
    }

    /// A place inside the cotangent that a slot holds, while additions to the slot are gathered.
    fn inside_slot(&mut self, place: &Place) -> Code {
        if !self.groups.iter().any(|(slot, _)| *slot == place.root) {
            self.groups.push((place.root, TokenStream::new()));
        }
        self.inside_open(place)
    }

    fn gather(&mut self, slot: Var, line: TokenStream) {
        if let Some((_, lines)) = self
            .groups
            .iter_mut()
            .find(|(gathered, _)| *gathered == slot)
        {
            lines.extend(line);
        }
    }

    /// Prints the additions that have been gathered, slot by slot: those to different slots do not meet.
    pub fn close_groups(&mut self, lines: &mut TokenStream) {
        for (slot, additions) in std::mem::take(&mut self.groups) {
            let (some, get, slot) = (
                paths::wrapper(Wrapper::Some),
                self.paths.slot("get"),
                self.names.of(slot),
            );
            lines.extend(quote!(if let #some(#slot) = #get(&mut #slot) { #additions }));
        }
    }

    /// Reverse: `let mut spare = None; let d_a = SlotMut::open(&mut d_a, &*a, &mut spare);`, inside `resized(…, &*a)` if
    /// it is a vector whose length may have changed.
    pub fn open(
        &mut self,
        lines: &mut TokenStream,
        var: Var,
        [slot, primal]: [Var; 2],
        resized: bool,
    ) {
        let (spare, none) = (self.names.local("spare"), paths::none());
        let open = self.paths.root("SlotMut");
        let (slot, name) = (self.names.of(slot), self.names.of(var));
        let primal = self
            .borrow(&Place {
                root: primal,
                path: Vec::new(),
            })
            .tokens;
        let mut opened = quote!(#open::open(&mut #slot, #primal, &mut #spare));
        if resized {
            let resized = self.paths.private("resized");
            opened = quote!(#resized(#opened, #primal));
        }
        self.line(lines, quote!(let mut #spare = #none; let #name = #opened;));
    }

    /// The slots of a call. Those that lie in one parameter's slot are lent together, before the call.
    /// `exact`: they are asked for with the very types of the arguments, which no call has coerced.
    pub fn slots(&mut self, lines: &mut TokenStream, vjp: &Vjp, exact: bool) -> Vec<TokenStream> {
        let slots = &vjp.slots;
        let mut lent: Vec<Option<TokenStream>> = vec![None; slots.len()];
        for (position, slot) in slots.iter().enumerate() {
            let SlotArg::Shadow(place) = slot else {
                continue;
            };
            let shared =
                |other: &SlotArg| matches!(other, SlotArg::Shadow(p) if p.root == place.root);
            let together: Vec<usize> = (0..slots.len())
                .filter(|&other| shared(&slots[other]))
                .collect();
            if together.len() > 1 && together[0] == position {
                let places: Vec<(&Place, bool)> = together
                    .iter()
                    .filter_map(|&at| Some((shadow(&slots[at])?, only_read(vjp, at))))
                    .collect();
                for (at, name) in together.iter().zip(self.lend_together(lines, &places)) {
                    lent[*at] = Some(name);
                }
            }
        }
        let args = slots.iter().zip(lent).enumerate();
        let handed = matches!(vjp.of, VjpOf::Call(Callee::Handed));
        args.map(|(at, (slot, lent))| {
            // What goes by value into a function that is handed over has the type that its rule says.
            let exact = exact || handed && matches!(vjp.args.get(at), Some(Arg::Value(_)));
            let slot = lent.unwrap_or_else(|| self.slot(slot, exact, only_read(vjp, at)));
            match vjp.args.get(at) {
                // Should a rule be wanted for it, the compiler says so there.
                Some(Arg::Value(Operand::Literal(literal))) => {
                    paths::located(&slot, literal.tokens.span())
                }
                _ => slot,
            }
        })
        .collect()
    }

    fn slot(&mut self, slot: &SlotArg, exact: bool, only_read: bool) -> TokenStream {
        match slot {
            SlotArg::Inactive => self.paths.root("Inactive"),
            SlotArg::Constant => self.paths.private("Constant"),
            // Printed with the slots of what it captures.
            SlotArg::Rule(_) => TokenStream::new(),
            SlotArg::Fresh(var) => {
                let name = self.names.of(*var);
                quote!(&mut #name)
            }
            SlotArg::Shadow(place) if self.kind(place) == Kind::Function => {
                let name = self.names.of(place.root);
                quote!(&mut *#name)
            }
            SlotArg::Shadow(place) if self.class(place.root) == Class::Slot => {
                let projected = self.projected(place);
                self.fitted(place, projected)
            }
            SlotArg::Shadow(place) if self.gathered[place.root.0].is_some() && !exact => {
                let name = self.names.of(place.root);
                quote!(#name.fit())
            }
            SlotArg::Shadow(place) => {
                let part = self.borrow_mut(place).tokens;
                self.fitted_field(place, part, only_read)
            }
        }
    }

    /// The name of a rule, taken off the slots of its arguments, and these as the rule takes them: `Option<&mut C>`.
    pub fn of_rule(&mut self, vjp: &Vjp, slots: &mut Vec<TokenStream>) -> TokenStream {
        slots.remove(0);
        let wanted = vjp.slots.iter().skip(1);
        for (slot, wanted) in slots.iter_mut().zip(wanted) {
            *slot = match wanted {
                SlotArg::Inactive | SlotArg::Constant => paths::none(),
                _ => {
                    let get = self.paths.slot("get");
                    quote!(#get(&mut #slot))
                }
            };
        }
        match vjp.slots.first() {
            Some(SlotArg::Shadow(place)) => self.names.of(place.root).to_token_stream(),
            _ => TokenStream::new(),
        }
    }

    /// `fit_place(&mut d.f)`: the field of a value whose type is not seen may be a constant. What a call writes is not
    /// one: there a gradient would be lost.
    fn fitted_field(&mut self, place: &Place, part: TokenStream, only_read: bool) -> TokenStream {
        let in_field = place.path.iter().any(|step| matches!(step, Proj::Field(_)));
        match only_read && in_field && self.may_differ(place) {
            true => {
                let fit = self.paths.private("fit_place");
                quote!(#fit(#part))
            }
            false => part,
        }
    }

    /// `fit(slot)`, unless it is known that the call asks for exactly this cotangent.
    fn fitted(&mut self, place: &Place, slot: TokenStream) -> TokenStream {
        match self.may_differ(place) || self.is_kept_slice(place) {
            true => {
                let fit = self.paths.private("fit");
                quote!(#fit(#slot))
            }
            false => slot,
        }
    }

    /// Whether a call may ask for another type of cotangent than the place has.
    fn may_differ(&self, place: &Place) -> bool {
        matches!(
            self.kind(place),
            Kind::Unknown | Kind::Array(_) | Kind::Vec(_)
        )
    }

    /// `rows[i]` of `rows: &[&[f64]]`: the cotangent that stands there is a vector, and a slice may be asked for.
    fn is_kept_slice(&self, place: &Place) -> bool {
        let sliced = matches!(place.path.last(), None | Some(Proj::Slice { .. }));
        !sliced && matches!(self.kind(place), Kind::Slice(_))
    }

    /// `Slot::project(&mut d_x, |d| &mut d.f)`
    fn projected(&mut self, place: &Place) -> TokenStream {
        let (project, slot) = (self.paths.slot("project"), self.names.of(place.root));
        let inside = self.inside_open(place).tokens;
        let borrow = (!place.path.is_empty()).then(|| quote!(&mut));
        quote!(#project(&mut #slot, |#slot| #borrow #inside))
    }

    /// `let (slot, slot_1) = Slot::project2(&mut d_x, |d_x| (&mut d_x.f, &mut d_x.g));`
    fn lend_together(
        &mut self,
        lines: &mut TokenStream,
        places: &[(&Place, bool)],
    ) -> Vec<TokenStream> {
        let root = places[0].0.root;
        let names: Vec<Ident> = places.iter().map(|_| self.names.local("slot")).collect();
        let paths: Vec<&[Proj]> = places.iter().map(|(p, _)| p.path.as_slice()).collect();
        let name = self.names.of(root);
        let (splits, parts) = self.disjoint(&Code::atom(name.to_token_stream()), &paths);
        let parts = quote!((#(#parts),*));
        let parts = if splits.is_empty() {
            parts
        } else {
            quote!({ #splits #parts })
        };
        let lent = if self.class(root) == Class::Slot {
            let project = self.paths.slot(&format!("project{}", places.len()));
            quote!(#project(&mut #name, |#name| #parts))
        } else {
            parts
        };
        self.line(lines, quote!(let (#(#names),*) = #lent;));
        let in_slot = self.class(root) == Class::Slot;
        let slots = names.iter().zip(places);
        slots
            .map(|(name, (place, only_read))| match in_slot {
                true => self.fitted(place, name.to_token_stream()),
                false => self.fitted_field(place, name.to_token_stream(), *only_read),
            })
            .collect()
    }
}

/// Whether the call of a rule only reads the argument at a position.
fn only_read(vjp: &Vjp, at: usize) -> bool {
    match vjp.args.get(at) {
        Some(Arg::Value(_) | Arg::Ref(_)) => true,
        Some(Arg::Receiver { mutable, .. }) => !mutable || matches!(vjp.of, VjpOf::Math(_)),
        Some(Arg::RefMut(_) | Arg::Function { .. } | Arg::Closure(_)) | None => false,
    }
}

fn shadow(slot: &SlotArg) -> Option<&Place> {
    match slot {
        SlotArg::Shadow(place) => Some(place),
        _ => None,
    }
}
