//! The cases that are measured: problem, size, and the published figure of a careful adjoint by hand.

use crate::measure::Variant;
use crate::scalar::{black_scholes, kepler, logistic, quaternion, rosenbrock};
use crate::{ba, det, gmm, kmeans, llsq, lse, lstm, ode};

/// A problem at one size.
pub struct Case {
    /// The problem.
    pub problem: &'static str,
    /// Its size.
    pub size: String,
    /// Adjoint by hand ÷ primal, where it was published.
    pub figure: Option<f64>,
    /// Builds the input and runs what is asked on the variants, the reference primal first, the frozen adjoint second.
    pub with: Box<dyn Fn(&mut Measure<'_>)>,
}

/// What is done with a case's variants.
pub type Measure<'m> = dyn FnMut(&mut [Variant<'_>]) + 'm;

impl Case {
    fn new(
        problem: &'static str,
        size: String,
        figure: Option<f64>,
        with: impl Fn(&mut Measure<'_>) + 'static,
    ) -> Self {
        Self {
            problem,
            size,
            figure,
            with: Box::new(with),
        }
    }
}

/// Every case.
pub fn all() -> Vec<Case> {
    let mut cases = Vec::new();
    for (d, k, n) in gmm_sizes() {
        cases.push(gmm_case(d, k, n));
    }
    cases.push(ba_case(31_843));
    for (l, c) in [(2, 1_024), (4, 1_024), (2, 4_096), (4, 4_096)] {
        cases.push(lstm_case(l, c));
    }
    for (n, steps) in [(1_000, 10), (1_000, 100), (10_000, 10), (10_000, 100)] {
        cases.push(ode_case(n, steps));
    }
    cases.extend([5, 7, 9].map(det_case));
    cases.extend([2_500, 10_000, 80_000, 320_000, 1_280_000].map(lse_case));
    cases.extend([128, 1_024, 16_392].map(llsq_case));
    for (k, n, d) in kmeans_sizes() {
        cases.push(kmeans_case(k, n, d));
    }
    cases.extend(scalar_cases());
    cases
}

fn gmm_sizes() -> impl Iterator<Item = (usize, usize, usize)> {
    let dimensions = [2, 10, 20, 64].into_iter();
    let pairs = dimensions.flat_map(|d| [5, 25, 50].map(|k| (d, k)));
    pairs.flat_map(|(d, k)| [1_000, 10_000].map(|n| (d, k, n)))
}

fn kmeans_sizes() -> impl Iterator<Item = (usize, usize, usize)> {
    let pairs = [10, 100]
        .into_iter()
        .flat_map(|k| [1_000, 10_000].map(|n| (k, n)));
    pairs.flat_map(|(k, n)| [8, 16].map(|d| (k, n, d)))
}

fn gmm_case(d: usize, k: usize, n: usize) -> Case {
    let figure = match (d, k, n) {
        (2, 5, 1_000) => Some(2.1),
        (10, 25, 1_000) => Some(2.6),
        (20, 50, 1_000) => Some(2.7),
        (64, 25, 1_000) => Some(4.8),
        _ => None,
    };
    Case::new("gmm", format!("{d}_{k}_{n}"), figure, move |measure| {
        let gmm::Input {
            d,
            alpha,
            means,
            q,
            l,
            x,
        } = gmm::Input::new(d, k, n);
        let zero = || [&alpha, &means, &q, &l].map(|v| vec![0.0; v.len()]);
        let [mut d_alpha, mut d_means, mut d_q, mut d_l] = zero();
        let [mut e_alpha, mut e_means, mut e_q, mut e_l] = zero();
        measure(&mut [
            Variant::new("primal", || {
                gmm::log_likelihood(d, &alpha, &means, &q, &l, &x)
            }),
            Variant::new("adjoint", || {
                let mut grad = gmm::Gradient {
                    alpha: &mut d_alpha,
                    means: &mut d_means,
                    q: &mut d_q,
                    l: &mut d_l,
                };
                gmm::log_likelihood_adjoint(d, &alpha, &means, &q, &l, &x, &mut grad)
            }),
            Variant::new("hoisted", || {
                let mut grad = gmm::Gradient {
                    alpha: &mut e_alpha,
                    means: &mut e_means,
                    q: &mut e_q,
                    l: &mut e_l,
                };
                gmm::log_likelihood_adjoint_hoisted(d, &alpha, &means, &q, &l, &x, &mut grad)
            }),
        ]);
    })
}

fn ba_case(count: usize) -> Case {
    Case::new("ba", format!("{count}"), Some(2.7), move |measure| {
        let scene = ba::Input::new(count);
        let mut errors = vec![([0.0; 2], 0.0); count];
        let mut blocks = vec![([0.0; 2], ba::Block::default(), (0.0, 0.0)); count];
        measure(&mut [
            Variant::new("primal", || {
                for (o, out) in scene.observations.iter().zip(&mut errors) {
                    let (camera, x) = (&scene.cameras[o.camera], &scene.points[o.point]);
                    *out = (
                        ba::reprojection_error(camera, x, o.w, &o.feature),
                        ba::weight_error(o.w),
                    );
                }
                errors[count - 1].1
            }),
            Variant::new("adjoint", || {
                for (o, out) in scene.observations.iter().zip(&mut blocks) {
                    let (camera, x) = (&scene.cameras[o.camera], &scene.points[o.point]);
                    let (value, block) = ba::reprojection_error_adjoint(camera, x, o.w, &o.feature);
                    *out = (value, block, ba::weight_error_adjoint(o.w));
                }
                blocks[count - 1].2 .0
            }),
        ]);
    })
}

fn lstm_case(l: usize, c: usize) -> Case {
    let figure = match (l, c) {
        (2, 1_024) => Some(1.3),
        (4, 1_024) => Some(1.35),
        _ => None,
    };
    Case::new("lstm", format!("{l}_{c}"), figure, move |measure| {
        let lstm::Input {
            b,
            main,
            extra,
            state,
            sequence,
        } = lstm::Input::new(l, c, 14);
        let (mut d_main, mut d_extra) = (vec![0.0; main.len()], vec![0.0; extra.len()]);
        measure(&mut [
            Variant::new("primal", || lstm::loss(b, &main, &extra, &state, &sequence)),
            Variant::new("adjoint", || {
                lstm::loss_adjoint(
                    b,
                    &main,
                    &extra,
                    &state,
                    &sequence,
                    &mut d_main,
                    &mut d_extra,
                )
            }),
        ]);
    })
}

fn ode_case(n: usize, steps: usize) -> Case {
    let figure = match (n, steps) {
        (1_000, 10) => Some(3.2),
        (10_000, 100) => Some(3.8),
        _ => None,
    };
    Case::new("ode", format!("{n}_{steps}"), figure, move |measure| {
        let x = ode::input(n);
        let (mut d, mut stored, mut recomputed) = (vec![0.0; n], vec![0.0; n], vec![0.0; n]);
        measure(&mut [
            Variant::new("primal", || ode::endpoint_sum(&x, steps)),
            Variant::new("adjoint", || ode::endpoint_sum_adjoint(&x, steps, &mut d)),
            Variant::new("stored", || ode::stored(&x, steps, &mut stored)),
            Variant::new("recomputed", || ode::recomputed(&x, steps, &mut recomputed)),
        ]);
    })
}

fn det_case(n: usize) -> Case {
    let figure = if n == 7 { 1.6 } else { 1.3 };
    Case::new("det", format!("{n}"), Some(figure), move |measure| {
        let a = det::input(n);
        let mut d = vec![0.0; a.len()];
        measure(&mut [
            Variant::new("primal", || det::determinant(&a, n)),
            Variant::new("adjoint", || det::determinant_adjoint(&a, n, &mut d)),
        ]);
    })
}

fn lse_case(n: usize) -> Case {
    Case::new("lse", format!("{n}"), Some(1.2), move |measure| {
        let x = lse::input(n);
        let mut d = vec![0.0; n];
        measure(&mut [
            Variant::new("primal", || lse::log_sum_exp(&x)),
            Variant::new("adjoint", || lse::log_sum_exp_adjoint(&x, &mut d)),
        ]);
    })
}

fn llsq_case(n: usize) -> Case {
    Case::new("llsq", format!("{n}"), Some(1.5), move |measure| {
        let x = llsq::input(128);
        let mut d = vec![0.0; x.len()];
        measure(&mut [
            Variant::new("primal", || llsq::squared_error(&x, n)),
            Variant::new("adjoint", || llsq::squared_error_adjoint(&x, n, &mut d)),
        ]);
    })
}

fn kmeans_case(k: usize, n: usize, d: usize) -> Case {
    Case::new(
        "kmeans",
        format!("{k}_{n}_{d}"),
        Some(1.35),
        move |measure| {
            let kmeans::Input { d, centres, points } = kmeans::Input::new(k, n, d);
            let mut grad = vec![0.0; centres.len()];
            measure(&mut [
                Variant::new("primal", || kmeans::cost(d, &centres, &points)),
                Variant::new("adjoint", || {
                    kmeans::cost_adjoint(d, &centres, &points, &mut grad)
                }),
            ]);
        },
    )
}

/// Scalar functions are evaluated on so many inputs at once.
const BATCH: usize = 1_024;

/// The primal on every input, and the adjoint, whose gradients are kept.
fn batch<I: 'static, G: Default + Clone>(
    problem: &'static str,
    input: fn(usize) -> Vec<I>,
    primal: impl Fn(&I) -> f64 + Copy + 'static,
    adjoint: impl Fn(&I) -> (f64, G) + Copy + 'static,
) -> Case {
    Case::new(problem, format!("{BATCH} inputs"), None, move |measure| {
        let input = input(BATCH);
        let mut grads = vec![G::default(); BATCH];
        measure(&mut [
            Variant::new("primal", || input.iter().map(primal).sum()),
            Variant::new("adjoint", || {
                let mut total = 0.0;
                for (i, grad) in input.iter().zip(&mut grads) {
                    let value;
                    (value, *grad) = adjoint(i);
                    total += value;
                }
                total
            }),
        ]);
    })
}

