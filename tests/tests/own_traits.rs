//! Functions that are generic over a trait of the user's own for floats, of which the attribute sees the name alone.

use core::fmt::Debug;
use core::ops::{Add, Div, Mul, Neg, Sub};

use tapeless::{differentiate, Differentiable};
use tapeless_tests::oracle::{agree, differences, BY_DIFFERENCES, EXACT, SINGLE};

/// With a trait of `num_traits` above it, and more.
trait Scalar: num_traits::Float + Debug {
    const HALF: Self;
    fn value(v: f64) -> Self;
    fn is_tiny(self) -> bool {
        self.abs() < Self::epsilon()
    }
}

/// With nothing but operators above it, and functions of its own by the names that floats have.
trait FloatType:
    Copy
    + PartialOrd
    + Add<Output = Self>
    + Mul<Output = Self>
    + Sub<Output = Self>
    + Div<Output = Self>
{
    const PI: Self;
    const ZERO: Self;
    fn sqrt(self) -> Self;
    fn sin(&self) -> Self;
    fn max(self, other: Self) -> Self;
    fn powi(self, n: i32) -> Self;
    fn zero() -> Self;
    fn from(x: f64) -> Self;
}

/// Its name says nothing.
trait Unit: Copy + PartialOrd + Neg<Output = Self> + Mul<Output = Self> + Add<Output = Self> {
    const ONE: Self;
    fn exp(self) -> Self;
    fn tanh(self) -> Self;
}

macro_rules! floats {
    ($($f:ident)*) => {$(
        impl Scalar for $f {
            const HALF: $f = 0.5;
            fn value(v: f64) -> $f {
                v as $f
            }
        }

        impl FloatType for $f {
            const PI: $f = core::$f::consts::PI;
            const ZERO: $f = 0.0;
            fn sqrt(self) -> $f {
                $f::sqrt(self)
            }
            fn sin(&self) -> $f {
                $f::sin(*self)
            }
            fn max(self, other: $f) -> $f {
                $f::max(self, other)
            }
            fn powi(self, n: i32) -> $f {
                $f::powi(self, n)
            }
            fn zero() -> $f {
                0.0
            }
            fn from(x: f64) -> $f {
                x as $f
            }
        }

        impl Unit for $f {
            const ONE: $f = 1.0;
            fn exp(self) -> $f {
                $f::exp(self)
            }
            fn tanh(self) -> $f {
                $f::tanh(self)
            }
        }
    )*};
}

floats!(f32 f64);

/// A gradient in both widths against differences.
macro_rules! check {
    ($name:ident $grad:ident ($($x:ident = $at:expr),*)) => {{
        let at = [$($at),*];
        let by_differences = differences(|at| { let [$($x),*] = *at else { panic!() }; $name($($x),*) }, &at);
        let [$($x),*] = at;
        let (value, ($($x,)*)) = $grad($($x),*);
        let found = [$($x),*];
        let [$($x),*] = at;
        assert_eq!(value, $name($($x),*));
        for (a, b) in found.iter().zip(&by_differences) {
            assert!(agree(*a, *b, value, BY_DIFFERENCES), "{found:?}, {by_differences:?}");
        }
        let (single, ($($x,)*)) = $grad($($x as f32),*);
        assert!(agree(single as f64, value, 0.0, SINGLE));
        for (a, b) in [$($x),*].iter().zip(&found) {
            assert!(agree(*a as f64, *b, value, SINGLE), "{a} {b}");
        }
    }};
}

#[differentiate]
fn with_float<S: Scalar>(x: S, y: S) -> S {
    let two = S::from(2.0).unwrap();
    let k = S::value(3.0);
    if y.is_tiny() {
        return S::zero();
    }
    (x * two).sin() * y.sqrt() + S::HALF * x + k * y.powi(2) - S::epsilon()
}

#[differentiate]
fn with_its_own<S: FloatType>(x: S, y: S) -> S {
    let k = S::from(0.3);
    if x > y {
        (x * y).sqrt() + S::PI * x.sin()
    } else {
        x.max(y) * k * x + S::from(2.0) / y.powi(3)
    }
}

/// Known by what it does.
#[differentiate]
fn without_a_name<U: Unit>(x: U, y: U) -> U {
    (x * y).exp() * U::ONE + -x.tanh() * y
}

/// Known by the option.
#[differentiate(float(U))]
fn by_option<U: Unit>(x: U, y: U) -> U {
    without_a_name(x, y) + x
}

#[differentiate]
fn by_paths<S>(x: S, y: S) -> S
where
    S: FloatType,
{
    S::sqrt(x) * S::powi(y, 2) + S::sin(&y)
}

