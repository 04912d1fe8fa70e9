//! [`crate::scalar::kepler`], annotated.

use tapeless::differentiate;

/// `E − (E − e·sin E − M)/(1 − e·cos E)`.
#[differentiate]
#[inline]
pub fn kepler_step(anomaly: f64, eccentricity: f64, mean: f64) -> f64 {
    let (sin, cos) = anomaly.sin_cos();
    anomaly - (anomaly - eccentricity * sin - mean) / (1.0 - eccentricity * cos)
}
