//! Gradients against central differences, for each kind of function that firmware is made of.

use core::hint::black_box;

use tapeless::{differentiate, Differentiable, Inactive, Real};

use crate::{bounded, siblings, sources};

/// Every check, in the order of the exit codes.
pub const ALL: &[fn() -> bool] = &[
    scalars,
    math,
    arrays,
    methods,
    branches,
    generics,
    loops,
    parts,
    bounded::all,
    bounded::sizes,
    siblings::arrays,
    siblings::slices,
    sources::all,
];

/// Whether a gradient agrees with central differences of `f`.
fn agrees<const N: usize>(f: impl Fn([f64; N]) -> f64, at: [f64; N], gradient: [f64; N]) -> bool {
    let step = 1e-5;
    (0..N).all(|arg| {
        let moved = |offset: f64| {
            let mut moved = black_box(at);
            moved[arg] += offset;
            f(moved)
        };
        let slope = (moved(step) - moved(-step)) / (2.0 * step);
        libm::fabs(slope - gradient[arg]) <= 1e-6 * libm::fmax(1.0, libm::fabs(slope))
    })
}

#[differentiate]
fn rosenbrock(x: f64, y: f64) -> f64 {
    (1.0 - x) * (1.0 - x) + 100.0 * (y - x * x) * (y - x * x)
}

fn scalars() -> bool {
    let (dx, dy) = rosenbrock_grad(black_box(1.2), black_box(1.0));
    agrees(|[x, y]| rosenbrock(x, y), [1.2, 1.0], [dx, dy])
}

/// Spelled in `libm`, as is its derivative.
#[differentiate]
fn response(t: f64, damping: f64) -> f64 {
    libm::exp(-damping * t) * libm::sin(3.0 * t) / libm::sqrt(1.0 + t)
}

fn math() -> bool {
    let (dt, d_damping) = response_grad(black_box(0.7), black_box(0.3));
    agrees(
        |[t, damping]| response(t, damping),
        [0.7, 0.3],
        [dt, d_damping],
    )
}

#[differentiate]
fn norm(v: &[f64; 3]) -> f64 {
    libm::sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2])
}

fn arrays() -> bool {
    let at = black_box([1.0, -2.0, 0.5]);
    agrees(|v| norm(&v), at, norm_grad(&at))
}

#[derive(Clone, Copy, Differentiable)]
struct Thermistor {
    beta: f64,
    reference: f64,
    samples: u32,
}

#[differentiate]
impl Thermistor {
    /// Kelvin, from a ratio of resistances.
    fn temperature(&self, ratio: f64) -> f64 {
        1.0 / (1.0 / self.reference + libm::log(ratio) / self.beta)
    }
}

fn methods() -> bool {
    let sensor = black_box(Thermistor {
        beta: 3950.0,
        reference: 298.15,
        samples: 4,
    });
    let (d_sensor, d_ratio) = sensor.temperature_grad(1.5);
    let f = |[beta, reference, ratio]: [f64; 3]| {
        Thermistor {
            beta,
            reference,
            ..sensor
        }
        .temperature(ratio)
    };
    sensor.samples == 4
        && agrees(
            f,
            [3950.0, 298.15, 1.5],
            [d_sensor.beta, d_sensor.reference, d_ratio],
        )
}

#[differentiate]
fn huber(x: f64) -> f64 {
    if x > 1.0 {
        x - 0.5
    } else if x < -1.0 {
        -x - 0.5
    } else {
        0.5 * x * x
    }
}

fn branches() -> bool {
    [-2.0, -0.3, 0.4, 1.7]
        .into_iter()
        .all(|x| agrees(|[x]| huber(x), [x], [huber_grad(black_box(x))]))
}

/// `T` brings its own mathematics, from `libm` here.
#[differentiate]
fn softplus<T: Real>(x: T) -> T {
    x.exp().ln_1p()
}

fn generics() -> bool {
    let single = softplus_grad(black_box(0.4_f32));
    let double = softplus_grad(black_box(0.4_f64));
    agrees(|[x]| softplus(x), [0.4], [double]) && libm::fabs(f64::from(single) - double) < 1e-6
}

/// Carried and non-linear: the states are stored, in an array on the stack.
#[differentiate]
fn logistic(rate: f64, start: f64) -> f64 {
    let mut x = start;
    for _ in 0..16 {
        x = rate * x * (1.0 - x);
    }
    x
}

fn loops() -> bool {
    let (d_rate, d_start) = logistic_grad(black_box(2.9), black_box(0.3));
    agrees(
        |[rate, start]| logistic(rate, start),
        [2.9, 0.3],
        [d_rate, d_start],
    )
}

/// Only what is asked for, added to what is there.
fn parts() -> bool {
    let mut dx = 10.0;
    let value = rosenbrock_vjp(black_box(1.2), black_box(1.0), 1.0, &mut dx, Inactive);
    value == rosenbrock(1.2, 1.0) && agrees(|[x]| rosenbrock(x, 1.0), [1.2], [dx - 10.0])
}
