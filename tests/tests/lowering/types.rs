//! Structs, enums, aliases, generics, constants.
use tapeless::{assert_gradient, differentiate, Differentiable};

#[differentiate]
fn scan(x: &mut [f64]) -> f64 {
    let n = x.len();
    for i in 1..n {
        x[i] += x[i - 1] * 0.5;
    }
    let mut s = 0.0;
    for v in x.iter_mut() {
        *v = v.sin();
        s += *v;
    }
    s
}

#[derive(Clone, Differentiable)]
struct Poly {
    a: Vec<f64>,
}

#[differentiate]
impl Poly {
    fn at(&self, x: f64) -> f64 {
        self.a.iter().rev().fold(0.0, |acc, c| acc * x + c)
    }
}

#[differentiate]
fn in_out(x: &mut f64, y: f64) {
    *x = *x * y;
    if *x > 1.0 {
        *x -= 1.0;
        return;
    }
    *x += 3.0;
}

#[differentiate]
fn tuples(x: f64) -> (f64, [f64; 2]) {
    let t = (x, [x, 1.0]);
    (t.0 * 2.0, t.1)
}

type F = f64;

#[differentiate]
fn alias(x: F, y: F) -> F {
    x * y + x.sin()
}

#[differentiate]
fn casts(x: f32) -> f64 {
    let y = x as f64;
    f64::from(x) * y + (x as i32) as f64
}

#[differentiate]
fn constants(a: f64) -> f64 {
    let x = tapeless::constant(a * 2.0);
    x * a
}

const GRAVITY: f64 = 9.81;

#[differentiate]
fn consts(x: f64) -> f64 {
    const G: f64 = 9.81;
    fn sq(v: f64) -> f64 {
        v * v
    }
    G * x + sq(2.0) + std::f64::consts::PI * GRAVITY * x
}

#[differentiate]
fn parts(a: &mut [f64]) {
    let (lo, hi) = a.split_at_mut(2);
    for i in 0..2 {
        lo[i] *= hi[i];
    }
    lo.copy_from_slice(hi);
    hi.fill(0.0);
}

#[differentiate]
fn matvec(m: &[[f64; 3]; 3], v: [f64; 3]) -> [f64; 3] {
    let mut out = [0.0; 3];
    for i in 0..3 {
        for j in 0..3 {
            out[i] += m[i][j] * v[j];
        }
    }
    out
}

#[derive(Clone, Copy, Differentiable)]
struct Spring {
    k: f64,
    rest: f64,
    links: usize,
}

#[differentiate]
impl Spring {
    fn energy(&self, x: f64) -> f64 {
        let s = x - self.rest;
        0.5 * self.k * s * s * self.links as f64
    }
    fn soft(&self, x: f64) -> f64 {
        if x < self.rest {
            return 0.0;
        }
        let e = self.energy(x);
        (e * self.k).sqrt().max(self.k)
    }
}

#[derive(Clone, Differentiable)]
enum Shape {
    Circle { r: f64 },
    Rect(f64, f64),
    Nothing,
}

#[differentiate]
fn area(s: &Shape, k: f64) -> f64 {
    match s {
        Shape::Circle { r } => std::f64::consts::PI * r * r * k,
        Shape::Rect(w, h) if *w > 1.0 => w * h,
        Shape::Rect(w, h) => 2.0 * w * h * k,
        Shape::Nothing => k,
    }
}

#[differentiate]
impl Shape {
    fn scaled(x: f64, b: bool) -> Self {
        if b {
            Self::Circle { r: x * 2.0 }
        } else {
            Self::Rect(x, x * x)
        }
    }
    fn first(&self) -> f64 {
        match self {
            Self::Circle { r } => *r,
            Self::Rect(a, b) => a * b,
            _ => 1.0,
        }
    }
}

#[differentiate]
fn made(x: f64, b: bool) -> f64 {
    let s = Shape::scaled(x, b);
    let t = if x > 5.0 {
        Shape::Nothing
    } else {
        Shape::Rect(x, 3.0)
    };
    s.first() * area(&t, x)
}

fn half(x: f64) -> Result<f64, String> {
    if x > 0.0 {
        Ok(x / 2.0)
    } else {
        Err("neg".into())
    }
}

fn half_vjp(x: f64, d: Option<f64>, mut s: impl tapeless::Slot<f64>) -> Result<f64, String> {
    if let (Some(d), Some(s)) = (d, s.get()) {
        *s += d / 2.0;
    }
    half(x)
}

#[differentiate]
fn unwraps(x: f64) -> f64 {
    let a = half(x).unwrap();
    let b: f64 = half(a * x).unwrap_or(x);
    a * b
}

#[test]
fn types_agree() {
    assert_gradient!(alias(0.7, 0.2));
    assert_gradient!(consts(0.3));
    assert_eq!(constants_grad(3.0), 6.0);
    assert_gradient!(unwraps(0.7));
    let poly = Poly {
        a: vec![0.1, 0.2, 0.3],
    };
    assert_gradient!(poly.at(0.3));
    let spring = Spring {
        k: 2.0,
        rest: 0.5,
        links: 3,
    };
    assert_gradient!(spring.energy(0.9));
    assert_gradient!(spring.soft(0.9));
}

#[test]
fn variants_agree() {
    assert_gradient!(made(0.7, true));
    assert_gradient!(made(0.7, false));
    let (d_shape, d_k) = area_grad(&Shape::Rect(0.5, 3.0), 2.0);
    assert!(matches!(d_shape, ShapeCotangent::Rect(12.0, 2.0)));
    assert_eq!(d_k, 3.0);
}
