//! The operators of integers: nothing flows.

use super::{
    AddAssignVjp, AddVjp, DivAssignVjp, DivVjp, MulAssignVjp, MulVjp, NegVjp, RemAssignVjp, RemVjp,
    SubAssignVjp, SubVjp,
};
use crate::{Slot, SlotMut};

macro_rules! rules {
    ($for_each:ident $context:tt) => {
        $for_each! {
            $context
            AddVjp add_vjp AddAssignVjp add_assign_vjp: +, +=;
            SubVjp sub_vjp SubAssignVjp sub_assign_vjp: -, -=;
            MulVjp mul_vjp MulAssignVjp mul_assign_vjp: *, *=;
            DivVjp div_vjp DivAssignVjp div_assign_vjp: /, /=;
            RemVjp rem_vjp RemAssignVjp rem_assign_vjp: %, %=;
        }
    };
}

macro_rules! binary {
    ([$int:ident $left:ty, $right:ty] $(
        $vjp:ident $method:ident $_vjp:ident $_method:ident: $op:tt, $_op:tt;
    )*) => {$(
        impl $vjp<$right> for $left {
            #[inline(always)]
            fn $method(self, rhs: $right, (): (), _: impl Slot<()>, _: impl Slot<()>) -> $int {
                self $op rhs
            }
        }
    )*};
}

macro_rules! assign {
    ([$int:ident $right:ty] $(
        $_vjp:ident $_method:ident $vjp:ident $method:ident: $_op:tt, $op:tt;
    )*) => {$(
        impl $vjp<$right> for $int {
            #[inline(always)]
            fn $method(&mut self, rhs: $right, _: impl SlotMut<()>, _: impl Slot<()>) {
                *self $op rhs;
            }
        }
    )*};
}

macro_rules! integers {
    ($($int:ident)*) => {$(
        rules!(binary [$int $int, $int]);
        rules!(binary [$int $int, &$int]);
        rules!(binary [$int &$int, $int]);
        rules!(binary [$int &$int, &$int]);
        rules!(assign [$int $int]);
        rules!(assign [$int &$int]);
    )*};
}

integers!(i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize);

macro_rules! negation {
    ($($int:ident)*) => {$(
        impl NegVjp for $int {
            #[inline(always)]
            fn neg_vjp(self, (): (), _: impl Slot<()>) -> $int {
                -self
            }
        }

        impl NegVjp for &$int {
            #[inline(always)]
            fn neg_vjp(self, (): (), _: impl Slot<()>) -> $int {
                -self
            }
        }
    )*};
}

negation!(i8 i16 i32 i64 i128 isize);
