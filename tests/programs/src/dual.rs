//! Forward dual numbers with a gradient of fixed size: the oracle.

use std::ops::{Add, Div, Mul, Neg, Rem, Sub};

/// At most so many floats go into a program.
pub const WIDTH: usize = 16;

/// A value, its gradient, and a bound on what rounding can have done to the gradient.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Dual {
    pub value: f64,
    pub gradient: [f64; WIDTH],
    /// Sum of the magnitudes of all that was added up to the gradient's entries.
    pub magnitude: f64,
}

impl Dual {
    /// A number that depends on nothing.
    pub fn constant(value: f64) -> Self {
        Dual {
            value,
            gradient: [0.0; WIDTH],
            magnitude: 0.0,
        }
    }

    /// The input of that number.
    pub fn input(value: f64, index: usize) -> Self {
        let mut input = Dual::constant(value);
        input.gradient[index] = 1.0;
        input.magnitude = 1.0;
        input
    }

    /// A result from its value, arguments and partial derivatives.
    pub fn chain(value: f64, parts: &[(Dual, f64)]) -> Self {
        let mut result = Dual::constant(value);
        for (argument, partial) in parts {
            if *partial == 0.0 {
                continue; // nothing flows, not even a NaN
            }
            for (sum, part) in result.gradient.iter_mut().zip(&argument.gradient) {
                *sum += partial * part;
            }
            result.magnitude += partial.abs() * argument.magnitude;
        }
        result
    }
}

impl Add for Dual {
    type Output = Dual;
    fn add(self, other: Dual) -> Dual {
        Dual::chain(self.value + other.value, &[(self, 1.0), (other, 1.0)])
    }
}

impl Sub for Dual {
    type Output = Dual;
    fn sub(self, other: Dual) -> Dual {
        Dual::chain(self.value - other.value, &[(self, 1.0), (other, -1.0)])
    }
}

impl Mul for Dual {
    type Output = Dual;
    fn mul(self, other: Dual) -> Dual {
        Dual::chain(
            self.value * other.value,
            &[(self, other.value), (other, self.value)],
        )
    }
}

impl Div for Dual {
    type Output = Dual;
    fn div(self, other: Dual) -> Dual {
        let value = self.value / other.value;
        Dual::chain(
            value,
            &[(self, 1.0 / other.value), (other, -value / other.value)],
        )
    }
}

impl Rem for Dual {
    type Output = Dual;
    fn rem(self, other: Dual) -> Dual {
        let whole = (self.value / other.value).trunc();
        Dual::chain(self.value % other.value, &[(self, 1.0), (other, -whole)])
    }
}

impl Neg for Dual {
    type Output = Dual;
    fn neg(self) -> Dual {
        Dual::chain(-self.value, &[(self, -1.0)])
    }
}
