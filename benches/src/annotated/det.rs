//! [`crate::det`], annotated.

pub use seen::*;

#[tapeless::differentiate]
mod seen {

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
}
