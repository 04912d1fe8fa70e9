//! Matrices and vectors for layered networks and small linear algebra, each operation beside its
//! adjoint.
//!
//! | | on the stack, sizes in the type | on the heap (feature `alloc`) |
//! |---|---|---|
//! | matrix | [`Matrix<T, R, C>`](Matrix) | `DMatrix<T>` |
//! | vector | [`Vector<T, N>`](Vector) | `DVector<T>` |
//!
//! All have the same methods. A method `x.m(a)` comes with
//!
//! * `x.m_vjp(a, d_out, d_x, d_a)`, its rule, so that it can be called in a differentiated function;
//! * `x.m_pullback(a, &out, d_out, d_x, d_a)`, the adjoint alone, given the result of an earlier run;
//! * `x.m_into(a, &mut out)`, which allocates nothing, with `m_into_vjp(a, &mut out, d_x, d_a, d_out)`
//!   and `m_into_pullback(a, &out, d_x, d_a, d_out)`, where `d_out` is in-out.
//!
//! Products of heap types from about eight rows and 4,000 operations on run in the crates `gemm` or
//! `matrixmultiply`, where the feature of that name is on. Both ask for memory of their own, for what
//! they pack; without them, the forms `…_into` ask for none.
//!
//! A row is a sample, the rows of a matrix are a batch; a vector is a single row.
//!
//! ```
//! use tapeless::matrix::{Matrix, Vector};
//! use tapeless::Inactive;
//!
//! let w = Matrix::new([[1.0, 2.0], [3.0, -4.0]]);
//! let x = Vector::new([0.5, 1.0]);
//! let mut d_w = Matrix::zeros();
//! let y = w.matvec_vjp(&x, Vector::new([1.0, 10.0]), &mut d_w, Inactive);
//! assert_eq!(y, Vector::new([2.5, -2.5]));
//! assert_eq!(d_w, Matrix::new([[0.5, 1.0], [5.0, 10.0]]));
//! ```

pub(crate) mod activate;
pub(crate) mod arithmetic;
mod dense;
#[cfg(any(feature = "nalgebra", feature = "ndarray"))]
mod foreign;
#[cfg(feature = "alloc")]
mod heap;
#[cfg(feature = "alloc")]
mod large;
mod linear;
mod multiply;
#[cfg(feature = "nalgebra")]
mod nalgebra;
#[cfg(feature = "ndarray")]
mod ndarray;
mod operators;
#[cfg(any(feature = "gemm", feature = "matrixmultiply"))]
mod packed;
pub mod product;
mod protocol;
mod small;
mod stack;
pub mod view;

pub use dense::Dense;
pub(crate) use dense::{each_type, Sealed};
#[cfg(feature = "alloc")]
pub use heap::{DMatrix, DVector};
#[cfg(feature = "nalgebra")]
pub use nalgebra::{NalgebraVjp, New2Vjp, New3Vjp, New4Vjp, New6Vjp, New9Vjp};
#[cfg(feature = "ndarray")]
pub use ndarray::{DotVjp, SumVjp};
pub use stack::{Matrix, Vector};
