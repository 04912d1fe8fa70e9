//! Where the attribute may stand, its options, and what becomes of each item's siblings.
#![deny(warnings, unused_qualifications, unused_results)]
#![forbid(unsafe_code)]

use core::ops::{Add, Mul, Neg};

use tapeless::{derivative, differentiate, Differentiable, Real};

#[derive(Clone, Copy, Debug, Differentiable, PartialEq)]
pub struct V2 {
    x: f64,
    y: f64,
}

#[differentiate]
impl V2 {
    fn new(x: f64, y: f64) -> V2 {
        V2 { x, y }
    }

    fn dot(&self, o: &V2) -> f64 {
        self.x * o.x + self.y * o.y
    }

    fn dimension(&self) -> usize {
        2
    }
}

#[differentiate]
impl Mul<f64> for V2 {
    type Output = V2;

    fn mul(self, k: f64) -> V2 {
        V2 {
            x: self.x * k,
            y: self.y * k,
        }
    }
}

#[differentiate]
impl Mul<V2> for f64 {
    type Output = V2;

    fn mul(self, v: V2) -> V2 {
        V2 {
            x: self * v.x,
            y: self * v.y,
        }
    }
}

#[differentiate]
impl Add for V2 {
    type Output = Self;

    fn add(self, o: Self) -> Self {
        V2 {
            x: self.x + o.x,
            y: self.y + o.y,
        }
    }
}

#[differentiate]
impl Neg for V2 {
    type Output = Self;

    fn neg(self) -> Self {
        V2 {
            x: -self.x,
            y: -self.y,
        }
    }
}

#[differentiate]
fn operators(a: V2, k: f64) -> f64 {
    let v = a * k + 2.0 * -a;
    v.dot(&a)
}

#[test]
fn an_impl_block_and_operators() {
    let a = V2::new(1.0, 2.0);
    assert_eq!(a.dimension(), 2);
    let (value, (d_a, d_k)) = operators_value_and_grad(a, 3.0);
    assert_eq!((value, d_a.x, d_a.y, d_k), (5.0, 2.0, 4.0, 5.0));
    let (d_self, d_o) = a.dot_grad(&V2::new(3.0, 4.0));
    assert_eq!((d_self.x, d_self.y, d_o.x, d_o.y), (3.0, 4.0, 1.0, 2.0));
}

#[derive(Clone, Copy, Debug, Differentiable)]
struct Gain<T> {
    w: T,
}

#[differentiate]
impl<T: Real> Gain<T> {
    fn squared(&self, x: T) -> T {
        self.w * self.w * x
    }

    fn moved(self, x: &[T]) -> T {
        self.w * x[0]
    }

    fn grow(&mut self, x: T) {
        self.w = self.w * x;
    }
}

#[test]
fn methods_of_a_generic_type() {
    let gain = Gain { w: 3.0_f32 };
    let (d_gain, d_x) = gain.squared_grad(2.0);
    assert_eq!((d_gain.w, d_x), (12.0, 9.0));
    assert_eq!(Gain { w: 2.0 }.moved_grad(&[5.0, 6.0]).1, [2.0, 0.0]);
    let (mut gain, mut d_x) = (Gain { w: 2.0 }, 0.0);
    let mut d_gain = gain.zero_cotangent();
    d_gain.w = 1.0;
    gain.grow_vjp(3.0, &mut d_gain, &mut d_x);
    assert_eq!((gain.w, d_gain.w, d_x), (6.0, 3.0, 2.0));
}

#[differentiate]
trait Model {
    fn loss(&self, x: f64) -> f64;

    fn name(&self) -> &'static str {
        "model"
    }
}

#[differentiate(in_trait)]
impl Model for Gain<f64> {
    fn loss(&self, x: f64) -> f64 {
        self.w * x
    }
}

#[differentiate]
fn twice<M: Model>(model: &M, x: f64) -> f64 {
    model.loss(x) * 2.0
}

#[test]
fn a_trait_with_siblings() {
    let gain = Gain { w: 3.0 };
    assert_eq!((&gain as &dyn Model).name(), "model");
    assert_eq!(gain.loss_grad(2.0).1, 3.0);
    let (d_gain, d_x) = twice_grad(&gain, 2.0);
    assert_eq!((d_gain.w, d_x), (4.0, 6.0));
}

trait Cost {
    type Param;
    type Output;
    fn cost(&self, p: &Self::Param) -> Result<Self::Output, String>;
}

#[differentiate(wrt(p))]
impl Cost for V2 {
    type Param = Vec<f64>;
    type Output = f64;

    fn cost(&self, p: &Self::Param) -> Result<Self::Output, String> {
        Ok(p[0] * self.x)
    }
}

#[test]
fn a_trait_that_knows_nothing_of_derivatives() {
    assert_eq!(V2::new(3.0, 0.0).cost(&vec![2.0]), Ok(6.0));
    assert_eq!(
        V2::new(3.0, 0.0).cost_value_and_grad(&vec![2.0]),
        Ok((6.0, vec![3.0]))
    );
}

