//! Cases of [`crate::gmm`].

use super::variants::*;
use super::Case;
use crate::annotated::gmm as annotated;
use crate::gmm::{self, Gradient, Input};

pub fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for d in [2, 10, 20, 64] {
        for k in [5, 25, 50] {
            cases.extend([1_000, 10_000].map(|n| case(d, k, n)));
        }
    }
    cases
}

fn figure(d: usize, k: usize, n: usize) -> Option<f64> {
    match (d, k, n) {
        (2, 5, 1_000) => Some(2.1),
        (10, 25, 1_000) => Some(2.6),
        (20, 50, 1_000) => Some(2.7),
        (64, 25, 1_000) => Some(4.8),
        _ => None,
    }
}

pub(super) fn case(d: usize, k: usize, n: usize) -> Case {
    let work = n * k * d * (d + 1) / 2;
    Case::new(
        "gmm",
        format!("{d}_{k}_{n}"),
        work,
        figure(d, k, n),
        move |measure| {
            let Input {
                d,
                alpha: a,
                means: m,
                q,
                l,
                x,
            } = &Input::new(d, k, n);
            let d = *d;
            let lengths = [a.len(), m.len(), q.len(), l.len()];
            measure(&mut [
                value("primal", || gmm::log_likelihood(d, a, m, q, l, x)),
                overwriting("adjoint", lengths, |[alpha, means, d_q, d_l]| {
                    let mut grad = Gradient {
                        alpha,
                        means,
                        q: d_q,
                        l: d_l,
                    };
                    gmm::log_likelihood_adjoint(d, a, m, q, l, x, &mut grad)
                }),
                overwriting("hoisted", lengths, |[alpha, means, d_q, d_l]| {
                    let mut grad = Gradient {
                        alpha,
                        means,
                        q: d_q,
                        l: d_l,
                    };
                    gmm::log_likelihood_adjoint_hoisted(d, a, m, q, l, x, &mut grad)
                }),
                value("annotated", || annotated::log_likelihood(d, a, m, q, l, x)),
                overwriting("grad_into", lengths, |[da, dm, dq, dl]| {
                    annotated::log_likelihood_grad_into(d, a, m, q, l, x, da, dm, dq, dl)
                }),
                returning("value_and_grad", || {
                    annotated::log_likelihood_value_and_grad(d, a, m, q, l, x)
                }),
                gradient("grad", || annotated::log_likelihood_grad(d, a, m, q, l, x)),
            ]);
        },
    )
}