#[test]
fn functions_of_scalars() {
    check!(with_float with_float_value_and_grad(x = 0.3, y = 0.7));
    check!(with_float with_float_value_and_grad(x = -1.3, y = 2.5));
    check!(with_its_own with_its_own_value_and_grad(x = 0.3, y = 0.7));
    check!(with_its_own with_its_own_value_and_grad(x = 1.5, y = 0.7));
    check!(without_a_name without_a_name_value_and_grad(x = 0.5, y = -0.7));
    check!(by_option by_option_value_and_grad(x = 0.5, y = -0.7));
    assert_eq!(with_float_value_and_grad(0.5, 0.0), (0.0, (0.0, 0.0)));
}

#[test]
fn kinks_are_those_of_floats() {
    assert_eq!(larger_grad(1.5, 1.5), (0.5, 0.5));
    assert_eq!(root_grad(0.0f32), f32::INFINITY);
}

#[differentiate]
fn larger<S: FloatType>(x: S, y: S) -> S {
    x.max(y)
}

#[differentiate]
fn root<S: FloatType>(x: S) -> S {
    x.sqrt()
}

#[differentiate]
fn energy<S: FloatType>(x: &[S], k: S) -> S {
    let mut total = S::zero();
    let mut before = S::ZERO;
    for i in 0..x.len() {
        let step = x[i] - before;
        total = total + k * step * step * x[i].sin();
        before = total * x[i];
    }
    total
}

#[differentiate]
fn horner<S: Scalar, const N: usize>(c: [S; N], x: S) -> S {
    c.iter().rev().fold(S::zero(), |sum, &c| sum * x + c)
}

#[differentiate]
fn relax<S: Scalar>(x: &mut [S], k: S) {
    for i in 1..x.len() {
        x[i] = x[i] * k + x[i - 1] * x[i - 1];
    }
}

#[differentiate]
fn relaxed<S: Scalar>(a: S, b: S, k: S) -> S {
    let mut x = [a, b, S::one(), a * b];
    relax(&mut x, k);
    x[3]
}

#[differentiate]
fn checked<S: Scalar>(x: S, y: S) -> Option<S> {
    if x > S::zero() {
        Some(x.ln() * y)
    } else {
        None
    }
}

#[test]
fn sequences_and_options() {
    let x = [0.4, -0.8, 1.3];
    let (dx, dk) = energy_grad(&x, 0.7);
    let f = |at: &[f64]| energy(&at[..3], at[3]);
    let expected = differences(f, &[x[0], x[1], x[2], 0.7]);
    for (a, b) in dx.iter().chain([&dk]).zip(&expected) {
        assert!(agree(*a, *b, 1.0, BY_DIFFERENCES));
    }
    let (dc, dx) = horner_grad([1.0f32, 2.0, 3.0], 2.0);
    assert_eq!((dc, dx), ([1.0, 2.0, 4.0], 14.0));
    check!(relaxed relaxed_value_and_grad(x = 0.3, y = 0.9, k = 1.1));
    assert_eq!(checked_grad(2.0, 3.0), Some((1.5, 2f64.ln())));
    assert_eq!(checked_grad(-2.0f32, 3.0), None);
}

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Point<S: FloatType> {
    x: S,
    y: S,
}

#[differentiate]
impl<S: FloatType> Point<S> {
    fn dot(&self, other: &Self) -> S {
        self.x * other.x + self.y * other.y
    }

    fn length(&self) -> S {
        self.dot(self).sqrt()
    }

    fn lerp(&self, other: &Self, t: S) -> Self {
        Point {
            x: self.x + (other.x - self.x) * t,
            y: self.y + (other.y - self.y) * t,
        }
    }

    fn at(&self, other: &Self, t: S) -> S {
        self.lerp(other, t).length() * self.x.sin()
    }
}

/// The attribute on a method does not see what its block says of `S`.
impl<S: FloatType> Point<S> {
    #[differentiate(float(S))]
    fn area(&self, other: &Point<S>) -> S {
        self.x * other.y - self.y * other.x + S::PI * self.x.powi(2)
    }
}

#[differentiate]
impl<S: FloatType> Mul<S> for Point<S> {
    type Output = Point<S>;

    fn mul(self, k: S) -> Point<S> {
        Point {
            x: self.x * k,
            y: self.y * k,
        }
    }
}

#[differentiate]
fn scaled<S: FloatType>(a: S, b: S, t: S) -> S {
    let (p, q) = (Point { x: a, y: b }, Point { x: b * a, y: t });
    (p * t).at(&q, t) + p.area(&q) * (q * a).length()
}

