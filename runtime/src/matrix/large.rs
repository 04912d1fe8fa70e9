//! Products of heap types: the kernels of [`product`](super::product), and panics that name the
//! operation.

use crate::Real;

use super::dense::Dense;
use super::product::{product, Target};
use super::view::{View, ViewMut};

macro_rules! products {
    ($($(#[$doc:meta])* $name:ident: |$a:ident, $b:ident| $left:expr, $right:expr;)*) => {$(
        $(#[$doc])*
        #[inline]
        #[track_caller]
        pub(super) fn $name<T: Real>(
            name: &str,
            $a: &impl Dense<Scalar = T>,
            $b: &impl Dense<Scalar = T>,
            c: &mut impl Dense<Scalar = T>,
            target: Target,
        ) {
            fit(name, ($a.shape(), $b.shape()), $left, $right, c.view_mut(), target);
        }
    )*};
}

products! {
    /// `C = A·B` or `C += A·B`
    nn: |a, b| a.view(), b.view();
    /// `C = A·Bᵀ` or `C += A·Bᵀ`
    nt: |a, b| a.view(), b.view().t();
    /// `C = Aᵀ·B` or `C += Aᵀ·B`
    tn: |a, b| a.view().t(), b.view();
}

/// The product, or a panic that names the operation and the shapes its caller knows.
#[inline]
#[track_caller]
fn fit<T: Real>(
    name: &str,
    given: ((usize, usize), (usize, usize)),
    a: View<'_, T>,
    b: View<'_, T>,
    c: ViewMut<'_, T>,
    target: Target,
) {
    if a.shape().1 != b.shape().0 || c.shape() != (a.shape().0, b.shape().1) {
        let ((r, s), (t, u), (v, w)) = (given.0, given.1, c.shape());
        panic!("{name}: {r}×{s} with {t}×{u} does not go into {v}×{w}");
    }
    product(a, b, c, target);
}
