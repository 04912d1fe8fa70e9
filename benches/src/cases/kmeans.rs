//! Cases of [`crate::kmeans`].

use super::variants::*;
use super::Case;
use crate::annotated::kmeans as annotated;
use crate::kmeans::{self, Input};

pub fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for k in [10, 100] {
        for n in [1_000, 10_000] {
            cases.extend([8, 16].map(|d| case(k, n, d)));
        }
    }
    cases
}

pub(super) fn case(k: usize, n: usize, d: usize) -> Case {
    Case::new(
        "kmeans",
        format!("{k}_{n}_{d}"),
        k * n * d,
        Some(1.35),
        move |measure| {
            let Input {
                d,
                centres: c,
                points: p,
            } = &Input::new(k, n, d);
            let (d, length) = (*d, c.len());
            measure(&mut [
                value("primal", || kmeans::cost(d, c, p)),
                overwriting("adjoint", [length], |[dc]| {
                    kmeans::cost_adjoint(d, c, p, dc)
                }),
                value("annotated", || annotated::cost(d, c, p)),
                overwriting("grad_into", [length], |[dc]| {
                    annotated::cost_grad_into(d, c, p, dc)
                }),
                returning("value_and_grad", || annotated::cost_value_and_grad(d, c, p)),
                gradient("grad", || annotated::cost_grad(d, c, p)),
            ]);
        },
    )
}
