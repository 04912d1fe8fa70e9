//! Every row of the table of scalar rules, through the attribute: as method, as path, in generic code, through an
//! alias that hides the float from the macro, and in the spelling of `libm`; in `f32` and `f64`; against differences
//! and dual numbers.

use std::hint::black_box;

use num_dual::{Dual64, DualNum};
use tapeless::{differentiate, Real};
use tapeless_tests::oracle::{agree, differences, duals, points, BY_DIFFERENCES, EXACT, SINGLE};

/// A float whose type the macro cannot see.
type Hidden = f64;

/// One way to write a function, with its generated sibling, over slices of `f64`.
struct Spelling {
    name: &'static str,
    single: bool,
    primal: fn(&[f64]) -> f64,
    value_and_grad: fn(&[f64]) -> (f64, Vec<f64>),
}

/// Dual numbers for a function of the table.
type Dual = fn(&[Dual64]) -> Dual64;

/// The first spelling, in `f64`, is compared with the oracles; the others with the first.
fn check(row: &str, domain: &[(f64, f64)], spellings: &[Spelling], dual: Option<Dual>) {
    for at in points(domain, 25) {
        let first = &spellings[0];
        let (value, gradient) = (first.value_and_grad)(&at);
        compare(
            row,
            &at,
            &gradient,
            &differences(first.primal, &at),
            value,
            BY_DIFFERENCES,
        );
        if let Some(dual) = dual {
            compare(row, &at, &gradient, &duals(dual, &at), value, EXACT);
        }
        for spelling in spellings {
            let called = format!("{row} as {}", spelling.name);
            let (own_value, own_gradient) = (spelling.value_and_grad)(&at);
            let primal = (spelling.primal)(&at);
            assert_eq!(
                own_value.to_bits(),
                primal.to_bits(),
                "value of {called} at {at:?}: {own_value}, {primal}"
            );
            compare(
                &called,
                &at,
                &own_gradient,
                &gradient,
                value,
                if spelling.single { SINGLE } else { EXACT },
            );
        }
    }
}

fn compare(name: &str, at: &[f64], ours: &[f64], theirs: &[f64], scale: f64, tolerance: f64) {
    assert_eq!(ours.len(), theirs.len(), "{name}");
    for (a, b) in ours.iter().zip(theirs) {
        assert!(
            agree(*a, *b, scale, tolerance),
            "{name} at {at:?}: {ours:?}, expected {theirs:?}"
        );
    }
}

/// The partials of a gradient: a float, or a tuple of them.
macro_rules! flat {
    ($gradient:expr, $a:ident) => {
        vec![f64::from($gradient)]
    };
    ($gradient:expr, $($arg:ident),+) => {{
        let ($($arg,)+) = $gradient;
        vec![$(f64::from($arg)),+]
    }};
}

/// A differentiated function in a module of its own, and its [`Spelling`].
macro_rules! spelling {
    ($module:ident<$float:ident> ($($arg:ident),+) $body:tt) => {
        pub mod $module {
            #[allow(unused_imports)]
            use super::super::*;

            #[differentiate]
            pub fn f($($arg: $float),+) -> $float $body

            pub const SPELLING: Spelling = Spelling {
                name: stringify!($module),
                single: size_of::<$float>() == 4,
                primal: |at| {
                    let mut at = at.iter().map(|&x| black_box(x as $float));
                    f64::from(f($(next!($arg in at)),+))
                },
                value_and_grad: |at| {
                    let mut at = at.iter().map(|&x| black_box(x as $float));
                    let (value, gradient) = f_value_and_grad($(next!($arg in at)),+);
                    (f64::from(value), flat!(gradient, $($arg),+))
                },
            };
        }
    };
}

/// The next coordinate of a point; the name says which.
macro_rules! next {
    ($arg:ident in $at:ident) => {
        $at.next().unwrap()
    };
}

/// A generic function, instantiated in both widths.
macro_rules! generic {
    (($($arg:ident),+) $body:tt) => {
        pub mod generic {
            use super::super::*;

            #[differentiate]
            pub fn of<T: Real>($($arg: T),+) -> T $body
        }
        spelling!(generic_f64<f64> ($($arg),+) { super::generic::of($($arg),+) });
        spelling!(generic_f32<f32> ($($arg),+) { super::generic::of($($arg),+) });
    };
}

