//! Parameters of every kind.

use tapeless::check::assert_gradient;
use tapeless::{differentiate, Differentiable, Inactive};

#[differentiate]
fn double(x: f64, y: f64) -> f64 {
    x * x.sin() + y / x
}

#[differentiate]
fn single(x: f32, y: f32) -> f32 {
    x * x.sin() + y / x
}

#[test]
fn scalars() {
    assert_gradient!(double(0.7, -1.3));
    assert_gradient!(single(0.7, -1.3));
    let (value, (d_x, d_y)) = single_value_and_grad(2.0, 3.0);
    assert_eq!(value, single(2.0, 3.0));
    let (_, (x, y)) = double_value_and_grad(2.0, 3.0);
    assert!((f64::from(d_x) - x).abs() < 1e-5 && (f64::from(d_y) - y).abs() < 1e-5);
}

#[differentiate]
fn array(x: [f64; 3], y: &[f64; 2]) -> f64 {
    x[0] * x[1] * x[2] + y[0].exp() * y[1] * x[0]
}

#[differentiate]
fn nested(a: [[f64; 2]; 2], b: &[[f64; 2]; 2]) -> f64 {
    a[0][0] * b[1][1] + a[0][1] * b[0][1].cos() - a[1][1] * a[1][0] / b[0][0]
}

#[test]
fn arrays() {
    assert_gradient!(array([1.0, 2.0, 3.0], &[0.5, -1.0]));
    let (d_x, d_y): ([f64; 3], [f64; 2]) = array_grad([1.0, 2.0, 3.0], &[0.0, -1.0]);
    assert_eq!((d_x, d_y), ([5.0, 3.0, 2.0], [-1.0, 1.0]));
    assert_gradient!(nested(
        [[1.0, 2.0], [3.0, 4.0]],
        &[[0.5, 0.25], [2.0, -3.0]]
    ));
}

#[differentiate]
fn slice(x: &[f64], i: usize) -> f64 {
    x[i] * x[i + 1] + x[x.len() - 1].sqrt()
}

#[differentiate]
fn rows(x: &[[f64; 2]]) -> f64 {
    x[0][1] * x[1][0] + x[2][1] * x[2][1]
}

