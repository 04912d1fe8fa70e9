//! Roots: aggregates built from parts, copies, and values of unknown kind.
//!
//! Original: `r = [a, b]`. Adjoint: `d_a += d_r[0]`, `d_b += d_r[1]`. The root ends here, so its cotangent does too.

use proc_macro2::Span;
use syn::Member;

use super::{Reverser, Seed};
use crate::ir::{Ctor, Op, Operand, Place, Proj, Stmt, Var, Wrapper};

impl<'f> Reverser<'f> {
    pub(super) fn reverse_root(&mut self, stmt: &'f Stmt, root: Var, op: &'f Op) {
        if !self.shadows.contains_key(&root) {
            return;
        }
        let _ = stmt;
        match op {
            Op::Use(o) => self.reverse_copy(root, o),
            Op::Keep(p) => self.reverse_copy(root, &Operand::Place(p.clone())),
            Op::Aggregate(ctor, parts) => self.reverse_aggregate(root, ctor, parts),
            Op::Math {
                rule,
                spelling,
                args,
            } if rule.results > 1 => self.chain_pair(root, rule, args, spelling),
            Op::Math { .. }
            | Op::Neg(_)
            | Op::Binary(..)
            | Op::Cast(..)
            | Op::UnknownMath { .. } => {
                let d = self.shadows.get(&root).copied();
                if let Some(d) = d {
                    self.vjp_op(root, op, Operand::Place(Place::root(d)));
                }
            }
            _ => {}
        }
    }

    fn reverse_copy(&mut self, root: Var, source: &Operand) {
        let Some(shadow) = self.shadow_place(&Place::root(root)) else {
            return;
        };
        match source {
            Operand::Var(v) => {
                let d = self.define(
                    "d",
                    self.vars[v.0].kind.clone(),
                    Op::Use(Operand::Place(shadow)),
                );
                self.contribute(*v, d);
            }
            Operand::Place(p) => self.accumulate_into_shadow(p, shadow),
            Operand::Literal(_) => {}
        }
    }

    fn reverse_aggregate(&mut self, root: Var, ctor: &Ctor, parts: &[Operand]) {
        match ctor {
            Ctor::Repeat(_) | Ctor::VecRepeat | Ctor::Scratch => {
                self.reverse_repeat(root, &parts[..parts.len().min(1)])
            }
            Ctor::Wrap(wrapper) => self.reverse_wrap(root, *wrapper, parts),
            Ctor::Nothing => {}
            Ctor::Boxed(_) => self.reverse_parts(root, parts, |_| Proj::Deref),
            Ctor::Array | Ctor::Vec => {
                self.reverse_parts(root, parts, |index| {
                    Proj::Index(Operand::Literal(index_literal(index)))
                });
            }
            Ctor::Tuple => {
                self.reverse_parts(root, parts, |index| {
                    Proj::Field(Member::Unnamed(index.into()))
                });
            }
            Ctor::TupleStruct { path, variant } => {
                self.reverse_parts(root, parts, |index| {
                    Proj::member(&path.path, Member::Unnamed(index.into()), *variant)
                });
            }
            Ctor::Struct {
                path,
                members,
                base: false,
                variant,
                ..
            } => {
                self.reverse_parts(root, parts, |index| {
                    Proj::member(&path.path, members[index].clone(), *variant)
                });
            }
            Ctor::Struct { members, base, .. } => self.reverse_struct(root, members, parts, *base),
        }
    }

    /// `S { a, ..base }`: what is left of the cotangent without the named members flows into the base.
    fn reverse_struct(&mut self, root: Var, members: &[Member], parts: &[Operand], base: bool) {
        let named = &parts[..members.len().min(parts.len())];
        self.reverse_parts(root, named, |index| Proj::Field(members[index].clone()));
        let (true, Some(Operand::Place(rest))) = (base, parts.last()) else {
            return;
        };
        if !self.wants(&Operand::Place(rest.clone())) {
            return;
        }
        for member in members {
            let place = Place::root(root).then(Proj::Field(member.clone()));
            let Some(shadow) = self.shadow_place(&place) else {
                return;
            };
            let primal = self.name_place(&place);
            let var = self.fresh("d", crate::ir::Kind::Unknown, crate::ir::Class::Shadow);
            self.push(Stmt::Let {
                var,
                op: Op::Take { shadow, primal },
            });
        }
        if let Some(shadow) = self.shadow_place(&Place::root(root)) {
            self.accumulate_into_shadow(rest, shadow);
        }
    }

    fn reverse_parts(&mut self, root: Var, parts: &[Operand], proj: impl Fn(usize) -> Proj) {
        for (index, part) in parts.iter().enumerate() {
            if !self.wants(part) {
                continue;
            }
            let Some(shadow) = self.shadow_place(&Place::root(root).then(proj(index))) else {
                return;
            };
            self.seed(part, &Seed::Shadow(shadow));
        }
    }

    /// `[part; n]`: every element's cotangent flows into the one part.
    fn reverse_repeat(&mut self, root: Var, parts: &[Operand]) {
        let Some(part) = parts.first().filter(|p| self.wants(p)) else {
            return;
        };
        let Some(shadow) = self.shadow_place(&Place::root(root)) else {
            return;
        };
        match part {
            Operand::Var(v) => {
                let d = self.define("d", self.vars[v.0].kind.clone(), Op::Sum(shadow));
                self.contribute(*v, d);
            }
            Operand::Place(p) => {
                if let Some(place) = self.shadow_place(p) {
                    self.push(Stmt::AccumulateEach {
                        place,
                        values: shadow,
                    });
                }
            }
            Operand::Literal(_) => {}
        }
    }

    fn reverse_wrap(&mut self, root: Var, wrapper: Wrapper, parts: &[Operand]) {
        let (Some(part), false) = (parts.first(), wrapper.is_failure()) else {
            return;
        };
        if !self.wants(part) {
            return;
        }
        let Some(shadow) = self.shadow_place(&Place::root(root)) else {
            return;
        };
        match part {
            Operand::Var(v) => {
                let zero = Operand::number(0.0, self.vars[v.0].kind.clone());
                let d = self.define(
                    "d",
                    self.vars[v.0].kind.clone(),
                    Op::Unwrap {
                        shadow,
                        otherwise: zero,
                    },
                );
                self.contribute(*v, d);
            }
            Operand::Place(p) => {
                let otherwise = match self.zero_of(p) {
                    Some(zero) => Operand::Place(Place::root(zero)),
                    None => Operand::Place(self.name_place(p)),
                };
                let d = self.fresh("d", crate::ir::Kind::Unknown, crate::ir::Class::Shadow);
                self.push(Stmt::Let {
                    var: d,
                    op: Op::Unwrap { shadow, otherwise },
                });
                self.accumulate_into_shadow(p, Place::root(d));
            }
            Operand::Literal(_) => {}
        }
    }
}

/// An index of ours.
pub(super) fn index_literal(index: usize) -> crate::ir::Literal {
    let mut digits = proc_macro2::Literal::usize_unsuffixed(index);
    digits.set_span(Span::mixed_site());
    crate::ir::Literal {
        tokens: quote::quote!(#digits),
        kind: crate::ir::Kind::Inert,
        value: Some(index as f64),
    }
}
