//! The adjoint of the mixture's log-likelihood, by hand.

use super::{below_diagonal, log_prior, squared_norm, subtract, triangular_product, GAMMA, M};
use std::f64::consts::TAU;

/// Where the gradient goes: one buffer per active parameter, overwritten.
pub struct Gradient<'a> {
    /// With respect to `alpha`.
    pub alpha: &'a mut [f64],
    /// With respect to `means`.
    pub means: &'a mut [f64],
    /// With respect to `q`.
    pub q: &'a mut [f64],
    /// With respect to `l`.
    pub l: &'a mut [f64],
}

/// Adjoint of [`super::log_likelihood`]: a point is reversed right after its forward part, so that nothing grows with
/// `N`. Kept per component: `Q(x − μ)` and the exponential of its term.
pub fn log_likelihood_adjoint(
    d: usize,
    alpha: &[f64],
    means: &[f64],
    q: &[f64],
    l: &[f64],
    x: &[f64],
    grad: &mut Gradient<'_>,
) -> f64 {
    adjoint::<false>(d, alpha, means, q, l, x, grad)
}

/// As [`log_likelihood_adjoint`], with the product by `Qᵀ` hoisted out of the loop over the points: it is linear, and
/// what enters it is summed first.
pub fn log_likelihood_adjoint_hoisted(
    d: usize,
    alpha: &[f64],
    means: &[f64],
    q: &[f64],
    l: &[f64],
    x: &[f64],
    grad: &mut Gradient<'_>,
) -> f64 {
    adjoint::<true>(d, alpha, means, q, l, x, grad)
}

fn adjoint<const HOISTED: bool>(
    d: usize,
    alpha: &[f64],
    means: &[f64],
    q: &[f64],
    l: &[f64],
    x: &[f64],
    grad: &mut Gradient<'_>,
) -> f64 {
    let k = alpha.len();
    let t = below_diagonal(d);
    let diagonal: Vec<f64> = q.iter().map(|v| v.exp()).collect();
    let sum_q: Vec<f64> = q.chunks_exact(d).map(|q| q.iter().sum()).collect();
    for buffer in [
        &mut *grad.alpha,
        &mut *grad.means,
        &mut *grad.q,
        &mut *grad.l,
    ] {
        buffer.fill(0.0);
    }
    let mut centred = vec![0.0; d];
    let mut d_centred = vec![0.0; d];
    let mut scaled = vec![0.0; k * d];
    let mut terms = vec![0.0; k];
    let mut total = 0.0;
    for point in x.chunks_exact(d) {
        for (j, scaled) in scaled.chunks_exact_mut(d).enumerate() {
            let (row, below) = (j * d..(j + 1) * d, j * t..(j + 1) * t);
            subtract(point, &means[row.clone()], &mut centred);
            triangular_product(&diagonal[row], &l[below], &centred, scaled);
            terms[j] = alpha[j] + sum_q[j] - 0.5 * squared_norm(scaled);
        }
        total += softmax(&mut terms);
        for (j, d_scaled) in scaled.chunks_exact_mut(d).enumerate() {
            let (row, below) = (j * d..(j + 1) * d, j * t..(j + 1) * t);
            // `alpha` and `sum_q` have the same adjoint: `q` gets it at the end.
            grad.alpha[j] += terms[j];
            for s in d_scaled.iter_mut() {
                *s *= -terms[j];
            }
            subtract(point, &means[row.clone()], &mut centred);
            outer_product(
                d_scaled,
                &centred,
                &mut grad.q[row.clone()],
                &mut grad.l[below.clone()],
            );
            if HOISTED {
                add(d_scaled, &mut grad.means[row]);
            } else {
                transposed_product(&diagonal[row.clone()], &l[below], d_scaled, &mut d_centred);
                subtract_from(&d_centred, &mut grad.means[row]);
            }
        }
    }
    if HOISTED {
        for (j, means) in grad.means.chunks_exact_mut(d).enumerate() {
            transposed_product(
                &diagonal[j * d..(j + 1) * d],
                &l[j * t..(j + 1) * t],
                means,
                &mut d_centred,
            );
            for (m, c) in means.iter_mut().zip(&d_centred) {
                *m = -c;
            }
        }
    }
    let n = (x.len() / d) as f64;
    reverse_prior(d, &diagonal, l, grad);
    let value = total - n * 0.5 * d as f64 * TAU.ln() + log_prior(d, &diagonal, &sum_q, l);
    value - n * reverse_weights(alpha, n, grad.alpha)
}

