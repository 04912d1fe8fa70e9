//! Lengths and positions as polynomials over what is not known of them, so that they can be compared.
//!
//! `(j + 1) * d - j * d` is `d`, and the length of `&x[i * d..(i + 1) * d]` is `d`. Two numbers are known to be equal if
//! their polynomials are: factors wrap as positions do, so that what is equal stays equal.

use std::collections::BTreeMap;

use syn::{BinOp, Expr, Lit};

use super::{DefBy, Facts};
use crate::ir::{
    Capture, Class, Cost, Ctor, Function, Kind, Op, Opaque, Operand, Place, Proj, Var,
};

/// A sum of products of unknowns with whole factors.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Extent(BTreeMap<Vec<String>, i64>);

impl Extent {
    pub fn number(n: i64) -> Self {
        Extent([(Vec::new(), n)].into()).tidy()
    }

    fn unknown(name: String) -> Self {
        Extent([(vec![name], 1)].into())
    }

    pub fn plus(mut self, other: &Extent, times: i64) -> Self {
        for (product, factor) in &other.0 {
            let sum = self.0.entry(product.clone()).or_default();
            *sum = sum.wrapping_add(factor.wrapping_mul(times));
        }
        self.tidy()
    }

    fn times(&self, other: &Extent) -> Self {
        let mut result = Extent::default();
        for (a, x) in &self.0 {
            for (b, y) in &other.0 {
                let mut product = [a.as_slice(), b.as_slice()].concat();
                product.sort_unstable();
                let sum = result.0.entry(product).or_default();
                *sum = sum.wrapping_add(x.wrapping_mul(*y));
            }
        }
        result.tidy()
    }

    fn tidy(mut self) -> Self {
        self.0.retain(|_, factor| *factor != 0);
        self
    }

    /// The variable that it is.
    pub fn as_var(&self) -> Option<Var> {
        let mut products = self.0.iter();
        let (Some((product, 1)), None) = (products.next(), products.next()) else {
            return None;
        };
        match &product[..] {
            [name] => name.strip_prefix('v')?.parse().ok().map(Var),
            _ => None,
        }
    }

    /// The variables that it mentions.
    pub fn vars(&self) -> impl Iterator<Item = Var> + '_ {
        self.0.keys().flatten().flat_map(|name| vars_in(name))
    }

    /// `self - unknown`, if the unknown occurs in it once and by itself.
    pub fn offset_from(&self, var: Var) -> Option<Extent> {
        let name = name(var);
        let rest = self.clone().plus(&Extent::unknown(name.clone()), -1);
        let mentioned = rest.vars().any(|other| other == var);
        (!mentioned).then_some(rest)
    }
}

fn name(var: Var) -> String {
    format!("v{}", var.0)
}

/// The variables in the name of an unknown: a quotient is called after what is divided.
fn vars_in(name: &str) -> impl Iterator<Item = Var> + '_ {
    let numbers = name.split(|c: char| !c.is_ascii_alphanumeric());
    numbers
        .filter_map(|part| part.strip_prefix('v'))
        .filter_map(|digits| digits.parse().ok().map(Var))
}

/// What is known of a function's lengths.
pub struct Extents<'f> {
    pub function: &'f Function,
    pub facts: &'f Facts<'f>,
}

