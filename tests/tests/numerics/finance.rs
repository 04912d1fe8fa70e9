//! Prices.

use tapeless::{assert_gradient, differentiate};

#[differentiate]
fn american_put(spot: f64, strike: f64, rate: f64, sigma: f64, years: f64, steps: usize) -> f64 {
    let dt = years / steps as f64;
    let up = (sigma * dt.sqrt()).exp();
    let down = 1.0 / up;
    let p = ((rate * dt).exp() - down) / (up - down);
    let discount = (-rate * dt).exp();
    let mut values = vec![0.0; steps + 1];
    for (i, v) in values.iter_mut().enumerate() {
        let s = spot * up.powi(2 * i as i32 - steps as i32);
        *v = (strike - s).max(0.0);
    }
    for step in (0..steps).rev() {
        for i in 0..=step {
            let hold = discount * (p * values[i + 1] + (1.0 - p) * values[i]);
            let exercise = strike - spot * up.powi(2 * i as i32 - step as i32);
            values[i] = if exercise > hold { exercise } else { hold };
        }
    }
    values[0]
}

#[differentiate]
mod lattice {
    pub fn price<T: tapeless::Real>(spot: T, strike: T, sigma: T, payoff_power: i32) -> T {
        let n: i32 = 6;
        let dt = T::one() / T::from(n).unwrap();
        let up = (sigma * dt.sqrt()).exp();
        let half = T::from(0.5).unwrap();
        let mut v: Vec<T> = (0..=n)
            .map(|i| {
                let s = spot * up.powi(2 * i - n);
                (s - strike).max(T::zero()).powi(payoff_power)
            })
            .collect();
        while v.len() > 1 {
            v = v.windows(2).map(|w| half * (w[0] + w[1])).collect();
        }
        v[0]
    }
}

#[test]
fn options_have_greeks() {
    assert_gradient!(american_put(100.0, 105.0, 0.03, 0.25, 0.75, 7));
    assert_gradient!(american_put(100.0, 95.0, 0.1, 0.2, 1.0, 1));
    assert_gradient!(lattice::price(1.03, 0.99, 0.3, 1));
    assert_gradient!(lattice::price(1.03f32, 0.99, 0.3, 2));
}

/// The price of a bond, and the yield at which it has a given price, by Newton's method.
#[differentiate]
fn yield_to_maturity(price: f64, coupon: f64, years: u32) -> Result<f64, &'static str> {
    let mut y = coupon;
    for _ in 0..30 {
        let (mut value, mut slope) = (0.0, 0.0);
        for t in 1..=years {
            let flow = coupon + if t == years { 1.0 } else { 0.0 };
            let d = (1.0 + y).powi(-(t as i32));
            value += flow * d;
            slope -= t as f64 * flow * d / (1.0 + y);
        }
        let step = (value - price) / slope;
        if !step.is_finite() {
            return Err("no yield");
        }
        y -= step;
        if step.abs() < 1e-14 {
            return Ok(y);
        }
    }
    Err("not found")
}

#[test]
fn a_yield_is_found() {
    let (y, (dp, dc)) = yield_to_maturity_value_and_grad(0.97, 0.05, 5).unwrap();
    let at = |p: f64, c: f64| yield_to_maturity(p, c, 5).unwrap();
    assert_eq!(y, at(0.97, 0.05));
    assert!((dp - (at(0.9701, 0.05) - at(0.9699, 0.05)) / 2e-4).abs() < 1e-6);
    assert!((dc - (at(0.97, 0.0501) - at(0.97, 0.0499)) / 2e-4).abs() < 1e-6);
}

#[differentiate]
fn path_average(spot: f64, vol: f64, strike: f64, normals: &[[f64; 4]]) -> f64 {
    let mut payoff = 0.0;
    for row in normals {
        let path = row.iter().scan(spot, |s, z| {
            *s *= (vol * z - 0.5 * vol * vol).exp();
            Some(*s)
        });
        let (mut sum, mut low) = (0.0, f64::INFINITY);
        for s in path {
            sum += s;
            low = low.min(s);
        }
        if low > 0.5 {
            payoff += (sum / 4.0 - strike).max(0.0);
        }
    }
    payoff / normals.len() as f64
}

#[test]
fn paths_are_averaged() {
    let z = vec![
        [0.3, -1.0, 0.8, 0.1],
        [1.2, 0.4, -0.3, 0.9],
        [-2.0, -2.5, -1.0, 0.2],
    ];
    assert_gradient!(path_average(1.0, 0.3, 0.95, &z));
}
