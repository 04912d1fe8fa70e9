//! Macros whose expansion is not visible, but which see no variable of the function: their value is a constant.

use tapeless::check::assert_gradient;
use tapeless::{differentiate, Real};

macro_rules! half {
    () => {
        0.5
    };
}

macro_rules! number {
    ($float:ty, $number:literal) => {
        <$float as num_traits::NumCast>::from($number).unwrap()
    };
}

macro_rules! count {
    ($($word:ident)*) => {
        [$(stringify!($word)),*].len()
    };
}

#[differentiate]
fn scaled(x: f64) -> f64 {
    let h = half!();
    let powers = x.powf(half!()) * h + 2.0 * half!();
    powers * x + count!(one two three) as f64 * x
}

#[differentiate]
fn generic<T: Real>(x: T, y: T) -> T {
    let two: T = number!(T, 2.0);
    (x * two + y).sin() * number!(T, 3.0) + y
}

#[differentiate]
fn middle(x: f64, y: f64) -> f64 {
    let near = x.midpoint(y * half!());
    near * f64::midpoint(1.0, x)
}

#[test]
fn macros_without_variables() {
    for x in [0.3, 1.0, 7.5] {
        assert_gradient!(scaled(x));
        assert_gradient!(generic(x, 0.4));
        assert_gradient!(middle(x, -0.4));
    }
}

#[derive(Clone, Debug, tapeless::Differentiable)]
struct Moments {
    second: f64,
    third: f64,
    all: Vec<f64>,
}

#[differentiate]
fn skewness(m: &Moments, n: f64) -> f64 {
    let second = m.second;
    debug_assert_ne!(second, 0.0, "{second} of {n}");
    assert!(second < 5.0 && m.all.iter().all(|one| *one < 9.0));
    let all = &m.all;
    assert_eq!(all.len(), 2, "{:?}", all);
    n.sqrt() * m.third / (second * second * second).sqrt() * all[1]
}

#[test]
fn assertions_look_at_parts() {
    let moments = Moments {
        second: 1.3,
        third: 0.4,
        all: vec![1.0, 2.0],
    };
    assert_gradient!(skewness(&moments, 3.0));
}

macro_rules! constants {
    ($float:ty; $($name:ident = $value:expr),+) => {
        $(let $name: $float = num_traits::cast($value).unwrap();)+
    };
}

#[differentiate]
fn eased<F: num_traits::Float>(t: F, c: F) -> F {
    constants!(F; _2 = 2, _10 = 10.0, limit = 0.75);
    if t > limit {
        return c * t / _2;
    }
    let t = t / _2 + F::one();
    c * _2.powf(_10 * (t - limit)) + _2 * t.powi(3)
}

#[test]
fn macros_that_declare_constants() {
    for t in [0.1, 0.5, 0.9] {
        assert_gradient!(eased(t, 1.7));
        assert_eq!(eased_value_and_grad(t, 1.7).0, eased(t, 1.7));
    }
}

macro_rules! declare {
    (mut [$($name:ident = $value:expr),+]) => {
        $(let mut $name = $value;)+
    };
}

/// What is declared is a variable of which the loop makes another value in every step.
#[differentiate]
fn grown(x: f64, n: usize) -> f64 {
    declare!(mut [scale = 1.0, last = -2.0, steps = 0]);
    for _ in 0..n {
        scale = scale * 1.5 * x;
        steps += 1;
        if scale > 4.0 {
            last = scale * x;
            break;
        }
    }
    last * x + scale + f64::from(steps)
}

#[test]
fn macros_that_declare_variables() {
    for n in [0, 1, 4, 9] {
        assert_gradient!(grown(0.9, n));
        assert_gradient!(grown(1.3, n));
        assert_eq!(grown_value_and_grad(1.3, n).0, grown(1.3, n));
    }
}
