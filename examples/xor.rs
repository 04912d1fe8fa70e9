//! A network learns the exclusive or: matrices on the stack, sizes checked by the compiler, no heap.
//!
//! `cargo run --release -p tapeless-examples --example xor`
#![no_std]

extern crate std;

use std::println;

use tapeless::matrix::{Matrix, Vector};
use tapeless::nn::{Optimizer, Rng, Sgd, StackLinear};
use tapeless::{differentiate, Differentiable};

const HIDDEN: usize = 4;
const PARAMETERS: usize = 3 * HIDDEN + HIDDEN + 1;

/// Two numbers in, `HIDDEN` units, one number out.
#[derive(Clone, Copy, Debug, Differentiable)]
struct Network {
    hidden: StackLinear<f32, 2, HIDDEN>,
    output: StackLinear<f32, HIDDEN, 1>,
}

type Inputs = Matrix<f32, 4, 2>;
type Outputs = Matrix<f32, 4, 1>;

/// What the network makes of the four pairs of truth values, one pair in each row.
#[differentiate(wrt(network), no_alloc)]
fn outputs(network: &Network, x: &Inputs) -> Outputs {
    network.output.forward(&network.hidden.forward(x).tanh())
}

/// The mean squared error.
#[differentiate(wrt(network), no_alloc)]
fn loss(network: &Network, x: &Inputs, y: &Outputs) -> f32 {
    outputs(network, x).mse(y)
}

fn main() {
    let x = Matrix::new([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]);
    let y = Matrix::new([[0.0], [1.0], [1.0], [0.0]]);
    let rng = &mut Rng::with_seed(2);
    let mut network = Network {
        hidden: StackLinear::new(rng),
        output: StackLinear::new(rng),
    };
    let mut gradient = network.zero_cotangent();
    let rule = Sgd {
        momentum: 0.9,
        ..Sgd::new(0.1)
    };
    let mut optimizer = Optimizer::with_state(rule, [0.0; PARAMETERS]);
    for step in 0..=1000 {
        let error = loss_grad_into(&network, &x, &y, &mut gradient);
        optimizer.step(&mut network, &gradient);
        if step % 200 == 0 {
            println!("step {step:4}  loss {error:.6}");
        }
    }
    for (Vector([a, b]), Vector([out])) in rows(&x).into_iter().zip(rows(&outputs(&network, &x))) {
        println!("{a} xor {b} = {out:.3}");
        assert!((out - f32::from(u8::from(a != b))).abs() < 0.05);
    }
}

/// The rows of a matrix.
fn rows<const C: usize>(matrix: &Matrix<f32, 4, C>) -> [Vector<f32, C>; 4] {
    matrix.0.map(Vector)
}
