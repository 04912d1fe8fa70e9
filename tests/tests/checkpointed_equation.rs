//! A differential equation over 100,000 steps of Runge and Kutta under `#[checkpoints(32)]`: as much memory as for few
//! steps, the gradient that storing every step gives, and as many steps run again as the binomial schedule says.

mod counting;

use std::cell::Cell;

use counting::{bytes, most_held};
use tapeless::differentiate;

thread_local!(static STEPS: Cell<usize> = const { Cell::new(0) });

/// The length of a step. Of an integer: nothing flows back, so it is evaluated once whenever a step runs.
fn counted(step: usize) -> f64 {
    STEPS.set(STEPS.get() + 1);
    if step < STEPS_TAKEN / 2 {
        1e-3
    } else {
        2e-3
    }
}

/// The equation on an array and on vectors, under a bound or none.
macro_rules! equation {
    ($name:ident [$($bound:tt)*]) => {
        #[differentiate]
        mod $name {
            use super::counted;

            /// The sum of the squares of the state at the end, from `start`, with the stiffnesses `k`.
            pub fn on_array(k: &[f64; 3], start: f64, h: f64, steps: usize) -> f64 {
                let mut y = [start, 0.5, -0.2];
                $($bound)*
                for step in 0..steps {
                    let h = h * counted(step);
                    let a = slope(k, &y);
                    let b = slope(k, &moved(&y, 0.5 * h, &a));
                    let c = slope(k, &moved(&y, 0.5 * h, &b));
                    let d = slope(k, &moved(&y, h, &c));
                    for i in 0..3 {
                        y[i] += h / 6.0 * (a[i] + 2.0 * b[i] + 2.0 * c[i] + d[i]);
                    }
                }
                y[0] * y[0] + y[1] * y[1] + y[2] * y[2]
            }

            fn slope(k: &[f64; 3], y: &[f64; 3]) -> [f64; 3] {
                [
                    k[0] * y[1].cos() - y[0],
                    k[1] * y[2].sin() - 0.5 * y[1],
                    k[2] * y[0] - y[2] * y[2] * y[2],
                ]
            }

            fn moved(y: &[f64; 3], h: f64, a: &[f64; 3]) -> [f64; 3] {
                [y[0] + h * a[0], y[1] + h * a[1], y[2] + h * a[2]]
            }

            /// The same for any number of components, each of which drives the next.
            pub fn on_vectors(k: &[f64], start: f64, h: f64, steps: usize) -> f64 {
                let mut y = vec![start; k.len()];
                let mut slope = vec![0.0; k.len()];
                $($bound)*
                for step in 0..steps {
                    let h = h * counted(step);
                    for i in 0..y.len() {
                        let before = y[(i + y.len() - 1) % y.len()];
                        slope[i] = k[i] * before.sin() - y[i];
                    }
                    for i in 0..y.len() {
                        y[i] += h * slope[i];
                    }
                }
                y.iter().map(|y| y * y).sum()
            }
        }
    };
}

equation!(stored []);
equation!(saved [#[checkpoints(32)]]);

const STEPS_TAKEN: usize = 100_000;
const H: f64 = 1.0;
const PLACES: u64 = 32;

fn close(a: f64, b: f64) {
    let allowed = 1e-12 * 1f64.max(a.abs()).max(b.abs());
    assert!((a - b).abs() <= allowed, "{a} {b}");
}

/// What `f` returns, and how many steps it takes.
fn counting_steps<T>(f: impl FnOnce() -> T) -> (T, u64) {
    STEPS.set(0);
    let result = f();
    (result, STEPS.get() as u64)
}

/// How many ways there are to choose.
fn binomial(n: u64, k: u64) -> u64 {
    (1..=k).fold(1, |product, i| product * (n + 1 - i) / i)
}

/// A forward sweep; each step once more where it is reversed; and what the binomial schedule repeats.
fn assert_scheduled(runs: u64, steps: u64) {
    let r = (0..).find(|&r| binomial(PLACES + r, PLACES) >= steps);
    let r = r.unwrap_or_default();
    let repeated = r * steps - binomial(PLACES + r, PLACES + 1);
    // The forward sweep goes to the end, although the schedule would turn at the last step.
    let least = steps + repeated;
    assert!(
        (least..=least + PLACES).contains(&runs),
        "{runs}, not {least}"
    );
}

#[test]
fn an_array() {
    let k = [0.7, 1.1, 0.4];
    let ((expected, (d_k, d_start, d_h)), _) =
        counting_steps(|| stored::on_array_value_and_grad(&k, 0.3, H, STEPS_TAKEN));
    let mut d = ([0.0; 3], 0.0, 0.0);
    let into = |d: &mut ([f64; 3], f64, f64), steps| {
        saved::on_array_grad_into(&k, 0.3, H, steps, &mut d.0, &mut d.1, &mut d.2)
    };
    assert_eq!(bytes(|| into(&mut d, STEPS_TAKEN)), 0);
    let (value, runs) = counting_steps(|| into(&mut d, STEPS_TAKEN));
    assert_eq!(value, expected);
    (0..3).for_each(|i| close(d.0[i], d_k[i]));
    close(d.1, d_start);
    close(d.2, d_h);
    assert_scheduled(runs, STEPS_TAKEN as u64);
}

#[test]
fn vectors() {
    let k = [0.7, 1.1, 0.4, 0.9, 1.3];
    let (expected, (d_k, d_start, d_h)) =
        stored::on_vectors_value_and_grad(&k, 0.3, H, STEPS_TAKEN);
    let into = |steps| {
        let mut d = ([0.0; 5], 0.0, 0.0);
        let value = saved::on_vectors_grad_into(&k, 0.3, H, steps, &mut d.0, &mut d.1, &mut d.2);
        (value, d)
    };
    let ((value, d), runs) = counting_steps(|| into(STEPS_TAKEN));
    assert_eq!(value, expected);
    (0..5).for_each(|i| close(d.0[i], d_k[i]));
    close(d.1, d_start);
    close(d.2, d_h);
    assert_scheduled(runs, STEPS_TAKEN as u64);
    // Both vectors, once per saved state, and not much beside.
    let most = most_held(|| into(STEPS_TAKEN));
    let state = 2 * size_of_val(&k);
    assert!(most <= (PLACES as usize + 8) * state, "{most} bytes");
    assert!(most_held(|| stored::on_vectors_grad(&k, 0.3, H, STEPS_TAKEN)) > 100 * most);
}
