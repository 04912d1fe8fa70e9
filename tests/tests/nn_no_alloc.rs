//! A training step whose buffers were made beforehand allocates nothing.

mod counting;

use counting::allocations;
use tapeless::matrix::DMatrix;
use tapeless::nn::{init, Adam, HeapLinear, Optimizer, Rng};
use tapeless::{differentiate, Cotangent, Differentiable, Inactive};

#[derive(Clone, Debug, Differentiable)]
struct Mlp {
    first: HeapLinear<f32>,
    second: HeapLinear<f32>,
}

#[derive(Clone, Debug, Differentiable)]
struct Workspace {
    h: DMatrix<f32>,
    logits: DMatrix<f32>,
}

#[differentiate]
fn loss(net: &Mlp, x: &DMatrix<f32>, y: &[usize], work: &mut Workspace) -> f32 {
    net.first.forward_relu_into(x, &mut work.h);
    net.second.forward_into(&work.h, &mut work.logits);
    work.logits.softmax_cross_entropy(y)
}

#[test]
fn a_step_allocates_nothing() {
    let rng = &mut Rng::with_seed(1);
    let mut net = Mlp {
        first: HeapLinear::new(20, 16, rng),
        second: HeapLinear::new(16, 10, rng),
    };
    let mut d = net.zero_cotangent();
    let mut x = DMatrix::zeros(12, 20);
    init::uniform(&mut x, 0.0, 1.0, rng);
    let y: Vec<usize> = (0..12).map(|_| rng.usize(..10)).collect();
    let mut work = Workspace {
        h: DMatrix::zeros(12, 16),
        logits: DMatrix::zeros(12, 10),
    };
    let mut d_work = work.zero_cotangent();
    let mut adam = Optimizer::new(Adam::new(0.01), &net);

    let (mut first, mut last) = (None, 0.0);
    let allocated = allocations(|| {
        for _ in 0..50 {
            d.fill_zero();
            last = loss_vjp(
                &net,
                &x,
                &y,
                &mut work,
                1.0,
                &mut d,
                Inactive,
                Inactive,
                &mut d_work,
            );
            adam.step(&mut net, &d);
            first.get_or_insert(last);
        }
    });
    assert_eq!(allocated, 0);
    assert!(Some(last * 2.0) < first, "{first:?} → {last}");
}