impl Extents<'_> {
    /// An inert operand that is a number.
    pub fn of(&self, operand: &Operand) -> Option<Extent> {
        match operand {
            Operand::Var(var) => Some(self.of_var(*var)),
            Operand::Literal(literal) => {
                let literal: Expr = syn::parse2(literal.tokens.clone()).ok()?;
                self.of_expr(&literal, &[])
            }
            Operand::Place(_) => None,
        }
    }

    fn of_var(&self, var: Var) -> Extent {
        let known = match self.facts.defs[var.0].by {
            DefBy::Let(Op::Use(operand)) => self.of(operand),
            DefBy::Let(Op::Opaque(opaque)) => self.of_opaque(opaque),
            _ => None,
        };
        known.unwrap_or_else(|| Extent::unknown(name(var)))
    }

    fn of_opaque(&self, opaque: &Opaque) -> Option<Extent> {
        self.of_expr(&opaque.expr, &opaque.captures)
    }

    fn of_expr(&self, expr: &Expr, captures: &[Capture]) -> Option<Extent> {
        let of = |expr: &Expr| self.of_expr(expr, captures);
        match expr {
            Expr::Paren(inner) => of(&inner.expr),
            Expr::Group(inner) => of(&inner.expr),
            Expr::Lit(literal) => match &literal.lit {
                Lit::Int(int) => int.base10_parse().ok().map(Extent::number),
                _ => None,
            },
            Expr::Path(_) => self.of(captured(expr, captures)?),
            Expr::Binary(binary) => {
                let (left, right) = (of(&binary.left)?, of(&binary.right)?);
                match binary.op {
                    BinOp::Add(_) => Some(left.plus(&right, 1)),
                    BinOp::Sub(_) => Some(left.plus(&right, -1)),
                    BinOp::Mul(_) => Some(left.times(&right)),
                    BinOp::Div(_) => Some(Extent::unknown(format!("{left:?}/{right:?}"))),
                    _ => None,
                }
            }
            Expr::MethodCall(call) if call.method == "len" => {
                match captured(&call.receiver, captures)? {
                    Operand::Place(place) => self.length(place),
                    _ => None,
                }
            }
            Expr::Call(call) if says_min(&call.func) && call.args.len() == 2 => {
                let (left, right) = (of(&call.args[0])?, of(&call.args[1])?);
                Some(match left == right {
                    true => left,
                    false => Extent::unknown(format!("min({left:?},{right:?})")),
                })
            }
            _ => None,
        }
    }

    /// The length of a sequence.
    pub fn length(&self, place: &Place) -> Option<Extent> {
        match place.path.split_last() {
            None => self.length_of_root(place.root),
            Some((Proj::Slice { lo, hi }, rest)) => {
                let lo = match lo {
                    Some(lo) => self.of(lo)?,
                    None => Extent::default(),
                };
                let hi = match hi {
                    Some(hi) => self.of(hi)?,
                    None => self.length(&Place {
                        root: place.root,
                        path: rest.to_vec(),
                    })?,
                };
                Some(hi.plus(&lo, -1))
            }
            Some(_) => None,
        }
    }

    fn length_of_root(&self, root: Var) -> Option<Extent> {
        let info = &self.function.vars[root.0];
        let may_grow = matches!(info.kind, Kind::Vec(_) | Kind::Unknown);
        if may_grow && info.class != Class::Ref && self.facts.is_reshaped(root) {
            return None;
        }
        match self.facts.defs[root.0].by {
            DefBy::Let(Op::Aggregate(Ctor::VecRepeat | Ctor::Scratch, parts)) => {
                self.of(parts.get(1)?)
            }
            DefBy::Let(Op::Borrow(place) | Op::Keep(place)) => self.length(place),
            _ if matches!(info.kind, Kind::Vec(_) | Kind::Slice(_)) => {
                Some(Extent::unknown(format!("len {}", name(root))))
            }
            _ => None,
        }
    }
}

/// The operand that a name in an expression stands for.
pub fn captured<'c>(expr: &Expr, captures: &'c [Capture]) -> Option<&'c Operand> {
    let Expr::Path(path) = expr else { return None };
    let name = path.path.get_ident()?;
    let capture = captures.iter().find(|capture| capture.name == *name)?;
    Some(&capture.operand)
}

/// `Ord::min`
pub fn says_min(function: &Expr) -> bool {
    let Expr::Path(path) = function else {
        return false;
    };
    let mut segments = path.path.segments.iter().rev();
    let mut next = |name: &str| segments.next().is_some_and(|segment| segment.ident == name);
    next("min") && next("Ord")
}

/// `x.len()`
pub fn asks_length(opaque: &Opaque) -> bool {
    let [capture] = &opaque.captures[..] else {
        return false;
    };
    let Expr::MethodCall(call) = &opaque.expr else {
        return false;
    };
    let of_it = matches!(&*call.receiver, Expr::Path(path) if path.path.is_ident(&capture.name));
    opaque.cost == Cost::Cheap && of_it && call.method == "len" && call.args.is_empty()
}
