//! The same primals once more, annotated: what the frozen adjoints are compared with.

pub mod ba;
pub mod black_scholes;
pub mod det;
pub mod gmm;
pub mod kepler;
pub mod kmeans;
pub mod llsq;
pub mod logistic;
pub mod lse;
pub mod lstm;
pub mod lstm_apart;
pub mod ode;
pub mod quaternion;
pub mod rosenbrock;
