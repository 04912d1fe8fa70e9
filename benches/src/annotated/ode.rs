//! [`crate::ode`], annotated.

pub use seen::*;

#[tapeless::differentiate]
mod seen {

    /// The sum of the components of `y(2)`, after `steps` steps.
    pub fn endpoint_sum(x: &[f64], steps: usize) -> f64 {
        let n = x.len();
        let h = 2.0 / steps as f64;
        let mut y = vec![0.0; n];
        let mut stage = vec![0.0; n];
        let mut k1 = vec![0.0; n];
        let mut k2 = vec![0.0; n];
        let mut k3 = vec![0.0; n];
        let mut k4 = vec![0.0; n];
        for _ in 0..steps {
            slope(x, &y, &mut k1);
            advance(&y, 0.5 * h, &k1, &mut stage);
            slope(x, &stage, &mut k2);
            advance(&y, 0.5 * h, &k2, &mut stage);
            slope(x, &stage, &mut k3);
            advance(&y, h, &k3, &mut stage);
            slope(x, &stage, &mut k4);
            for i in 0..n {
                y[i] += h / 6.0 * (k1[i] + 2.0 * k2[i] + 2.0 * k3[i] + k4[i]);
            }
        }
        y.iter().sum()
    }

    /// `k = y'`.
    fn slope(x: &[f64], y: &[f64], k: &mut [f64]) {
        k[0] = x[0];
        for i in 1..x.len() {
            k[i] = x[i] * y[i - 1];
        }
    }

    /// `out = y + h·k`.
    fn advance(y: &[f64], h: f64, k: &[f64], out: &mut [f64]) {
        for ((o, y), k) in out.iter_mut().zip(y).zip(k) {
            *o = y + h * k;
        }
    }
}
