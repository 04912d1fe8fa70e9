//! Finds out from its type how an argument is to be held.
//!
//! `(&&&&Probe(&argument)).point()` is looked up in the traits below, in their order, because each
//! is implemented for one reference less than the one before.

use core::any::Any as Anything;
use std::vec::Vec;

use super::point::{
    ByArray, ByArrayMut, ByShared, BySlice, BySliceMut, ByUnique, ByValue, Floats, Held, Pass,
};
use crate::Parameters;

/// An argument of a checked call, before it is known what it is.
pub struct Probe<'a, A>(pub &'a A);

macro_rules! probes {
    ($($(#[$doc:meta])* $level:ident { $([$t:ident $(, $n:ident)?] $probe:ty => $point:ty: |$argument:ident| $held:expr;)* })*) => {$(
        $(#[$doc])*
        pub trait $level {
            /// How the argument is held.
            type Point;

            /// Holds a copy of the argument.
            fn point(&self) -> Self::Point;
        }

        $(
            impl<$t: Parameters + Clone $(, const $n: usize)?> $level for $probe
            where
                $t::Cotangent: 'static,
            {
                type Point = $point;

                fn point(&self) -> $point {
                    let $argument = self.0;
                    Held::new($held)
                }
            }
        )*
    )*};
}

probes! {
    /// First, slices, and arrays that may be passed for them.
    Slices {
        [T, N] &&&Probe<'_, &[T; N]> => Held<[T; N], ByArray>: |array| <[T; N]>::clone(array);
        [T, N] &&&Probe<'_, &mut [T; N]> => Held<[T; N], ByArrayMut>: |array| <[T; N]>::clone(array);
        [T] &&&Probe<'_, &[T]> => Held<Vec<T>, BySlice>: |slice| slice.to_vec();
        [T] &&&Probe<'_, &mut [T]> => Held<Vec<T>, BySliceMut>: |slice| slice.to_vec();
    }
    /// Then, references to what has floats.
    References {
        [P] &&Probe<'_, &P> => Held<P, ByShared>: |reference| P::clone(reference);
        [P] &&Probe<'_, &mut P> => Held<P, ByUnique>: |reference| P::clone(reference);
    }
    /// Then, what has floats.
    Values {
        [P] &Probe<'_, P> => Held<P, ByValue>: |value| P::clone(value);
    }
}

/// Last, everything else that can be copied.
pub trait Others {
    /// How the argument is held.
    type Point;

    /// Holds a copy of the argument.
    fn point(&self) -> Self::Point;
}

impl<X: Clone> Others for Probe<'_, X> {
    type Point = Opaque<X>;

    fn point(&self) -> Opaque<X> {
        Opaque(self.0.clone())
    }
}

/// An argument of which nothing is known, and which is not varied.
pub struct Opaque<X>(X);

impl<X> Floats for Opaque<X> {
    fn write(&self, _: &mut Vec<f64>) {}

    fn read(&mut self, _: &mut &[f64]) {}

    fn count(&self) -> usize {
        0
    }

    fn flat_cotangent(&self, _: &dyn Anything) -> Option<Vec<f64>> {
        None
    }

    fn epsilon(&self) -> f64 {
        0.0
    }
}

impl<X: Clone> Pass for Opaque<X> {
    type Argument<'a>
        = X
    where
        Self: 'a;

    fn pass(&mut self) -> X {
        self.0.clone()
    }
}
