//! Adaptive control: while an arm follows a target, the gains of its controller follow the gradient of the tracking
//! error through a simulation of what has just happened. When the arm picks up a load, they find new values.
#![no_std]
#![no_main]

use core::hint::black_box;

use cortex_m_rt::entry;
use cortex_m_semihosting::hprintln;
use tapeless::{differentiate, Differentiable, Parameters};
use tapeless_cortex_m::{compare, Bench, Report};

/// Seconds between two decisions of the controller.
const STEP: f32 = 0.02;
/// Decisions between two changes of the gains.
const WINDOW: usize = 64;
/// What the motor can do.
const STRONGEST: f32 = 8.0;
const RATE: f32 = 0.1;
/// How many windows there are, and how many of them without the load.
const WINDOWS: usize = 80;
const LOADED: usize = 40;

/// A PID controller.
#[derive(Clone, Debug, Differentiable)]
struct Gains {
    proportional: f32,
    integral: f32,
    derivative: f32,
}

/// An arm that turns about a horizontal axis, known from an identification.
#[derive(Clone)]
struct Arm {
    inertia: f32,
    damping: f32,
    weight: f32,
}

/// Where the arm is, and what the controller remembers.
#[derive(Clone, Copy, Differentiable)]
struct State {
    angle: f32,
    speed: f32,
    integral: f32,
}

/// The state one step later; the motor's torque saturates.
#[differentiate(no_alloc)]
fn follow(gains: &Gains, state: State, #[constant] arm: &Arm, #[constant] target: f32) -> State {
    let off = target - state.angle;
    let integral = state.integral + STEP * off;
    let wanted =
        gains.proportional * off + gains.integral * integral - gains.derivative * state.speed;
    let torque = STRONGEST * libm::tanhf(wanted / STRONGEST);
    let push = torque - arm.damping * state.speed - arm.weight * libm::sinf(state.angle);
    let speed = state.speed + STEP * push / arm.inertia;
    State {
        angle: state.angle + STEP * speed,
        speed,
        integral,
    }
}

/// To and fro, once in a window.
fn target(step: usize) -> f32 {
    0.5 * libm::sinf((step % WINDOW) as f32 * (core::f32::consts::TAU / WINDOW as f32))
}

/// The mean square of the distance from the target over a window: one function for each way to bound what its gradient
/// stores of the simulation.
macro_rules! tracking_error {
    ($name:ident, #[$bound:meta]) => {
        #[differentiate(wrt(gains), no_alloc)]
        fn $name(gains: &Gains, arm: &Arm, start: State, first: usize) -> f32 {
            let mut state = start;
            let mut sum = 0.0;
            #[$bound]
            for step in first..first + WINDOW {
                let goal = target(step);
                state = follow(gains, state, arm, goal);
                let off: f32 = goal - state.angle;
                sum += off * off;
            }
            sum / WINDOW as f32
        }
    };
}

// Every step is stored.
tracking_error!(tracking_error, #[max_iters(64)]);
// Of the steps, as many as said are stored, and the others are simulated again.
tracking_error!(tracking_error_by_16, #[checkpoints(16)]);
tracking_error!(tracking_error_by_4, #[checkpoints(4)]);

impl Gains {
    /// A step down ln(error) in ln(gain): no gain changes sign, and none by more than a fifth.
    fn adapt(&mut self, error: f32, slopes: &GainsCotangent) {
        self.visit(slopes, |gains, slopes| {
            for (gain, slope) in gains.iter_mut().zip(slopes) {
                *gain *= (1.0 - RATE * *gain * slope / error).clamp(0.8, 1.25);
            }
        });
    }
}

fn at_first() -> (Gains, Arm, State) {
    let gains = Gains {
        proportional: 10.0,
        integral: 1.0,
        derivative: 1.0,
    };
    let arm = Arm {
        inertia: 0.2,
        damping: 0.3,
        weight: 2.0,
    };
    (
        gains,
        arm,
        State {
            angle: 0.0,
            speed: 0.0,
            integral: 0.0,
        },
    )
}

/// Follows the target, and adapts the gains after each window. The load is picked up in the middle.
fn adaptive_control(report: &mut Report) {
    let (mut gains, mut arm, mut state) = at_first();
    let mut slopes = gains.zero_cotangent();
    let mut errors = [0.0; WINDOWS];
    for window in 0..WINDOWS {
        if window == LOADED {
            arm = Arm {
                inertia: 0.5,
                weight: 5.0,
                ..arm
            };
        }
        let first = window * WINDOW;
        errors[window] = tracking_error_grad_into(&gains, &arm, state, first, &mut slopes);
        for step in first..first + WINDOW {
            state = follow(&gains, state, &arm, target(step));
        }
        gains.adapt(errors[window], &slopes);
    }
    let distance = |window: usize| 1e3 * libm::sqrtf(errors[window]);
    let (first, adapted) = (distance(0), distance(LOADED - 1));
    let (loaded, again) = (distance(LOADED), distance(WINDOWS - 1));
    hprintln!(
        "{} windows with one load, {} with another",
        LOADED,
        WINDOWS - LOADED
    );
    hprintln!(
        "distance from the target: {:.0} mrad at first, {:.0} after {} windows",
        first,
        adapted,
        LOADED
    );
    hprintln!(
        "distance from the target: {:.0} mrad with a load, {:.0} after as many windows",
        loaded,
        again
    );
    report.check(adapted < first / 5.0, "the gains adapt");
    report.check(again < loaded / 2.0, "the gains adapt to the load");
}

/// Measures one of the gradients, and holds it against differences.
macro_rules! measure {
    ($report:expr, $bench:expr, $what:literal, $primal:ident, $gradient:ident, $limit:literal) => {{
        let (gains, arm, state) = black_box(at_first());
        let first = black_box(0);
        let mut slopes = gains.zero_cotangent();
        let (_, primal) = $bench.run(|| $primal(&gains, &arm, state, first));
        let (_, gradient) = $bench.run(|| $gradient(&gains, &arm, state, first, &mut slopes));
        let error = compare(|gains| $primal(gains, &arm, state, first), &gains, &slopes);
        $report.gradient($what, error, 1e-3);
        $report.costs($what, primal, gradient, $limit);
    }};
}

#[entry]
fn main() -> ! {
    let mut report = Report::default();
    adaptive_control(&mut report);
    let bench = Bench::default();
    measure!(
        report,
        bench,
        "64 steps, all stored",
        tracking_error,
        tracking_error_grad_into,
        4.0
    );
    measure!(
        report,
        bench,
        "64 steps, 16 stored",
        tracking_error_by_16,
        tracking_error_by_16_grad_into,
        4.0
    );
    measure!(
        report,
        bench,
        "64 steps, 4 stored",
        tracking_error_by_4,
        tracking_error_by_4_grad_into,
        6.0
    );
    report.finish()
}
