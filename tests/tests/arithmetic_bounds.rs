//! Functions of types of which only the operators are known: `T: Copy + Mul<f64, Output = T>`.

use core::ops::{Add, AddAssign, Mul, Neg, Sub};

use tapeless::check::assert_gradient;
use tapeless::{differentiate, Differentiable};

/// Three types, none of which can be copied.
#[differentiate]
fn dot<T, U, V>(lhs: (T, T, T), rhs: (U, U, U)) -> V
where
    T: Mul<U, Output = V>,
    V: Add<Output = V>,
{
    lhs.0 * rhs.0 + lhs.1 * rhs.1 + lhs.2 * rhs.2
}

#[differentiate]
fn lerp<T>(a: T, b: T, t: T) -> T
where
    T: Copy + Add<Output = T> + Sub<Output = T> + Mul<Output = T>,
{
    a + (b - a) * t
}

#[differentiate]
fn mix<V: Copy + Add<Output = V> + Mul<f64, Output = V>>(a: V, b: V, t: f64) -> V {
    a * (1.0 - t) + b * t
}

#[differentiate]
fn horner<T: num_traits::Num + Copy>(c: &[T; 3], x: T) -> T {
    (c[2] * x + c[1]) * x + c[0] + T::one()
}

#[differentiate]
fn weighed<T: Copy + AddAssign + Neg<Output = T> + Mul<f64, Output = T>>(a: T, b: T, k: f64) -> T {
    let mut sum = a * k;
    sum += -b;
    sum
}

#[derive(Clone, Copy, Debug, Differentiable)]
struct Point<T> {
    x: T,
    y: T,
}

#[differentiate]
impl<T> Point<T>
where
    T: Copy + Add<Output = T> + Mul<Output = T>,
{
    fn dot(&self, other: &Point<T>) -> T {
        self.x * other.x + self.y * other.y
    }

    fn norm(&self) -> T {
        self.dot(self)
    }
}

#[differentiate]
impl<T: Mul<S, Output = T>, S: Copy> Mul<S> for Point<T> {
    type Output = Point<T>;

    fn mul(self, k: S) -> Point<T> {
        Point {
            x: self.x * k,
            y: self.y * k,
        }
    }
}

#[differentiate]
impl<T: Add<T, Output = T>> Add for Point<T> {
    type Output = Point<T>;

    fn add(self, other: Point<T>) -> Point<T> {
        Point {
            x: self.x + other.x,
            y: self.y + other.y,
        }
    }
}

#[differentiate]
fn of_numbers(x: f64, y: f64) -> f64 {
    let r: f64 = dot((x, y, x), (y, x * y, 2.0));
    r * lerp(x, y, 0.3) + horner(&[x, y, x * y], y.sin()) + weighed(x, y, x)
}

#[differentiate]
fn of_points(x: f64, y: f64) -> f64 {
    let p = Point { x, y };
    let q = mix(p, Point { x: y * y, y: x }, 0.25);
    let r = mix(p * x, q, y);
    p.norm() + q.dot(&r) + (q * x).y
}

#[test]
fn operators_are_all_that_is_asked_for() {
    for (x, y) in [(0.3, 0.7), (-1.2, 0.4), (2.0, 0.0)] {
        assert_gradient!(of_numbers(x, y));
        assert_gradient!(of_points(x, y));
    }
}

/// The siblings of generic functions can be called themselves, with `f32` too; integers have no cotangent.
#[test]
fn any_type_with_rules_will_do() {
    let mut d = (0.0_f32, 0.0_f32);
    let value = lerp_vjp(
        1.0_f32,
        3.0,
        0.5,
        1.0,
        &mut d.0,
        &mut d.1,
        tapeless::Inactive,
    );
    assert_eq!((value, d), (2.0, (0.5, 0.5)));
    let inert = tapeless::Inactive;
    assert_eq!(lerp_vjp(1, 3, 2, (), inert, inert, inert), 5);
}

/// A parameter may be said to be `Differentiable`, and need not be `Copy`.
#[differentiate]
fn of_an_array<T>([a, b]: [T; 2]) -> T
where
    T: Clone + std::ops::Mul<Output = T> + std::ops::Add<Output = T> + tapeless::Differentiable,
{
    a.clone() * b + a
}

#[test]
fn parts_of_an_array() {
    tapeless::assert_gradient!(of_an_array([0.3, 0.4]));
}
