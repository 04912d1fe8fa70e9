//! Macros by example around a differentiated function and inside of one, and what a condition leaves out.

use tapeless::{assert_gradient, differentiate, Differentiable};

macro_rules! polynomial {
    ($name:ident, $x:ident, $a:expr, $b:expr) => {
        #[differentiate]
        fn $name($x: f64, k: f64) -> f64 {
            $a * $b * k
                + ($a).sin() * {
                    let y = $x;
                    y * $b
                }
        }
    };
}
polynomial!(poly, x, x + 1.0, 2.0 - x);

macro_rules! looped {
    ($name:ident, $n:expr, $t:ty) => {
        #[differentiate]
        fn $name(x: &[$t], k: $t) -> $t {
            let mut total = 0.0;
            for i in 0..$n * 2 {
                total += x[i % x.len()] * k * (i * $n) as $t;
            }
            if ($n - 1) * 2 > 3 {
                total *= k;
            }
            total
        }
    };
}
looped!(lp, 1 + 2, f64);

#[differentiate]
fn conf(x: f64, k: f64) -> f64 {
    #[cfg(debug_assertions)]
    let y = x * k;
    #[cfg(not(debug_assertions))]
    let y = x * k * 2.0;
    let mut z = y;
    #[cfg(any())]
    {
        z = no_such_thing(z);
    }
    if cfg!(debug_assertions) {
        z *= x;
    }
    z
}
#[differentiate]
fn debugged(x: f64, k: f64) -> f64 {
    let y = dbg!(x * k);
    println!("{y} {}", x);
    let v = [x, k, y];
    assert!(v.iter().all(|a| a.is_finite()), "v {:?}", v);
    debug_assert!(y > -1e9 && x.is_finite());
    let s = format!("{x:.2}");
    y * y * s.len() as f64
}
#[differentiate]
fn unreached(x: f64, k: usize) -> f64 {
    match k {
        0 => x * x,
        1 => x.sin(),
        2 => todo!(),
        3 => unimplemented!("k {}", k),
        _ => panic!("no {k}"),
    }
}
#[derive(Differentiable, Clone, Debug)]
struct Settings {
    gain: f64,
    #[constant]
    inner: Inner,
}
#[derive(Clone, Debug)]
struct Inner {
    scale: f64,
    n: usize,
}
#[differentiate]
fn with_constant(o: &Settings, x: f64) -> f64 {
    let mut y = o.gain * x * tapeless::constant(o.inner.scale);
    for _ in 0..o.inner.n {
        y += x * tapeless::constant(o.inner.scale);
    }
    let s = tapeless::constant(o.inner.scale);
    y * s
}

macro_rules! in_a_loop {
    ($name:ident, $x:ident, $a:expr, $b:expr) => {
        #[differentiate]
        fn $name($x: f64, k: f64) -> f64 {
            let mut total = -$a * k;
            for part in vec![$a * $b, $b * $a as f64] {
                total += part / $a * k;
            }
            assert!($b * 2.0 > 0.0, "{}", $a * $b);
            total
        }
    };
}
in_a_loop!(divided, x, x + 1.0, 2.0 - x);

#[test]
fn parts_handed_in_belong_together() {
    assert_eq!(poly_value_and_grad(0.3, 0.7).0, poly(0.3, 0.7));
    let by_hand = |x: f64, k: f64| (x + 1.0) * (2.0 - x) * k + (x + 1.0).sin() * (x * (2.0 - x));
    assert_eq!(poly(0.3, 0.7), by_hand(0.3, 0.7));
    assert_gradient!(poly(0.3, 0.7));
    assert_gradient!(lp(&[0.3, 0.2], 0.7));
    assert_gradient!(divided(0.3, 0.7));
}

#[test]
fn macros_inside_agree() {
    assert_gradient!(conf(0.3, 0.7));
    assert_gradient!(debugged(0.3, 0.7));
    assert_gradient!(unreached(0.3, 0));
    assert_gradient!(unreached(0.3, 1));
}

#[test]
fn fields_of_a_constant_field() {
    let settings = Settings {
        gain: 2.0,
        inner: Inner { scale: 3.0, n: 2 },
    };
    let (value, (d, dx)) = with_constant_value_and_grad(&settings, 0.5);
    assert_eq!((value, d.gain, dx), (18.0, 4.5, 36.0));
}
