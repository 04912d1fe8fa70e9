//! Values that wait in the gradient for the reverse of their loop: only where nothing else is there.

use tapeless::{assert_gradient, differentiate, Inactive};

/// The exponentials wait in the gradient.
#[differentiate]
fn log_sum(x: &[f64]) -> f64 {
    let mut sum = 0.0;
    for v in x {
        sum += v.exp();
    }
    sum.ln()
}

/// The gradient holds the squares' part before the exponentials are there.
#[differentiate]
fn fused_before(x: &[f64]) -> f64 {
    let mut squares = 0.0;
    for v in x {
        squares += v * v;
    }
    let mut sum = 1.0;
    for v in x {
        sum += v.exp();
    }
    squares + sum.ln()
}

/// Reversed first: what comes last in the program.
#[differentiate]
fn used_after(x: &[f64]) -> f64 {
    let mut sum = 1.0;
    for v in x {
        sum += v.exp();
    }
    let mut product = 1.0;
    for v in x {
        product *= 1.0 + 0.1 * v;
    }
    sum.ln() * product
}

/// An iteration that adds to its neighbour's element too.
#[differentiate]
fn neighbours(x: &[f64]) -> f64 {
    let mut sum = 1.0;
    for i in 1..x.len() {
        sum += (x[i] - 0.5 * x[i - 1]).exp();
    }
    sum.ln()
}

/// Two parameters, each of which can hold one.
#[differentiate]
fn both(x: &[f64], y: &[f64]) -> f64 {
    let (mut a, mut b) = (1.0, 1.0);
    for (u, v) in x.iter().zip(y) {
        a += u.exp() * v.sin();
        b += v.cosh();
    }
    (a * a + 1.0).ln() / b
}

/// A loop that may end early holds nothing.
#[differentiate]
fn until(x: &[f64]) -> f64 {
    let mut sum = 1.0;
    for v in x {
        if *v > 1.0 {
            break;
        }
        sum += v.exp();
    }
    sum.ln()
}

/// Held in an arm that the function returns from.
#[differentiate]
fn in_an_arm(x: &[f64], k: f64) -> f64 {
    if k < 0.0 {
        return k * k;
    }
    let mut sum = k;
    for v in x {
        sum += v.exp() * k;
    }
    sum.ln()
}

/// What the exponent is made of changes between the loops.
#[differentiate]
fn rescaled(x: &[f64], mut k: f64) -> f64 {
    let mut sum = 1.0;
    for v in x {
        sum += (v * k).exp();
    }
    k *= 2.0;
    let mut again = 1.0;
    for v in x {
        again += (v * k).exp();
    }
    (sum * again).ln()
}

#[differentiate]
fn single(x: &[f32]) -> f32 {
    let mut sum = 0.0;
    for v in x {
        sum += v.exp();
    }
    sum.ln()
}

const POINTS: [&[f64]; 4] = [&[], &[0.3], &[0.3, -1.2], &[0.9, 0.1, -0.4, 0.3, -2.0]];

/// The exponentials wait in the cotangent of a local vector, which the last row may leave longer than the sum.
#[differentiate]
fn rows(m: &[Vec<f64>], shift: f64, width: usize) -> f64 {
    let mut total = 0.0;
    let mut terms = vec![0.0; width];
    for row in m {
        for (t, v) in terms.iter_mut().zip(row) {
            *t = v * shift;
        }
        for i in row.len()..width {
            terms[i] = 1.0;
        }
        let mut sum = 0.0;
        for i in 0..row.len() {
            sum += (terms[i] - shift).exp();
        }
        total += (1.0 + sum).ln() * terms[width - 1];
    }
    total
}

/// What the exponentials were made of changes before the reverse comes to them.
#[differentiate]
fn changed(m: &[Vec<f64>], width: usize) -> f64 {
    let mut total = 0.0;
    for row in m {
        let mut terms = vec![0.0; width];
        for i in 0..width {
            terms[i] = row[i] * 0.5;
        }
        let mut sum = 0.0;
        for i in 0..width {
            sum -= terms[i].exp();
        }
        for i in 0..width {
            terms[i] *= terms[i];
        }
        total += (1.0 - sum).sqrt() + terms.iter().sum::<f64>();
    }
    total
}

