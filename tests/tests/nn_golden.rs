//! `nn` and `matrix` against reference values computed with PyTorch in f64, to 1e-12.

use serde_json::Value;
use tapeless::matrix::{DMatrix, DVector, Matrix, Vector};
use tapeless::nn::{
    clip_norm, schedule, AdaGrad, Adam, AdamW, Clip, NAdam, Optimizer, RmsProp, Rule, Sgd,
};
use tapeless::{Inactive, Parameters};

const GOLDEN: &str = include_str!("../data/golden/torch_reference.json");

fn golden() -> Value {
    serde_json::from_str(GOLDEN).unwrap()
}

/// All numbers in a value, in order.
fn floats(value: &Value) -> Vec<f64> {
    match value {
        Value::Array(items) => items.iter().flat_map(floats).collect(),
        number => vec![number.as_f64().unwrap()],
    }
}

#[track_caller]
fn assert_close(name: &str, got: &[f64], expected: &[f64]) {
    assert_eq!(got.len(), expected.len(), "{name}");
    for (i, (got, expected)) in got.iter().zip(expected).enumerate() {
        let scale = expected.abs().max(1.0);
        assert!(
            (got - expected).abs() <= 1e-12 * scale,
            "{name}[{i}]: {got} is not {expected}"
        );
    }
}

/// All reference values but the inputs have been tested.
#[track_caller]
fn assert_names(golden: &Value, inputs: &[&str], tested: &[&str]) {
    for name in golden.as_object().unwrap().keys() {
        let known = inputs.contains(&name.as_str()) || tested.contains(&name.as_str());
        assert!(known, "{name} has no test");
    }
}

/// Value and adjoint of an activation, as a method of a vector.
type Activation = fn(&DVector<f64>, DVector<f64>, &mut DVector<f64>) -> DVector<f64>;

const ACTIVATIONS: &[(&str, Activation)] = &[
    ("relu", |x, d, d_x| x.relu_vjp(d, d_x)),
    ("leaky_relu", |x, d, d_x| {
        x.leaky_relu_vjp(0.01, d, d_x, Inactive)
    }),
    ("elu", |x, d, d_x| x.elu_vjp(1.0, d, d_x, Inactive)),
    ("sigmoid", |x, d, d_x| x.sigmoid_vjp(d, d_x)),
    ("tanh", |x, d, d_x| x.tanh_vjp(d, d_x)),
    ("gelu", |x, d, d_x| x.gelu_vjp(d, d_x)),
    ("gelu_tanh", |x, d, d_x| x.gelu_tanh_vjp(d, d_x)),
    ("silu", |x, d, d_x| x.silu_vjp(d, d_x)),
    ("softplus", |x, d, d_x| x.softplus_vjp(d, d_x)),
    ("mish", |x, d, d_x| x.mish_vjp(d, d_x)),
    ("hardtanh", |x, d, d_x| x.hardtanh_vjp(d, d_x)),
    ("softmax", |x, d, d_x| x.softmax_vjp(d, d_x)),
    ("log_softmax", |x, d, d_x| x.log_softmax_vjp(d, d_x)),
];

#[test]
fn activations() {
    let golden = &golden()["activations"];
    let x = DVector(floats(&golden["x"]));
    let seed = DVector(floats(&golden["seed"]));
    for (name, activation) in ACTIVATIONS {
        let mut d_x = DVector::zeros(x.0.len());
        let y = activation(&x, seed.clone(), &mut d_x);
        assert_close(name, &y.0, &floats(&golden[name]["y"]));
        assert_close(name, &d_x.0, &floats(&golden[name]["dx"]));
    }
    let tested: Vec<_> = ACTIVATIONS.iter().map(|row| row.0).collect();
    assert_names(golden, &["x", "seed"], &tested);
}

type Batch = Matrix<f64, 2, 3>;

/// Value and adjoint of a loss.
type Loss = fn(&Batch, &Batch, &[usize], &mut Batch) -> f64;

const LOSSES: &[(&str, Loss)] = &[
    ("mse", |p, t, _, d| p.mse_vjp(t, 1.0, d, Inactive)),
    ("l1", |p, t, _, d| p.l1_vjp(t, 1.0, d, Inactive)),
    ("huber", |p, t, _, d| {
        p.huber_vjp(t, 1.0, 1.0, d, Inactive, Inactive)
    }),
    ("smooth_l1", |p, t, _, d| {
        p.smooth_l1_vjp(t, 1.0, 1.0, d, Inactive, Inactive)
    }),
    ("bce_with_logits", |p, t, _, d| {
        p.bce_with_logits_vjp(t, 1.0, d, Inactive)
    }),
    ("cross_entropy", |p, _, y, d| {
        p.softmax_cross_entropy_vjp(y, 1.0, d, Inactive)
    }),
    ("cross_entropy_smooth01", |p, _, y, d| {
        p.cross_entropy_with_logits_vjp(y, 0.1, 1.0, d, Inactive, Inactive)
    }),
    ("hinge_svm", |p, t, _, d| {
        let labels = Matrix(t.0.map(|row| row.map(|t| 2.0 * t - 1.0)));
        p.hinge_vjp(&labels, 1.0, d, Inactive)
    }),
    ("cross_entropy_big", |p, _, y, d| {
        (*p * 1000.0).softmax_cross_entropy_vjp(y, 1.0, d, Inactive)
    }),
];

