//! Places in memory, and operands.

use proc_macro2::TokenStream;
use syn::{Member, Path};

use super::{Kind, Var};

/// A path in memory.
#[derive(Clone, Debug)]
pub struct Place {
    pub root: Var,
    pub path: Vec<Proj>,
}

#[derive(Clone, Debug)]
pub enum Proj {
    Field(Member),
    Index(Operand),
    /// `[lo..hi]`
    Slice {
        lo: Option<Operand>,
        hi: Option<Operand>,
    },
    /// `*place` written by the user on a box.
    Deref,
    /// What is inside `Some`, `Ok` (known to be that variant here).
    Payload(Wrapper),
    /// A field of a variant of a user's enum (known to be that variant here).
    Variant(Box<Variant>),
}

impl Place {
    /// Whether two places may share memory: they do not if they part at different fields, different literal indices, or halves.
    ///
    /// Elements of an `opaque` root are only known to lie apart in a field: what the root itself is, and whether it can be
    /// split like a slice, the macro does not know.
    pub fn may_overlap(&self, other: &Place, opaque: bool) -> bool {
        if self.root != other.root {
            return false;
        }
        let mut in_field = false;
        for (p, q) in self.path.iter().zip(&other.path) {
            if p.middle(q).or_else(|| q.middle(p)).is_some() {
                return opaque && !in_field;
            }
            in_field |= matches!(p, Proj::Field(_));
            match (p, q) {
                (Proj::Field(f), Proj::Field(g)) if f != g => return false,
                (Proj::Index(Operand::Literal(i)), Proj::Index(Operand::Literal(j))) => {
                    match (i.value, j.value) {
                        (Some(i), Some(j)) if i != j => return opaque && !in_field,
                        (Some(_), Some(_)) => {}
                        _ => return true,
                    }
                }
                (Proj::Field(_), Proj::Field(_)) | (Proj::Payload(_), Proj::Payload(_)) => {}
                _ if p.is_same(q) => {}
                _ => return true,
            }
        }
        true
    }
}

impl Proj {
    /// Whether two steps certainly lead to the same place.
    pub fn is_same(&self, other: &Proj) -> bool {
        let equal = |a: &Option<Operand>, b: &Option<Operand>| match (a, b) {
            (Some(a), Some(b)) => a.is_same(b),
            (a, b) => a.is_none() && b.is_none(),
        };
        match (self, other) {
            (Proj::Field(Member::Named(a)), Proj::Field(Member::Named(b))) => a == b,
            (Proj::Field(Member::Unnamed(a)), Proj::Field(Member::Unnamed(b))) => a == b,
            (Proj::Index(a), Proj::Index(b)) => a.is_same(b),
            (Proj::Slice { lo, hi }, Proj::Slice { lo: l, hi: h }) => equal(lo, l) && equal(hi, h),
            (Proj::Deref, Proj::Deref) => true,
            (Proj::Payload(a), Proj::Payload(b)) => a == b,
            _ => false,
        }
    }

    /// Where a slice is split into `[..middle]`, this step, and `[middle..]`, the other.
    pub fn middle<'p>(&'p self, other: &'p Proj) -> Option<&'p Operand> {
        match (self, other) {
            (
                Proj::Slice {
                    lo: None,
                    hi: Some(hi),
                },
                Proj::Slice {
                    lo: Some(lo),
                    hi: None,
                },
            ) => hi.is_same(lo).then_some(hi),
            _ => None,
        }
    }

    /// The index, if it is a number.
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "an index that was written as a number"
    )]
    pub fn literal_index(&self) -> Option<usize> {
        let Proj::Index(Operand::Literal(literal)) = self else {
            return None;
        };
        let value = literal.value.map(|value| value as usize);
        value.or_else(|| {
            let text = literal.tokens.to_string();
            text.trim_end_matches("usize").parse().ok()
        })
    }
}

/// A field of a variant: the variant as the user's pattern names it, the field.
#[derive(Clone, Debug)]
pub struct Variant {
    pub path: Path,
    pub member: Member,
}

/// Enums of the standard library that the macro knows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Wrapper {
    Some,
    Ok,
    /// Its payload is inert.
    Err,
    /// `Some` or `Ok`: the macro does not know whether it is an option or a result.
    Either,
    /// `None` or `Err` of such a value: its payload is what the same failure is made of again.
    Failure,
    /// The same, on its way out of the function by `?`.
    Leaving,
}

impl Wrapper {
    /// Whether no floats are inside.
    pub fn is_failure(self) -> bool {
        matches!(self, Wrapper::Err | Wrapper::Failure | Wrapper::Leaving)
    }
}

#[derive(Clone, Debug)]
pub enum Operand {
    Var(Var),
    /// Reads by value: copies or moves. Floats of known kind are loaded into values instead.
    Place(Place),
    Literal(Literal),
}

/// A literal, a constant, or another expression over nothing local.
#[derive(Clone, Debug)]
pub struct Literal {
    pub tokens: TokenStream,
    pub kind: Kind,
    /// Its value, where the macro knows it.
    pub value: Option<f64>,
}
