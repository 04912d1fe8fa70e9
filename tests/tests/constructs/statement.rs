//! `let` with its patterns, shadowing, deferred initialisation, blocks, assignment.

use tapeless::check::assert_gradient;
use tapeless::{differentiate, Differentiable};

#[differentiate]
fn shadowing(x: f64) -> f64 {
    let x = x * x;
    let y = x.sin();
    let x = {
        let x = x + y;
        x * 2.0
    };
    let y = { x * y };
    y + x
}

#[differentiate]
fn deferred(x: f64, up: bool) -> f64 {
    let y;
    let z: f64;
    if up {
        y = x * x;
        z = y.exp();
    } else {
        y = x;
        z = 2.0 * y;
    }
    let w;
    w = y * z;
    w * y
}

#[differentiate]
fn mutation(x: f64, k: f64) -> f64 {
    let mut y = x;
    y *= k;
    y += x * y;
    y -= 1.0;
    y /= k + 2.0;
    y = y * y;
    let mut z = y;
    z %= 0.75;
    z + y
}

#[differentiate]
fn elements(x: &[f64; 4], i: usize) -> f64 {
    let mut a = [0.0; 4];
    a[0] = x[0];
    a[i] = x[1] * a[0];
    a[i] *= x[2];
    a[i + 1] += a[i] * a[i];
    a[0] -= a[i];
    a[3] /= 2.0 + x[3];
    a[0] * a[1] + a[2] + a[3]
}

#[derive(Clone, Copy, Differentiable)]
struct Inner {
    a: f64,
    b: [f64; 2],
}

#[derive(Clone, Copy, Differentiable)]
struct Outer {
    inner: Inner,
    pair: (f64, f64),
}

#[differentiate]
fn fields(o: &Outer, k: f64) -> f64 {
    let mut o = *o;
    o.inner.a *= k;
    o.inner.b[1] = o.inner.a * o.inner.b[0];
    o.pair.0 += o.inner.b[1];
    o.pair = (o.pair.1, o.pair.0 * k);
    o.inner.b[0] -= o.pair.1;
    o.pair.0 * o.pair.1 + o.inner.b[0] * o.inner.a
}

#[differentiate]
fn through_references(x: &mut f64, y: &mut [f64; 2]) -> f64 {
    *x *= 2.0;
    y[0] = *x * y[1];
    let r = &mut y[1];
    *r += *x;
    *r *= *r;
    let s = &*x;
    *s * y[0] * y[1]
}

#[test]
fn assignments() {
    assert_gradient!(shadowing(0.7));
    assert_gradient!(deferred(0.7, true));
    assert_gradient!(deferred(0.7, false));
    assert_gradient!(mutation(0.7, 1.3));
    for i in 0..3 {
        assert_gradient!(elements(&[0.5, 1.5, 2.5, -0.3], i));
    }
    assert_gradient!(fields(
        &Outer {
            inner: Inner {
                a: 0.5,
                b: [1.5, 2.0]
            },
            pair: (0.3, -0.4)
        },
        1.1
    ));
    assert_gradient!(through_references(&mut 1.5, &mut [0.3, 0.4]));
}

#[derive(Clone, Copy, Differentiable)]
struct Wrapped(f64, (f64, [f64; 2]));

#[differentiate]
fn patterns(o: Outer, w: Wrapped, t: ((f64, f64), [f64; 3])) -> f64 {
    let Outer {
        inner: Inner { a, b: [b0, _] },
        pair,
    } = o;
    let (p, mut q) = pair;
    let Wrapped(w0, (_, w1)) = w;
    let ((c, d), [first, .., last]) = t;
    let _ = c * 7.0;
    q *= p;
    let [w10, w11] = w1;
    a * b0 * q + w0 * w10 / w11 + c * d * first - last * last
}

#[differentiate]
fn reference_patterns(x: &[f64; 2], y: &(f64, f64)) -> f64 {
    let &[a, b] = x;
    let (c, d) = y;
    let &(e, ref f) = y;
    a * b * *c + d * e + *f
}

#[differentiate]
fn at_patterns(x: [f64; 2]) -> f64 {
    let whole @ [a, _] = x;
    whole[0] * a * whole[1]
}

#[differentiate]
fn destructuring_assignment(x: f64, y: f64) -> f64 {
    let (mut a, mut b) = (x, y);
    (a, b) = (b * 2.0, a);
    [a, _] = [a * b, 1.0];
    (b, ..) = (a + b, 3);
    a * b
}

#[test]
fn every_pattern() {
    let outer = Outer {
        inner: Inner {
            a: 0.5,
            b: [1.5, 2.0],
        },
        pair: (0.3, -0.4),
    };
    assert_gradient!(patterns(
        outer,
        Wrapped(1.0, (2.0, [3.0, 4.0])),
        ((0.1, 0.2), [0.3, 0.4, 0.5])
    ));
    assert_gradient!(reference_patterns(&[1.0, 2.0], &(3.0, 4.0)));
    assert_gradient!(at_patterns([1.5, 2.5]));
    assert_gradient!(destructuring_assignment(1.5, 2.5));
}

#[differentiate]
fn let_else(x: Option<f64>, y: f64) -> f64 {
    let Some(x) = x else {
        return y * y;
    };
    x * y
}

#[test]
fn diverging_else() {
    assert_eq!(let_else_grad(Some(3.0), 2.0), (Some(2.0), 3.0));
    assert_eq!(let_else_grad(None, 2.0), (None, 4.0));
}

const RATE: f64 = 2.5;
static TABLE: [f64; 3] = [1.0, 2.0, 4.0];
const SIZES: &[usize] = &[1, 2];

