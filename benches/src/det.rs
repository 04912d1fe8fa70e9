//! The determinant, expanded by minors along the rows.

use crate::sample::uniform;

/// An `n`×`n` matrix, row by row.
pub fn input(n: usize) -> Vec<f64> {
    uniform(&mut fastrand::Rng::with_seed(5), n * n, -1.0, 1.0)
}

/// The determinant of an `n`×`n` matrix.
pub fn determinant(a: &[f64], n: usize) -> f64 {
    minor(a, n, 0, 0)
}

/// The determinant of the rows from `row` on and of the columns that `taken`, a set of bits, leaves.
fn minor(a: &[f64], n: usize, row: usize, taken: u32) -> f64 {
    if row == n {
        return 1.0;
    }
    let mut total = 0.0;
    let mut sign = 1.0;
    for column in 0..n {
        if taken & (1 << column) == 0 {
            total += sign * a[row * n + column] * minor(a, n, row + 1, taken | (1 << column));
            sign = -sign;
        }
    }
    total
}

/// Adjoint of [`determinant`].
pub fn determinant_adjoint(a: &[f64], n: usize, d_a: &mut [f64]) -> f64 {
    d_a.fill(0.0);
    minor_adjoint(a, n, 0, 0, 1.0, d_a)
}

/// Original: `Σ ± a_j · minor_j`. Adjoint: `d_a_j += ± d_out · minor_j`, `d_minor_j = ± d_out · a_j`. The latter is known
/// before the minor is, so its adjoint is called in its place.
fn minor_adjoint(a: &[f64], n: usize, row: usize, taken: u32, d_out: f64, d_a: &mut [f64]) -> f64 {
    if row == n {
        return 1.0;
    }
    let mut total = 0.0;
    let mut sign = 1.0;
    for column in 0..n {
        if taken & (1 << column) == 0 {
            let entry = sign * a[row * n + column];
            let below = minor_adjoint(a, n, row + 1, taken | (1 << column), d_out * entry, d_a);
            d_a[row * n + column] += d_out * sign * below;
            total += entry * below;
            sign = -sign;
        }
    }
    total
}
