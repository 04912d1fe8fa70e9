//! The generated gradients, each as a function of its own, so that its instructions can be told apart.

use tapeless::matrix::Vector;
use tapeless::nn::descend;
use tapeless::Differentiable;

use crate::models::{self, Network, Pendulum, PendulumCotangent, Quaternion, RATE};

#[inline(never)]
pub fn rosenbrock(x: f64, y: f64) -> (f64, (f64, f64)) {
    models::rosenbrock_value_and_grad(x, y)
}

#[inline(never)]
pub fn black_scholes(
    spot: f64,
    strike: f64,
    rate: f64,
    volatility: f64,
    time: f64,
) -> (f64, (f64, f64, f64, f64, f64)) {
    models::black_scholes_value_and_grad(spot, strike, rate, volatility, time)
}

#[inline(never)]
pub fn rotation(q: &Quaternion, v: &[f64; 3], target: &[f64; 3]) -> (f64, (Quaternion, [f64; 3])) {
    models::rotation_value_and_grad(q, v, target)
}

#[inline(never)]
pub fn huber(x: f64, y: f64, delta: f64) -> (f64, (f64, f64)) {
    models::huber_value_and_grad(x, y, delta)
}

#[inline(never)]
pub fn pendulum(
    pendulum: &Pendulum,
    angle: f64,
    speed: f64,
) -> (f64, (PendulumCotangent, f64, f64)) {
    pendulum.energy_value_and_grad(angle, speed)
}

/// A training step; returns the error before it.
#[inline(never)]
pub fn network(network: &mut Network, x: &Vector<f32, 2>, y: &Vector<f32, 1>) -> f32 {
    let mut gradient = network.zero_cotangent();
    let error = models::squares_grad_into(network, x, y, &mut gradient);
    descend(network, &gradient, RATE);
    error
}
