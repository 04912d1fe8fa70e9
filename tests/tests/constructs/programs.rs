//! Constructs together: generic operators, recursion, closures, labels, traits with constants.

use core::ops::*;
use tapeless::check::assert_gradient;
use tapeless::{differentiate, Differentiable, Inactive, Real};
#[derive(Clone, Copy, Debug, Differentiable)]
struct C<T> {
    re: T,
    im: T,
}
#[differentiate]
impl<T: Real> Mul for C<T> {
    type Output = Self;
    fn mul(self, o: Self) -> Self {
        C {
            re: self.re * o.re - self.im * o.im,
            im: self.re * o.im + self.im * o.re,
        }
    }
}
#[differentiate]
impl<T: Real> Add for C<T> {
    type Output = Self;
    fn add(self, o: Self) -> Self {
        C {
            re: self.re + o.re,
            im: self.im + o.im,
        }
    }
}
#[differentiate]
impl<T: Real> C<T> {
    fn abs2(self) -> T {
        self.re * self.re + self.im * self.im
    }
    fn new(re: T, im: T) -> Self {
        Self { re, im }
    }
}
#[differentiate]
fn mandel<T: Real>(c: C<T>, n: usize) -> T {
    let mut z = C {
        re: T::zero(),
        im: T::zero(),
    };
    for _ in 0..n {
        z = z * z + c;
        if z.abs2() > T::from(100.0).unwrap() {
            break;
        }
    }
    z.abs2()
}
#[differentiate]
fn poly(c: &[C<f64>], x: C<f64>) -> f64 {
    let mut acc = c[c.len() - 1];
    for i in (0..c.len() - 1).rev() {
        acc = acc * x + c[i];
    }
    acc.abs2()
}
#[derive(Clone, Debug, Differentiable)]
struct Tree {
    value: f64,
    children: Vec<Tree>,
}
#[differentiate]
impl Tree {
    fn total(&self, k: f64) -> f64 {
        let mut t = self.value * k;
        for i in 0..self.children.len() {
            t += self.children[i].total(k * 0.5) * self.value;
        }
        t
    }
}
#[differentiate]
fn closures(x: f64, y: f64) -> f64 {
    let f = |a: f64| a * x + y;
    let g = |a: f64, b: f64| f(a) * b;
    g(x, f(y)) + f(2.0)
}
#[differentiate]
fn det(a: &[f64], n: usize) -> f64 {
    if n == 1 {
        return a[0];
    }
    if n == 2 {
        return a[0] * a[3] - a[1] * a[2];
    }
    let mut t = 0.0;
    for j in 0..n {
        let mut m = Vec::with_capacity((n - 1) * (n - 1));
        for r in 1..n {
            for c in 0..n {
                if c != j {
                    m.push(a[r * n + c]);
                }
            }
        }
        let s = if j % 2 == 0 { 1.0 } else { -1.0 };
        t += s * a[j] * det(&m, n - 1);
    }
    t
}
#[differentiate]
trait Prior {
    const K: f64;
    fn log_p(&self, x: &[f64]) -> f64;
    fn twice(&self, x: &[f64]) -> f64 {
        2.0 * self.log_p(x) * Self::K
    }
}
#[derive(Clone, Debug, Differentiable)]
struct Gauss {
    mu: f64,
    sigma: f64,
}
#[differentiate(in_trait)]
impl Prior for Gauss {
    const K: f64 = 0.5;
    fn log_p(&self, x: &[f64]) -> f64 {
        let mut s = 0.0;
        for v in x {
            let z = (v - self.mu) / self.sigma;
            s -= 0.5 * z * z + self.sigma.ln();
        }
        s
    }
}
#[differentiate]
fn posterior<P: Prior, const N: usize>(p: &P, x: &[f64; N], w: f64) -> f64 {
    p.twice(x) * w + p.log_p(&x[1..])
}
#[differentiate]
fn aliases(s: &mut [f64], k: f64) -> f64 {
    let (a, b) = s.split_at_mut(2);
    a[0] *= b[0];
    b[1] += a[1] * k;
    let r = &mut a[1];
    *r = *r * k + b[0];
    a[0] * a[1] * b[1]
}
#[differentiate]
fn shadow_loop(x: &[f64]) -> f64 {
    let x = x;
    let mut acc = 1.0;
    for x in x {
        let acc2 = acc * x;
        acc = acc2.sin() + x;
    }
    acc
}
#[differentiate]
fn labels(x: f64, n: usize) -> f64 {
    let mut s = x;
    'outer: for i in 0..n {
        for j in 0..n {
            if j > i {
                continue 'outer;
            }
            s = s * 0.9 + x / (1 + j) as f64;
            if s > 50.0 {
                break 'outer;
            }
        }
        s += 1.0;
    }
    s
}
#[differentiate]
fn w(x: f64) -> f64 {
    let mut y = x;
    let mut n = 0;
    while y < 10.0 {
        y = y * y + 1.0;
        n += 1;
    }
    let z = loop {
        n += 1;
        y *= 0.9;
        if y < 5.0 {
            break y * x;
        }
    };
    z * n as f64
}
#[test]
fn gradients_agree_with_differences() {
    assert_gradient!(mandel(C { re: 0.3, im: 0.2 }, 6));
    assert_gradient!(mandel(C { re: 1.3, im: 1.2 }, 6));
    assert_gradient!(poly(
        &[C::new(1.0, 0.2), C::new(0.5, 0.3), C::new(-0.2, 0.1)][..],
        C { re: 0.3, im: 0.2 }
    ));
    let leaf = |v| Tree {
        value: v,
        children: vec![],
    };
    assert_gradient!((Tree {
        value: 1.5,
        children: vec![
            leaf(2.0),
            Tree {
                value: 0.5,
                children: vec![leaf(3.0)]
            }
        ]
    })
    .total(0.7));
    assert_gradient!(closures(0.5, 0.7));
    assert_gradient!(det(&[1.0, 2.0, 3.0, 4.0, 5.5, 6.0, 7.0, 8.0, 10.0][..], 3));
    assert_gradient!(posterior(
        &Gauss {
            mu: 0.1,
            sigma: 0.7
        },
        &[0.3, 0.4, 0.5],
        0.2
    ));
    assert_gradient!(aliases(&mut [0.3, 0.4, 0.5, 0.6][..], 0.2));
    assert_gradient!(shadow_loop(&[0.3, 0.4, 0.5, 0.6][..]));
    assert_gradient!(labels(0.5, 5));
    assert_gradient!(w(1.2));
    let mut d = 0.0;
    posterior_vjp(
        &Gauss {
            mu: 0.1,
            sigma: 0.7,
        },
        &[0.3, 0.4, 0.5],
        0.2,
        1.0,
        Inactive,
        Inactive,
        &mut d,
    );
}
