//! Loops over tables in constants and statics.

use std::ops::Range;

use tapeless::check::assert_gradient;
use tapeless::differentiate;

struct Row {
    i: i32,
    n: f64,
}

const COEFFICIENTS: [f64; 3] = [1.5, -2.0, 0.25];
const SLICE: &[f64] = &[0.5, 3.0];
const SQUARE: [[f64; 2]; 2] = [[1.0, 2.0], [3.0, 4.0]];
const POSITIONS: Range<usize> = 0..3;
const TABLE: &[(i32, i32, f64)] = &[(0, 1, 2.0), (2, -2, 0.5)];
static ROWS: [Row; 2] = [Row { i: 1, n: 2.0 }, Row { i: 3, n: -0.5 }];
static LENT: &[Row] = &[Row { i: 1, n: 2.0 }, Row { i: 3, n: -0.5 }];

#[differentiate]
fn horner(x: f64) -> f64 {
    let mut sum = 0.0;
    for c in COEFFICIENTS {
        sum = sum * x + c;
    }
    for c in SLICE {
        sum = sum * x + c;
    }
    for i in POSITIONS {
        sum += COEFFICIENTS[i] * x;
    }
    sum
}

#[differentiate]
fn tuples(x: f64, y: f64) -> f64 {
    let mut sum = 0.0;
    for (i, j, n) in TABLE {
        sum += n * x.powi(*i) * y.powi(*j);
    }
    for &(i, j, n) in TABLE {
        sum += n * x.powi(i) * y.powi(j) * f64::from(i);
    }
    for [a, b] in SQUARE {
        sum += a * x + b * y * y;
    }
    sum
}

#[differentiate]
fn rows(x: f64) -> f64 {
    let mut sum = 0.0;
    for row in LENT {
        sum += row.n * x.powi(row.i);
    }
    for row in &ROWS {
        sum += row.n * x.powi(row.i);
    }
    for row in ROWS.iter().rev() {
        sum = sum * x + row.n;
    }
    for (k, row) in SQUARE.iter().enumerate() {
        sum += row[k] * x * k as f64;
    }
    sum
}

#[test]
fn tables() {
    assert_gradient!(horner(0.7));
    assert_gradient!(tuples(0.7, 1.3));
    assert_gradient!(rows(0.7));
}
