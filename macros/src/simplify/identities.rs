//! ★ The table of rewrites.
//!
//! They apply to what the differentiator wrote, never to the primal. Each row says what becomes of NaN, infinities and
//! signed zeros; where a row says *exact*, the new expression has the value of the old one for every input. Rows that
//! round differently are kept from what comparisons look at ([`super::exact`]).

use crate::ir::{BinOp, Cmp, Float, Kind, Op, Operand, Var};

/// A row: what is rewritten, what to know about special values, and how.
pub struct Identity {
    pub law: &'static str,
    #[cfg_attr(
        not(test),
        allow(dead_code, reason = "for readers, and for the test that demands it")
    )]
    pub note: &'static str,
    rewrite: Rewrite,
}

type Rewrite = fn(&Terms<'_>, &Op) -> Option<Rewritten>;

/// What an operation becomes.
pub enum Rewritten {
    Is(Op),
    /// The negative of a new value.
    Minus(Op),
}

use BinOp::{Add, Div, Mul, Sub};
use Rewritten::{Is, Minus};

const fn row(law: &'static str, note: &'static str, rewrite: Rewrite) -> Identity {
    Identity { law, note, rewrite }
}

/// ★ The rows, tried in this order.
pub const TABLE: &[Identity] = &[
    row(
        "a ∘ b = number",
        "exact: folded only where the result is; over- and underflow are not folded",
        |t, op| {
            let Op::Binary(op, a, b) = op else {
                return None;
            };
            Some(Is(Op::Use(t.literal(fold(
                *op,
                t.number(a)?,
                t.number(b)?,
                t.kind,
            )?))))
        },
    ),
    row(
        "a < b = truth",
        "exact, NaN compares as at run time",
        |t, op| {
            let Op::Compare(cmp, a, b) = op else {
                return None;
            };
            Some(Is(Op::Use(truth(compare(
                *cmp,
                t.number(a)?,
                t.number(b)?,
            )))))
        },
    ),
    row("select(true, a, b) = a", "exact", |t, op| {
        let Op::Select {
            cond,
            then,
            otherwise,
        } = op
        else {
            return None;
        };
        Some(Is(Op::Use(
            if t.truth(cond)? { then } else { otherwise }.clone(),
        )))
    }),
    row("select(c, a, a) = a", "exact", |_, op| {
        let Op::Select {
            then, otherwise, ..
        } = op
        else {
            return None;
        };
        same(then, otherwise).then(|| Is(Op::Use(then.clone())))
    }),
    row("x * 1 = x", "exact", |t, op| {
        t.right(op, Mul, 1.0).map(|x| Is(Op::Use(x)))
    }),
    row("1 * x = x", "exact", |t, op| {
        t.left(op, Mul, 1.0).map(|x| Is(Op::Use(x)))
    }),
    row("x / 1 = x", "exact", |t, op| {
        t.right(op, Div, 1.0).map(|x| Is(Op::Use(x)))
    }),
    row("x * -1 = -x", "exact but for the sign of a NaN", |t, op| {
        t.right(op, Mul, -1.0).map(|x| Is(Op::Neg(x)))
    }),
    row("-1 * x = -x", "exact but for the sign of a NaN", |t, op| {
        t.left(op, Mul, -1.0).map(|x| Is(Op::Neg(x)))
    }),
    row(
        "x + 0 = x",
        "x = -0 stays -0 where +0 was added",
        |t, op| t.right(op, Add, 0.0).map(|x| Is(Op::Use(x))),
    ),
    row(
        "0 + x = x",
        "x = -0 stays -0 where it was added to +0",
        |t, op| t.left(op, Add, 0.0).map(|x| Is(Op::Use(x))),
    ),
    row("x - 0 = x", "exact", |t, op| {
        t.right(op, Sub, 0.0).map(|x| Is(Op::Use(x)))
    }),
    row("0 - x = -x", "x = 0 gives -0 in place of +0", |t, op| {
        t.left(op, Sub, 0.0).map(|x| Is(Op::Neg(x)))
    }),
    row("-(-x) = x", "exact", |t, op| match op {
        Op::Neg(x) => t.negated(x).map(|x| Is(Op::Use(x))),
        _ => None,
    }),
    row("x + -y = x - y", "exact", |t, op| {
        let (x, y) = split(op, Add)?;
        Some(Is(Op::Binary(Sub, x.clone(), t.negated(y)?)))
    }),
    row("-x + y = y - x", "exact", |t, op| {
        let (x, y) = split(op, Add)?;
        Some(Is(Op::Binary(Sub, y.clone(), t.negated(x)?)))
    }),
    row("x - -y = x + y", "exact", |t, op| {
        let (x, y) = split(op, Sub)?;
        Some(Is(Op::Binary(Add, x.clone(), t.negated(y)?)))
    }),
    row(
        "(x * a) * 2ⁿ = x * (a * 2ⁿ)",
        "exact unless a product over- or underflows on the way",
        |t, op| {
            let (x, scale) = t.scaled(op)?;
            let (inner, by) = t.scaled(t.definition(x)?)?;
            let product =
                fold(Mul, scale, by, t.kind).filter(|_| power_of_two(scale) || power_of_two(by))?;
            Some(Is(Op::Binary(Mul, inner.clone(), t.literal(product))))
        },
    ),
    row(
        "-x - y = -(x + y)",
        "exact but for the sign of a zero",
        |t, op| {
            let (x, y) = split(op, Sub)?;
            Some(Minus(Op::Binary(Add, t.negated(x)?, y.clone())))
        },
    ),
    row(
        "-x * y = -(x * y)",
        "exact but for the sign of a NaN",
        |t, op| {
            let (x, y) = split(op, Mul)?;
            Some(Minus(Op::Binary(Mul, t.negated(x)?, y.clone())))
        },
    ),
    row(
        "x * -y = -(x * y)",
        "exact but for the sign of a NaN",
        |t, op| {
            let (x, y) = split(op, Mul)?;
            Some(Minus(Op::Binary(Mul, x.clone(), t.negated(y)?)))
        },
    ),
    row(
        "-x / y = -(x / y)",
        "exact but for the sign of a NaN",
        |t, op| {
            let (x, y) = split(op, Div)?;
            Some(Minus(Op::Binary(Div, t.negated(x)?, y.clone())))
        },
    ),
    row(
        "x / -y = -(x / y)",
        "exact but for the sign of a NaN",
        |t, op| {
            let (x, y) = split(op, Div)?;
            Some(Minus(Op::Binary(Div, x.clone(), t.negated(y)?)))
        },
    ),
    row("x + x = 2 * x", "exact", |t, op| {
        let (x, y) = split(op, Add)?;
        (same(x, y) && x.var().is_some()).then(|| Is(Op::Binary(Mul, t.literal(2.0), x.clone())))
    }),
    row(
        "(x / y) * y = x",
        "without two roundings; x where y = 0 or infinite gave NaN, and where x / y over- or underflowed",
        |t, op| {
            let (quotient, y) = split(t.may_round(op)?, Mul)?;
            let over = |quotient, y: &Operand| {
                let (x, by) = split(t.definition(quotient)?, Div)?;
                same(by, y).then(|| Is(Op::Use(x.clone())))
            };
            over(quotient, y).or_else(|| over(y, quotient))
        },
    ),
];

/// The first row that applies to an operation.
pub fn apply(terms: &Terms<'_>, op: &Op) -> Option<Rewritten> {
    TABLE
        .iter()
        .find_map(|identity| (identity.rewrite)(terms, op))
}

/// What rows may know: the kind of the result, and what defines each value.
pub struct Terms<'t> {
    pub kind: &'t Kind,
    /// Whether the result has to be the same to the last bit.
    pub exact: bool,
    /// Operations on values and numbers, by the variable they define.
    pub definitions: &'t [Option<Op>],
}

