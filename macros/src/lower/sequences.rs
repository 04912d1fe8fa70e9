//! Methods of arrays, slices and vectors: loads, stores, loops over elements, and names for parts.

use proc_macro2::Span;
use syn::{Expr, ExprMethodCall};

use super::known::{literal, strip};
use super::loops::{FrameKind, Heading, Plan};
use super::positions::zero;
use super::scope::Term;
use super::Lowering;
use crate::ir::{Class, Kind, Op, Operand, Place, Proj, Stmt};

impl Lowering<'_> {
    /// A method of a sequence of known kind; `None` inside if it is none of those known here.
    pub(super) fn sequence_method(
        &mut self,
        call: &ExprMethodCall,
        kind: &Kind,
    ) -> Option<Option<Term>> {
        let name = call.method.to_string();
        let arguments: Vec<&Expr> = call.args.iter().collect();
        let growing = matches!(kind, Kind::Vec(_) | Kind::Unknown);
        let done = match (name.as_str(), arguments.as_slice()) {
            ("first" | "last" | "first_mut" | "last_mut", []) => {
                self.end_of(call, name.starts_with("last"))
            }
            ("split_first" | "split_last" | "split_first_mut" | "split_last_mut", []) => {
                self.split_end(call, name.contains("last"))
            }
            ("get" | "get_mut", [position]) => self.get(call, position),
            ("split_at" | "split_at_mut", [at]) => self.split(call, at),
            ("swap", [a, b]) => self.swap(call, a, b),
            ("fill", [value]) => self.fill(call, value, kind),
            ("copy_from_slice" | "clone_from_slice", [other]) => self.copy_from(call, other),
            ("copy_within", [from, to]) => self.copy_within(call, from, to),
            ("to_vec", []) => self.vector_of(call, kind),
            ("push", [value]) if growing => self.push(call, value, kind),
            ("pop", []) if growing => self.pop(call, kind),
            ("extend_from_slice", [other]) if growing => self.extend(call, other),
            ("clear", []) if growing => self.clear(call, kind),
            ("reverse", []) => self.reverse(call),
            ("rotate_left" | "rotate_right", [by]) => self.rotate(call, by, name.ends_with("left")),
            (
                "sort_by"
                | "sort_unstable_by"
                | "sort_by_key"
                | "sort_unstable_by_key"
                | "sort_by_cached_key",
                [function],
            ) => self.sort(call, function),
            ("concat", []) => self.concat(call),
            _ if growing => return self.resizing_method(call, kind),
            _ => return Some(None),
        };
        done.map(Some)
    }

    /// `first()`, `last()`
    pub(super) fn end_of(&mut self, call: &ExprMethodCall, last: bool) -> Option<Term> {
        let mutable = call.method.to_string().ends_with("mut");
        let place = self.borrow(&call.receiver, mutable)?;
        let length = self.length_of_place(&place)?;
        let some = self.index(
            std::slice::from_ref(&length),
            &|holes| syn::parse_quote!(#(#holes)* > 0),
        )?;
        let at = match last {
            true => self.index(
                &[length],
                &|holes| syn::parse_quote!(#(#holes)*.wrapping_sub(1)),
            )?,
            false => zero(),
        };
        let payload = Box::new(Term::Ref {
            place: place.then(Proj::Index(at)),
            mutable,
        });
        Some(Term::Maybe { some, payload })
    }

    /// `split_first()`, `split_last()`
    pub(super) fn split_end(&mut self, call: &ExprMethodCall, last: bool) -> Option<Term> {
        let mutable = call.method.to_string().ends_with("mut");
        let place = self.borrow(&call.receiver, mutable)?;
        let length = self.length_of_place(&place)?;
        let some = self.index(
            std::slice::from_ref(&length),
            &|holes| syn::parse_quote!(#(#holes)* > 0),
        )?;
        let (at, rest) = match last {
            true => {
                let at = self.index(
                    &[length],
                    &|holes| syn::parse_quote!(#(#holes)*.wrapping_sub(1)),
                )?;
                (
                    at.clone(),
                    Proj::Slice {
                        lo: None,
                        hi: Some(at),
                    },
                )
            }
            false => {
                let one = literal(
                    &proc_macro2::Literal::usize_unsuffixed(1),
                    Kind::Inert,
                    Some(1.0),
                );
                (
                    zero(),
                    Proj::Slice {
                        lo: Some(one),
                        hi: None,
                    },
                )
            }
        };
        let end = Term::Ref {
            place: place.clone().then(Proj::Index(at)),
            mutable,
        };
        let payload = Box::new(Term::Tuple(vec![
            end,
            Term::Ref {
                place: place.then(rest),
                mutable,
            },
        ]));
        Some(Term::Maybe { some, payload })
    }

    pub(super) fn get(&mut self, call: &ExprMethodCall, position: &Expr) -> Option<Term> {
        let mutable = call.method.to_string().ends_with("mut");
        let place = self.borrow(&call.receiver, mutable)?;
        let length = self.length_of_place(&place)?;
        let part = match strip(position) {
            Expr::Range(range) => Some(self.slice(range, &place)?),
            position => self.slice_by_range(position),
        };
        if let Some(part) = part {
            return self.get_part(place.then(part.clone()), mutable, part, length);
        }
        let at = self.inert_operand(position)?;
        let some = self.index(&[at.clone(), length], &|holes| {
            let (at, length) = (&holes[0], &holes[1]);
            syn::parse_quote!(#at < #length)
        })?;
        let payload = Box::new(Term::Ref {
            place: place.then(Proj::Index(at)),
            mutable,
        });
        Some(Term::Maybe { some, payload })
    }

    /// `get(lo..hi)`: there, if the ends are in order and inside.
    fn get_part(
        &mut self,
        place: Place,
        mutable: bool,
        part: Proj,
        length: Operand,
    ) -> Option<Term> {
        let Proj::Slice { lo, hi } = part else {
            return None;
        };
        let ends: Vec<Operand> = lo.into_iter().chain(hi).chain([length]).collect();
        let some = self.index(&ends, &|holes| match holes {
            [lo, hi, length] => syn::parse_quote!(#lo <= #hi && #hi <= #length),
            [end, length] => syn::parse_quote!(#end <= #length),
            _ => syn::parse_quote!(true),
        })?;
        let payload = Box::new(Term::Ref { place, mutable });
        Some(Term::Maybe { some, payload })
    }

    /// `split_at(k)`: two references side by side.
    pub(super) fn split(&mut self, call: &ExprMethodCall, at: &Expr) -> Option<Term> {
        let mutable = call.method.to_string().ends_with("mut");
        let place = self.borrow(&call.receiver, mutable)?;
        let at = self.inert_operand(at)?;
        let low = place.clone().then(Proj::Slice {
            lo: None,
            hi: Some(at.clone()),
        });
        let high = place.then(Proj::Slice {
            lo: Some(at),
            hi: None,
        });
        Some(Term::Tuple(vec![
            Term::Ref {
                place: low,
                mutable,
            },
            Term::Ref {
                place: high,
                mutable,
            },
        ]))
    }

    pub(super) fn swap(&mut self, call: &ExprMethodCall, a: &Expr, b: &Expr) -> Option<Term> {
        let place = self.borrow(&call.receiver, true)?;
        let (a, b) = (self.inert_operand(a)?, self.inert_operand(b)?);
        self.swap_places(
            place.clone().then(Proj::Index(a)),
            place.then(Proj::Index(b)),
        )
    }

    /// Both are read before either is written.
    pub(super) fn swap_places(&mut self, a: Place, b: Place) -> Option<Term> {
        let kept = [self.kept(&a), self.kept(&b)];
        let [value_a, value_b] = kept;
        self.builder.push(Stmt::Store {
            place: a,
            value: value_b,
        });
        self.builder.push(Stmt::Store {
            place: b,
            value: value_a,
        });
        Some(self.unit())
    }

    /// The value at a place, read now.
    pub(super) fn kept(&mut self, place: &Place) -> Operand {
        let kind = self.kind_of_place(place);
        if kind.is_scalar() {
            return self.load(place.clone(), kind);
        }
        let root = self.fresh("t", kind, Class::Root);
        self.builder.push(Stmt::Let {
            var: root,
            op: Op::Keep(place.clone()),
        });
        Operand::Place(Place::root(root))
    }

    pub(super) fn fill(
        &mut self,
        call: &ExprMethodCall,
        value: &Expr,
        kind: &Kind,
    ) -> Option<Term> {
        let place = self.borrow(&call.receiver, true)?;
        let value = self.operand(value, &kind.element())?;
        self.over(
            &place.clone(),
            call.method.span(),
            "fill",
            &mut |lowering, at| {
                let place = place.clone().then(Proj::Index(at));
                lowering.builder.push(Stmt::Store {
                    place,
                    value: value.clone(),
                });
                Some(())
            },
        )
    }

    pub(super) fn copy_from(&mut self, call: &ExprMethodCall, other: &Expr) -> Option<Term> {
        let place = self.borrow(&call.receiver, true)?;
        let other = self.sequence_argument(other)?;
        let check = self.lengths_agree(&place, &other)?;
        self.builder.push(Stmt::Do(check));
        self.over(
            &place.clone(),
            call.method.span(),
            "copy_from_slice",
            &mut |lowering, at| {
                lowering.copy_element(&place, &other, at);
                Some(())
            },
        )
    }

    /// The standard library panics here; slices of the same place in the loop would stop short.
    pub(super) fn lengths_agree(&mut self, a: &Place, b: &Place) -> Option<Op> {
        let lengths = [self.length_of_place(a)?, self.length_of_place(b)?];
        let Term::Value(Operand::Var(var)) = self.opaque_of(
            &lengths,
            &|holes| {
                let (a, b) = (&holes[0], &holes[1]);
                syn::parse_quote!(::core::assert_eq!(#a, #b, "slices of different lengths"))
            },
            Kind::Inert,
        )?
        else {
            return None;
        };
        self.builder.take_definition(var).map(|op| match op {
            Op::Opaque(mut opaque) => {
                opaque.effect = true;
                opaque.cost = crate::ir::Cost::Once;
                Op::Opaque(opaque)
            }
            op => op,
        })
    }

    pub(super) fn copy_element(&mut self, to: &Place, from: &Place, at: Operand) {
        let from = from.clone().then(Proj::Index(at.clone()));
        let kind = self.kind_of_place(&from);
        let value = match kind.is_scalar() {
            true => self.load(from, kind),
            false => Operand::Place(from),
        };
        self.builder.push(Stmt::Store {
            place: to.clone().then(Proj::Index(at)),
            value,
        });
    }

    /// A sequence handed to a method by reference.
    pub(super) fn sequence_argument(&mut self, expr: &Expr) -> Option<Place> {
        match super::known::strip(expr) {
            Expr::Reference(reference) => self.borrow(&reference.expr, false),
            expr => self.place(expr),
        }
    }

    /// A loop over the positions of a sequence.
    pub(super) fn over(
        &mut self,
        place: &Place,
        span: Span,
        name: &str,
        body: &mut dyn FnMut(&mut Self, Operand) -> Option<()>,
    ) -> Option<Term> {
        let end = self.length_of_place(place)?;
        let head = Heading::Counted {
            start: zero(),
            end,
            inclusive: false,
            step: None,
            reverse: false,
        };
        let plan = Plan {
            span,
            name: name.to_string(),
            label: None,
            limit: None,
            head,
            assigned: Vec::new(),
            kind: FrameKind::Loop,
        };
        self.run(plan, &mut |lowering, index| {
            body(lowering, Operand::Var(index?))
        })
    }
}
