//! Every frozen adjoint against central differences of its primal, extrapolated once (Richardson).

use tapeless_benches::scalar::{black_scholes, kepler, logistic, quaternion, rosenbrock};
use tapeless_benches::{ba, det, gmm, kmeans, llsq, lse, lstm, ode};

/// The derivative of `f` in each direction at `x`.
fn differences(x: &[f64], f: impl Fn(&[f64]) -> f64) -> Vec<f64> {
    let central = |i: usize, h: f64| {
        let moved = |by: f64| {
            let mut x = x.to_vec();
            x[i] += by;
            f(&x)
        };
        (moved(h) - moved(-h)) / (2.0 * h)
    };
    let extrapolated = |i: usize| {
        let h = 1e-3 * x[i].abs().max(1.0);
        (4.0 * central(i, 0.5 * h) - central(i, h)) / 3.0
    };
    (0..x.len()).map(extrapolated).collect()
}

/// `value` and `gradient` at `x` are those of `f`.
fn check(x: &[f64], (value, gradient): (f64, Vec<f64>), f: impl Fn(&[f64]) -> f64) {
    let expected = f(x);
    assert!(
        (value - expected).abs() <= 1e-12 * expected.abs().max(1.0),
        "value {value}, expected {expected}"
    );
    assert_eq!(gradient.len(), x.len());
    for (i, (a, b)) in gradient.iter().zip(differences(x, f)).enumerate() {
        let scale = 1f64.max(a.abs()).max(b.abs()).max(expected.abs());
        assert!(
            (a - b).abs() <= 1e-8 * scale,
            "component {i}: adjoint {a}, differences {b}"
        );
    }
}

