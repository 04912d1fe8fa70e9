//! The rules of nalgebra's types against differences.

use nalgebra::{DMatrix, DVector, Matrix2x3, Matrix3, SMatrix, Vector3};
use tapeless::check::finite_difference::central;
use tapeless::matrix::{NalgebraVjp, New3Vjp, New6Vjp, New9Vjp};
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

macro_rules! elementwise {
    ($($a:expr;)*) => {$(
        check(($a, $a), |(a, b)| a + b, |(a, b), w, (d_a, d_b)| a.add_vjp(b, w, d_a, d_b));
        check(($a, $a), |(a, b)| a - b, |(a, b), w, (d_a, d_b)| a.sub_vjp(b, w, d_a, d_b));
        check(($a, 0.0), |(a, s)| a * *s, |(a, s), w, (d_a, d_s)| a.mul_vjp(*s, w, d_a, d_s));
        check((0.0, $a), |(s, a)| *s * a, |(s, a), w, (d_s, d_a)| (*s).mul_vjp(a, w, d_s, d_a));
        check(($a, 0.0), |(a, s)| a / *s, |(a, s), w, (d_a, d_s)| a.div_vjp(*s, w, d_a, d_s));
        check($a, |a| -a, |a, w, d_a| a.neg_vjp(w, d_a));
        check(($a, $a), |(a, b)| a.dot(b), |(a, b), w, (d_a, d_b)| a.dot_vjp(b, w, d_a, d_b));
        check(($a, $a), |(a, b)| a.component_mul(b), |(a, b), w, (d_a, d_b)| a.component_mul_vjp(b, w, d_a, d_b));
        check($a, |a| a.norm(), |a, w, d_a| a.norm_vjp(w, d_a));
        check($a, |a| a.norm_squared(), |a, w, d_a| a.norm_squared_vjp(w, d_a));
        check($a, |a| a.sum(), |a, w, d_a| a.sum_vjp(w, d_a));
        check($a, |a| a.transpose(), |a, w, d_a| a.transpose_vjp(w, d_a));
    )*};
}

#[test]
fn elementwise() {
    elementwise! {
        Matrix2x3::<f64>::zeros();
        Vector3::<f64>::zeros();
        DMatrix::<f64>::zeros(4, 3);
        DVector::<f64>::zeros(5);
    }
}

/// A compound assignment as a function of both operands: its rule turns the cotangent of what is left into that of
/// what was there.
macro_rules! assignment {
    ($a:expr, $b:expr, $op:tt, $vjp:ident) => {
        check(
            ($a, $b),
            |(a, b)| {
                let mut a = a.clone();
                a $op b.clone();
                a
            },
            |(a, b), mut w, (d_a, d_b)| {
                let mut out = a.clone();
                out.$vjp(b.clone(), &mut w, d_b);
                d_a.accumulate(&w);
                out
            },
        );
    };
}

macro_rules! assignments {
    ($($a:expr;)*) => {$(
        assignment!($a, $a, +=, add_assign_vjp);
        assignment!($a, $a, -=, sub_assign_vjp);
        assignment!($a, 0.0, *=, mul_assign_vjp);
        assignment!($a, 0.0, /=, div_assign_vjp);
    )*};
}

#[test]
fn compound_assignments() {
    assignments! {
        Matrix2x3::<f64>::zeros();
        DMatrix::<f64>::zeros(4, 3);
        DVector::<f64>::zeros(5);
    }
}

#[test]
fn elements() {
    let m = Matrix2x3::<f64>::zeros();
    check(m, |m| m[(1, 2)], |m, w, d| *m.index_vjp((1, 2), w, d));
    check(m, |m| m[3], |m, w, d| *m.index_vjp(3, w, d));
    let v = DVector::<f64>::zeros(4);
    check(v, |v| v[2], |v, w, d| *v.index_vjp(2, w, d));
}

/// Out of scalars, row by row.
#[differentiate]
fn put_together(a: f64, b: f64) -> f64 {
    let m = Matrix3::new(a, b, a * b, 1.0, a - b, 2.0, b, 0.5, a * a);
    let v = Vector3::new(a.sin(), b, 3.0);
    let n = Matrix2x3::new(a, 1.0, b, 2.0, b * b, a);
    (m * v).norm() + (n * v)[1]
}

#[test]
fn constructors() {
    let at = [0.7, -1.3];
    let (d_a, d_b) = put_together_grad(at[0], at[1]);
    let expected = central(|at: &[f64]| put_together(at[0], at[1]), &at);
    for (got, expected) in [d_a, d_b].iter().zip(expected) {
        assert!((got - expected).abs() <= 1e-7, "{got} {expected}");
    }
}

/// All of it as a user writes it.
#[differentiate]
fn energy(a: &Matrix3<f64>, x: &Vector3<f64>) -> f64 {
    let mut y = a * x;
    y += x;
    y -= 0.5 * x;
    y *= x[0];
    y /= 3.0;
    let mut sum = (y[0] * y[1]).sin() + a[(2, 1)] * y.norm();
    for i in 0..3 {
        sum += x[i] * y[i];
    }
    sum
}

#[test]
fn in_a_function() {
    let (a, x) = (filled(Matrix3::zeros(), 0.4), filled(Vector3::zeros(), 1.3));
    let (value, (d_a, d_x)) = energy_value_and_grad(&a, &x);
    assert_eq!(value, energy(&a, &x));
    let objective = |flat: &[f64]| {
        let mut p = (a, x);
        p.read_flat(flat);
        energy(&p.0, &p.1)
    };
    let expected = central(objective, &flat(&(a, x)));
    for (got, expected) in flat(&(d_a, d_x)).iter().zip(expected) {
        assert!((got - expected).abs() <= 1e-7, "{got} {expected}");
    }
}

#[test]
fn products() {
    check(
        (Matrix2x3::zeros(), Matrix3::zeros()),
        |(a, b)| a * b,
        |(a, b), w, (d_a, d_b)| a.mul_vjp(b, w, d_a, d_b),
    );
    check(
        (Matrix2x3::zeros(), Vector3::zeros()),
        |(a, b)| a * b,
        |(a, b), w, (d_a, d_b)| a.mul_vjp(b, w, d_a, d_b),
    );
    let p = (DMatrix::zeros(9, 12), DMatrix::zeros(12, 40));
    check(
        p,
        |(a, b)| a * b,
        |(a, b), w, (d_a, d_b)| a.mul_vjp(b, w, d_a, d_b),
    );
    let p = (DMatrix::zeros(4, 3), DVector::zeros(3));
    check(
        p,
        |(a, b)| a * b,
        |(a, b), w, (d_a, d_b)| a.mul_vjp(b, w, d_a, d_b),
    );
}

#[test]
#[should_panic(expected = "2×3 does not go with 3×2")]
fn a_cotangent_of_another_shape() {
    let a = DMatrix::<f64>::zeros(3, 2);
    a.sum_vjp(1.0, &mut a.transpose());
}

#[test]
fn literals_of_open_width() {
    let mut d = SMatrix::<f32, 1, 2>::zeros();
    let a = SMatrix::<f32, 1, 2>::new(1.0, 2.0);
    let out = MulVjp::mul_vjp(2.0, a, a, tapeless::Inactive, &mut d);
    assert_eq!((out, d), (a * 2.0, a * 2.0));
}
