//! Implementations of traits that know nothing of derivatives.

use tapeless::{differentiate, Differentiable};

mod distribution {
    pub trait Sampler {
        fn sample(&self, at: f64) -> f64;
    }
}

#[derive(Differentiable)]
struct Uniform {
    low: f64,
    high: f64,
}

#[differentiate]
impl distribution::Sampler for Uniform {
    fn sample(&self, at: f64) -> f64 {
        self.low + at * (self.high - self.low)
    }
}

#[derive(Differentiable)]
struct Squared {
    of: Uniform,
}

/// In the implementation the trait's methods can be called without an import.
#[differentiate]
impl distribution::Sampler for Squared {
    fn sample(&self, at: f64) -> f64 {
        self.of.sample(at) * self.of.sample(at)
    }
}

#[test]
fn a_method_of_the_same_trait() {
    let squared = Squared {
        of: Uniform {
            low: 1.0,
            high: 3.0,
        },
    };
    let (d_self, d_at) = squared.sample_grad(0.5);
    assert_eq!((d_self.of.low, d_self.of.high, d_at), (2.0, 2.0, 8.0));
}

/// A constant parameter takes any slot: the caller says which.
#[differentiate]
fn scaled(x: f64, #[constant] factor: f64) -> f64 {
    x * factor
}

#[differentiate]
fn active_into_constant(x: f64, y: f64) -> f64 {
    scaled(x * y, 2.0 * y)
}

#[test]
fn constant_parameters_of_callees() {
    assert_eq!(active_into_constant_grad(3.0, 5.0), (50.0, 30.0));
}

#[differentiate]
trait Modulus: Differentiable + Sized {
    fn modulus(self, divisor: Self) -> Self;
}

#[differentiate(in_trait)]
impl Modulus for f64 {
    fn modulus(self, divisor: Self) -> Self {
        ((self % divisor) + divisor) % divisor
    }
}

#[differentiate]
fn wrapped(x: f64) -> f64 {
    x.modulus(3.0) * x
}

#[test]
fn a_trait_on_a_float() {
    let (value, dx) = wrapped_value_and_grad(-1.0);
    assert_eq!((value, dx), (-2.0, 1.0));
}

/// A trait whose parameter the type does not have.
trait Easing<F> {
    fn ease_in(t: F, b: F) -> F;
    fn ease_out(&self, t: F) -> F;
}

#[derive(tapeless::Differentiable, Clone, Debug)]
struct Cubic;

#[differentiate]
impl<F: num_traits::Float> Easing<F> for Cubic
where
    F: std::fmt::Debug,
{
    fn ease_in(t: F, b: F) -> F {
        t.powi(3) * b
    }

    fn ease_out(&self, t: F) -> F {
        let one = F::one();
        one - Cubic::ease_in(one - t, one + t)
    }
}

#[differentiate(wrt(x))]
fn eased(c: &Cubic, x: f64) -> f64 {
    c.ease_out(x * x) + Cubic::ease_in(x, 2.0)
}

#[test]
fn parameters_of_the_trait_alone() {
    for x in [0.0, 0.4, 1.3] {
        tapeless::assert_gradient!(eased(&Cubic, x));
    }
    assert_eq!(Cubic::ease_in_grad(2.0_f32, 3.0), (36.0, 8.0));
}

/// Functions without a receiver.
#[differentiate]
trait Special {
    fn erf(x: f64) -> f64;

    fn twice(x: f64) -> f64 {
        Self::erf(x) * Self::erf(2.0 * x)
    }
}

struct ByTanh;

#[differentiate(in_trait)]
impl Special for ByTanh {
    fn erf(x: f64) -> f64 {
        x.tanh()
    }
}

#[differentiate]
fn cdf<S: Special + ?Sized>(z: f64) -> f64 {
    0.5 * S::erf(z) + S::twice(z)
}

#[test]
fn functions_of_traits_for_types_of_any_size() {
    tapeless::assert_gradient!(cdf::<ByTanh>(0.4));
}
