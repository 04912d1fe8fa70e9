//! Whole functions through all stages, against finite differences.
#![allow(dead_code, clippy::all)]
use tapeless::{assert_gradient, differentiate, Differentiable, Real};

#[differentiate]
fn branches(x: f64, h: [f64; 2]) -> f64 {
    let z = h[0] * x + h[1];
    let mut s = 1.0;
    if z > 0.0 && x.abs() < 3.0 {
        s = x;
    } else {
        s *= 0.9;
    }
    let late;
    let w = if x > 1.0 {
        late = 2.0;
        [x, x]
    } else {
        late = s;
        [s, x]
    };
    if s > 10.0 {
        return w[0];
    }
    match (z > 1.0, s) {
        (true, _) => late * z,
        (false, v) if v > 2.0 => {
            let u = v * v;
            u * x
        }
        _ => w[1] * s,
    }
}

#[test]
fn branches_agree() {
    for x in [-1.0, 0.5, 1.5, 2.5, 5.0] {
        assert_gradient!(branches(x, [0.3, 0.4]));
        assert_gradient!(branches(x, [-0.3, 0.4]));
    }
}

#[differentiate]
fn newton(a: f64) -> f64 {
    let mut x = a;
    let mut n = 0;
    while (x * x - a).abs() > 1e-12 {
        if n > 50 {
            return f64::NAN;
        }
        x = 0.5 * (x + a / x);
        n += 1;
        if x > 1e9 {
            break;
        }
    }
    x
}

#[test]
fn newton_agrees() {
    assert_gradient!(newton(2.0));
    assert_gradient!(newton(7.0));
}

#[differentiate(wrt(w))]
fn nll(w: &[f64], x: &[f64], k: usize, d: usize) -> f64 {
    let mut total = 0.0;
    for p in x.chunks_exact(d) {
        let mut score = vec![0.0; k];
        for j in 0..k {
            let mut s = 0.0;
            for i in 0..d {
                s += (p[i] - w[j * d + i]) * (p[i] - w[j * d + i]);
            }
            score[j] = -0.5 * s;
        }
        let top = score.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let mut z = 0.0;
        for &v in &score {
            z += (v - top).exp();
        }
        total += top + z.ln();
    }
    total
}

#[test]
fn nll_agrees() {
    assert_gradient!(nll(
        &[0.1, 0.2, 0.9, 1.1],
        &[0.3, -0.4, 1.0, 0.8, 2.0, 0.1],
        2,
        2
    ));
}

#[differentiate]
fn chains(x: &[f64], y: &[f64], n: usize) -> f64 {
    let dot: f64 = x.iter().zip(y).map(|(a, b)| a * b).sum();
    let m = x
        .iter()
        .rev()
        .enumerate()
        .skip(1)
        .filter(|(i, v)| **v > 0.0 && *i < n)
        .map(|(_, v)| v * dot)
        .fold(0.0, |acc, v| acc + v);
    let v: Vec<f64> = x.windows(2).map(|w| w[1] - w[0] * w[1]).collect();
    let big = v.iter().max_by(|a, b| a.partial_cmp(b).unwrap()).unwrap();
    let (s, q) = v.iter().fold((0.0, 1.0), |(s, q), &e| (s + e, q * e));
    let f = |a: f64| {
        let b = a * dot;
        b.sin()
    };
    let c = f(m) + f(*big);
    let mut count = 0;
    let mut bump = |k: usize| {
        count += k;
    };
    bump(2);
    bump(3);
    let last = x.last().unwrap_or(&0.0);
    let g = |a: f64| -> Option<f64> {
        if a < 0.0 {
            return None;
        }
        Some(a.sqrt())
    };
    let r = match g(c) {
        Some(v) => v,
        None => 0.0,
    };
    let arr: [f64; 3] = [last * 0.5; 3];
    let rr: f64 = arr.iter().map(|a| a.powi(2)).product::<f64>().sqrt();
    c + s + q + last + r + rr + count as f64
}

