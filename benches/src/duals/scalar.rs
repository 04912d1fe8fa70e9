//! [`crate::scalar`] on dual numbers.

use super::{cross, Dual};
use crate::scalar::black_scholes;
use crate::scalar::logistic::FEATURES;
use num_dual::DualNum;

/// `(1 − x)² + 100·(y − x²)²`.
#[inline]
pub fn rosenbrock([x, y]: [Dual<2>; 2]) -> Dual<2> {
    (-x + 1.0).powi(2) + (y - x * x).powi(2) * 100.0
}

/// `S·Φ(d₁) − K·exp(−rT)·Φ(d₂)`.
#[inline]
pub fn call_price([spot, strike, rate, volatility, time]: [Dual<5>; 5]) -> Dual<5> {
    let spread = volatility * time.sqrt();
    let d1 = ((spot / strike).ln() + (rate + volatility * volatility * 0.5) * time) / spread;
    let d2 = d1 - spread;
    spot * normal(d1) - strike * (-rate * time).exp() * normal(d2)
}

/// The crate has no `erfc`: value and derivative are given.
fn normal(x: Dual<5>) -> Dual<5> {
    Dual::new(
        black_scholes::normal(x.re),
        x.eps * black_scholes::density(x.re),
    )
}

/// `E − (E − e·sin E − M)/(1 − e·cos E)`.
#[inline]
pub fn kepler_step([anomaly, eccentricity, mean]: [Dual<3>; 3]) -> Dual<3> {
    let (sin, cos) = anomaly.sin_cos();
    anomaly - (anomaly - eccentricity * sin - mean) / (-eccentricity * cos + 1.0)
}

/// The squared distance between a vector, turned by a quaternion, and `target`.
#[inline]
pub fn misalignment([w, q0, q1, q2, v0, v1, v2]: [Dual<7>; 7], target: &[f64; 3]) -> Dual<7> {
    let (u, v) = ([q0, q1, q2], [v0, v1, v2]);
    let t = cross(&u, &v);
    let s = cross(&u, &t);
    let mut total = Dual::from_re(0.0);
    for i in 0..3 {
        let off = v[i] + (w * t[i] + s[i]) * 2.0 - target[i];
        total += off * off;
    }
    total
}

/// `ln(1 + exp(−label·w·x))`.
#[inline]
pub fn logistic_loss(
    w: [Dual<FEATURES>; FEATURES],
    x: &[f64; FEATURES],
    label: f64,
) -> Dual<FEATURES> {
    let margin: Dual<FEATURES> = w.iter().zip(x).map(|(w, x)| *w * *x).sum();
    (margin * -label).exp().ln_1p()
}
