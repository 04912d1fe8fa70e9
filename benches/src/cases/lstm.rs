//! Cases of [`crate::lstm`].

use super::variants::*;
use super::Case;
use crate::annotated::{lstm as annotated, lstm_apart as apart};
use crate::lstm::{self, Input};

pub fn cases() -> Vec<Case> {
    [(2, 1_024), (4, 1_024), (2, 4_096), (4, 4_096)]
        .map(|(l, c)| case(l, c))
        .into()
}

fn case(l: usize, c: usize) -> Case {
    let figure = match (l, c) {
        (2, 1_024) => Some(1.3),
        (4, 1_024) => Some(1.35),
        _ => None,
    };
    Case::new(
        "lstm",
        format!("{l}_{c}"),
        l * c * 14,
        figure,
        move |measure| {
            let Input {
                b,
                main: m,
                extra: e,
                state: s,
                sequence: x,
            } = &Input::new(l, c, 14);
            let (b, lengths) = (*b, [m.len(), e.len()]);
            measure(&mut [
                value("primal", || lstm::loss(b, m, e, s, x)),
                overwriting("adjoint", lengths, |[dm, de]| {
                    lstm::loss_adjoint(b, m, e, s, x, dm, de)
                }),
                value("annotated", || annotated::loss(b, m, e, s, x)),
                overwriting("grad_into", lengths, |[dm, de]| {
                    annotated::loss_grad_into(b, m, e, s, x, dm, de)
                }),
                returning("value_and_grad", || {
                    annotated::loss_value_and_grad(b, m, e, s, x)
                }),
                gradient("grad", || annotated::loss_grad(b, m, e, s, x)),
                value("apart", || apart::loss(b, m, e, s, x)),
                overwriting("apart, into", lengths, |[dm, de]| {
                    apart::loss_grad_into(b, m, e, s, x, dm, de)
                }),
            ]);
        },
    )
}
