//! `assert_gradient!`, on functions whose siblings are written by hand, right and wrong.

use tapeless::{assert_gradient, Differentiable};

fn rosenbrock(x: f64, y: f64) -> f64 {
    (1.0 - x).powi(2) + 100.0 * (y - x * x).powi(2)
}

fn rosenbrock_value_and_grad(x: f64, y: f64) -> (f64, (f64, f64)) {
    let v = y - x * x;
    let d_x = -2.0 * (1.0 - x) - 400.0 * x * v;
    (rosenbrock(x, y), (d_x, 200.0 * v))
}

#[test]
fn scalars() {
    assert_gradient!(rosenbrock(1.2, 1.0));
    assert_gradient!(rosenbrock(1.2, 1.0), tol = 1e-9);
    let x = 0.3;
    assert_gradient!((rosenbrock(x + 1.0, x)));
}

mod single {
    pub fn square(x: f32) -> f32 {
        x * x
    }

    pub fn square_value_and_grad(x: f32) -> (f32, f32) {
        (x * x, 2.0 * x)
    }
}

#[test]
fn single_precision_and_paths() {
    assert_gradient!(single::square(1.7));
}

/// A slice, an inert count, a constant, which nobody declares to the assertion.
fn weighted(x: &[f64], n: usize, scale: f64, name: &str) -> f64 {
    let _ = name;
    x.iter().take(n).map(|x| x * x).sum::<f64>() * scale
}

fn weighted_value_and_grad(x: &[f64], n: usize, scale: f64, name: &str) -> (f64, Vec<f64>) {
    let d = (0..x.len()).map(|i| if i < n { 2.0 * scale * x[i] } else { 0.0 });
    (weighted(x, n, scale, name), d.collect())
}

#[test]
fn slices_and_inert_arguments() {
    let x = vec![1.0, 2.0, 3.0];
    assert_gradient!(weighted(&x, 2, 3.0, "x"));
    assert_gradient!(weighted(&x[1..], 2, 3.0, "x"));
    assert_gradient!(weighted(&[0.5, 0.25], 2, 3.0, "x"));
    assert_gradient!(weighted(&[], 2, 3.0, "x"));
}

#[derive(Clone)]
struct Line {
    k: f64,
    count: usize,
}

impl Differentiable for Line {
    type Cotangent = (f64, ());

    fn zero_cotangent(&self) -> (f64, ()) {
        (0.0, ())
    }
}

impl tapeless::Parameters for Line {
    type Scalar = f64;

    fn count(&self) -> usize {
        1
    }

    fn visit(&mut self, d: &(f64, ()), f: impl FnMut(&mut [f64], &[f64])) {
        self.k.visit(&d.0, f);
    }

    fn write_flat(&self, out: &mut [f64]) {
        self.k.write_flat(out);
    }

    fn read_flat(&mut self, from: &[f64]) {
        self.k.read_flat(from);
    }

    fn write_flat_cotangent(d: &(f64, ()), out: &mut [f64]) {
        out[0] = d.0;
    }
}

impl Line {
    fn at(&self, x: &[f64; 2]) -> f64 {
        self.k * x[0] * x[1] * self.count as f64
    }

    fn at_value_and_grad(&self, x: &[f64; 2]) -> (f64, ((f64, ()), [f64; 2])) {
        let k = self.k * self.count as f64;
        let d_k = x[0] * x[1] * self.count as f64;
        (self.at(x), ((d_k, ()), [k * x[1], k * x[0]]))
    }
}

#[test]
fn methods_and_structs() {
    let line = Line { k: 2.0, count: 3 };
    assert_gradient!(line.at(&[1.0, 2.0]));
    let line = &line;
    assert_gradient!(line.at(&[1.0, 2.0]));
}

fn root(x: f64, floor: f64) -> Result<f64, String> {
    if x > floor {
        Ok((x - floor).sqrt())
    } else {
        Err("negative".into())
    }
}

fn root_value_and_grad(x: f64, floor: f64) -> Result<(f64, f64), String> {
    root(x, floor).map(|y| (y, 0.5 / y))
}

#[test]
fn results() {
    assert_gradient!(root(4.0, 1.0));
}

#[test]
#[should_panic(expected = "has no value")]
fn no_value() {
    assert_gradient!(root(1.0, 4.0));
}

fn in_out(a: &mut [f64], k: f64) -> f64 {
    a[0] *= k;
    a[0]
}