#[differentiate]
fn constants(x: f64, i: usize) -> f64 {
    const LOCAL: f64 = 3.0;
    static OFFSET: f64 = 0.5;
    fn helper(i: usize) -> usize {
        i + 1
    }
    let angle = x * std::f64::consts::PI + f64::EPSILON;
    RATE * x * LOCAL + TABLE[i] * angle.sin() - OFFSET * TABLE[helper(i)] * x + SIZES[0] as f64
}

#[differentiate]
fn casts(x: f64, y: f32, n: usize) -> f64 {
    let a = x as f32;
    let b = (a * y) as f64;
    let c = x as i64;
    let d = n as f64 * x;
    let e = (n + 1) as f32 * y;
    b + c as f64 * x + d + f64::from(e) + f64::from(y)
}

#[differentiate]
fn asserts(x: f64, v: &[f64]) -> f64 {
    assert!(x > 0.0, "x = {x}");
    debug_assert!(v.len() >= 2);
    assert_eq!(v.len(), 2, "{} elements", v.len());
    assert_ne!(x, 7.0);
    debug_assert_eq!(v.len(), 2);
    if false {
        println!("{x} {:?} {}", v, x * 2.0);
        eprint!("{x}");
        todo!();
    }
    let y = x * v[0];
    if y > 1e9 {
        panic!("too large: {y}");
    }
    match v.len() {
        2 => y * v[1],
        _ => unreachable!("not two"),
    }
}

#[test]
fn inert_things() {
    assert_gradient!(constants(0.3, 1));
    assert_gradient!(casts(1.25, 0.5, 3), tol = 1e-3);
    let (d_x, d_y) = casts_grad(1.25, 0.5, 3);
    assert_eq!((d_x, d_y), (0.5 + 1.0 + 3.0, 1.25 + 4.0 + 1.0));
    assert_gradient!(asserts(0.3, &[1.0, 2.0]));
}

#[test]
#[should_panic(expected = "x = -1")]
fn asserts_hold_in_siblings() {
    asserts_grad(-1.0, &[1.0, 2.0]);
}

#[differentiate]
fn conditional_statements(x: f64) -> f64 {
    #[cfg(debug_assertions)]
    let y = x * x;
    #[cfg(not(debug_assertions))]
    let y = x.powi(2);
    #[allow(unused_variables)]
    let unused = y;
    y * x
}

#[differentiate]
fn statements_without_effect(x: f64) -> f64 {
    ();
    x * 2.0;
    let _ = x.sin();
    {
        x * 3.0
    };
    (x) * (2.0) + -x
}

#[test]
fn odds_and_ends() {
    assert_gradient!(conditional_statements(1.5));
    assert_eq!(statements_without_effect_grad(1.0), 1.0);
}

#[differentiate]
fn swaps(x: f64, y: f64) -> f64 {
    let mut a = [x, y, 1.0];
    a.swap(0, 1);
    a[1] * a[2] * y + a[0]
}

#[test]
fn swap() {
    assert_gradient!(swaps(1.5, 0.5));
}

#[derive(Clone, Copy, tapeless::Differentiable)]
struct Point {
    x: f64,
    y: f64,
}

#[derive(Clone, Copy, tapeless::Differentiable)]
struct Both(f64, f64);

#[differentiate]
fn structs_taken_apart(p: &Point, n: usize) -> f64 {
    let (mut a, mut b, mut c) = (1.0, p.y, 0.0);
    for _ in 0..n {
        Point { x: a, y: b } = Point {
            x: b * p.x,
            y: a + p.y,
        };
        Both(c, ..) = Both(a * b, c);
    }
    (Point { x: a, .. }, [b, _]) = (*p, [a * b, c]);
    a * b + c
}

#[test]
fn structs_on_the_left() {
    for n in 0..3 {
        assert_gradient!(structs_taken_apart(&Point { x: 0.7, y: 1.2 }, n));
    }
}

/// What is assigned consists of numbers alone: only what was there before says which floats they are.
mod numbers_alone {
    use tapeless::{assert_gradient, differentiate};

    #[differentiate]
    fn by_arms(u: f64, first: bool) -> f64 {
        let mut x = u * 2.0;
        let scale = x;
        x = if first { 0.5 } else { -0.7 };
        scale * x.sin()
    }

    #[differentiate]
    fn computed(u: f32) -> f32 {
        let mut x = u * 2.0;
        let scale = x;
        x = 0.5 + 0.2 * 3.0;
        scale * (x * x).powi(2)
    }

    #[differentiate]
    fn in_loops(u: f64, n: usize) -> f64 {
        let mut x = u * 2.0;
        for _ in 0..n {
            let before = x;
            x = 0.3 + 0.1;
            x = (x * x).powi(2) * u * before;
        }
        x
    }

    #[differentiate]
    fn in_patterns(u: f64) -> f64 {
        let (mut x, mut y) = (u, u);
        let product = x * y;
        (x, y) = (0.3 + 0.1, -0.5);
        product * (x * x).powi(2) * (y + y).sin()
    }

    #[differentiate]
    fn sometimes(u: f64) -> f64 {
        let mut x;
        if u > 0.0 {
            x = 0.3 + 0.1;
            x = x * x;
        } else {
            x = u;
        }
        u * (x * x).powi(2)
    }

    #[test]
    fn have_their_type() {
        assert_gradient!(by_arms(0.3, true));
        assert_gradient!(by_arms(0.3, false));
        assert_gradient!(computed(0.3));
        assert_gradient!(in_patterns(0.3));
        for n in 0..4 {
            assert_gradient!(in_loops(0.3, n));
        }
        assert_gradient!(sometimes(0.3));
        assert_gradient!(sometimes(-0.3));
    }
}
