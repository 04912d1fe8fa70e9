//! The rules of ndarray's types against differences.

use ndarray::{Array1, Array2, ShapeBuilder};
use tapeless::check::finite_difference::central;
use tapeless::matrix::{DotVjp, SumVjp};
use tapeless::ops::{
    AddAssignVjp, AddVjp, DivAssignVjp, DivVjp, IndexVjp, MulAssignVjp, MulVjp, NegVjp,
    SubAssignVjp, SubVjp,
};
use tapeless::{differentiate, Cotangent, Differentiable, Parameters};

fn flat<P: Parameters<Scalar = f64>>(p: &P) -> Vec<f64> {
    let mut flat = vec![0.0; p.count()];
    p.write_flat(&mut flat);
    flat
}

fn filled<P: Parameters<Scalar = f64>>(mut p: P, seed: f64) -> P {
    let numbers: Vec<f64> = (1..=p.count())
        .map(|i| (i as f64 * 1.7 + seed).sin() * 1.3)
        .collect();
    p.read_flat(&numbers);
    p
}

/// Compares what `vjp` adds to a cotangent of ones with differences of `⟨w, f⟩`.
#[track_caller]
fn check<P, Y>(p: P, f: impl Fn(&P) -> Y, vjp: impl Fn(&P, Y, &mut P) -> Y)
where
    P: Parameters<Scalar = f64> + Differentiable<Cotangent = P> + Clone,
    Y: Parameters<Scalar = f64> + Differentiable<Cotangent = Y> + PartialEq + std::fmt::Debug,
{
    let p = filled(p, 0.3);
    let y = f(&p);
    let w = filled(y.zero_cotangent(), 2.1);
    let weights = flat(&w);
    let objective = |x: &[f64]| {
        let mut p = p.clone();
        p.read_flat(x);
        flat(&f(&p))
            .iter()
            .zip(&weights)
            .map(|(y, w)| y * w)
            .sum::<f64>()
    };
    let expected = central(objective, &flat(&p));
    let mut d = p.zero_cotangent();
    d.read_flat(&vec![1.0; p.count()]);
    assert_eq!(vjp(&p, w, &mut d), y);
    for (got, expected) in flat(&d).iter().zip(expected) {
        assert!(
            (got - expected - 1.0).abs() <= 1e-7 * expected.abs().max(1.0),
            "{got} {expected}"
        );
    }
}

fn vector(n: usize) -> Array1<f64> {
    Array1::zeros(n)
}

fn matrix(rows: usize, cols: usize) -> Array2<f64> {
    Array2::zeros((rows, cols))
}

macro_rules! broadcasting {
    ($($a:expr, $b:expr;)*) => {$(
        check(($a, $b), |(a, b)| a + b, |(a, b), w, (d_a, d_b)| a.add_vjp(b, w, d_a, d_b));
        check(($a, $b), |(a, b)| a - b, |(a, b), w, (d_a, d_b)| a.sub_vjp(b, w, d_a, d_b));
        check(($a, $b), |(a, b)| a * b, |(a, b), w, (d_a, d_b)| a.mul_vjp(b, w, d_a, d_b));
        check(($a, $b), |(a, b)| a / b, |(a, b), w, (d_a, d_b)| a.div_vjp(b, w, d_a, d_b));
    )*};
}

#[test]
fn elementwise() {
    broadcasting! {
        vector(4), vector(4);
        vector(1), vector(4);
        matrix(3, 4), matrix(3, 4);
        matrix(3, 1), matrix(1, 4);
        matrix(3, 4), vector(4);
        matrix(3, 1), vector(4);
        vector(4), matrix(3, 4);
        vector(1), matrix(3, 4);
    }
}

macro_rules! one {
    ($($a:expr;)*) => {$(
        check(($a, 0.0), |(a, s)| a * *s, |(a, s), w, (d_a, d_s)| a.mul_vjp(*s, w, d_a, d_s));
        check((0.0, $a), |(s, a)| *s * a, |(s, a), w, (d_s, d_a)| (*s).mul_vjp(a, w, d_s, d_a));
        check(($a, 0.0), |(a, s)| a / *s, |(a, s), w, (d_a, d_s)| a.div_vjp(*s, w, d_a, d_s));
        check($a, |a| -a, |a, w, d_a| a.neg_vjp(w, d_a));
        check($a, |a| a.sum(), |a, w, d_a| a.sum_vjp(w, d_a));
    )*};
}

#[test]
fn scalars_and_sums() {
    one! {
        vector(4);
        matrix(2, 3);
        Array2::<f64>::zeros((2, 3).f());
    }
}

