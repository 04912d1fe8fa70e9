//! Layered networks: what goes into a forward function, and what trains its parameters.
pub mod activation;