type Mixture = fn(usize, &[f64], &[f64], &[f64], &[f64], &[f64], &mut gmm::Gradient<'_>) -> f64;

#[test]
fn gmm() {
    // The last size is long enough for lanes.
    for (d, k) in [(1, 1), (2, 3), (5, 4), (19, 2)] {
        for adjoint in [
            gmm::log_likelihood_adjoint as Mixture,
            gmm::log_likelihood_adjoint_hoisted,
        ] {
            let gmm::Input {
                alpha,
                means,
                q,
                l,
                x,
                ..
            } = gmm::Input::new(d, k, 7);
            let flat = [&alpha[..], &means, &q, &l].concat();
            let mut grad = vec![f64::NAN; flat.len()];
            let (d_alpha, rest) = grad.split_at_mut(k);
            let (d_means, rest) = rest.split_at_mut(k * d);
            let (d_q, d_l) = rest.split_at_mut(k * d);
            let mut buffers = gmm::Gradient {
                alpha: d_alpha,
                means: d_means,
                q: d_q,
                l: d_l,
            };
            let value = adjoint(d, &alpha, &means, &q, &l, &x, &mut buffers);
            check(&flat, (value, grad), |p| {
                let (alpha, rest) = p.split_at(k);
                let (means, rest) = rest.split_at(k * d);
                let (q, l) = rest.split_at(k * d);
                gmm::log_likelihood(d, alpha, means, q, l, &x)
            });
        }
    }
}

#[test]
fn ba() {
    let scene = ba::Input::new(5);
    for (i, o) in scene.observations.iter().enumerate() {
        let (mut camera, x) = (scene.cameras[o.camera], scene.points[o.point]);
        if i == 0 {
            camera[..3].fill(0.0);
        }
        let mut block = ba::Block::default();
        let value = ba::reprojection_error_adjoint(&camera, &x, o.w, &o.feature, &mut block);
        for (row, value) in value.into_iter().enumerate() {
            let flat = [&camera[..], &x, &[o.w]].concat();
            let grad = [&block.camera[row][..], &block.x[row], &[block.w[row]]].concat();
            check(&flat, (value, grad), |p| {
                let (camera, x) = (p[..11].try_into().unwrap(), p[11..14].try_into().unwrap());
                ba::reprojection_error(&camera, &x, p[14], &o.feature)[row]
            });
        }
        let (value, d_w) = ba::weight_error_adjoint(o.w);
        check(&[o.w], (value, vec![d_w]), |p| ba::weight_error(p[0]));
    }
}

#[test]
fn lstm() {
    for (l, c) in [(1, 2), (2, 5), (3, 7)] {
        let lstm::Input {
            b,
            main,
            extra,
            state,
            sequence,
        } = lstm::Input::new(l, c, 4);
        let flat = [&main[..], &extra].concat();
        let mut grad = vec![f64::NAN; flat.len()];
        let (d_main, d_extra) = grad.split_at_mut(main.len());
        let value = lstm::loss_adjoint(b, &main, &extra, &state, &sequence, d_main, d_extra);
        check(&flat, (value, grad), |p| {
            let (main, extra) = p.split_at(main.len());
            lstm::loss(b, main, extra, &state, &sequence)
        });
    }
}

#[test]
fn ode() {
    for adjoint in [ode::endpoint_sum_adjoint, ode::stored, ode::recomputed] {
        let x = ode::input(6);
        let mut grad = vec![f64::NAN; x.len()];
        let value = adjoint(&x, 5, &mut grad);
        check(&x, (value, grad), |x| ode::endpoint_sum(x, 5));
    }
}

#[test]
fn det() {
    for n in 1..6 {
        let a = det::input(n);
        let mut grad = vec![f64::NAN; a.len()];
        let value = det::determinant_adjoint(&a, n, &mut grad);
        check(&a, (value, grad), |a| det::determinant(a, n));
    }
}

#[test]
fn lse() {
    let x = lse::input(20);
    let mut grad = vec![f64::NAN; x.len()];
    let value = lse::log_sum_exp_adjoint(&x, &mut grad);
    check(&x, (value, grad), lse::log_sum_exp);
}

#[test]
fn llsq() {
    let x = llsq::input(9);
    for n in [16, 17] {
        let mut grad = vec![f64::NAN; x.len()];
        let value = llsq::squared_error_adjoint(&x, n, &mut grad);
        check(&x, (value, grad), |x| llsq::squared_error(x, n));
    }
}

#[test]
fn kmeans() {
    let kmeans::Input { d, centres, points } = kmeans::Input::new(4, 20, 3);
    let mut grad = vec![f64::NAN; centres.len()];
    let value = kmeans::cost_adjoint(d, &centres, &points, &mut grad);
    check(&centres, (value, grad), |c| kmeans::cost(d, c, &points));
}

#[test]
fn scalar() {
    for [x, y] in rosenbrock::input(5) {
        let (value, (dx, dy)) = rosenbrock::rosenbrock_adjoint(x, y);
        check(&[x, y], (value, vec![dx, dy]), |p| {
            rosenbrock::rosenbrock(p[0], p[1])
        });
    }
    for option in black_scholes::input(5) {
        let price = |p: &[f64]| black_scholes::call_price(p[0], p[1], p[2], p[3], p[4]);
        let [s, k, r, v, t] = option;
        let (value, grad) = black_scholes::call_price_adjoint(s, k, r, v, t);
        check(&option, (value, grad.to_vec()), price);
    }
    for [a, e, m] in kepler::input(5) {
        let (value, (da, de, dm)) = kepler::kepler_step_adjoint(a, e, m);
        check(&[a, e, m], (value, vec![da, de, dm]), |p| {
            kepler::kepler_step(p[0], p[1], p[2])
        });
    }
    for (q, v, target) in quaternion::input(5) {
        let (value, (dq, dv)) = quaternion::misalignment_adjoint(&q, &v, &target);
        check(
            &[&q[..], &v].concat(),
            (value, [&dq[..], &dv].concat()),
            |p| {
                quaternion::misalignment(
                    &p[..4].try_into().unwrap(),
                    &p[4..].try_into().unwrap(),
                    &target,
                )
            },
        );
    }
    for (w, x, label) in logistic::input(5) {
        let (value, dw) = logistic::logistic_loss_adjoint(&w, &x, label);
        check(&w, (value, dw.to_vec()), |w| {
            logistic::logistic_loss(w.try_into().unwrap(), &x, label)
        });
    }
}