fn scalar_cases() -> [Case; 5] {
    use black_scholes::{call_price, call_price_adjoint};
    use logistic::{logistic_loss, logistic_loss_adjoint};
    [
        batch(
            "rosenbrock",
            rosenbrock::input,
            |&[x, y]| rosenbrock::rosenbrock(x, y),
            |&[x, y]| rosenbrock::rosenbrock_adjoint(x, y),
        ),
        batch(
            "black_scholes",
            black_scholes::input,
            |&[s, k, r, v, t]| call_price(s, k, r, v, t),
            |&[s, k, r, v, t]| call_price_adjoint(s, k, r, v, t),
        ),
        batch(
            "kepler",
            kepler::input,
            |&[a, e, m]| kepler::kepler_step(a, e, m),
            |&[a, e, m]| kepler::kepler_step_adjoint(a, e, m),
        ),
        batch(
            "quaternion",
            quaternion::input,
            |(q, v, t)| quaternion::misalignment(q, v, t),
            |(q, v, t)| quaternion::misalignment_adjoint(q, v, t),
        ),
        batch(
            "logistic",
            logistic::input,
            |(w, x, y)| logistic_loss(w, x, *y),
            |(w, x, y)| logistic_loss_adjoint(w, x, *y),
        ),
    ]
}
