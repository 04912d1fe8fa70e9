//! Calls as statements, `g(&mut x);`, of functions whose signature the attribute does not see: `g_vjp` takes a `d_out`
//! if `g` has a result, and the statement does not say whether it has.
//!
//! The number of parameters does: [`Dropped`] wraps the function, and of the two methods `filled` that there are for
//! every number of arguments one fits. What comes back is called with the arguments and the slots alone.

use crate::Scalar;

/// A `g_vjp`, of which nobody wants the result.
#[doc(hidden)]
pub struct Dropped<F>(pub F);

/// The cotangent of a result into which nothing flows.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "the result of this call is dropped, and what a `{Self}` without a contribution looks like is not known",
    note = "give the result a name: `let _ = …;`"
)]
pub trait Nothing {
    /// Nothing.
    fn nothing() -> Self;
}

impl Nothing for () {
    #[inline(always)]
    fn nothing() {}
}

#[diagnostic::do_not_recommend]
impl<T: Scalar> Nothing for T {
    #[inline(always)]
    fn nothing() -> T {
        T::__lit(0.0)
    }
}

impl<C: Nothing, const N: usize> Nothing for [C; N] {
    #[inline(always)]
    fn nothing() -> [C; N] {
        core::array::from_fn(|_| C::nothing())
    }
}

impl<A: Nothing, B: Nothing> Nothing for (A, B) {
    #[inline(always)]
    fn nothing() -> (A, B) {
        (A::nothing(), B::nothing())
    }
}

impl<A: Nothing, B: Nothing, C: Nothing> Nothing for (A, B, C) {
    #[inline(always)]
    fn nothing() -> (A, B, C) {
        (A::nothing(), B::nothing(), C::nothing())
    }
}

/// What a dropped result is given.
#[doc(hidden)]
#[inline(always)]
pub fn nothing<C: Nothing>() -> C {
    C::nothing()
}

/// Without a result, and with one.
macro_rules! arities {
    ($($unit:ident $value:ident ($($arg:ident $a:ident),*) ($($slot:ident $s:ident),*);)*) => { $(
        #[doc(hidden)]
        pub trait $unit<$($arg,)* $($slot),*> {
            /// The function as it is.
            fn filled(self, nothing: impl FnOnce()) -> impl FnOnce($($arg,)* $($slot),*);
        }

        impl<Rule, Out, $($arg,)* $($slot),*> $unit<$($arg,)* $($slot),*> for Dropped<Rule>
        where
            Rule: FnOnce($($arg,)* $($slot),*) -> Out,
        {
            #[inline(always)]
            fn filled(self, _: impl FnOnce()) -> impl FnOnce($($arg,)* $($slot),*) {
                move |$($a,)* $($s),*| {
                    (self.0)($($a,)* $($s),*);
                }
            }
        }

        #[doc(hidden)]
        pub trait $value<$($arg,)* Seed, $($slot),*> {
            /// The function, with [`nothing`] for `d_out`: where that is said the bound is checked, and only there.
            fn filled(self, nothing: impl FnOnce() -> Seed) -> impl FnOnce($($arg,)* $($slot),*);
        }

        impl<Rule, Out, $($arg,)* Seed, $($slot),*> $value<$($arg,)* Seed, $($slot),*> for Dropped<Rule>
        where
            Rule: FnOnce($($arg,)* Seed, $($slot),*) -> Out,
        {
            #[inline(always)]
            fn filled(self, nothing: impl FnOnce() -> Seed) -> impl FnOnce($($arg,)* $($slot),*) {
                move |$($a,)* $($s),*| {
                    (self.0)($($a,)* nothing(), $($s),*);
                }
            }
        }
    )* };
}

arities! {
    Unit1 Value1 (A a) (S s);
    Unit2 Value2 (A a, B b) (S s, T t);
    Unit3 Value3 (A a, B b, C c) (S s, T t, U u);
    Unit4 Value4 (A a, B b, C c, D d) (S s, T t, U u, V v);
    Unit5 Value5 (A a, B b, C c, D d, E e) (S s, T t, U u, V v, W w);
    Unit6 Value6 (A a, B b, C c, D d, E e, F f) (S s, T t, U u, V v, W w, X x);
    Unit7 Value7 (A a, B b, C c, D d, E e, F f, G g) (S s, T t, U u, V v, W w, X x, Y y);
    Unit8 Value8 (A a, B b, C c, D d, E e, F f, G g, H h) (S s, T t, U u, V v, W w, X x, Y y, Z z);
}

/// A method's `m_vjp` with nothing for its `d_out`, which is called like the rule of a method without result.
#[doc(hidden)]
pub struct Filled<F>(pub F);

/// [`Nothing`] for the length of a call: the bound is checked where the result is dropped, not where the method is
/// defined.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "the result of this call is dropped, and what a `{Self}` without a contribution looks like is not known",
    note = "give the result a name: `let _ = …;`"
)]
pub trait NothingFor<'call>: Sized {
    /// Nothing.
    fn nothing_for() -> Self;
}

#[diagnostic::do_not_recommend]
impl<C: Nothing> NothingFor<'_> for C {
    #[inline(always)]
    fn nothing_for() -> C {
        C::nothing()
    }
}

/// What a hidden type may mention.
#[doc(hidden)]
pub trait Mentions<T: ?Sized> {}

impl<F: ?Sized, T: ?Sized> Mentions<T> for F {}

/// `x.m_vjp(…)` of a method of which it is not seen whether it has a result: beside one that has stands `m__dropped`,
/// which gives its rule without the `d_out`. For all others the method lookup finds, a step later, one that gives the
/// receiver itself, which is a reference.
#[doc(hidden)]
#[macro_export]
macro_rules! __dropped_method {
    ($itself:ident, $rule:ident, $receiver:expr, $(($Given:ident $name:ident $given:expr)),*) => {{
        trait __Itself {
            type It;
            fn $itself(self) -> Self::It;
        }
        impl<'it, 'x, T: ?::core::marker::Sized> __Itself for &'it mut &'x mut T {
            type It = &'it mut T;
            #[inline(always)]
            fn $itself(self) -> &'it mut T {
                self
            }
        }
        impl<'it, 'x, T: ?::core::marker::Sized> __Itself for &'it &'x T {
            type It = &'x T;
            #[inline(always)]
            fn $itself(self) -> &'x T {
                *self
            }
        }
        $crate::__dropped_rule!($rule, $(($Given $name)),*);
        ($receiver).$itself().$rule($($given),*)
    }};
}

/// The rule by its name, on what a method's `m__dropped` gives.
#[doc(hidden)]
#[macro_export]
macro_rules! __dropped_rule {
    ($rule:ident, $(($Given:ident $name:ident)),*) => {
        trait __Rule<$($Given),*> {
            fn $rule(self, $($name: $Given),*);
        }
        impl<Rule, $($Given),*> __Rule<$($Given),*> for $crate::__private::dropped::Filled<Rule>
        where
            Rule: ::core::ops::FnOnce($($Given),*),
        {
            #[inline(always)]
            fn $rule(self, $($name: $Given),*) {
                (self.0)($($name),*)
            }
        }
    };
}
