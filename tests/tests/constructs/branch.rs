//! `if`, `if let`, `match`, early exits.

use tapeless::check::assert_gradient;
use tapeless::{differentiate, Differentiable};

#[differentiate]
fn ladder(x: f64, y: f64) -> f64 {
    if x > 1.0 {
        x * y
    } else if x > 0.0 && y < 3.0 {
        x.sin() + y
    } else {
        x.exp()
    }
}

#[differentiate]
fn in_a_let(x: f64, y: f64) -> f64 {
    let k = if x < y { x * x } else { y };
    let (a, b) = if k > 1.0 { (k, x) } else { (y, k) };
    let c = 2.0 * if a > b { a } else { b * b };
    c * k + a * b
}

#[differentiate]
fn without_else(x: f64, y: f64) -> f64 {
    let mut z = x * y;
    if z > 1.0 {
        z = z.ln();
        z *= x;
    }
    if y > 0.0 {
        z += y * y;
    }
    z * z
}

#[differentiate]
fn memory(x: &[f64; 3], k: f64) -> f64 {
    let mut a = *x;
    if a[0] > k {
        a[1] = a[0] * k;
        if a[1] > 2.0 {
            a[2] *= a[1];
        } else {
            a[2] = 1.0;
        }
    } else {
        a[0] = a[1] * a[2];
    }
    a[0] * a[1] * a[2]
}

#[differentiate]
fn conditions(x: f64, y: f64, n: usize, flag: bool) -> f64 {
    let big = x > y;
    let odd = n % 2 == 1;
    let either = big || odd && !flag;
    let k = match n {
        0 => 1,
        1 | 2 => 2,
        3..=5 => 3,
        n if n > 100 => 7,
        _ => n + 1,
    };
    if either ^ flag {
        x * k as f64
    } else {
        y * y * k as f64
    }
}

#[test]
fn ifs() {
    for (x, y) in [(1.5, 2.0), (0.5, 2.1), (0.5, 4.0), (-0.5, 0.3), (3.0, 1.1)] {
        assert_gradient!(ladder(x, y));
        assert_gradient!(in_a_let(x, y));
        assert_gradient!(without_else(x, y));
        assert_gradient!(memory(&[x, y, 1.5], 1.0));
        for n in 0..4 {
            assert_gradient!(conditions(x, y, n, true));
            assert_gradient!(conditions(x, y, 101 * n, false));
        }
    }
}

#[differentiate]
fn early(x: f64, y: f64) -> f64 {
    if x > 2.0 {
        return y * x;
    }
    let z = x * y;
    if z < 0.0 {
        if y > 0.0 {
            return z.exp();
        }
        return z;
    } else {
        let w = z.sqrt();
        if w > 1.0 {
            return w * x;
        }
    }
    z.sin() * x
}

#[differentiate]
fn early_with_memory(x: &mut [f64; 2], k: f64) -> f64 {
    x[0] *= k;
    if x[0] > 1.0 {
        x[1] = x[0] * x[0];
        return x[1] * k;
    }
    x[1] *= x[0];
    x[1]
}

#[differentiate]
fn early_nothing(x: &mut f64, k: f64) {
    if k > 1.0 {
        return;
    }
    *x *= k;
}

#[differentiate]
fn labelled(x: f64, y: f64) -> f64 {
    let z = 'block: {
        if x > 1.0 {
            break 'block x * y;
        }
        if y > 1.0 {
            break 'block y;
        }
        x.sin()
    };
    z * z
}

#[test]
fn exits() {
    for (x, y) in [
        (3.0, 2.0),
        (1.5, 2.0),
        (0.5, 0.5),
        (-0.5, 0.3),
        (0.5, -0.3),
        (0.9, 1.1),
    ] {
        assert_gradient!(early(x, y));
        assert_gradient!(early_with_memory(&mut [x, 0.7], y));
        assert_gradient!(labelled(x, y));
    }
    let (mut x, mut d_x, mut d_k) = (3.0, 1.0, 0.0);
    early_nothing_vjp(&mut x, 0.5, &mut d_x, &mut d_k);
    assert_eq!((x, d_x, d_k), (1.5, 0.5, 3.0));
    let (mut x, mut d_x, mut d_k) = (3.0, 1.0, 0.0);
    early_nothing_vjp(&mut x, 1.5, &mut d_x, &mut d_k);
    assert_eq!((x, d_x, d_k), (3.0, 1.0, 0.0));
}

#[derive(Clone, Copy, PartialEq, Debug)]
enum Mode {
    Fast,
    Slow,
    Scaled(usize),
}

impl tapeless::Differentiable for Mode {
    type Cotangent = ();
    fn zero_cotangent(&self) {}
}