impl Terms<'_> {
    fn literal(&self, value: f64) -> Operand {
        Operand::number(value, self.kind.clone())
    }

    fn number(&self, operand: &Operand) -> Option<f64> {
        match operand {
            Operand::Literal(literal) if literal.kind.is_float() => literal.value,
            _ => None,
        }
    }

    fn truth(&self, operand: &Operand) -> Option<bool> {
        match operand {
            Operand::Literal(literal) => literal.tokens.to_string().parse().ok(),
            _ => None,
        }
    }

    fn definition(&self, operand: &Operand) -> Option<&Op> {
        let Var(index) = operand.var()?;
        self.definitions.get(index)?.as_ref()
    }

    /// The operation, if its result may be rounded otherwise.
    fn may_round<'o>(&self, op: &'o Op) -> Option<&'o Op> {
        (!self.exact).then_some(op)
    }

    /// `x`, if the operand is `-x`.
    pub fn negated(&self, operand: &Operand) -> Option<Operand> {
        match self.definition(operand)? {
            Op::Neg(x) => Some(x.clone()),
            _ => None,
        }
    }

    /// `x`, if the operation is `x op value`.
    fn right(&self, op: &Op, wanted: BinOp, value: f64) -> Option<Operand> {
        let (x, number) = split(op, wanted)?;
        (self.number(number)? == value).then(|| x.clone())
    }

    /// `x`, if the operation is `value op x`.
    fn left(&self, op: &Op, wanted: BinOp, value: f64) -> Option<Operand> {
        let (number, x) = split(op, wanted)?;
        (self.number(number)? == value).then(|| x.clone())
    }

    /// The operand and the number of a product with a number.
    fn scaled<'o>(&self, op: &'o Op) -> Option<(&'o Operand, f64)> {
        let (a, b) = split(op, Mul)?;
        self.number(a)
            .map(|scale| (b, scale))
            .or_else(|| Some((a, self.number(b)?)))
    }
}