#[test]
fn losses() {
    let golden = &golden()["losses"];
    let batch = |value: &Value| {
        let mut batch = Batch::zeros();
        batch.read_flat(&floats(value));
        batch
    };
    let (logits, target) = (batch(&golden["logits"]), batch(&golden["target"]));
    let labels: Vec<usize> = floats(&golden["classes"])
        .iter()
        .map(|&y| y as usize)
        .collect();
    for (name, loss) in LOSSES {
        let mut d = Batch::zeros();
        let value = loss(&logits, &target, &labels, &mut d);
        assert_close(name, &[value], &floats(&golden[name]["value"]));
        assert_close(name, d.as_slice(), &floats(&golden[name]["grad"]));
    }
    let tested: Vec<_> = LOSSES.iter().map(|row| row.0).collect();
    assert_names(golden, &["logits", "target", "classes"], &tested);
}

/// W1, b1, W2, b2.
type Net = (
    Matrix<f64, 4, 3>,
    Vector<f64, 4>,
    Matrix<f64, 2, 4>,
    Vector<f64, 2>,
);

struct Data {
    net: Net,
    x: Matrix<f64, 5, 3>,
    y: Vec<usize>,
}

fn data() -> Data {
    let golden = &golden()["net"];
    let flat = ["W1", "b1", "W2", "b2"]
        .map(|name| floats(&golden[name]))
        .concat();
    let mut net = (
        Matrix::zeros(),
        Vector::zeros(),
        Matrix::zeros(),
        Vector::zeros(),
    );
    net.read_flat(&flat);
    let mut x = Matrix::zeros();
    x.read_flat(&floats(&golden["X"]));
    let y = floats(&golden["Y"]).iter().map(|&y| y as usize).collect();
    Data { net, x, y }
}

/// Loss and gradient: forwards, then the adjoints of the same calls backwards.
fn loss_and_gradient(net: &Net, data: &Data) -> (f64, Net) {
    let (w1, b1, w2, b2) = net;
    let mut d = (
        Matrix::zeros(),
        Vector::zeros(),
        Matrix::zeros(),
        Vector::zeros(),
    );
    let (mut d_h, mut d_logits) = (Matrix::zeros(), Matrix::zeros());
    let h = data.x.linear_relu(w1, b1);
    let logits = h.linear(w2, b2);
    let loss = logits.softmax_cross_entropy_vjp(&data.y, 1.0, &mut d_logits, Inactive);
    h.linear_pullback(w2, b2, &logits, d_logits, &mut d_h, &mut d.2, &mut d.3);
    data.x
        .linear_relu_pullback(w1, b1, &h, d_h, Inactive, &mut d.0, &mut d.1);
    (loss, d)
}

#[test]
fn network() {
    let (golden, data) = (&golden()["net"], data());
    let (loss, d) = loss_and_gradient(&data.net, &data);
    let mut flat = [0.0; 26];
    Net::write_flat_cotangent(&d, &mut flat);
    assert_close("loss", &[loss], &floats(&golden["loss"]));
    assert_close("grads", &flat, &floats(&golden["grads"]));
}

/// The network of [`data`] trained with a rule, against what is known of it.
fn train(name: &str, expected: &Value, rule: impl Rule<f64>) {
    let data = data();
    let mut net = data.net;
    let mut optimizer = Optimizer::new(rule, &net);
    for step in 1..=50 {
        let (loss, d) = loss_and_gradient(&net, &data);
        optimizer.step(&mut net, &d);
        let expected = &expected[step.to_string()];
        if !expected.is_null() {
            let mut flat = [0.0; 26];
            net.write_flat(&mut flat);
            assert_close(name, &[loss], &floats(&expected["loss_before"]));
            assert_close(name, &flat, &floats(&expected["params"]));
        }
    }
}

/// A name of the reference values, and the rule it stands for.
macro_rules! optimizers {
    ($($name:literal: $rule:expr;)*) => {
        #[test]
        fn optimizers() {
            let golden = &golden()["optimizers"];
            $(train($name, &golden[$name], $rule);)*
            assert_names(golden, &[], &[$($name),*]);
        }
    };
}

