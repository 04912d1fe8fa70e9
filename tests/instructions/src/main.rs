//! Five gradients and a training step, generated and written by hand, to count their instructions: see `run`.
//!
//! `tapeless-instructions rosenbrock generated` evaluates one of them many times; without arguments, the names of the
//! functions are printed and both versions of each are compared.

mod by_hand;
mod generated;
mod models;

use std::hint::black_box;

use models::{Network, Pendulum, Quaternion};
use tapeless::matrix::{Matrix, Vector};
use tapeless::nn::Linear;
use tapeless::Parameters;

/// How often each function is evaluated.
const EVALUATIONS: usize = 1000;

/// A function, generated and written by hand, each as its value and gradient in a row.
struct Case {
    name: &'static str,
    /// How far they may be apart.
    rounding: f64,
    generated: fn() -> Vec<f64>,
    by_hand: fn() -> Vec<f64>,
}

const QUATERNION: Quaternion = [0.8, 0.2, -0.4, 0.4];
const VECTOR: [f64; 3] = [1.0, -2.0, 0.5];
const TARGET: [f64; 3] = [0.3, 0.2, -1.0];
const PENDULUM: Pendulum = Pendulum {
    mass: 1.5,
    length: 0.7,
    damping: 0.1,
};

/// Some of its units are on, others off.
const NETWORK: Network = {
    let mut weights = [[0.0; 2]; 16];
    let mut i = 0;
    while i < 16 {
        weights[i] = [0.1 * i as f32 - 0.7, 0.5 - 0.07 * i as f32];
        i += 1;
    }
    Network {
        hidden: Linear {
            weight: Matrix(weights),
            bias: Vector([0.05; 16]),
        },
        output: Linear {
            weight: Matrix([[0.3; 16]]),
            bias: Vector([-0.1]),
        },
    }
};

/// Both versions at the same point, which the compiler does not see.
macro_rules! case {
    ($rounding:literal: $name:ident($($arg:expr),*) => |$value:ident, $gradient:pat_param| $row:expr) => {
        Case {
            name: stringify!($name),
            rounding: $rounding,
            generated: || {
                let ($value, $gradient) = generated::$name($(black_box($arg)),*);
                $row.to_vec()
            },
            by_hand: || {
                let ($value, $gradient) = by_hand::$name($(black_box($arg)),*);
                $row.to_vec()
            },
        }
    };
}

const CASES: [Case; 6] = [
    case!(1e-12: rosenbrock(1.2, 1.0) => |value, (x, y)| [value, x, y]),
    case!(1e-12: black_scholes(100.0, 105.0, 0.03, 0.2, 0.5) => |value, (s, k, r, v, t)| [value, s, k, r, v, t]),
    case!(1e-12: rotation(&QUATERNION, &VECTOR, &TARGET) => |value, (q, v)| [&[value][..], &q, &v].concat()),
    case!(1e-12: huber(1.5, -0.5, 1.0) => |value, (x, y)| [value, x, y]),
    case!(1e-12: pendulum(&PENDULUM, 0.4, -1.3) => |value, (p, angle, speed)| [value, p.mass, p.length, p.damping, angle, speed]),
    Case {
        name: "network",
        rounding: 1e-6,
        generated: || step(generated::network),
        by_hand: || step(by_hand::network),
    },
];

type Step = fn(&mut Network, &Vector<f32, 2>, &Vector<f32, 1>) -> f32;

/// The error before a step, and all weights after it.
fn step(step: Step) -> Vec<f64> {
    let mut network = black_box(NETWORK);
    let (x, y) = black_box((Vector([0.6, -0.3]), Vector([0.8])));
    let mut weights = vec![0.0; network.count() + 1];
    weights[0] = step(&mut network, &x, &y);
    network.write_flat(&mut weights[1..]);
    weights.into_iter().map(f64::from).collect()
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => compare(),
        [name, version] => evaluate(name, version == "generated"),
        _ => panic!("usage: tapeless-instructions [name generated|by_hand]"),
    }
}

fn evaluate(name: &str, generated: bool) {
    let case = CASES
        .iter()
        .find(|case| case.name == name)
        .expect("a known name");
    let function = if generated {
        case.generated
    } else {
        case.by_hand
    };
    for _ in 0..EVALUATIONS {
        black_box(function());
    }
}

fn compare() {
    for case in CASES {
        let (generated, by_hand) = ((case.generated)(), (case.by_hand)());
        let agree = |(a, b): (&f64, &f64)| (a - b).abs() <= case.rounding * a.abs().max(1.0);
        let agreed = generated.len() == by_hand.len() && generated.iter().zip(&by_hand).all(agree);
        assert!(
            agreed,
            "{}: {generated:?}, but by hand {by_hand:?}",
            case.name
        );
        println!("{}", case.name);
    }
}
