//! Operations into buffers: their reverse starts from what they left there, whatever is overwritten later.

use tapeless::check::assert_gradient;
use tapeless::matrix::{Matrix, Vector};
use tapeless::nn::StackLinear;
use tapeless::{differentiate, Differentiable};

#[derive(Clone, Copy, Debug, Differentiable)]
struct Net {
    first: StackLinear<f64, 2, 3>,
    second: StackLinear<f64, 3, 2>,
}

#[derive(Clone, Copy, Debug, Differentiable)]
struct Work {
    h: Vector<f64, 3>,
    out: Vector<f64, 2>,
}

#[differentiate]
fn once(net: &Net, x: &Vector<f64, 2>, work: &mut Work) -> f64 {
    net.first.forward_relu_into(x, &mut work.h);
    net.second.forward_into(&work.h, &mut work.out);
    work.out.softmax_cross_entropy(1)
}

/// What a buffer held is read before and after it is overwritten.
#[differentiate]
fn overwritten(net: &Net, x: &Vector<f64, 2>, work: &mut Work) -> f64 {
    let before = work.h.dot(&work.h);
    net.first.forward_into(x, &mut work.h);
    net.second.forward_into(&work.h, &mut work.out);
    let between = work.h.dot(&work.h);
    net.first.forward_relu_into(&work.out, &mut work.h);
    before * between + work.h.sum() * work.out.sum()
}

/// Buffers take turns, in a loop.
#[differentiate]
fn in_turn(net: &Net, x: &Vector<f64, 2>, work: &mut Work, n: usize) -> f64 {
    work.out = *x;
    let mut total = 0.0;
    for i in 0..n {
        net.first.forward_into(&work.out, &mut work.h);
        let h = work.h;
        h.tanh_into(&mut work.h);
        net.second.forward_into(&work.h, &mut work.out);
        if i % 2 == 0 {
            total += work.out.mse(x);
        }
    }
    total + work.h.sum()
}

/// Buffers that are local variables.
#[differentiate]
fn local(w: &Matrix<f64, 3, 2>, x: &Vector<f64, 2>) -> f64 {
    let mut y = Vector::zeros();
    let mut z = Vector::zeros();
    w.matvec_into(x, &mut y);
    y.sigmoid_into(&mut z);
    w.matvec_into(&Vector::new([0.5, 2.0]), &mut y);
    y.dot(&z)
}

fn net() -> Net {
    Net {
        first: tapeless::nn::Linear {
            weight: Matrix::new([[0.5, -0.3], [0.2, 0.9], [-0.7, 0.4]]),
            bias: Vector::new([0.1, -0.2, 0.3]),
        },
        second: tapeless::nn::Linear {
            weight: Matrix::new([[0.6, -0.1, 0.8], [0.3, 0.7, -0.4]]),
            bias: Vector::new([0.05, 0.15]),
        },
    }
}

fn work() -> Work {
    Work {
        h: Vector::new([0.3, -0.6, 0.9]),
        out: Vector::new([1.2, 0.4]),
    }
}

#[test]
fn against_differences() {
    let x = Vector::new([0.8, 1.1]);
    assert_gradient!(once(&net(), &x, &mut work()));
    assert_gradient!(overwritten(&net(), &x, &mut work()));
    for n in 0..4 {
        assert_gradient!(in_turn(&net(), &x, &mut work(), n));
    }
    assert_gradient!(local(&net().first.weight, &x));
}

#[test]
fn buffers_are_left_as_the_primal_leaves_them() {
    let x = Vector::new([0.8, 1.1]);
    let (mut plain, mut work) = (work(), work());
    in_turn(&net(), &x, &mut plain, 3);
    in_turn_vjp(
        &net(),
        &x,
        &mut work,
        3,
        1.0,
        tapeless::Inactive,
        tapeless::Inactive,
        tapeless::Inactive,
        tapeless::Inactive,
    );
    assert_eq!((plain.h, plain.out), (work.h, work.out));
}
