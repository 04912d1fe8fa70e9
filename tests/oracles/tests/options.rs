//! Option prices by Black and Scholes: the gradient of the price against the sensitivities of `greeks`.

use greeks as oracle;
use statrs::function::erf;
use tapeless::{derivative, differentiate, Differentiable};
use tapeless_oracles::{assert_close, Points};

/// The cumulative normal distribution; `greeks` has a polynomial that is right to seven digits.
#[derivative(x = (-0.5 * x * x).exp() / (2.0 * std::f64::consts::PI).sqrt())]
fn normal(x: f64) -> f64 {
    0.5 * erf::erfc(-x / std::f64::consts::SQRT_2)
}

#[derive(Clone, Copy, Differentiable)]
struct Market {
    spot: f64,
    rate: f64,
    dividend: f64,
    volatility: f64,
}

/// What the holder may do.
#[derive(Clone, Copy, PartialEq)]
enum Right {
    Call,
    Put,
}

#[differentiate]
impl Market {
    fn d1(&self, strike: f64, time: f64) -> f64 {
        let drift = self.rate - self.dividend + self.volatility.powi(2) / 2.0;
        ((self.spot / strike).ln() + drift * time) / (self.volatility * time.sqrt())
    }

    fn price(&self, #[constant] right: Right, strike: f64, time: f64) -> f64 {
        let d1 = self.d1(strike, time);
        let d2 = d1 - self.volatility * time.sqrt();
        let sign = match right {
            Right::Call => 1.0,
            Right::Put => -1.0,
        };
        let spot = self.spot * (-self.dividend * time).exp();
        let strike = strike * (-self.rate * time).exp();
        sign * (spot * normal(sign * d1) - strike * normal(sign * d2))
    }
}

/// The polynomial for the normal distribution is right to 7.5e-8; it is multiplied by up to three years.
const TOLERANCE: f64 = 1e-6;

#[test]
fn sensitivities() {
    let mut points = Points::new(1);
    for _ in 0..500 {
        let (s, x) = (points.between(50.0, 150.0), points.between(50.0, 150.0));
        let (t, sigma) = (points.between(0.1, 3.0), points.between(0.1, 0.8));
        let (r, q) = (points.between(-0.02, 0.1), points.between(0.0, 0.06));
        let market = Market {
            spot: s,
            rate: r,
            dividend: q,
            volatility: sigma,
        };
        let (call, (d, d_strike, d_time)) = market.price_value_and_grad(Right::Call, x, t);
        let close = |name: &str, got: f64, expected: f64| {
            assert_close(name, got / s, expected / s, TOLERANCE);
        };
        close(
            "delta",
            s * d.spot,
            s * oracle::delta_call(s, x, t, r, q, sigma),
        );
        close(
            "rho",
            d.rate,
            100.0 * oracle::rho_call(s, x, t, r, q, sigma),
        );
        close(
            "theta",
            -d_time,
            oracle::theta_call(s, x, t, r, q, sigma, 1.0),
        );
        close(
            "vega",
            d.volatility,
            100.0 * oracle::vega(s, x, t, r, q, sigma),
        );
        let lambda = oracle::lambda_call(s, x, t, r, q, sigma, call);
        close("lambda", d.spot * s, lambda * call);
        // The price is homogeneous in spot and strike.
        assert_close("homogeneous", d.spot * s + d_strike * x, call, 1e-12);

        let (put, (d, _, d_time)) = market.price_value_and_grad(Right::Put, x, t);
        close(
            "delta",
            s * d.spot,
            s * oracle::delta_put(s, x, t, r, q, sigma),
        );
        close("rho", d.rate, 100.0 * oracle::rho_put(s, x, t, r, q, sigma));
        close(
            "theta",
            -d_time,
            oracle::theta_put(s, x, t, r, q, sigma, 1.0),
        );
        close(
            "vega",
            d.volatility,
            100.0 * oracle::vega(s, x, t, r, q, sigma),
        );
        let lambda = oracle::lambda_put(s, x, t, r, q, sigma, put);
        close("lambda", d.spot * s, lambda * put);
    }
}

#[test]
fn prices_without_dividends() {
    let mut points = Points::new(2);
    for _ in 0..100 {
        let (s, x) = (points.between(50.0, 150.0), points.between(50.0, 150.0));
        let (t, sigma) = (points.between(0.1, 3.0), points.between(0.1, 0.8));
        let market = Market {
            spot: s,
            rate: 0.03,
            dividend: 0.0,
            volatility: sigma,
        };
        let call = oracle::euro_call(s, x, t, 0.03, 0.0, sigma);
        assert_close(
            "call",
            market.price(Right::Call, x, t) / s,
            call / s,
            TOLERANCE,
        );
        let put = oracle::euro_put(s, x, t, 0.03, 0.0, sigma);
        assert_close(
            "put",
            market.price(Right::Put, x, t) / s,
            put / s,
            TOLERANCE,
        );
    }
}