/// A row of the table: its spellings and its test.
macro_rules! row {
    // The functions that floats have as methods, `num_traits::Float` too.
    (function $name:ident ($first:ident $(, $other:ident)*) in $domain:expr; $($rest:tt)*) => {
        mod $name {
            use super::*;

            spelling!(method<f64> ($first $(, $other)*) { $first.$name($($other),*) });
            spelling!(method_f32<f32> ($first $(, $other)*) { $first.$name($($other),*) });
            spelling!(path<f64> ($first $(, $other)*) { f64::$name($first $(, $other)*) });
            spelling!(path_f32<f32> ($first $(, $other)*) { f32::$name($first $(, $other)*) });
            spelling!(float<f64> ($first $(, $other)*) { num_traits::Float::$name($first $(, $other)*) });
            spelling!(hidden<Hidden> ($first $(, $other)*) { $first.$name($($other),*) });
            generic!(($first $(, $other)*) { $first.$name($($other),*) });
            row!(test $name $domain;
                [method method_f32 path path_f32 float hidden generic_f64 generic_f32] $($rest)*);
        }
    };
    // Methods of the primitive types only.
    (inherent $name:ident ($first:ident, $other:ident) in $domain:expr; $($rest:tt)*) => {
        mod $name {
            use super::*;

            spelling!(method<f64> ($first, $other) { $first.$name($other) });
            spelling!(method_f32<f32> ($first, $other) { $first.$name($other) });
            spelling!(path<f64> ($first, $other) { f64::$name($first, $other) });
            spelling!(path_f32<f32> ($first, $other) { f32::$name($first, $other) });
            spelling!(hidden<Hidden> ($first, $other) { $first.$name($other) });
            row!(test $name $domain; [method method_f32 path path_f32 hidden] $($rest)*);
        }
    };
    // Anything that is written alike for all types: operators, tuples, integer arguments.
    (written $name:ident ($($arg:ident),+) in $domain:expr; $body:tt $($rest:tt)*) => {
        mod $name {
            use super::*;

            spelling!(double<f64> ($($arg),+) $body);
            spelling!(single<f32> ($($arg),+) $body);
            spelling!(hidden<Hidden> ($($arg),+) $body);
            generic!(($($arg),+) $body);
            row!(test $name $domain; [double single hidden generic_f64 generic_f32] $($rest)*);
        }
    };
    (test $name:ident $domain:expr; [$($module:ident)*]
        $(libm $double:ident $single:ident ($($arg:ident),+))? $(, dual $dual:expr)?) => {
        $(
            spelling!(libm_f64<f64> ($($arg),+) { libm::$double($($arg),+) });
            spelling!(libm_f32<f32> ($($arg),+) { libm::$single($($arg),+) });
        )?

        #[test]
        fn agrees() {
            #[allow(unused_mut)]
            let mut spellings = vec![$($module::SPELLING),*];
            $(
                assert_ne!(stringify!($double), stringify!($single));
                spellings.extend([libm_f64::SPELLING, libm_f32::SPELLING]);
            )?
            #[allow(unused_mut, unused_assignments)]
            let mut dual: Option<Dual> = None;
            $( dual = Some($dual); )?
            check(stringify!($name), &$domain, &spellings, dual);
        }
    };
}

/// The rows, and their names.
macro_rules! rules {
    ($([$kind:ident $name:ident $($rest:tt)*])*) => {
        $(row!($kind $name $($rest)*);)*

        const COVERED: &[&str] = &[$(stringify!($name)),*];
    };
}

const REAL: (f64, f64) = (-3.0, 3.0);
const POSITIVE: (f64, f64) = (0.1, 5.0);
const UNIT: (f64, f64) = (-0.95, 0.95);
const ABOVE_ONE: (f64, f64) = (1.1, 6.0);
const ABOVE_MINUS_ONE: (f64, f64) = (-0.9, 4.0);
const ANGLE: (f64, f64) = (-1.3, 1.3);

