//! Networks on the heap, with a workspace.

use std::rc::Rc;

use super::RATE;
use crate::measure::Variant;
use fastrand::Rng;
use tapeless::matrix::DMatrix;
use tapeless::nn::{descend, init, HeapLinear};
use tapeless::{differentiate, Cotangent, Differentiable, Inactive};

/// Two layers.
#[derive(Clone, Debug, Differentiable)]
struct Mlp {
    fc1: HeapLinear<f32>,
    fc2: HeapLinear<f32>,
}

/// What a forward run leaves behind.
#[derive(Clone, Debug, Differentiable)]
struct Workspace {
    h: DMatrix<f32>,
    logits: DMatrix<f32>,
}

/// The mean cross entropy of a batch.
#[differentiate]
fn loss(net: &Mlp, x: &DMatrix<f32>, y: &[usize], work: &mut Workspace) -> f32 {
    net.fc1.forward_relu_into(x, &mut work.h);
    net.fc2.forward_into(&work.h, &mut work.logits);
    work.logits.softmax_cross_entropy(y)
}

/// The mean squared error of a batch.
#[differentiate(wrt(net, work))]
fn squares(net: &Mlp, x: &DMatrix<f32>, y: &DMatrix<f32>, work: &mut Workspace) -> f32 {
    net.fc1.forward_relu_into(x, &mut work.h);
    net.fc2.forward_into(&work.h, &mut work.logits);
    work.logits.mse(y)
}

/// A network, its gradient, and places for what is in between.
#[derive(Clone)]
struct State {
    net: Mlp,
    d_net: MlpCotangent,
    work: Workspace,
    d_work: WorkspaceCotangent,
}

impl State {
    fn new([inputs, hidden, outputs]: [usize; 3], batch: usize, rng: &mut Rng) -> Self {
        let net = Mlp {
            fc1: HeapLinear::new(inputs, hidden, rng),
            fc2: HeapLinear::new(hidden, outputs, rng),
        };
        let work = Workspace {
            h: DMatrix::zeros(batch, hidden),
            logits: DMatrix::zeros(batch, outputs),
        };
        State {
            d_net: net.zero_cotangent(),
            d_work: work.zero_cotangent(),
            net,
            work,
        }
    }

    /// Original: `h = relu(x·W1ᵀ + b1)`, `logits = h·W2ᵀ + b2`
    /// Adjoint: from the cotangent of the logits, back to the weights.
    fn back(&mut self, x: &DMatrix<f32>) {
        let State {
            net,
            d_net,
            work,
            d_work,
        } = self;
        net.fc2.forward_into_pullback(
            &work.h,
            &work.logits,
            &mut d_net.fc2,
            &mut d_work.h,
            &mut d_work.logits,
        );
        net.fc1
            .forward_relu_into_pullback(x, &work.h, &mut d_net.fc1, Inactive, &mut d_work.h);
    }

    fn forward(&mut self, x: &DMatrix<f32>) {
        self.net.fc1.forward_relu_into(x, &mut self.work.h);
        self.net
            .fc2
            .forward_into(&self.work.h, &mut self.work.logits);
    }

    fn step(&mut self) {
        descend(&mut self.net, &self.d_net, RATE);
    }
}

fn batch_of(rows: usize, cols: usize, rng: &mut Rng) -> DMatrix<f32> {
    let mut x = DMatrix::zeros(rows, cols);
    init::uniform(&mut x, 0.0, 1.0, rng);
    x
}

/// Steps by the generated gradient and by the one written by hand, of a network that tells classes apart.
pub fn classifier(sizes: [usize; 3], batch: usize) -> Vec<Variant<'static>> {
    let rng = &mut Rng::with_seed(1);
    let x = Rc::new(batch_of(batch, sizes[0], rng));
    let y: Rc<[usize]> = (0..batch).map(|_| rng.usize(..sizes[2])).collect();
    let mut generated = State::new(sizes, batch, rng);
    let mut by_hand = generated.clone();
    let inputs = (x.clone(), y.clone());
    vec![
        variant("generated", move || {
            let State {
                net,
                d_net,
                work,
                d_work,
            } = &mut generated;
            d_net.fill_zero();
            let value = loss_vjp(net, &x, &y, work, 1.0, d_net, Inactive, Inactive, d_work);
            generated.step();
            value
        }),
        variant("by hand", move || {
            let (x, y) = &inputs;
            by_hand.d_net.fill_zero();
            by_hand.forward(x);
            let State { work, d_work, .. } = &mut by_hand;
            let value = work
                .logits
                .softmax_cross_entropy_vjp(y, 1.0, &mut d_work.logits, Inactive);
            by_hand.back(x);
            by_hand.step();
            value
        }),
    ]
}

/// The same of a network whose output is a number.
pub fn regression(sizes: [usize; 3], batch: usize) -> Vec<Variant<'static>> {
    let rng = &mut Rng::with_seed(2);
    let x = Rc::new(batch_of(batch, sizes[0], rng));
    let y = Rc::new(batch_of(batch, sizes[2], rng));
    let mut generated = State::new(sizes, batch, rng);
    let mut by_hand = generated.clone();
    let inputs = (x.clone(), y.clone());
    vec![
        variant("generated", move || {
            let State {
                net,
                d_net,
                work,
                d_work,
            } = &mut generated;
            d_net.fill_zero();
            let value = squares_vjp(net, &x, &y, work, 1.0, d_net, Inactive, Inactive, d_work);
            generated.step();
            value
        }),
        variant("by hand", move || {
            let (x, y) = &inputs;
            by_hand.d_net.fill_zero();
            by_hand.forward(x);
            let State { work, d_work, .. } = &mut by_hand;
            let value = work.logits.mse_vjp(y, 1.0, &mut d_work.logits, Inactive);
            by_hand.back(x);
            by_hand.step();
            value
        }),
    ]
}

/// A step, and how it is called.
pub fn variant(name: &'static str, mut step: impl FnMut() -> f32 + 'static) -> Variant<'static> {
    let run = Box::new(move |_: &mut _| f64::from(step()));
    Variant { name, run }
}
