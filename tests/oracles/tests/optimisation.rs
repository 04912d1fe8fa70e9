//! Test functions for optimisers, written from their formulas, against the derivatives of `argmin_testfunctions`.

use std::f64::consts::PI;
use std::iter::Sum;

use argmin_testfunctions as oracle;
use num_traits::{Float, FromPrimitive};
use tapeless::differentiate;
use tapeless_oracles::{assert_all_close, assert_close, Points};

#[differentiate]
mod functions {
    use super::*;

    pub fn ackley<T: Float + Sum>(x: &[T], a: T, b: T, c: T) -> T {
        let n = T::from(x.len()).unwrap();
        let squares = x.iter().map(|&x| x * x).sum::<T>() / n;
        let waves = x.iter().fold(T::zero(), |sum, &x| sum + (c * x).cos()) / n;
        a + T::one().exp() - a * (-b * squares.sqrt()).exp() - waves.exp()
    }

    pub fn beale<T: Float>(p: &[T; 2]) -> T {
        let [x, y] = *p;
        let mut sum = T::zero();
        let mut power = T::one();
        for constant in [1.5, 2.25, 2.625] {
            power = power * y;
            sum = sum + (T::from(constant).unwrap() - x + x * power).powi(2);
        }
        sum
    }

    pub fn booth<T: Float>(p: &[T; 2]) -> T {
        let k = |v: f64| T::from(v).unwrap();
        let (x, y) = (p[0], p[1]);
        (x + k(2.0) * y - k(7.0)).powi(2) + (k(2.0) * x + y - k(5.0)).powi(2)
    }

    pub fn bukin<T: Float + FromPrimitive>(p: &[T; 2]) -> T {
        let hundredth = T::from_f64(0.01).unwrap();
        let ridge = (p[1] - hundredth * p[0] * p[0]).abs().sqrt();
        ridge * T::from_usize(100).unwrap() + hundredth * (p[0] + T::from_i32(10).unwrap()).abs()
    }

    pub fn cross_in_tray<T: Float + Into<f64> + FromPrimitive>(p: &[T; 2]) -> T {
        let x: f64 = p[0].into();
        let y: f64 = p[1].into();
        let bowl = (100.0 - x.hypot(y) / PI).abs().exp();
        let value = -1e-4 * ((x.sin() * y.sin() * bowl).abs() + 1.0).powf(0.1);
        T::from_f64(value).unwrap()
    }

    pub fn easom<T: Float>(p: &[T; 2]) -> T {
        let pi = T::from(PI).unwrap();
        let distance: T = p
            .iter()
            .map(|&x| (x - pi) * (x - pi))
            .fold(T::zero(), |a, b| a + b);
        let product = p.iter().map(|x| x.cos()).fold(T::one(), |a, b| a * b);
        -product * (-distance).exp()
    }

    pub fn eggholder<T: Float>(p: &[T; 2]) -> T {
        let [x, y] = *p;
        let shifted = y + T::from(47.0).unwrap();
        let half = x / (T::one() + T::one());
        -shifted * (shifted + half).abs().sqrt().sin() - x * (x - shifted).abs().sqrt().sin()
    }

    pub fn goldstein_price<T: Float>(x: T, y: T) -> T {
        let k = |v: i32| T::from(v).unwrap();
        let s = x + y;
        let d = k(2) * x - k(3) * y;
        let first = k(19) - k(14) * s + k(3) * x * x + k(6) * x * y + k(3) * y * y;
        let second = k(18) - k(32) * x + k(12) * x * x + k(48) * y - k(36) * x * y + k(27) * y * y;
        (k(1) + (s + k(1)).powi(2) * first) * (k(30) + d.powi(2) * second)
    }

    pub fn himmelblau<T: Float>(p: &[T; 2]) -> T {
        let &[x, y] = p;
        let eleven = T::from(11).unwrap();
        let seven = T::from(7).unwrap();
        let a = x.powi(2) + y - eleven;
        let b = x + y.powi(2) - seven;
        a * a + b * b
    }

    pub fn holder_table<T: Float>(p: &[T; 2]) -> T {
        let [x, y] = *p;
        let pi = T::from(PI).unwrap();
        -(x.sin() * y.cos() * (T::one() - x.hypot(y) / pi).abs().exp()).abs()
    }

    pub fn levy<T: Float + Sum>(x: &[T]) -> T {
        let (one, ten) = (T::one(), T::from(10).unwrap());
        let pi = T::from(PI).unwrap();
        let w = |x: T| one + (x - one) / T::from(4.0).unwrap();
        let n = x.len();
        let last = w(x[n - 1]);
        let middle: T = x[1..n - 1]
            .iter()
            .map(|x| w(*x))
            .map(|w| (w - one).powi(2) * (one + ten * (pi * w + one).sin().powi(2)))
            .sum();
        let end = (last - one).powi(2) * (one + ((pi + pi) * last).sin().powi(2));
        (pi * w(x[0])).sin().powi(2) + middle + end
    }

