//! `use tapeless::constant;` around a function that carries the attribute by itself.

use tapeless::check::assert_gradient;
use tapeless::{constant, differentiate, Differentiable};

#[differentiate]
fn stopped(x: f64, y: f64) -> f64 {
    x * constant(x * y) + constant(y) * y
}

#[derive(Clone, Copy, Debug, Differentiable)]
struct Gain(f64);

#[differentiate]
impl Gain {
    fn of(&self, x: f64) -> f64 {
        let fixed = constant(self.0);
        self.0 * x * fixed
    }
}

mod other {
    use tapeless::differentiate;

    #[differentiate]
    mod polynomials {
        pub fn constant(c: f64) -> f64 {
            c * c
        }

        pub fn shifted(c: f64) -> f64 {
            constant(c) + c
        }
    }
    pub use polynomials::*;
}

#[test]
fn the_gradient_stops() {
    assert_eq!(stopped_grad(2.0, 3.0), (6.0, 3.0));
    let (d, dx) = Gain(2.0).of_grad(3.0);
    assert_eq!((d.0, dx), (6.0, 4.0));
}

#[test]
fn another_function_of_that_name() {
    assert_gradient!(other::shifted(1.5));
}
