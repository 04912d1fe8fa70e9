//! `sum()` and `product()` into an option or a result.
use tapeless::{assert_gradient, differentiate};

fn logarithm(x: f64) -> Option<f64> {
    (x > 0.0).then(|| x.ln())
}

#[differentiate]
fn log_likelihood(xs: &[f64], k: f64) -> Option<f64> {
    xs.iter()
        .map(|x| if *x > 0.0 { Some(x.ln() * k) } else { None })
        .sum()
}

#[differentiate]
fn checked_product(xs: &[f64]) -> Result<f64, usize> {
    xs.iter()
        .enumerate()
        .map(|(i, x)| if *x > 0.0 { Ok(x.sqrt()) } else { Err(i) })
        .product()
}

#[differentiate]
fn tried(xs: &[f64]) -> Option<f64> {
    let total = xs
        .iter()
        .map(|x| (*x > 0.0).then(|| x.ln()))
        .sum::<Option<f64>>()?;
    Some(total * total)
}

#[differentiate]
fn or_else(xs: &[f64], k: f64) -> f64 {
    let total: Option<f64> = xs.iter().map(|x| (*x > 0.0).then(|| x.ln())).sum();
    total.map(|total| total * k).unwrap_or(k * k)
}

#[differentiate]
fn of_options(xs: &[Option<f64>]) -> f64 {
    xs.iter().copied().sum::<Option<f64>>().unwrap_or(0.0)
}

#[test]
fn a_sum_ends_at_the_first_failure() {
    for xs in [&[0.5, 2.0, 1.5][..], &[0.5, -2.0, 1.5], &[]] {
        assert_gradient!(or_else(xs, 0.7));
        let plain: Option<f64> = xs.iter().map(|x| logarithm(*x).map(|l| l * 0.7)).sum();
        assert_eq!(
            log_likelihood_value_and_grad(xs, 0.7).map(|both| both.0),
            plain
        );
        assert_eq!(tried(xs).is_some(), tried_grad(xs).is_some());
    }
    let (xs, k) = ([0.5, 2.0], 0.7);
    let (d_xs, d_k) = log_likelihood_grad(&xs, k).unwrap();
    assert_eq!(d_xs, [k / 0.5, k / 2.0]);
    assert!((d_k - 1.0_f64.ln()).abs() < 1e-15);
    assert_eq!(log_likelihood_grad(&[], k), Some((vec![], -0.0)));
}

#[test]
fn products_keep_the_error() {
    assert_eq!(checked_product_grad(&[4.0, -1.0, 9.0]), Err(1));
    let d = checked_product_grad(&[4.0, 9.0]).unwrap();
    assert!((d[0] - 0.75).abs() < 1e-15 && (d[1] - 1.0 / 3.0).abs() < 1e-15);
}

#[test]
fn nothing_flows_into_what_came_before_a_failure() {
    assert_eq!(
        of_options_grad(&[Some(1.0), None, Some(2.0)]),
        [Some(0.0), None, Some(0.0)]
    );
    assert_eq!(
        of_options_grad(&[Some(1.0), Some(2.0)]),
        [Some(1.0), Some(1.0)]
    );
}
