//! `#[checkpoints(N)]` against the same loop with all of its states stored: the same gradients, since the same
//! operations run in the same order.

use tapeless::check::finite_difference::central;
use tapeless::{differentiate, Differentiable};

/// Expands the functions under each bound, in modules that are called by it. `#[bound]` does not expand in attribute
/// position, so the functions are a macro of the bound.
macro_rules! under_each_bound {
    ($functions:ident) => {
        mod stored {
            use super::*;
            $functions!(#[max_iters(64)]);
        }
        mod few {
            use super::*;
            $functions!(#[checkpoints(2)]);
        }
        mod many {
            use super::*;
            $functions!(#[checkpoints(80)]);
        }
    };
}

/// Holds the gradients under all bounds against each other, and the value against the function's own.
macro_rules! agree {
    ($f:ident, $gradient:ident, ($($argument:expr),*)) => {
        let expected = stored::$gradient($($argument),*);
        assert_eq!(expected.0, stored::$f($($argument),*));
        assert_eq!(few::$gradient($($argument),*), expected);
        assert_eq!(many::$gradient($($argument),*), expected);
    };
}

#[derive(Clone, Copy, Debug, Differentiable)]
struct State {
    angle: f64,
    speed: f64,
}

#[differentiate(wrt(state, gain))]
fn swing(state: State, gain: f64, step: f64) -> State {
    let speed = state.speed - step * gain * state.angle.sin();
    State {
        angle: state.angle + step * speed,
        speed,
    }
}

macro_rules! functions {
    (#[$bound:meta]) => {
        /// Scalars.
        #[differentiate(wrt(rate, start))]
        pub fn map(rate: f64, start: f64, steps: usize) -> f64 {
            let mut x = start;
            let mut sum = 0.0;
            #[$bound]
            for step in 0..steps {
                x = rate * x * (1.0 - x) + 0.001 * step as f64;
                sum += x * x;
            }
            sum + x
        }

        /// Ranges that do not start at zero, go backwards, or in steps.
        #[differentiate(wrt(rate))]
        pub fn ranges(rate: f64, from: usize, to: usize) -> f64 {
            let mut x = 0.3;
            #[$bound]
            for step in from..=to {
                x = rate * x * (1.0 - x) + 0.01 * step as f64;
            }
            #[$bound]
            for step in (from..to).rev() {
                x = rate * x * (1.0 - x) - 0.01 * step as f64;
            }
            #[$bound]
            for step in (from..to).step_by(3) {
                x = rate * x * (1.0 - x) + 0.001 * step as f64;
            }
            x
        }

        /// Contents of arrays, under a branch.
        #[differentiate]
        pub fn filtered(x: &[f64; 20]) -> f64 {
            let mut h = [1.0, 0.5];
            #[$bound]
            for &xi in x {
                let z = h[0] * xi + h[1];
                if z > 0.0 {
                    h[0] = z.tanh();
                } else {
                    h[1] *= 0.9;
                }
            }
            h[0] + h[1]
        }

        /// A state in a struct, handed through a call.
        #[differentiate(wrt(gain))]
        pub fn pendulum(gain: f64, steps: usize) -> f64 {
            let mut state = State {
                angle: 1.0,
                speed: 0.0,
            };
            let mut sum = 0.0;
            #[$bound]
            for _ in 0..steps {
                state = swing(state, gain, 0.05);
                let angle: f64 = state.angle;
                sum += angle * angle;
            }
            sum
        }

        /// As long as it takes.
        #[differentiate(wrt(a))]
        pub fn root(a: f64, close: f64) -> f64 {
            let mut x = a;
            #[$bound]
            while (x * x - a).abs() > close {
                x = 0.5 * (x + a / x);
            }
            x
        }

        /// Left in the middle.
        #[differentiate(wrt(rate))]
        pub fn until(rate: f64, most: f64) -> f64 {
            let mut total = 1.0;
            let mut steps = [0.0; 3];
            #[$bound]
            for year in 0..50 {
                steps[year % 3] = rate * total;
                total += steps[year % 3] * total.sqrt();
                if total > most {
                    break;
                }
            }
            total * steps[1]
        }

        /// One in the other.
        #[differentiate(wrt(rate))]
        pub fn nested(rate: f64, rows: usize, columns: usize) -> f64 {
            let mut x = 0.4;
            #[$bound]
            for row in 0..rows {
                let mut y = x * x;
                #[$bound]
                for _ in 0..columns + row {
                    y = rate * y * (1.0 - y);
                }
                x = (x + y).sin();
            }
            x
        }

        /// In each iteration of a sum, which stores nothing itself.
        #[differentiate]
        pub fn summed(x: &[f64; 5]) -> f64 {
            let mut sum = 0.0;
            for &start in x {
                let mut y = start;
                #[$bound]
                for _ in 0..7 {
                    y = 1.5 * y * (1.0 - y);
                }
                sum += y.ln();
            }
            sum
        }
    };
}

under_each_bound!(functions);

#[test]
fn scalars() {
    for steps in 0..40 {
        agree!(map, map_value_and_grad, (3.1, 0.3, steps));
    }
}

#[test]
fn ranges() {
    agree!(ranges, ranges_value_and_grad, (2.0, 3, 17));
    agree!(ranges, ranges_value_and_grad, (2.0, 3, 3));
}

#[test]
fn arrays() {
    let x = core::array::from_fn(|i| (1.7 * i as f64).sin());
    agree!(filtered, filtered_value_and_grad, (&x));
}

#[test]
fn structs() {
    agree!(pendulum, pendulum_value_and_grad, (9.81, 33));
}

#[test]
fn unknown_trip_counts() {
    agree!(root, root_value_and_grad, (7.0, 1e-12));
    agree!(root, root_value_and_grad, (1.0, 1e-12));
    agree!(until, until_value_and_grad, (0.05, 6.0));
    agree!(until, until_value_and_grad, (0.001, 6.0));
}

#[test]
fn nested() {
    agree!(nested, nested_value_and_grad, (2.7, 6, 4));
    agree!(nested, nested_value_and_grad, (2.7, 0, 4));
    agree!(summed, summed_value_and_grad, (&[0.1, 0.2, 0.3, 0.4, 0.6]));
}

/// In place: after the sibling the buffer holds what the function would have left in it.
#[differentiate]
fn relax(x: &mut [f64; 4], rate: f64, steps: usize) {
    #[checkpoints(3)]
    for step in 0..steps {
        let at = step % 4;
        x[at] = rate * x[at] * (1.0 - x[(step + 1) % 4]);
    }
}

#[test]
fn in_place() {
    let start = [0.3, 0.5, 0.7, 0.2];
    let (mut x, mut d_x, mut d_rate) = (start, [1.0; 4], 0.0);
    relax_vjp(&mut x, 2.0, 11, &mut d_x, &mut d_rate, ());
    let sum = |start: [f64; 4], rate: f64| {
        let mut x = start;
        relax(&mut x, rate, 11);
        (x, x.iter().sum::<f64>())
    };
    assert_eq!(x, sum(start, 2.0).0);
    let step = 1e-6;
    let slope = (sum(start, 2.0 + step).1 - sum(start, 2.0 - step).1) / (2.0 * step);
    assert!((slope - d_rate).abs() < 1e-8, "{slope} against {d_rate}");
    for at in 0..4 {
        let moved = |by: f64| {
            let mut moved = start;
            moved[at] += by;
            sum(moved, 2.0).1
        };
        let slope = (moved(step) - moved(-step)) / (2.0 * step);
        assert!(
            (slope - d_x[at]).abs() < 1e-8,
            "{slope} against {}",
            d_x[at]
        );
    }
}

/// A vector leaves through a loop inside of an arm.
#[differentiate]
fn left_with_a_vector(v: [f64; 3], x: f64) -> Vec<f64> {
    if v[2] >= v[0] {
        let mut y = x;
        let mut count = 0;
        #[checkpoints(2)]
        while count < 4 {
            count += 1;
            y = y.sin() + v[1];
            if y > 0.9 {
                return vec![y * v[0], v[1]];
            }
        }
    }
    v.iter().map(|v| v * x).collect()
}

#[test]
fn vectors_leave_through_loops() {
    for v in [[0.4, 0.3, 0.8], [0.4, 0.05, 0.8], [0.4, 0.3, 0.1]] {
        for x in [0.2, 0.7, 1.4] {
            let weights = [0.7, -1.3, 0.4];
            let out = left_with_a_vector(v, x);
            let (mut d_v, mut d_x) = ([0.0; 3], 0.0);
            let seed = weights[..out.len()].to_vec();
            left_with_a_vector_vjp(v, x, seed, &mut d_v, &mut d_x);
            let weighed = |at: &[f64]| {
                let out = left_with_a_vector([at[0], at[1], at[2]], at[3]);
                out.iter().zip(weights).map(|(out, w)| out * w).sum::<f64>()
            };
            let expected = central(weighed, &[v[0], v[1], v[2], x]);
            for (got, expected) in d_v.iter().chain([&d_x]).zip(expected) {
                assert!((got - expected).abs() < 1e-7, "{v:?} {x}: {got} {expected}");
            }
        }
    }
}
