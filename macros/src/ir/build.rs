//! Small constructors of IR forms.

use proc_macro2::{Ident, Span, TokenStream};
use std::str::FromStr;
use syn::{Expr, Member, Path};

use super::*;

impl Place {
    /// A whole root.
    pub fn root(root: Var) -> Self {
        Place {
            root,
            path: Vec::new(),
        }
    }

    /// The part of this place that a further projection picks.
    pub fn then(mut self, proj: Proj) -> Self {
        self.path.push(proj);
        self
    }
}

impl Proj {
    /// A member of what a constructor or pattern with this path makes: a field of a variant or of a struct.
    pub fn member(path: &Path, member: Member, variant: bool) -> Self {
        match variant {
            true => Proj::Variant(Box::new(Variant {
                path: path.clone(),
                member,
            })),
            false => Proj::Field(member),
        }
    }
}

impl Variant {
    /// Whether a path is written like that of a variant, `Shape::Circle`, rather than of a struct in a module.
    pub fn is_written(path: &Path) -> bool {
        let owner = path.segments.iter().rev().nth(1);
        owner.is_some_and(|owner| owner.ident.to_string().starts_with(char::is_uppercase))
    }
}

impl Literal {
    /// A number of ours, of the given kind.
    pub fn number(value: f64, kind: Kind) -> Self {
        let tokens = TokenStream::from_str(&format!("{value:?}")).unwrap_or_default();
        Literal {
            tokens,
            kind,
            value: Some(value),
        }
    }
}

impl Operand {
    /// Whether two operands certainly are the same value.
    pub fn is_same(&self, other: &Operand) -> bool {
        match (self, other) {
            (Operand::Var(a), Operand::Var(b)) => a == b,
            (Operand::Literal(a), Operand::Literal(b)) => {
                a.tokens.to_string() == b.tokens.to_string()
            }
            _ => false,
        }
    }

    pub fn number(value: f64, kind: Kind) -> Self {
        Operand::Literal(Literal::number(value, kind))
    }

    /// The variable, if this is one.
    pub fn var(&self) -> Option<Var> {
        match self {
            Operand::Var(v) => Some(*v),
            _ => None,
        }
    }

    /// Whether this is the given number.
    pub fn is_number(&self, value: f64) -> bool {
        matches!(self, Operand::Literal(l) if l.value == Some(value))
    }
}

/// An inert expression that costs little, over operands, under the names that it has for them.
pub fn cheap(expr: Expr, operands: &[(&str, Operand)]) -> Op {
    let captures = operands.iter().map(|(name, operand)| Capture {
        name: Ident::new(name, Span::call_site()),
        operand: operand.clone(),
        by: By::Value,
    });
    Op::Opaque(Box::new(Opaque {
        captures: captures.collect(),
        expr,
        cost: Cost::Cheap,
        effect: false,
    }))
}

/// `root.len()`
pub fn length_of(root: Var) -> Op {
    cheap(
        syn::parse_quote!(root.len()),
        &[("root", Operand::Place(Place::root(root)))],
    )
}

impl Kind {
    pub fn is_float(&self) -> bool {
        matches!(self, Kind::Float(_))
    }

    /// The kind of a part.
    pub fn part(self, proj: &Proj) -> Kind {
        match (proj, self) {
            (_, Kind::Inert) => Kind::Inert,
            (Proj::Payload(wrapper), _) if wrapper.is_failure() => Kind::Inert,
            (Proj::Index(_), Kind::Array(k) | Kind::Slice(k) | Kind::Vec(k)) => *k,
            (Proj::Slice { .. }, Kind::Array(k) | Kind::Slice(k) | Kind::Vec(k)) => Kind::Slice(k),
            (Proj::Field(Member::Unnamed(index)), Kind::Tuple(kinds)) => {
                let kind = kinds.get(index.index as usize);
                kind.cloned().unwrap_or(Kind::Unknown)
            }
            (Proj::Payload(_), Kind::Option(k) | Kind::Result(k)) => *k,
            (Proj::Deref, k) => k,
            _ => Kind::Unknown,
        }
    }
}

impl VarInfo {
    pub fn new(name: &str, kind: Kind, class: Class) -> Self {
        VarInfo {
            name: Ident::new(name, Span::mixed_site()),
            named: false,
            kind,
            class,
            ty: None,
            span: Span::call_site(),
        }
    }
}

impl Cmp {
    /// Whether the comparison holds between two numbers.
    pub fn holds(self, a: f64, b: f64) -> bool {
        match self {
            Cmp::Lt => a < b,
            Cmp::Le => a <= b,
            Cmp::Gt => a > b,
            Cmp::Ge => a >= b,
            Cmp::Eq => a == b,
            Cmp::Ne => a != b,
        }
    }
}
