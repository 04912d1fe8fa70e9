//! Loops that keep the largest or smallest: against the same function without a loop, ties and NaN included.

use tapeless::{assert_gradient, differentiate};

#[differentiate]
fn looped(x: &[f64], start: f64) -> f64 {
    let mut m = start;
    for v in x {
        let square = v * v - 1.0;
        m = m.max(square);
    }
    m * m + 3.0 * m
}

#[differentiate]
fn straight(x: &[f64], start: f64) -> f64 {
    let a = start.max(x[0] * x[0] - 1.0);
    let b = a.max(x[1] * x[1] - 1.0);
    let c = b.max(x[2] * x[2] - 1.0);
    let m = c.max(x[3] * x[3] - 1.0);
    m * m + 3.0 * m
}

#[differentiate]
fn least(x: &[f64], k: f64) -> f64 {
    x.iter()
        .map(|v| (v * k).abs())
        .fold(f64::INFINITY, f64::min)
        * k
}

#[differentiate]
fn least_straight(x: &[f64], k: f64) -> f64 {
    let all = [
        (x[0] * k).abs(),
        (x[1] * k).abs(),
        (x[2] * k).abs(),
        (x[3] * k).abs(),
    ];
    f64::min(
        f64::min(f64::min(f64::min(f64::INFINITY, all[0]), all[1]), all[2]),
        all[3],
    ) * k
}

/// Numbers to be compared, NaN as well. The slope of `x²` at a NaN is left out: without a loop it is `0 * NaN`.
fn text(of: (f64, (Vec<f64>, f64)), x: &[f64]) -> String {
    let slopes = of.1 .0.iter().zip(x).filter(|(_, x)| !x.is_nan());
    let slopes: Vec<f64> = slopes.map(|(d, _)| d + 0.0).collect();
    format!("{:?} {slopes:?} {:?}", of.0, of.1 .1)
}

#[test]
fn as_without_a_loop() {
    let values = [-2.0, -1.0, 0.0, 1.0, 2.0, f64::NAN];
    for code in 0..6usize.pow(4) {
        let x: Vec<f64> = (0..4u32)
            .map(|i| values[code / 6usize.pow(i) % 6])
            .collect();
        for start in [-5.0, 0.0, 3.0, f64::NAN] {
            let (a, b) = (
                looped_value_and_grad(&x, start),
                straight_value_and_grad(&x, start),
            );
            assert_eq!(text(a, &x), text(b, &x), "{x:?} from {start}");
        }
        if x.iter().all(|x| !x.is_nan()) {
            let (a, b) = (
                least_value_and_grad(&x, 1.5),
                least_straight_value_and_grad(&x, 1.5),
            );
            assert_eq!(text(a, &x), text(b, &x), "{x:?}");
        }
    }
}

/// A loop that starts from a number, and the same without a loop.
macro_rules! from_a_number {
    ($looped:ident, $straight:ident, $start:expr, |$m:ident, $v:ident| $next:expr) => {
        #[differentiate]
        fn $looped(x: &[f64]) -> f64 {
            let mut $m = $start;
            for i in 0..x.len() {
                let $v = x[i].abs() - 1.0;
                $m = $next;
            }
            $m * $m
        }

        #[differentiate]
        fn $straight(x: &[f64]) -> f64 {
            let $m = $start;
            let $v = x[0].abs() - 1.0;
            let $m = $next;
            let $v = x[1].abs() - 1.0;
            let $m = $next;
            let $v = x[2].abs() - 1.0;
            let $m = $next;
            $m * $m
        }
    };
}

from_a_number!(greatest, greatest_straight, f64::NEG_INFINITY, |m, v| m
    .max(v));
from_a_number!(greatest_last, greatest_last_straight, 0.0, |m, v| v.max(m));
from_a_number!(smallest, smallest_straight, f64::MAX, |m, v| m.min(v));
from_a_number!(smallest_last, smallest_last_straight, 0.0, |m, v| f64::min(
    v, m
));