    pub fn levy13<T: Float>(p: &[T; 2]) -> T {
        let k = |v: f64| T::from(v * PI).unwrap();
        let one = T::one();
        let wave = |factor: T, x: T| (factor * x).sin() * (factor * x).sin();
        wave(k(3.0), p[0])
            + (p[0] - one).powi(2) * (one + wave(k(3.0), p[1]))
            + (p[1] - one).powi(2) * (one + wave(k(2.0), p[1]))
    }

    pub fn matyas<T: Float>(p: &[T; 2]) -> T {
        let squares = p[0].mul_add(p[0], p[1] * p[1]);
        T::from(0.26).unwrap() * squares - T::from(0.48).unwrap() * p[0] * p[1]
    }

    pub fn mccormick<T: Float>(p: &[T; 2]) -> T {
        let (x, y) = (p[0], p[1]);
        let mut sum = (x + y).sin();
        sum = sum + (x - y) * (x - y);
        sum = sum - T::from(1.5).unwrap() * x;
        sum + T::from(2.5).unwrap() * y + T::one()
    }

    pub fn picheny<T: Float>(p: &[T; 2]) -> T {
        let scaled = |x: T| T::from(4.0).unwrap() * x - T::from(2.0).unwrap();
        let value = goldstein_price(scaled(p[0]), scaled(p[1]));
        (value.log10() - T::from(8.693).unwrap()) / T::from(2.427).unwrap()
    }

    pub fn rastrigin<T: Float + Sum>(x: &[T], a: T) -> T {
        let turn = T::from(2.0 * PI).unwrap();
        let mut sum = a * T::from(x.len()).unwrap();
        for &x in x {
            sum = sum + (x.powi(2) - a * (turn * x).cos());
        }
        sum
    }

    pub fn rosenbrock<T: Float + Sum>(x: &[T], a: T, b: T) -> T {
        x.windows(2)
            .map(|pair| (a - pair[0]).powi(2) + b * (pair[1] - pair[0].powi(2)).powi(2))
            .sum()
    }

    pub fn schaffer2<T: Float>(p: &[T; 2]) -> T {
        let half = T::from(0.5).unwrap();
        let (xx, yy) = (p[0] * p[0], p[1] * p[1]);
        let divisor = T::one() + T::from(0.001).unwrap() * (xx + yy);
        half + ((xx - yy).sin().powi(2) - half) / divisor.powi(2)
    }

    pub fn schaffer4<T: Float>(p: &[T; 2]) -> T {
        let half = T::from(0.5).unwrap();
        let (xx, yy) = (p[0] * p[0], p[1] * p[1]);
        let divisor = T::one() + T::from(0.001).unwrap() * (xx + yy);
        half + ((xx - yy).abs().sin().cos().powi(2) - half) / (divisor * divisor)
    }

    pub fn sphere<T: Float + Sum>(x: &[T]) -> T {
        x.iter().zip(x.iter()).map(|(a, b)| *a * *b).sum()
    }

    pub fn styblinski_tang<T: Float + Sum>(x: &[T]) -> T {
        let (half, five) = (T::from(0.5).unwrap(), T::from(5).unwrap());
        let terms = x.iter().map(|&x| {
            let square = x * x;
            square * square - T::from(16).unwrap() * square + five * x
        });
        half * terms.sum::<T>()
    }

    pub fn three_hump_camel<T: Float>(p: &[T; 2]) -> T {
        let (x, y) = (p[0], p[1]);
        let s = x * x;
        let k = |v: f64| T::from(v).unwrap();
        s * (k(2.0) + s * (s / k(6.0) - k(1.05))) + x * y + y * y
    }

    pub fn zero<T: Float>(x: &[T]) -> T {
        let _ = x;
        T::zero()
    }
}

use functions::*;

const POINTS: usize = 300;

/// A function of two numbers: value and gradient at random points of a square.
fn in_the_plane(
    name: &str,
    (low, high): (f64, f64),
    ours: impl Fn(&[f64; 2]) -> (f64, [f64; 2]),
    value: impl Fn(&[f64; 2]) -> f64,
    derivative: impl Fn(&[f64; 2]) -> [f64; 2],
) {
    let mut points = Points::new(7);
    for _ in 0..POINTS {
        let p = points.array(low, high);
        let (got, gradient) = ours(&p);
        assert_close(name, got, value(&p), 1e-12);
        assert_all_close(name, &gradient, &derivative(&p), 1e-9);
    }
}

/// A function of several numbers and of parameters.
fn in_space(
    name: &str,
    (low, high): (f64, f64),
    ours: impl Fn(&[f64]) -> (f64, Vec<f64>),
    value: impl Fn(&[f64]) -> f64,
    derivative: impl Fn(&[f64]) -> Vec<f64>,
) {
    let mut points = Points::new(8);
    for _ in 0..POINTS {
        let p: [f64; 6] = points.array(low, high);
        for p in [&p[..], &p[..3]] {
            let (got, gradient) = ours(p);
            assert_close(name, got, value(p), 1e-12);
            assert_all_close(name, &gradient, &derivative(p), 1e-9);
        }
    }
}

