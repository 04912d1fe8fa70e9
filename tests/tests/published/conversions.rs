//! Numbers converted between floats: `T::from(x)`, `x.into()`, `x.to_f64()`. The gradient goes back the same way.

use num_traits::{Float, FromPrimitive};
use tapeless::{differentiate, Real};

use super::close;

#[differentiate]
fn through_double<T>(x: T, y: T) -> T
where
    T: Float + Into<f64> + FromPrimitive,
{
    let x: f64 = x.into();
    let y: f64 = y.into();
    T::from_f64((x * y).sin() + 2.0 * x).unwrap()
}

#[test]
fn into_double_and_back() {
    let (value, (dx, dy)) = through_double_value_and_grad(0.7_f64, 0.3_f64);
    assert_eq!(value, through_double(0.7, 0.3));
    let cos = (0.7_f64 * 0.3).cos();
    assert!(close(dx, 0.3 * cos + 2.0) && close(dy, 0.7 * cos));
    let (dx, dy) = through_double_grad(0.7_f32, 0.3_f32);
    assert!((f64::from(dx) - (0.3 * cos + 2.0)).abs() < 1e-6);
    assert!((f64::from(dy) - 0.7 * cos).abs() < 1e-6);
}

#[differentiate]
fn from_another_float<T: Real>(x: f64, scale: T) -> T {
    T::from(x * x).unwrap() * scale + T::from(3).unwrap() * scale
}

#[test]
fn what_a_number_is_made_of_has_a_gradient() {
    let (dx, d_scale) = from_another_float_grad(1.5, 2.0_f64);
    assert_eq!((dx, d_scale), (6.0, 5.25));
    let (dx, d_scale) = from_another_float_grad(1.5, 2.0_f32);
    assert_eq!((dx, d_scale), (6.0, 5.25));
}

#[differentiate]
fn between_parameters<T: Real, U: Real>(x: T) -> U {
    match U::from(x) {
        Some(y) => y * y,
        None => U::zero(),
    }
}

#[test]
fn one_parameter_to_another() {
    assert_eq!(between_parameters_grad::<f64, f32>(3.0), 6.0);
    assert_eq!(between_parameters_grad::<f32, f64>(3.0), 6.0);
}

#[differentiate]
fn to_double<T: Float>(x: T, y: f64) -> f64 {
    x.to_f64().unwrap() * y + x.to_f32().map_or(0.0, |x| f64::from(x) * 2.0)
}

#[test]
fn to_f64_and_to_f32() {
    assert_eq!(to_double_grad(3.0_f32, 5.0), (7.0, 3.0));
    assert_eq!(to_double_grad(3.0_f64, 5.0), (7.0, 3.0));
}

#[differentiate]
fn widened(x: f32, y: f64) -> f64 {
    let wide: f64 = x.into();
    wide * wide * y
}

#[test]
fn into_without_a_parameter() {
    assert_eq!(widened_grad(2.0, 0.25), (1.0, 4.0));
}

struct Knob {
    turns: u32,
    gain: f64,
}

#[differentiate]
fn constants_stay_constants<T: Float>(x: T, #[constant] knob: &Knob, n: usize) -> T {
    let gain = T::from(knob.gain).unwrap();
    let turns = T::from(knob.turns).unwrap();
    x * gain * turns + x * <T as num_traits::NumCast>::from(n).unwrap() + x * T::from(n).unwrap()
}

#[test]
fn numbers_of_constants() {
    let knob = Knob {
        turns: 3,
        gain: 0.5,
    };
    assert_eq!(constants_stay_constants_grad(2.0, &knob, 4), 9.5);
}

#[derive(Clone, Debug, tapeless::Differentiable)]
struct Positions {
    n: [i64; 3],
    q: [f64; 3],
    k: i32,
}

#[differentiate]
fn slope(p: &Positions, d: f64) -> f64 {
    use num_traits::ToPrimitive;
    let k: f64 = p.k.into();
    p.q[1] + d * (p.q[2] - p.q[0]) / (p.n[2] - p.n[0]).to_f64().unwrap() * k
}

#[test]
fn integers_in_fields_become_numbers() {
    let positions = Positions {
        n: [1, 2, 5],
        q: [0.5, 1.0, 3.0],
        k: 3,
    };
    tapeless::assert_gradient!(slope(&positions, 0.7));
}
