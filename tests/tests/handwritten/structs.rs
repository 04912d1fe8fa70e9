//! Fields whose kinds the macro does not see, methods of a generic struct, a trait's methods and
//! its generic caller, const generics.

use tapeless::__private::{CastVjp, RealVjp};
use tapeless::ops::{MulVjp, SubVjp};
use tapeless::{Cotangent, Differentiable, Fresh, Inactive, Real, Slot};

use crate::{assert_close, slope};

#[derive(Clone)]
struct Spring<T> {
    k: T,
    rest: T,
    links: usize,
}

#[derive(Clone, Debug, PartialEq)]
struct SpringCotangent<T: Differentiable> {
    k: T::Cotangent,
    rest: T::Cotangent,
    links: (),
}

impl<T: Differentiable> Differentiable for Spring<T> {
    type Cotangent = SpringCotangent<T>;

    fn zero_cotangent(&self) -> SpringCotangent<T> {
        SpringCotangent {
            k: self.k.zero_cotangent(),
            rest: self.rest.zero_cotangent(),
            links: self.links.zero_cotangent(),
        }
    }
}

impl<T: Differentiable> Cotangent for SpringCotangent<T> {
    fn accumulate(&mut self, other: &Self) {
        self.k.accumulate(&other.k);
        self.rest.accumulate(&other.rest);
        self.links.accumulate(&other.links);
    }

    fn fill_zero(&mut self) {
        self.k.fill_zero();
        self.rest.fill_zero();
        self.links.fill_zero();
    }
}

impl<T: Real> Spring<T> {
    /// `self.k` and `self.rest` are of unknown kind: their operators go through the traits.
    fn energy(&self, x: T) -> T {
        let s = x - self.rest;
        self.k * s * s
    }

    fn energy_vjp(
        &self,
        x: T,
        d_out: T,
        mut d_self: impl Slot<SpringCotangent<T>>,
        mut d_x: impl Slot<T>,
    ) -> T {
        let s = x - self.rest;
        let v1 = self.k * s;
        let mut d_v1 = Fresh::new();
        let mut d_s = Fresh::new();
        let out = MulVjp::mul_vjp(v1, s, d_out, &mut d_v1, &mut d_s);
        MulVjp::mul_vjp(
            self.k,
            s,
            d_v1.take_or_zero(),
            d_self.project(|d| &mut d.k),
            &mut d_s,
        );
        SubVjp::sub_vjp(
            x,
            self.rest,
            d_s.take_or_zero(),
            d_x.project(|d| d),
            d_self.project(|d| &mut d.rest),
        );
        out
    }

    fn energy_grad(&self, x: T) -> (SpringCotangent<T>, T) {
        let mut d_self = self.zero_cotangent();
        let mut d_x = x.zero_cotangent();
        self.energy_vjp(x, T::one(), &mut d_self, &mut d_x);
        (d_self, d_x)
    }
}

#[test]
fn methods_of_a_generic_struct() {
    let spring = Spring {
        k: 3.0,
        rest: 0.5,
        links: 4,
    };
    let (d_spring, d_x) = spring.energy_grad(2.0);
    assert_close(d_spring.k, 2.25);
    assert_close(d_spring.rest, -9.0);
    assert_close(d_x, slope(|x| spring.energy(x), 2.0));
    assert_eq!(d_spring.links, ());

    let spring = Spring {
        k: 3.0_f32,
        rest: 0.5,
        links: 4,
    };
    assert_eq!(spring.energy_grad(2.0).1, 9.0);
}

/// A literal of open width beside a field, a table method on a field, a cast of a field.
fn wave(spring: &Spring<f32>, x: f32) -> f32 {
    2.0 * spring.k * (spring.rest.sin() * x) * spring.links as f32
}

fn wave_vjp(
    spring: &Spring<f32>,
    x: f32,
    d_out: f32,
    mut d_spring: impl Slot<SpringCotangent<f32>>,
    mut d_x: impl Slot<f32>,
) -> f32 {
    let (mut d_v1, mut d_v2) = (Fresh::new(), Fresh::new());
    let (mut d_v3, mut d_v4) = (Fresh::new(), Fresh::new());
    let v1 = 2.0 * spring.k;
    let v2 = spring.rest.sin();
    let v3 = v2 * x;
    let v4 = v1 * v3;
    let v5 = spring.links as f32;
    let mut d_v5 = v5.zero_cotangent();
    let out = MulVjp::mul_vjp(v4, v5, d_out, &mut d_v4, &mut d_v5);
    CastVjp::<f32>::cast_vjp(spring.links, d_v5, d_spring.project(|d| &mut d.links));
    MulVjp::mul_vjp(v1, v3, d_v4.take_or_zero(), &mut d_v1, &mut d_v3);
    MulVjp::mul_vjp(v2, x, d_v3.take_or_zero(), &mut d_v2, d_x.project(|d| d));
    spring
        .rest
        .sin_vjp(d_v2.take_or_zero(), d_spring.project(|d| &mut d.rest));
    MulVjp::mul_vjp(
        2.0,
        spring.k,
        d_v1.take_or_zero(),
        Inactive,
        d_spring.project(|d| &mut d.k),
    );
    out
}

