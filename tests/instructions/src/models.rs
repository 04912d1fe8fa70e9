//! The functions themselves.

use tapeless::matrix::Vector;
use tapeless::nn::StackLinear;
use tapeless::{derivative, differentiate, Differentiable};

/// The real part first.
pub type Quaternion = [f64; 4];

#[differentiate]
pub fn rosenbrock(x: f64, y: f64) -> f64 {
    (1.0 - x).powi(2) + 100.0 * (y - x * x).powi(2)
}

/// The cumulative distribution of the standard normal.
#[derivative(x = density(x))]
pub fn cumulative(x: f64) -> f64 {
    0.5 * libm::erfc(-x * core::f64::consts::FRAC_1_SQRT_2)
}

/// The density of the standard normal.
pub fn density(x: f64) -> f64 {
    0.398_942_280_401_432_7 * (-0.5 * x * x).exp()
}

/// The price of a call option.
#[differentiate]
pub fn black_scholes(spot: f64, strike: f64, rate: f64, volatility: f64, time: f64) -> f64 {
    let spread = volatility * time.sqrt();
    let d1 = ((spot / strike).ln() + (rate + 0.5 * volatility * volatility) * time) / spread;
    let d2 = d1 - spread;
    spot * cumulative(d1) - strike * (-rate * time).exp() * cumulative(d2)
}

/// The squared distance between a rotated vector and its target.
#[differentiate(wrt(q, v))]
pub fn rotation(q: &[f64; 4], v: &[f64; 3], target: &[f64; 3]) -> f64 {
    let [w, x, y, z] = *q;
    let a = 2.0 * (y * v[2] - z * v[1]);
    let b = 2.0 * (z * v[0] - x * v[2]);
    let c = 2.0 * (x * v[1] - y * v[0]);
    let r0 = v[0] + w * a + (y * c - z * b) - target[0];
    let r1 = v[1] + w * b + (z * a - x * c) - target[1];
    let r2 = v[2] + w * c + (x * b - y * a) - target[2];
    r0 * r0 + r1 * r1 + r2 * r2
}

/// The Huber loss of `x - y`.
#[differentiate(wrt(x, y))]
pub fn huber(x: f64, y: f64, delta: f64) -> f64 {
    let r = x - y;
    if r > delta {
        delta * (r - 0.5 * delta)
    } else if r < -delta {
        -delta * (r + 0.5 * delta)
    } else {
        0.5 * r * r
    }
}

/// A damped pendulum.
#[derive(Clone, Copy, Differentiable)]
pub struct Pendulum {
    pub mass: f64,
    pub length: f64,
    pub damping: f64,
}

#[differentiate]
impl Pendulum {
    /// Its energy, less what the damping takes.
    pub fn energy(&self, angle: f64, speed: f64) -> f64 {
        let v = self.length * speed;
        let kinetic = 0.5 * self.mass * v * v;
        let potential = self.mass * 9.81 * self.length * (1.0 - angle.cos());
        kinetic + potential - self.damping * v * v
    }
}

/// The learning rate of [`Network`].
pub const RATE: f32 = 0.01;

/// Two numbers in, sixteen units, one number out, sizes in the types.
#[derive(Clone, Copy, Differentiable)]
pub struct Network {
    pub hidden: StackLinear<f32, 2, 16>,
    pub output: StackLinear<f32, 16, 1>,
}

/// Its squared error.
#[differentiate(wrt(network), no_alloc)]
pub fn squares(network: &Network, x: &Vector<f32, 2>, y: &Vector<f32, 1>) -> f32 {
    let h = network.hidden.forward_relu(x);
    network.output.forward(&h).mse(y)
}
