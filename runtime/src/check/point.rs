//! The arguments of a checked call: copies that can be moved about and passed again.

use core::any::Any as Anything;
use core::marker::PhantomData;
use std::vec::Vec;

use num_traits::Float;

use crate::{Parameters, Real, Scalar};

/// The floats of an argument, in double precision.
pub trait Floats {
    /// Appends them.
    fn write(&self, out: &mut Vec<f64>);

    /// Takes them from the front of `from`.
    fn read(&mut self, from: &mut &[f64]);

    /// How many there are.
    fn count(&self) -> usize;

    /// The floats of a component of the gradient, if it is of the type that belongs to this
    /// argument.
    fn flat_cotangent(&self, component: &dyn Anything) -> Option<Vec<f64>>;

    /// The unit roundoff of the floats, zero if there are none.
    fn epsilon(&self) -> f64;
}

/// Passes a fresh copy of an argument.
pub trait Pass {
    /// The type of the argument.
    type Argument<'a>
    where
        Self: 'a;

    /// A fresh copy of the argument.
    fn pass(&mut self) -> Self::Argument<'_>;
}

/// An argument: what it holds at the start of a call, what it was last passed with, and how.
pub struct Held<P, How> {
    initial: P,
    passed: P,
    how: PhantomData<How>,
}

impl<P: Clone, How> Held<P, How> {
    pub(super) fn new(initial: P) -> Self {
        Held {
            passed: initial.clone(),
            initial,
            how: PhantomData,
        }
    }
}

/// What else than its cotangent a component of the gradient may be, by the way an argument is passed.
pub trait Otherwise<P: Parameters> {
    /// The `count` floats of such a component.
    fn flat(_component: &dyn Anything, _count: usize) -> Option<Vec<P::Scalar>> {
        None
    }

    /// Whether a component of the right type has the length of the argument, too.
    fn fits(_component: &dyn Anything, _argument: &P) -> bool {
        true
    }
}

/// Whether a `Vec` of cotangents is as long as the slice.
fn as_long<T: Parameters>(component: &dyn Anything, slice: &[T]) -> bool
where
    T::Cotangent: 'static,
{
    let d = component.downcast_ref::<Vec<T::Cotangent>>();
    d.is_none_or(|d| d.len() == slice.len())
}

impl<P: Parameters, How: Otherwise<P>> Floats for Held<P, How>
where
    P::Cotangent: 'static,
{
    fn write(&self, out: &mut Vec<f64>) {
        let mut flat = zeros::<P::Scalar>(self.initial.count());
        self.initial.write_flat(&mut flat);
        out.extend(flat.iter().map(double));
    }

    fn read(&mut self, from: &mut &[f64]) {
        let (head, tail) = from.split_at(self.initial.count());
        let flat: Vec<_> = head.iter().map(|&x| P::Scalar::__lit(x)).collect();
        self.initial.read_flat(&flat);
        *from = tail;
    }

    fn count(&self) -> usize {
        self.initial.count()
    }

    fn flat_cotangent(&self, component: &dyn Anything) -> Option<Vec<f64>> {
        if let Some(flat) = component.downcast_ref::<Vec<P::Scalar>>() {
            return (flat.len() == self.count()).then(|| flat.iter().map(double).collect());
        }
        if let Some(flat) = How::flat(component, self.count()) {
            return Some(flat.iter().map(double).collect());
        }
        if !How::fits(component, &self.initial) {
            return None;
        }
        let d = component.downcast_ref::<P::Cotangent>()?;
        // That of another argument of the type, which is there where this one is `None`.
        if self.count() == 0 && P::__count_cotangent(d) > 0 {
            return None;
        }
        let mut flat = zeros::<P::Scalar>(self.count());
        P::write_flat_cotangent(d, &mut flat);
        Some(flat.iter().map(double).collect())
    }

    fn epsilon(&self) -> f64 {
        double(&<P::Scalar as Float>::epsilon())
    }
}

fn zeros<T: Real>(count: usize) -> Vec<T> {
    std::vec![T::__lit(0.0); count]
}