#[test]
fn fields_of_unknown_kind() {
    let spring = Spring {
        k: 1.5_f32,
        rest: 0.5,
        links: 3,
    };
    let mut d = spring.zero_cotangent();
    let mut d_x = 0.0;
    let value = wave_vjp(&spring, 2.0, 1.0, &mut d, &mut d_x);
    assert_eq!(value, wave(&spring, 2.0));
    assert_close(d.k.into(), (2.0 * 0.5_f64.sin() * 2.0 * 3.0) as f32 as f64);
    assert_close(f64::from(d.rest), f64::from(18.0 * 0.5_f32.cos()));
    assert_close(f64::from(d_x), f64::from(9.0 * 0.5_f32.sin()));
}

trait Model {
    fn loss(&self, x: f64) -> f64;

    fn loss_vjp(
        &self,
        x: f64,
        d_out: f64,
        d_self: impl Slot<<Self as Differentiable>::Cotangent>,
        d_x: impl Slot<f64>,
    ) -> f64
    where
        Self: Sized + Differentiable;
}

impl Model for Spring<f64> {
    fn loss(&self, x: f64) -> f64 {
        self.energy(x)
    }

    fn loss_vjp(
        &self,
        x: f64,
        d_out: f64,
        mut d_self: impl Slot<SpringCotangent<f64>>,
        mut d_x: impl Slot<f64>,
    ) -> f64 {
        self.energy_vjp(x, d_out, d_self.project(|d| d), d_x.project(|d| d))
    }
}

/// The generic caller knows of `M` only that it is a `Model`.
fn total<M: Model>(model: &M, xs: &[f64]) -> f64 {
    let mut sum = 0.0;
    for &x in xs {
        sum += model.loss(x);
    }
    sum
}

/// The adjoint of `sum` is known on entry: one fused loop replaces the forward loop.
fn total_vjp<M: Model + Differentiable>(
    model: &M,
    xs: &[f64],
    d_out: f64,
    mut d_model: impl Slot<M::Cotangent>,
    mut d_xs: impl Slot<[f64]>,
) -> f64 {
    let mut sum = 0.0;
    for (i, &x) in xs.iter().enumerate() {
        sum += model.loss_vjp(
            x,
            d_out,
            d_model.project(|d| d),
            d_xs.project(|d| &mut d[i]),
        );
    }
    sum
}

#[test]
fn a_trait_and_its_generic_caller() {
    let spring = Spring {
        k: 3.0,
        rest: 0.5,
        links: 1,
    };
    let dynamic: &dyn Model = &spring;
    assert_eq!(dynamic.loss(1.0), 0.75);

    let xs = vec![1.0, 2.0];
    let (mut d_model, mut d_xs) = (spring.zero_cotangent(), xs.zero_cotangent());
    let value = total_vjp(&spring, &xs, 1.0, &mut d_model, &mut d_xs);
    assert_eq!(value, total(&spring, &xs));
    assert_close(d_model.k, 2.5);
    assert_close(d_xs[1], 9.0);
    assert_eq!(total_vjp(&spring, &xs, 1.0, Inactive, Inactive), value);
}

fn energy_of<T: Real, const N: usize>(x: &[T; N]) -> T {
    let mut s = T::zero();
    for i in 0..N {
        s += x[i] * x[i];
    }
    s.sqrt()
}

fn energy_of_vjp<T: Real, const N: usize>(
    x: &[T; N],
    d_out: T,
    mut d_x: impl Slot<<[T; N] as Differentiable>::Cotangent>,
) -> T {
    let mut s = T::zero();
    for i in 0..N {
        s += x[i] * x[i];
    }
    let out = s.sqrt();
    if let Some(d_x) = Slot::get(&mut d_x) {
        let d_s = d_out / (T::__lit(2.0) * out);
        for i in 0..N {
            d_x[i] += T::__lit(2.0) * d_s * x[i];
        }
    }
    out
}

#[test]
fn const_generics() {
    let mut d = [0.0; 2];
    assert_eq!(energy_of_vjp(&[3.0, 4.0], 1.0, &mut d), 5.0);
    assert_eq!(energy_of(&[3.0, 4.0]), 5.0);
    assert_close(d[0], 0.6);
    assert_close(d[1], 0.8);
}
