//! Cases of [`crate::llsq`].

use super::variants::*;
use super::Case;
use crate::annotated::llsq as annotated;
use crate::llsq;

/// Coefficients of the polynomial.
const M: usize = 128;

pub fn cases() -> Vec<Case> {
    [128, 1_024, 16_392].map(case).into()
}

pub(super) fn case(n: usize) -> Case {
    Case::new("llsq", format!("{n}"), n * M, Some(1.5), move |measure| {
        let x = &llsq::input(M);
        measure(&mut [
            value("primal", || llsq::squared_error(x, n)),
            overwriting("adjoint", [M], |[d]| llsq::squared_error_adjoint(x, n, d)),
            value("annotated", || annotated::squared_error(x, n)),
            overwriting("grad_into", [M], |[d]| {
                annotated::squared_error_grad_into(x, n, d)
            }),
            returning("value_and_grad", || {
                annotated::squared_error_value_and_grad(x, n)
            }),
            gradient("grad", || annotated::squared_error_grad(x, n)),
        ]);
    })
}
