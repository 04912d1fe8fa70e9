//! Iterators whose positions are lost on the way: what comes behind `filter` and its like counts by itself.
use tapeless::{assert_gradient, differentiate};

/// Holds the gradient against differences, and the value against the function's own.
macro_rules! check {
    ($f:ident, $gradient:ident, ($($argument:expr),* $(,)?)) => {
        assert_gradient!($f($($argument),*));
        assert_eq!($gradient($($argument),*).0.to_bits(), $f($($argument),*).to_bits());
    };
}

/// Over no items, one, and many.
macro_rules! over_slices {
    ($($f:ident $gradient:ident;)*) => {
        $(
            check!($f, $gradient, (&[0.3, -0.7, 0.4, 0.9, -0.2, 0.8, 0.5], 1.3));
            check!($f, $gradient, (&[-0.3, -0.7, 0.1], 0.7));
            check!($f, $gradient, (&[0.6], 0.7));
            check!($f, $gradient, (&[], 0.7));
        )*
    };
}

#[differentiate]
fn enumerated(x: &[f64], k: f64) -> f64 {
    x.iter()
        .filter(|v| **v > 0.0)
        .enumerate()
        .map(|(i, v)| v.powi(i as i32 + 1) * k)
        .sum()
}

#[differentiate]
fn zipped(x: &[f64], k: f64) -> f64 {
    let mut total = k;
    for (v, w) in x.iter().filter(|&&v| v > 0.0).zip(x) {
        total += v * w * k;
    }
    total
}

#[differentiate]
fn zipped_from_the_left(x: &[f64], k: f64) -> f64 {
    x.iter()
        .zip(x.iter().map(|v| v * k).filter(|v| *v < 0.5))
        .map(|(v, w)| v * w.sin())
        .sum::<f64>()
}

#[differentiate]
fn taken(x: &[f64], k: f64) -> f64 {
    x.iter()
        .filter(|v| **v > 0.0)
        .take(2)
        .map(|v| v * v * k)
        .sum()
}

#[differentiate]
fn skipped(x: &[f64], k: f64) -> f64 {
    x.iter()
        .map(|v| v * k)
        .filter(|v| *v > 0.0)
        .skip(1)
        .map(|v| v.exp())
        .sum()
}

#[differentiate]
fn stepped(x: &[f64], k: f64) -> f64 {
    let mut y = k;
    for v in x.iter().filter(|v| v.abs() > 0.25).step_by(2) {
        y = y * v + k;
    }
    y
}

#[differentiate]
fn appended(x: &[f64], k: f64) -> f64 {
    x.iter()
        .filter(|v| **v > 0.0)
        .chain(x.iter().take(2))
        .fold(k, |y, v| (y * v).sin() + k)
}

#[differentiate]
fn appended_to_an_early_end(x: &[f64], k: f64) -> f64 {
    x.iter()
        .take_while(|v| **v > -0.5)
        .chain(x.iter().filter(|v| **v < 0.0).take(1))
        .fold(k, |y, v| y * k + v * v)
}

#[differentiate]
fn without_an_end(x: &[f64], k: f64) -> f64 {
    (1usize..)
        .filter(|i| i * i < 20)
        .take(4)
        .map(|i| x.iter().map(|v| v.powi(i as i32)).sum::<f64>() * k)
        .sum()
}

#[differentiate]
fn skipping_while(x: &[f64], k: f64) -> f64 {
    x.iter().skip_while(|v| **v > 0.0).map(|v| v * v * k).sum()
}

#[differentiate]
fn filter_mapped(x: &[f64], k: f64) -> f64 {
    x.iter()
        .filter_map(|v| if *v > 0.0 { Some(v * v * k) } else { None })
        .sum()
}

#[differentiate]
fn mapped_while(x: &[f64], k: f64) -> f64 {
    x.iter()
        .map_while(|&v| (v > -0.5).then_some(v * k))
        .map(|v| v.exp())
        .sum()
}

#[differentiate]
fn scanned(x: &[f64], k: f64) -> f64 {
    x.iter()
        .scan(k, |state, v| {
            *state = *state * v + k;
            Some(*state)
        })
        .map(|s| s * s)
        .sum()
}

#[differentiate]
fn flat_mapped(x: &[f64], k: f64) -> f64 {
    x.iter()
        .enumerate()
        .flat_map(|(i, v)| (0..i).map(move |j| v * (j + 1) as f64 * k))
        .filter(|w| *w > 0.0)
        .map(|w| w.sqrt())
        .sum()
}

#[differentiate]
fn flattened(x: &[f64], k: f64) -> f64 {
    let rows = [[k, 1.0], [2.0, k * k]];
    rows.iter()
        .flatten()
        .zip(x.iter().cycle())
        .map(|(a, b)| a * b)
        .sum()
}

#[differentiate]
fn left_early(x: &[f64], k: f64) -> f64 {
    let mut y = k;
    'all: for v in x.iter().flat_map(|v| [*v, v * k, v * v]) {
        if v < -0.6 {
            break 'all;
        }
        if v < 0.0 {
            continue;
        }
        y = (y + v).sin();
    }
    y
}

#[differentiate]
fn reduced(x: &[f64], k: f64) -> f64 {
    x.iter()
        .map(|v| v * k)
        .reduce(|a, b| a * b + 1.0)
        .unwrap_or(k)
}

#[differentiate]
fn reduced_after_a_filter(x: &[f64], k: f64) -> f64 {
    let best = x.iter().copied().filter(|v| *v > 0.0).reduce(f64::max);
    match best {
        Some(best) => best * best * k,
        None => k,
    }
}

