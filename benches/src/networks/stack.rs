//! The smallest network on the stack: sizes in the types, nothing on the heap.

use super::heap::variant;
use super::RATE;
use crate::measure::Variant;
use fastrand::Rng;
use tapeless::matrix::Vector;
use tapeless::nn::{descend, StackLinear};
use tapeless::{differentiate, Cotangent, Differentiable, Inactive};

/// Two numbers in, sixteen units, one number out.
#[derive(Clone, Copy, Debug, Differentiable)]
struct Mlp {
    fc1: StackLinear<f32, 2, 16>,
    fc2: StackLinear<f32, 16, 1>,
}

/// The squared error.
#[differentiate(wrt(net), no_alloc)]
fn squares(net: &Mlp, x: &Vector<f32, 2>, y: &Vector<f32, 1>) -> f32 {
    let h = net.fc1.forward_relu(x);
    net.fc2.forward(&h).mse(y)
}

/// Its adjoint by hand.
fn back(net: &Mlp, x: &Vector<f32, 2>, y: &Vector<f32, 1>, d_net: &mut MlpCotangent) -> f32 {
    let h = net.fc1.forward_relu(x);
    let out = net.fc2.forward(&h);
    let (mut d_out, mut d_h) = (Vector::zeros(), Vector::zeros());
    let value = out.mse_vjp(y, 1.0, &mut d_out, Inactive);
    net.fc2
        .forward_pullback(&h, &out, d_out, &mut d_net.fc2, &mut d_h);
    net.fc1
        .forward_relu_pullback(x, &h, d_h, &mut d_net.fc1, Inactive);
    value
}

/// Steps by the generated gradient and by the one written by hand.
pub fn regression() -> Vec<Variant<'static>> {
    let rng = &mut Rng::with_seed(3);
    let (x, y) = (
        Vector::new([rng.f32(), rng.f32()]),
        Vector::new([rng.f32()]),
    );
    let mut generated = Mlp {
        fc1: StackLinear::new(rng),
        fc2: StackLinear::new(rng),
    };
    let mut by_hand = generated;
    let mut d_generated = generated.zero_cotangent();
    let mut d_by_hand = d_generated;
    vec![
        variant("generated", move || {
            let value = squares_grad_into(&generated, &x, &y, &mut d_generated);
            descend(&mut generated, &d_generated, RATE);
            value
        }),
        variant("by hand", move || {
            d_by_hand.fill_zero();
            let value = back(&by_hand, &x, &y, &mut d_by_hand);
            descend(&mut by_hand, &d_by_hand, RATE);
            value
        }),
    ]
}