fn split(op: &Op, wanted: BinOp) -> Option<(&Operand, &Operand)> {
    match op {
        Op::Binary(found, left, right) if *found == wanted => Some((left, right)),
        _ => None,
    }
}

fn same(a: &Operand, b: &Operand) -> bool {
    match (a, b) {
        (Operand::Var(a), Operand::Var(b)) => a == b,
        (Operand::Literal(a), Operand::Literal(b)) => {
            a.value.is_some() && a.value.map(f64::to_bits) == b.value.map(f64::to_bits)
        }
        _ => false,
    }
}

fn truth(value: bool) -> Operand {
    let tokens = if value {
        quote::quote!(true)
    } else {
        quote::quote!(false)
    };
    Operand::Literal(crate::ir::Literal {
        tokens,
        kind: Kind::Inert,
        value: None,
    })
}

fn compare(cmp: Cmp, a: f64, b: f64) -> bool {
    match cmp {
        Cmp::Lt => a < b,
        Cmp::Le => a <= b,
        Cmp::Gt => a > b,
        Cmp::Ge => a >= b,
        Cmp::Eq => a == b,
        Cmp::Ne => a != b,
    }
}

/// The result of an operation on numbers, if it is the same in every float type that `kind` may be.
fn fold(op: BinOp, a: f64, b: f64, kind: &Kind) -> Option<f64> {
    let result = match op {
        Add => a + b,
        Sub => a - b,
        Mul => a * b,
        Div => a / b,
        BinOp::Rem => return None,
    };
    let safe = match kind {
        Kind::Float(Float::F64) => true,
        Kind::Float(_) => {
            [a, b, result].iter().all(|&number| is_single(number)) && (op != Div || power_of_two(b))
        }
        _ => false,
    };
    (safe && result.is_finite()).then_some(result)
}

/// Whether a number is one in single precision too.
#[allow(clippy::cast_possible_truncation, reason = "that is the question")]
fn is_single(number: f64) -> bool {
    f64::from(number as f32) == number
}

pub(super) fn power_of_two(number: f64) -> bool {
    number.is_normal() && number.to_bits().trailing_zeros() >= 52
}
