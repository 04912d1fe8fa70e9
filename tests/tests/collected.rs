//! Chains collected into results and options of vectors, and errors that are moved out of what a loop looks at.

use tapeless::check::assert_gradient;
use tapeless::{differentiate, Differentiable};

#[derive(Debug, PartialEq, Clone)]
enum Fault {
    Negative(String),
    Large,
}

#[differentiate]
fn checked(x: f64, k: f64) -> Result<f64, Fault> {
    if x <= 0.0 {
        Err(Fault::Negative(format!("{x}")))
    } else if x > 10.0 {
        Err(Fault::Large)
    } else {
        Ok(x.ln() * k)
    }
}

#[differentiate]
fn turbofish(xs: &[f64], k: f64) -> Result<f64, Fault> {
    let logs = xs
        .iter()
        .map(|x| checked(*x, k))
        .collect::<Result<Vec<f64>, Fault>>()?;
    Ok(logs.iter().zip(xs).map(|(l, x)| l * x).sum())
}

#[differentiate]
fn annotated(xs: &[f64], k: f64) -> Result<f64, String> {
    let all: Result<Vec<_>, _> = xs
        .iter()
        .enumerate()
        .filter(|(i, _)| i % 2 == 0)
        .map(|(i, x)| match *x > 0.0 {
            true => Ok(x.sqrt() * k),
            false => Err(format!("element {i}")),
        })
        .collect();
    match all {
        Ok(all) => Ok(all[0] * all[all.len() - 1]),
        Err(message) => Err(message + "!"),
    }
}

#[differentiate]
fn option(xs: &[f64], k: f64) -> Option<f64> {
    let all: Option<Vec<f64>> = xs
        .iter()
        .map(|x| if *x > 0.0 { Some(x * x * k) } else { None })
        .collect();
    all.map(|all| all.iter().sum())
}

#[differentiate]
fn returned(xs: &[f64], k: f64) -> Result<Vec<f64>, Fault> {
    xs.iter().map(|&x| checked(x, k)).collect()
}

#[differentiate]
fn of_returned(xs: &[f64], k: f64) -> Result<f64, Fault> {
    let all = returned(xs, k)?;
    Ok(all.iter().map(|x| x * x).sum())
}

#[test]
fn all_or_the_first_failure() {
    let good = [0.5, 1.7, 3.0];
    assert_gradient!(turbofish(&good, 0.3));
    assert_gradient!(annotated(&good, 0.3));
    assert_gradient!(option(&good, 0.3));
    assert_gradient!(of_returned(&good, 0.3));
    assert_eq!(turbofish_grad(&[], 0.3), Ok((vec![], 0.0)));

    let (bad, large) = ([0.5, 11.0, -1.0], [0.5, 1.0, -1.0]);
    assert_eq!(turbofish_grad(&bad, 0.3), Err(Fault::Large));
    assert_eq!(of_returned_grad(&bad, 0.3), Err(Fault::Large));
    assert_eq!(annotated_grad(&large, 0.3), Err("element 2!".into()));
    assert_eq!(option_grad(&bad, 0.3), None);
    let mut d = ([7.0; 3], 7.0);
    let value = of_returned_grad_into(&bad, 0.3, &mut d.0, &mut d.1);
    assert_eq!((value, d), (Err(Fault::Large), ([0.0; 3], 0.0)));
}

#[differentiate]
fn matched(xs: &[f64], k: f64) -> Result<f64, Fault> {
    let mut total = 0.0;
    for x in xs {
        match checked(*x, k) {
            Ok(y) => total += y * y,
            Err(Fault::Large) => total += x * k,
            Err(fault) => return Err(fault),
        }
    }
    Ok(total)
}

#[differentiate]
fn tried(xs: &[f64], k: f64) -> Result<f64, Fault> {
    let mut product = k;
    for x in xs {
        product *= checked(*x, product)?;
    }
    Ok(product)
}

#[test]
fn errors_in_loops() {
    assert_gradient!(matched(&[0.5, 1.7, 12.0], 0.3));
    assert_gradient!(tried(&[0.5, 1.7, 3.0], 0.3));
    let fault = Fault::Negative("-1".into());
    assert_eq!(matched_grad(&[0.5, -1.0], 0.3), Err(fault.clone()));
    assert_eq!(tried_grad(&[0.5, -1.0], 0.3), Err(fault));
}

/// Parts of structs that are collected where the struct is built.
#[derive(Clone, Debug, Differentiable)]
struct Series {
    terms: Vec<f64>,
    count: usize,
}

#[derive(Clone, Debug, Differentiable)]
struct Roots(Vec<f64>);

#[differentiate]
fn built(xs: &[f64], k: f64) -> f64 {
    let series = Series {
        terms: xs.iter().map(|x| x * k).collect(),
        count: xs.len(),
    };
    let roots = Roots(xs.iter().filter(|x| **x > 0.0).map(|x| x.sqrt()).collect());
    let sum: f64 = series.terms.iter().sum();
    sum * roots.0.iter().product::<f64>() + series.count as f64
}

#[test]
fn in_structs() {
    assert_gradient!(built(&[0.5, -1.0, 2.0], 1.3));
    assert_gradient!(built(&[], 1.3));
}

/// Arrays of arrays, and a position found in a table.
#[differentiate]
fn product<const N: usize>(a: &[[f64; N]; N], order: &[usize]) -> f64 {
    let squared: [[f64; N]; N] = std::array::from_fn(|i| {
        std::array::from_fn(|j| (0..N).map(|k| a[i][k] * a[k][j]).sum::<f64>())
    });
    match order.first() {
        Some(&i) => squared[i][0] * squared[0][i],
        None => squared[0][0],
    }
}

#[test]
fn nested_arrays_and_found_positions() {
    let a = [[0.5, -1.0], [2.0, 0.3]];
    let none: &[usize] = &[];
    assert_gradient!(product(&a, &[1]));
    assert_gradient!(product(&a, none));
    assert_gradient!(product(&[[1.5]], &[0]));
}

/// The last place where something holds; the test reads what is around, whatever its name.
#[differentiate]
fn last_above(xs: &[f64], item: f64, position: usize) -> f64 {
    let at = xs.iter().rposition(|x| *x > item && position < 9);
    match at {
        Some(at) => xs[at] * xs[at] * at as f64 * item,
        None => item.sin(),
    }
}

#[test]
fn the_last_position() {
    let xs = [0.3, 0.9, 0.7, 0.2, 0.6, 0.1];
    for item in [0.5, 0.65, 0.8, 2.0] {
        assert_gradient!(last_above(&xs, item, 2));
    }
    assert_gradient!(last_above(&xs, 0.5, 10));
    assert_gradient!(last_above(&[], 0.5, 2));
    assert_eq!(
        last_above_value_and_grad(&xs, 0.65, 2).0,
        last_above(&xs, 0.65, 2)
    );
}
