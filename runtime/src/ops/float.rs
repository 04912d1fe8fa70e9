//! The rules of the operators of `f32` and `f64`, by value and by reference.

use core::borrow::Borrow;

use num_traits::Float;

use super::{
    AddAssignVjp, AddVjp, DivAssignVjp, DivVjp, MulAssignVjp, MulVjp, NegVjp, RemAssignVjp, RemVjp,
    SubAssignVjp, SubVjp,
};
use crate::{Slot, SlotMut};

/// The table: what `d`, the cotangent of `x op y`, contributes to `x` and to `y`.
macro_rules! rules {
    ($for_each:ident $context:tt) => {
        $for_each! {
            $context
            AddVjp add_vjp AddAssignVjp add_assign_vjp: |x, y, d| x + y => d, d;
            SubVjp sub_vjp SubAssignVjp sub_assign_vjp: |x, y, d| x - y => d, -d;
            MulVjp mul_vjp MulAssignVjp mul_assign_vjp: |x, y, d| x * y => d * y, d * x;
            DivVjp div_vjp DivAssignVjp div_assign_vjp: |x, y, d| x / y => d / y, -(d * (x / y)) / y;
            RemVjp rem_vjp RemAssignVjp rem_assign_vjp: |x, y, d| x % y => d, -d * Float::trunc(x / y);
        }
    };
}

macro_rules! binary {
    ([$float:ident $left:ty, $right:ty] $(
        $vjp:ident $method:ident $_vjp:ident $_method:ident:
            |$x:ident, $y:ident, $d:ident| $out:expr => $d_x:expr, $d_y:expr;
    )*) => {$(
        impl $vjp<$right> for $left {
            #[inline(always)]
            fn $method(
                self,
                rhs: $right,
                $d: $float,
                mut d_self: impl Slot<$float>,
                mut d_rhs: impl Slot<$float>,
            ) -> $float {
                let ($x, $y): ($float, $float) = (*self.borrow(), *rhs.borrow());
                d_self.add($d_x);
                d_rhs.add($d_y);
                $out
            }
        }
    )*};
}

macro_rules! assign {
    ([$float:ident $right:ty] $(
        $_vjp:ident $_method:ident $vjp:ident $method:ident:
            |$x:ident, $y:ident, $d:ident| $out:expr => $d_x:expr, $d_y:expr;
    )*) => {$(
        impl $vjp<$right> for $float {
            #[inline(always)]
            fn $method(
                &mut self,
                rhs: $right,
                mut d_self: impl SlotMut<$float>,
                mut d_rhs: impl Slot<$float>,
            ) {
                let mut spare = None;
                let d_x = d_self.open(self, &mut spare);
                let ($x, $y, $d): ($float, $float, $float) = (*self, *rhs.borrow(), *d_x);
                *d_x = $d_x;
                d_rhs.add($d_y);
                *self = $out;
            }
        }
    )*};
}

macro_rules! negation {
    ($float:ident $operand:ty) => {
        impl NegVjp for $operand {
            #[inline(always)]
            fn neg_vjp(self, d: $float, mut d_self: impl Slot<$float>) -> $float {
                d_self.add(-d);
                -self
            }
        }
    };
}

macro_rules! floats {
    ($($float:ident)*) => {$(
        rules!(binary [$float $float, $float]);
        rules!(binary [$float $float, &$float]);
        rules!(binary [$float &$float, $float]);
        rules!(binary [$float &$float, &$float]);
        rules!(assign [$float $float]);
        rules!(assign [$float &$float]);
        negation!($float $float);
        negation!($float &$float);
    )*};
}

floats!(f32 f64);