#[test]
fn from_numbers_past_nan() {
    let values = [-2.0, -1.0, 0.0, 1.0, 2.0, f64::NAN];
    for code in 0..6usize.pow(3) {
        let x: Vec<f64> = (0..3u32)
            .map(|i| values[code / 6usize.pow(i) % 6])
            .collect();
        let text = |(value, slopes)| text((value, (slopes, 0.0)), &x);
        for (looped, straight) in [
            (
                greatest_value_and_grad(&x),
                greatest_straight_value_and_grad(&x),
            ),
            (
                greatest_last_value_and_grad(&x),
                greatest_last_straight_value_and_grad(&x),
            ),
            (
                smallest_value_and_grad(&x),
                smallest_straight_value_and_grad(&x),
            ),
            (
                smallest_last_value_and_grad(&x),
                smallest_last_straight_value_and_grad(&x),
            ),
        ] {
            assert_eq!(text(looped), text(straight), "{x:?}");
        }
    }
}

#[test]
fn nothing_to_keep() {
    assert_eq!(looped_grad(&[], 2.0), (vec![], 7.0));
    assert_eq!(least_grad(&[], 2.0), (vec![], f64::INFINITY));
}

/// By a branch, with the place kept beside the value; nested; with memory of the iteration's own.
#[differentiate]
fn nearest(centres: &[f64], points: &[f64]) -> f64 {
    let mut total = 0.0;
    for p in points {
        let (mut best, mut at) = (f64::INFINITY, 0);
        for (i, c) in centres.iter().enumerate() {
            let mut parts = [0.0; 2];
            for (j, part) in parts.iter_mut().enumerate() {
                *part = (c - p) * (j as f64 + 1.0);
            }
            let d = parts[0] * parts[1] + parts[1].sin();
            if d < best {
                best = d;
                at = i;
            }
        }
        total += best * centres[at];
    }
    total
}

/// What is compared reads what the loop carries besides: left to the general reverse.
#[differentiate]
fn carrying(x: &[f64]) -> f64 {
    let mut m = x[0];
    let mut sign = 1;
    for v in x {
        m = m.max(v * f64::from(sign));
        sign = -sign;
    }
    m.exp()
}

#[differentiate]
fn single(x: &[f32]) -> f32 {
    x.iter().copied().fold(f32::NEG_INFINITY, f32::max).sin()
}

#[differentiate]
fn generic<T: tapeless::Real>(x: &[T]) -> T {
    let mut m = x[0];
    for v in &x[1..] {
        m = m.min(*v * *v);
    }
    m * m
}

/// The slope of the result comes from a later loop, and the extreme is read in between.
#[differentiate]
fn shifted(x: &[f64], y: &mut [f64]) -> f64 {
    let top = x.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    for (y, x) in y.iter_mut().zip(x) {
        *y = (x - top).exp();
    }
    let sum: f64 = y.iter().sum();
    top * sum.ln() + sum
}

/// All tie. What the ties are found by comes out as the first time, to the last bit, although the reverse has more
/// divisions by the same number.
#[differentiate]
fn all_alike(x: &[f64], b: f64, c: f64) -> f64 {
    let top = x
        .iter()
        .map(|_| b / (c.abs() + 0.4))
        .fold(f64::NEG_INFINITY, f64::max);
    top.sin()
}

#[test]
fn ties_of_quotients() {
    for n in [1, 2, 3, 5] {
        let x = vec![0.0; n];
        for b in [0.1, 0.7, 1.3, 2.9, 5.3] {
            assert_gradient!(all_alike(&x, b, 1.5));
        }
    }
}