#[differentiate]
mod annotated {
    pub fn f(x: f64) -> f64 {
        g(x) * x
    }

    fn g(x: f64) -> f64 {
        x * x
    }

    pub fn count(n: usize) -> usize {
        n + 1
    }

    #[constant]
    pub fn left_out(x: f64) -> f64 {
        x
    }

    #[derive(Clone, Debug, tapeless::Differentiable)]
    pub struct P {
        pub a: f64,
    }

    impl P {
        pub fn q(&self) -> f64 {
            self.a * self.a
        }
    }
}

#[test]
fn a_module() {
    assert_eq!(annotated::f_grad(2.0), 12.0);
    assert_eq!(annotated::P { a: 2.0 }.q_grad().a, 4.0);
    assert_eq!((annotated::count(1), annotated::left_out(1.0)), (2, 1.0));
}

struct Unit;

impl Unit {
    const FACTOR: f64 = 2.0;

    #[differentiate]
    fn says_self(k: f64) -> f64 {
        Self::FACTOR * k
    }

    #[differentiate(associated)]
    fn says_nothing(k: f64) -> f64 {
        3.0 * k
    }

    #[differentiate(wrt(x))]
    fn method(&self, x: f64) -> f64 {
        4.0 * x
    }
}

#[test]
fn functions_inside_a_block_without_attribute() {
    assert_eq!(
        (Unit::says_self_grad(1.0), Unit::says_nothing_grad(1.0)),
        (2.0, 3.0)
    );
    assert_eq!(Unit.method_grad(1.0), 4.0);
}

pub mod elsewhere {
    pub use tapeless as here;
}

#[differentiate(name = renamed, crate = elsewhere::here)]
fn square(x: f64) -> f64 {
    x * x
}

#[differentiate]
fn conditional(x: f64) -> f64 {
    #[cfg(test)]
    let y = 2.0 * x;
    #[cfg(not(test))]
    let y = does_not_exist(x);
    y
}

#[derivative(x = T::one() - out * out)]
fn squash<T: Real>(x: T) -> T {
    x.tanh()
}

#[derivative(x = n as f64 * x.powi(n - 1))]
fn power(x: f64, n: i32) -> f64 {
    x.powi(n)
}

#[test]
fn options_conditions_and_formulas() {
    #[differentiate]
    fn nested(x: f64) -> f64 {
        x * x
    }
    assert_eq!((renamed_grad(3.0), nested_grad(3.0)), (6.0, 6.0));
    assert_eq!(conditional_grad(3.0), 2.0);
    assert_eq!(
        (squash_grad(0.0_f32), power_value_and_grad(2.0, 3)),
        (1.0, (8.0, 12.0))
    );
}

#[differentiate]
fn tail(x: &[f64], scale: f64) -> f64 {
    x[1] * scale
}

#[test]
fn buffers_are_overwritten() {
    let (mut d_x, mut d_scale) = ([7.0; 2], 7.0);
    assert_eq!(
        tail_grad_into(&[2.0, 3.0], 4.0, &mut d_x, &mut d_scale),
        12.0
    );
    assert_eq!((d_x, d_scale), ([0.0, 4.0], 3.0));
}

#[test]
#[should_panic(expected = "`d_x` has length 3, but `x` has length 2")]
fn a_buffer_of_another_length_is_refused() {
    let _ = tail_grad_into(&[2.0, 3.0], 4.0, &mut [0.0; 3], &mut 0.0);
}

struct Weights {
    w: [f64; 3],
}

/// Accessors are no functions of floats: they are left alone.
#[differentiate]
impl Weights {
    fn first(&self) -> &f64 {
        &self.w[0]
    }

    fn all_mut(&mut self) -> &mut [f64] {
        &mut self.w
    }

    fn last(&self) -> Option<&f64> {
        self.w.last()
    }

    #[constant]
    fn new(w: [f64; 3]) -> Self {
        Weights { w }
    }
}

#[differentiate]
impl V2 {
    fn halved(self, k: f64) -> f64 {
        0.5 * (self.x + self.y) * k
    }
}

#[test]
fn accessors_are_left_alone() {
    let mut weights = Weights::new([1.0, 2.0, 3.0]);
    weights.all_mut()[0] = 4.0;
    assert_eq!((*weights.first(), weights.last()), (4.0, Some(&3.0)));
    assert_eq!(V2::new(1.0, 3.0).halved_grad(2.0).1, 2.0);
}

/// A closure that is called twice stands twice in the derivative, its items once.
#[differentiate]
fn items_of_a_closure(x: f64, k: f64) -> f64 {
    let shifted = |a: f64| -> f64 {
        const SHIFT: f64 = 2.0;
        fn cubed(x: f64) -> f64 {
            x * x * x
        }
        k * (a - SHIFT) + cubed(a)
    };
    if x > 1.0 {
        return shifted(x);
    }
    shifted(2.0 * x)
}

#[test]
fn closures_bring_their_items_once() {
    tapeless::check::assert_gradient!(items_of_a_closure(1.3, 0.7));
    tapeless::check::assert_gradient!(items_of_a_closure(0.4, 0.7));
}
