//! What adjoints allocate: for the problems whose loops only accumulate, nothing but what the primal has.

use stats_alloc::{Region, StatsAlloc, INSTRUMENTED_SYSTEM};
use std::alloc::System;
use std::hint::black_box;
use tapeless_benches::annotated;
use tapeless_benches::{gmm, kmeans, llsq, lse};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Without the test harness, whose own thread allocates when it likes.
fn main() {
    log_sum_exp();
    least_squares();
    k_means();
    mixture();
}

/// How many bytes `f` allocates, all in all.
fn bytes<T>(f: impl FnOnce() -> T) -> usize {
    let region = Region::new(ALLOCATOR);
    black_box(f());
    region.change().bytes_allocated
}

fn log_sum_exp() {
    for n in [1, 100, 10_000] {
        let x = lse::input(n);
        let mut d = vec![0.0; n];
        assert_eq!(bytes(|| annotated::lse::log_sum_exp(&x)), 0);
        let adjoint = bytes(|| annotated::lse::log_sum_exp_grad_into(&x, &mut d));
        assert_eq!(adjoint, 0, "{n} elements");
    }
}

fn least_squares() {
    for n in [2, 100, 10_000] {
        let x = llsq::input(128);
        let mut d = vec![0.0; x.len()];
        let adjoint = bytes(|| annotated::llsq::squared_error_grad_into(&x, n, &mut d));
        assert_eq!(adjoint, 0, "{n} points");
    }
}

fn k_means() {
    for n in [1, 100, 10_000] {
        let kmeans::Input { d, centres, points } = kmeans::Input::new(10, n, 8);
        let mut gradient = vec![0.0; centres.len()];
        let adjoint =
            bytes(|| annotated::kmeans::cost_grad_into(d, &centres, &points, &mut gradient));
        assert_eq!(adjoint, 0, "{n} points");
    }
}

/// The primal has vectors of its own: the diagonals and sums that it computes once, and the scratch of a point. The
/// adjoint has their cotangents beside them, the scratch once more, where components are run again, and what the
/// triangular products of one point came to, as it has by hand. What is allocated does not depend on the number of points.
fn mixture() {
    for (d, k) in [(2, 5), (10, 25), (64, 25)] {
        let [(primal, adjoint), more_points] = [10, 1_000].map(|n| mixture_bytes(d, k, n));
        assert_eq!((primal, adjoint), more_points, "{d}_{k}");
        let scratch = (2 * d + k * d) * size_of::<f64>();
        assert!(
            adjoint <= 2 * primal + scratch,
            "{d}_{k}: {primal}, {adjoint}"
        );
    }
}

fn mixture_bytes(d: usize, k: usize, n: usize) -> (usize, usize) {
    let gmm::Input {
        d,
        alpha: a,
        means: m,
        q,
        l,
        x,
    } = &gmm::Input::new(d, k, n);
    let [da, dm, dq, dl] = &mut [a, m, q, l].map(|part| vec![0.0; part.len()]);
    let primal = bytes(|| annotated::gmm::log_likelihood(*d, a, m, q, l, x));
    let adjoint =
        bytes(|| annotated::gmm::log_likelihood_grad_into(*d, a, m, q, l, x, da, dm, dq, dl));
    (primal, adjoint)
}