/// `name(domain): ours as theirs`, for functions of two numbers.
macro_rules! plane {
    ($($ours:ident, $gradient:ident, $theirs:ident, $derivative:ident: $low:expr, $high:expr;)*) => {$(
        #[test]
        fn $theirs() {
            in_the_plane(
                stringify!($ours),
                ($low, $high),
                |p| $gradient(p),
                |p| oracle::$theirs(p),
                |p| oracle::$derivative(p),
            );
        }
    )*};
}

plane! {
    beale, beale_value_and_grad, beale, beale_derivative: -4.5, 4.5;
    booth, booth_value_and_grad, booth, booth_derivative: -10.0, 10.0;
    bukin, bukin_value_and_grad, bukin_n6, bukin_n6_derivative: -9.0, 3.0;
    cross_in_tray, cross_in_tray_value_and_grad, cross_in_tray, cross_in_tray_derivative: -10.0, 10.0;
    easom, easom_value_and_grad, easom, easom_derivative: 0.0, 6.0;
    eggholder, eggholder_value_and_grad, eggholder, eggholder_derivative: -512.0, 512.0;
    himmelblau, himmelblau_value_and_grad, himmelblau, himmelblau_derivative: -5.0, 5.0;
    holder_table, holder_table_value_and_grad, holder_table, holder_table_derivative: -10.0, 10.0;
    levy13, levy13_value_and_grad, levy_n13, levy_n13_derivative: -10.0, 10.0;
    matyas, matyas_value_and_grad, matyas, matyas_derivative: -10.0, 10.0;
    mccormick, mccormick_value_and_grad, mccormick, mccormick_derivative: -3.0, 4.0;
    picheny, picheny_value_and_grad, picheny, picheny_derivative: 0.0, 1.0;
    schaffer2, schaffer2_value_and_grad, schaffer_n2, schaffer_n2_derivative: -10.0, 10.0;
    schaffer4, schaffer4_value_and_grad, schaffer_n4, schaffer_n4_derivative: -10.0, 10.0;
    three_hump_camel, three_hump_camel_value_and_grad, threehumpcamel, threehumpcamel_derivative: -5.0, 5.0;
}

#[test]
fn goldsteinprice() {
    in_the_plane(
        "goldstein_price",
        (-2.0, 2.0),
        |p| {
            let (value, (dx, dy)) = goldstein_price_value_and_grad(p[0], p[1]);
            (value, [dx, dy])
        },
        oracle::goldsteinprice,
        oracle::goldsteinprice_derivative,
    );
}

#[test]
fn of_several_numbers() {
    let first = |(value, (gradient, _)): (f64, (Vec<f64>, f64))| (value, gradient);
    in_space(
        "rastrigin",
        (-5.12, 5.12),
        |p| first(rastrigin_value_and_grad(p, 10.0)),
        oracle::rastrigin,
        oracle::rastrigin_derivative,
    );
    in_space(
        "rastrigin_a",
        (-5.12, 5.12),
        |p| first(rastrigin_value_and_grad(p, 3.5)),
        |p| oracle::rastrigin_a(p, 3.5),
        |p| oracle::rastrigin_a_derivative(p, 3.5),
    );
    let first = |(value, (gradient, _, _)): (f64, (Vec<f64>, f64, f64))| (value, gradient);
    in_space(
        "rosenbrock",
        (-2.0, 2.0),
        |p| first(rosenbrock_value_and_grad(p, 1.0, 100.0)),
        oracle::rosenbrock,
        oracle::rosenbrock_derivative,
    );
    in_space(
        "rosenbrock_ab",
        (-2.0, 2.0),
        |p| first(rosenbrock_value_and_grad(p, 0.4, 7.0)),
        |p| oracle::rosenbrock_ab(p, 0.4, 7.0),
        |p| oracle::rosenbrock_ab_derivative(p, 0.4, 7.0),
    );
    in_space(
        "sphere",
        (-5.0, 5.0),
        sphere_value_and_grad,
        oracle::sphere,
        oracle::sphere_derivative,
    );
    in_space(
        "styblinski_tang",
        (-5.0, 5.0),
        styblinski_tang_value_and_grad,
        oracle::styblinski_tang,
        oracle::styblinski_tang_derivative,
    );
    in_space(
        "levy",
        (-10.0, 10.0),
        levy_value_and_grad,
        oracle::levy,
        oracle::levy_derivative,
    );
    in_space(
        "zero",
        (-10.0, 10.0),
        zero_value_and_grad,
        oracle::zero,
        oracle::zero_derivative,
    );
}

#[test]
fn ackley_with_and_without_parameters() {
    let first = |(value, (gradient, ..)): (f64, (Vec<f64>, f64, f64, f64))| (value, gradient);
    in_space(
        "ackley",
        (-32.0, 32.0),
        |p| first(ackley_value_and_grad(p, 20.0, 0.2, 2.0 * PI)),
        oracle::ackley,
        oracle::ackley_derivative,
    );
    in_space(
        "ackley_abc",
        (-4.0, 4.0),
        |p| first(ackley_value_and_grad(p, 3.0, 0.7, 1.1)),
        |p| oracle::ackley_abc(p, 3.0, 0.7, 1.1),
        |p| oracle::ackley_abc_derivative(p, 3.0, 0.7, 1.1),
    );
}