rules! {
    [written add(a, b) in [REAL, REAL]; { a + b }, dual |v| v[0] + v[1]]
    [written sub(a, b) in [REAL, REAL]; { a - b }, dual |v| v[0] - v[1]]
    [written mul(a, b) in [REAL, REAL]; { a * b }, dual |v| v[0] * v[1]]
    [written div(a, b) in [REAL, POSITIVE]; { a / b }, dual |v| v[0] / v[1]]
    [written rem(a, b) in [REAL, POSITIVE]; { a % b } libm fmod fmodf (a, b)]
    [written neg(x) in [REAL]; { -x }, dual |v| -v[0]]
    [function abs(x) in [REAL]; libm fabs fabsf (x), dual |v| if v[0].re < 0.0 { -v[0] } else { v[0] }]
    [function recip(x) in [POSITIVE];, dual |v| v[0].recip()]
    [function sqrt(x) in [POSITIVE]; libm sqrt sqrtf (x), dual |v| v[0].sqrt()]
    [function cbrt(x) in [POSITIVE]; libm cbrt cbrtf (x), dual |v| v[0].cbrt()]
    [written powi(x) in [POSITIVE]; { x.powi(3) + x.powi(-2) + x.powi(1) + x.powi(0) },
        dual |v| v[0].powi(3) + v[0].powi(-2) + v[0] + 1.0]
    [function powf(x, p) in [POSITIVE, REAL]; libm pow powf (x, p), dual |v| v[0].powd(v[1])]
    [function exp(x) in [REAL]; libm exp expf (x), dual |v| v[0].exp()]
    [function exp2(x) in [REAL]; libm exp2 exp2f (x), dual |v| v[0].exp2()]
    [function exp_m1(x) in [REAL]; libm expm1 expm1f (x), dual |v| v[0].exp_m1()]
    [function ln(x) in [POSITIVE]; libm log logf (x), dual |v| v[0].ln()]
    [function log(x, base) in [POSITIVE, ABOVE_ONE];, dual |v| v[0].ln() / v[1].ln()]
    [function log2(x) in [POSITIVE]; libm log2 log2f (x), dual |v| v[0].log2()]
    [function log10(x) in [POSITIVE]; libm log10 log10f (x), dual |v| v[0].log10()]
    [function ln_1p(x) in [ABOVE_MINUS_ONE]; libm log1p log1pf (x), dual |v| v[0].ln_1p()]
    [function sin(x) in [REAL]; libm sin sinf (x), dual |v| v[0].sin()]
    [function cos(x) in [REAL]; libm cos cosf (x), dual |v| v[0].cos()]
    [function tan(x) in [ANGLE]; libm tan tanf (x), dual |v| v[0].tan()]
    [written sin_cos(x) in [REAL]; { let (s, c) = x.sin_cos(); s * s * s + c }, dual |v| v[0].sin().powi(3) + v[0].cos()]
    [function asin(x) in [UNIT]; libm asin asinf (x), dual |v| v[0].asin()]
    [function acos(x) in [UNIT]; libm acos acosf (x), dual |v| v[0].acos()]
    [function atan(x) in [REAL]; libm atan atanf (x), dual |v| v[0].atan()]
    [function atan2(y, x) in [REAL, REAL]; libm atan2 atan2f (y, x), dual |v| v[0].atan2(v[1])]
    [function sinh(x) in [REAL]; libm sinh sinhf (x), dual |v| v[0].sinh()]
    [function cosh(x) in [REAL]; libm cosh coshf (x), dual |v| v[0].cosh()]
    [function tanh(x) in [REAL]; libm tanh tanhf (x), dual |v| v[0].tanh()]
    [function asinh(x) in [REAL]; libm asinh asinhf (x), dual |v| v[0].asinh()]
    [function acosh(x) in [ABOVE_ONE]; libm acosh acoshf (x), dual |v| v[0].acosh()]
    [function atanh(x) in [UNIT]; libm atanh atanhf (x), dual |v| v[0].atanh()]
    [function hypot(a, b) in [REAL, REAL]; libm hypot hypotf (a, b), dual |v| (v[0] * v[0] + v[1] * v[1]).sqrt()]
    [inherent midpoint(a, b) in [REAL, REAL]; , dual |v| (v[0] + v[1]) * 0.5]
    [function mul_add(x, a, b) in [REAL, REAL, REAL]; libm fma fmaf (x, a, b), dual |v| v[0] * v[1] + v[2]]
    [function max(a, b) in [REAL, REAL]; libm fmax fmaxf (a, b)]
    [function min(a, b) in [REAL, REAL]; libm fmin fminf (a, b)]
    [function clamp(x, low, high) in [REAL, (-1.6, -1.2), (1.2, 1.6)];]
    [function copysign(x, sign) in [REAL, REAL]; libm copysign copysignf (x, sign)]
    [function signum(x) in [REAL];]
    [function floor(x) in [REAL]; libm floor floorf (x)]
    [function ceil(x) in [REAL]; libm ceil ceilf (x)]
    [function round(x) in [REAL]; libm round roundf (x)]
    [function trunc(x) in [REAL]; libm trunc truncf (x)]
    [function fract(x) in [REAL];]
    [inherent rem_euclid(a, b) in [REAL, POSITIVE];]
    [inherent div_euclid(a, b) in [REAL, POSITIVE];]
    [function to_degrees(x) in [REAL];]
    [function to_radians(x) in [REAL];]
}