#[test]
fn slices() {
    assert_gradient!(slice(&[2.0, 3.0, 4.0], 1));
    let d: Vec<f64> = slice_grad(&[2.0, 3.0, 4.0], 0);
    assert_eq!(d, [3.0, 2.0, 0.25]);
    assert_gradient!(rows(&[[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]][..]));
    assert_eq!(
        rows_grad(&[[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])[2],
        [0.0, 12.0]
    );
}

#[differentiate]
fn vector(x: Vec<f64>) -> f64 {
    x[0] * x[1]
}

#[differentiate]
#[allow(clippy::ptr_arg)]
fn borrowed_vector(x: &Vec<f64>, y: &Vec<Vec<f64>>) -> f64 {
    x[0] * x[1] * y[0][1] + y[1][0]
}

#[test]
fn vectors() {
    assert_gradient!(vector(vec![2.0, 3.0]));
    assert_eq!(vector_grad(vec![2.0, 3.0, 4.0]), vec![3.0, 2.0, 0.0]);
    let (x, y) = (vec![2.0, 3.0], vec![vec![4.0, 5.0], vec![6.0]]);
    assert_gradient!(borrowed_vector(&x, &y));
    let (d_x, d_y): (Vec<f64>, Vec<Vec<f64>>) = borrowed_vector_grad(&x, &y);
    assert_eq!(
        (d_x, d_y),
        (vec![15.0, 10.0], vec![vec![0.0, 6.0], vec![1.0]])
    );
}

#[differentiate]
fn tuple(x: (f64, f64), y: &(f64, [f64; 2])) -> f64 {
    x.0 * x.1 + y.0 * y.1[0] * x.0 + y.1[1]
}

#[differentiate]
fn mixed_tuple(x: (f64, usize, bool)) -> f64 {
    if x.2 {
        x.0 * x.1 as f64
    } else {
        0.0
    }
}

#[test]
fn tuples() {
    assert_gradient!(tuple((1.5, 2.5), &(0.5, [3.0, 4.0])));
    let (d_x, d_y): ((f64, f64), (f64, [f64; 2])) = tuple_grad((1.0, 2.0), &(3.0, [4.0, 5.0]));
    assert_eq!((d_x, d_y), ((14.0, 1.0), (4.0, [3.0, 1.0])));
    assert_eq!(mixed_tuple_grad((2.0, 3, true)), (3.0, (), ()));
    assert_eq!(mixed_tuple_grad((2.0, 3, false)), (0.0, (), ()));
}

type Scalar = f64;
type Pair = [Scalar; 2];
type Point = (Scalar, Scalar);

#[differentiate]
fn aliases(x: Scalar, p: Pair, q: &Point) -> Scalar {
    let twice: Scalar = 2.0 * x;
    twice * p[0] + p[1].sin() * q.0 - x / q.1
}

#[differentiate]
fn alias_alone(x: Scalar) -> Scalar {
    x * x + 1.0
}

#[test]
fn type_aliases() {
    assert_gradient!(aliases(1.5, [2.0, 0.5], &(3.0, 4.0)));
    assert_gradient!(alias_alone(1.5));
    assert_eq!(alias_alone_grad(1.5), 3.0);
}

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct State {
    position: f64,
    velocity: f64,
    step: usize,
}

#[derive(Clone, Debug, Differentiable)]
struct World {
    states: Vec<State>,
    gravity: [f64; 2],
    #[constant]
    scale: f64,
}

#[differentiate]
fn by_value(s: State) -> f64 {
    s.position * s.velocity + s.step as f64 * s.position
}

#[differentiate]
fn by_reference(w: &World, i: usize) -> f64 {
    w.states[i].position * w.gravity[1] * w.scale + w.states[0].velocity.sin()
}

#[differentiate]
fn owned(w: World) -> f64 {
    w.states[1].position * w.gravity[0]
}

fn world() -> World {
    let state = |position, velocity, step| State {
        position,
        velocity,
        step,
    };
    World {
        states: vec![state(1.0, 2.0, 3), state(4.0, 5.0, 6)],
        gravity: [0.5, -9.5],
        scale: 2.0,
    }
}

#[test]
fn structs() {
    assert_gradient!(by_value(State {
        position: 1.5,
        velocity: 2.5,
        step: 4
    }));
    let d = by_value_grad(State {
        position: 1.5,
        velocity: 2.5,
        step: 4,
    });
    assert_eq!((d.position, d.velocity, d.step), (6.5, 1.5, ()));
    let world = world();
    assert_gradient!(by_reference(&world, 1));
    let d = by_reference_grad(&world, 1);
    assert_eq!(
        (d.states[1].position, d.gravity, d.scale),
        (-19.0, [0.0, 8.0], ())
    );
    assert_gradient!(owned(world.clone()));
}

#[differentiate]
fn in_out(x: &mut f64, a: &mut [f64; 2], s: &mut [f64], k: f64) -> f64 {
    *x = *x * k;
    a[0] *= *x;
    s[1] = a[0] * s[0];
    s[0] += 1.0;
    s[1] * a[1] + *x
}

#[differentiate]
fn in_out_struct(s: &mut State, dt: f64) {
    s.velocity -= s.position * dt;
    s.position += s.velocity * dt;
    s.step += 1;
}

#[test]
fn mutable_references() {
    let (mut x, mut a, mut s) = (1.5, [2.0, 3.0], [0.5, 4.0]);
    let (value, (d_x, d_a, d_s, d_k)) = in_out_value_and_grad(&mut x, &mut a, &mut s, 2.0);
    // x k (a0 s0 a1 + 1)
    assert_eq!((x, a, s), (3.0, [6.0, 3.0], [1.5, 3.0]));
    assert_eq!(value, 12.0);
    assert_eq!(
        (d_x, d_a, d_s, d_k),
        (8.0, [4.5, 3.0], vec![18.0, 0.0], 6.0)
    );
    assert_gradient!(in_out(&mut 1.5, &mut [2.0, 3.0], &mut [0.5, 4.0][..], 2.0));

    let mut state = State {
        position: 1.0,
        velocity: 2.0,
        step: 0,
    };
    let mut d = StateCotangent {
        position: 1.0,
        velocity: 0.0,
        step: (),
    };
    let mut d_dt = 0.0;
    in_out_struct_vjp(&mut state, 0.5, &mut d, &mut d_dt);
    assert_eq!(
        state,
        State {
            position: 1.75,
            velocity: 1.5,
            step: 1
        }
    );
    // p' = p + (v − p dt) dt
    assert_eq!((d.position, d.velocity, d_dt), (0.75, 0.5, 1.0));
}

#[allow(clippy::too_many_arguments)]
#[differentiate]
fn inert(
    x: f64,
    n: i32,
    b: bool,
    c: char,
    s: &str,
    r: core::ops::Range<usize>,
    ints: &[u8],
    f: fn(u8) -> u8,
) -> f64 {
    let sign = if b && c == 'c' && s.len() == 2 && r.contains(&1) {
        1.0
    } else {
        -1.0
    };
    sign * x.powi(n) * f64::from(f(ints[0]))
}

#[test]
fn inert_parameters() {
    let (value, d) = inert_value_and_grad(2.0, 3, true, 'c', "no", 0..3, &[4], |i| i + 1);
    assert_eq!((value, d), (40.0, 60.0));
    let mut d = 1.0;
    inert_vjp(
        2.0,
        3,
        false,
        'c',
        "no",
        0..3,
        &[4],
        |i| i,
        1.0,
        &mut d,
        Inactive,
        Inactive,
        Inactive,
        Inactive,
        Inactive,
        Inactive,
        Inactive,
    );
    assert_eq!(d, -47.0);
}

/// Neither `Differentiable` nor `Clone`.
struct Config {
    rate: f64,
    names: Vec<String>,
}

#[differentiate]
fn constants(x: f64, #[constant] config: &Config, #[constant] k: f64) -> f64 {
    x * x * config.rate * k + config.names.len() as f64
}

#[differentiate(wrt(x, y))]
fn with_respect_to(x: f64, config: &Config, y: &[f64; 2], k: f64) -> f64 {
    x * config.rate * y[1] * k
}

#[test]
fn constant_parameters() {
    let config = Config {
        rate: 0.5,
        names: vec![String::new()],
    };
    assert_eq!(constants_grad(3.0, &config, 2.0), 6.0);
    assert_eq!(
        with_respect_to_grad(3.0, &config, &[1.0, 2.0], 4.0),
        (4.0, [0.0, 6.0])
    );
}

#[differentiate]
fn patterns(
    (a, b): (f64, f64),
    [c, _, d]: [f64; 3],
    State {
        position,
        velocity: v,
        ..
    }: State,
    _: usize,
    &e: &f64,
    mut f: f64,
) -> f64 {
    f *= a;
    f * b + c * d * position - v / e
}

#[differentiate]
fn reference_pattern(&[a, b]: &[f64; 2], (p, q): &(f64, f64)) -> f64 {
    a * b + p * q
}

#[test]
fn parameter_patterns() {
    let state = State {
        position: 0.5,
        velocity: 1.5,
        step: 2,
    };
    assert_gradient!(patterns((1.0, 2.0), [3.0, 4.0, 5.0], state, 7, &2.5, 0.3));
    assert_gradient!(reference_pattern(&[1.0, 2.0], &(3.0, 4.0)));
}

#[differentiate]
fn boxed(x: Box<f64>, y: &Box<[f64; 2]>) -> f64 {
    *x * y[0] + y[1]
}

#[test]
fn boxes() {
    let (d_x, d_y) = boxed_grad(Box::new(2.0), &Box::new([3.0, 4.0]));
    assert_eq!((*d_x, *d_y), (3.0, [2.0, 1.0]));
}

#[differentiate]
fn optional(x: Option<f64>, y: f64) -> f64 {
    if let Some(x) = x {
        x * x * y
    } else {
        y
    }
}

#[test]
fn options() {
    assert_eq!(optional_grad(Some(3.0), 2.0), (Some(12.0), 9.0));
    assert_eq!(optional_grad(None, 2.0), (None, 1.0));
}
