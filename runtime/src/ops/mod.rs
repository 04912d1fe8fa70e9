//! The rules of operators and conversions: what `a * b` and `a.into()` are reversed by where the types of `a` and `b` are
//! not visible to the macro.
//!
//! `#[differentiate] impl Mul<R> for L { … }` and `impl From<T> for S { … }` generate the rule of a user's type. Floats and
//! references to them have theirs here; integers too, with cotangent `()`, so that an operator whose
//! operands turn out to be inert costs nothing.

mod arithmetic;
mod assign;
mod convert;
mod float;
mod index;
mod integer;

pub use arithmetic::{AddVjp, DivVjp, MulVjp, NegVjp, RemVjp, SubVjp};
pub use assign::{AddAssignVjp, DivAssignVjp, MulAssignVjp, RemAssignVjp, SubAssignVjp};
pub use convert::{FromVjp, IntoVjp};
pub use index::IndexVjp;
