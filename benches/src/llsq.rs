//! Least squares fit of a polynomial to the sign function.

use crate::sample::uniform;

/// The polynomial's `m` coefficients.
pub fn input(m: usize) -> Vec<f64> {
    uniform(&mut fastrand::Rng::with_seed(7), m, -1.0, 1.0)
}

/// `½ Σ_i (sign t_i − Σ_j x_j t_i^j)²` over `n` points `t_i = −1 + 2i/(n−1)`.
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

pub(crate) fn abscissa(i: usize, n: usize) -> f64 {
    -1.0 + 2.0 * i as f64 / (n - 1) as f64
}

pub(crate) fn sign(t: f64) -> f64 {
    if t == 0.0 {
        0.0
    } else {
        t.signum()
    }
}

/// Adjoint of [`squared_error`]: a point is reversed right after its forward part. The powers are kept, so that no
/// product depends on the one before.
pub fn squared_error_adjoint(x: &[f64], n: usize, d_x: &mut [f64]) -> f64 {
    d_x.fill(0.0);
    let mut powers = vec![0.0; x.len()];
    let mut total = 0.0;
    for i in 0..n {
        let t = abscissa(i, n);
        let mut residual = sign(t);
        let mut power = 1.0;
        for (p, x) in powers.iter_mut().zip(x) {
            *p = power;
            residual -= x * power;
            power *= t;
        }
        total += residual * residual;
        for (d, p) in d_x.iter_mut().zip(&powers) {
            *d -= residual * p;
        }
    }
    0.5 * total
}
