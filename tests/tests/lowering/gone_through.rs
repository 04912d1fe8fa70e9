//! Methods of slices on what a function gave, of which the type is not seen.
use tapeless::{assert_gradient, differentiate};

#[differentiate]
fn bins(xs: &[f64], width: f64) -> Vec<(f64, usize)> {
    let mut made = Vec::new();
    for (i, x) in xs.iter().enumerate() {
        made.push((x * width, i));
    }
    made
}

#[differentiate]
fn spaced(xs: &[f64]) -> [f64; 3] {
    [xs[0], xs[0] * xs[1], xs[1]]
}

#[differentiate]
fn last_bin(xs: &[f64], width: f64) -> f64 {
    let hist = bins(xs, width);
    let n: usize = hist.iter().map(|(_, count)| *count).sum();
    let first = match hist.first() {
        Some((at, _)) => *at,
        None => width,
    };
    n as f64 * first + hist.last().map(|(at, _)| *at).unwrap_or(0.5 * width)
}

#[differentiate]
fn found(xs: &[f64], at: usize) -> Option<f64> {
    let points = spaced(xs);
    let sum: f64 = points.iter().sum();
    let point = points.get(at)?;
    if let Some((head, tail)) = points.split_first() {
        return Some(sum * point * head + tail[1].sin());
    }
    Some(sum)
}

#[differentiate]
fn unwrapped(xs: &[f64]) -> f64 {
    let points = spaced(xs);
    let (low, high) = points.split_at(1);
    points.windows(2).map(|w| w[0] * w[1]).sum::<f64>() * points.last().unwrap()
        + low[0] * high[1]
        + points.to_vec()[1]
}

const XS: [f64; 3] = [0.7, -1.2, 0.4];

#[test]
fn methods_of_slices() {
    assert_gradient!(last_bin(&XS, 0.3));
    assert_gradient!(last_bin(&[], 0.3));
    for at in [0, 2] {
        assert_gradient!(unwrapped(&[0.3 + at as f64, 0.8]));
        let (value, d) = found_value_and_grad(&XS, at).unwrap();
        assert_eq!(Some(value), found(&XS, at));
        for i in 0..3 {
            let h = 1e-6;
            let mut moved = XS;
            moved[i] += h;
            let difference = (found(&moved, at).unwrap() - value) / h;
            assert!((d[i] - difference).abs() < 1e-4, "{at} {i}");
        }
    }
    assert!(found_grad(&XS, 3).is_none());
}