#[test]
fn chains_agree() {
    assert_gradient!(chains(&[0.3, 0.7, 1.2, 0.9], &[0.1, 0.2, 0.3, 0.4], 3));
}

#[differentiate]
fn tries(x: f64, o: Option<f64>) -> Option<f64> {
    let y = o?;
    let mut t = x;
    if let Some(p) = o {
        if p < 0.0 {
            return None;
        }
        t = p * y;
    } else {
        t += 1.0;
    }
    if t > 2.0 {
        return Some(t * x);
    }
    Some(t + x)
}

#[test]
fn tries_agree() {
    let (dx, dy) = tries_grad(3.0, Some(2.0)).unwrap();
    assert_eq!(dx, 4.0);
    assert_eq!(dy, Some(12.0));
    assert!(tries_grad(3.0, None).is_none());
}

#[differentiate]
fn polynomial(c: &[f64], x: f64) -> f64 {
    let mut v = Vec::new();
    for (i, a) in c.iter().enumerate() {
        v.push(a * x.powi(i as i32));
    }
    let mut total = 0.0;
    while let Some(t) = v.pop() {
        total += t * t;
    }
    let mut b = c.to_vec();
    b.swap(0, 1);
    b[0] *= x;
    let (lo, hi) = b.split_at(1);
    total + lo[0] * hi[0]
}

#[test]
fn polynomial_agrees() {
    assert_gradient!(polynomial(&[0.5, -1.0, 2.0], 1.3));
}

#[differentiate]
fn copies(x: &[f64; 3]) -> f64 {
    let mut a = *x;
    let (p, q) = (a, *x);
    a[0] = 3.0;
    let b = a.clone();
    p[0] * q[1] * b[2]
}

#[differentiate]
fn clones(x: &Vec<f64>) -> f64 {
    let mut a = x.clone();
    a[0] *= 2.0;
    let s = &a[1..];
    s[0] * a[0]
}
#[derive(Clone, Copy, Differentiable)]
struct Point {
    x: f64,
    y: f64,
}

#[differentiate]
fn points(x: f64) -> f64 {
    let mut p = Point { x, y: 1.0 };
    let q = p;
    p.x = 3.0 * p.y;
    (p.x, p.y) = (p.y, p.x);
    p.x * q.x + p.y
}

#[differentiate]
fn ifs(x: f64, n: usize) -> f64 {
    let y = if n > 3 {
        let z = x * x;
        z + 1.0
    } else if n > 2 {
        x
    } else {
        0.0
    };
    y.max(0.0).min(1.0).clamp(0.0, 2.0)
}

#[differentiate]
fn skips(x: &[f64]) -> f64 {
    let mut it = 0;
    let mut s = 0.0;
    loop {
        if it >= x.len() {
            break;
        }
        let v = x[it];
        it += 1;
        if v < 0.0 {
            continue;
        }
        s += v * v;
    }
    s
}

#[differentiate]
fn rows(x: &[[f64; 2]]) -> f64 {
    let mut s = 0.0;
    for [a, b] in x {
        s += a * b;
    }
    for row in x.iter() {
        for v in row {
            s += v;
        }
    }
    for (i, &[a, _]) in x.iter().enumerate() {
        s += a * i as f64;
    }
    s
}

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

#[differentiate]
fn collected(x: f64) -> f64 {
    let v: Vec<f64> = (0..10).map(|i| x * i as f64).collect();
    let m = v.iter().cloned().fold(f64::INFINITY, f64::min);
    m + v.iter().map(|a| (a - m).powi(2)).sum::<f64>() / v.len() as f64
}

#[differentiate]
fn closures(x: f64, y: f64) -> f64 {
    let f = |a: f64, b: f64| a * b + x;
    let g = |a| f(a, y);
    g(x) + [x, y].iter().map(|v| g(*v)).sum::<f64>()
}

#[differentiate]
fn kinds(x: f64, k: i32) -> f64 {
    match k {
        0 => x,
        1 | 2 => x.sin(),
        3..=9 => {
            let y = x * x;
            y
        }
        n if n % 2 == 0 => x.powi(n),
        _ => 0.0,
    }
}

