//! What a method is called on whose receiver is needed again.
//!
//! A caller does not see whether `x.m()` borrows `x` or takes it away. Beside each method that takes `self` by value
//! stands a sibling `m__receiver`, which gives a copy. The macro below calls `m__receiver` where there is one; for all
//! other methods it finds, a step of the method lookup later, one of its own, which gives the receiver itself.

use crate::storage::Keep;

/// [`Keep`] for the length of a call: the bound is checked where the method is called, not where it is defined.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is handed over by value and needed again by the reverse sweep, so it must be `Clone`",
    label = "this method takes a value that is needed again",
    note = "implement `Clone` for `{Self}`, or take `self` by reference"
)]
pub trait KeepFor<'call> {
    /// A copy of `self` for the call.
    fn kept_for(&'call self) -> Self;
}

#[diagnostic::do_not_recommend]
impl<'call, T: Clone> KeepFor<'call> for T {
    #[inline(always)]
    fn kept_for(&'call self) -> T {
        self.kept()
    }
}

/// What `place.m()` is called on: `receiver!(m__receiver, place)`, or `receiver!(m__receiver, mut place)` if `m` may change
/// it.
#[doc(hidden)]
#[macro_export]
macro_rules! __receiver {
    ($name:ident, mut $place:expr) => {{
        trait __Receiver {
            #[inline(always)]
            fn $name(&mut self) -> &mut Self {
                self
            }
        }
        impl<T: ?::core::marker::Sized> __Receiver for T {}
        $place.$name()
    }};
    ($name:ident, $place:expr) => {{
        trait __Receiver: ::core::marker::Copy {
            #[inline(always)]
            fn $name(&self) -> Self {
                *self
            }
        }
        impl<T: ?::core::marker::Sized> __Receiver for &T {}
        (&$place).$name()
    }};
}
