//! Several implementations of one trait for one type: the siblings are members of the trait, each for its own arguments.

use tapeless::check::assert_gradient;
use tapeless::{differentiate, Differentiable, Inactive};

#[derive(Clone, Copy, Debug, Differentiable)]
struct Ellipsoid {
    a: f64,
    f: f64,
}

/// The result is the trait's parameter.
#[differentiate]
trait Direct<T> {
    fn direct(&self, lat: f64, lon: f64) -> T;
}

#[differentiate(in_trait)]
impl Direct<(f64, f64)> for Ellipsoid {
    fn direct(&self, lat: f64, lon: f64) -> (f64, f64) {
        (self.a * lat.sin(), self.f * lon)
    }
}

#[differentiate(in_trait)]
impl Direct<(f64, f64, f64)> for Ellipsoid {
    fn direct(&self, lat: f64, lon: f64) -> (f64, f64, f64) {
        (self.a * lat, lat * lon, self.f * lon)
    }
}

#[differentiate(in_trait)]
impl Direct<f64> for Ellipsoid {
    fn direct(&self, lat: f64, lon: f64) -> f64 {
        self.a * lat.sin() + self.f * lon
    }
}

/// An argument is the trait's parameter.
#[differentiate]
trait Eval<X> {
    fn eval(&self, x: X) -> f64;
}

#[differentiate(in_trait)]
impl Eval<f64> for Ellipsoid {
    fn eval(&self, x: f64) -> f64 {
        self.a * x * x
    }
}

#[differentiate(in_trait)]
impl Eval<[f64; 2]> for Ellipsoid {
    fn eval(&self, x: [f64; 2]) -> f64 {
        self.f * x[0] * x[1] + self.eval(x[0])
    }
}

#[differentiate]
fn both(e: &Ellipsoid, x: f64) -> f64 {
    e.eval(x) + e.eval([x, 2.0 * x])
}

#[test]
fn each_has_its_siblings() {
    let e = Ellipsoid { a: 1.3, f: 0.2 };
    assert_gradient!(both(&e, 0.7));
    let mut d_lat = 0.0;
    let _: (f64, f64) = e.direct_vjp(0.7, 0.3, (1.0, 0.0), Inactive, &mut d_lat, Inactive);
    assert!((d_lat - 1.3 * 0.7_f64.cos()).abs() < 1e-15);
    let (d, d_lat, d_lon) = Direct::<f64>::direct_grad(&e, 0.7, 0.3);
    assert!((d.a - 0.7_f64.sin()).abs() < 1e-15 && d.f == 0.3 && d_lon == 0.2);
    assert!((d_lat - 1.3 * 0.7_f64.cos()).abs() < 1e-15);
}
