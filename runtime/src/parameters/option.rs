//! `Option`: the floats of what it holds, if it holds something.

use crate::Parameters;

impl<T: Parameters> Parameters for Option<T> {
    type Scalar = T::Scalar;

    #[inline]
    fn count(&self) -> usize {
        self.as_ref().map_or(0, T::count)
    }

    #[inline]
    #[track_caller]
    fn visit(&mut self, d: &Self::Cotangent, f: impl FnMut(&mut [T::Scalar], &[T::Scalar])) {
        match (self, d) {
            (Some(value), Some(d)) => value.visit(d, f),
            (None, None) => {}
            (value, _) => panic!(
                "a `{}` cannot be visited with a cotangent that is not",
                if value.is_some() { "Some" } else { "None" },
            ),
        }
    }

    #[inline]
    fn write_flat(&self, out: &mut [T::Scalar]) {
        if let Some(value) = self {
            value.write_flat(out);
        }
    }

    #[inline]
    fn read_flat(&mut self, from: &[T::Scalar]) {
        if let Some(value) = self {
            value.read_flat(from);
        }
    }

    #[inline]
    fn write_flat_cotangent(d: &Self::Cotangent, out: &mut [T::Scalar]) {
        if let Some(d) = d {
            T::write_flat_cotangent(d, out);
        }
    }

    #[inline]
    fn __count_cotangent(d: &Self::Cotangent) -> usize {
        d.as_ref().map_or(0, T::__count_cotangent)
    }
}
