//! The problems of few inputs on the dual numbers of `num-dual`, as many derivatives in each number as there are inputs:
//! one evaluation gives the whole gradient, at a cost that grows with their number. For the others it would be hopeless.

pub mod ba;
pub mod det;
pub mod scalar;

use nalgebra::SVector;
use num_dual::DualSVec64;

/// A number with its derivatives in `N` directions.
pub type Dual<const N: usize> = DualSVec64<N>;

/// Value and gradient.
#[inline]
pub fn gradient<const N: usize>(
    x: [f64; N],
    f: impl Fn([Dual<N>; N]) -> Dual<N>,
) -> (f64, [f64; N]) {
    let (value, gradient) = num_dual::gradient(|x| f(columns(x)), &SVector::from(x));
    (value, columns(gradient))
}

/// A column's elements.
pub fn columns<T, const N: usize>(x: SVector<T, N>) -> [T; N] {
    let [elements] = x.data.0;
    elements
}

/// `a×b`.
fn cross<const N: usize>(a: &[Dual<N>; 3], b: &[Dual<N>; 3]) -> [Dual<N>; 3] {
    [
        a[1] * b[2] - a[2] * b[1],
        a[2] * b[0] - a[0] * b[2],
        a[0] * b[1] - a[1] * b[0],
    ]
}
