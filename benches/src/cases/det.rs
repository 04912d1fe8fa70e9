//! Cases of [`crate::det`].

use super::variants::*;
use super::Case;
use crate::annotated::det as annotated;
use crate::det;
use crate::duals;

pub fn cases() -> Vec<Case> {
    [5, 7, 9].map(case).into()
}

fn case(n: usize) -> Case {
    let figure = if n == 7 { 1.6 } else { 1.3 };
    let products = (1..=n).product();
    Case::new(
        "det",
        format!("{n}"),
        products,
        Some(figure),
        move |measure| {
            let a = &det::input(n);
            let mut variants = vec![
                value("primal", || det::determinant(a, n)),
                overwriting("adjoint", [n * n], |[d]| det::determinant_adjoint(a, n, d)),
                value("annotated", || annotated::determinant(a, n)),
                overwriting("grad_into", [n * n], |[d]| {
                    annotated::determinant_grad_into(a, n, d)
                }),
                returning("value_and_grad", || {
                    annotated::determinant_value_and_grad(a, n)
                }),
                gradient("grad", || annotated::determinant_grad(a, n)),
            ];
            if let Ok(a) = <[f64; 25]>::try_from(&a[..]) {
                variants.push(returning("num-dual", move || {
                    duals::gradient(a, duals::det::determinant)
                }));
            }
            measure(&mut variants);
        },
    )
}
