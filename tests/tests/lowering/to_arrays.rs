//! Slices as arrays, and parts of a sequence copied within it.
use tapeless::{assert_gradient, differentiate};

#[differentiate]
fn triples(xs: &[f64]) -> f64 {
    let mut sum = 0.0;
    for chunk in xs.chunks_exact(3) {
        let a: [f64; 3] = chunk.try_into().unwrap();
        sum += a[0] * a[1] + a[2].sin();
    }
    sum
}

#[differentiate]
fn taken_apart(xs: &[f64]) -> f64 {
    let [a, b]: [f64; 2] = xs[..2].try_into().expect("two of them");
    a * b.sin()
}

#[differentiate]
fn fallible(xs: &[f64]) -> Option<f64> {
    let a: [f64; 3] = xs.try_into().ok()?;
    Some(a[0] * a[1] * a[2])
}

#[differentiate]
fn tried(xs: &[f64], k: f64) -> Result<f64, std::array::TryFromSliceError> {
    let a: [f64; 2] = xs.try_into()?;
    Ok(a[0] * a[1] * k)
}

#[differentiate]
fn by_reference(xs: &[f64]) -> f64 {
    let r: &[f64; 3] = xs[..3].try_into().unwrap();
    r[0] * r[2]
}

#[differentiate]
fn by_path(xs: &[f64]) -> f64 {
    let r = <[f64; 2]>::try_from(&xs[1..3]).unwrap();
    r[0] * r[1]
}

#[differentiate]
fn delayed(xs: &[f64], y: f64) -> f64 {
    let mut line = [0.0; 5];
    for &x in xs {
        line.copy_within(1.., 0);
        line[4] = x * y;
    }
    line[0] * line[1] + line[2].sin() * line[3] + line[4] * line[4]
}

#[differentiate]
fn overlapping(xs: &[f64], at: usize) -> f64 {
    let mut copy = xs.to_vec();
    copy.copy_within(..xs.len() / 2 + 1, at);
    let weighted = copy.iter().enumerate();
    weighted.map(|(i, v)| v * v * (i as f64 + 1.0)).sum()
}

#[test]
fn gradients() {
    let xs = [0.1, 0.5, -0.3, 0.6, 0.9, 1.2, 0.7];
    assert_gradient!(triples(&xs));
    assert_gradient!(triples(&[]));
    assert_gradient!(taken_apart(&xs));
    assert_gradient!(by_reference(&xs));
    assert_gradient!(by_path(&xs));
    assert_gradient!(delayed(&xs, 0.8));
    assert_gradient!(delayed(&xs[..1], 0.8));
    for at in 0..3 {
        assert_gradient!(overlapping(&xs[..4], at.min(1)));
        assert_gradient!(overlapping(&xs[..5], at));
    }
    assert_eq!(fallible_grad(&[2.0, 3.0, 4.0]), Some(vec![12.0, 8.0, 6.0]));
    assert_eq!(fallible_grad(&[2.0]), None);
    assert_eq!(tried_grad(&[2.0, 3.0], 0.5).unwrap(), (vec![1.5, 1.0], 6.0));
    assert!(tried_grad(&[2.0], 0.5).is_err());
}
