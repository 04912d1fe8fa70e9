//! A partial derivative as a tree over the arguments and the result of its function.

use super::Rule;
use crate::ir::{BinOp, Cmp};

/// An expression for a partial derivative, in the float type of the function it belongs to.
#[derive(Clone, Debug, PartialEq)]
pub enum Formula {
    /// Argument number so and so of the primal call.
    Arg(usize),
    /// Its result.
    Out,
    /// A part of its result, where that is a tuple (`sin_cos`).
    Part(usize),
    /// An integer argument, converted to the float type: the `n` of `powi`.
    Count(usize),
    /// A number.
    Num(f64),
    /// A constant with a name.
    Const(Constant),
    Neg(Box<Formula>),
    Bin(BinOp, Box<Formula>, Box<Formula>),
    /// Another function of the table, spelled as the primal call is.
    Call(&'static Rule, Vec<Formula>),
    /// `base.powi(n - less)`, where `n` is the integer argument number `exponent` of the primal call. `n` is not 0 where
    /// this is evaluated, but it may be `i32::MIN`: subtract with saturation unless `n` is a literal.
    PowI {
        base: Box<Formula>,
        exponent: usize,
        less: i32,
    },
    /// One of two; the other must not be evaluated, still less contribute.
    Select {
        cond: Box<Condition>,
        then: Box<Formula>,
        otherwise: Box<Formula>,
    },
}

/// A comparison of two floats, false as soon as one of them is NaN (but for `Ne`).
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    pub op: Cmp,
    pub left: Formula,
    pub right: Formula,
}

/// A constant of `core::f32::consts`, `core::f64::consts` and `num_traits::FloatConst` alike. It has a name because its
/// digits would be too many for `f32`, which clippy points out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Constant {
    pub name: &'static str,
    pub value: f64,
}

impl Formula {
    /// Whether the formula mentions argument number `arg`, be it in a condition.
    pub fn mentions_arg(&self, arg: usize) -> bool {
        self.any(&|part| match part {
            Formula::Arg(index)
            | Formula::Count(index)
            | Formula::PowI {
                exponent: index, ..
            } => *index == arg,
            _ => false,
        })
    }

    /// Whether the formula mentions the result of the primal call.
    pub fn mentions_out(&self) -> bool {
        self.any(&|part| matches!(part, Formula::Out | Formula::Part(_)))
    }

    /// Whether the formula is finite wherever the arguments are: it neither divides nor calls a function.
    pub fn is_polynomial(&self) -> bool {
        !self.any(&|part| match part {
            Formula::Bin(op, ..) => matches!(op, BinOp::Div | BinOp::Rem),
            Formula::Out | Formula::Part(_) | Formula::Call(..) | Formula::PowI { .. } => true,
            _ => false,
        })
    }

    /// Whether this tree or a tree below it is such.
    pub fn any(&self, such: &dyn Fn(&Formula) -> bool) -> bool {
        such(self) || self.children().into_iter().any(|child| child.any(such))
    }

    /// The trees directly below, those of a condition first.
    pub fn children(&self) -> Vec<&Formula> {
        match self {
            Formula::Arg(_) | Formula::Out | Formula::Part(_) | Formula::Count(_) => Vec::new(),
            Formula::Num(_) | Formula::Const(_) => Vec::new(),
            Formula::Neg(inner) | Formula::PowI { base: inner, .. } => vec![inner],
            Formula::Bin(_, left, right) => vec![left, right],
            Formula::Call(_, args) => args.iter().collect(),
            Formula::Select {
                cond,
                then,
                otherwise,
            } => vec![&cond.left, &cond.right, then, otherwise],
        }
    }
}