/// A compound assignment as a function of both operands: its rule turns the cotangent of what is left into that of
/// what was there.
macro_rules! assignment {
    ($a:expr, $b:expr, $op:tt, $vjp:ident, |$operand:ident| $form:expr) => {
        check(
            ($a, $b),
            |(a, $operand)| {
                let mut a = a.clone();
                a $op $form;
                a
            },
            |(a, $operand), mut w, (d_a, d_b)| {
                let mut out = a.clone();
                out.$vjp($form, &mut w, d_b);
                d_a.accumulate(&w);
                out
            },
        );
    };
}

macro_rules! assignments {
    ($($a:expr, $b:expr;)*) => {$(
        assignment!($a, $b, +=, add_assign_vjp, |b| b);
        assignment!($a, $b, -=, sub_assign_vjp, |b| b);
        assignment!($a, $b, *=, mul_assign_vjp, |b| b);
        assignment!($a, $b, /=, div_assign_vjp, |b| b);
        assignment!($a, 0.0, *=, mul_assign_vjp, |s| *s);
        assignment!($a, 0.0, /=, div_assign_vjp, |s| *s);
    )*};
}

#[test]
fn compound_assignments() {
    assignments! {
        vector(4), vector(4);
        vector(4), vector(1);
        matrix(3, 4), matrix(3, 4);
        matrix(3, 4), matrix(3, 1);
        matrix(3, 4), vector(4);
    }
}

#[test]
fn elements() {
    check(vector(4), |v| v[2], |v, w, d| *v.index_vjp(2, w, d));
    let m = matrix(3, 4);
    check(
        m.clone(),
        |m| m[[2, 1]],
        |m, w, d| *m.index_vjp([2, 1], w, d),
    );
    check(m, |m| m[(2, 1)], |m, w, d| *m.index_vjp((2, 1), w, d));
}

/// All of it as a user writes it.
#[differentiate]
fn energy(a: &Array2<f64>, x: &Array1<f64>) -> f64 {
    let mut y = a.dot(x);
    y += x;
    y *= x[0];
    y /= 3.0;
    let mut sum = (y[0] * y[1]).sin() + a[[2, 1]] * y.sum();
    for i in 0..3 {
        sum += x[i] * y[i];
    }
    sum
}

#[test]
fn in_a_function() {
    let (a, x) = (filled(matrix(3, 3), 0.4), filled(vector(3), 1.3));
    let (value, (d_a, d_x)) = energy_value_and_grad(&a, &x);
    assert_eq!(value, energy(&a, &x));
    let objective = |flat: &[f64]| {
        let mut p = (a.clone(), x.clone());
        p.read_flat(flat);
        energy(&p.0, &p.1)
    };
    let expected = central(objective, &flat(&(a.clone(), x.clone())));
    for (got, expected) in flat(&(d_a, d_x)).iter().zip(expected) {
        assert!((got - expected).abs() <= 1e-7, "{got} {expected}");
    }
}

/// Rows, columns, every other element: whatever the layout.
fn layouts(rows: usize, cols: usize) -> [Array2<f64>; 3] {
    let mut gaps = matrix(rows, 2 * cols);
    gaps.slice_collapse(ndarray::s![.., ..;2]);
    [matrix(rows, cols), Array2::zeros((rows, cols).f()), gaps]
}

#[test]
fn products() {
    for a in layouts(3, 4) {
        for b in layouts(4, 2) {
            check(
                (a.clone(), b),
                |(a, b)| a.dot(b),
                |(a, b), w, (d_a, d_b)| a.dot_vjp(b, w, d_a, d_b),
            );
        }
        check(
            (a.clone(), vector(4)),
            |(a, b)| a.dot(b),
            |(a, b), w, (d_a, d_b)| a.dot_vjp(b, w, d_a, d_b),
        );
        check(
            (vector(3), a),
            |(a, b)| a.dot(b),
            |(a, b), w, (d_a, d_b)| a.dot_vjp(b, w, d_a, d_b),
        );
    }
    check(
        (vector(5), vector(5)),
        |(a, b)| a.dot(b),
        |(a, b), w, (d_a, d_b)| a.dot_vjp(b, w, d_a, d_b),
    );
}

/// A cotangent whose elements do not lie in one run takes in what belongs to it.
#[test]
fn cotangents_of_any_layout() {
    let (a, b) = (filled(matrix(3, 4), 0.1), filled(matrix(4, 2), 0.2));
    let w = filled(matrix(3, 2), 0.3);
    let mut expected = matrix(3, 4);
    a.dot_vjp(&b, w.clone(), &mut expected, tapeless::Inactive);
    for mut d in layouts(3, 4) {
        a.dot_vjp(&b, w.clone(), &mut d, tapeless::Inactive);
        assert_eq!(d, expected);
    }
}

#[test]
#[should_panic(expected = "shape [3, 2] does not go with shape [2, 3]")]
fn a_cotangent_of_another_shape() {
    matrix(2, 3).sum_vjp(1.0, &mut matrix(3, 2));
}
