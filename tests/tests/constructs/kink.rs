//! The conventions at kinks and special values.

use tapeless::differentiate;

macro_rules! at {
    ($($name:ident($($x:ident),*) = $body:expr; $(($($at:expr),*) => $d:expr),+;)*) => {$(
        #[test]
        fn $name() {
            #[differentiate]
            fn f($($x: f64),*) -> f64 {
                $body
            }
            $(assert_eq!(format!("{:?}", f_grad($(std::hint::black_box($at)),*)), format!("{:?}", $d));)+
        }
    )*};
}

const INF: f64 = f64::INFINITY;
const NAN: f64 = f64::NAN;

at! {
    abs(x) = x.abs(); (0.0) => 0.0, (-2.0) => -1.0, (2.0) => 1.0;
    max(a, b) = a.max(b); (1.0, 1.0) => (0.5, 0.5), (2.0, 1.0) => (1.0, 0.0), (NAN, 1.0) => (0.0, 1.0), (1.0, NAN) => (1.0, 0.0);
    min(a, b) = a.min(b); (1.0, 1.0) => (0.5, 0.5), (2.0, 1.0) => (0.0, 1.0), (NAN, 1.0) => (0.0, 1.0), (1.0, NAN) => (1.0, 0.0);
    max_constant(a) = a.max(0.0); (0.0) => 0.5, (1.0) => 1.0, (-1.0) => 0.0;
    constant_max(a) = f64::max(0.0, a); (0.0) => 0.5;
    clamp(x) = x.clamp(0.0, 1.0); (0.0) => 0.0, (1.0) => 0.0, (0.5) => 1.0, (2.0) => 0.0;
    relu(x) = if x > 0.0 { x } else { 0.0 }; (0.0) => 0.0, (1.0) => 1.0;
    floor(x) = x.floor() * x; (1.5) => 1.0;
    steps(x) = x.ceil() + x.round() + x.trunc() + x.signum(); (1.5) => 0.0;
    cast(x) = (x as i32) as f64 * x; (2.5) => 2.0;
    fract(x) = x.fract(); (1.5) => 1.0;
    sqrt(x) = x.sqrt(); (0.0) => INF, (4.0) => 0.25;
    hypot(x, y) = x.hypot(y); (0.0, 0.0) => (0.0, 0.0), (0.0, 4.0) => (0.0, 1.0);
    atan2(x, y) = x.atan2(y); (0.0, 0.0) => (0.0, 0.0);
    powf(x, y) = x.powf(y); (0.0, 0.0) => (0.0, 0.0), (0.0, 1.0) => (1.0, 0.0);
    powi(x) = x.powi(0); (0.0) => 0.0, (2.0) => 0.0;
    rem(x, y) = x % y; (7.5, 2.0) => (1.0, -3.0), (-7.5, 2.0) => (1.0, 3.0);
    not_taken(x) = if x > 0.0 { x.ln() } else { 0.0 }; (0.0) => 0.0;
}
