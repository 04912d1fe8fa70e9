//! Networks as users write them: the helpers inside differentiated functions, against differences.

use tapeless::check::finite_difference::central;
use tapeless::matrix::{DMatrix, DVector, Matrix, Vector};
use tapeless::nn::{dropout_mask, HeapLinear, Rng, StackLinear};
use tapeless::{differentiate, Differentiable, Parameters, Real};

fn filled<P: Parameters<Scalar = f64>>(mut p: P, seed: f64) -> P {
    let numbers: Vec<f64> = (1..=p.count())
        .map(|i| (i as f64 * 1.7 + seed).sin() * 0.7)
        .collect();
    p.read_flat(&numbers);
    p
}

/// The gradient `d` of `f` at `p`, against differences.
#[track_caller]
fn assert_gradient<P>(p: &P, d: &P::Cotangent, f: impl Fn(&P) -> f64)
where
    P: Parameters<Scalar = f64> + Clone,
{
    let (mut at, mut got) = (vec![0.0; p.count()], vec![0.0; p.count()]);
    p.write_flat(&mut at);
    P::write_flat_cotangent(d, &mut got);
    let objective = |flat: &[f64]| {
        let mut p = p.clone();
        p.read_flat(flat);
        f(&p)
    };
    for (i, (got, expected)) in got.iter().zip(central(objective, &at)).enumerate() {
        assert!(
            (got - expected).abs() <= 1e-7 * expected.abs().max(1.0),
            "{i}: {got} is not {expected}"
        );
    }
}

/// Operators on references, on values, and compound assignments.
#[differentiate]
fn with_operators(w: &DMatrix<f64>, x: &DVector<f64>, b: &DVector<f64>) -> f64 {
    let mut y = w * x + b;
    y -= b * 0.5;
    y += &(2.0 * x);
    let z = -&y;
    y *= x[0];
    let scaled = &z / 3.0;
    y += scaled;
    y[0] * y[1] + z.dot(&y) + w[(1, 0)] * x[2]
}

#[test]
fn operators() {
    let p = filled(
        (DMatrix::zeros(3, 3), DVector::zeros(3), DVector::zeros(3)),
        0.3,
    );
    let (value, d) = with_operators_value_and_grad(&p.0, &p.1, &p.2);
    assert_eq!(value, with_operators(&p.0, &p.1, &p.2));
    assert_gradient(&p, &d, |(w, x, b)| with_operators(w, x, b));
}

/// The same on the stack, for any float.
#[differentiate]
fn on_the_stack<T: Real>(w: &Matrix<T, 3, 3>, x: &Vector<T, 3>, b: &Vector<T, 3>) -> T {
    let mut y = w * x + b;
    y -= b;
    y += *x;
    let z = &y - b;
    y *= x[0];
    y[0] * y[1] + z.dot(&y) + w[(1, 0)] * x[2]
}

#[test]
fn operators_on_the_stack() {
    let p = filled((Matrix::zeros(), Vector::zeros(), Vector::zeros()), 0.3);
    let d = on_the_stack_grad(&p.0, &p.1, &p.2);
    assert_gradient(&p, &d, |(w, x, b)| on_the_stack(w, x, b));
}

/// Three layers, as many units in each as one likes.
#[derive(Clone, Debug, Differentiable)]
struct Mlp {
    first: HeapLinear<f64>,
    second: HeapLinear<f64>,
    third: HeapLinear<f64>,
}

#[differentiate]
impl Mlp {
    fn forward(&self, x: &DMatrix<f64>, mask: &DMatrix<f64>) -> DMatrix<f64> {
        let h = self.first.forward_relu(x).hadamard(mask);
        let h = self.second.forward(&h).gelu();
        self.third.forward(&h)
    }

    #[differentiate(wrt(self))]
    fn loss(&self, x: &DMatrix<f64>, mask: &DMatrix<f64>, y: &[usize], decay: f64) -> f64 {
        let weights = self.first.weight.norm_squared() + self.second.weight.norm_squared();
        self.forward(x, mask).softmax_cross_entropy(y) + 0.5 * decay * weights
    }
}

#[test]
fn three_layers() {
    let rng = &mut Rng::with_seed(3);
    let net = Mlp {
        first: HeapLinear::new(3, 5, rng),
        second: HeapLinear::new(5, 4, rng),
        third: HeapLinear::new(4, 3, rng),
    };
    let x = filled(DMatrix::zeros(6, 3), 1.0);
    let mut mask = DMatrix::zeros(6, 5);
    dropout_mask(&mut mask, 0.4, rng);
    let y = [0, 2, 1, 1, 0, 2];
    let (value, d) = net.loss_value_and_grad(&x, &mask, &y, 0.01);
    assert_eq!(value, net.loss(&x, &mask, &y, 0.01));
    assert_gradient(&net, &d, |net| net.loss(&x, &mask, &y, 0.01));
}

/// As many layers as one likes.
#[derive(Clone, Debug, Differentiable)]
struct Deep {
    layers: Vec<HeapLinear<f64>>,
    last: HeapLinear<f64>,
}

