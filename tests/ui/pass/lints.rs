//! Expansions raise no warning, not even where a crate denies every lint of the compiler that is allowed by default,
//! and need no prelude.

#![deny(warnings, unused, nonstandard_style, future_incompatible, rust_2018_idioms)]
#![deny(missing_docs, unreachable_pub, unused_lifetimes, unused_qualifications)]
#![deny(unused_results, let_underscore_drop, trivial_casts, trivial_numeric_casts, unused_import_braces)]
#![deny(elided_lifetimes_in_paths, explicit_outlives_requirements, meta_variable_misuse, missing_abi)]
#![deny(non_ascii_idents, unit_bindings, variant_size_differences, missing_copy_implementations)]
#![deny(redundant_lifetimes, ambiguous_negative_literals, missing_debug_implementations)]
#![forbid(unsafe_code)]
#![no_implicit_prelude]

use ::tapeless::{derivative, differentiate, Differentiable};

/// A model.
#[derive(Clone, Copy, Debug, Differentiable)]
pub struct Model<T> {
    /// Its slope.
    pub slope: T,
    offset: [T; 2],
    #[constant]
    scale: f64,
}

#[differentiate]
impl Model<f64> {
    /// Its value.
    pub fn value(&self, x: f64, n: usize) -> f64 {
        let mut y = self.slope * x;
        y += self.offset[n];
        y * self.scale * n as f64
    }

    fn moved(self, by: f64) -> Self {
        Model { slope: self.slope + by, ..self }
    }

    /// Its change.
    pub fn shift(&mut self, by: f64) {
        self.slope += by;
        *self = self.moved(by);
    }
}

/// A branch, a match, an early return.
#[differentiate]
pub fn branches(x: f64, y: &[f64], n: usize, flag: bool) -> f64 {
    if flag {
        return x * y[n];
    }
    let z = if x > 0.0 { x.ln() } else { y[0] };
    match n {
        0 => z,
        1 | 2 => z * x,
        _ if z > 1.0 => z * z,
        _ => y[1],
    }
}

/// Loops.
#[differentiate]
pub fn loops(x: &[f64], k: f64) -> f64 {
    let mut total = 0.0;
    for i in 0..x.len() {
        total += x[i] * k.sin() * i as f64;
    }
    let mut state = k;
    for i in 0..x.len() {
        state = (state * x[i]).tanh();
        if state > 0.9 {
            break;
        }
    }
    let mut steps = 0;
    while state < 10.0 && steps < 5 {
        state = state * state + total;
        steps += 1;
    }
    state + total
}

/// A rule.
#[derivative(x = 1.0 - out * out)]
pub fn squash(x: f64) -> f64 {
    x.tanh()
}

/// Calls, in-out arguments, an option.
#[differentiate]
pub fn calls(model: &Model<f64>, a: &mut [f64], x: f64) -> ::core::option::Option<f64> {
    let mut copy = *model;
    copy.shift(x);
    a[0] *= squash(x);
    if a[0] < -100.0 {
        return ::core::option::Option::None;
    }
    ::core::option::Option::Some(copy.value(a[0], 1) + loops(a, x))
}

/// Generic.
#[differentiate]
pub fn generic<'a, T: ::tapeless::Real, const N: usize>(x: &'a [T; N], k: T) -> T {
    x[0] * k + x[N - 1].exp()
}

mod private {
    use ::tapeless::differentiate;

    #[differentiate]
    pub(super) fn square(x: f32) -> f32 {
        x * x
    }
}

fn main() {
    let model = Model { slope: 2.0, offset: [1.0, 0.5], scale: 3.0 };
    let _ = model.value_grad(1.0, 1);
    let _branches = branches_grad(1.0, &[1.0, 2.0], 1, false);
    let _calls = calls_grad(&model, &mut [1.0, 2.0], 0.5);
    let _ = generic_grad(&[1.0, 2.0], 3.0);
    let _ = private::square_value_and_grad(2.0);
}
