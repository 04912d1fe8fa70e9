//! Operators on a user's type, with literals of open width.

use core::ops::{Add, Mul, Neg};

use tapeless::ops::{AddVjp, MulAssignVjp, MulVjp, NegVjp};
use tapeless::{Cotangent, Differentiable, Inactive, Slot};

use crate::assert_close;

#[derive(Clone, Copy, Debug, PartialEq, Default)]
struct Vec2 {
    x: f64,
    y: f64,
}

impl Differentiable for Vec2 {
    type Cotangent = Vec2;

    fn zero_cotangent(&self) -> Vec2 {
        Vec2::default()
    }
}

impl Cotangent for Vec2 {
    fn accumulate(&mut self, other: &Self) {
        self.x += other.x;
        self.y += other.y;
    }

    fn fill_zero(&mut self) {
        *self = Vec2::default();
    }
}

impl Add for Vec2 {
    type Output = Vec2;

    fn add(self, o: Vec2) -> Vec2 {
        Vec2 {
            x: self.x + o.x,
            y: self.y + o.y,
        }
    }
}

impl AddVjp for Vec2 {
    fn add_vjp(
        self,
        o: Vec2,
        d_out: Vec2,
        mut d_self: impl Slot<Vec2>,
        mut d_o: impl Slot<Vec2>,
    ) -> Vec2 {
        d_self.add(d_out);
        d_o.add(d_out);
        self + o
    }
}

impl Neg for Vec2 {
    type Output = Vec2;

    fn neg(self) -> Vec2 {
        Vec2 {
            x: -self.x,
            y: -self.y,
        }
    }
}

impl NegVjp for Vec2 {
    fn neg_vjp(self, d_out: Vec2, mut d_self: impl Slot<Vec2>) -> Vec2 {
        d_self.add(-d_out);
        -self
    }
}

impl Mul<Vec2> for f64 {
    type Output = Vec2;

    fn mul(self, v: Vec2) -> Vec2 {
        Vec2 {
            x: self * v.x,
            y: self * v.y,
        }
    }
}

impl MulVjp<Vec2> for f64 {
    fn mul_vjp(
        self,
        v: Vec2,
        d_out: Vec2,
        mut d_self: impl Slot<f64>,
        mut d_v: impl Slot<Vec2>,
    ) -> Vec2 {
        d_self.add(d_out.x * v.x + d_out.y * v.y);
        d_v.add(self * d_out);
        self * v
    }
}

impl Mul<f64> for Vec2 {
    type Output = Vec2;

    fn mul(self, k: f64) -> Vec2 {
        k * self
    }
}

impl MulVjp<f64> for Vec2 {
    fn mul_vjp(
        self,
        k: f64,
        d_out: Vec2,
        mut d_self: impl Slot<Vec2>,
        mut d_k: impl Slot<f64>,
    ) -> Vec2 {
        MulVjp::mul_vjp(k, self, d_out, d_k.project(|d| d), d_self.project(|d| d))
    }
}

/// `-(0.5 * v) + w * 3.0 * k`
fn blend(v: Vec2, w: Vec2, k: f64) -> Vec2 {
    -(0.5 * v) + w * 3.0 * k
}

fn blend_vjp(
    v: Vec2,
    w: Vec2,
    k: f64,
    d_out: Vec2,
    mut d_v: impl Slot<Vec2>,
    mut d_w: impl Slot<Vec2>,
    mut d_k: impl Slot<f64>,
) -> Vec2 {
    let v1 = 0.5 * v;
    let v2 = -v1;
    let v3 = w * 3.0;
    let v4 = v3 * k;
    let (mut d_v2, mut d_v4) = (v2.zero_cotangent(), v4.zero_cotangent());
    let out = AddVjp::add_vjp(v2, v4, d_out, &mut d_v2, &mut d_v4);
    let mut d_v3 = v3.zero_cotangent();
    MulVjp::mul_vjp(v3, k, d_v4, &mut d_v3, d_k.project(|d| d));
    MulVjp::mul_vjp(w, 3.0, d_v3, d_w.project(|d| d), Inactive);
    let mut d_v1 = v1.zero_cotangent();
    NegVjp::neg_vjp(v1, d_v2, &mut d_v1);
    MulVjp::mul_vjp(0.5, v, d_v1, Inactive, d_v.project(|d| d));
    out
}

#[test]
fn on_a_users_type() {
    let (v, w, d_out) = (
        Vec2 { x: 1.0, y: 2.0 },
        Vec2 { x: 3.0, y: 4.0 },
        Vec2 { x: 1.0, y: 10.0 },
    );
    let (mut d_v, mut d_w, mut d_k) = (Vec2::default(), Vec2::default(), 0.0);
    let value = blend_vjp(v, w, 2.0, d_out, &mut d_v, &mut d_w, &mut d_k);
    assert_eq!(value, blend(v, w, 2.0));
    assert_eq!(d_v, Vec2 { x: -0.5, y: -5.0 });
    assert_eq!(d_w, Vec2 { x: 6.0, y: 60.0 });
    assert_close(d_k, 9.0 + 120.0);
}

#[test]
fn every_form_of_operand() {
    let (x, y) = (3.0_f32, 2.0_f32);
    let (mut d_x, mut d_y) = (0.0, 0.0);
    assert_eq!(MulVjp::mul_vjp(x, y, 1.0, &mut d_x, &mut d_y), 6.0);
    assert_eq!(MulVjp::mul_vjp(&x, y, 1.0, &mut d_x, &mut d_y), 6.0);
    assert_eq!(MulVjp::mul_vjp(x, &y, 1.0, &mut d_x, &mut d_y), 6.0);
    assert_eq!(MulVjp::mul_vjp(&x, &y, 1.0, &mut d_x, &mut d_y), 6.0);
    assert_eq!((d_x, d_y), (8.0, 12.0));
    assert_eq!(MulVjp::mul_vjp(2, 3_usize, (), Inactive, Inactive), 6);
}

#[test]
fn compound_assignment() {
    let mut a = 3.0;
    let (mut d_a, mut d_b) = (5.0, 0.0);
    MulAssignVjp::mul_assign_vjp(&mut a, 2.0, &mut d_a, &mut d_b);
    assert_eq!((a, d_a, d_b), (6.0, 10.0, 15.0));
    MulAssignVjp::mul_assign_vjp(&mut a, &2.0, Inactive, Inactive);
    assert_eq!(a, 12.0);
}
