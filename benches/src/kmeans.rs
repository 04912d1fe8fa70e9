//! The k-means objective: every point's squared distance to its nearest centre.

use crate::sample::uniform;

/// Centres and points.
pub struct Input {
    /// Dimension.
    pub d: usize,
    /// `[K, D]`.
    pub centres: Vec<f64>,
    /// `[N, D]`.
    pub points: Vec<f64>,
}

impl Input {
    /// `k` centres and `n` points of dimension `d`.
    pub fn new(k: usize, n: usize, d: usize) -> Self {
        let rng = &mut fastrand::Rng::with_seed(8);
        Self {
            d,
            centres: uniform(rng, k * d, 0.0, 1.0),
            points: uniform(rng, n * d, 0.0, 1.0),
        }
    }
}

/// `Σ_i min_j ‖c_j − p_i‖²`.
pub fn cost(d: usize, centres: &[f64], points: &[f64]) -> f64 {
    let mut total = 0.0;
    for p in points.chunks_exact(d) {
        total += centres
            .chunks_exact(d)
            .map(|c| squared_distance(c, p))
            .fold(f64::INFINITY, f64::min);
    }
    total
}

fn squared_distance(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum()
}

/// Adjoint of [`cost`]: of a point only its nearest centre is remembered, and only until the next point.
pub fn cost_adjoint(d: usize, centres: &[f64], points: &[f64], d_centres: &mut [f64]) -> f64 {
    d_centres.fill(0.0);
    let mut total = 0.0;
    for p in points.chunks_exact(d) {
        let mut nearest = 0;
        let mut least = f64::INFINITY;
        for (j, c) in centres.chunks_exact(d).enumerate() {
            let distance = squared_distance(c, p);
            if distance < least {
                (nearest, least) = (j, distance);
            }
        }
        total += least;
        let at = nearest * d..(nearest + 1) * d;
        for ((dc, c), p) in d_centres[at.clone()].iter_mut().zip(&centres[at]).zip(p) {
            *dc += 2.0 * (c - p);
        }
    }
    total
}
