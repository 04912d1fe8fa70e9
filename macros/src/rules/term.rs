//! The handle over which the table writes its formulas: `Copy`, with the operators and functions of ordinary notation.

use std::cell::RefCell;
use std::ops::{Add, Div, Mul, Neg, Sub};

use super::formula::{Condition, Constant, Formula};
use super::{table, Rule};
use crate::ir::{BinOp, Cmp};

/// Where the trees behind the handles live while a formula is being built.
#[derive(Default)]
pub struct Arena(RefCell<Vec<Formula>>);

/// A term of a formula: a number or constant, or a tree in an arena.
#[derive(Clone, Copy)]
pub enum E<'a> {
    Num(f64),
    Const(Constant),
    Tree(&'a Arena, usize),
}

/// A comparison of terms, for [`select`].
pub struct Test<'a> {
    op: Cmp,
    left: E<'a>,
    right: E<'a>,
}

/// `then` where the test holds, else `otherwise`.
pub fn select<'a>(test: Test<'a>, then: impl Into<E<'a>>, otherwise: impl Into<E<'a>>) -> E<'a> {
    let (then, otherwise) = (then.into(), otherwise.into());
    let cond = Condition {
        op: test.op,
        left: test.left.formula(),
        right: test.right.formula(),
    };
    let tree = Formula::Select {
        cond: Box::new(cond),
        then: Box::new(then.formula()),
        otherwise: Box::new(otherwise.formula()),
    };
    E::build(&[test.left, test.right, then, otherwise], tree)
}

impl<'a> E<'a> {
    pub fn new(arena: &'a Arena, formula: Formula) -> E<'a> {
        let mut trees = arena.0.borrow_mut();
        trees.push(formula);
        E::Tree(arena, trees.len() - 1)
    }

    /// A number that may be combined with numbers and constants.
    pub fn number(self, value: f64) -> E<'a> {
        match self {
            E::Tree(arena, _) => E::new(arena, Formula::Num(value)),
            _ => E::Num(value),
        }
    }

    /// The tree behind the handle.
    pub fn formula(self) -> Formula {
        match self {
            E::Num(value) => Formula::Num(value),
            E::Const(constant) => Formula::Const(constant),
            E::Tree(arena, index) => arena
                .0
                .borrow()
                .get(index)
                .cloned()
                .unwrap_or(Formula::Num(f64::NAN)),
        }
    }

    /// A tree made of `parts`, in the arena of one of them.
    fn build(parts: &[E<'a>], tree: Formula) -> E<'a> {
        let arena = parts.iter().find_map(|part| match part {
            E::Tree(arena, _) => Some(*arena),
            _ => None,
        });
        // Without an argument there is no arena; the table writes `x.number(…)` there, and a test looks for NaN.
        arena.map_or(E::Num(f64::NAN), |arena| E::new(arena, tree))
    }

    fn binary(self, op: BinOp, other: E<'a>) -> E<'a> {
        E::build(
            &[self, other],
            Formula::Bin(op, Box::new(self.formula()), Box::new(other.formula())),
        )
    }

    fn call(self, rule: &'static Rule, others: &[E<'a>]) -> E<'a> {
        let args = std::iter::once(self).chain(others.iter().copied());
        E::build(&[self], Formula::Call(rule, args.map(E::formula).collect()))
    }

    fn test(self, op: Cmp, other: impl Into<E<'a>>) -> Test<'a> {
        Test {
            op,
            left: self,
            right: other.into(),
        }
    }
}

/// Functions, spelled in Rust as the primal is.
impl<'a> E<'a> {
    pub fn sin(self) -> E<'a> {
        self.call(table::SIN, &[])
    }

    pub fn cos(self) -> E<'a> {
        self.call(table::COS, &[])
    }

    pub fn sinh(self) -> E<'a> {
        self.call(table::SINH, &[])
    }

    pub fn cosh(self) -> E<'a> {
        self.call(table::COSH, &[])
    }

    pub fn exp(self) -> E<'a> {
        self.call(table::EXP, &[])
    }

    pub fn exp2(self) -> E<'a> {
        self.call(table::EXP2, &[])
    }

    pub fn ln(self) -> E<'a> {
        self.call(table::LN, &[])
    }

    pub fn sqrt(self) -> E<'a> {
        self.call(table::SQRT, &[])
    }

    pub fn hypot(self, other: impl Into<E<'a>>) -> E<'a> {
        self.call(table::HYPOT, &[other.into()])
    }

    pub fn powf(self, exponent: E<'a>) -> E<'a> {
        self.call(table::POWF, &[exponent])
    }

    /// `self.powi(n - less)`, where `self` stands for the integer argument `n` if it is an argument.
    pub fn as_exponent_of(self, base: E<'a>, less: i32) -> E<'a> {
        let tree = match self.formula() {
            Formula::Arg(exponent) => Formula::PowI {
                base: Box::new(base.formula()),
                exponent,
                less,
            },
            _ => Formula::Num(f64::NAN),
        };
        E::build(&[self, base], tree)
    }

    /// An integer argument as a float.
    pub fn count(self) -> E<'a> {
        let tree = match self.formula() {
            Formula::Arg(index) => Formula::Count(index),
            _ => Formula::Num(f64::NAN),
        };
        E::build(&[self], tree)
    }

    /// Part `index` of a result that is a tuple.
    pub fn part(self, index: usize) -> E<'a> {
        E::build(&[self], Formula::Part(index))
    }
}

/// Comparisons, for [`select`].
impl<'a> E<'a> {
    pub fn equals(self, other: impl Into<E<'a>>) -> Test<'a> {
        self.test(Cmp::Eq, other)
    }

    pub fn below(self, other: impl Into<E<'a>>) -> Test<'a> {
        self.test(Cmp::Lt, other)
    }

    pub fn above(self, other: impl Into<E<'a>>) -> Test<'a> {
        self.test(Cmp::Gt, other)
    }

    pub fn at_most(self, other: impl Into<E<'a>>) -> Test<'a> {
        self.test(Cmp::Le, other)
    }

    pub fn at_least(self, other: impl Into<E<'a>>) -> Test<'a> {
        self.test(Cmp::Ge, other)
    }
}

impl From<f64> for E<'_> {
    fn from(value: f64) -> Self {
        E::Num(value)
    }
}

impl From<Constant> for E<'_> {
    fn from(constant: Constant) -> Self {
        E::Const(constant)
    }
}

impl<'a> Neg for E<'a> {
    type Output = E<'a>;

    fn neg(self) -> E<'a> {
        E::build(&[self], Formula::Neg(Box::new(self.formula())))
    }
}

/// An operator between terms, and with a number or constant on either side.
macro_rules! operator {
    ($operator:ident $method:ident) => {
        impl<'a, R: Into<E<'a>>> $operator<R> for E<'a> {
            type Output = E<'a>;

            fn $method(self, other: R) -> E<'a> {
                self.binary(BinOp::$operator, other.into())
            }
        }

        impl<'a> $operator<E<'a>> for f64 {
            type Output = E<'a>;

            fn $method(self, other: E<'a>) -> E<'a> {
                E::from(self).binary(BinOp::$operator, other)
            }
        }

        impl<'a> $operator<E<'a>> for Constant {
            type Output = E<'a>;

            fn $method(self, other: E<'a>) -> E<'a> {
                E::from(self).binary(BinOp::$operator, other)
            }
        }
    };
}
operator!(Add add);
operator!(Sub sub);
operator!(Mul mul);
operator!(Div div);
