//! Cases of [`crate::ode`].

use super::variants::*;
use super::Case;
use crate::annotated::ode as annotated;
use crate::ode;

pub fn cases() -> Vec<Case> {
    [(1_000, 10), (1_000, 100), (10_000, 10), (10_000, 100)]
        .map(|(n, s)| case(n, s))
        .into()
}

fn case(n: usize, s: usize) -> Case {
    let figure = match (n, s) {
        (1_000, 10) => Some(3.2),
        (10_000, 100) => Some(3.8),
        _ => None,
    };
    Case::new("ode", format!("{n}_{s}"), n * s, figure, move |measure| {
        let x = &ode::input(n);
        measure(&mut [
            value("primal", || ode::endpoint_sum(x, s)),
            overwriting("adjoint", [n], |[d]| ode::endpoint_sum_adjoint(x, s, d)),
            overwriting("stored", [n], |[d]| ode::stored(x, s, d)),
            overwriting("recomputed", [n], |[d]| ode::recomputed(x, s, d)),
            value("annotated", || annotated::endpoint_sum(x, s)),
            overwriting("grad_into", [n], |[d]| {
                annotated::endpoint_sum_grad_into(x, s, d)
            }),
            returning("value_and_grad", || {
                annotated::endpoint_sum_value_and_grad(x, s)
            }),
            gradient("grad", || annotated::endpoint_sum_grad(x, s)),
        ]);
    })
}
