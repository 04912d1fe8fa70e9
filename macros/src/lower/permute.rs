//! Elements that change places: reversed, rotated, sorted. All but sorting is done in place, by exchanges.

use proc_macro2::{Ident, Span};
use syn::{Expr, ExprMethodCall};

use super::known::strip;
use super::loops::{FrameKind, Heading, Plan};
use super::positions::zero;
use super::scope::Term;
use super::Lowering;
use crate::ir::{By, Capture, Cost, Kind, Op, Opaque, Operand, Place, Proj, Stmt};

impl Lowering<'_> {
    /// `reverse()`
    pub(super) fn reverse(&mut self, call: &ExprMethodCall) -> Option<Term> {
        let place = self.borrow(&call.receiver, true)?;
        let length = self.length_of_place(&place)?;
        self.reverse_part(&place, zero(), length, call.method.span())
    }

    /// `rotate_left(k)`, `rotate_right(k)`: both parts are reversed, and then the whole.
    pub(super) fn rotate(&mut self, call: &ExprMethodCall, by: &Expr, left: bool) -> Option<Term> {
        let place = self.borrow(&call.receiver, true)?;
        let span = call.method.span();
        let by = self.inert_operand(by)?;
        let length = self.length_of_place(&place)?;
        let middle = match left {
            true => by,
            false => self.index(&[length.clone(), by], &|holes| {
                let (length, by) = (&holes[0], &holes[1]);
                syn::parse_quote!(#length - #by)
            })?,
        };
        self.reverse_part(&place, zero(), middle.clone(), span)?;
        self.reverse_part(&place, middle, length.clone(), span)?;
        self.reverse_part(&place, zero(), length, span)
    }

    /// Reverses what stands between two positions.
    fn reverse_part(
        &mut self,
        place: &Place,
        lo: Operand,
        hi: Operand,
        span: Span,
    ) -> Option<Term> {
        let half = self.index(&[lo.clone(), hi.clone()], &|holes| {
            let (lo, hi) = (&holes[0], &holes[1]);
            syn::parse_quote!((#hi - #lo) / 2)
        })?;
        self.counted_loop(zero(), half, "reverse", span, &mut |lowering, at| {
            let front = lowering.shifted(&lo, &at)?;
            let back = lowering.index(&[hi.clone(), at], &|holes| {
                let (hi, at) = (&holes[0], &holes[1]);
                syn::parse_quote!(#hi - 1 - #at)
            })?;
            lowering.exchange(place, front, back)
        })
    }

    /// `copy_within(lo..hi, to)`: from a copy of the whole, since the two parts may overlap.
    pub(super) fn copy_within(
        &mut self,
        call: &ExprMethodCall,
        from: &Expr,
        to: &Expr,
    ) -> Option<Term> {
        let place = self.borrow(&call.receiver, true)?;
        let from = match strip(from) {
            Expr::Range(range) => self.slice(range, &place)?,
            from => match self.slice_by_range(from) {
                Some(part) => part,
                None => return self.unsupported(from, "copying from this range"),
            },
        };
        let to = self.inert_operand(to)?;
        let Operand::Place(old) = self.kept(&place) else {
            return None;
        };
        let length = self.copied_within(&place, &from, &to)?;
        let from = old.then(from);
        let span = call.method.span();
        self.counted_loop(zero(), length, "copy_within", span, &mut |lowering, at| {
            let to = lowering.shifted(&to, &at)?;
            let value = lowering.kept(&from.clone().then(Proj::Index(at)));
            let place = place.clone().then(Proj::Index(to));
            lowering.builder.push(Stmt::Store { place, value });
            Some(())
        })
    }

    /// How many elements are copied: what does not fit is found before anything is written.
    fn copied_within(&mut self, place: &Place, from: &Proj, to: &Operand) -> Option<Operand> {
        let total = self.length_of_place(place)?;
        let end = match from {
            Proj::Slice { hi: Some(hi), .. } => hi.clone(),
            _ => total.clone(),
        };
        let length = self.length_of_place(&place.clone().then(from.clone()))?;
        self.index(&[length, end, to.clone(), total], &|holes| {
            let [length, end, to, total] = holes else {
                return syn::parse_quote!(0usize);
            };
            syn::parse_quote!({
                ::core::assert!(#end <= #total && #length <= #end, "range out of bounds");
                ::core::assert!(#to <= #total - #length, "dest is out of bounds");
                #length
            })
        })
    }

    /// Two elements of a sequence change places.
    pub(super) fn exchange(&mut self, place: &Place, a: Operand, b: Operand) -> Option<()> {
        let (a, b) = (Proj::Index(a), Proj::Index(b));
        self.swap_places(place.clone().then(a), place.clone().then(b))
            .map(|_| ())
    }

    /// `for i in start..end`
    pub(super) fn counted_loop(
        &mut self,
        start: Operand,
        end: Operand,
        name: &str,
        span: Span,
        body: &mut dyn FnMut(&mut Self, Operand) -> Option<()>,
    ) -> Option<Term> {
        let plan = Plan {
            span,
            name: name.to_string(),
            label: None,
            limit: None,
            head: Heading::Counted {
                start,
                end,
                inclusive: false,
                step: None,
                reverse: false,
            },
            assigned: Vec::new(),
            kind: FrameKind::Loop,
        };
        self.run(plan, &mut |lowering, index| {
            body(lowering, Operand::Var(index?))
        })
    }

    /// `sort_by(compare)`, `sort_by_key(key)`: positions are sorted, which no derivative depends on, and the elements are
    /// fetched in their order.
    pub(super) fn sort(&mut self, call: &ExprMethodCall, function: &Expr) -> Option<Term> {
        let (Expr::Closure(_) | Expr::Path(_)) = strip(function) else {
            return self.unsupported(function, "sorting by this");
        };
        if !self.is_pure(function) {
            return self.unsupported(function, "sorting by this");
        }
        let place = self.borrow(&call.receiver, true)?;
        let order = self.order(call, &place, function)?;
        let old = match self.kept(&place) {
            Operand::Place(old) => old,
            _ => return None,
        };
        let span = call.method.span();
        let length = self.length_of_place(&place)?;
        self.counted_loop(zero(), length, "sort", span, &mut |lowering, at| {
            let from = order.clone().then(Proj::Index(at.clone()));
            let from = lowering.load(from, Kind::Inert);
            let value = lowering.kept(&old.clone().then(Proj::Index(from)));
            let place = place.clone().then(Proj::Index(at));
            lowering.builder.push(Stmt::Store { place, value });
            Some(())
        })
    }

    /// The positions in sorted order. An empty array is copied to get at a `Vec` without naming it.
    fn order(&mut self, call: &ExprMethodCall, place: &Place, function: &Expr) -> Option<Place> {
        let sequence = Ident::new("sequence", Span::call_site());
        let method = &call.method;
        let names: Vec<Ident> = match call.method.to_string().ends_with("key") {
            true => vec![Ident::new("__at", Span::call_site())],
            false => ["__a", "__b"]
                .map(|name| Ident::new(name, Span::call_site()))
                .to_vec(),
        };
        // The closure's own patterns are bound to the elements, which tells their types.
        let applied: Expr = match strip(function) {
            Expr::Closure(closure) if closure.inputs.len() == names.len() => {
                let (pats, body) = (closure.inputs.iter(), &closure.body);
                syn::parse_quote!({ #(let #pats = &#sequence[*#names];)* #body })
            }
            function => syn::parse_quote!(#function(#(&#sequence[*#names]),*)),
        };
        let sorted: Expr = syn::parse_quote!(order.#method(|#(#names),*| #applied));
        let expr: Expr = syn::parse_quote!({
            let mut order = <[::core::primitive::usize]>::to_vec(&[]);
            ::core::iter::Extend::extend(&mut order, 0..#sequence.len());
            #sorted;
            order
        });
        let mut captures = self.captured(function, Cost::Once, false)?.captures;
        captures.push(Capture {
            name: sequence,
            operand: Operand::Place(place.clone()),
            by: By::Value,
        });
        let opaque = Opaque {
            expr,
            captures,
            cost: Cost::Once,
            effect: false,
        };
        let kind = Kind::Vec(Box::new(Kind::Inert));
        let order = self.define(Op::Opaque(Box::new(opaque)), kind);
        self.place_of(order)
    }
}
