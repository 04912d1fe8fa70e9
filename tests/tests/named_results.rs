//! Results under a name of the crate's own, and options of calls that are filtered.

use tapeless::check::assert_gradient;
use tapeless::differentiate;

type RatioResult<T> = Result<T, String>;

#[differentiate]
fn ratio(x: f64, y: f64) -> RatioResult<f64> {
    if y == 0.0 {
        return Err("a division by zero".to_string());
    }
    Ok(x / y)
}

#[differentiate]
fn scaled(xs: &[f64], k: f64) -> RatioResult<Vec<f64>> {
    if k < 0.0 {
        return Err("a negative factor".to_string());
    }
    Ok(xs.iter().map(|x| x * x / k).collect())
}

#[differentiate]
fn ratios(xs: &[f64], k: f64) -> RatioResult<Vec<f64>> {
    xs.iter().map(|x| ratio(k, *x)).collect()
}

#[differentiate]
fn rows(xs: &[f64], k: f64) -> RatioResult<Vec<Vec<f64>>> {
    let pair = |x: f64| -> RatioResult<Vec<f64>> { Ok(vec![ratio(k, x)?, x * k]) };
    xs.iter().map(|x| pair(*x)).collect()
}

#[differentiate]
fn through(x: f64, y: f64, k: f64) -> f64 {
    let scaled = scaled(&[x, y], k).unwrap_or(vec![7.0 * x]);
    let ratios = ratios(&[x, y], k).unwrap_or(vec![x * y]);
    let rows: Vec<Vec<f64>> = rows(&[x, y], k).unwrap_or_default();
    let rows: f64 = rows.iter().map(|r| r[0] * r[0] + r[1] * r[1]).sum();
    scaled.iter().sum::<f64>() * y + ratios.iter().product::<f64>() + rows
}

#[test]
fn results_under_other_names() {
    for [x, y, k] in [[1.5, 2.0, 0.7], [-0.3, 0.2, 1.0], [3.0, -4.0, 2.5]] {
        assert_gradient!(through(x, y, k));
    }
    // The factor is refused: a vector of another make stands in.
    assert_gradient!(through(2.0, 3.0, -1.0));
    // A zero on the way: the error comes back, and nothing flows.
    assert_eq!(
        ratios(&[1.0, 0.0, 2.0], 3.0),
        ratio(3.0, 0.0).map(|_| vec![])
    );
    let (mut d_xs, mut d_k) = ([0.0; 3], 0.0);
    let out = ratios_vjp(
        &[1.0, 0.0, 2.0],
        3.0,
        Some(vec![1.0; 3]),
        &mut d_xs,
        &mut d_k,
    );
    assert!(out.is_err());
    assert_eq!((d_xs, d_k), ([0.0; 3], 0.0));
}

#[differentiate]
fn root(x: f64) -> Option<f64> {
    (x >= 0.0).then(|| x.sqrt())
}

#[differentiate]
fn large_root(x: f64, k: f64) -> Option<f64> {
    root(x).filter(|r| r.is_finite() && *r > k)
}

#[differentiate]
fn filtered(x: f64, k: f64) -> f64 {
    let first = ratio(x, k).ok().filter(|q| *q < 2.0).unwrap_or(x * x);
    let second = large_root(x, k)
        .filter(|r| r * first > 0.0)
        .map_or(k, |r| r * k);
    first * second
}

#[test]
fn options_of_calls_are_filtered() {
    for [x, k] in [[1.0, 0.8], [9.0, 0.5], [4.0, 3.0], [-2.0, 1.5], [0.5, 0.1]] {
        assert_gradient!(filtered(x, k));
    }
    // Without a ratio, and without a root.
    assert_eq!(filtered_grad(-2.0, 0.0), (0.0, 4.0));
    assert_eq!(large_root_grad(4.0, 1.0), Some((0.25, 0.0)));
    assert_eq!(large_root_grad(4.0, 2.0), None);
    assert_eq!(large_root_grad(f64::INFINITY, 2.0), None);
}

