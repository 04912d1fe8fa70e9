//! Writes through references of every origin.

#![allow(clippy::all)] // The forms matter here.

use tapeless::{assert_gradient, differentiate};

#[differentiate]
fn twice(v: &mut [f64], k: f64) {
    for a in v.iter_mut() {
        *a *= k * *a;
    }
}
#[differentiate]
fn mixed(v: &mut [f64], w: &[f64], k: f64) -> f64 {
    v[0] *= w[0] * k;
    w[1] * v[0]
}
#[differentiate]
fn in_a_tuple(x: &[f64]) -> f64 {
    let mut v = x.to_vec();
    let (mut a, mut b) = (v[0], v[1]);
    let t = (&mut a, &mut b);
    *t.0 *= *t.1;
    v[0] = a;
    v[1] = b;
    v.iter()
        .enumerate()
        .map(|(i, a)| (i as f64 + 1.0) * a * a)
        .sum()
}
#[differentiate]
fn last_one(x: &[f64]) -> f64 {
    let mut v = x.to_vec();
    if let Some(m) = v.iter_mut().last() {
        *m *= *m;
    }
    v.iter()
        .enumerate()
        .map(|(i, a)| (i as f64 + 1.0) * a * a)
        .sum()
}
#[differentiate]
fn third(x: &[f64]) -> f64 {
    let mut v = x.to_vec();
    if let Some(m) = v.iter_mut().nth(2) {
        *m = m.sin();
    }
    v.iter()
        .enumerate()
        .map(|(i, a)| (i as f64 + 1.0) * a * a)
        .sum()
}
#[differentiate]
fn first_of(x: &[f64]) -> f64 {
    let mut v = x.to_vec();
    *v.first_mut().unwrap() *= 2.0;
    *v.last_mut().unwrap() = 1.0;
    v.iter()
        .enumerate()
        .map(|(i, a)| (i as f64 + 1.0) * a * a)
        .sum()
}
#[differentiate]
fn found(x: &[f64]) -> f64 {
    let mut v = x.to_vec();
    if let Some(m) = v.iter_mut().find(|m| **m > 0.5) {
        *m = m.exp();
    }
    v.iter()
        .enumerate()
        .map(|(i, a)| (i as f64 + 1.0) * a * a)
        .sum()
}
#[differentiate]
fn at(x: &[f64]) -> f64 {
    let mut v = x.to_vec();
    if let Some(m) = v.get_mut(1) {
        *m = m.exp();
    }
    v.iter()
        .enumerate()
        .map(|(i, a)| (i as f64 + 1.0) * a * a)
        .sum()
}
#[differentiate]
fn mapped(x: &[f64]) -> f64 {
    let mut v = x.to_vec();
    v.get_mut(1).map(|m| *m *= *m);
    v.iter()
        .enumerate()
        .map(|(i, a)| (i as f64 + 1.0) * a * a)
        .sum()
}
#[differentiate]
fn filtered(x: &[f64]) -> f64 {
    let mut v = x.to_vec();
    v.iter_mut()
        .filter(|m| **m > 0.0)
        .for_each(|m| *m = m.sqrt());
    v.iter()
        .enumerate()
        .map(|(i, a)| (i as f64 + 1.0) * a * a)
        .sum()
}
#[differentiate]
fn ends(x: &[f64]) -> f64 {
    let mut v = x.to_vec();
    if let [a, .., b] = &mut v[..] {
        *a *= *b;
        *b = 2.0 * *a;
    }
    v.iter()
        .enumerate()
        .map(|(i, a)| (i as f64 + 1.0) * a * a)
        .sum()
}
#[differentiate]
fn swapped(x: &[f64]) -> f64 {
    let mut v = x.to_vec();
    let (a, b) = v.split_at_mut(2);
    std::mem::swap(&mut a[0], &mut b[0]);
    a[1] *= a[0];
    v.iter()
        .enumerate()
        .map(|(i, a)| (i as f64 + 1.0) * a * a)
        .sum()
}
#[differentiate]
fn replaced(x: &[f64]) -> f64 {
    let mut v = x.to_vec();
    let old = std::mem::replace(&mut v[0], 2.0);
    v[1] *= old;
    let t = std::mem::take(&mut v[2]);
    v[0] *= t;
    v.iter()
        .enumerate()
        .map(|(i, a)| (i as f64 + 1.0) * a * a)
        .sum()
}
#[differentiate]
fn halves(x: &[f64]) -> f64 {
    let mut v = x.to_vec();
    let (lo, hi) = v.split_at_mut(2);
    for a in lo.iter_mut().chain(hi) {
        *a *= *a;
    }
    v.iter()
        .enumerate()
        .map(|(i, a)| (i as f64 + 1.0) * a * a)
        .sum()
}
#[differentiate]
fn strided(x: &[f64]) -> f64 {
    let mut v = x.to_vec();
    v.iter_mut().skip(1).step_by(2).for_each(|a| *a *= *a);
    v.iter()
        .enumerate()
        .map(|(i, a)| (i as f64 + 1.0) * a * a)
        .sum()
}
#[differentiate]
fn chunked(x: &[f64]) -> f64 {
    let mut v = x.to_vec();
    v.chunks_mut(2).for_each(|c| c[0] *= c[c.len() - 1]);
    v.iter()
        .enumerate()
        .map(|(i, a)| (i as f64 + 1.0) * a * a)
        .sum()
}
#[differentiate]
fn flattened(x: &[f64]) -> f64 {
    let mut v = x.to_vec();
    v.chunks_mut(2)
        .flat_map(|c| c.iter_mut())
        .for_each(|a| *a *= *a);
    v.iter()
        .enumerate()
        .map(|(i, a)| (i as f64 + 1.0) * a * a)
        .sum()
}
#[differentiate]
fn nested(x: &[f64]) -> f64 {
    let mut v = x.to_vec();
    let mut m = vec![v.clone(), v.clone()];
    for a in m.iter_mut().flatten() {
        *a *= *a;
    }
    v[0] = m[1][2] * m[0][1];
    v.iter()
        .enumerate()
        .map(|(i, a)| (i as f64 + 1.0) * a * a)
        .sum()
}
#[differentiate]
fn nested_flat(x: &[f64]) -> f64 {
    let mut v = x.to_vec();
    let mut m = vec![v.clone(), v.clone()];
    m.iter_mut()
        .flat_map(|r| r.iter_mut())
        .for_each(|a| *a *= *a);
    v[0] = m[1][2] * m[0][1];
    v.iter()
        .enumerate()
        .map(|(i, a)| (i as f64 + 1.0) * a * a)
        .sum()
}
#[differentiate]
fn nested_loops(x: &[f64]) -> f64 {
    let mut v = x.to_vec();
    let mut m = [[v[0], v[1]], [v[2], v[3]]];
    for r in m.iter_mut() {
        for a in r.iter_mut() {
            *a = a.sin();
        }
    }
    v[0] = m[1][0] * m[0][1];
    v.iter()
        .enumerate()
        .map(|(i, a)| (i as f64 + 1.0) * a * a)
        .sum()
}
#[differentiate]
fn optional(x: &[f64]) -> f64 {
    let mut v = x.to_vec();
    let mut o = Some(v[0]);
    if let Some(a) = &mut o {
        *a *= *a;
    }
    if let Some(a) = o.as_mut() {
        *a += 1.0;
    }
    v[1] = o.unwrap();
    v.iter()
        .enumerate()
        .map(|(i, a)| (i as f64 + 1.0) * a * a)
        .sum()
}
#[differentiate]
fn matched(x: &[f64]) -> f64 {
    let mut v = x.to_vec();
    let mut o = Some(v[0]);
    match &mut o {
        Some(a) if *a > 0.0 => *a *= *a,
        Some(a) => *a = 3.0 * *a,
        None => {}
    }
    v[1] = o.unwrap();
    v.iter()
        .enumerate()
        .map(|(i, a)| (i as f64 + 1.0) * a * a)
        .sum()
}
#[differentiate]
fn moved(x: &[f64]) -> f64 {
    let mut v = x.to_vec();
    let mut r = &mut v[..];
    while let Some((a, rest)) = r.split_first_mut() {
        *a *= *a;
        r = rest;
    }
    v.iter()
        .enumerate()
        .map(|(i, a)| (i as f64 + 1.0) * a * a)
        .sum()
}
#[differentiate]
fn reborrowed(x: &[f64]) -> f64 {
    let mut v = x.to_vec();
    let r = &mut v;
    let s = &mut *r;
    s[0] *= s[1];
    r[1] = r[0];
    v.iter()
        .enumerate()
        .map(|(i, a)| (i as f64 + 1.0) * a * a)
        .sum()
}
#[differentiate]
fn captured(x: &[f64]) -> f64 {
    let mut v = x.to_vec();
    let mut add = |i: usize, d: f64| v[i] += d * d;
    add(0, 2.0);
    add(1, x[2]);
    v.iter()
        .enumerate()
        .map(|(i, a)| (i as f64 + 1.0) * a * a)
        .sum()
}
#[differentiate]
fn captured_twice(x: &[f64]) -> f64 {
    let mut v = x.to_vec();
    let mut n = 0;
    let mut total = 0.0;
    x.iter().for_each(|a| {
        n += 1;
        total += a * n as f64;
    });
    v[0] = total * n as f64;
    v.iter()
        .enumerate()
        .map(|(i, a)| (i as f64 + 1.0) * a * a)
        .sum()
}
#[differentiate]
fn iterated(x: &[f64]) -> f64 {
    let mut v = x.to_vec();
    let mut it = v.iter_mut();
    let a = it.next().unwrap();
    let b = it.next().unwrap();
    *a *= *b;
    *b = 1.0;
    for c in it {
        *c *= *c;
    }
    v.iter()
        .enumerate()
        .map(|(i, a)| (i as f64 + 1.0) * a * a)
        .sum()
}
#[differentiate]
fn zipped_back(x: &[f64]) -> f64 {
    let mut v = x.to_vec();
    let w = v.clone();
    v.iter_mut().rev().zip(w.iter()).for_each(|(a, b)| *a *= b);
    v.iter()
        .enumerate()
        .map(|(i, a)| (i as f64 + 1.0) * a * a)
        .sum()
}
#[differentiate]
fn rotated(x: &[f64]) -> f64 {
    let mut v = x.to_vec();
    v.rotate_left(1);
    v.reverse();
    v[0] *= v[1];
    v.iter()
        .enumerate()
        .map(|(i, a)| (i as f64 + 1.0) * a * a)
        .sum()
}
#[differentiate]
fn filled(x: &[f64]) -> f64 {
    let mut v = x.to_vec();
    v[1..3].fill(x[0]);
    v[..2].copy_from_slice(&x[2..]);
    v.iter()
        .enumerate()
        .map(|(i, a)| (i as f64 + 1.0) * a * a)
        .sum()
}
#[differentiate]
fn drained(x: &[f64]) -> f64 {
    let mut v = x.to_vec();
    let w: Vec<f64> = v.drain(..).map(|a| a * a).collect();
    v.extend(w.iter().rev());
    v.push(w[0]);
    v.iter()
        .enumerate()
        .map(|(i, a)| (i as f64 + 1.0) * a * a)
        .sum()
}
#[differentiate]
fn drained_front(x: &[f64]) -> f64 {
    let mut v = x.to_vec();
    let mut total = 0.0;
    for a in v.drain(..2) {
        total += a * a;
    }
    v.push(total);
    v.iter()
        .enumerate()
        .map(|(i, a)| (i as f64 + 1.0) * a * a)
        .sum()
}
#[differentiate]
fn truncated(x: &[f64]) -> f64 {
    let mut v = x.to_vec();
    v.truncate(3);
    v.resize(5, x[1]);
    v.insert(1, x[0] * x[1]);
    let a = v.remove(2);
    v[0] *= a;
    let b = v.swap_remove(0);
    v[0] += b;
    v.iter()
        .enumerate()
        .map(|(i, a)| (i as f64 + 1.0) * a * a)
        .sum()
}
#[differentiate]
fn retained(x: &[f64]) -> f64 {
    let mut v = x.to_vec();
    v.retain(|a| *a > 0.0);
    v.push(x[0]);
    v.iter()
        .enumerate()
        .map(|(i, a)| (i as f64 + 1.0) * a * a)
        .sum()
}
#[differentiate]
fn deduped(x: &[f64]) -> f64 {
    let mut v = x.to_vec();
    let last = v.pop().unwrap();
    v.extend_from_slice(&[last, last * last]);
    v.iter()
        .enumerate()
        .map(|(i, a)| (i as f64 + 1.0) * a * a)
        .sum()
}
#[differentiate]
fn split_off(x: &[f64]) -> f64 {
    let mut v = x.to_vec();
    let mut w = v.split_off(2);
    w[0] *= v[0];
    v.append(&mut w);
    v.iter()
        .enumerate()
        .map(|(i, a)| (i as f64 + 1.0) * a * a)
        .sum()
}
#[differentiate]
fn peeked(x: &[f64]) -> f64 {
    let mut v = x.to_vec();
    let mut it = x.iter().peekable();
    while let Some(a) = it.next() {
        if let Some(b) = it.peek() {
            v[0] += a * **b;
        }
    }
    v.iter()
        .enumerate()
        .map(|(i, a)| (i as f64 + 1.0) * a * a)
        .sum()
}
#[differentiate]
fn partitioned_into(x: &[f64]) -> f64 {
    let mut v = x.to_vec();
    let (p, n): (Vec<f64>, Vec<f64>) = x.iter().copied().partition(|&a| a > 0.0);
    v[0] = p.iter().sum::<f64>() * n.iter().sum::<f64>();
    v.iter()
        .enumerate()
        .map(|(i, a)| (i as f64 + 1.0) * a * a)
        .sum()
}
#[differentiate]
fn sub_slices(x: &[f64]) -> f64 {
    let mut v = x.to_vec();
    twice(&mut v[1..3], x[0]);
    twice(&mut v[..], 0.5);
    v.iter()
        .enumerate()
        .map(|(i, a)| (i as f64 + 1.0) * a * a)
        .sum()
}
#[differentiate]
fn element_and_rest(x: &[f64]) -> f64 {
    let mut v = x.to_vec();
    let k = mixed(&mut v[0..1], &x[1..], x[0]);
    v[3] = k;
    v.iter()
        .enumerate()
        .map(|(i, a)| (i as f64 + 1.0) * a * a)
        .sum()
}
#[differentiate]
fn drained_middle(x: &[f64]) -> f64 {
    let mut v = x.to_vec();
    let w: Vec<f64> = v.drain(1..=2).rev().collect();
    v[0] *= w[0] - w[1] * v[1];
    v.iter()
        .enumerate()
        .map(|(i, a)| (i as f64 + 1.0) * a * a)
        .sum()
}
#[differentiate]
fn peeked_stages(x: &[f64]) -> f64 {
    let mut v = x.to_vec();
    let mut it = x.iter().filter(|a| **a > 0.0).map(|a| a * a).peekable();
    while let Some(a) = it.next() {
        if let Some(b) = it.peek() {
            v[0] += a * *b;
        } else {
            v[1] += a;
        }
    }
    v.iter()
        .enumerate()
        .map(|(i, a)| (i as f64 + 1.0) * a * a)
        .sum()
}
#[differentiate]
fn partitioned_rows(x: &[f64]) -> f64 {
    let mut v = x.to_vec();
    let (p, n): (Vec<f64>, Vec<f64>) = x.iter().map(|a| a * x[0]).partition(|a| *a > 0.1);
    v[0] = p.iter().sum::<f64>() - n.len() as f64 * n.iter().sum::<f64>();
    v.iter()
        .enumerate()
        .map(|(i, a)| (i as f64 + 1.0) * a * a)
        .sum()
}
#[differentiate]
fn drained_in_a_loop(x: &[f64]) -> f64 {
    let mut v = x.to_vec();
    while v.len() > 1 {
        let s: f64 = v.drain(..2).product();
        v.push(s.sin());
    }
    v.iter()
        .enumerate()
        .map(|(i, a)| (i as f64 + 1.0) * a * a)
        .sum()
}
#[test]
fn writes_are_followed() {
    for x in [vec![0.7, -0.4, 1.3, 0.6], vec![-0.2, 0.9, 0.8, -1.1]] {
        assert_gradient!(in_a_tuple(&x));
        assert_gradient!(last_one(&x));
        assert_gradient!(third(&x));
        assert_gradient!(first_of(&x));
        assert_gradient!(found(&x));
        assert_gradient!(at(&x));
        assert_gradient!(mapped(&x));
        assert_gradient!(filtered(&x));
        assert_gradient!(ends(&x));
        assert_gradient!(swapped(&x));
        assert_gradient!(replaced(&x));
        assert_gradient!(halves(&x));
        assert_gradient!(strided(&x));
        assert_gradient!(chunked(&x));
        assert_gradient!(flattened(&x));
        assert_gradient!(nested(&x));
        assert_gradient!(nested_flat(&x));
        assert_gradient!(nested_loops(&x));
        assert_gradient!(optional(&x));
        assert_gradient!(matched(&x));
        assert_gradient!(moved(&x));
        assert_gradient!(reborrowed(&x));
        assert_gradient!(captured(&x));
        assert_gradient!(captured_twice(&x));
        assert_gradient!(iterated(&x));
        assert_gradient!(zipped_back(&x));
        assert_gradient!(rotated(&x));
        assert_gradient!(filled(&x));
        assert_gradient!(drained(&x));
        assert_gradient!(drained_front(&x));
        assert_gradient!(truncated(&x));
        assert_gradient!(retained(&x));
        assert_gradient!(deduped(&x));
        assert_gradient!(split_off(&x));
        assert_gradient!(peeked(&x));
        assert_gradient!(partitioned_into(&x));
        assert_gradient!(sub_slices(&x));
        assert_gradient!(element_and_rest(&x));
        assert_gradient!(drained_middle(&x));
        assert_gradient!(peeked_stages(&x));
        assert_gradient!(partitioned_rows(&x));
        assert_gradient!(drained_in_a_loop(&x));
    }
}
