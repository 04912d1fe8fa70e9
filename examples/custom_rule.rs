//! Rules of one's own: a formula for a scalar function, and a hand-written `_vjp` for anything else.
//!
//! `cargo run -p tapeless-examples --example custom_rule`

use tapeless::{derivative, differentiate, Slot};

/// The bell curve's integral: the body is only evaluated, the formula is what is differentiated.
#[derivative(x = core::f64::consts::FRAC_2_SQRT_PI * (-x * x).exp())]
fn erf(x: f64) -> f64 {
    libm::erf(x)
}

/// The root of `x³ + x = a`, by Newton's method. Differentiating the iteration would give the same at a higher price.
fn root(a: f64) -> f64 {
    (0..60).fold(0.0, |x: f64, _| {
        x - (x * x * x + x - a) / (3.0 * x * x + 1.0)
    })
}

/// The rule of [`root`], by the theorem of implicit functions: dx / da = 1 / (3x² + 1).
fn root_vjp(a: f64, d_out: f64, mut d_a: impl Slot<f64>) -> f64 {
    let x = root(a);
    if let Some(d_a) = d_a.get() {
        *d_a += d_out / (3.0 * x * x + 1.0);
    }
    x
}

/// Calls both like any other function.
#[differentiate]
fn model(a: f64, scale: f64) -> f64 {
    scale * erf(root(a))
}

fn main() {
    let (value, (da, d_scale)) = model_value_and_grad(2.0, 3.0);
    println!("model(2, 3) = {value:.6}, gradient ({da:.6}, {d_scale:.6})");

    // root(2) = 1 and 3·1² + 1 = 4, so d_a = 3 · (2/√π) e⁻¹ / 4.
    let by_hand = 3.0 * core::f64::consts::FRAC_2_SQRT_PI * (-1.0_f64).exp() / 4.0;
    assert!((da - by_hand).abs() < 1e-12);
    assert!((d_scale - libm::erf(1.0)).abs() < 1e-12);
}
