//! The accumulators of a single value.

use core::marker::PhantomData;

use super::{project, Slot};
use crate::{Cotangent, Differentiable, Scalar};

/// Collects the cotangent of one scalar. The first contribution is an assignment rather than
/// `0.0 + x`, so that a value used once costs no addition.
#[derive(Clone, Copy, Debug)]
pub struct Fresh<T>(Option<T>);

impl<T> Fresh<T> {
    /// Nothing has been added yet.
    #[inline(always)]
    pub const fn new() -> Self {
        Fresh(None)
    }
}

impl<T: Scalar> Fresh<T> {
    /// The sum of what was added: zero if nothing was.
    #[inline(always)]
    pub fn take_or_zero(self) -> T {
        match self.0 {
            Some(sum) => sum,
            None => T::__lit(0.0),
        }
    }

    #[inline(always)]
    fn place(&mut self) -> &mut T {
        self.0.get_or_insert_with(|| T::__lit(0.0))
    }
}

impl<T> Default for Fresh<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: Scalar> Slot<T> for &mut Fresh<T> {
    type Of<'a, D: ?Sized + 'a>
        = &'a mut D
    where
        Self: 'a,
        T: 'a;

    #[inline(always)]
    fn get(&mut self) -> Option<&mut T> {
        Some(self.place())
    }

    #[inline(always)]
    fn add(&mut self, c: T) {
        self.0 = Some(match self.0 {
            Some(sum) => sum + c,
            None => c,
        });
    }

    project::table!(everywhere [T, slot, slot.place()]);
}

/// Collects the cotangent of one value of any type. As with [`Fresh`], the first contribution is an
/// assignment; a zero of the right shape is made from the value itself, and only where it is needed.
#[doc(hidden)]
pub struct Gather<'p, T: ?Sized, C> {
    primal: &'p T,
    sum: Option<C>,
}

impl<'p, T: Differentiable<Cotangent = C> + ?Sized, C: Cotangent> Gather<'p, T, C> {
    /// Nothing has been added yet to the cotangent of `primal`.
    #[inline(always)]
    pub fn new(primal: &'p T) -> Self {
        Gather { primal, sum: None }
    }

    /// The type of what this is the cotangent of.
    #[inline(always)]
    pub fn primal(&self) -> PhantomData<fn() -> T> {
        PhantomData
    }

    /// As a slot of a call that may have coerced its argument.
    #[inline(always)]
    pub fn fit(&mut self) -> super::fit::Fit<&mut Self, C> {
        super::fit::fit(self)
    }

    /// Adds to the sum.
    #[inline(always)]
    pub fn accumulate(&mut self, other: &C) {
        self.place().accumulate(other);
    }

    /// The sum of what was added: zero if nothing was.
    #[inline(always)]
    pub fn settle(self) -> C {
        match self.sum {
            Some(sum) => sum,
            None => self.primal.zero_cotangent(),
        }
    }

    #[inline(always)]
    fn place(&mut self) -> &mut C {
        let Gather { primal, sum } = self;
        sum.get_or_insert_with(|| primal.zero_cotangent())
    }
}

impl<T: Differentiable<Cotangent = C> + ?Sized, C: Cotangent> Slot<C> for &mut Gather<'_, T, C> {
    type Of<'a, D: ?Sized + 'a>
        = &'a mut D
    where
        Self: 'a,
        C: 'a;

    #[inline(always)]
    fn get(&mut self) -> Option<&mut C> {
        Some(self.place())
    }

    #[inline(always)]
    fn add(&mut self, c: C) {
        match &mut self.sum {
            Some(sum) => sum.accumulate(&c),
            None => self.sum = Some(c),
        }
    }

    project::table!(everywhere [C, slot, slot.place()]);
}

/// As [`Gather`], for a value that is gone before all has been added: its zero is made at once, and
/// the first contribution takes its place.
#[doc(hidden)]
pub struct Sum<C, T: ?Sized> {
    sum: C,
    begun: bool,
    primal: PhantomData<fn() -> T>,
}

impl<T: Differentiable<Cotangent = C> + ?Sized, C: Cotangent> Sum<C, T> {
    /// Nothing has been added yet to the cotangent of `primal`.
    #[inline(always)]
    pub fn new(primal: &T) -> Self {
        Sum {
            sum: primal.zero_cotangent(),
            begun: false,
            primal: PhantomData,
        }
    }
}

impl<C: Cotangent, T: ?Sized> Sum<C, T> {
    /// The type of what this is the cotangent of.
    #[inline(always)]
    pub fn primal(&self) -> PhantomData<fn() -> T> {
        PhantomData
    }

    /// As a slot of a call that may have coerced its argument.
    #[inline(always)]
    pub fn fit(&mut self) -> super::fit::Fit<&mut Self, C> {
        super::fit::fit(self)
    }

    /// Adds to the sum.
    #[inline(always)]
    pub fn accumulate(&mut self, other: &C) {
        self.place().accumulate(other);
    }

    /// The sum of what was added: zero if nothing was.
    #[inline(always)]
    pub fn settle(self) -> C {
        self.sum
    }

    #[inline(always)]
    fn place(&mut self) -> &mut C {
        self.begun = true;
        &mut self.sum
    }
}

impl<C: Cotangent, T: ?Sized> Slot<C> for &mut Sum<C, T> {
    type Of<'a, D: ?Sized + 'a>
        = &'a mut D
    where
        Self: 'a,
        C: 'a;

    #[inline(always)]
    fn get(&mut self) -> Option<&mut C> {
        Some(self.place())
    }

    #[inline(always)]
    fn add(&mut self, c: C) {
        if self.begun {
            self.sum.accumulate(&c);
        } else {
            self.sum = c;
            self.begun = true;
        }
    }

    project::table!(everywhere [C, slot, slot.place()]);
}

/// Says that the value of a call run again has the type that it had before: where a method is generic over its result,
/// the cotangent does not tell.
#[doc(hidden)]
#[inline(always)]
pub fn again<T>(_: PhantomData<fn() -> T>, value: T) -> T {
    value
}
