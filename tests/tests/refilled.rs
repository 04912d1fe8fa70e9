//! Scratch memory that an iteration fills more than once: each filling is memory of its own, which a record takes as it
//! is, where it is known that all of it is filled.

mod counting;

use counting::allocations;
use tapeless::{assert_gradient, differentiate, Real};

/// Three points of a step in one vector, each from the one before.
#[differentiate]
fn thrice(x: &[f64], steps: usize) -> f64 {
    let n = x.len();
    let mut y = vec![0.5; n];
    let mut point = vec![0.0; n];
    let mut slope = vec![0.0; n];
    for _ in 0..steps {
        for i in 0..n {
            point[i] = y[i] * x[i];
        }
        for i in 0..n {
            slope[i] = point[i] * point[n - 1 - i];
        }
        for i in 0..n {
            point[i] = y[i] + 0.1 * slope[i];
        }
        for i in 0..n {
            slope[i] = point[i] * point[n - 1 - i].sin();
        }
        for i in 0..n {
            point[i] = y[i] - 0.2 * slope[i] * x[i];
        }
        for i in 0..n {
            y[i] += 0.01 * point[i] * point[n - 1 - i];
        }
    }
    y.iter().sum()
}

/// The second time, the first element stays what it was.
#[differentiate]
fn but_the_first(x: &[f64], steps: usize) -> f64 {
    let n = x.len();
    let mut y = vec![0.3; n];
    let mut point = vec![0.0; n];
    let mut total = 0.0;
    for _ in 0..steps {
        for i in 0..n {
            point[i] = y[i] * x[i];
        }
        for i in 0..n {
            total += point[i] * x[n - 1 - i];
        }
        for i in 1..n {
            point[i] = total * x[i];
        }
        for i in 0..n {
            y[i] += 0.1 * point[i] * point[n - 1 - i];
        }
    }
    total + y.iter().product::<f64>()
}

/// The second filling is made of the first.
#[differentiate]
fn of_itself(x: &[f64], steps: usize) -> f64 {
    let n = x.len();
    let mut y = vec![0.3; n];
    let mut point = vec![0.0; n];
    for _ in 0..steps {
        for i in 0..n {
            point[i] = y[i] * x[i];
        }
        for i in 0..n {
            y[i] += point[i] * point[n - 1 - i];
        }
        for i in 0..n {
            point[i] = point[i].sin() * x[i];
        }
        for i in 0..n {
            y[i] -= 0.5 * point[i] * point[n - 1 - i];
        }
    }
    y.iter().sum()
}

/// Filled again in some iterations only, or half.
#[differentiate]
fn at_times(x: &[f64], steps: usize) -> f64 {
    let n = x.len();
    let mut y = vec![0.3; n];
    let mut point = vec![0.0; n];
    for step in 0..steps {
        for i in 0..n {
            point[i] = y[i] * x[i];
        }
        for i in 0..n {
            y[i] += point[i] * point[n - 1 - i];
        }
        if step % 2 == 1 {
            for i in 0..n {
                point[i] = y[i] + x[i];
            }
        }
        for i in 0..n {
            if x[i] > 0.5 {
                point[i] = y[i] * 0.5;
            }
        }
        for i in 0..n {
            y[i] += 0.1 * point[i] * point[n - 1 - i];
        }
    }
    y.iter().sum()
}

/// Filled again behind a way out of the loop, and asked for its length.
#[differentiate]
fn until(x: &[f64], steps: usize) -> f64 {
    let n = x.len();
    let mut y = vec![0.4; n];
    let mut point = vec![0.0; n];
    for step in 0..steps {
        for i in 0..n {
            point[i] = y[i] * x[i];
        }
        for i in 0..n {
            y[i] += 0.1 * point[i] * point[n - 1 - i];
        }
        if n > 0 && y[0] > 0.9 {
            break;
        }
        for i in 0..n {
            point[i] = y[i] + step as f64 * x[i];
        }
        for i in 0..point.len() {
            y[i] += 0.1 * point[i].cos() * point[n - 1 - i] / point.len() as f64;
        }
    }
    y.iter().sum()
}

/// A matrix of rounds, in whose inner loop the memory is filled twice; through a function, and one that adds up only.
#[differentiate]
fn nested(x: &[f64], rounds: usize) -> f64 {
    let n = x.len();
    let mut total = 0.0;
    for round in 0..rounds {
        let mut row = vec![0.0; n];
        for turn in 0..2 {
            for i in 0..n {
                row[i] = x[i] * (round + turn) as f64 + total;
            }
            total += 0.01 * norm(&row);
            for i in 0..n {
                row[i] = x[i].sin() - total;
            }
            total += 0.1 * row.iter().sum::<f64>();
            for i in 0..n {
                row[i] = total * x[i];
            }
            total += 0.01 * norm(&row);
        }
    }
    total
}

#[differentiate]
fn norm(x: &[f64]) -> f64 {
    x.iter().map(|x| x * x).sum()
}

/// Of a generic float, given away at last.
#[differentiate]
fn generic<T: Real>(x: &[T], steps: usize) -> Vec<T> {
    let n = x.len();
    let mut rows = x.to_vec();
    for _ in 0..steps {
        let mut point = vec![T::zero(); n];
        for i in 0..n {
            point[i] = rows[i] * x[i];
        }
        for i in 0..n {
            rows[i] = rows[i] + point[i] * point[n - 1 - i];
        }
        for i in 0..n {
            point[i] = rows[i].sin();
        }
        rows = point;
    }
    rows
}

#[differentiate]
fn through_generic(x: &[f64], steps: usize) -> f64 {
    let rows = generic(x, steps);
    let mut total = 0.0;
    for i in 0..rows.len() {
        total += rows[i] * rows[rows.len() - 1 - i];
    }
    total
}

#[test]
fn against_differences() {
    for n in 0..5 {
        let x: Vec<f64> = (0..n).map(|i| 0.6 + 0.3 * (1.7 * i as f64).sin()).collect();
        for steps in [0, 1, 2, 5] {
            assert_gradient!(thrice(&x, steps));
            assert_gradient!(but_the_first(&x, steps));
            assert_gradient!(of_itself(&x, steps));
            assert_gradient!(at_times(&x, steps));
            assert_gradient!(until(&x, steps));
            assert_gradient!(nested(&x, steps));
            assert_gradient!(through_generic(&x, steps));
        }
    }
}

/// Few are kept, many are computed again: the gradients are the same.
#[test]
fn few_and_many() {
    // Beyond 131,072 numbers in all nothing is kept; the gradient of `n` equal components is theirs.
    let component = |n: usize, steps: usize| thrice_grad(&vec![0.7; n], steps)[n / 3];
    for (n, steps) in [(3_000, 20), (50_000, 2)] {
        let (few, many) = (component(2, steps), component(n, steps));
        assert!((few - many).abs() <= 1e-12 * few.abs(), "{few} {many}");
    }
}

/// A step that is kept takes five allocations, its state, its points and its second slope; they are not copied.
#[test]
fn a_point_is_allocated_once() {
    let x = [0.7; 40];
    let of = |steps: usize| allocations(|| thrice_grad(&x, steps));
    assert_eq!(of(30) - of(20), 10 * 5);
}
