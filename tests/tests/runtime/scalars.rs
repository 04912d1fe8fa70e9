//! The rules of scalar methods, against differences on their domains and by hand at their kinks.

use tapeless::__private::{CastVjp, IntegerVjp, RealVjp, SignedVjp};
use tapeless::check::finite_difference::central;
use tapeless::Inactive;

#[track_caller]
fn close(what: &str, a: f64, b: f64) {
    assert!(
        (a - b).abs() <= 1e-8 * a.abs().max(b.abs()).max(1.0),
        "{what}: {a} is not {b}"
    );
}

/// Each rule at some points of its domain: the value is the method's, the derivative that of
/// differences, and what was in the slot stays.
macro_rules! smooth {
    ($($method:ident $vjp:ident: $($x:expr),*;)*) => {$(
        #[test]
        fn $method() {
            for x in [$($x),*] {
                let mut d = 100.0;
                let value = RealVjp::$vjp(x, 3.0, &mut d);
                assert_eq!(value, f64::$method(x));
                let slope = central(|x| f64::$method(x[0]), &[x])[0];
                close(stringify!($method), d, 100.0 + 3.0 * slope);
                assert_eq!(RealVjp::$vjp(x, 3.0, Inactive), value);
            }
        }
    )*};
}

smooth! {
    abs abs_vjp: -2.0, 3.0;
    recip recip_vjp: -2.0, 3.0;
    sqrt sqrt_vjp: 0.5, 3.0;
    cbrt cbrt_vjp: -2.0, 3.0;
    exp exp_vjp: -2.0, 3.0;
    exp2 exp2_vjp: -2.0, 3.0;
    exp_m1 exp_m1_vjp: -2.0, 1e-3;
    ln ln_vjp: 0.5, 3.0;
    log2 log2_vjp: 0.5, 3.0;
    log10 log10_vjp: 0.5, 3.0;
    ln_1p ln_1p_vjp: -0.5, 3.0;
    sin sin_vjp: -2.0, 3.0;
    cos cos_vjp: -2.0, 3.0;
    tan tan_vjp: -1.0, 0.5;
    asin asin_vjp: -0.5, 0.7;
    acos acos_vjp: -0.5, 0.7;
    atan atan_vjp: -2.0, 3.0;
    sinh sinh_vjp: -2.0, 3.0;
    cosh cosh_vjp: -2.0, 3.0;
    tanh tanh_vjp: -2.0, 1.0;
    asinh asinh_vjp: -2.0, 3.0;
    acosh acosh_vjp: 1.5, 3.0;
    atanh atanh_vjp: -0.5, 0.7;
    to_degrees to_degrees_vjp: -2.0, 3.0;
    to_radians to_radians_vjp: -2.0, 3.0;
    fract fract_vjp: -2.3, 3.4;
    signum signum_vjp: -2.0, 3.0;
    floor floor_vjp: -2.3, 3.4;
    ceil ceil_vjp: -2.3, 3.4;
    round round_vjp: -2.3, 3.4;
    trunc trunc_vjp: -2.3, 3.4;
}

macro_rules! smooth_in_two {
    ($($method:ident $vjp:ident: $($at:expr),*;)*) => {$(
        #[test]
        fn $method() {
            for (a, b) in [$($at),*] {
                let (mut d_a, mut d_b) = (0.0, 0.0);
                let value = RealVjp::$vjp(a, b, 3.0, &mut d_a, &mut d_b);
                assert_eq!(value, f64::$method(a, b));
                let slopes = central(|x| f64::$method(x[0], x[1]), &[a, b]);
                close(stringify!($method), d_a, 3.0 * slopes[0]);
                close(stringify!($method), d_b, 3.0 * slopes[1]);
            }
        }
    )*};
}

smooth_in_two! {
    powf powf_vjp: (2.0, 3.5), (0.5, -1.5);
    log log_vjp: (2.0, 3.0), (5.0, 0.5);
    atan2 atan2_vjp: (1.0, 2.0), (-3.0, -0.5);
    hypot hypot_vjp: (1.0, 2.0), (-3.0, 0.5);
    max max_vjp: (1.0, 2.0), (2.0, -1.0);
    min min_vjp: (1.0, 2.0), (2.0, -1.0);
    copysign copysign_vjp: (1.0, -2.0), (-3.0, -1.0), (-3.0, 1.0);
    rem_euclid rem_euclid_vjp: (7.3, 2.0), (-7.3, 2.0), (7.3, -2.0);
    div_euclid div_euclid_vjp: (7.3, 2.0), (-7.3, 2.0), (-7.3, -2.0);
}

