//! Methods of arrays, slices, vectors and options, called on receivers whose type is not visible to the macro, and
//! conversions of slices to arrays. A method of that name which a type of the user has itself takes precedence.

use core::array::TryFromSliceError;

#[cfg(feature = "alloc")]
use alloc::vec::Vec;

use crate::slot::SlotMut;
use crate::{Cotangent, Differentiable, Slot};

/// Methods of sequences.
#[doc(hidden)]
pub trait SequenceVjp<T: Differentiable> {
    /// The rule of `self.swap(a, b)`.
    fn swap_vjp(
        &mut self,
        a: usize,
        b: usize,
        d_self: impl SlotMut<[T::Cotangent]>,
        d_a: impl Sized,
        d_b: impl Sized,
    );

    /// The rule of `self.to_vec()`.
    #[cfg(feature = "alloc")]
    fn to_vec_vjp(&self, d_out: Vec<T::Cotangent>, d_self: impl Slot<[T::Cotangent]>) -> Vec<T>
    where
        T: Clone;
}

impl<T: Differentiable> SequenceVjp<T> for [T] {
    #[inline]
    #[track_caller]
    fn swap_vjp(
        &mut self,
        a: usize,
        b: usize,
        mut d_self: impl SlotMut<[T::Cotangent]>,
        _: impl Sized,
        _: impl Sized,
    ) {
        let mut spare = None;
        d_self.open(&*self, &mut spare).swap(a, b);
        self.swap(a, b);
    }

    #[cfg(feature = "alloc")]
    #[inline]
    fn to_vec_vjp(&self, d_out: Vec<T::Cotangent>, mut d_self: impl Slot<[T::Cotangent]>) -> Vec<T>
    where
        T: Clone,
    {
        if let Some(d_self) = d_self.get() {
            add_each(d_self, &d_out);
        }
        self.to_vec()
    }
}

fn add_each<C: Cotangent>(into: &mut [C], values: &[C]) {
    into.iter_mut()
        .zip(values)
        .for_each(|(into, value)| into.accumulate(value));
}

/// What flows back into one item that a function is applied to: its cotangent, if that is wanted.
type Wanted<'d, T> = Option<&'d mut <T as Differentiable>::Cotangent>;

/// The rule of `array.map(f)`, where `rule` is that of `f`. What its result's cotangent is has a name: closures are checked
/// before it is known what they give.
#[doc(hidden)]
pub trait MapArrayVjp<T: Differentiable, const N: usize>: Sized {
    /// As in the protocol.
    fn map_vjp<U: Differentiable<Cotangent = C>, C: Cotangent>(
        self,
        f: impl FnMut(T) -> U,
        d_out: [C; N],
        d_self: impl Slot<[T::Cotangent; N]>,
        rule: &mut impl FnMut(T, C, Wanted<'_, T>) -> U,
    ) -> [U; N];
}

impl<T: Differentiable, const N: usize> MapArrayVjp<T, N> for [T; N] {
    #[inline]
    fn map_vjp<U: Differentiable<Cotangent = C>, C: Cotangent>(
        self,
        _: impl FnMut(T) -> U,
        d_out: [C; N],
        mut d_self: impl Slot<[T::Cotangent; N]>,
        rule: &mut impl FnMut(T, C, Wanted<'_, T>) -> U,
    ) -> [U; N] {
        let mut seeds = d_out.into_iter();
        let mut wanted = d_self.get().map(|d_self| d_self.iter_mut());
        self.map(|item| {
            let Some(seed) = seeds.next() else {
                unreachable!("there are as many seeds as items")
            };
            rule(item, seed, wanted.as_mut().and_then(Iterator::next))
        })
    }
}

/// The rule of `option.map(f)`, and of the same of a result.
#[doc(hidden)]
pub trait MapOptionVjp<T: Differentiable>: Sized {
    /// The same of another payload.
    type Of<U>;

    /// As in the protocol.
    fn map_vjp<U: Differentiable<Cotangent = C>, C: Cotangent>(
        self,
        f: impl FnMut(T) -> U,
        d_out: Option<C>,
        d_self: impl Slot<Option<T::Cotangent>>,
        rule: &mut impl FnMut(T, C, Wanted<'_, T>) -> U,
    ) -> Self::Of<U>;
}

macro_rules! map_option {
    ($([$($error:ident)?] $option:ty as $of:ty;)*) => {$(
        impl<T: Differentiable $(, $error)?> MapOptionVjp<T> for $option {
            type Of<U> = $of;

            #[inline]
            fn map_vjp<U: Differentiable<Cotangent = C>, C: Cotangent>(
                self,
                mut f: impl FnMut(T) -> U,
                d_out: Option<C>,
                mut d_self: impl Slot<Option<T::Cotangent>>,
                rule: &mut impl FnMut(T, C, Wanted<'_, T>) -> U,
            ) -> $of {
                self.map(|item| match d_out {
                    Some(seed) => rule(item, seed, d_self.get().and_then(Option::as_mut)),
                    None => f(item),
                })
            }
        }
    )*};
}

map_option! {
    [] Option<T> as Option<U>;
    [E] Result<T, E> as Result<U, E>;
}

/// The rule of `slice.try_into()`, where that makes an array, or a reference to one.
#[doc(hidden)]
pub trait TryIntoVjp<'a, T: Differentiable + 'a> {
    /// As in the protocol.
    fn try_into_vjp<U>(
        self,
        d_out: Option<U::Cotangent>,
        d_self: impl Slot<[T::Cotangent]>,
    ) -> Result<U, TryFromSliceError>
    where
        U: TryFrom<&'a [T], Error = TryFromSliceError> + Differentiable,
        U::Cotangent: AsRef<[T::Cotangent]>;
}

impl<'a, T: Differentiable + 'a> TryIntoVjp<'a, T> for &'a [T] {
    #[inline]
    fn try_into_vjp<U>(
        self,
        d_out: Option<U::Cotangent>,
        mut d_self: impl Slot<[T::Cotangent]>,
    ) -> Result<U, TryFromSliceError>
    where
        U: TryFrom<&'a [T], Error = TryFromSliceError> + Differentiable,
        U::Cotangent: AsRef<[T::Cotangent]>,
    {
        if let (Some(d_out), Some(d_self)) = (d_out, d_self.get()) {
            add_each(d_self, d_out.as_ref());
        }
        U::try_from(self)
    }
}

/// The rule of `<[f64; 3]>::try_from(slice)`.
#[doc(hidden)]
pub trait TryFromVjp<'a, T: Differentiable>:
    TryFrom<&'a [T], Error = TryFromSliceError> + Differentiable
where
    T: 'a,
{
    /// As in the protocol.
    #[inline]
    fn try_from_vjp(
        value: &'a [T],
        d_out: Option<Self::Cotangent>,
        d_value: impl Slot<[T::Cotangent]>,
    ) -> Result<Self, TryFromSliceError>
    where
        Self::Cotangent: AsRef<[T::Cotangent]>,
    {
        value.try_into_vjp(d_out, d_value)
    }
}

impl<'a, T: Differentiable + Copy + 'a, const N: usize> TryFromVjp<'a, T> for [T; N] {}
impl<'a, T: Differentiable + 'a, const N: usize> TryFromVjp<'a, T> for &'a [T; N] {}
