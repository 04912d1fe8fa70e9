//! Methods, associated functions, generic structs, traits.

use tapeless::check::assert_gradient;
use tapeless::{differentiate, Cotangent, Differentiable, Real};

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Vec2 {
    x: f64,
    y: f64,
}

#[differentiate]
impl Vec2 {
    fn new(x: f64, y: f64) -> Self {
        Self { x, y }
    }

    fn dot(self, other: Vec2) -> f64 {
        self.x * other.x + self.y * other.y
    }

    fn norm(&self) -> f64 {
        self.dot(*self).sqrt()
    }

    fn scaled(mut self, k: f64) -> Self {
        self.x *= k;
        self.y *= k;
        self
    }

    fn turn(&mut self, angle: f64) {
        let (s, c) = angle.sin_cos();
        *self = Self::new(c * self.x - s * self.y, s * self.x + c * self.y);
    }

    /// Nothing to differentiate: left alone.
    fn describe(&self) -> String {
        format!("({}, {})", self.x, self.y)
    }

    fn along(&self, other: &Self) -> f64 {
        self.dot(*other) / other.norm()
    }
}

#[differentiate]
fn methods(v: &Vec2, k: f64) -> f64 {
    let w = v.scaled(k);
    let mut u = Vec2::new(k, w.x);
    u.turn(0.5 * k);
    w.dot(*v) + v.dot(w) * u.norm() + v.dot(*v) + v.along(&u) + u.along(v)
}

#[test]
fn of_a_struct() {
    let v = Vec2 { x: 1.5, y: -0.5 };
    assert_eq!(v.describe(), "(1.5, -0.5)");
    assert_gradient!(v.norm());
    assert_gradient!(v.dot(Vec2::new(0.3, 0.4)));
    assert_gradient!(methods(&v, 0.7));
    assert_gradient!(v.along(&Vec2::new(0.3, 0.4)));
    let (mut d_x, mut d_y) = (0.0, 0.0);
    Vec2::new_vjp(
        1.0,
        2.0,
        Vec2Cotangent { x: 3.0, y: 4.0 },
        &mut d_x,
        &mut d_y,
    );
    assert_eq!((d_x, d_y), (3.0, 4.0));
    let mut v = Vec2::new(1.0, 0.0);
    let (mut d_v, mut d_angle) = (Vec2Cotangent { x: 0.0, y: 1.0 }, 0.0);
    v.turn_vjp(0.0, &mut d_v, &mut d_angle);
    assert_eq!((v.x, v.y, d_v.x, d_v.y, d_angle), (1.0, 0.0, 0.0, 1.0, 1.0));
}

/// Each function with its own attribute.
impl Vec2 {
    #[differentiate]
    fn sum(&self) -> f64 {
        self.x + self.y
    }

    #[differentiate(associated)]
    fn distance(a: &Vec2, b: &Vec2) -> f64 {
        ((a.x - b.x).powi(2) + (a.y - b.y).powi(2)).sqrt()
    }

    #[differentiate(wrt(self))]
    fn weighted(&self, k: f64) -> f64 {
        self.x * k + self.y
    }

    #[differentiate]
    fn of(x: f64) -> Self {
        Self { x, y: x * x }
    }
}

#[test]
fn attributes_on_methods() {
    let v = Vec2::new(1.5, -0.5);
    assert_gradient!(v.sum());
    assert_gradient!(Vec2::distance(&v, &Vec2::new(0.3, 0.4)));
    assert_eq!(v.weighted_grad(3.0), Vec2Cotangent { x: 3.0, y: 1.0 });
    let mut d = 0.0;
    assert_eq!(
        Vec2::of_vjp(2.0, Vec2Cotangent { x: 1.0, y: 1.0 }, &mut d),
        Vec2 { x: 2.0, y: 4.0 }
    );
    assert_eq!(d, 5.0);
}

#[derive(Clone, Copy, Debug, Differentiable)]
struct Affine<T, const N: usize> {
    w: [T; N],
    b: T,
}

#[differentiate]
impl<T: Real, const N: usize> Affine<T, N> {
    fn at(&self, x: &[T; N]) -> T {
        let mut y = self.b;
        y += self.w[0] * x[0];
        y + self.w[N - 1] * x[N - 1]
    }

    fn squared(&self, x: &[T; N], k: T) -> T {
        let r = self.at(x) - k * T::from(0.5).unwrap();
        r * r + self.b.sin() * T::PI()
    }
}

