//! [`crate::kmeans`], annotated.

pub use seen::*;

#[tapeless::differentiate]
mod seen {

    /// `Σ_i min_j ‖c_j − p_i‖²`.
    pub fn cost(d: usize, centres: &[f64], #[constant] points: &[f64]) -> f64 {
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
}
