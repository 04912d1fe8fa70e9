//! [`crate::llsq`], annotated.

use crate::llsq::{abscissa, sign};
use tapeless::differentiate;

/// `½ Σ_i (sign t_i − Σ_j x_j t_i^j)²` over `n` points `t_i = −1 + 2i/(n−1)`.
#[differentiate]
pub fn squared_error(x: &[f64], n: usize) -> f64 {
    let mut total = 0.0;
    for i in 0..n {
        let t = abscissa(i, n);
        let mut residual = sign(t);
        let mut power = 1.0;
        for x in x {
            residual -= x * power;
            power *= t;
        }
        total += residual * residual;
    }
    0.5 * total
}
