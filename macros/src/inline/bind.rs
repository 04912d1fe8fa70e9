//! What a callee's parameters stand for in its caller.

use super::{is_view, Body, Inliner};
use crate::ir::parts::exclusive::{self, Part};
use crate::ir::parts::shared;
use crate::ir::{Arg, Block, Call, Class, Float, Kind, Op, Operand, Place, Proj, Var};
use crate::lower::strings;

/// What a parameter stands for.
#[allow(clippy::large_enum_variant, reason = "one per argument")]
pub(super) enum Binding {
    /// A variable of its own, of this type.
    Let(Op, Option<syn::Type>),
    /// Memory of the caller.
    Place(Place),
}

impl Inliner<'_> {
    /// What each parameter stands for; `None` if one cannot be told.
    pub(super) fn bind(&self, call: &Call, body: &Body) -> Option<Vec<(Var, Binding)>> {
        let params = &body.function.params;
        if params.len() != call.args.len() {
            return None;
        }
        let each = params.iter().zip(&body.types).zip(&call.args);
        each.map(|((param, ty), arg)| {
            let info = &body.function.vars[param.var.0];
            let binding = match info.class {
                Class::Value | Class::Root => self.by_value(arg, &info.kind, ty),
                _ => self.by_reference(arg, &info.kind),
            };
            Some((param.var, binding?))
        })
        .collect()
    }

    fn by_value(&self, arg: &Arg, kind: &Kind, ty: &syn::Type) -> Option<Binding> {
        let Arg::Value(operand) = arg else {
            return None;
        };
        let given = self.kind_of(operand);
        let fits = kind.is_scalar() || fits(kind, &given);
        let op = match operand {
            Operand::Var(_) if strings::is_string(ty) => strings::clone_of(operand.clone()),
            operand => Op::Use(operand.clone()),
        };
        fits.then(|| Binding::Let(op, Some(ty.clone())))
    }

    fn by_reference(&self, arg: &Arg, kind: &Kind) -> Option<Binding> {
        let place = place(arg).filter(|place| is_fixed(place))?;
        let given = self.kind_of_place(place);
        let place = match (kind, &given) {
            (kind, given) if fits(kind, given) => place.clone(),
            (Kind::Slice(a), Kind::Array(b) | Kind::Vec(b)) if part_fits(a, b) => {
                place.clone().then(Proj::Slice { lo: None, hi: None })
            }
            _ => return None,
        };
        let part = place.path.iter().any(|p| !matches!(p, Proj::Field(_)));
        let class = self.vars[place.root.0].class;
        if part && is_view(class, kind) && matches!(arg, Arg::Ref(_)) {
            return Some(Binding::Let(Op::Borrow(place), None));
        }
        Some(Binding::Place(place))
    }

    fn kind_of(&self, operand: &Operand) -> Kind {
        match operand {
            Operand::Var(var) => self.vars[var.0].kind.clone(),
            Operand::Place(place) => self.kind_of_place(place),
            Operand::Literal(literal) => literal.kind.clone(),
        }
    }

    fn kind_of_place(&self, place: &Place) -> Kind {
        let root = self.vars[place.root.0].kind.clone();
        place.path.iter().fold(root, Kind::part)
    }
}

/// The place that an argument lends.
pub(super) fn place(arg: &Arg) -> Option<&Place> {
    match arg {
        Arg::Ref(place)
        | Arg::RefMut(place)
        | Arg::Function { place, .. }
        | Arg::Receiver { place, .. } => Some(place),
        Arg::Value(_) | Arg::Closure(_) => None,
    }
}

/// Whether something of the kind `given` is what a parameter of a kind expects. A literal's float is of any width.
fn fits(kind: &Kind, given: &Kind) -> bool {
    match (kind, given) {
        (Kind::Float(_), Kind::Float(Float::Open)) => true,
        (Kind::Array(a), Kind::Array(b))
        | (Kind::Slice(a), Kind::Slice(b))
        | (Kind::Vec(a), Kind::Vec(b)) => part_fits(a, b),
        (Kind::Tuple(a), Kind::Tuple(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| part_fits(a, b))
        }
        (kind, given) => kind == given,
    }
}

/// The same of a part: nothing is coerced there, so that what is not known is what the call needs.
fn part_fits(kind: &Kind, given: &Kind) -> bool {
    matches!((kind, given), (Kind::Float(_), Kind::Unknown)) || fits(kind, given)
}

/// Whether a place stays the same while the body runs: its indices are values, not memory.
fn is_fixed(place: &Place) -> bool {
    let mut fixed = true;
    shared::of_path(place, &mut |part| {
        fixed &= !matches!(part, shared::Part::Operand(Operand::Place(_)));
    });
    fixed
}

/// Replaces the roots of places by places.
pub(super) fn substitute(block: &mut Block, places: &[(Var, Place)]) {
    for stmt in &mut block.stmts {
        exclusive::of_stmt(stmt, &mut |part| in_part(part, places));
    }
    exclusive::of_end(&mut block.end, &mut |part| in_part(part, places));
}

fn in_part(part: Part<'_>, places: &[(Var, Place)]) {
    match part {
        Part::Operand(operand) | Part::Captured(operand, _) | Part::Exhausted(operand) => {
            if let Operand::Place(place) = operand {
                in_place(place, places);
            }
        }
        Part::Place(place, _) => in_place(place, places),
        Part::Block(block) => substitute(block, places),
        Part::Handle(..) | Part::Moved(_) | Part::Def(_) => {}
    }
}

fn in_place(place: &mut Place, places: &[(Var, Place)]) {
    exclusive::of_path(place, &mut |part| in_part(part, places));
    let Some((_, target)) = places.iter().find(|(var, _)| *var == place.root) else {
        return;
    };
    let mut path = target.path.clone();
    let whole = matches!(path.last(), Some(Proj::Slice { lo: None, hi: None }));
    let picks = matches!(
        place.path.first(),
        Some(Proj::Index(_) | Proj::Slice { .. })
    );
    if whole && picks {
        path.pop();
    }
    path.append(&mut place.path);
    *place = Place {
        root: target.root,
        path,
    };
}
