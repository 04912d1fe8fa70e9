//! Calls that stand where a value could, texts and records that are handed over, failures that leave loops.

#![allow(clippy::all, for_loops_over_fallibles)] // The forms matter here.

use tapeless::{assert_gradient, differentiate, Differentiable};

#[differentiate]
fn bend(v: &mut [f64], x: f64) {
    for q in v.iter_mut() {
        *q = q.sin() * x;
    }
}
#[differentiate]
fn either(v: &mut [f64], x: f64) {
    if x > 0.0 {
        bend(v, x)
    } else {
        bend(v, 0.5 - x)
    }
}
#[differentiate]
fn repeated(v: &mut [f64], x: f64) {
    for i in 0..3 {
        either(v, x + i as f64 * 0.1)
    }
}
#[differentiate]
fn by_length(v: &mut [f64], x: f64) {
    match v.len() {
        0 => {}
        1 => bend(v, x),
        2 | 3 => {
            either(v, x);
            bend(v, x)
        }
        _ => return repeated(v, x),
    }
}
#[differentiate]
fn ends_in_calls(a: &[f64], x: f64) -> f64 {
    let mut v = a.to_vec();
    {
        by_length(&mut v, x)
    }
    v.iter()
        .enumerate()
        .map(|(i, q)| q * (i as f64 + 1.0))
        .sum()
}

#[differentiate]
mod seen {
    pub fn product(r: &[[f64; 2]; 2], out: &mut [[f64; 2]; 2]) {
        for i in 0..2 {
            for j in 0..2 {
                out[i][j] *= r[i][j];
            }
        }
    }
    pub fn through(a: &[[f64; 2]; 2], out: &mut [[f64; 2]; 2]) {
        let m = &mut [[0.0; 2]; 2];
        for i in 0..2 {
            for j in 0..2 {
                m[i][j] = a[i][j] * a[j][i];
            }
        }
        product(m, out)
    }
    pub fn total(a: &[[f64; 2]; 2], x: f64) -> f64 {
        let mut out = [[x, 1.0], [x * x, 2.0]];
        through(a, &mut out);
        out[0][0] + out[0][1] * out[1][0] + out[1][1]
    }
}

const P: [f64; 5] = [0.1, 0.2, 0.3, 0.4, 0.5];
const Q: [f64; 3] = [0.6, -0.2, 0.3];
static R: [[f64; 2]; 2] = [[0.3, 0.1], [0.2, -0.4]];

#[differentiate]
fn table_of_slices(a: &[f64], x: f64) -> f64 {
    let t: [&[f64]; 4] = [&P, &Q, &R[1], &P[1..2]];
    let u = [&P[..2], &Q[1..]];
    let mut s = x;
    for i in 0..a.len() {
        for j in 0..t[i % 4].len() {
            s = s * 0.9 + t[i % 4][j] * a[i] * (t[i % 4][j] * x).cos();
        }
        s += u[i % 2][1] * x;
    }
    s
}

#[differentiate]
fn named(s: String, x: f64) -> f64 {
    if s == "a" {
        x * x
    } else {
        x.sin()
    }
}
#[differentiate]
fn by_name(s: &str, x: f64) -> f64 {
    named(s.to_string(), x) * named(String::from("a"), x) + named(format!("{s}b"), x)
}
#[differentiate]
fn named_in_a_loop(s: String, a: &[f64], x: f64) -> f64 {
    let mut t = x;
    for v in a {
        t = 0.5 * t + v * named(s.clone(), t);
        t += 0.1 * named("a".to_owned(), x);
        t -= by_name(&s, x) * 0.1;
    }
    named(s, t)
}
#[differentiate]
fn named_twice(a: &[f64], x: f64) -> f64 {
    named_in_a_loop("a".to_string(), a, x) + named_in_a_loop("b".to_string(), a, x * x)
}
#[differentiate]
fn first_letter(s: &str, x: f64) -> f64 {
    let c = s.chars().next().unwrap_or('a');
    if c == 'a' {
        x * x
    } else {
        x
    }
}

#[differentiate]
fn safe(p: f64, q: f64) -> Result<f64, String> {
    if q < -0.85 {
        Err("low".to_string())
    } else {
        Ok(p / (q + 1.5))
    }
}
#[differentiate]
fn failing_in_a_loop(a: &[f64], x: f64) -> Result<f64, String> {
    let mut t = x;
    for i in 0..a.len() {
        if a[i] > 1.2 {
            continue;
        }
        let q = if a[i] > 0.0 { safe(t, a[i])? } else { 0.3 };
        t = 0.3 * t + safe(a[i], t)? * q;
    }
    Ok(t * t)
}
#[differentiate]
fn failed_or_not(a: &[f64], x: f64) -> f64 {
    match failing_in_a_loop(a, x) {
        Ok(v) => v,
        Err(_) => failing_in_a_loop(&a[..1], x).unwrap_or(x * x),
    }
}