#[test]
fn structs_of_scalars() {
    check!(scaled scaled_value_and_grad(x = 0.8, y = -1.3, t = 0.4));
    let p = Point { x: 3.0, y: 4.0 };
    let d = p.length_grad();
    assert!(agree(d.x, 0.6, 1.0, EXACT) && agree(d.y, 0.8, 1.0, EXACT));
}

/// Of a trait's parameter, the trait says that it is a number, too.
#[differentiate]
trait Curve<S: FloatType> {
    fn x(&self, t: S) -> S;
    fn slope(&self) -> S {
        self.x(S::from(1.0)) - self.x(S::ZERO)
    }
}

#[differentiate(in_trait)]
impl<S: FloatType> Curve<S> for Point<S> {
    fn x(&self, t: S) -> S {
        self.x * t * t + self.y.sin()
    }
}

#[differentiate]
fn on_curve<S: FloatType>(a: S, b: S, t: S) -> S {
    let p = Point { x: a, y: b };
    p.x(t) * t + p.slope() * a
}

/// The siblings have other names than those of the method that the type has itself.
trait Ordinate<S> {
    fn area(&self, k: S) -> S;
}

#[differentiate(name = scaled)]
impl<S: FloatType> Ordinate<S> for Point<S> {
    fn area(&self, k: S) -> S {
        self.y * k * k
    }
}

#[test]
fn traits_of_numbers() {
    check!(on_curve on_curve_value_and_grad(a = 0.8, b = -1.3, t = 0.4));
    let p = Point { x: 3.0f32, y: 4.0 };
    assert_eq!(Ordinate::area(&p, 2.0), 16.0);
    let (d, dk) = p.scaled_area_grad(2.0);
    assert_eq!((d.y, dk), (4.0, 16.0));
}

/// Nothing is asked of what is constant.
trait CountNum: Copy {
    fn count(self) -> usize;
}

impl CountNum for u8 {
    fn count(self) -> usize {
        usize::from(self)
    }
}

#[differentiate]
fn repeated<N: CountNum>(#[constant] n: N, x: f64) -> f64 {
    (0..n.count()).map(|_| x * x).sum()
}

#[test]
fn constants_are_as_they_are() {
    assert_eq!(repeated_grad(3u8, 2.0), 12.0);
}

/// A model is no number: it is asked, and its methods have rules.
#[differentiate]
trait Model {
    const ORDER: usize;
    fn eval(&self, x: f64) -> f64;
}

#[derive(Clone, Debug, Differentiable)]
struct Line {
    a: f64,
    b: f64,
}

#[differentiate(in_trait)]
impl Model for Line {
    const ORDER: usize = 1;
    fn eval(&self, x: f64) -> f64 {
        self.a * x + self.b
    }
}

#[differentiate]
fn penalty<M: Model, S: Scalar>(#[constant] model: &M, weight: S) -> S {
    let scale = S::value(M::ORDER as f64) + S::value(model.eval(2.0));
    weight * weight * scale
}

#[differentiate]
fn square<M: Model>(model: &M, x: f64) -> f64 {
    model.eval(x) * model.eval(x)
}

#[test]
fn models_are_as_before() {
    let line = Line { a: 2.0, b: 1.0 };
    let (value, (d, dx)) = square_value_and_grad(&line, 1.5);
    assert_eq!((value, d.a, d.b, dx), (16.0, 12.0, 8.0, 16.0));
    assert_eq!(penalty_grad(&line, 3.0f32), 36.0);
}

/// Vectors have operators, too: these follow the protocol.
trait Vector:
    Copy
    + Add<Output = Self>
    + Mul<f64, Output = Self>
    + Differentiable
    + tapeless::ops::AddVjp
    + tapeless::ops::MulVjp<f64>
{
}

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Pair(f64, f64);

#[differentiate]
impl Add for Pair {
    type Output = Pair;
    fn add(self, other: Pair) -> Pair {
        Pair(self.0 + other.0, self.1 + other.1)
    }
}

#[differentiate]
impl Mul<f64> for Pair {
    type Output = Pair;
    fn mul(self, k: f64) -> Pair {
        Pair(self.0 * k, self.1 * k)
    }
}

impl Vector for Pair {}

#[differentiate]
fn step<V: Vector>(x: V, v: V, dt: f64) -> V {
    x + v * dt
}

#[differentiate]
fn second(x: f64, dt: f64) -> f64 {
    step(Pair(x, x * x), Pair(1.0, x), dt).1
}

#[test]
fn vectors_are_as_before() {
    assert_eq!(second_grad(3.0, 0.5), (6.5, 3.0));
}
