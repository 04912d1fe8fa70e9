//! Assignments, plain and compound.

use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::{Expr, ExprAssign, ExprBinary, ExprStruct};

use super::collections;
use super::known::strip;
use super::operator::arithmetic;
use super::scope::{BindingId, Term};
use super::Lowering;
use crate::diagnostics::Slug;
use crate::ir::{Arg, BinOp, Call, Callee, Kind, Op, Operand, Operator, Place, Proj, Stmt};

impl Lowering<'_> {
    /// `a = b`, also with a pattern on the left.
    pub(super) fn assignment(&mut self, assign: &ExprAssign) -> Option<Term> {
        match super::known::strip(&assign.left) {
            Expr::Infer(_) => {
                self.operand(&assign.right, &Kind::Unknown)?;
            }
            left if targets(left).is_some() => self.destructure(left, &assign.right)?,
            left => {
                let want = self.infer(left);
                let value = self.term(&assign.right, &want)?;
                self.assign_to(left, value)?;
            }
        }
        Some(self.unit())
    }

    /// `(a, b[i]) = (b[i], a)`: the right side is read before anything is written.
    pub(super) fn destructure(&mut self, left: &Expr, right: &Expr) -> Option<()> {
        let want = self.infer(left);
        let term = self.term(right, &want)?;
        let mut pairs = Vec::new();
        self.pair_up(left, term, &mut pairs)?;
        for (target, value) in pairs {
            self.assign_to(target, Term::Value(value))?;
        }
        Some(())
    }

    pub(super) fn pair_up<'e>(
        &mut self,
        left: &'e Expr,
        term: Term,
        pairs: &mut Vec<(&'e Expr, Operand)>,
    ) -> Option<()> {
        let targets = match (left, targets(left)) {
            (Expr::Infer(_), _) => return Some(()),
            (Expr::Struct(fields), _) => return self.pair_fields(fields, term, pairs),
            (_, Some(targets)) => targets,
            (left, None) => {
                let want = self.infer(left);
                let value = self.operand_of(term, &want)?;
                let value = self.pin(value);
                pairs.push((left, value));
                return Some(());
            }
        };
        let rest = targets.iter().position(|target| is_rest(target));
        let behind = rest.map_or(0, |rest| targets.len() - rest - 1);
        let parts = match term {
            Term::Tuple(parts) => parts,
            term if behind == 0 => {
                let place = self.place_of(term)?;
                let indexed = matches!(left, Expr::Array(_));
                (0..targets.len())
                    .map(|index| Term::Place(self.part(&place, index, indexed)))
                    .collect()
            }
            // How many parts `..` stands for is not known.
            _ => return self.refuse(Slug::UnsupportedPattern, left.span(), ""),
        };
        let before = rest.unwrap_or(targets.len());
        let (first, last) = (&targets[..before], &targets[targets.len() - behind..]);
        let skipped = parts.len().saturating_sub(behind);
        let last_parts = parts.iter().skip(skipped).cloned();
        let first = first.iter().zip(parts.iter().cloned());
        for (target, part) in first.chain(last.iter().zip(last_parts)) {
            self.pair_up(target, part, pairs)?;
        }
        Some(())
    }

    /// `S { a: x, b: y, .. } = …`
    fn pair_fields<'e>(
        &mut self,
        left: &'e ExprStruct,
        term: Term,
        pairs: &mut Vec<(&'e Expr, Operand)>,
    ) -> Option<()> {
        let place = self.place_of(term)?;
        for field in &left.fields {
            let part = place.clone().then(Proj::Field(field.member.clone()));
            self.pair_up(&field.expr, Term::Place(part), pairs)?;
        }
        Some(())
    }

    /// Writes a value to a variable or a place.
    pub(super) fn assign_to(&mut self, left: &Expr, value: Term) -> Option<()> {
        if let Some(id) = self.variable(left) {
            return self.assign_variable(id, value);
        }
        let place = self.target(left)?;
        if self.is_slice(&value) {
            let detail = "a field of reference type is made to refer to another slice";
            return self.refuse(Slug::StoredReference, left.span(), detail);
        }
        let kind = self.kind_of_place(&place);
        let value = self.operand_of(value, &kind)?;
        self.builder.push(Stmt::Store { place, value });
        Some(())
    }

    /// A reference to a part of a sequence, which has no size.
    fn is_slice(&self, value: &Term) -> bool {
        let Term::Ref { place, .. } = value else {
            return false;
        };
        let part = matches!(place.path.last(), Some(Proj::Slice { .. }));
        part || matches!(self.kind_of_place(place), Kind::Slice(_))
    }

    /// The variable that a bare name refers to.
    pub(super) fn variable(&self, expr: &Expr) -> Option<BindingId> {
        let Expr::Path(path) = super::known::strip(expr) else {
            return None;
        };
        path.path.get_ident().and_then(|name| self.scope.find(name))
    }

    pub(super) fn assign_variable(&mut self, id: BindingId, value: Term) -> Option<()> {
        if let Some(view) = self.scope.view(id).cloned() {
            return self.move_view(&view, value);
        }
        let (term, kind) = self
            .scope
            .binding(id)
            .map(|binding| (binding.term.clone(), binding.kind.clone()))?;
        match (term, value) {
            (Some(Term::Place(place)), value) if self.owns(&place) => {
                let kind = self.kind_of_place(&place);
                let value = self.operand_of(value, &kind)?;
                self.builder.push(Stmt::Store { place, value });
            }
            (_, value) => {
                let bound = self.bound_term(id, value, &kind)?;
                self.scope.assign(id, Some(bound));
            }
        }
        Some(())
    }

    /// Whether a binding at this place is a variable of its own, rather than a name for another's memory.
    pub(super) fn owns(&self, place: &Place) -> bool {
        place.path.is_empty() && self.traits[place.root.0].mutable
    }

    /// The place that is assigned to.
    pub(super) fn target(&mut self, left: &Expr) -> Option<Place> {
        let known = self.traits.len();
        let place = self.place(left)?;
        if self.is_constant_root(&place) {
            return self.refuse(Slug::StaticWrite, left.span(), "");
        }
        // A copy that was only made here is not what the user's reference refers to.
        if place.root.0 >= known {
            // What declares a variable that is not in scope is a macro, which has been refused already.
            let unknown =
                matches!(strip(left), Expr::Path(path) if path.path.get_ident().is_some());
            if unknown && !self.errors.is_empty() {
                return None;
            }
            let detail = match collections::is_entry(left) {
                true => "it leads into a collection, where no gradient flows",
                false => "",
            };
            return self.refuse(Slug::StoredReference, left.span(), detail);
        }
        self.traits[place.root.0].mutable = true;
        Some(place)
    }

    /// `a += b`; `None` if the operator is not an assignment.
    pub(super) fn compound_assignment(&mut self, binary: &ExprBinary) -> Option<Option<Term>> {
        let op = plain(&binary.op)?;
        Some(self.compound(binary, op).map(|()| self.unit()))
    }

    pub(super) fn compound(&mut self, binary: &ExprBinary, op: syn::BinOp) -> Option<()> {
        let kind = self.infer(&binary.left);
        let Some(arithmetic) = arithmetic(&op).filter(|_| kind != Kind::Inert) else {
            return self.compound_inert(binary, op);
        };
        let want = if kind.is_float() {
            kind.clone()
        } else {
            Kind::Unknown
        };
        // The right side of a compound assignment to a scalar runs first.
        let value = match self.operator_argument(&binary.right, &want)? {
            Arg::Value(value) => value,
            behind => {
                return self.compound_behind(&binary.left, arithmetic, behind, binary.op.span())
            }
        };
        if let Some((id, current)) = self.scalar_variable(&binary.left) {
            let value = self.arithmetic(arithmetic, current, value, &kind, binary.op.span())?;
            return self.assign_variable(id, Term::Value(value));
        }
        let place = self.target(&binary.left)?;
        self.compound_place(place, arithmetic, value, &kind, binary.op.span())
    }

    /// `place op= &value`, of kinds that are not known.
    fn compound_behind(&mut self, left: &Expr, op: BinOp, value: Arg, span: Span) -> Option<()> {
        let place = self.target(left)?;
        let callee = Callee::Operator(Operator::Compound(op));
        let call = Call::new(callee, vec![Arg::RefMut(place), value], span);
        self.builder.push(Stmt::Do(Op::Call(Box::new(call))));
        Some(())
    }

    /// A variable that is a value, with its current one.
    pub(super) fn scalar_variable(&self, left: &Expr) -> Option<(BindingId, Operand)> {
        let id = self.variable(left)?;
        match &self.scope.binding(id)?.term {
            Some(Term::Value(value)) => Some((id, value.clone())),
            _ => None,
        }
    }

    pub(super) fn compound_place(
        &mut self,
        place: Place,
        op: BinOp,
        value: Operand,
        kind: &Kind,
        span: Span,
    ) -> Option<()> {
        let added = self.kind_of_operand(&value);
        let linear = matches!(op, BinOp::Add | BinOp::Sub);
        let known = added.is_float() && (kind.is_float() || (linear && self.learn(&place, &added)));
        let stmt = match op {
            BinOp::Add | BinOp::Sub if known => Stmt::Add {
                place,
                value,
                negate: op == BinOp::Sub,
            },
            _ if kind.is_float() => {
                let current = self.load(place.clone(), kind.clone());
                let value = self.arithmetic(op, current, value, kind, span)?;
                Stmt::Store { place, value }
            }
            _ => Stmt::Compound {
                place,
                op,
                value,
                span,
            },
        };
        self.builder.push(stmt);
        Some(())
    }

    /// What takes in a float of known type is one, although the macro did not see where it came from. Should a user's type
    /// take in floats too, then its code does not compile; it does not come out wrong.
    fn learn(&mut self, place: &Place, added: &Kind) -> bool {
        if *added == Kind::Float(crate::ir::Float::Open)
            || self.kind_of_place(place) != Kind::Unknown
        {
            return false;
        }
        if place.path.is_empty() {
            self.vars[place.root.0].kind = added.clone();
        }
        true
    }

    /// Compound assignment of integers and bits: an inert expression, assigned.
    pub(super) fn compound_inert(&mut self, binary: &ExprBinary, op: syn::BinOp) -> Option<()> {
        let plain = Expr::Binary(ExprBinary {
            attrs: Vec::new(),
            left: binary.left.clone(),
            op,
            right: Box::new(parenthesised(&binary.right)),
        });
        let value = self.parsed(|lowering| lowering.inert(&plain))?;
        self.assign_to(&binary.left, value)
    }
}

