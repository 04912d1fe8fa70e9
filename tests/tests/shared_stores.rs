//! The runs of a loop inside others store into one `Vec`: as many allocations as there are loops, whatever the trip
//! counts; gradients against differences at runs of every length.

mod counting;

use counting::allocations;
use std::hint::black_box;
use tapeless::{differentiate, Inactive};

macro_rules! check {
    ($f:ident, $gradient:ident, ($($argument:expr),* $(,)?)) => {
        tapeless::assert_gradient!($f($($argument),*));
        assert_eq!($gradient($($argument),*).0.to_bits(), $f($($argument),*).to_bits());
    };
}

/// Three loops deep, all of them recorded.
#[differentiate]
fn recurrent(x: &[f64], k: f64, rounds: usize) -> f64 {
    let mut h = k;
    for i in 0..rounds {
        for v in x {
            h = (h * v).sin() + 0.1;
            for _ in 0..i {
                h = (h + v).cos();
            }
        }
        h += 0.5;
    }
    h
}

/// Runs of different lengths, none first.
#[differentiate]
fn triangle(x: &[f64], k: f64) -> f64 {
    let mut h = k;
    for i in 0..x.len() {
        for j in 0..i {
            h = (h * x[j]).sin() + x[i];
        }
    }
    h
}

/// The inner loops do not count, or only sometimes run.
#[differentiate]
fn exits(x: &[f64], k: f64, rounds: usize) -> f64 {
    let mut h = k;
    'rounds: for i in 0..rounds {
        let mut g = h.abs() + 0.1;
        while g < 3.0 {
            g = 1.4 * g + 0.2;
            if g > 2.5 && i % 2 == 0 {
                break;
            }
        }
        for v in x {
            if h > 2.0 && i % 3 == 1 {
                break;
            }
            if h < -5.0 {
                break 'rounds;
            }
            h = (h * v).sin() + 0.1 * g;
        }
        if h > 0.4 {
            for v in x {
                h = h * v.cos() - 0.1 * h * h;
                if *v < -0.9 {
                    continue 'rounds;
                }
            }
        }
        h *= 0.5;
    }
    h
}

/// Independent iterations, in each of which inner loops are recorded.
#[differentiate]
fn rows(x: &[f64], k: f64) -> f64 {
    let mut total = 0.0;
    for row in x.chunks(3) {
        let mut h = k;
        for _ in 0..2 {
            for v in row {
                h = (h * v).sin() + 0.4;
            }
        }
        total += h * h;
    }
    total
}

/// An inner loop of an array, whose records would fit on the stack.
#[differentiate]
fn fixed(w: &[f64; 3], k: f64, rounds: usize) -> f64 {
    let mut h = k;
    for _ in 0..rounds {
        for v in w {
            h = (h * v).sin() + 0.7;
        }
        for i in 0..2 {
            h = (h + w[i]).cos();
        }
    }
    h
}

/// Its own limit holds for an inner loop, run by run.
#[differentiate]
fn limited(x: &[f64], k: f64, rounds: usize) -> f64 {
    let mut h = k;
    for _ in 0..rounds {
        #[max_iters(4)]
        for v in x {
            h = (h * v).sin() + 0.7;
        }
    }
    h
}

/// The states of the outer loop are saved; an iteration is reversed as soon as it has run again.
#[differentiate]
fn resumed(x: &[f64], k: f64, rounds: usize) -> f64 {
    let mut h = k;
    #[checkpoints(3)]
    for _ in 0..rounds {
        for v in x {
            let mut g = h;
            while g > 0.2 {
                g = 0.5 * g * g;
            }
            h = (h * v).sin() + 0.7 * g;
        }
    }
    h
}

fn points() -> [Vec<f64>; 4] {
    [0, 1, 3, 7].map(|n| (0..n).map(|i| (1.3 * i as f64 + 0.4).sin()).collect())
}

#[test]
fn gradients_agree_with_differences() {
    for x in points() {
        for k in [-0.8, 0.3, 1.9] {
            check!(triangle, triangle_value_and_grad, (&x, k));
            check!(rows, rows_value_and_grad, (&x, k));
            for rounds in [0, 1, 2, 5] {
                check!(recurrent, recurrent_value_and_grad, (&x, k, rounds));
                check!(exits, exits_value_and_grad, (&x, k, rounds));
                check!(resumed, resumed_value_and_grad, (&x, k, rounds));
                check!(fixed, fixed_value_and_grad, (&[0.9, -1.2, k], k, rounds));
                if x.len() < 4 {
                    check!(limited, limited_value_and_grad, (&x, k, rounds));
                }
            }
        }
    }
}

#[test]
#[should_panic(expected = "ran more than 4 times")]
fn a_limit_is_kept() {
    let _ = limited_grad(&[1.0; 5], 0.3, 2);
}

#[test]
fn a_vec_per_loop() {
    for rounds in [1, 10, 1000] {
        let k = black_box(0.4);
        let of_arrays = allocations(|| {
            let (mut d_w, mut d_k) = ([0.0; 3], 0.0);
            fixed_vjp(&[0.9; 3], k, rounds, 1.0, &mut d_w, &mut d_k, Inactive)
        });
        assert_eq!(of_arrays, 2, "{rounds} rounds");
    }
    let (x, mut d_x, mut d_k) = ([0.3; 40], [0.0; 40], 0.0);
    let of_runs = allocations(|| triangle_vjp(black_box(&x), 0.4, 1.0, &mut d_x[..], &mut d_k));
    assert!(of_runs < 10, "{of_runs}");
}

/// A vector that is overwritten from end to end in the inner loop, after it was read.
#[differentiate]
fn overwritten(x: &[f64], k: f64, rounds: usize) -> f64 {
    let n = x.len();
    let mut carried = vec![k; n];
    let mut input = vec![0.5; n];
    let mut total = 0.0;
    for _ in 0..rounds {
        for layer in 0..3 {
            for i in 0..n {
                carried[i] = (0.4 * carried[i] * input[i]).sin() + 0.3 * x[i] * f64::from(layer);
            }
            input.copy_from_slice(&carried);
        }
        for v in &input {
            total += v * v;
        }
    }
    total
}

#[test]
fn copies_of_vectors_share_a_store() {
    for x in points() {
        for rounds in [0, 1, 2, 5] {
            check!(overwritten, overwritten_value_and_grad, (&x, 0.7, rounds));
        }
    }
}

/// A vector whose length the record of an iteration has: its cotangent is made in the iteration.
#[differentiate]
fn remade(x: &[f64], k: f64) -> f64 {
    let mut t = k;
    let mut w = [k.sin()];
    let mut count = 0;
    loop {
        count += 1;
        let mut own: Vec<f64> = w.iter().map(|v| 2.0 * v).collect();
        own[0] = own[0] * t;
        t *= own[0] + w[0];
        if count > x.len() {
            break;
        }
        w[0] *= own[0].tanh() + x[count - 1];
    }
    t
}

#[test]
fn vectors_made_in_iterations_that_leave() {
    for x in points() {
        check!(remade, remade_value_and_grad, (&x, 0.7));
    }
}