/// Reads the table: each of its rows has a line above.
#[test]
fn every_row_is_covered() {
    let rows: Vec<&str> = include_str!("../../macros/src/rules/table.rs")
        .lines()
        .map(str::trim_start)
        .skip_while(|line| !line.contains("const TABLE"))
        .take_while(|line| !line.starts_with("];"))
        .filter_map(|line| line.split_once('"'))
        .filter_map(|(_, rest)| rest.split_once('"'))
        .map(|(name, _)| name)
        .collect();
    assert!(rows.len() >= 45, "the table has moved: {rows:?}");
    for row in rows {
        assert!(
            COVERED.contains(&row),
            "the row `{row}` of the table has no line in this file"
        );
    }
}

/// The exponent of `powi` at run time: zero gives zero, even at 0.
#[test]
fn powi_with_a_variable_exponent() {
    #[differentiate]
    fn power(x: f64, n: i32) -> f64 {
        x.powi(n)
    }
    assert_eq!(power_grad(0.0, 0), 0.0);
    assert_eq!(power_grad(2.0, 0), 0.0);
    assert_eq!(power_grad(0.0, 1), 1.0);
    assert_eq!(power_grad(-2.0, 3), 12.0);
    assert_eq!(power_grad(2.0, -1), -0.25);
    assert_eq!(power_grad(2.0, i32::MIN), 0.0);
}

/// API §5, through the attribute; `method` sees the floats, `hidden` goes through the traits of the runtime.
macro_rules! kinks {
    ($($row:ident($($arg:expr),+) = $partials:expr;)*) => {$({
        let expected = $partials;
        assert_eq!($row::method::f_grad($($arg),+), expected, "{} as a method", stringify!($row($($arg),+)));
        assert_eq!($row::hidden::f_grad($($arg),+), expected, "{} on a hidden float", stringify!($row($($arg),+)));
        assert_eq!($row::generic::of_grad::<f64>($($arg),+), expected, "{} generic", stringify!($row($($arg),+)));
    })*};
}

#[test]
fn kinks_follow_the_conventions() {
    let (infinity, nan) = (f64::INFINITY, f64::NAN);
    kinks! {
        abs(0.0) = 0.0;
        abs(-0.0) = 0.0;
        max(2.0, 2.0) = (0.5, 0.5);
        max(nan, 2.0) = (0.0, 1.0);
        max(2.0, nan) = (1.0, 0.0);
        min(2.0, 2.0) = (0.5, 0.5);
        min(nan, 2.0) = (0.0, 1.0);
        min(2.0, nan) = (1.0, 0.0);
        clamp(-1.0, -1.0, 1.0) = (0.0, 1.0, 0.0);
        clamp(1.0, -1.0, 1.0) = (0.0, 0.0, 1.0);
        clamp(2.0, -1.0, 1.0) = (0.0, 0.0, 1.0);
        clamp(0.5, -1.0, 1.0) = (1.0, 0.0, 0.0);
        floor(2.0) = 0.0;
        ceil(2.0) = 0.0;
        round(2.5) = 0.0;
        trunc(2.0) = 0.0;
        signum(0.0) = 0.0;
        fract(2.0) = 1.0;
        sqrt(0.0) = infinity;
        hypot(0.0, 0.0) = (0.0, 0.0);
        atan2(0.0, 0.0) = (0.0, 0.0);
        powf(0.0, 0.0) = (0.0, 0.0);
        powf(0.0, 1.0) = (1.0, 0.0);
    }
    assert_eq!(rem::double::f_grad(7.5, 2.0), (1.0, -3.0));
    assert_eq!(rem::double::f_grad(-7.5, 2.0), (1.0, 3.0));
    assert_eq!(rem::hidden::f_grad(-7.5, 2.0), (1.0, 3.0));
    assert_eq!(rem_euclid::method::f_grad(-7.5, 2.0), (1.0, 4.0));
    assert_eq!(rem_euclid::hidden::f_grad(-7.5, 2.0), (1.0, 4.0));
}
