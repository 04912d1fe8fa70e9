//! Functions of a few scalars: nothing to store, nothing to loop over.
//!
//! Their adjoints return value and gradient, as the siblings `…_value_and_grad` do.

pub mod black_scholes;
pub mod kepler;
pub mod logistic;
pub mod quaternion;
pub mod rosenbrock;
