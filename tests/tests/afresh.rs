//! Loops that keep vectors in their records while these are few, and compute them again from the rest where they are not.

mod counting;

use counting::most_held;
use tapeless::differentiate;

/// Heun's method for a ring of oscillators; the second point of a step comes from its first.
#[differentiate]
fn heun(x: &[f64], steps: usize) -> f64 {
    let n = x.len();
    let h = 1.0 / steps as f64;
    let mut y = vec![0.5; n];
    let mut point = vec![0.0; n];
    let mut slope = vec![0.0; n];
    let mut second = vec![0.0; n];
    for _ in 0..steps {
        for i in 0..n {
            slope[i] = x[i] * y[(i + 1) % n] - y[i] * y[i];
        }
        for i in 0..n {
            point[i] = y[i] + h * slope[i];
        }
        for i in 0..n {
            second[i] = x[i] * point[(i + 1) % n] - point[i] * point[i];
        }
        for i in 0..n {
            y[i] += 0.5 * h * (slope[i] + second[i]);
        }
    }
    y.iter().map(|y| y * y).sum()
}

/// The point depends on the number of the step, on a value that steps carry, and on numbers that they change.
#[differentiate]
fn driven(x: &[f64], steps: usize) -> f64 {
    let n = x.len();
    let h = 1.0 / steps as f64;
    let mut y = vec![0.1; n];
    let mut gain = x.to_vec();
    let mut point = vec![0.0; n];
    let mut time = 0.25;
    for step in 0..steps {
        for i in 0..n {
            point[i] = y[i] * gain[i] + h * step as f64;
        }
        for i in 0..n {
            y[i] += h * point[i] * point[i] * time;
            gain[i] = gain[i] * (1.0 - h * point[i]);
        }
        time += h;
    }
    y.iter().zip(&gain).map(|(y, g)| y * g).sum()
}

/// The first of two points depends on the number of the step and on constant memory; both have lived before the loop.
#[differentiate]
fn forced(x: &[f64], #[constant] force: &[f64; 2], steps: usize) -> f64 {
    let n = x.len();
    let h = 1.0 / steps as f64;
    let mut y = vec![0.2; n];
    let mut first = vec![1.0; n];
    let mut second = vec![2.0; n];
    for step in (0..steps).rev() {
        let push = force[step % 2];
        for i in 0..n {
            first[i] = y[i] + h * push * x[i];
        }
        for i in 0..n {
            second[i] = first[i] * first[n - 1 - i] + y[i] * y[i];
        }
        for i in 0..n {
            y[i] += h * x[i] * second[i] * first[i];
        }
    }
    y.iter().sum()
}

/// A copy of the point goes on in the iteration itself.
#[differentiate]
fn copied(x: &[f64], steps: usize) -> f64 {
    let n = x.len();
    let h = 1.0 / steps as f64;
    let mut y = vec![0.4; n];
    let mut point = vec![0.0; n];
    for _ in 0..steps {
        for i in 0..n {
            point[i] = x[i] * y[i] * y[n - 1 - i];
        }
        let first = point.clone();
        for i in 0..n {
            point[i] = y[i] + h * first[i];
        }
        for i in 0..n {
            y[i] += h * (first[i] * point[i] - point[n - 1 - i] * point[i]);
        }
    }
    y.iter().sum()
}

/// The first copy of the state is changed; what the point comes from is in another.
#[differentiate]
fn damped(x: &[f64], steps: usize) -> f64 {
    let n = x.len();
    let h = 1.0 / steps as f64;
    let mut y = vec![0.4; n];
    let mut point = vec![0.0; n];
    for _ in 0..steps {
        let mut before = y.clone();
        for i in 0..n {
            before[i] = 0.5 * before[i] + x[i];
        }
        for i in 0..n {
            point[i] = x[i] * y[i] * y[n - 1 - i];
        }
        for i in 0..n {
            y[i] += h * (before[i] * before[i] * point[i] - point[i] * point[i]);
        }
    }
    y.iter().sum()
}

/// Where the last point stays in use after the loop.
#[differentiate]
fn last_point(x: &[f64], steps: usize) -> f64 {
    let n = x.len();
    let h = 1.0 / steps as f64;
    let mut y = x.to_vec();
    let mut point = vec![0.0; n];
    for _ in 0..steps {
        for i in 0..n {
            point[i] = y[i] * (1.0 - h * y[i]);
        }
        for i in 0..n {
            y[i] = point[i] + h * x[i] * point[i] * point[n - 1 - i];
        }
    }
    let mut total = 0.0;
    for i in 0..n {
        total += y[i] * point[i];
    }
    total
}

const FORCE: [f64; 2] = [0.3, -0.2];

type Function = fn(&[f64], usize) -> f64;
type Gradient = fn(&[f64], usize) -> (f64, Vec<f64>);

#[test]
fn few_and_many() {
    let functions: [(Function, Gradient); 6] = [
        (damped, damped_value_and_grad),
        (copied, copied_value_and_grad),
        (
            |x, steps| forced(x, &FORCE, steps),
            |x, steps| forced_value_and_grad(x, &FORCE, steps),
        ),
        (heun, heun_value_and_grad),
        (driven, driven_value_and_grad),
        (last_point, last_point_value_and_grad),
    ];
    // The last two have more than the 131,072 numbers of which a loop keeps all.
    for (n, steps) in [(1, 1), (5, 7), (200, 700), (70_000, 2)] {
        let x: Vec<f64> = (0..n).map(|i| 0.6 + 0.3 * (i as f64 * 0.7).sin()).collect();
        for (at, (f, gradient)) in functions.iter().enumerate() {
            let (value, grad) = gradient(&x, steps);
            assert_eq!(value, f(&x, steps));
            for i in [0, n / 2, n - 1] {
                let by = |step: f64| {
                    let mut x = x.clone();
                    x[i] += step;
                    f(&x, steps)
                };
                let h = 1e-4;
                let difference = (by(h) - by(-h)) / (2.0 * h);
                let error = (grad[i] - difference).abs();
                assert!(
                    error < 1e-6,
                    "{at}: {n}, {steps}, {i}: {} {difference}",
                    grad[i]
                );
            }
        }
    }
}

/// What is kept besides is the state of every step, and a few vectors of the iteration's own.
#[test]
fn many_are_not_kept() {
    let x = vec![0.7; 200];
    let state = 200 * size_of::<f64>();
    let held = |steps: usize| most_held(|| heun_grad(&x, steps));
    let (few, many) = (held(600), held(700));
    assert!(few > 2 * 600 * state, "{few}");
    assert!(many > 700 * state && many < 750 * state, "{many}");
}
