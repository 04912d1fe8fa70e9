//! `#[differentiate] impl Deref`: what `*x` leads to in a type of the user's own has a place in the cotangent too.

#![allow(
    clippy::explicit_auto_deref,
    reason = "dereferencing by hand is what is tested"
)]
use std::ops::{Deref, DerefMut};

use tapeless::{assert_gradient, differentiate, Differentiable};

#[derive(Clone, Debug, Differentiable)]
struct Inner {
    a: f64,
    b: f64,
}

#[differentiate]
impl Inner {
    fn product(&self, k: f64) -> f64 {
        self.a * self.b * k
    }

    fn scale(&mut self, k: f64) {
        self.a *= k;
        self.b += k * self.a;
    }
}

#[derive(Clone, Debug, Differentiable)]
struct Wrap {
    inner: Inner,
    k: f64,
}

#[differentiate]
impl Deref for Wrap {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.inner
    }
}

#[differentiate]
impl DerefMut for Wrap {
    fn deref_mut(&mut self) -> &mut Inner {
        &mut self.inner
    }
}

#[derive(Clone, Debug, Differentiable)]
struct Meters(f64);

#[differentiate]
impl Deref for Meters {
    type Target = f64;

    fn deref(&self) -> &f64 {
        &self.0
    }
}

#[derive(Clone, Debug, Differentiable)]
struct Poly {
    coefficients: Vec<f64>,
    scale: f64,
}

#[differentiate]
impl Deref for Poly {
    type Target = [f64];

    fn deref(&self) -> &[f64] {
        &self.coefficients
    }
}

#[differentiate]
fn behind(w: &Wrap, x: f64) -> f64 {
    let inner: &Inner = w;
    inner.a * x + (**w).product(x * x) + (*w).k
}

#[differentiate]
fn written(mut w: Wrap, x: f64) -> f64 {
    w.a *= x;
    (*w).scale(x);
    (*w).b += (*w).a * w.k;
    (*w).product(x)
}

#[differentiate]
fn length(m: &Meters, n: Meters, x: f64) -> f64 {
    let v = *n;
    **m * x + v * (*n).sin()
}

#[differentiate]
fn horner(p: &Poly, x: f64) -> f64 {
    let mut sum = 0.0;
    for i in 0..p.len() {
        sum = sum * x + p[i];
    }
    sum * p.scale + p.iter().map(|c| c * c).sum::<f64>()
}

#[differentiate]
fn boxed(b: &mut Box<f64>, x: f64) -> f64 {
    **b *= x;
    **b * x
}

#[differentiate]
mod rates {
    use std::ops::Deref;
    use tapeless::Differentiable;

    #[derive(Clone, Debug, Differentiable)]
    pub struct Rate(pub f64);

    impl Deref for Rate {
        type Target = f64;

        fn deref(&self) -> &f64 {
            &self.0
        }
    }

    pub struct Name(pub String);

    impl Deref for Name {
        type Target = str;

        fn deref(&self) -> &str {
            &self.0
        }
    }

    pub fn discount(rate: &Rate, t: f64) -> f64 {
        (-**rate * t).exp() * (**rate).cos()
    }
}

#[test]
fn what_is_behind_has_a_place_in_the_cotangent() {
    let inner = Inner { a: 0.7, b: 0.4 };
    let w = Wrap { inner, k: 1.3 };
    assert_gradient!(behind(&w, 0.3));
    assert_gradient!(written(w.clone(), 0.3));
    assert_gradient!(length(&Meters(0.4), Meters(0.9), 0.3));
    for coefficients in [vec![], vec![0.3], vec![0.3, 0.6, -0.4]] {
        let scale = 0.7;
        let p = Poly {
            coefficients,
            scale,
        };
        assert_gradient!(horner(&p, 0.3));
    }
    assert_gradient!(boxed(&mut Box::new(0.4), 0.3));
    assert_gradient!(rates::discount(&rates::Rate(0.1), 0.3));
    assert_eq!(rates::Name(String::from("r")).len(), 1);
}
