//! Runs of values, in place and on the heap.

#[cfg(feature = "alloc")]
use alloc::{boxed::Box, vec::Vec};

use crate::Parameters;

/// A visitor behind a pointer. A type that holds a `Vec` or a `Box` of itself has finitely many
/// `visit`s only if the type of the visitor does not grow on the way.
#[cfg(feature = "alloc")]
type Visitor<'f, S> = dyn FnMut(&mut [S], &[S]) + 'f;

/// The flat forms of a run of values, shared by arrays and `Vec`s.
mod run {
    use crate::Parameters;

    #[inline]
    pub(super) fn count<T: Parameters>(run: &[T]) -> usize {
        run.iter().map(T::count).sum()
    }

    #[inline]
    pub(super) fn count_cotangent<T: Parameters>(d: &[T::Cotangent]) -> usize {
        d.iter().map(T::__count_cotangent).sum()
    }

    #[inline]
    pub(super) fn write<T: Parameters>(run: &[T], out: &mut [T::Scalar]) {
        let mut out = &mut out[..count(run)];
        for value in run {
            let (head, tail) = out.split_at_mut(value.count());
            value.write_flat(head);
            out = tail;
        }
    }

    #[inline]
    pub(super) fn read<T: Parameters>(run: &mut [T], from: &[T::Scalar]) {
        let mut from = &from[..count(run)];
        for value in run {
            let (head, tail) = from.split_at(value.count());
            value.read_flat(head);
            from = tail;
        }
    }

    #[inline]
    pub(super) fn write_cotangent<T: Parameters>(d: &[T::Cotangent], mut out: &mut [T::Scalar]) {
        for d in d {
            let (head, tail) = out.split_at_mut(T::__count_cotangent(d));
            T::write_flat_cotangent(d, head);
            out = tail;
        }
    }
}

impl<T: Parameters, const N: usize> Parameters for [T; N] {
    type Scalar = T::Scalar;

    #[inline]
    fn count(&self) -> usize {
        run::count(self)
    }

    #[inline]
    fn visit(&mut self, d: &Self::Cotangent, f: impl FnMut(&mut [Self::Scalar], &[Self::Scalar])) {
        T::__visit_run(self, d, f);
    }

    #[inline]
    fn write_flat(&self, out: &mut [Self::Scalar]) {
        run::write(self, out);
    }

    #[inline]
    fn read_flat(&mut self, from: &[Self::Scalar]) {
        run::read(self, from);
    }

    #[inline]
    fn write_flat_cotangent(d: &Self::Cotangent, out: &mut [Self::Scalar]) {
        run::write_cotangent::<T>(d, out);
    }

    #[inline]
    fn __count_cotangent(d: &Self::Cotangent) -> usize {
        run::count_cotangent::<T>(d)
    }

    #[inline]
    fn __visit_run(
        run: &mut [Self],
        d: &[Self::Cotangent],
        f: impl FnMut(&mut [Self::Scalar], &[Self::Scalar]),
    ) {
        T::__visit_run(run.as_flattened_mut(), d.as_flattened(), f);
    }
}

/// What owns a run of values on the heap.
#[cfg(feature = "alloc")]
macro_rules! owners {
    ($($run:ty),*) => {$(
        impl<T: Parameters> Parameters for $run {
            type Scalar = T::Scalar;

            fn count(&self) -> usize {
                run::count(self)
            }

            fn visit(
                &mut self,
                d: &Self::Cotangent,
                mut f: impl FnMut(&mut [Self::Scalar], &[Self::Scalar]),
            ) {
                assert!(
                    self.len() == d.len(),
                    "{} values cannot be visited with a cotangent of length {}",
                    self.len(),
                    d.len(),
                );
                let f: &mut Visitor<T::Scalar> = &mut f;
                T::__visit_run(self, d, f);
            }

            fn write_flat(&self, out: &mut [Self::Scalar]) {
                run::write(self, out);
            }

            fn read_flat(&mut self, from: &[Self::Scalar]) {
                run::read(self, from);
            }

            fn write_flat_cotangent(d: &Self::Cotangent, out: &mut [Self::Scalar]) {
                run::write_cotangent::<T>(d, out);
            }

            fn __count_cotangent(d: &Self::Cotangent) -> usize {
                run::count_cotangent::<T>(d)
            }
        }
    )*};
}

#[cfg(feature = "alloc")]
owners!(Vec<T>, Box<[T]>);

#[cfg(feature = "alloc")]
impl<T: Parameters> Parameters for Box<T> {
    type Scalar = T::Scalar;

    fn count(&self) -> usize {
        T::count(self)
    }

    fn visit(
        &mut self,
        d: &Self::Cotangent,
        mut f: impl FnMut(&mut [Self::Scalar], &[Self::Scalar]),
    ) {
        let f: &mut Visitor<T::Scalar> = &mut f;
        T::visit(self, d, f);
    }

    fn write_flat(&self, out: &mut [Self::Scalar]) {
        T::write_flat(self, out);
    }

    fn read_flat(&mut self, from: &[Self::Scalar]) {
        T::read_flat(self, from);
    }

    fn write_flat_cotangent(d: &Self::Cotangent, out: &mut [Self::Scalar]) {
        T::write_flat_cotangent(d, out);
    }

    fn __count_cotangent(d: &Self::Cotangent) -> usize {
        T::__count_cotangent(d)
    }
}
