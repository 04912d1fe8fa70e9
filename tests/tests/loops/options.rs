//! Loops and chains over options and results: one item, or none.

#![expect(for_loops_over_fallibles, reason = "people write such loops")]

use tapeless::differentiate;

#[differentiate]
fn collected(a: f64, some: bool) -> f64 {
    let square = if some { Some(a * a) } else { None };
    let taken: Vec<f64> = square.into_iter().collect();
    taken.iter().sum::<f64>() + square.iter().map(|x| x * a).sum::<f64>()
}

#[differentiate]
fn chained(xs: &[f64], a: f64, some: bool) -> f64 {
    let last = if some { Some(a) } else { None };
    let all = xs.iter().copied().chain(last).chain(xs.first().copied());
    all.map(|x| x * x).sum()
}

#[differentiate]
fn popped(xs: &[f64]) -> f64 {
    let mut xs = xs.to_vec();
    let mut total = 0.0;
    for x in xs.pop() {
        total += x * x;
    }
    total + xs.last().into_iter().map(|x| x * x * x).sum::<f64>()
}

#[differentiate]
fn left_early(xs: &[f64], a: f64) -> f64 {
    let mut total = a;
    for x in xs.first() {
        if *x > 1.0 {
            break;
        }
        total *= x * a;
    }
    total
}

#[differentiate]
fn in_place(a: f64, some: bool) -> f64 {
    let mut changed = if some { Some(a) } else { None };
    for x in changed.iter_mut() {
        *x *= *x;
    }
    changed.iter_mut().for_each(|x| *x *= 3.0);
    changed.into_iter().chain(changed).map(|x| x * a).sum()
}

#[differentiate]
fn results(a: f64, fails: bool) -> f64 {
    let root: Result<f64, &str> = if fails { Err("negative") } else { Ok(a.sqrt()) };
    root.iter().map(|x| x * a).sum::<f64>() + root.into_iter().fold(a, |sum, x| sum * x)
}

#[test]
fn against_differences() {
    let lengths = [&[][..], &[0.5], &[2.0, 0.25, 0.75]];
    for some in [false, true] {
        check!(collected, collected_value_and_grad, (1.5, some));
        check!(in_place, in_place_value_and_grad, (1.5, some));
        check!(results, results_value_and_grad, (1.5, some));
        for xs in lengths {
            check!(chained, chained_value_and_grad, (xs, 1.5, some));
        }
    }
    for xs in lengths {
        check!(left_early, left_early_value_and_grad, (xs, 1.5));
        tapeless::assert_gradient!(popped(xs));
    }
    // 3x² + 2y
    assert_eq!(popped_grad(&[2.0, 0.25]), [12.0, 0.5]);
}
