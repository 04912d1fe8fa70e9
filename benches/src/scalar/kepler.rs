//! One step of Newton's method for Kepler's equation `E − e·sin E = M`.

use crate::sample::between;

/// `count` orbits: eccentric anomaly, eccentricity, mean anomaly.
pub fn input(count: usize) -> Vec<[f64; 3]> {
    let rng = &mut fastrand::Rng::with_seed(13);
    let mut orbit = || {
        let mean = between(rng, 0.0, 6.0);
        [mean + between(rng, -0.5, 0.5), between(rng, 0.0, 0.9), mean]
    };
    (0..count).map(|_| orbit()).collect()
}

/// `E − (E − e·sin E − M)/(1 − e·cos E)`.
#[inline]
pub fn kepler_step(anomaly: f64, eccentricity: f64, mean: f64) -> f64 {
    let (sin, cos) = anomaly.sin_cos();
    anomaly - (anomaly - eccentricity * sin - mean) / (1.0 - eccentricity * cos)
}

/// Adjoint of [`kepler_step`], with its value.
#[inline]
pub fn kepler_step_adjoint(anomaly: f64, eccentricity: f64, mean: f64) -> (f64, (f64, f64, f64)) {
    let (sin, cos) = anomaly.sin_cos();
    let per_slope = 1.0 / (1.0 - eccentricity * cos);
    let quotient = (anomaly - eccentricity * sin - mean) * per_slope;
    let d_slope = quotient * per_slope;
    let d_anomaly = 1.0 - per_slope + eccentricity * (cos * per_slope + sin * d_slope);
    (
        anomaly - quotient,
        (d_anomaly, sin * per_slope - cos * d_slope, per_slope),
    )
}