#[differentiate(wrt(net))]
fn deep_loss(net: &Deep, x: &DMatrix<f64>, y: &DMatrix<f64>) -> f64 {
    let mut h = x.clone();
    for layer in &net.layers {
        h = layer.forward(&h).tanh();
    }
    net.last.forward(&h).mse(y)
}

#[test]
fn layers_in_a_loop() {
    let rng = &mut Rng::with_seed(4);
    let net = Deep {
        layers: (0..3).map(|_| HeapLinear::new(4, 4, rng)).collect(),
        last: HeapLinear::new(4, 2, rng),
    };
    let x = filled(DMatrix::zeros(5, 4), 1.0);
    let y = filled(DMatrix::zeros(5, 2), 2.0);
    let (value, d) = deep_loss_value_and_grad(&net, &x, &y);
    assert_eq!(value, deep_loss(&net, &x, &y));
    assert_gradient(&net, &d, |net| deep_loss(net, &x, &y));
}

/// A state that is carried through a sequence.
#[differentiate(wrt(input, state, out))]
fn recurrent(
    input: &StackLinear<f64, 2, 4>,
    state: &Matrix<f64, 4, 4>,
    out: &StackLinear<f64, 4, 1>,
    xs: &[Vector<f64, 2>],
    ys: &[f64],
) -> f64 {
    let mut h = Vector::<f64, 4>::zeros();
    let mut sum = 0.0;
    for (x, y) in xs.iter().zip(ys) {
        h = (input.forward(x) + state.matvec(&h)).tanh();
        let error = out.forward(&h)[0] - y;
        sum += error * error;
    }
    sum / xs.len() as f64
}

#[test]
fn a_sequence() {
    let p = filled(
        (
            StackLinear::<f64, 2, 4>::zeros(),
            Matrix::<f64, 4, 4>::zeros(),
            StackLinear::<f64, 4, 1>::zeros(),
        ),
        0.2,
    );
    let xs: Vec<Vector<f64, 2>> = (0..6).map(|t| filled(Vector::zeros(), t.into())).collect();
    let ys = [0.1, -0.4, 0.3, 0.9, -0.2, 0.5];
    let (value, d) = recurrent_value_and_grad(&p.0, &p.1, &p.2, &xs, &ys);
    assert_eq!(value, recurrent(&p.0, &p.1, &p.2, &xs, &ys));
    assert_gradient(&p, &d, |(input, state, out)| {
        recurrent(input, state, out, &xs, &ys)
    });
}

/// Two inputs through the same weights, apart from each other in an embedding.
#[differentiate(wrt(net))]
fn contrastive(net: &HeapLinear<f64>, a: &DVector<f64>, b: &DVector<f64>, alike: bool) -> f64 {
    let (a, b) = (net.forward_relu(a), net.forward_relu(b));
    let apart = (a - b).norm_squared();
    if alike {
        apart
    } else {
        (1.0 - apart.sqrt()).max(0.0).powi(2)
    }
}

#[test]
fn shared_weights() {
    let net = filled(HeapLinear::zeros(3, 4), 0.4);
    let (a, b) = (
        filled(DVector::zeros(3), 1.0),
        filled(DVector::zeros(3), 2.0),
    );
    for alike in [false, true] {
        let d = contrastive_grad(&net, &a, &b, alike);
        assert_gradient(&net, &d, |net| contrastive(net, &a, &b, alike));
    }
}

/// For any float: layers in an array, and a float beside them.
#[derive(Clone, Debug, Differentiable)]
struct Generic<T: Real> {
    layers: [StackLinear<T, 3, 3>; 2],
    last: StackLinear<T, 3, 1>,
    scale: T,
}

#[differentiate]
impl<T: Real> Generic<T> {
    #[differentiate(wrt(self))]
    fn loss(&self, xs: &[Vector<T, 3>], ys: &[T]) -> T {
        let mut sum = T::zero();
        for (x, y) in xs.iter().zip(ys) {
            let mut h = *x;
            for layer in &self.layers {
                h = layer.forward(&h).silu();
            }
            let error = self.last.forward(&h)[0] * self.scale - *y;
            sum += error * error;
        }
        sum
    }
}

#[test]
fn any_float() {
    let rng = &mut Rng::with_seed(6);
    let net = Generic {
        layers: [StackLinear::new(rng), StackLinear::new(rng)],
        last: StackLinear::new(rng),
        scale: 0.5,
    };
    let xs = [
        filled(Vector::zeros(), 1.0),
        filled(Vector::zeros(), 2.0),
        filled(Vector::zeros(), 3.0),
    ];
    let ys = [0.4, -0.2, 0.9];
    assert_gradient(&net, &net.loss_grad(&xs, &ys), |net| net.loss(&xs, &ys));
}

/// Elements, read and written.
#[differentiate]
fn element_by_element(x: &DMatrix<f64>) -> f64 {
    let mut y = x.clone();
    for i in 0..y.rows() {
        y[(i, 0)] = x[(i, 1)] * 2.0;
        y[(i, 1)] *= 3.0;
        y[(i, 1)] += x[(i, 0)].sin();
    }
    y.sum() + y.hadamard(x).mean()
}

#[test]
fn elements() {
    let x = filled(DMatrix::zeros(3, 2), 0.6);
    assert_gradient(&x, &element_by_element_grad(&x), element_by_element);
}