fn double<T: Real>(x: &T) -> f64 {
    x.to_f64().unwrap_or(f64::NAN)
}

/// The floats of all arguments.
pub fn flatten(arguments: &[&dyn Floats]) -> Vec<f64> {
    let mut out = Vec::new();
    for argument in arguments {
        argument.write(&mut out);
    }
    out
}

/// Passes by value.
pub enum ByValue {}

impl<P: Parameters> Otherwise<P> for ByValue {}

impl<P: Clone> Pass for Held<P, ByValue> {
    type Argument<'a>
        = P
    where
        Self: 'a;

    fn pass(&mut self) -> P {
        self.initial.clone()
    }
}

/// Passes a `&P`.
pub enum ByShared {}

impl<P: Parameters> Otherwise<P> for ByShared {}

impl<P> Pass for Held<P, ByShared> {
    type Argument<'a>
        = &'a P
    where
        Self: 'a;

    fn pass(&mut self) -> &P {
        &self.initial
    }
}

/// Passes a `&mut P`.
pub enum ByUnique {}

impl<P: Parameters> Otherwise<P> for ByUnique {}

impl<P: Clone> Pass for Held<P, ByUnique> {
    type Argument<'a>
        = &'a mut P
    where
        Self: 'a;

    fn pass(&mut self) -> &mut P {
        self.passed = self.initial.clone();
        &mut self.passed
    }
}

/// Passes a `Vec<T>` as `&[T]`.
pub enum BySlice {}

impl<T: Parameters> Otherwise<Vec<T>> for BySlice
where
    T::Cotangent: 'static,
{
    fn fits(component: &dyn Anything, slice: &Vec<T>) -> bool {
        as_long(component, slice)
    }
}

impl<T> Pass for Held<Vec<T>, BySlice> {
    type Argument<'a>
        = &'a [T]
    where
        Self: 'a;

    fn pass(&mut self) -> &[T] {
        &self.initial
    }
}

/// Passes a `Vec<T>` as `&mut [T]`.
pub enum BySliceMut {}

impl<T: Parameters> Otherwise<Vec<T>> for BySliceMut
where
    T::Cotangent: 'static,
{
    fn fits(component: &dyn Anything, slice: &Vec<T>) -> bool {
        as_long(component, slice)
    }
}

impl<T: Clone> Pass for Held<Vec<T>, BySliceMut> {
    type Argument<'a>
        = &'a mut [T]
    where
        Self: 'a;

    fn pass(&mut self) -> &mut [T] {
        self.passed = self.initial.clone();
        &mut self.passed
    }
}

/// Passes a `&[T; N]`, perhaps for a slice: then the gradient is a `Vec`.
pub enum ByArray {}

impl<T: Parameters, const N: usize> Otherwise<[T; N]> for ByArray
where
    T::Cotangent: 'static,
{
    fn flat(component: &dyn Anything, count: usize) -> Option<Vec<T::Scalar>> {
        let d = component.downcast_ref::<Vec<T::Cotangent>>()?;
        let mut flat = zeros::<T::Scalar>(count);
        (d.len() == N).then(|| <Vec<T> as Parameters>::write_flat_cotangent(d, &mut flat))?;
        Some(flat)
    }
}

impl<P> Pass for Held<P, ByArray> {
    type Argument<'a>
        = &'a P
    where
        Self: 'a;

    fn pass(&mut self) -> &P {
        &self.initial
    }
}

/// Passes a `&mut [T; N]`.
pub enum ByArrayMut {}

impl<T: Parameters, const N: usize> Otherwise<[T; N]> for ByArrayMut
where
    T::Cotangent: 'static,
{
    fn flat(component: &dyn Anything, count: usize) -> Option<Vec<T::Scalar>> {
        <ByArray as Otherwise<[T; N]>>::flat(component, count)
    }
}

impl<P: Clone> Pass for Held<P, ByArrayMut> {
    type Argument<'a>
        = &'a mut P
    where
        Self: 'a;

    fn pass(&mut self) -> &mut P {
        self.passed = self.initial.clone();
        &mut self.passed
    }
}