optimizers! {
    "sgd": Sgd::new(0.1);
    "momentum": Sgd { momentum: 0.9, ..Sgd::new(0.1) };
    "nesterov": Sgd { momentum: 0.9, nesterov: true, ..Sgd::new(0.1) };
    "sgd_wd": Sgd { momentum: 0.9, weight_decay: 0.01, ..Sgd::new(0.1) };
    "rmsprop": RmsProp::new(0.01);
    "rmsprop_centered_mom": RmsProp { centered: true, momentum: 0.9, ..RmsProp::new(0.01) };
    "adagrad": AdaGrad::new(0.05);
    "adam": Adam::new(0.01);
    "adamw": AdamW { weight_decay: 0.1, ..AdamW::new(0.01) };
    "adam_amsgrad": Adam { amsgrad: true, ..Adam::new(0.01) };
    "nadam": NAdam::new(0.01);
}

#[test]
fn schedules() {
    let golden = &golden()["schedules"];
    let rates = |f: &dyn Fn(usize) -> f64| (0..50).map(f).collect::<Vec<_>>();
    let check = |name: &str, f: &dyn Fn(usize) -> f64| {
        assert_close(name, &rates(f), &floats(&golden[name]));
    };
    check("step", &|t| schedule::step(0.1, 10, 0.5, t));
    check("exponential", &|t| schedule::exponential(0.1, 0.95, t));
    check("cosine", &|t| schedule::cosine(0.1, 0.001, 50, t));
    check("onecycle", &|t| schedule::one_cycle(0.1, 50, t));
    check("linear_warmup", &|t| schedule::warm_up(0.1, 0.1, 10, t));
    let tested = ["step", "exponential", "cosine", "onecycle", "linear_warmup"];
    assert_names(golden, &[], &tested);
}

#[test]
fn clipping() {
    let golden = &golden()["clip_norm"];
    let gradient = floats(&golden["grad"]);
    let most = golden["max"].as_f64().unwrap();
    let mut clipped = gradient.clone();
    let norm = clip_norm(&mut clipped, most);
    assert_close("norm", &[norm], &floats(&golden["norm"]));
    assert_close("clipped", &clipped, &floats(&golden["clipped"]));

    let mut optimizer = Optimizer::new(Sgd::new(1.0), &gradient);
    optimizer.clip = Clip::Norm(most);
    let mut parameters = vec![0.0; 3];
    optimizer.step(&mut parameters, &gradient);
    let negated: Vec<f64> = clipped.iter().map(|g| -g).collect();
    assert_close("clipped step", &parameters, &negated);
}

/// The same network on the heap, into buffers.
#[test]
fn network_into_buffers() {
    let (golden, data) = (&golden()["net"], data());
    let heap = |m: &[f64], rows: usize| DMatrix::from_vec(rows, m.len() / rows, m.to_vec());
    let (w1, b1, w2, b2) = &data.net;
    let x = heap(data.x.as_slice(), 5);
    let (w1, b1) = (heap(w1.as_slice(), 4), DVector(b1.0.to_vec()));
    let (w2, b2) = (heap(w2.as_slice(), 2), DVector(b2.0.to_vec()));
    let (mut d_w1, mut d_b1) = (DMatrix::zeros(4, 3), DVector::zeros(4));
    let (mut d_w2, mut d_b2) = (DMatrix::zeros(2, 4), DVector::zeros(2));
    let (mut h, mut logits) = (DMatrix::zeros(5, 4), DMatrix::zeros(5, 2));
    let (mut d_h, mut d_logits) = (DMatrix::zeros(5, 4), DMatrix::zeros(5, 2));

    x.linear_relu_into(&w1, &b1, &mut h);
    h.linear_into(&w2, &b2, &mut logits);
    let loss = logits.softmax_cross_entropy_vjp(&data.y, 1.0, &mut d_logits, Inactive);
    h.linear_into_pullback(
        &w2,
        &b2,
        &logits,
        &mut d_h,
        &mut d_w2,
        &mut d_b2,
        &mut d_logits,
    );
    x.linear_relu_into_pullback(&w1, &b1, &h, Inactive, &mut d_w1, &mut d_b1, &mut d_h);

    assert_close("loss", &[loss], &floats(&golden["loss"]));
    let d = [d_w1.as_slice(), &d_b1.0, d_w2.as_slice(), &d_b2.0].concat();
    assert_close("grads", &d, &floats(&golden["grads"]));
    assert!(d_h
        .as_slice()
        .iter()
        .chain(d_logits.as_slice())
        .all(|&d| d == 0.0));
}