const LIMIT: usize = 9;

#[differentiate]
fn matches(x: f64, #[constant] mode: Mode, n: usize) -> f64 {
    let y = match mode {
        Mode::Fast => x * x,
        Mode::Slow => x,
        Mode::Scaled(k) => k as f64 * x,
    };
    match n {
        0 => y,
        1 | 2 => y * x,
        3..=5 => y.sin(),
        LIMIT => y * y * y,
        n if n % 2 == 0 => y / n as f64,
        _ => y * y,
    }
}

#[differentiate]
fn match_on_floats(x: f64, y: f64) -> f64 {
    match (x > 0.0, y > 0.0) {
        (true, true) => x * y,
        (true, false) => x,
        (false, _) => match y {
            y if y > 1.0 => y * y * x,
            0.25 => x,
            0.0..=0.5 => x * x,
            other => other,
        },
    }
}

#[differentiate]
fn match_tuple(t: (f64, f64), n: u8) -> f64 {
    match (t, n) {
        ((a, b), 0) => a * b,
        ((a, _), 1) if a > 1.0 => a * a,
        ((_, b), _) => b,
    }
}

#[test]
fn every_match() {
    for n in 0..=12 {
        for mode in [Mode::Fast, Mode::Slow, Mode::Scaled(3)] {
            assert_gradient!(matches(1.3, mode, n));
        }
    }
    for (x, y) in [
        (1.0, 2.0),
        (1.0, -2.0),
        (-1.0, 2.0),
        (-1.0, 0.3),
        (-1.0, 0.7),
        (-1.0, -1.0),
    ] {
        assert_gradient!(match_on_floats(x, y));
    }
    for n in 0..3 {
        assert_gradient!(match_tuple((1.5, 2.5), n));
        assert_gradient!(match_tuple((0.5, 2.5), n));
    }
}

#[derive(Clone, Copy, Differentiable)]
struct Maybe {
    weight: Option<f64>,
    bias: f64,
}

#[differentiate]
fn if_let(m: &Maybe, x: f64) -> f64 {
    let y = if let Some(w) = m.weight { w * x } else { x };
    y + m.bias
}

#[differentiate]
fn match_option(w: Option<f64>, x: f64) -> f64 {
    match w {
        Some(w) if w > 1.0 => w * x,
        Some(w) => w * w * x,
        None => x,
    }
}

#[differentiate]
fn inert_options(x: f64, names: &[&str], n: Option<usize>) -> f64 {
    if let Some(n) = n {
        if let Some(first) = names.first() {
            return x * n as f64 * first.len() as f64;
        }
    }
    x
}

#[test]
fn options() {
    assert_gradient!(if_let(
        &Maybe {
            weight: Some(1.5),
            bias: 0.5
        },
        2.0
    ));
    assert_gradient!(if_let(
        &Maybe {
            weight: None,
            bias: 0.5
        },
        2.0
    ));
    assert_eq!(match_option_grad(Some(1.5), 2.0), (Some(2.0), 1.5));
    assert_eq!(match_option_grad(Some(0.5), 2.0), (Some(2.0), 0.25));
    assert_eq!(match_option_grad(None, 2.0), (None, 1.0));
    assert_eq!(inert_options_grad(2.0, &["ab"], Some(3)), (6.0, Some(())));
    assert_eq!(inert_options_grad(2.0, &[], Some(3)), (1.0, Some(())));
}

#[derive(Clone, Copy, Differentiable)]
enum Shape {
    Circle(f64),
    Rectangle { width: f64, height: f64 },
    Empty,
}

#[differentiate]
fn area(shape: &Shape, scale: f64) -> f64 {
    match shape {
        Shape::Circle(r) => scale * r * r,
        Shape::Rectangle { width, height } => scale * width * height,
        Shape::Empty => 0.0,
    }
}

#[test]
fn enums() {
    let (d, d_scale) = area_grad(&Shape::Circle(3.0), 2.0);
    assert!(matches!(d, ShapeCotangent::Circle(d) if d == 12.0));
    assert_eq!(d_scale, 9.0);
    assert_gradient!(area(
        &Shape::Rectangle {
            width: 2.0,
            height: 3.0
        },
        0.5
    ));
    assert_gradient!(area(&Shape::Empty, 0.5));
}

#[differentiate]
fn not_taken(x: f64) -> f64 {
    let root = if x > 0.0 { x.sqrt() } else { 0.0 };
    let quotient = if x != 0.0 { 1.0 / x } else { 1.0 };
    root + quotient * x
}

#[test]
fn arms_not_taken_never_contribute() {
    assert_eq!(not_taken_value_and_grad(0.0), (0.0, 1.0));
}
