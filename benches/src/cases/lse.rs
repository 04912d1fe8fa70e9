//! Cases of [`crate::lse`].

use super::variants::*;
use super::Case;
use crate::annotated::lse as annotated;
use crate::lse;

pub fn cases() -> Vec<Case> {
    [2_500, 10_000, 80_000, 320_000, 1_280_000].map(case).into()
}

pub(super) fn case(n: usize) -> Case {
    Case::new("lse", format!("{n}"), n, Some(1.2), move |measure| {
        let x = &lse::input(n);
        measure(&mut [
            value("primal", || lse::log_sum_exp(x)),
            overwriting("adjoint", [n], |[d]| lse::log_sum_exp_adjoint(x, d)),
            // As long as the input: what a new page costs is part of any gradient that is returned.
            returning("returned", || {
                let mut d = vec![0.0; n];
                (lse::log_sum_exp_adjoint(x, &mut d), d)
            }),
            value("annotated", || annotated::log_sum_exp(x)),
            overwriting("grad_into", [n], |[d]| {
                annotated::log_sum_exp_grad_into(x, d)
            }),
            returning("value_and_grad", || {
                annotated::log_sum_exp_value_and_grad(x)
            }),
            gradient("grad", || annotated::log_sum_exp_grad(x)),
        ]);
    })
}
