//! Operators on types of the user's own.

use core::ops::{Add, AddAssign, Div, Index, Mul, MulAssign, Neg, Sub};
use tapeless::check::assert_gradient;
use tapeless::ops::IndexVjp;
use tapeless::{differentiate, Differentiable, Real};

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct V<T> {
    x: T,
    y: T,
}

#[differentiate]
impl<T: Real> Add for V<T> {
    type Output = Self;

    fn add(self, o: Self) -> Self {
        V {
            x: self.x + o.x,
            y: self.y + o.y,
        }
    }
}

#[differentiate]
impl<T: Real> Sub for V<T> {
    type Output = V<T>;

    fn sub(self, o: Self) -> V<T> {
        V {
            x: self.x - o.x,
            y: self.y - o.y,
        }
    }
}

#[differentiate]
impl<T: Real> Mul<T> for V<T> {
    type Output = V<T>;

    fn mul(self, k: T) -> V<T> {
        V {
            x: self.x * k,
            y: self.y * k,
        }
    }
}

/// The inner product.
#[differentiate]
impl<T: Real> Mul for V<T> {
    type Output = T;

    fn mul(self, o: V<T>) -> T {
        self.x * o.x + self.y * o.y
    }
}

#[differentiate]
impl Mul<V<f64>> for f64 {
    type Output = V<f64>;

    fn mul(self, v: V<f64>) -> V<f64> {
        V {
            x: self * v.x,
            y: self * v.y,
        }
    }
}

#[differentiate]
impl<T: Real> Div<T> for V<T> {
    type Output = V<T>;

    fn div(self, k: T) -> V<T> {
        V {
            x: self.x / k,
            y: self.y / k,
        }
    }
}

#[differentiate]
impl<T: Real> Neg for V<T> {
    type Output = V<T>;

    fn neg(self) -> V<T> {
        V {
            x: -self.x,
            y: -self.y,
        }
    }
}

#[differentiate]
impl<T: Real> AddAssign for V<T> {
    fn add_assign(&mut self, o: V<T>) {
        self.x += o.x;
        self.y += o.y;
    }
}

#[differentiate]
impl<T: Real> MulAssign<T> for V<T> {
    fn mul_assign(&mut self, k: T) {
        self.x *= k;
        self.y *= k;
    }
}

#[differentiate]
fn vectors(a: V<f64>, b: &V<f64>, k: f64) -> f64 {
    let c = a + *b * k;
    let d = 2.0 * c - a * 0.5;
    let e = -d / k;
    e * d + c * a * 3.0
}

#[differentiate]
fn generic<T: Real>(a: V<T>, k: T) -> T {
    let b = (a + a) * k - a;
    b * a
}

#[differentiate]
fn compound(a: V<f64>, k: f64) -> f64 {
    let mut s = a;
    s += a * k;
    s *= k;
    s += s;
    s * s
}

#[differentiate]
fn arrays_of_them(p: &[V<f64>], k: f64) -> f64 {
    let d = p[0] - p[1];
    let mut q = [d, p[1]];
    q[1] += d * k;
    q[0] = q[1] * 2.0;
    q[0] * q[1]
}

#[test]
fn of_a_struct() {
    let (a, b) = (V { x: 0.5, y: 1.5 }, V { x: -0.3, y: 0.7 });
    assert_gradient!(vectors(a, &b, 1.2));
    assert_gradient!(generic(a, 1.2));
    assert_gradient!(compound(a, 1.2));
    assert_gradient!(arrays_of_them(&[a, b][..], 1.2));
}

#[derive(Clone, Debug, Differentiable)]
struct Polynomial {
    c: Vec<f64>,
    scale: f64,
}

#[differentiate]
impl Index<usize> for Polynomial {
    type Output = f64;

    fn index(&self, i: usize) -> &f64 {
        &self.c[i]
    }
}

#[differentiate]
fn indexed(p: &Polynomial, x: f64) -> f64 {
    p[0] + p[1] * x + p[2] * x * x * p.scale
}

