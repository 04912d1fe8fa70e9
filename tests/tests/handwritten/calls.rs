//! Calls: arguments that share a variable, fields lent side by side, recursion through slots.

use tapeless::__private::{check_len, zero};
use tapeless::{Cotangent, Differentiable, Fresh, Inactive, Slot};

use crate::{assert_close, slope};

fn dot(a: &[f64], b: &[f64]) -> f64 {
    let mut s = 0.0;
    for i in 0..a.len() {
        s += a[i] * b[i];
    }
    s
}

fn dot_vjp(
    a: &[f64],
    b: &[f64],
    d_out: f64,
    mut d_a: impl Slot<[f64]>,
    mut d_b: impl Slot<[f64]>,
) -> f64 {
    if let Some(d_a) = Slot::get(&mut d_a) {
        check_len("a", d_a.len(), a.len());
    }
    if let Some(d_b) = Slot::get(&mut d_b) {
        check_len("b", d_b.len(), b.len());
    }
    let mut s = 0.0;
    for i in 0..a.len() {
        s += a[i] * b[i];
        if let Some(d_a) = Slot::get(&mut d_a) {
            d_a[i] += d_out * b[i];
        }
        if let Some(d_b) = Slot::get(&mut d_b) {
            d_b[i] += d_out * a[i];
        }
    }
    s
}

/// `dot(x, x)`: one slot is lent, the other argument gets a temporary cotangent.
fn square_vjp(x: &[f64], d_out: f64, mut d_x: impl Slot<[f64]>) -> f64 {
    let mut d_second = zero(x);
    let out = dot_vjp(x, x, d_out, Slot::project(&mut d_x, |d| d), &mut d_second);
    if let Some(d_x) = Slot::get(&mut d_x) {
        for (d, other) in d_x.iter_mut().zip(&d_second) {
            *d += other;
        }
    }
    out
}

#[test]
fn arguments_that_are_one_variable() {
    let mut d = [0.0; 3];
    assert_eq!(square_vjp(&[1.0, 2.0, 3.0], 1.0, &mut d), 14.0);
    assert_eq!(d, [2.0, 4.0, 6.0]);
    assert_eq!(dot(&[1.0], &[2.0]), 2.0);
}

/// `dot(&x[..n], &x[n..])`: two parts of a split, side by side.
fn halves_vjp(x: &[f64], n: usize, d_out: f64, mut d_x: impl Slot<[f64]>, _: impl Sized) -> f64 {
    let (d_first, d_second) = Slot::project2(&mut d_x, |d| d.split_at_mut(n));
    dot_vjp(&x[..n], &x[n..], d_out, d_first, d_second)
}

#[test]
fn arguments_that_are_parts_of_a_split() {
    let mut d = vec![0.0; 4];
    assert_eq!(
        halves_vjp(&[1.0, 2.0, 3.0, 4.0], 2, 1.0, &mut d, Inactive),
        11.0
    );
    assert_eq!(d, [3.0, 4.0, 1.0, 2.0]);
    halves_vjp(&[1.0, 2.0], 1, 1.0, Inactive, Inactive);
}

#[test]
#[should_panic(expected = "`d_a` has length 2, but `a` has length 3")]
fn lengths_are_checked_on_entry() {
    dot_vjp(&[1.0; 3], &[1.0; 3], 1.0, &mut [0.0; 2], Inactive);
}

struct Pair {
    a: Vec<f64>,
    b: [f64; 2],
    k: f64,
}

#[derive(Debug, PartialEq)]
struct PairCotangent {
    a: Vec<f64>,
    b: [f64; 2],
    k: f64,
}

impl Differentiable for Pair {
    type Cotangent = PairCotangent;

    fn zero_cotangent(&self) -> PairCotangent {
        PairCotangent {
            a: self.a.zero_cotangent(),
            b: self.b.zero_cotangent(),
            k: self.k.zero_cotangent(),
        }
    }
}

impl Cotangent for PairCotangent {
    fn accumulate(&mut self, other: &Self) {
        self.a.accumulate(&other.a);
        self.b.accumulate(&other.b);
        self.k.accumulate(&other.k);
    }

    fn fill_zero(&mut self) {
        self.a.fill_zero();
        self.b.fill_zero();
        self.k.fill_zero();
    }
}

/// `dot(&s.a, &s.b) * s.k`: distinct fields of one root.
fn pair_vjp(s: &Pair, d_out: f64, mut d_s: impl Slot<PairCotangent>) -> f64 {
    let v1 = dot(&s.a, &s.b);
    Slot::add(&mut Slot::project(&mut d_s, |d| &mut d.k), d_out * v1);
    let (d_a, d_b) = Slot::project2(&mut d_s, |d| (&mut d.a[..], &mut d.b[..]));
    dot_vjp(&s.a, &s.b, d_out * s.k, d_a, d_b);
    v1 * s.k
}

#[test]
fn arguments_that_are_fields() {
    let s = Pair {
        a: vec![1.0, 2.0],
        b: [3.0, 4.0],
        k: 2.0,
    };
    let mut d = s.zero_cotangent();
    assert_eq!(pair_vjp(&s, 1.0, &mut d), 22.0);
    let expected = PairCotangent {
        a: vec![6.0, 8.0],
        b: [2.0, 4.0],
        k: 11.0,
    };
    assert_eq!(d, expected);
    assert_eq!(pair_vjp(&s, 1.0, Some(&mut d)), 22.0);
    assert_eq!(d.k, 22.0);
    assert_eq!(pair_vjp(&s, 1.0, None::<&mut PairCotangent>), 22.0);
}

/// Recursion: each level lends a part of the slice, and the types of the slots do not grow.
fn horner(c: &[f64], x: f64) -> f64 {
    if c.is_empty() {
        return 0.0;
    }
    c[0] + x * horner(&c[1..], x)
}

fn horner_vjp(
    c: &[f64],
    x: f64,
    d_out: f64,
    mut d_c: impl Slot<[f64]>,
    mut d_x: impl Slot<f64>,
) -> f64 {
    if c.is_empty() {
        return 0.0;
    }
    let rest = horner_vjp(
        &c[1..],
        x,
        d_out * x,
        Slot::project(&mut d_c, |d| &mut d[1..]),
        Slot::project(&mut d_x, |d| d),
    );
    Slot::add(&mut Slot::project(&mut d_c, |d| &mut d[0]), d_out);
    Slot::add(&mut d_x, d_out * rest);
    c[0] + x * rest
}

#[test]
fn recursion() {
    let c = [1.0, -2.0, 0.5, 3.0];
    let mut d_c = [0.0; 4];
    let mut d_x = Fresh::new();
    let value = horner_vjp(&c, 0.7, 1.0, &mut d_c, &mut d_x);
    assert_close(value, horner(&c, 0.7));
    assert_close(d_c[3], 0.7_f64.powi(3));
    assert_close(d_x.take_or_zero(), slope(|x| horner(&c, x), 0.7));
    horner_vjp(&c, 0.7, 1.0, Inactive, Inactive);
}