fn in_out_value_and_grad(a: &mut [f64], k: f64) -> (f64, (Vec<f64>, f64)) {
    let old = a[0];
    let mut d = vec![0.0; a.len()];
    d[0] = k;
    (in_out(a, k), (d, old))
}

#[test]
fn in_out_arguments() {
    let mut a = [2.0, 3.0];
    assert_gradient!(in_out(&mut a[..], 3.0));
    assert_eq!(a, [2.0, 3.0]);
}

mod wrong {
    pub fn cube(x: f64) -> f64 {
        x * x * x
    }

    pub fn cube_value_and_grad(x: f64) -> (f64, f64) {
        (x * x * x, 3.0 * x)
    }

    pub fn shifted(x: f64) -> f64 {
        x
    }

    pub fn shifted_value_and_grad(x: f64) -> (f64, f64) {
        (x + 1.0, 1.0)
    }

    pub fn shaped(x: f64) -> f64 {
        x
    }

    pub fn shaped_value_and_grad(x: f64) -> (f64, (f64, f64)) {
        (x, (1.0, 1.0))
    }
}

#[test]
#[should_panic(expected = "argument 0, float 0: 6, but differences say 12")]
fn a_wrong_derivative() {
    assert_gradient!(wrong::cube(2.0));
}

#[test]
#[should_panic(expected = "is 2, but 3 came with the gradient")]
fn a_wrong_value() {
    assert_gradient!(wrong::shifted(2.0));
}

#[test]
#[should_panic(expected = "has no component for some argument, or one too many")]
fn a_component_too_many() {
    assert_gradient!(wrong::shaped(2.0));
}

/// What is more than one float.
type Pair = (f64, f64);

/// Elements that are more than one float, of an array that is passed for a slice.
fn momentum(bodies: &[Pair], weights: &mut [[f64; 2]]) -> f64 {
    let of = |(b, w): (&(f64, f64), &[f64; 2])| b.0 * b.1 * w[0] + w[1] * b.0;
    bodies.iter().zip(weights.iter()).map(of).sum()
}

fn momentum_value_and_grad(
    bodies: &[Pair],
    weights: &mut [[f64; 2]],
) -> (f64, (Vec<Pair>, Vec<[f64; 2]>)) {
    let pairs = || bodies.iter().zip(weights.iter());
    let d_bodies = pairs().map(|(b, w)| (b.1 * w[0] + w[1], b.0 * w[0]));
    let d_weights = pairs().map(|(b, _)| [b.0 * b.1, b.0]);
    let d = (d_bodies.collect(), d_weights.collect());
    (momentum(bodies, weights), d)
}

#[test]
fn arrays_passed_for_slices() {
    assert_gradient!(momentum(
        &[(1.0, 2.0), (3.0, -1.0)],
        &mut [[0.5, 0.25], [2.0, 1.0]]
    ));
    assert_gradient!(momentum(&[], &mut []));
}

/// Two slices of one type, of which one is longer.
fn lever(short: &[Pair], long: &[Pair]) -> f64 {
    let product = |x: &[Pair]| x.iter().map(|x| x.0 * x.1).sum::<f64>();
    product(short) + 2.0 * product(long)
}

fn lever_value_and_grad(short: &[Pair], long: &[Pair]) -> (f64, (Vec<Pair>, Vec<Pair>)) {
    let d = |x: &[Pair], k: f64| x.iter().map(|x| (k * x.1, k * x.0)).collect();
    (lever(short, long), (d(short, 1.0), d(long, 2.0)))
}

#[test]
fn slices_of_different_lengths() {
    let (short, long) = ([(1.0, 2.0)], [(0.5, 3.0), (4.0, -1.0)]);
    let (short, long): (&[Pair], &[Pair]) = (&short, &long);
    assert_gradient!(lever(short, long));
    assert_gradient!(lever(long, short));
}

/// Two options of one type, of which one is `None`.
fn either(a: Option<f64>, b: Option<f64>) -> f64 {
    a.or(b).map_or(0.0, |x| x * x)
}

fn either_value_and_grad(a: Option<f64>, b: Option<f64>) -> (f64, (Option<f64>, Option<f64>)) {
    let d = (
        a.map(|x| 2.0 * x),
        b.map(|x| if a.is_none() { 2.0 * x } else { 0.0 }),
    );
    (either(a, b), d)
}

#[test]
fn options_that_are_not_there() {
    for (a, b) in [
        (None, Some(0.7)),
        (Some(0.7), None),
        (Some(0.3), Some(0.7)),
        (None, None),
    ] {
        assert_gradient!(either(a, b));
    }
}
