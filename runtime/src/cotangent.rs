//! Gradients themselves: they add up, and they can be cleared in place.

#[cfg(feature = "alloc")]
use alloc::{boxed::Box, vec::Vec};

/// A gradient: what [`Differentiable::Cotangent`](crate::Differentiable::Cotangent) is.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a `Cotangent`",
    note = "cotangents are floats, `()`, arrays, `Vec`s, tuples, `Box`es and `Option`s of cotangents, and the structs that `#[derive(Differentiable)]` generates"
)]
pub trait Cotangent {
    /// `self += other`.
    ///
    /// # Panics
    ///
    /// If the shapes differ: two `Vec`s of different length.
    fn accumulate(&mut self, other: &Self);

    /// Sets every float to zero, in place and without allocation. The shape stays.
    fn fill_zero(&mut self);
}

macro_rules! scalars {
    ($($float:ty),*) => {$(
        impl Cotangent for $float {
            #[inline(always)]
            fn accumulate(&mut self, other: &Self) {
                *self += *other;
            }

            #[inline(always)]
            fn fill_zero(&mut self) {
                *self = 0.0;
            }
        }
    )*};
}

scalars!(f32, f64);

impl Cotangent for () {
    #[inline(always)]
    fn accumulate(&mut self, (): &Self) {}

    #[inline(always)]
    fn fill_zero(&mut self) {}
}

/// Adds the elements of a slice to those of another of the same length.
fn accumulate_each<C: Cotangent>(into: &mut [C], from: &[C]) {
    for (d, other) in into.iter_mut().zip(from) {
        d.accumulate(other);
    }
}

impl<C: Cotangent> Cotangent for [C] {
    #[track_caller]
    fn accumulate(&mut self, other: &Self) {
        assert!(
            self.len() == other.len(),
            "cannot add a cotangent of length {} to one of length {}",
            other.len(),
            self.len(),
        );
        accumulate_each(self, other);
    }

    fn fill_zero(&mut self) {
        self.iter_mut().for_each(C::fill_zero);
    }
}

impl<C: Cotangent, const N: usize> Cotangent for [C; N] {
    #[inline]
    fn accumulate(&mut self, other: &Self) {
        accumulate_each(self, other);
    }

    #[inline]
    fn fill_zero(&mut self) {
        self.iter_mut().for_each(C::fill_zero);
    }
}

#[cfg(feature = "alloc")]
impl<C: Cotangent> Cotangent for Vec<C> {
    #[track_caller]
    fn accumulate(&mut self, other: &Self) {
        assert!(
            self.len() == other.len(),
            "cannot add a cotangent of length {} to one of length {}",
            other.len(),
            self.len(),
        );
        accumulate_each(self, other);
    }

    fn fill_zero(&mut self) {
        self.iter_mut().for_each(C::fill_zero);
    }
}

#[cfg(feature = "alloc")]
impl<C: Cotangent> Cotangent for Box<C> {
    fn accumulate(&mut self, other: &Self) {
        C::accumulate(self, other);
    }

    fn fill_zero(&mut self) {
        C::fill_zero(self);
    }
}

/// `None` stands for "nothing flows": it may be added to anything, and nothing that is added to it gets anywhere, since
/// there is no value there.
impl<C: Cotangent> Cotangent for Option<C> {
    #[inline]
    #[track_caller]
    fn accumulate(&mut self, other: &Self) {
        if let (Some(d), Some(other)) = (self, other) {
            d.accumulate(other);
        }
    }

    #[inline]
    fn fill_zero(&mut self) {
        if let Some(d) = self {
            d.fill_zero();
        }
    }
}

macro_rules! tuples {
    ($(($($t:ident $i:tt),*);)*) => {$(
        impl<$($t: Cotangent),*> Cotangent for ($($t,)*) {
            #[inline]
            fn accumulate(&mut self, other: &Self) {
                $(self.$i.accumulate(&other.$i);)*
            }

            #[inline]
            fn fill_zero(&mut self) {
                $(self.$i.fill_zero();)*
            }
        }
    )*};
}

crate::tuple::each_arity!(tuples);
