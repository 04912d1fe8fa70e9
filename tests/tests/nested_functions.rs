//! Functions inside a function: the attribute on the outer one is enough.

use tapeless::check::assert_gradient;
use tapeless::{differentiate, Differentiable, Slot};

#[differentiate]
fn to_linear(r: f64, g: f64) -> f64 {
    const A: f64 = 0.055;
    fn above(c: f64) -> f64 {
        power((c + A) / (1.0 + A), 2)
    }
    fn power(c: f64, n: i32) -> f64 {
        c.powi(n) * c.sqrt()
    }
    fn channel(c: f64) -> f64 {
        if c > 0.04 {
            above(c)
        } else {
            c / 12.92
        }
    }
    // Only asked whether it holds.
    fn is_dark(c: f64) -> bool {
        c < 0.5
    }
    let k = if is_dark(r) { 2.0 } else { 3.0 };
    [r, g].iter().map(|c| channel(*c)).sum::<f64>() * k + channel(r * g)
}

#[derive(Clone, Copy, Debug, Differentiable)]
struct Rgb {
    r: f64,
    g: f64,
}

#[differentiate]
impl Rgb {
    fn mean(&self) -> f64 {
        fn of<T: num_traits::Float>(a: T, b: T) -> T {
            (a * b).sqrt()
        }
        of(self.r, self.g)
    }
}

/// A rule by hand stays.
#[differentiate]
fn with_a_rule(x: f64) -> f64 {
    fn step(x: f64) -> f64 {
        x.floor()
    }
    fn step_vjp(x: f64, d_out: f64, mut d_x: impl Slot<f64>) -> f64 {
        d_x.add(d_out);
        step(x)
    }
    step(2.0 * x) * x
}

#[test]
fn functions_inside_are_differentiated_too() {
    for (r, g) in [(0.3, 0.7), (0.01, 0.6), (0.9, 0.02)] {
        assert_gradient!(to_linear(r, g));
    }
    assert_gradient!(Rgb::mean(&Rgb { r: 0.3, g: 0.6 }));
    // 2 x + floor(2 x)
    assert_eq!(with_a_rule_grad(0.75), 2.5);
}