/// What the two arguments receive for `d_out = 1`.
macro_rules! shares {
    ($vjp:ident($a:expr, $b:expr)) => {{
        let (mut d_a, mut d_b) = (0.0_f64, 0.0_f64);
        RealVjp::$vjp($a, $b, 1.0, &mut d_a, &mut d_b);
        (d_a, d_b)
    }};
}

/// What the argument receives for `d_out = 1`.
macro_rules! share {
    ($vjp:ident($x:expr)) => {{
        let mut d = 0.0_f64;
        RealVjp::$vjp($x, 1.0, &mut d);
        d
    }};
}

#[test]
fn kinks() {
    let nan = f64::NAN;
    assert_eq!(share!(abs_vjp(0.0)), 0.0);
    assert_eq!(share!(sqrt_vjp(0.0)), f64::INFINITY);
    assert_eq!(share!(asinh_vjp(1e200)), 1e-200);
    assert_eq!(share!(acosh_vjp(1e200)), 1e-200);
    assert!(share!(acosh_vjp(-2.0)).is_nan());
    assert_eq!(shares!(max_vjp(2.0, 2.0)), (0.5, 0.5));
    assert_eq!(shares!(min_vjp(2.0, 2.0)), (0.5, 0.5));
    assert_eq!(shares!(max_vjp(nan, 2.0)), (0.0, 1.0));
    assert_eq!(shares!(min_vjp(2.0, nan)), (1.0, 0.0));
    assert_eq!(shares!(hypot_vjp(0.0, 0.0)), (0.0, 0.0));
    assert_eq!(shares!(atan2_vjp(0.0, 0.0)), (0.0, 0.0));
    assert_eq!(shares!(powf_vjp(0.0, 0.0)), (0.0, 0.0));
    assert_eq!(shares!(powf_vjp(0.0, 1.0)), (1.0, 0.0));
    assert_eq!(shares!(copysign_vjp(0.0, -1.0)), (0.0, 0.0));
}

#[test]
fn clamp() {
    let at = |x: f64| {
        let (mut d, mut low, mut high) = (0.0, 0.0, 0.0);
        RealVjp::clamp_vjp(x, -1.0, 2.0, 1.0, &mut d, &mut low, &mut high);
        (d, low, high)
    };
    assert_eq!(at(0.5), (1.0, 0.0, 0.0));
    assert_eq!(at(-1.0), (0.0, 1.0, 0.0));
    assert_eq!(at(-2.0), (0.0, 1.0, 0.0));
    assert_eq!(at(2.0), (0.0, 0.0, 1.0));
    assert_eq!(at(3.0), (0.0, 0.0, 1.0));
}

#[test]
fn powers_and_pairs() {
    let mut d = 0.0;
    assert_eq!(2.0.powi_vjp(3, 1.0, &mut d, Inactive), 8.0);
    assert_eq!(d, 12.0);
    assert_eq!(0.0.powi_vjp(0, 1.0, &mut d, Inactive), 1.0);
    assert_eq!(2.0.powi_vjp(-1, 1.0, &mut d, Inactive), 0.5);
    assert_eq!(d, 11.75);

    let mut d = 0.0;
    RealVjp::sin_cos_vjp(0.5, (2.0, 3.0), &mut d);
    close("sin_cos", d, 2.0 * 0.5_f64.cos() - 3.0 * 0.5_f64.sin());

    let (mut d_x, mut d_a, mut d_b) = (0.0, 0.0, 0.0);
    RealVjp::mul_add_vjp(2.0, 3.0, 4.0, 1.0, &mut d_x, &mut d_a, &mut d_b);
    assert_eq!((d_x, d_a, d_b), (3.0, 2.0, 1.0));
}

#[test]
fn integers() {
    let slot = &mut ();
    assert_eq!(7_usize.min_vjp(3, (), slot, Inactive), 3);
    assert_eq!(7_i32.clamp_vjp(1, 5, (), Inactive, Inactive, Inactive), 5);
    assert_eq!(2_u64.pow_vjp(5, (), Inactive, Inactive), 32);
    assert_eq!((-7_i8).abs_vjp((), Inactive), 7);
}

#[test]
fn references_are_looked_through() {
    let (x, mut d) = (&2.0_f64, 0.0);
    assert_eq!(x.recip_vjp(1.0, &mut d), 0.5);
    assert_eq!(d, -0.25);
}

#[test]
fn casts() {
    let mut d = 1.0_f64;
    let y: f32 = 0.1_f64.cast_vjp(2.0, &mut d);
    assert_eq!((y, d), (0.1, 3.0));
    let n: i32 = 2.7_f64.cast_vjp((), &mut d);
    assert_eq!((n, d), (2, 3.0));
    let y: f64 = 3_usize.cast_vjp(1.0, &mut ());
    assert_eq!(y, 3.0);
}
