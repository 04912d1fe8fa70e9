//! Cases of [`crate::scalar`].

use super::variants::value;
use super::Case;
use crate::annotated;
use crate::duals::{gradient, scalar as duals};
use crate::gradient::{Parts, Sink};
use crate::measure::Variant;
use crate::scalar::{black_scholes, kepler, logistic, quaternion, rosenbrock};

/// So many inputs are evaluated at once.
const BATCH: usize = 1_024;

pub fn cases() -> Vec<Case> {
    vec![
        case("rosenbrock", rosenbrock::input, |i| {
            vec![
                primal("primal", i, |&[x, y]| rosenbrock::rosenbrock(x, y)),
                adjoint("adjoint", i, |&[x, y]| rosenbrock::rosenbrock_adjoint(x, y)),
                primal("annotated", i, |&[x, y]| {
                    annotated::rosenbrock::rosenbrock(x, y)
                }),
                adjoint("value_and_grad", i, |&[x, y]| {
                    annotated::rosenbrock::rosenbrock_value_and_grad(x, y)
                }),
                adjoint("grad", i, |&[x, y]| {
                    (0.0, annotated::rosenbrock::rosenbrock_grad(x, y))
                }),
                adjoint("num-dual", i, |&x| gradient(x, duals::rosenbrock)),
            ]
        }),
        case("black_scholes", black_scholes::input, |i| {
            use annotated::black_scholes as generated;
            use black_scholes::{call_price, call_price_adjoint};
            vec![
                primal("primal", i, |&[s, k, r, v, t]| call_price(s, k, r, v, t)),
                adjoint("adjoint", i, |&[s, k, r, v, t]| {
                    call_price_adjoint(s, k, r, v, t)
                }),
                primal("annotated", i, |&[s, k, r, v, t]| {
                    generated::call_price(s, k, r, v, t)
                }),
                adjoint("value_and_grad", i, |&[s, k, r, v, t]| {
                    generated::call_price_value_and_grad(s, k, r, v, t)
                }),
                adjoint("grad", i, |&[s, k, r, v, t]| {
                    (0.0, generated::call_price_grad(s, k, r, v, t))
                }),
                adjoint("num-dual", i, |&x| gradient(x, duals::call_price)),
            ]
        }),
        case("kepler", kepler::input, |i| {
            use annotated::kepler as generated;
            vec![
                primal("primal", i, |&[a, e, m]| kepler::kepler_step(a, e, m)),
                adjoint("adjoint", i, |&[a, e, m]| {
                    kepler::kepler_step_adjoint(a, e, m)
                }),
                primal("annotated", i, |&[a, e, m]| generated::kepler_step(a, e, m)),
                adjoint("value_and_grad", i, |&[a, e, m]| {
                    generated::kepler_step_value_and_grad(a, e, m)
                }),
                adjoint("grad", i, |&[a, e, m]| {
                    (0.0, generated::kepler_step_grad(a, e, m))
                }),
                adjoint("num-dual", i, |&x| gradient(x, duals::kepler_step)),
            ]
        }),
        case("quaternion", quaternion::input, |i| {
            use annotated::quaternion as generated;
            vec![
                primal("primal", i, |(q, v, t)| quaternion::misalignment(q, v, t)),
                adjoint("adjoint", i, |(q, v, t)| {
                    quaternion::misalignment_adjoint(q, v, t)
                }),
                primal("annotated", i, |(q, v, t)| generated::misalignment(q, v, t)),
                adjoint("value_and_grad", i, |(q, v, t)| {
                    generated::misalignment_value_and_grad(q, v, t)
                }),
                adjoint("grad", i, |(q, v, t)| {
                    (0.0, generated::misalignment_grad(q, v, t))
                }),
                adjoint("num-dual", i, |&([a, b, c, d], [e, f, g], ref t)| {
                    gradient([a, b, c, d, e, f, g], |x| duals::misalignment(x, t))
                }),
            ]
        }),
        case("logistic", logistic::input, |i| {
            use annotated::logistic as generated;
            vec![
                primal("primal", i, |(w, x, y)| logistic::logistic_loss(w, x, *y)),
                adjoint("adjoint", i, |(w, x, y)| {
                    logistic::logistic_loss_adjoint(w, x, *y)
                }),
                primal("annotated", i, |(w, x, y)| {
                    generated::logistic_loss(w, x, *y)
                }),
                adjoint("value_and_grad", i, |(w, x, y)| {
                    generated::logistic_loss_value_and_grad(w, x, *y)
                }),
                adjoint("grad", i, |(w, x, y)| {
                    (0.0, generated::logistic_loss_grad(w, x, *y))
                }),
                adjoint("num-dual", i, |(w, x, y)| {
                    gradient(*w, |w| duals::logistic_loss(w, x, *y))
                }),
            ]
        }),
    ]
}

fn case<I: 'static>(
    problem: &'static str,
    input: fn(usize) -> Vec<I>,
    variants: impl Fn(&[I]) -> Vec<Variant<'_>> + 'static,
) -> Case {
    Case::new(
        problem,
        format!("{BATCH} inputs"),
        BATCH,
        None,
        move |measure| {
            measure(&mut variants(&input(BATCH)));
        },
    )
}

/// The sum of the values.
fn primal<'a, I>(
    name: &'static str,
    input: &'a [I],
    f: impl Fn(&I) -> f64 + Copy + 'a,
) -> Variant<'a> {
    value(name, move || input.iter().map(f).sum())
}

/// The sum of the values; the gradients are kept.
fn adjoint<'a, I, G: Parts + Default + Clone + 'a>(
    name: &'static str,
    input: &'a [I],
    f: impl Fn(&I) -> (f64, G) + 'a,
) -> Variant<'a> {
    let mut gradients = vec![G::default(); input.len()];
    let run = move |sink: &mut Sink| {
        let mut total = 0.0;
        for (i, gradient) in input.iter().zip(&mut gradients) {
            let value;
            (value, *gradient) = f(i);
            total += value;
        }
        sink.put(&gradients);
        total
    };
    Variant {
        name,
        run: Box::new(run),
    }
}
