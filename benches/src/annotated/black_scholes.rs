//! [`crate::scalar::black_scholes`], annotated.

use crate::scalar::black_scholes::density;
use std::f64::consts::FRAC_1_SQRT_2;
use tapeless::{derivative, differentiate};

/// `S·Φ(d₁) − K·exp(−rT)·Φ(d₂)`.
#[differentiate]
#[inline]
pub fn call_price(spot: f64, strike: f64, rate: f64, volatility: f64, time: f64) -> f64 {
    let spread = volatility * time.sqrt();
    let d1 = ((spot / strike).ln() + (rate + 0.5 * volatility * volatility) * time) / spread;
    let d2 = d1 - spread;
    spot * normal(d1) - strike * (-rate * time).exp() * normal(d2)
}

/// The distribution function of the standard normal distribution.
#[derivative(x = density(x))]
#[inline]
pub fn normal(x: f64) -> f64 {
    0.5 * libm::erfc(-x * FRAC_1_SQRT_2)
}
