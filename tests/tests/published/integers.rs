//! Fields that are integers by how they are used need no rule where they are handed on.

use tapeless::{differentiate, Differentiable};

#[derive(Differentiable)]
struct Binomial {
    p: f64,
    n: u64,
    kind: u8,
}

/// Has no rule.
fn ln_binomial(n: u64, k: u64) -> f64 {
    let ln = |n: u64| (1..=n).map(|i| (i as f64).ln()).sum::<f64>();
    ln(n) - ln(k) - ln(n - k)
}

/// Has no rule either.
fn offset(kind: u8) -> f64 {
    f64::from(kind)
}

#[differentiate]
impl Binomial {
    fn ln_pmf(&self, x: u64) -> f64 {
        if x > self.n {
            f64::NEG_INFINITY
        } else {
            let shift = match self.kind {
                0 => 0.0,
                _ => offset(self.kind) * self.p,
            };
            ln_binomial(self.n, x)
                + x as f64 * self.p.ln()
                + (self.n - x) as f64 * (1.0 - self.p).ln()
                + shift
        }
    }
}

#[test]
fn compared_with_an_integer() {
    let model = Binomial {
        p: 0.25,
        n: 5,
        kind: 2,
    };
    let (value, d_model) = model.ln_pmf_value_and_grad(2);
    assert_eq!(value, model.ln_pmf(2));
    assert!(super::close(d_model.p, 2.0 / 0.25 - 3.0 / 0.75 + 2.0));
    assert_eq!(model.ln_pmf_grad(6).p, 0.0);
}

#[derive(Clone, Copy, Differentiable)]
struct Scaled {
    factor: f64,
}

/// Compares with integers, but is none: what it is must not be forgotten.
#[derive(Differentiable)]
struct Floats {
    x: f64,
    y: Scaled,
}

#[differentiate]
fn floats_are_not_taken_for_integers(s: &Floats, n: i32) -> f64 {
    if s.x > n as f64 && s.y.factor < 10.0 {
        s.x * s.y.factor
    } else {
        s.x.powi(n)
    }
}

#[test]
fn compared_with_a_float() {
    let s = Floats {
        x: 3.0,
        y: Scaled { factor: 2.0 },
    };
    let d = floats_are_not_taken_for_integers_grad(&s, 2);
    assert_eq!((d.x, d.y.factor), (2.0, 3.0));
    assert_eq!(floats_are_not_taken_for_integers_grad(&s, 3).x, 27.0);
}