#[test]
fn by_differences() {
    for n in [1, 2, 7] {
        let x: Vec<f64> = (0..n).map(|i| (2.3 * i as f64).sin() + 0.2).collect();
        let p: Vec<f64> = (0..3).map(|i| (1.1 * i as f64).cos()).collect();
        assert_gradient!(nearest(&x, &p));
        assert_gradient!(carrying(&x));
        assert_gradient!(generic(&x));
        let single_x: Vec<f32> = x.iter().map(|v| *v as f32).collect();
        assert_gradient!(single(&single_x));
        let f = |x: &[f64]| shifted(x, &mut vec![0.0; x.len()]);
        let (mut d_x, mut d_y) = (vec![0.0; n], vec![0.0; n]);
        let mut y = vec![0.0; n];
        shifted_vjp(&x, &mut y, 1.0, &mut d_x, &mut d_y);
        for (i, d) in d_x.iter().enumerate() {
            let at = |h: f64| {
                let mut x = x.clone();
                x[i] += h;
                f(&x)
            };
            approx::assert_relative_eq!(*d, (at(1e-6) - at(-1e-6)) / 2e-6, epsilon = 1e-7);
        }
    }
}

#[differentiate]
fn largest(x: &[f64], from: usize) -> f64 {
    let mut m = f64::NEG_INFINITY;
    for i in from..x.len() {
        m = m.max(2.0 * x[i]);
    }
    m
}

#[differentiate]
fn smallest_byte_by_byte(x: &[f64], n: u8) -> f64 {
    let mut m = f64::INFINITY;
    for i in 0..n {
        m = m.min(x[usize::from(i)]);
    }
    m
}

/// Of several that tie the last has half of the weight, the one before a quarter, and the first what is left.
fn weights(x: &[f64], from: usize, best: f64) -> Vec<f64> {
    let mut weights = vec![0.0; x.len()];
    let mut left = 1.0;
    let mut ties = (from..x.len()).rev().filter(|&i| x[i] == best).peekable();
    while let Some(i) = ties.next() {
        weights[i] = if ties.peek().is_some() {
            0.5 * left
        } else {
            left
        };
        left *= 0.5;
    }
    weights
}

#[test]
fn ties_far_apart() {
    let ends = [0, 1, 31, 32, 33, 63, 64, 65, 95, 96, 130];
    for (n, from) in ends.iter().flat_map(|n| [(*n, 0), (*n, 1), (*n, 40)]) {
        for (a, b, c) in [
            (0, 0, 0),
            (0, 31, 32),
            (40, 41, 96),
            (1, 64, 129),
            (32, 63, 95),
        ] {
            let at = [a, b, c].map(|at| at.min(n.max(1) - 1));
            let x: Vec<f64> = (0..n)
                .map(|i| {
                    if at.contains(&i) {
                        2.5
                    } else {
                        (i as f64).sin()
                    }
                })
                .collect();
            let m = x
                .iter()
                .skip(from)
                .copied()
                .fold(f64::NEG_INFINITY, f64::max);
            let expected: Vec<f64> = weights(&x, from, m).iter().map(|w| 2.0 * w).collect();
            assert_eq!(
                largest_value_and_grad(&x, from),
                (2.0 * m, expected),
                "{n} {from}"
            );
            let y: Vec<f64> = x.iter().map(|v| -v).collect();
            let m = y.iter().copied().fold(f64::INFINITY, f64::min);
            let n = u8::try_from(n).unwrap();
            assert_eq!(
                smallest_byte_by_byte_value_and_grad(&y, n),
                (m, weights(&y, 0, m))
            );
        }
    }
}

#[test]
fn ties_passed_by_later_ones() {
    for (low, high) in [(3, 5), (31, 32), (10, 70), (33, 63), (64, 127), (96, 97)] {
        for other in [f64::NAN, f64::NEG_INFINITY, -1.0] {
            let mut x = vec![other; 130];
            for at in [0, low, low + 1] {
                x[at] = 2.5;
            }
            let before = x.clone();
            for at in [high, 129] {
                x[at] = 3.0;
            }
            for (x, m) in [(before, 2.5), (x, 3.0)] {
                let expected: Vec<f64> = weights(&x, 0, m).iter().map(|w| 2.0 * w).collect();
                assert_eq!(largest_value_and_grad(&x, 0), (2.0 * m, expected));
            }
        }
    }
    // What the loop starts from ties as well.
    let expected: Vec<f64> = (0..40).map(|i| 2.0 * 0.5f64.powi(40 - i)).collect();
    let start = [f64::NEG_INFINITY; 40];
    assert_eq!(largest_value_and_grad(&start, 0).1, expected);
}
