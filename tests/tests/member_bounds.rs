//! Traits whose siblings are members, implemented for generic structs whose parameters are `Differentiable`.

#![allow(clippy::unnecessary_lazy_evaluations)]

use tapeless::check::assert_gradient;
use tapeless::{differentiate, Differentiable};

#[differentiate]
trait Kernel {
    fn at(&self, r: f64) -> f64;

    fn mean(&self, rs: &[f64]) -> f64 {
        if rs.is_empty() {
            return 0.0;
        }
        rs.iter().map(|r| self.at(*r)).sum::<f64>() / rs.len() as f64
    }
}

#[derive(Clone, Debug, Differentiable)]
struct Gauss {
    width: f64,
}

#[differentiate(in_trait)]
impl Kernel for Gauss {
    fn at(&self, r: f64) -> f64 {
        (-0.5 * (r / self.width).powi(2)).exp()
    }
}

#[derive(Clone, Debug, Differentiable)]
struct Mix<A, B> {
    first: A,
    second: B,
    weight: f64,
}

#[differentiate(in_trait)]
impl<A: Kernel + Differentiable, B> Kernel for Mix<A, B>
where
    B: Kernel + Differentiable,
{
    fn at(&self, r: f64) -> f64 {
        self.weight * self.first.at(r) + (1.0 - self.weight) * self.second.at(r)
    }
}

#[differentiate]
fn mixed(width: f64, weight: f64, rs: &[f64]) -> f64 {
    let kernel = Mix {
        first: Gauss { width },
        second: Mix {
            first: Gauss { width: 2.0 * width },
            second: Gauss { width: weight },
            weight: weight * weight,
        },
        weight,
    };
    kernel.mean(rs) + kernel.at(weight)
}

#[test]
fn fields_of_generic_structs() {
    assert_gradient!(mixed(0.7, 0.4, &[0.1, -0.5, 1.0]));
    assert_gradient!(mixed(0.7, 0.4, &[]));
}

/// A result of the trait's own type: a float for some of the types, a struct for others.
#[differentiate]
trait Convert<T> {
    fn convert(x: T) -> Self;

    fn positive(x: T) -> Option<Self>
    where
        Self: Sized;
}

#[differentiate(in_trait)]
impl Convert<f64> for f32 {
    fn convert(x: f64) -> f32 {
        2.0 * x as f32
    }

    fn positive(x: f64) -> Option<f32> {
        (x > 0.0).then(|| x as f32)
    }
}

#[differentiate(in_trait)]
impl Convert<f64> for f64 {
    fn convert(x: f64) -> Self {
        x * x
    }

    fn positive(x: f64) -> Option<Self> {
        (x > 0.0).then(|| 3.0 * x)
    }
}

#[derive(Clone, Debug, Differentiable)]
struct Point {
    x: f64,
}

#[differentiate(in_trait)]
impl Convert<f64> for Point {
    fn convert(x: f64) -> Point {
        Point { x: x * x }
    }

    fn positive(x: f64) -> Option<Self> {
        (x > 0.0).then(|| Point { x })
    }
}

#[differentiate]
fn converted(x: f64) -> f64 {
    let point = <Point as Convert<f64>>::convert(x);
    let float = <f64 as Convert<f64>>::convert(x);
    point.x * float
}

#[test]
fn results_of_the_own_type() {
    assert_eq!(<f32 as Convert<f64>>::convert_grad(3.0), 2.0);
    assert_eq!(
        <f64 as Convert<f64>>::convert_value_and_grad(3.0),
        (9.0, 6.0)
    );
    assert_eq!(<f32 as Convert<f64>>::positive_grad(3.0), Some(1.0));
    assert_eq!(<f64 as Convert<f64>>::positive_grad(-3.0), None);
    assert_gradient!(converted(1.3));
}

/// Associated types that are floats by their bounds.
#[differentiate]
trait Segment {
    type Scalar: num_traits::Float;

    fn width(&self, k: Self::Scalar) -> Self::Scalar;

    fn checked(&self, k: Self::Scalar) -> Option<Self::Scalar>;

    fn ends(&self, k: [Self::Scalar; 2]) -> [Self::Scalar; 2];

    fn twice(&self, k: Self::Scalar) -> Self::Scalar {
        self.width(k) + self.width(k)
    }
}

#[derive(Clone, Copy, Debug, Differentiable)]
struct Line {
    x: f64,
}

#[derive(Clone, Copy, Debug, Differentiable)]
struct Arc<T> {
    x: T,
}

#[differentiate(in_trait)]
impl Segment for Line {
    type Scalar = f64;

    fn width(&self, k: Self::Scalar) -> f64 {
        self.x * k * k
    }

    fn checked(&self, k: f64) -> Option<Self::Scalar> {
        (k > 0.0).then(|| self.x / k)
    }

    fn ends(&self, k: [f64; 2]) -> [Self::Scalar; 2] {
        [self.x * k[0], k[1] * k[0]]
    }
}

#[differentiate(in_trait)]
impl<T: num_traits::Float> Segment for Arc<T> {
    type Scalar = T;

    fn width(&self, k: T) -> T {
        (self.x * k).sin()
    }

    fn checked(&self, k: T) -> Option<T> {
        (k > T::zero()).then(|| self.x / k)
    }

    fn ends(&self, k: [T; 2]) -> [T; 2] {
        [self.x * k[0], k[1] * k[0]]
    }
}

#[test]
fn associated_floats() {
    let (line, arc) = (Line { x: 0.7 }, Arc { x: 0.7 });
    assert_gradient!(line.width(1.3));
    assert_gradient!(line.twice(1.3));
    assert_gradient!(arc.width(1.3));
    assert_gradient!(arc.twice(1.3));
    assert_eq!(
        line.checked_grad(2.0),
        arc.checked_grad(2.0)
            .map(|(d, k)| (LineCotangent { x: d.x }, k))
    );
}

/// The trait's argument is a type with a parameter of the implementation.
#[differentiate]
trait Loss<D> {
    fn loss(&self, data: &D, k: f64) -> f64;
}

#[derive(Clone, Debug, Differentiable)]
struct Data<T> {
    #[constant]
    #[allow(dead_code)]
    label: T,
}

#[differentiate(in_trait)]
impl<T: Clone> Loss<Data<T>> for Line {
    fn loss(&self, _data: &Data<T>, k: f64) -> f64 {
        self.x * k
    }
}

#[test]
fn arguments_with_parameters() {
    let (d_line, _, d_k) = Line { x: 2.0 }.loss_grad(&Data { label: 'a' }, 3.0);
    assert_eq!((d_line.x, d_k), (3.0, 2.0));
}