#[derive(Differentiable, Clone)]
struct Node {
    v: f64,
    w: [f64; 2],
    o: Option<(f64, f64)>,
}
#[differentiate]
fn exchanged(a: &mut f64, b: &mut f64, x: f64) {
    let t = *a * x;
    *a = *b * *b;
    *b = t;
}
#[differentiate]
fn fields_of_elements(a: &[f64], x: f64) -> f64 {
    let mut ns: Vec<Node> = Vec::new();
    for i in 0..a.len() {
        ns.push(Node {
            v: a[i] * x,
            w: [x, a[i]],
            o: Some((a[i], x)),
        });
    }
    for i in 1..ns.len() {
        let p = ns[i - 1].v;
        ns[i].v += 0.5 * p * ns[i].w[0];
        ns[i].w[1] *= p;
    }
    for n in ns.iter_mut() {
        exchanged(&mut n.v, &mut n.w[1], x);
        if let Some((p, q)) = &mut n.o {
            *p *= *q;
            exchanged(p, q, x);
        }
    }
    let tail = |n: &Node| n.v * n.w[1];
    let mut s = 0.0;
    for n in &ns {
        s += tail(n);
        if let Some((p, q)) = &n.o {
            s += p * q;
        }
    }
    s
}

#[differentiate]
fn spent(p: Node, x: f64) -> f64 {
    p.w[0] * x + p.v * p.w[1]
}
#[differentiate]
fn read_and_spent(a: &[f64], x: f64) -> f64 {
    let mut t = x;
    for v in a {
        let n = Node {
            v: t * v,
            w: [x, t],
            o: None,
        };
        let z = n.v;
        t = 0.5 * spent(n, z).sin();
    }
    let n = Node {
        v: t * x,
        w: [x, t],
        o: None,
    };
    let z = n.v;
    spent(n, z)
}

#[differentiate]
fn taken_and_filled(a: &[f64], x: f64) -> f64 {
    let mut v = a.to_vec();
    let mut t = 0.0;
    for k in 0..3 {
        let w = std::mem::take(&mut v);
        for i in 0..w.len() {
            if i != k {
                v.push(w[i] * x);
            }
        }
        t += w.iter().map(|p| p * p).sum::<f64>();
    }
    let w = std::mem::take(&mut v);
    v = w.iter().map(|p| p * x).collect();
    v.extend_from_slice(&w);
    let s: f64 = v.iter().sum();
    v = Vec::new();
    v.push(x);
    v.push(t);
    v[0] * v[1] + s
}

#[differentiate]
fn pivoted(a: &[f64], x: f64) -> f64 {
    let n = a.len();
    let mut p: Vec<usize> = (0..n).collect();
    let mut m = vec![0.0; n * n];
    for i in 0..n {
        for j in 0..n {
            m[i * n + j] = a[i] * a[j] + if i == j { x + 2.0 } else { 0.0 };
        }
    }
    for k in 0..n {
        let mut best = k;
        for i in k + 1..n {
            if m[p[i] * n + k].abs() > m[p[best] * n + k].abs() {
                best = i;
            }
        }
        p.swap(k, best);
        p[k] += 0;
        for i in k + 1..n {
            let r = m[p[i] * n + k] / m[p[k] * n + k];
            for j in k + 1..n {
                m[p[i] * n + j] -= r * m[p[k] * n + j];
            }
        }
    }
    (0..n).map(|k| m[p[k] * n + k]).product()
}

#[differentiate]
fn wide_steps(a: &[f64], x: f64) -> f64 {
    let n = a.len() as i64;
    let mut s = 0.0;
    for i in (1..=9i64).rev().step_by(2) {
        s = s * x + i as f64 * x.sin();
    }
    for i in (-3..n).step_by(3) {
        if i >= 0 {
            s = s * 0.5 + a[i as usize] * s;
        }
    }
    for i in (0..n as u64).rev().step_by(5) {
        s = s * 0.5 + a[i as usize] * x * s;
    }
    let m: i64 = 7;
    for i in (-2..=m).step_by(2) {
        s += (s * x).sin() * i as f64 * 0.1;
    }
    s
}

#[test]
fn what_is_handed_on_comes_back() {
    let few: [&[f64]; 4] = [&[], &[0.7], &[0.7, -0.4], &[0.3, 0.9, -0.8]];
    let many: [&[f64]; 2] = [&[0.7, -0.4, 1.3, 0.6, -0.9], &[-0.2, 0.9, 0.8, -1.1]];
    for a in few.into_iter().chain(many) {
        for x in [0.6, -0.3] {
            assert_gradient!(ends_in_calls(a, x));
            assert_gradient!(table_of_slices(a, x));
            assert_gradient!(named_twice(a, x));
            assert_gradient!(fields_of_elements(a, x));
            assert_gradient!(read_and_spent(a, x));
            assert_gradient!(taken_and_filled(a, x));
            assert_gradient!(pivoted(a, x));
            assert_gradient!(wide_steps(a, x));
        }
    }
    for a in many {
        assert_gradient!(failed_or_not(a, 0.6));
        assert_gradient!(failed_or_not(a, -0.3));
    }
    assert_gradient!(seen::total(&[[0.3, 0.7], [-0.4, 1.2]], 0.8));
    assert_gradient!(first_letter("abc", 0.8));
    assert_gradient!(first_letter("", -0.8));
    assert_gradient!(first_letter("b", 0.8));
}

#[differentiate]
mod options {
    pub fn gone_over(x: f64) -> f64 {
        let doubled = Some(x * 2.0);
        let mut s = x;
        for y in &doubled {
            s *= y + x;
        }
        for y in doubled {
            s += (y * s).sin();
        }
        s
    }
}

#[test]
fn options_are_gone_over() {
    for x in [0.6, -0.7] {
        assert_gradient!(options::gone_over(x));
    }
}