/// The operator inside a compound assignment.
fn plain(op: &syn::BinOp) -> Option<syn::BinOp> {
    use syn::BinOp as B;
    Some(match op {
        B::AddAssign(_) => B::Add(Default::default()),
        B::SubAssign(_) => B::Sub(Default::default()),
        B::MulAssign(_) => B::Mul(Default::default()),
        B::DivAssign(_) => B::Div(Default::default()),
        B::RemAssign(_) => B::Rem(Default::default()),
        B::BitAndAssign(_) => B::BitAnd(Default::default()),
        B::BitOrAssign(_) => B::BitOr(Default::default()),
        B::BitXorAssign(_) => B::BitXor(Default::default()),
        B::ShlAssign(_) => B::Shl(Default::default()),
        B::ShrAssign(_) => B::Shr(Default::default()),
        _ => return None,
    })
}

/// An operand that binds tighter than any operator.
fn parenthesised(expr: &Expr) -> Expr {
    match expr {
        Expr::Lit(_)
        | Expr::Path(_)
        | Expr::Paren(_)
        | Expr::MethodCall(_)
        | Expr::Call(_)
        | Expr::Index(_)
        | Expr::Field(_) => expr.clone(),
        expr => syn::parse_quote!((#expr)),
    }
}

/// What a destructuring assignment assigns to; `None` if the left side is no pattern.
pub(super) fn targets(left: &Expr) -> Option<Vec<&Expr>> {
    match left {
        Expr::Tuple(tuple) => Some(tuple.elems.iter().collect()),
        Expr::Array(array) => Some(array.elems.iter().collect()),
        Expr::Struct(value) => Some(value.fields.iter().map(|field| &field.expr).collect()),
        // `P(x, y) = …`: nothing else that is called can be assigned to.
        Expr::Call(call) => Some(call.args.iter().collect()),
        _ => None,
    }
}

/// `..` among the parts of what is assigned to.
fn is_rest(target: &Expr) -> bool {
    matches!(target, Expr::Range(range) if range.start.is_none() && range.end.is_none())
}
