//! [`crate::gmm`], annotated.

pub use seen::*;

#[tapeless::differentiate]
mod seen {
    use crate::gmm::{below_diagonal, prior_constant, GAMMA, M};
    use std::f64::consts::TAU;

    /// The log-likelihood of the points `x: [N, D]`.
    pub fn log_likelihood(
        d: usize,
        alpha: &[f64],
        means: &[f64],
        q: &[f64],
        l: &[f64],
        #[constant] x: &[f64],
    ) -> f64 {
        let k = alpha.len();
        let t = below_diagonal(d);
        let diagonal: Vec<f64> = q.iter().map(|v| v.exp()).collect();
        let sum_q: Vec<f64> = q.chunks_exact(d).map(|q| q.iter().sum()).collect();
        let mut centred = vec![0.0; d];
        let mut scaled = vec![0.0; d];
        let mut terms = vec![0.0; k];
        let mut total = 0.0;
        for point in x.chunks_exact(d) {
            for j in 0..k {
                subtract(point, &means[j * d..(j + 1) * d], &mut centred);
                triangular_product(
                    &diagonal[j * d..(j + 1) * d],
                    &l[j * t..(j + 1) * t],
                    &centred,
                    &mut scaled,
                );
                terms[j] = alpha[j] + sum_q[j] - 0.5 * squared_norm(&scaled);
            }
            total += log_sum_exp(&terms);
        }
        let n = (x.len() / d) as f64;
        total - n * (0.5 * d as f64 * TAU.ln() + log_sum_exp(alpha))
            + log_prior(d, &diagonal, &sum_q, l)
    }

    fn subtract(a: &[f64], b: &[f64], out: &mut [f64]) {
        for ((o, a), b) in out.iter_mut().zip(a).zip(b) {
            *o = a - b;
        }
    }

    /// `out = Q·v`.
    fn triangular_product(diagonal: &[f64], below: &[f64], v: &[f64], out: &mut [f64]) {
        for ((o, q), v) in out.iter_mut().zip(diagonal).zip(v) {
            *o = q * v;
        }
        let d = v.len();
        let mut start = 0;
        for j in 0..d {
            let column = &below[start..start + d - j - 1];
            for (o, l) in out[j + 1..].iter_mut().zip(column) {
                *o += l * v[j];
            }
            start += column.len();
        }
    }

    fn squared_norm(v: &[f64]) -> f64 {
        v.iter().map(|v| v * v).sum()
    }

    fn log_sum_exp(v: &[f64]) -> f64 {
        let top = v.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        top + v.iter().map(|v| (v - top).exp()).sum::<f64>().ln()
    }

    fn log_prior(d: usize, diagonal: &[f64], sum_q: &[f64], l: &[f64]) -> f64 {
        let frobenius = squared_norm(diagonal) + squared_norm(l);
        sum_q.len() as f64 * prior_constant(d) - 0.5 * GAMMA * GAMMA * frobenius
            + M * sum_q.iter().sum::<f64>()
    }
}
