//! Log-likelihood of a Gaussian mixture with a Wishart prior on its precision factors.
//!
//! `F = −N(D/2·ln 2π + lse(α)) + Σ_i lse_k(α_k + Σ_j q_kj − ½‖Q_k(x_i − μ_k)‖²) + K(nD ln(γ/√2) − lnΓ_D(n/2))
//! − γ²/2·Σ_k‖Q_k‖²_F + m·Σq`, with `n = D + m + 1`. `Q_k` is lower triangular: `exp(q_k)` on the diagonal, `l_k` below
//! it, column by column.

mod adjoint;

pub use adjoint::{log_likelihood_adjoint, log_likelihood_adjoint_hoisted, Gradient};

use crate::sample::uniform;
use std::f64::consts::{FRAC_1_SQRT_2, PI, TAU};

/// The prior's `γ`.
pub(crate) const GAMMA: f64 = 1.0;
/// The prior's `m`.
pub(crate) const M: f64 = 0.0;

/// What a mixture is evaluated on.
pub struct Input {
    /// Dimension of a point.
    pub d: usize,
    /// Logarithms of the weights, up to a constant: `[K]`.
    pub alpha: Vec<f64>,
    /// Centres: `[K, D]`.
    pub means: Vec<f64>,
    /// Logarithms of the diagonals: `[K, D]`.
    pub q: Vec<f64>,
    /// Entries below the diagonals: `[K, D(D−1)/2]`.
    pub l: Vec<f64>,
    /// Points: `[N, D]`.
    pub x: Vec<f64>,
}

impl Input {
    /// `n` points of dimension `d`, and `k` components.
    pub fn new(d: usize, k: usize, n: usize) -> Self {
        let rng = &mut fastrand::Rng::with_seed(1);
        Self {
            d,
            alpha: uniform(rng, k, -1.0, 1.0),
            means: uniform(rng, k * d, -1.0, 1.0),
            q: uniform(rng, k * d, -1.0, 1.0),
            l: uniform(rng, k * below_diagonal(d), -1.0, 1.0),
            x: uniform(rng, n * d, -1.0, 1.0),
        }
    }
}

pub(crate) fn below_diagonal(d: usize) -> usize {
    d * (d - 1) / 2
}

/// The log-likelihood of the points `x: [N, D]`.
pub fn log_likelihood(
    d: usize,
    alpha: &[f64],
    means: &[f64],
    q: &[f64],
    l: &[f64],
    x: &[f64],
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

/// `nD ln(γ/√2) − lnΓ_D(n/2)`, with the multivariate Γ of dimension `D`.
pub(crate) fn prior_constant(d: usize) -> f64 {
    let n = d as f64 + M + 1.0;
    let log_gamma: f64 = (0..d).map(|j| libm::lgamma(0.5 * (n - j as f64))).sum();
    n * d as f64 * (GAMMA * FRAC_1_SQRT_2).ln() - 0.25 * (d * (d - 1)) as f64 * PI.ln() - log_gamma
}