fn add(v: &[f64], to: &mut [f64]) {
    for (t, v) in to.iter_mut().zip(v) {
        *t += v;
    }
}

fn subtract_from(v: &[f64], from: &mut [f64]) {
    for (f, v) in from.iter_mut().zip(v) {
        *f -= v;
    }
}

/// Log-sum-exp of `v`, which becomes its gradient.
fn softmax(v: &mut [f64]) -> f64 {
    let top = v.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let mut sum = 0.0;
    for v in v.iter_mut() {
        *v = (*v - top).exp();
        sum += *v;
    }
    let scale = 1.0 / sum;
    for v in v.iter_mut() {
        *v *= scale;
    }
    top + sum.ln()
}

/// Original: `out = Q·v`. Adjoint of `Q`: `d_diagonal += d_out ∘ v`, `d_below += d_out vᵀ` below the diagonal.
fn outer_product(d_out: &[f64], v: &[f64], d_diagonal: &mut [f64], d_below: &mut [f64]) {
    for ((dq, o), v) in d_diagonal.iter_mut().zip(d_out).zip(v) {
        *dq += o * v;
    }
    let mut start = 0;
    for (j, v) in v.iter().enumerate() {
        let d_out = &d_out[j + 1..];
        for (dl, o) in d_below[start..start + d_out.len()].iter_mut().zip(d_out) {
            *dl += o * v;
        }
        start += d_out.len();
    }
}

/// Original: `out = Q·v`. Adjoint of `v`: `d_v = Qᵀ·d_out`.
fn transposed_product(diagonal: &[f64], below: &[f64], d_out: &[f64], d_v: &mut [f64]) {
    let mut start = 0;
    for (j, ((dv, q), o)) in d_v.iter_mut().zip(diagonal).zip(d_out).enumerate() {
        let d_out = &d_out[j + 1..];
        *dv = q * o + dot(&below[start..start + d_out.len()], d_out);
        start += d_out.len();
    }
}

/// A dot product; in lanes where it is long enough to pay for them.
fn dot(a: &[f64], b: &[f64]) -> f64 {
    const LANES: usize = 8;
    if a.len() < 2 * LANES {
        return a.iter().zip(b).map(|(a, b)| a * b).sum();
    }
    let mut lanes = [0.0; LANES];
    let (a, b) = (a.chunks_exact(LANES), b.chunks_exact(LANES));
    let rest: f64 = a
        .remainder()
        .iter()
        .zip(b.remainder())
        .map(|(a, b)| a * b)
        .sum();
    for (a, b) in a.zip(b) {
        for i in 0..LANES {
            lanes[i] += a[i] * b[i];
        }
    }
    rest + lanes.iter().sum::<f64>()
}

/// The prior's part, and the end of the chain from `diagonal` and `sum_q` to `q`.
fn reverse_prior(d: usize, diagonal: &[f64], l: &[f64], grad: &mut Gradient<'_>) {
    let blocks = grad.q.chunks_exact_mut(d).zip(diagonal.chunks_exact(d));
    for ((d_q, diagonal), d_sum) in blocks.zip(grad.alpha.iter()) {
        for (d_q, e) in d_q.iter_mut().zip(diagonal) {
            *d_q = (*d_q - GAMMA * GAMMA * e) * e + d_sum + M;
        }
    }
    for (d_l, l) in grad.l.iter_mut().zip(l) {
        *d_l -= GAMMA * GAMMA * l;
    }
}

/// Adds the gradient of `−n·lse(α)`; returns `lse(α)`.
fn reverse_weights(alpha: &[f64], n: f64, d_alpha: &mut [f64]) -> f64 {
    let mut share = alpha.to_vec();
    let log_sum = softmax(&mut share);
    for (d, s) in d_alpha.iter_mut().zip(&share) {
        *d -= n * s;
    }
    log_sum
}
