//! Recurrences that the reverse of a loop reads again: from a window where that is long enough, and computed beyond it.

mod counting;

use counting::allocations;
use std::hint::black_box;
use tapeless::{assert_gradient, differentiate, Real};

/// Powers of each point.
#[differentiate]
fn polynomial(c: &[f64], #[constant] points: &[f64]) -> f64 {
    let mut total = 0.0;
    for t in points {
        let mut residual = t.abs();
        let mut power = 1.0;
        for c in c {
            residual -= c * power;
            power *= t;
        }
        total += residual * residual;
    }
    0.5 * total
}

/// Two values that make the next.
#[differentiate]
fn legendre<T: Real>(c: &[T], #[constant] points: &[T]) -> T {
    let mut total = T::zero();
    for j in 0..points.len() {
        let t = points[j];
        let mut sum = T::zero();
        let (mut before, mut p) = (T::zero(), T::one());
        for k in 0..c.len() {
            sum = sum + c[k] * p;
            let degree = T::from(k).unwrap();
            let next =
                ((degree + degree + T::one()) * t * p - degree * before) / (degree + T::one());
            before = p;
            p = next;
        }
        total = total + sum * sum;
    }
    total
}

/// The weight of an element comes from those before, which are held constant; a second cotangent is summed up.
#[differentiate]
fn discounted(x: &[f64], #[constant] rates: &[f64], scale: f64) -> f64 {
    let mut total = 0.0;
    for round in 0..3 {
        let mut weight = 1.0 + round as f64;
        let mut sum = 0.0;
        for i in 0..x.len() {
            sum += scale * x[i] * weight;
            weight = weight / (1.0 + rates[i]);
        }
        total += sum.sin();
    }
    total
}

/// The second loop starts elsewhere: its powers are not those of the first.
#[differentiate]
fn shifted(c: &[f64], #[constant] points: &[f64]) -> f64 {
    let mut total = 0.0;
    for t in points {
        let (mut a, mut p) = (0.0, 1.0);
        for i in 0..c.len() {
            a += c[i] * p;
            p *= t;
        }
        let (mut b, mut q) = (0.0, *t);
        for i in 0..c.len() {
            b += c[i] * q;
            q *= t;
        }
        total += a * b;
    }
    total
}

/// Ends of the window, and lengths far from it.
const LENGTHS: [usize; 8] = [0, 1, 7, 255, 256, 257, 258, 300];

fn coefficients(n: usize) -> Vec<f64> {
    (0..n).map(|i| (i as f64 * 0.7).cos()).collect()
}

#[test]
fn powers() {
    let points = [-0.9, -0.3, 0.0, 0.5, 0.99];
    for n in LENGTHS {
        let c = coefficients(n);
        let (value, grad) = polynomial_value_and_grad(black_box(&c), &points);
        assert_eq!(value, polynomial(black_box(&c), &points));
        let expected = |j: usize| {
            let each = points.iter().map(|t| {
                let fit: f64 = (0..n).map(|i| c[i] * t.powi(i as i32)).sum();
                (fit - t.abs()) * t.powi(j as i32)
            });
            each.sum::<f64>()
        };
        for j in 0..n {
            assert!((grad[j] - expected(j)).abs() < 1e-11, "{n}, {j}");
        }
    }
}

#[test]
fn two_steps_back() {
    let points = [-0.95, -0.2, 0.0, 0.6, 1.0];
    for n in LENGTHS {
        let c = coefficients(n);
        let grad = legendre_grad(black_box(&c), &points);
        let h = 1e-4;
        for j in (0..n).step_by(17).chain(n.checked_sub(1)) {
            let at = |step: f64| {
                let mut c = c.clone();
                c[j] += step;
                legendre(&c, &points)
            };
            // The function is quadratic: central differences are exact.
            let difference = (at(h) - at(-h)) / (2.0 * h);
            assert!((grad[j] - difference).abs() < 1e-6, "{n}, {j}");
        }
        let single: Vec<f32> = c.iter().map(|c| *c as f32).collect();
        let points = points.map(|t| t as f32);
        let grads = legendre_grad(&single, &points);
        for (a, b) in grads.iter().zip(&grad) {
            assert!((f64::from(*a) - b).abs() < 1e-2 * b.abs().max(1.0));
        }
    }
}

#[test]
fn beside_a_sum() {
    for n in LENGTHS {
        let x: Vec<f64> = (0..n).map(|i| (i as f64 * 0.3).sin() / 50.0).collect();
        let rates: Vec<f64> = (0..n).map(|i| 0.01 + (i % 3) as f64 / 1000.0).collect();
        let (grad, d_scale) = discounted_grad(&x, &rates, 0.8);
        let at = |x: &[f64], scale: f64| discounted(x, &rates, scale);
        let h = 1e-5;
        let difference = (at(&x, 0.8 + h) - at(&x, 0.8 - h)) / (2.0 * h);
        assert!((d_scale - difference).abs() < 1e-6, "{n}");
        for j in (0..n).step_by(17).chain(n.checked_sub(1)) {
            let moved = |step: f64| {
                let mut x = x.clone();
                x[j] += step;
                at(&x, 0.8)
            };
            let difference = (moved(h) - moved(-h)) / (2.0 * h);
            assert!((grad[j] - difference).abs() < 1e-6, "{n}, {j}");
        }
    }
}

#[test]
fn other_recurrences() {
    let c = coefficients(5);
    let points = [0.3, -0.8];
    assert_gradient!(shifted(&c[..], &points[..]));
}

#[test]
fn nothing_is_allocated() {
    let c = coefficients(300);
    let mut d = vec![0.0; 300];
    let points = [0.1, 0.9];
    let count = allocations(|| {
        black_box(polynomial_grad_into(&c, &points, &mut d));
    });
    assert_eq!(count, 0);
}
