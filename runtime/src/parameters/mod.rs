//! Values whose floats can be visited in a fixed order.

mod leaves;
mod option;
mod sequence;

use crate::{Differentiable, Real};

pub use leaves::{Leaves, ScalarOr};

/// A value whose floats can be visited in a fixed order: optimisers, solvers, checks.
///
/// The order is that of the fields, elements in ascending index; all four flat forms agree on it.
#[diagnostic::on_unimplemented(
    message = "the floats of `{Self}` cannot be visited",
    note = "`Parameters` is implemented for floats, arrays, `Vec`s, tuples and `Box`es of one float type, and by `#[derive(Differentiable)]` for structs of one float type"
)]
pub trait Parameters: Differentiable {
    /// The one float type of all of them.
    type Scalar: Real;

    /// How many floats there are.
    fn count(&self) -> usize;

    /// Calls `f` with the floats of `self` and those of `d`, leaf by leaf, in contiguous runs of
    /// equal length.
    ///
    /// # Panics
    ///
    /// If the shape of `d` is not that of `self`; leaves before the one that differs have been visited then.
    fn visit(&mut self, d: &Self::Cotangent, f: impl FnMut(&mut [Self::Scalar], &[Self::Scalar]));

    /// Writes the floats to the front of `out`.
    ///
    /// # Panics
    ///
    /// If `out` is shorter than [`count`](Self::count); nothing is written then.
    fn write_flat(&self, out: &mut [Self::Scalar]);

    /// Reads the floats from the front of `from`.
    ///
    /// # Panics
    ///
    /// If `from` is shorter than [`count`](Self::count); nothing is changed then.
    fn read_flat(&mut self, from: &[Self::Scalar]);

    /// Writes the floats of a cotangent to the front of `out`.
    ///
    /// # Panics
    ///
    /// If `out` is shorter than the cotangent.
    fn write_flat_cotangent(d: &Self::Cotangent, out: &mut [Self::Scalar]);

    /// How many floats a cotangent of `Self` holds: where the next one starts in a flat form.
    ///
    /// The provided method divides sizes, which is right for what lives in place; whoever owns a
    /// heap allocation has to count.
    ///
    /// # Panics
    ///
    /// If the cotangent owns something and its type did not say how to count.
    #[doc(hidden)]
    #[inline]
    fn __count_cotangent(_: &Self::Cotangent) -> usize {
        assert!(
            !core::mem::needs_drop::<Self::Cotangent>(),
            "`{}` must implement `Parameters::__count_cotangent` to be nested in other parameters",
            core::any::type_name::<Self>(),
        );
        size_of::<Self::Cotangent>() / size_of::<Self::Scalar>()
    }

    /// [`visit`](Self::visit) for a run of values: floats take it as a whole.
    #[doc(hidden)]
    #[inline]
    fn __visit_run(
        run: &mut [Self],
        d: &[Self::Cotangent],
        mut f: impl FnMut(&mut [Self::Scalar], &[Self::Scalar]),
    ) where
        Self: Sized,
    {
        for (value, d) in run.iter_mut().zip(d) {
            value.visit(d, &mut f);
        }
    }
}

macro_rules! scalars {
    ($($float:ty),*) => {$(
        impl Parameters for $float {
            type Scalar = Self;

            #[inline(always)]
            fn count(&self) -> usize {
                1
            }

            #[inline(always)]
            fn visit(&mut self, d: &Self, mut f: impl FnMut(&mut [Self], &[Self])) {
                f(core::slice::from_mut(self), core::slice::from_ref(d));
            }

            #[inline(always)]
            fn write_flat(&self, out: &mut [Self]) {
                out[0] = *self;
            }

            #[inline(always)]
            fn read_flat(&mut self, from: &[Self]) {
                *self = from[0];
            }

            #[inline(always)]
            fn write_flat_cotangent(d: &Self, out: &mut [Self]) {
                out[0] = *d;
            }

            #[inline(always)]
            fn __count_cotangent(_: &Self) -> usize {
                1
            }

            #[inline(always)]
            fn __visit_run(run: &mut [Self], d: &[Self], mut f: impl FnMut(&mut [Self], &[Self])) {
                f(run, d);
            }
        }
    )*};
}

scalars!(f32, f64);

macro_rules! tuples {
    ($((A 0 $(, $t:ident $i:tt)*);)*) => {$(
        impl<A: Parameters, $($t: Parameters<Scalar = A::Scalar>),*> Parameters for (A, $($t,)*) {
            type Scalar = A::Scalar;

            #[inline]
            fn count(&self) -> usize {
                self.0.count() $(+ self.$i.count())*
            }

            #[inline]
            fn visit(
                &mut self,
                d: &Self::Cotangent,
                mut f: impl FnMut(&mut [Self::Scalar], &[Self::Scalar]),
            ) {
                self.0.visit(&d.0, &mut f);
                $(self.$i.visit(&d.$i, &mut f);)*
            }

            #[inline]
            fn write_flat(&self, out: &mut [Self::Scalar]) {
                let out = &mut out[..Parameters::count(self)];
                let (head, _tail) = out.split_at_mut(self.0.count());
                self.0.write_flat(head);
                $(
                    let (head, _tail) = _tail.split_at_mut(self.$i.count());
                    self.$i.write_flat(head);
                )*
            }

            #[inline]
            fn read_flat(&mut self, from: &[Self::Scalar]) {
                let from = &from[..Parameters::count(self)];
                let (head, _tail) = from.split_at(self.0.count());
                self.0.read_flat(head);
                $(
                    let (head, _tail) = _tail.split_at(self.$i.count());
                    self.$i.read_flat(head);
                )*
            }

            #[inline]
            fn write_flat_cotangent(d: &Self::Cotangent, out: &mut [Self::Scalar]) {
                let (head, _tail) = out.split_at_mut(A::__count_cotangent(&d.0));
                A::write_flat_cotangent(&d.0, head);
                $(
                    let (head, _tail) = _tail.split_at_mut($t::__count_cotangent(&d.$i));
                    $t::write_flat_cotangent(&d.$i, head);
                )*
            }

            #[inline]
            fn __count_cotangent(d: &Self::Cotangent) -> usize {
                A::__count_cotangent(&d.0) $(+ $t::__count_cotangent(&d.$i))*
            }
        }
    )*};
}

crate::tuple::each_arity!(tuples);
