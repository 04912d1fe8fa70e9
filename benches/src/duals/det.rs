//! [`crate::det`] on dual numbers.

use super::Dual;

/// The determinant of a 5×5 matrix.
pub fn determinant(a: [Dual<25>; 25]) -> Dual<25> {
    minor(&a, 0, 0)
}

fn minor(a: &[Dual<25>; 25], row: usize, taken: u32) -> Dual<25> {
    if row == 5 {
        return Dual::from_re(1.0);
    }
    let mut total = Dual::from_re(0.0);
    let mut sign = 1.0;
    for column in 0..5 {
        if taken & (1 << column) == 0 {
            total += a[row * 5 + column] * sign * minor(a, row + 1, taken | (1 << column));
            sign = -sign;
        }
    }
    total
}