/// A type that is no result, in spite of its name.
#[derive(Clone, Debug, PartialEq, tapeless::Differentiable)]
struct FitResult<T> {
    values: T,
    scale: f64,
}

#[differentiate]
fn fit(xs: &[f64], k: f64) -> FitResult<Vec<f64>> {
    let values: Vec<f64> = xs.iter().map(|x| x * k).collect();
    FitResult {
        values,
        scale: k * k,
    }
}

#[differentiate]
fn of_fit(x: f64, k: f64) -> f64 {
    let fit = fit(&[x, 2.0 * x], k);
    fit.values[0] * fit.values[1] + fit.scale
}

#[test]
fn other_types_with_such_names() {
    assert_eq!(
        of_fit_grad(3.0, 2.0),
        (4.0 * 3.0 * 4.0, 4.0 * 2.0 * 9.0 + 4.0)
    );
}

/// A name that does not say that it is a result: what the bodies give does.
type Fallible<T> = Result<T, Odd>;

#[derive(Debug, PartialEq)]
struct Odd;

#[differentiate]
fn squares(xs: &[f64], k: f64) -> Fallible<Vec<f64>> {
    let mut squares = Vec::new();
    for x in xs {
        if *x < 0.0 {
            return Err(Odd);
        }
        squares.push(x * x * k);
    }
    Ok(squares)
}

#[differentiate]
fn multiples(xs: &[f64], k: f64) -> Fallible<Vec<f64>> {
    if k < 0.0 {
        return Err(Odd);
    }
    let multiple = |x: &f64| if *x < 0.0 { Err(Odd) } else { Ok(x * k) };
    xs.iter().map(multiple).collect()
}

#[differentiate]
fn shifted(xs: &[f64], k: f64) -> Fallible<Vec<f64>> {
    if k < 0.0 {
        Err(Odd)
    } else {
        Ok(xs.iter().map(|x| x + k).collect())
    }
}

#[differentiate]
fn together(xs: &[f64], k: f64) -> Fallible<f64> {
    let (a, b, c) = (squares(xs, k)?, multiples(xs, k)?, shifted(xs, k)?);
    let mut sum = 0.0;
    for i in 0..xs.len() {
        sum += a[i] * b[i] * c[i];
    }
    Ok(sum)
}

#[test]
fn bodies_say_what_a_name_does_not() {
    assert_gradient!(together(&[0.4, 1.3], 0.7));
    assert_eq!(together_grad(&[0.4, -1.3], 0.7), Err(Odd));
    assert_eq!(together_grad(&[0.4, 1.3], -0.7), Err(Odd));
}

/// The number of columns, from a result of unseen type, which is read where it bounds the loop and in the loop.
#[differentiate]
fn weighted_rows(x: &[f64], rows: usize) -> f64 {
    let columns = is_matrix(x, rows).unwrap();
    let mut total = 0.0;
    for i in 0..rows {
        let mut row = 1.0;
        for j in 0..columns {
            row += x[i * columns + j].sin() * (j + columns) as f64;
        }
        total += row * row;
    }
    total
}

#[differentiate(inert)]
fn is_matrix(x: &[f64], rows: usize) -> Result<usize, String> {
    match x.len() % rows {
        0 => Ok(x.len() / rows),
        left => Err(format!("{left} are left")),
    }
}

#[differentiate(inert)]
fn columns_of(length: usize, rows: usize) -> Result<usize, String> {
    match length % rows {
        0 => Ok(length / rows),
        left => Err(format!("{left} are left")),
    }
}

#[differentiate]
fn first_column(x: &[f64], rows: usize) -> f64 {
    let columns = columns_of(x.len(), rows).unwrap();
    let mut product = 1.0;
    for i in (0..x.len()).step_by(columns) {
        product *= x[i] + columns as f64;
    }
    product
}

#[test]
fn integers_out_of_results() {
    let x = [0.3, -1.2, 0.8, 2.0, 0.1, -0.4];
    for rows in [1, 2, 3, 6] {
        assert_gradient!(weighted_rows(x.as_slice(), rows));
        assert_gradient!(first_column(x.as_slice(), rows));
    }
}
