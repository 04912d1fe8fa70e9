//! Where the cotangents of a call's arguments go.

use proc_macro2::Span;

use super::Reverser;
use crate::analyse;
use crate::closures;
use crate::diagnostics::{Errors, Slug};
use crate::ir::{Arg, Class, Kind, Lambda, Op, Operand, Place, SlotArg, Stmt, Var};

/// What has to be done around a `_vjp` call for its slots.
#[derive(Default)]
pub(super) struct Slots {
    pub(super) before: Vec<Stmt>,
    pub(super) slots: Vec<SlotArg>,
    /// Sums for arguments that are values.
    pub(super) sums: Vec<(Var, Var)>,
    /// Temporary cotangents for arguments that overlap another's.
    pub(super) spills: Vec<(Place, Var)>,
    lent: Vec<Place>,
}

impl Reverser<'_> {
    /// Where the cotangents of all arguments go. What a call writes comes first: the cotangent of what it leaves there
    /// goes in with the slot, so that a temporary one, which starts from zero, will not do.
    pub(super) fn slots_for(&mut self, primal: &[Arg], named: &[Arg], span: Span) -> Slots {
        let mut slots = Slots {
            slots: vec![SlotArg::Inactive; primal.len()],
            ..Slots::default()
        };
        let numbered = || primal.iter().zip(named).enumerate();
        for (at, (arg, named)) in numbered().filter(|(_, (arg, _))| arg.is_written()) {
            slots.slots[at] = self.slot_for(arg, named, &mut slots);
        }
        if !slots.spills.is_empty() {
            self.refuse(Slug::WrittenParts, span, "");
        }
        for (at, (arg, named)) in numbered().filter(|(_, (arg, _))| !arg.is_written()) {
            slots.slots[at] = self.slot_for(arg, named, &mut slots);
        }
        for (at, arg) in primal.iter().enumerate() {
            if let Arg::Closure(lambda) = arg {
                slots.slots[at] = self.rule(lambda, &slots.slots, span);
            }
        }
        slots
    }

    /// The rule of a closure, for the cotangents of its arguments and of what it captures, as far as these are wanted.
    fn rule(&mut self, lambda: &Lambda, slots: &[SlotArg], span: Span) -> SlotArg {
        if lambda.primal.result == Some(Kind::Inert) {
            return SlotArg::Inactive;
        }
        let (first, count) = lambda.captured;
        let captured = slots.iter().skip(first).take(count);
        let wanted: Vec<bool> = captured
            .map(|slot| !matches!(slot, SlotArg::Inactive))
            .collect();
        match closures::rule(self.choices, &lambda.primal, &wanted, &mut Errors::new()) {
            Some(rule) => SlotArg::Rule(Box::new(rule)),
            None => {
                self.refuse(Slug::EscapingClosure, span, "");
                SlotArg::Inactive
            }
        }
    }

    /// Where the cotangent of an argument goes.
    fn slot_for(&mut self, arg: &Arg, named: &Arg, slots: &mut Slots) -> SlotArg {
        match (arg, named) {
            (Arg::Value(Operand::Var(v)), _) if self.facts.is_active(*v) => {
                let fresh = self.fresh(&self.d_name(*v), self.vars[v.0].kind.clone(), Class::Fresh);
                slots.before.push(Stmt::Let {
                    var: fresh,
                    op: Op::Fresh,
                });
                slots.sums.push((*v, fresh));
                SlotArg::Fresh(fresh)
            }
            (
                Arg::RefMut(p)
                | Arg::Receiver {
                    place: p,
                    mutable: true,
                },
                _,
            ) if analyse::is_constant_of_unknown_type(self.primal, p.root) => SlotArg::Constant,
            (
                Arg::Value(Operand::Place(p))
                | Arg::Ref(p)
                | Arg::RefMut(p)
                | Arg::Function { place: p, .. }
                | Arg::Receiver { place: p, .. },
                Arg::Value(Operand::Place(n))
                | Arg::Ref(n)
                | Arg::RefMut(n)
                | Arg::Function { place: n, .. }
                | Arg::Receiver { place: n, .. },
            ) => self.slot_for_place(p, n, slots),
            _ => SlotArg::Inactive,
        }
    }

    fn slot_for_place(&mut self, place: &Place, named: &Place, slots: &mut Slots) -> SlotArg {
        let Some(shadow) = self.shadow_place(place) else {
            return SlotArg::Inactive;
        };
        let opaque = self.vars[place.root.0].kind == Kind::Unknown;
        if slots
            .lent
            .iter()
            .any(|other| shadow.may_overlap(other, opaque))
        {
            if self.vars[place.root.0].kind == Kind::Function {
                // There is one rule, and it cannot be lent twice at once.
                let span = self.vars[place.root.0].name.span();
                self.refuse(Slug::SharedFunction, span, "");
                return SlotArg::Inactive;
            }
            let spill = self.fresh("d_shared", self.kind_of(place), Class::Shadow);
            slots.before.push(Stmt::Let {
                var: spill,
                op: Op::Zero(named.clone()),
            });
            slots.spills.push((shadow, spill));
            return SlotArg::Shadow(Place::root(spill));
        }
        slots.lent.push(shadow.clone());
        SlotArg::Shadow(shadow)
    }
}
