//! Independent loops store nothing: their gradients allocate no more than the function, whatever the trip count.

mod counting;

use counting::allocations;
use std::hint::black_box;
use tapeless::differentiate;

#[differentiate]
fn squares(x: &[f64], k: f64) -> f64 {
    let mut total = 0.0;
    for v in x {
        let d = v - k;
        total += d * d * d.sin();
    }
    total
}

/// The accumulator's cotangent is not known before the loop.
#[differentiate]
fn likelihood(x: &[f64], k: f64) -> f64 {
    let mut total = 0.0;
    for i in 0..x.len() {
        let d = x[i] - k;
        total += (-d * d).exp();
    }
    total.ln() * total
}

#[differentiate]
fn branches(x: &[f64], k: f64) -> f64 {
    let mut total = 0.0;
    for &v in x {
        if v < 0.0 {
            continue;
        }
        let e = (v * k).exp();
        total += if e > 2.0 { e.ln() * e } else { e * e };
    }
    total
}

#[differentiate]
fn nested(x: &[f64], k: f64) -> f64 {
    let mut total = 0.0;
    for v in x {
        let mut inner = 0.0;
        for j in 1..=3 {
            inner += (v * k * f64::from(j)).sin();
        }
        total += inner * inner;
    }
    total
}

macro_rules! stores_nothing {
    ($($f:ident, $vjp:ident;)*) => {$(
        for n in [0, 1, 2, 100, 10_000] {
            let x: Vec<f64> = (0..n).map(|i| (i as f64).sin()).collect();
            let (mut d_x, mut d_k) = (vec![0.0; n], 0.0);
            let primal = allocations(|| $f(black_box(&x), 0.7));
            let gradient = allocations(|| $vjp(black_box(&x), 0.7, 1.0, &mut d_x[..], &mut d_k));
            assert_eq!(gradient, primal, "{} of {n} elements", stringify!($f));
        }
    )*};
}

#[test]
fn independent_loops_store_nothing() {
    stores_nothing! {
        squares, squares_vjp;
        likelihood, likelihood_vjp;
        branches, branches_vjp;
        nested, nested_vjp;
    }
}