#[derive(Clone, Copy, Debug, Differentiable)]
struct Generic<P> {
    part: P,
}

#[differentiate]
impl<P: Copy + Measure + Differentiable> Generic<P> {
    fn twice(&self, x: f64) -> f64 {
        self.part.measure(x) * 2.0
    }
}

#[differentiate]
trait Measure {
    fn measure(&self, x: f64) -> f64;

    fn doubled(&self, x: f64) -> f64 {
        self.measure(2.0 * x) * x
    }

    /// Says nothing about floats.
    fn name(&self) -> &'static str;
}

#[differentiate(in_trait)]
impl Measure for Vec2 {
    fn measure(&self, x: f64) -> f64 {
        self.x * x + self.y
    }

    fn name(&self) -> &'static str {
        "vec2"
    }
}

#[derive(Clone, Copy, Debug, Differentiable)]
struct Cubic(f64);

#[differentiate(in_trait)]
impl Measure for Cubic {
    fn measure(&self, x: f64) -> f64 {
        self.0 * x * x * x
    }

    fn doubled(&self, x: f64) -> f64 {
        self.0 * x
    }

    fn name(&self) -> &'static str {
        "cubic"
    }
}

#[differentiate]
fn caller<M: Measure>(model: &M, x: f64) -> f64 {
    model.measure(x) * model.doubled(x.sin())
}

#[test]
fn generic_structs() {
    let affine = Affine {
        w: [0.5, 1.5, -2.0],
        b: 0.25,
    };
    assert_gradient!(affine.at(&[1.0, 2.0, 3.0]));
    assert_gradient!(affine.squared(&[1.0, 2.0, 3.0], 0.5));
    let single = Affine {
        w: [0.5_f32, 1.5],
        b: 0.25,
    };
    assert_gradient!(single.squared(&[1.0, 2.0], 0.5));
    assert_gradient!(Generic {
        part: Vec2::new(0.5, 0.3)
    }
    .twice(0.7));
}

#[test]
fn traits() {
    let v = Vec2::new(0.5, 0.3);
    assert_gradient!(v.measure(0.7));
    assert_gradient!(v.doubled(0.7));
    assert_gradient!(Cubic(0.5).doubled(0.7));
    assert_gradient!(caller(&v, 0.7));
    assert_gradient!(caller(&Cubic(0.5), 0.7));
    let objects: [&dyn Measure; 2] = [&v, &Cubic(2.0)];
    assert_eq!(objects.map(|m| m.measure(1.0)), [0.8, 2.0]);
    assert_eq!(objects.map(|m| m.name()), ["vec2", "cubic"]);
}

/// A trait that knows nothing of derivatives, as an optimiser defines it.
trait Cost {
    fn cost(&self, p: &[f64]) -> f64;
}

struct Bowl {
    k: f64,
}

#[differentiate(wrt(p))]
impl Cost for Bowl {
    fn cost(&self, p: &[f64]) -> f64 {
        self.k * (p[0] * p[0] + p[1] * p[1])
    }
}

#[test]
fn foreign_traits() {
    let bowl = Bowl { k: 2.0 };
    assert_eq!(bowl.cost(&[1.0, 2.0]), 10.0);
    assert_eq!(bowl.cost_grad(&[1.0, 2.0]), vec![4.0, 8.0]);
}

#[differentiate]
mod module {
    use super::Vec2;

    pub fn outer(v: &Vec2) -> f64 {
        inner(v.x) * v.y + f64::from(count())
    }

    fn inner(x: f64) -> f64 {
        x * x
    }

    fn count() -> u8 {
        1
    }

    #[constant]
    pub fn left_out(x: f64) -> f64 {
        x
    }
}

#[test]
fn modules() {
    assert_gradient!(module::outer(&Vec2::new(1.5, -0.5)));
    assert_eq!(module::left_out(1.0), 1.0);
}

#[differentiate]
fn generic_parameter<P: Differentiable + Copy + Measure>(p: P, x: f64) -> f64 {
    p.measure(x)
}

#[test]
fn bounds() {
    let mut d = Vec2::new(0.0, 0.0).zero_cotangent();
    let mut d_x = 0.0;
    generic_parameter_vjp(Vec2::new(1.0, 2.0), 3.0, 1.0, &mut d, &mut d_x);
    d.accumulate(&Vec2Cotangent { x: 1.0, y: 1.0 });
    assert_eq!((d.x, d.y, d_x), (4.0, 2.0, 1.0));
}