#[differentiate]
fn sigmoid(w: &[f64], b: f64, x: &[f64]) -> f64 {
    let z = w.iter().zip(x.iter()).map(|(w, x)| w * x).sum::<f64>() + b;
    1.0 / (1.0 + (-z).exp())
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
fn swaps(x: f64) -> f64 {
    let mut a = [[0.0; 3]; 3];
    for i in 0..3 {
        a[i][i] = x;
    }
    a.swap(0, 1);
    let t = a[0];
    let row = &a[1];
    t[1] * row[0]
}

#[differentiate]
fn reborrow(x: f64) -> f64 {
    let mut x = x;
    let y = &mut x;
    *y *= 2.0;
    *y += 1.0;
    x * x
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
fn halves(a: f64) -> f64 {
    let mut n = 0u32;
    let mut x = a;
    while x > 1.0 {
        x /= 2.0;
        n += 1;
    }
    x * f64::from(n)
}

#[differentiate]
fn best(a: f64, xs: &[f64]) -> f64 {
    let best = xs
        .iter()
        .enumerate()
        .min_by(|(_, p), (_, q)| p.total_cmp(q));
    match best {
        Some((i, v)) => v * a * (i + 1) as f64,
        None => a,
    }
}

#[differentiate]
fn constants(a: f64) -> f64 {
    let x = tapeless::constant(a * 2.0);
    x * a
}

#[differentiate]
fn slices(xs: &[f64]) -> f64 {
    match xs {
        [] => 0.0,
        [a] => *a,
        [a, .., b] => a * b,
    }
}

#[differentiate]
fn variance<T: Real>(x: &[T]) -> T {
    let n = T::from(x.len()).unwrap();
    let mean = x.iter().copied().sum::<T>() / n;
    let var = x.iter().map(|&v| (v - mean) * (v - mean)).sum::<T>() / n;
    var.sqrt()
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
fn adds(x: f64) -> f64 {
    let mut acc = 0.0;
    let mut add = |v: f64| acc += v * x;
    add(1.0);
    add(x);
    acc
}

#[differentiate]
fn chained(a: &[f64], b: &[f64]) -> f64 {
    a.iter().chain(b.iter()).map(|v| v * v).sum::<f64>()
}

#[differentiate]
fn halved(a: &[f64]) -> f64 {
    let (lo, hi) = a.split_at(a.len() / 2);
    lo.iter()
        .zip(hi)
        .map(|(x, y)| x * y)
        .fold(0.0, |s, v| s + v)
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
fn asserted(x: &[f64], k: usize) -> f64 {
    assert!(k < x.len(), "k = {k}");
    debug_assert_eq!(x.len(), 3);
    let y = x[k];
    if y < 0.0 {
        panic!("negative {}", y)
    }
    y.ln()
}

#[differentiate]
fn random(x: f64, n: u32) -> f64 {
    let mut seed = 12345u64;
    let mut y = x;
    for _ in 0..n {
        seed ^= seed << 13;
        seed = seed.wrapping_mul(6364136223846793005);
        let r = (seed >> 11) as f64 * 1e-16;
        y = (y * r).sin() + x;
    }
    y
}

#[differentiate]
fn fact(x: f64, n: u32) -> f64 {
    if n == 0 {
        1.0
    } else {
        x * fact(x, n - 1)
    }
}

#[differentiate]
fn found(x: &[f64]) -> f64 {
    for i in 0..x.len() {
        if x[i] > 3.0 {
            return x[i] * x[i];
        }
    }
    0.0
}

#[differentiate]
fn maximum(x: &[f64]) -> f64 {
    let mut best = x[0];
    for i in 1..x.len() {
        if x[i] > best {
            best = x[i];
        }
    }
    best
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

#[differentiate]
fn sincos(x: f64) -> f64 {
    let (s, c) = x.sin_cos();
    let mut st = [s, c];
    let [a, b] = &mut st;
    *a += *b;
    st[0] * st[1]
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

#[differentiate]
fn pushes(c: &[f64], x: f64) -> f64 {
    let mut v = Vec::new();
    for (i, a) in c.iter().enumerate() {
        v.push(a * x.powi(i as i32));
    }
    let mut total = 0.0;
    while let Some(t) = v.pop() {
        total += t * t;
    }
    total
}

#[differentiate]
fn labelled(x: f64, n: usize) -> f64 {
    let mut x = x;
    let y = 'outer: loop {
        for i in (0..n).rev() {
            for j in (i..=n).step_by(2) {
                if j > 3 {
                    x *= 1.5;
                    continue 'outer;
                }
                if x > 9.0 {
                    break 'outer x * 2.0;
                }
            }
        }
        x += 1.0;
    };
    x + y
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

#[differentiate]
fn swapped(x: f64, y: f64) -> f64 {
    let mut a = x;
    let mut b = y * x;
    std::mem::swap(&mut a, &mut b);
    let c = std::mem::replace(&mut a, 3.0 * b);
    a * b + c * c
}

#[differentiate]
fn firsts(xs: &[f64]) -> f64 {
    let Some((first, rest)) = xs.split_first() else {
        return 0.0;
    };
    let last = rest.last().copied().unwrap_or(1.0);
    first * rest[0] * last
}

#[differentiate]
fn multi(x: f64, y: f64) -> f64 {
    if x > 0.0 {
        if y > 0.0 {
            return x * y;
        }
    } else if y > 3.0 {
        return y;
    }
    x * x * y
}

#[test]
fn memory_agrees() {
    assert_gradient!(copies(&[0.3, 0.7, 1.1]));
    assert_gradient!(clones(&vec![0.3, 0.7, 1.1]));
    assert_gradient!(points(1.3));
    assert_gradient!(swaps(0.7));
    assert_gradient!(swapped(0.7, 0.3));
    assert_gradient!(reborrow(0.7));
    assert_gradient!(sincos(0.3));
}

#[test]
fn arms_agree() {
    for n in 0..5 {
        assert_gradient!(ifs(0.4, n));
    }
    for k in 0..13 {
        assert_gradient!(kinds(0.7, k));
    }
    for (x, y) in [(0.3, 0.2), (0.3, -0.2), (-0.3, 3.2), (-0.3, 0.2)] {
        assert_gradient!(multi(x, y));
    }
    assert_gradient!(slices(&[0.3, -0.7, 0.2]));
    assert_gradient!(asserted(&[0.3, 0.1, 0.4], 1));
    assert_gradient!(fact(0.3, 4));
}

#[test]
fn loops_agree() {
    assert_gradient!(skips(&[0.3, -0.7, 1.1]));
    assert_eq!(
        rows_grad(&[[0.3, -0.7], [1.1, 2.0]]),
        [[0.30000000000000004, 1.3], [4.0, 2.1]]
    );
    assert_gradient!(halves(7.3));
    assert_gradient!(random(0.3, 6));
    assert_gradient!(found(&[0.3, 4.0, 0.4]));
    assert_gradient!(maximum(&[0.3, 4.0, 0.4]));
    assert_gradient!(pushes(&[0.3, 0.2, 0.1], 0.8));
    assert_gradient!(labelled(0.3, 3));
}

#[test]
fn iterators_agree() {
    assert_gradient!(collected(0.7));
    assert_gradient!(sigmoid(&[0.3, -0.7], 0.1, &[1.0, 0.2]));
    assert_gradient!(best(0.5, &[0.3, -0.7, 0.2]));
    assert_gradient!(variance(&[0.3, -0.7, 0.2]));
    assert_gradient!(chained(&[0.3, 0.1], &[0.2]));
    assert_gradient!(halved(&[0.3, 0.1, 0.4, 0.9]));
    assert_gradient!(firsts(&[0.7, 0.3, 0.1]));
}

#[test]
fn closures_agree() {
    assert_gradient!(closures(0.7, 0.3));
    assert_gradient!(adds(0.3));
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