#[differentiate]
fn best_of_some(x: &[f64], k: f64) -> f64 {
    x.iter()
        .map(|v| v * v * k)
        .filter(|v| *v > 0.05)
        .min_by(|a, b| a.partial_cmp(b).unwrap())
        .unwrap_or(k)
}

#[differentiate]
fn last_of_some(x: &[f64], k: f64) -> f64 {
    let last = x.iter().filter(|v| **v > 0.0).last();
    let second = x
        .iter()
        .filter(|v| **v > 0.0)
        .nth(1)
        .copied()
        .unwrap_or(0.5);
    last.map_or(k, |v| v * k) * second
}

#[differentiate]
fn found(x: &[f64], k: f64) -> f64 {
    let a = x.iter().find(|v| **v < 0.0).copied().unwrap_or(k);
    let b = x
        .iter()
        .find_map(|&v| if v > 0.35 { Some(v * v) } else { None });
    a * k + b.unwrap_or(2.0 * k)
}

#[differentiate]
fn asked(x: &[f64], k: f64) -> f64 {
    let steep = |v: f64| v * k > 0.5;
    let some = x.iter().any(|v| steep(*v));
    let every = x.iter().all(|v| steep(*v));
    let at = x.iter().position(|v| steep(*v)).unwrap_or(7);
    let count = x.iter().filter(|v| steep(**v)).count();
    let flags = some as usize as f64 + 2.0 * every as usize as f64;
    k * k * flags + k * at as f64 + k.sin() * count as f64
}

#[differentiate]
fn taken_one_by_one(x: &[f64], k: f64) -> f64 {
    let mut items = x.iter();
    let first = items.next().copied().unwrap_or(k);
    let second = items.next().copied().unwrap_or(2.0 * k);
    let mut y = first * k - second;
    while let Some(v) = items.next() {
        y = y * v + k;
    }
    y
}

#[differentiate]
fn taken_by_reference(x: &[f64], k: f64) -> f64 {
    let mut items = x.iter();
    let head: f64 = items.by_ref().take(2).map(|v| v * v).sum();
    let mut tail = k;
    for v in items {
        tail = tail * v + head;
    }
    tail * head
}

#[differentiate]
fn taken_from_a_filter(x: &[f64], k: f64) -> f64 {
    let mut items = x.iter().filter(|v| **v > 0.0).map(|v| v * k);
    let mut y = k;
    while let Some(a) = items.next() {
        let Some(b) = items.next() else { break };
        y += a * b * y;
    }
    y
}

#[differentiate]
fn from_the_back(x: &[f64], k: f64) -> f64 {
    let a = x
        .iter()
        .filter(|v| **v > 0.0)
        .rev()
        .fold(k, |y, v| y * v + 1.0);
    let b = x.rchunks(3).fold(k, |y, c| y * c[0] + c.len() as f64);
    let c = x
        .iter()
        .enumerate()
        .rev()
        .map(|(i, v)| v.powi(i as i32))
        .fold(k, |y, v| y * k + v);
    a + b + c
}

#[differentiate]
fn unzipped(x: &[f64], k: f64) -> f64 {
    let (a, b): (Vec<f64>, Vec<f64>) = x.iter().map(|v| (v * k, v * v)).unzip();
    a.iter().zip(&b).map(|(a, b)| a * b).sum()
}

#[differentiate]
fn windows_behind_a_filter(x: &[f64], k: f64) -> f64 {
    x.windows(2)
        .filter(|&pair| pair[0] < pair[1])
        .map(|pair| (pair[1] - pair[0]) * k)
        .sum()
}

#[differentiate]
fn names_mean_what_they_meant(x: &[f64], k: f64) -> f64 {
    let limit = 0.0;
    let chosen = x.iter().filter(|v| **v > limit);
    let limit = 3.0;
    chosen.map(|v| v * limit).sum::<f64>() * k
}

#[test]
fn streams_agree() {
    over_slices! {
        enumerated enumerated_value_and_grad;
        zipped zipped_value_and_grad;
        zipped_from_the_left zipped_from_the_left_value_and_grad;
        taken taken_value_and_grad;
        skipped skipped_value_and_grad;
        stepped stepped_value_and_grad;
        appended appended_value_and_grad;
        appended_to_an_early_end appended_to_an_early_end_value_and_grad;
        without_an_end without_an_end_value_and_grad;
        skipping_while skipping_while_value_and_grad;
        filter_mapped filter_mapped_value_and_grad;
        mapped_while mapped_while_value_and_grad;
        scanned scanned_value_and_grad;
        flat_mapped flat_mapped_value_and_grad;
        flattened flattened_value_and_grad;
        left_early left_early_value_and_grad;
    }
}

#[test]
fn ends_agree() {
    over_slices! {
        reduced reduced_value_and_grad;
        reduced_after_a_filter reduced_after_a_filter_value_and_grad;
        best_of_some best_of_some_value_and_grad;
        last_of_some last_of_some_value_and_grad;
        found found_value_and_grad;
        asked asked_value_and_grad;
        from_the_back from_the_back_value_and_grad;
        unzipped unzipped_value_and_grad;
        windows_behind_a_filter windows_behind_a_filter_value_and_grad;
        names_mean_what_they_meant names_mean_what_they_meant_value_and_grad;
    }
}

#[test]
fn iterators_in_variables_agree() {
    over_slices! {
        taken_one_by_one taken_one_by_one_value_and_grad;
        taken_by_reference taken_by_reference_value_and_grad;
        taken_from_a_filter taken_from_a_filter_value_and_grad;
    }
}
