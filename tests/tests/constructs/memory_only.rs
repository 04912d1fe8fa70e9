//! Scratch vectors of an iteration that depends on the one before: what they held at its end is read in the reverse sweep,
//! or all that is read has been restored before.

use tapeless::{assert_gradient, differentiate};

/// All elements are restored, one by one, before any is read.
#[differentiate]
fn all(x: &[f64], rounds: usize) -> f64 {
    let mut z = vec![0.0; x.len()];
    let mut total = 0.3;
    for _ in 0..rounds {
        for i in 0..z.len() {
            z[i] = x[i] * total;
        }
        for i in 0..z.len() {
            z[i] *= z[i].sin() * z[z.len() - 1 - i];
        }
        for i in 0..z.len() {
            z[i] *= x[i];
            total += z[i].exp();
        }
        total = total.ln_1p();
    }
    total
}

/// Restored as a whole, in an inner loop that may not run.
#[differentiate]
fn at_once(x: &[f64], layers: usize, rounds: usize) -> f64 {
    let n = x.len();
    let mut z = vec![0.0; n];
    let mut state = x.to_vec();
    let mut total = 0.3;
    for _ in 0..rounds {
        for i in 0..n {
            z[i] = x[i] * 0.5;
        }
        for _ in 0..layers {
            for i in 0..n {
                state[i] = (state[i] * z[i]).cos() + z[n - 1 - i];
            }
            z.copy_from_slice(&state);
        }
        for i in 0..n {
            total += z[i] * 0.1;
        }
    }
    total * total
}

/// The second half is never overwritten, and read.
#[differentiate]
fn half(x: &[f64], rounds: usize) -> f64 {
    let n = x.len();
    let mut z = vec![0.0; n];
    let mut total = 0.3;
    for _ in 0..rounds {
        for i in 0..n {
            z[i] = x[i] * total;
        }
        for i in 0..n / 2 {
            z[i] *= z[i].sin() * z[n - 1 - i];
        }
        for i in 0..n {
            total += z[i] / n as f64;
        }
    }
    total
}

/// Overwritten in some iterations, read in all; those that are not overwritten are read across.
#[differentiate]
fn sometimes(x: &[f64], rounds: usize) -> f64 {
    let n = x.len();
    let mut z = vec![0.0; n];
    let mut total = 0.3;
    for r in 0..rounds {
        for i in 0..n {
            z[i] = x[i] * total;
        }
        if r % 2 == 0 {
            for i in 0..n {
                z[i] *= z[i].sin();
            }
        }
        let mut next = total;
        for i in 0..n {
            next += z[i] * z[n - 1 - i];
        }
        total = next.sin();
    }
    total
}

/// Overwritten backwards, while the next element is read.
#[differentiate]
fn across(x: &[f64], rounds: usize) -> f64 {
    let n = x.len();
    let mut z = vec![0.0; n];
    let mut total = 0.3;
    for _ in 0..rounds {
        for i in 0..n {
            z[i] = x[i] * total;
        }
        for i in 0..n {
            z[i] *= z[n - 1 - i].sin();
        }
        for i in 0..n {
            total += z[i] / n as f64;
        }
    }
    total
}

/// Its last elements are read at a place that data tell.
#[differentiate]
fn picked(x: &[f64], at: usize, rounds: usize) -> f64 {
    let n = x.len();
    let mut z = vec![0.0; n];
    let mut total = 0.3;
    for _ in 0..rounds {
        for i in 0..n {
            z[i] = x[i] * total;
        }
        for i in 0..n {
            z[i] *= z[i].sin() * z[at];
        }
        for i in 0..n {
            total += z[i].exp();
        }
        total = total.sin();
    }
    total
}

#[test]
fn restored_or_kept() {
    for n in 0..5 {
        let x: Vec<f64> = (0..n).map(|i| 0.4 - 0.3 * f64::from(i)).collect();
        for rounds in 0..4 {
            assert_gradient!(all(&x, rounds));
            assert_gradient!(half(&x, rounds));
            assert_gradient!(sometimes(&x, rounds));
            assert_gradient!(across(&x, rounds));
            for layers in 0..3 {
                assert_gradient!(at_once(&x, layers, rounds));
            }
        }
    }
    for at in 0..3 {
        assert_gradient!(picked(&[0.4, 0.7, -0.2], at, 3));
    }
}
