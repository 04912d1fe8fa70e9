//! What stands around a function and has a say in its siblings: traits, constants, lifetimes.

use tapeless::check::assert_gradient;
use tapeless::{differentiate, Differentiable};

mod law {
    pub trait Law {
        fn log(&self, xs: &[f64]) -> f64;
        fn fast(&self, xs: &[f64]) -> f64;
    }
}

#[derive(Differentiable, Clone, Copy, Debug, PartialEq)]
struct Normal {
    mu: f64,
}

// The trait is in scope here, without an import, but not in a block of its own.
#[differentiate]
impl crate::law::Law for Normal {
    fn log(&self, xs: &[f64]) -> f64 {
        self.fast(xs) * self.mu
    }

    fn fast(&self, xs: &[f64]) -> f64 {
        xs.iter().map(|x| (x - self.mu).powi(2)).sum()
    }
}

#[test]
fn methods_of_a_trait_that_has_no_name_here() {
    let normal = Normal { mu: 0.3 };
    let (value, (d_normal, d_xs)) = normal.log_value_and_grad(&[1.0, 2.0]);
    assert_eq!(value, law::Law::log(&normal, &[1.0, 2.0]));
    let squares = 0.7f64.powi(2) + 1.7f64.powi(2);
    let expected = squares - 2.0 * 0.3 * (0.7 + 1.7);
    assert!((d_normal.mu - expected).abs() < 1e-12);
    assert!((d_xs[0] - 0.3 * 2.0 * 0.7).abs() < 1e-12);
    assert!((d_xs[1] - 0.3 * 2.0 * 1.7).abs() < 1e-12);
}

#[allow(non_upper_case_globals, dead_code)]
mod lowercase {
    use tapeless::differentiate;

    pub const t: f64 = 2.0;
    pub const d: f64 = 2.0;
    pub const i: usize = 2;
    pub static copy: f64 = 2.0;
    pub const inside: f64 = 2.0;
    pub const record: f64 = 2.0;
    pub const records: f64 = 2.0;
    pub const exit: u32 = 2;
    pub const value: f64 = 2.0;
    pub const cotangent: f64 = 2.0;

    #[differentiate]
    pub fn first(xs: &[f64], y: f64) -> f64 {
        xs[0] * y.sin()
    }

    #[differentiate]
    pub fn smooth(xs: &[f64], y: f64) -> f64 {
        let mut total = y;
        for x in xs {
            if total > 5.0 {
                break;
            }
            total = (total * x).sin() + first(&[total, *x], y);
        }
        total * total
    }

    #[differentiate]
    pub fn root(x: f64) -> Option<f64> {
        let inner = if x > 0.0 { x } else { return None };
        Some(inner.sqrt() * d)
    }
}

#[test]
fn constants_named_like_variables_of_ours() {
    assert_gradient!(lowercase::smooth(&[0.4, 1.3, -0.2], 0.7));
    assert_gradient!(lowercase::root(1.3));
    assert_eq!(lowercase::root_value_and_grad(-1.3), None);
}

#[derive(Differentiable)]
struct View<'a> {
    xs: &'a [f64],
    scale: f64,
}

#[differentiate]
fn seen(view: &View<'_>, x: f64) -> f64 {
    view.xs[0] * x * view.scale
}

#[differentiate]
impl View<'_> {
    fn both(&self, other: &View<'_>, x: f64) -> f64 {
        self.xs[0] * other.scale * x
    }
}

#[test]
fn lifetimes_are_written() {
    let xs = [0.4, 1.3];
    let view = View {
        xs: &xs,
        scale: 3.0,
    };
    let (d_view, d_x) = seen_grad(&view, 0.5);
    assert_eq!((d_view.xs, d_view.scale), (vec![1.5, 0.0], 0.2));
    assert!((d_x - 1.2).abs() < 1e-12);
    let (d_self, d_other, _) = view.both_grad(&view, 0.5);
    assert_eq!((d_self.scale, d_other.scale), (0.0, 0.2));
}
