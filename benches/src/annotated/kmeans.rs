//! [`crate::kmeans`], annotated.

use tapeless::differentiate;

/// `Σ_i min_j ‖c_j − p_i‖²`.
#[differentiate(wrt(centres))]
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

#[differentiate]
fn squared_distance(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum()
}