#[test]
fn in_local_vectors() {
    let row =
        |n: usize, phase: f64| -> Vec<f64> { (0..n).map(|i| (i as f64 + phase).sin()).collect() };
    for (width, count) in [(1, 1), (2, 3), (5, 2), (3, 0)] {
        let m: Vec<Vec<f64>> = (0..count).map(|r| row(width, 0.3 * r as f64)).collect();
        assert_gradient!(rows(&m, 0.7, width));
        assert_gradient!(rows(&m, 0.7, width + 2));
        assert_gradient!(changed(&m, width));
    }
}

#[test]
fn by_differences() {
    for x in POINTS.into_iter().skip(1) {
        assert_gradient!(log_sum(x));
    }
    for x in POINTS {
        assert_gradient!(fused_before(x));
        assert_gradient!(used_after(x));
        assert_gradient!(neighbours(x));
        assert_gradient!(both(x, &[0.4, 1.2, -0.3]));
        assert_gradient!(until(x));
        assert_gradient!(in_an_arm(x, 0.7));
        assert_gradient!(in_an_arm(x, -0.7));
        assert_gradient!(rescaled(x, 0.7));
    }
    assert_gradient!(until(&[0.3, 2.0, 0.1]));
}

#[test]
fn without_a_blank_gradient() {
    for x in POINTS {
        let blank = fused_before_grad(x);
        for start in [0.0, 1.5] {
            let mut slot = vec![start; x.len()];
            let value = log_sum_vjp(x, 2.0, &mut slot);
            assert_eq!(value.to_bits(), log_sum(x).to_bits());
            for (there, alone) in slot.iter().zip(log_sum_grad(x)) {
                assert!((there - start - 2.0 * alone).abs() < 1e-14);
            }
        }
        let mut buffer = vec![f64::NAN; x.len()];
        fused_before_grad_into(x, &mut buffer);
        assert_eq!(buffer, blank);
    }
    assert_eq!(log_sum_vjp(&[0.0, 0.0], 1.0, Inactive), 2.0_f64.ln());
    assert_eq!(single_grad(&[0.0, 0.0]), [0.5, 0.5]);
}

/// What is added to an element first is assigned, where all are and where some are.
#[differentiate]
fn weighed(x: &[f64], w: &[f64; N]) -> f64 {
    let mut sum = 0.0;
    for i in 0..x.len() {
        sum -= x[i] * w[i % N];
    }
    sum
}

const N: usize = 3;

#[differentiate]
fn every_other(x: &[f64], w: &[f64; N]) -> f64 {
    let mut sum = 0.0;
    for i in (0..x.len()).step_by(2) {
        sum += x[i] * x[i];
    }
    for i in 1..N {
        sum -= w[i].sin();
    }
    sum
}

#[differentiate]
fn or_nothing(x: &[f64], k: f64) -> Option<f64> {
    if k < 0.0 {
        return None;
    }
    Some(x.iter().map(|v| (k * v).exp()).sum::<f64>().ln())
}

#[test]
fn buffers_of_anything() {
    for n in [0, 1, 2, 5, 40] {
        let x: Vec<f64> = (0..n).map(|i| (i as f64).cos()).collect();
        let w = [0.5, -2.0, 1.5];
        let (mut d_x, mut d_w) = (vec![f64::NAN; n], [f64::NAN; N]);
        let y = log_sum_grad_into(&x, &mut d_x);
        assert_eq!((y, d_x.clone()), log_sum_value_and_grad(&x));
        assert_eq!(or_nothing_grad_into(&x, -1.0, &mut d_x, &mut 0.0), None);
        assert!(d_x.iter().all(|d| *d == 0.0));
        for f in [weighed_grad_into, every_other_grad_into] {
            d_x.fill(f64::NAN);
            d_w.fill(f64::NAN);
            f(&x, &w, &mut d_x, &mut d_w);
            assert!(d_x.iter().chain(&d_w).all(|d| d.is_finite()), "{n}");
        }
        assert_gradient!(weighed(x.as_slice(), &w));
        assert_gradient!(every_other(x.as_slice(), &w));
    }
    let (x, mut d_x, mut d_w) = ([1.0, 2.0, 3.0], [10.0; 3], [20.0; N]);
    weighed_vjp(&x, &[1.0, 2.0, 4.0], 1.0, &mut d_x, &mut d_w);
    assert_eq!((d_x, d_w), ([9.0, 8.0, 6.0], [19.0, 18.0, 17.0]));
    weighed_vjp(&x, &[1.0; N], 1.0, Inactive, &mut d_w);
    assert_eq!(d_w, [18.0, 16.0, 14.0]);
}
