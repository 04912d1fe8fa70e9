//! The rules of operators: what `a * b` is reversed by where the types of `a` and `b` are not
//! visible to the macro.
//!
//! `#[differentiate] impl Mul<R> for L { … }` generates the rule of a user's type. Floats and
//! references to them have theirs here; integers too, with cotangent `()`, so that an operator whose
//! operands turn out to be inert costs nothing.

mod arithmetic;
mod assign;
mod float;
mod index;
mod integer;

pub use arithmetic::{AddVjp, DivVjp, MulVjp, NegVjp, RemVjp, SubVjp};
pub use assign::{AddAssignVjp, DivAssignVjp, MulAssignVjp, RemAssignVjp, SubAssignVjp};
pub use index::IndexVjp;