#[test]
fn index() {
    let p = Polynomial {
        c: vec![0.5, 1.5, 2.5],
        scale: 0.3,
    };
    assert_gradient!(indexed(&p, 0.7));
    let mut d = p.zero_cotangent();
    assert_eq!(*p.index_vjp(1, 2.0, &mut d), 1.5);
    assert_eq!(d.c, [0.0, 2.0, 0.0]);
}

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Complex {
    re: f64,
    im: f64,
}

#[differentiate]
impl Mul for Complex {
    type Output = Complex;

    fn mul(self, o: Complex) -> Complex {
        Complex {
            re: self.re * o.re - self.im * o.im,
            im: self.re * o.im + self.im * o.re,
        }
    }
}

#[differentiate]
impl<'a> Mul<&'a Complex> for &Complex {
    type Output = Complex;

    fn mul(self, o: &'a Complex) -> Complex {
        *self * *o
    }
}

#[differentiate]
fn references(a: &Complex, b: &Complex) -> f64 {
    let c = a * b;
    let d = &c * a;
    let e = d * *b;
    e.re * e.im
}

#[test]
fn on_references() {
    assert_gradient!(references(
        &Complex { re: 0.5, im: 1.5 },
        &Complex { re: -0.3, im: 0.7 }
    ));
}

/// Fields are of unknown kind: literals of open width, casts, table methods.
#[derive(Clone, Copy, Debug, Differentiable)]
struct Fields {
    a: f32,
    b: f32,
    n: usize,
}

#[differentiate]
fn unknown_kinds(f: &Fields, x: f32) -> f32 {
    let s = 2.0 * f.a - f.b / 3.0;
    let t = (f.a * f.b).sin() + f.a.powi(2) * f.b.abs().sqrt();
    let u = f.n as f32 * s + (f.n + 2) as f32;
    let v = -f.a;
    let w = f.a.max(f.b).min(0.4 + x).hypot(2.0);
    (s + t) * u * x + v * w + f.b.mul_add(x, f.a) + x.powf(f.b) + f.a.clamp(0.0, 9.0) + 1.0 / f.b
}

#[derive(Clone, Copy, Debug, Differentiable)]
struct Casts {
    a: f64,
}

#[differentiate]
fn casts(c: &Casts) -> f32 {
    (c.a * 2.0) as f32 + c.a as f32
}

#[test]
fn fields() {
    assert_gradient!(unknown_kinds(
        &Fields {
            a: 0.5,
            b: 1.5,
            n: 3
        },
        0.7
    ));
    assert_eq!(casts_grad(&Casts { a: 1.5 }).a, 3.0);
}

/// Has operators on references alone, and is not `Copy`.
#[derive(Clone, Debug, Differentiable)]
struct Row {
    a: Vec<f64>,
}

#[differentiate]
impl Mul<&Row> for &Row {
    type Output = Row;

    fn mul(self, o: &Row) -> Row {
        let mut a = self.a.clone();
        for i in 0..a.len() {
            a[i] *= o.a[i];
        }
        Row { a }
    }
}

#[differentiate]
impl Neg for &Row {
    type Output = Row;

    fn neg(self) -> Row {
        let mut a = self.a.clone();
        for x in a.iter_mut() {
            *x = -*x;
        }
        Row { a }
    }
}

#[differentiate]
impl AddAssign<&Row> for Row {
    fn add_assign(&mut self, o: &Row) {
        for i in 0..self.a.len() {
            self.a[i] += o.a[i];
        }
    }
}

#[differentiate]
impl Row {
    fn sum(&self) -> f64 {
        self.a.iter().sum()
    }
}

#[differentiate]
fn by_reference(x: &Row, y: &Row, n: usize) -> f64 {
    let mut sum = x * y;
    for _ in 0..n {
        sum += &(&sum * x);
        sum += y;
    }
    let squared = &sum * &sum;
    if squared.sum() > 1.0 {
        sum += &-&squared;
    }
    let last = -(&sum);
    (&last * &last).sum() + squared.sum()
}

#[test]
fn on_references_alone() {
    let (x, y) = (
        Row {
            a: vec![0.5, -1.5, 2.0],
        },
        Row {
            a: vec![-0.3, 0.7, 0.1],
        },
    );
    for n in 0..3 {
        assert_gradient!(by_reference(&x, &y, n));
    }
}
