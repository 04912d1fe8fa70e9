//! The price of a European call by Black and Scholes.

use crate::sample::between;
use std::f64::consts::FRAC_1_SQRT_2;

/// `1/√(2π)`.
const FRAC_1_SQRT_TAU: f64 = 0.398_942_280_401_432_7;

/// `count` options: spot, strike, rate, volatility, time.
pub fn input(count: usize) -> Vec<[f64; 5]> {
    let rng = &mut fastrand::Rng::with_seed(12);
    let mut option = || {
        let (spot, strike) = (between(rng, 80.0, 120.0), between(rng, 80.0, 120.0));
        [
            spot,
            strike,
            between(rng, 0.01, 0.06),
            between(rng, 0.1, 0.5),
            between(rng, 0.25, 2.0),
        ]
    };
    (0..count).map(|_| option()).collect()
}

/// `S·Φ(d₁) − K·exp(−rT)·Φ(d₂)`.
#[inline]
pub fn call_price(spot: f64, strike: f64, rate: f64, volatility: f64, time: f64) -> f64 {
    let spread = volatility * time.sqrt();
    let d1 = ((spot / strike).ln() + (rate + 0.5 * volatility * volatility) * time) / spread;
    let d2 = d1 - spread;
    spot * normal(d1) - strike * (-rate * time).exp() * normal(d2)
}

/// The distribution function of the standard normal distribution.
#[inline]
pub fn normal(x: f64) -> f64 {
    0.5 * libm::erfc(-x * FRAC_1_SQRT_2)
}

/// Its derivative.
pub(crate) fn density(x: f64) -> f64 {
    FRAC_1_SQRT_TAU * (-0.5 * x * x).exp()
}

/// Adjoint of [`call_price`], with its value: the program reversed, without the identities between the sensitivities.
#[inline]
pub fn call_price_adjoint(
    spot: f64,
    strike: f64,
    rate: f64,
    volatility: f64,
    time: f64,
) -> (f64, [f64; 5]) {
    let root = time.sqrt();
    let spread = volatility * root;
    let (per_spread, per_strike) = (1.0 / spread, 1.0 / strike);
    let drift = rate + 0.5 * volatility * volatility;
    let d1 = ((spot * per_strike).ln() + drift * time) * per_spread;
    let d2 = d1 - spread;
    let discount = (-rate * time).exp();
    let (n1, n2) = (normal(d1), normal(d2));
    let value = spot * n1 - strike * discount * n2;

    let d_d2 = -strike * discount * density(d2);
    let d_moneyness = (spot * density(d1) + d_d2) * per_spread;
    let d_spread = -d_d2 - d_moneyness * d1;
    let d_drift = d_moneyness * time;
    let d_exponent = -strike * n2 * discount;
    let gradient = [
        n1 + d_moneyness / spot,
        -discount * n2 - d_moneyness * per_strike,
        d_drift - d_exponent * time,
        d_spread * root + d_drift * volatility,
        d_spread * volatility * 0.5 / root + d_moneyness * drift - d_exponent * rate,
    ];
    (value, gradient)
}
