//! Items taken from iterators and ranges in variables, one by one, and what is left of them.

#![allow(
    clippy::while_let_on_iterator,
    clippy::unnecessary_cast,
    reason = "items taken one by one, of ranges of any type, are what is tested"
)]

use tapeless::{assert_gradient, differentiate};
#[differentiate]
fn first_then(xs: &[f64]) -> f64 {
    let mut it = xs.iter();
    let first = it.next().unwrap();
    let mut s = first.exp();
    for x in it {
        s += first * x * x;
    }
    s
}
#[differentiate]
fn while_next(xs: &[f64], k: f64) -> f64 {
    let mut it = xs.iter();
    let mut s = 0.0;
    while let Some(x) = it.next() {
        s += x * k;
        if *x > 2.0 {
            if let Some(y) = it.next() {
                s -= y * y;
            }
        }
    }
    s
}
#[differentiate]
fn by_ref(xs: &[f64], n: usize) -> f64 {
    let mut it = xs.iter();
    let head: f64 = it.by_ref().take(n).map(|x| x * x).sum();
    let tail: f64 = it.map(|x| x.sin()).sum();
    head * tail
}
#[differentiate]
fn peeked(xs: &[f64]) -> f64 {
    let mut it = xs.iter().peekable();
    let mut s = 0.0;
    while let Some(x) = it.next() {
        if let Some(&n) = it.peek() {
            s += (n - x) * x;
        } else {
            s += x.exp();
        }
    }
    s
}
#[differentiate]
fn peek2(xs: &[f64]) -> f64 {
    let mut it = xs.iter().copied().peekable();
    let mut s = 0.0;
    while let Some(x) = it.next() {
        let mut run = x;
        while let Some(n) = it.peek() {
            if *n < x {
                break;
            }
            run += n * 0.5;
            it.next();
        }
        s += run * run;
    }
    s
}
#[differentiate]
fn zipped(xs: &[f64], ys: &[f64]) -> f64 {
    let mut it = xs.iter().zip(ys);
    let (a, b) = it.next().unwrap();
    let mut s = a * b;
    while let Some((x, y)) = it.next() {
        s = s * x + y;
    }
    s
}
#[differentiate]
fn mapped(xs: &[f64], k: f64) -> f64 {
    let mut it = xs.iter().map(|x| x * k);
    let mut prev = match it.next() {
        Some(v) => v,
        None => return k * k,
    };
    let mut s = 0.0;
    for v in it {
        s += (v - prev).powi(2);
        prev = v;
    }
    s
}
#[differentiate]
fn owned(xs: Vec<f64>) -> f64 {
    let mut it = xs.into_iter();
    let Some(mut best) = it.next() else {
        return 0.0;
    };
    for x in it {
        if x > best {
            best = x;
        }
    }
    best * best
}
#[differentiate]
fn two(xs: &[f64], ys: &[f64]) -> f64 {
    let (mut a, mut b) = (xs.iter().peekable(), ys.iter().peekable());
    let mut s = 0.0;
    let mut w = 1.0;
    loop {
        match (a.peek(), b.peek()) {
            (Some(x), Some(y)) => {
                if x <= y {
                    s += w * *x;
                    a.next();
                } else {
                    s += w * *y;
                    b.next();
                }
            }
            (Some(_), None) => {
                s += w * a.next().unwrap();
            }
            (None, Some(_)) => {
                s += w * b.next().unwrap();
            }
            (None, None) => break,
        }
        w *= 0.9;
    }
    s
}
#[differentiate]
fn next_if(xs: &[f64]) -> f64 {
    let mut it = xs.iter().copied().peekable();
    let mut s = 0.0;
    while let Some(x) = it.next() {
        let mut t = x;
        while let Some(y) = it.next_if(|y| *y > 0.0) {
            t *= y;
        }
        s += t;
    }
    s
}
#[differentiate]
fn rev_it(xs: &[f64]) -> f64 {
    let mut it = xs.iter().rev();
    let last = *it.next().unwrap();
    it.fold(last, |acc, c| acc * 0.5 + c)
}
#[differentiate]
fn enumd(xs: &[f64]) -> f64 {
    let mut it = xs.iter().enumerate().skip(1).step_by(2);
    let mut s = 0.0;
    while let Some((i, x)) = it.next() {
        s += i as f64 * x * x;
    }
    s
}
#[differentiate]
fn rangeit(x: f64) -> f64 {
    let mut it = 1..5;
    let a = it.next().unwrap();
    let mut s = x.powi(a as i32);
    for k in it {
        s += x.powi(k as i32) / k as f64;
    }
    s
}
#[differentiate]
fn filt(xs: &[f64]) -> f64 {
    let mut it = xs.iter().filter(|x| **x > 0.0);
    let a = it.next().copied().unwrap_or(1.0);
    let b = it.next().copied().unwrap_or(2.0);
    a * b + it.map(|x| x * x).sum::<f64>()
}
#[differentiate]
fn itermut(xs: &mut [f64], k: f64) {
    let mut it = xs.iter_mut();
    if let Some(f) = it.next() {
        *f *= k;
    }
    for x in it {
        *x = x.sin() * k;
    }
}
#[differentiate]
fn whileret(xs: &[f64], lim: f64) -> f64 {
    let mut it = xs.iter();
    let mut s = 0.0;
    for x in it.by_ref() {
        s += x;
        if s > lim {
            break;
        }
    }
    s * it.map(|x| x * x).sum::<f64>()
}

#[test]
fn iterators() {
    let long = [0.3, 2.5, -0.4, 0.9, 2.2, 1.7, -1.2];
    let sets: &[&[f64]] = &[&[0.4], &[0.4, 0.7], &[2.5, 0.3, 1.1], &long];
    for xs in sets {
        let xs = *xs;
        assert_gradient!(first_then(xs));
        assert_gradient!(while_next(xs, 0.7));
        for n in 0..4 {
            assert_gradient!(by_ref(xs, n));
        }
        assert_gradient!(peeked(xs));
        assert_gradient!(peek2(xs));
        assert_gradient!(zipped(xs, &[0.3, 0.2, 0.9, 1.4]));
        assert_gradient!(mapped(xs, 0.6));
        assert_gradient!(owned(xs.to_vec()));
        assert_gradient!(two(xs, &[0.35, 1.0, 2.3]));
        assert_gradient!(next_if(xs));
        assert_gradient!(rev_it(xs));
        assert_gradient!(enumd(xs));
        assert_gradient!(filt(xs));
        assert_gradient!(whileret(xs, 2.0));
    }
    assert_gradient!(rangeit(0.7));
}
#[differentiate]
fn range2(xs: &[f64], k: f64) -> f64 {
    let mut it = 0..xs.len();
    let mut s = 0.0;
    while let Some(i) = it.next() {
        s += xs[i] * k;
        if xs[i] > 1.0 {
            it.next();
        }
    }
    s
}
#[differentiate]
fn range3(xs: &[f64], k: f64) -> f64 {
    let mut idx = (0..=xs.len()).rev();
    idx.next();
    let mut s = 0.0;
    for i in idx.by_ref().take(2) {
        s += xs[i] * k;
    }
    for i in idx {
        s *= xs[i] + k;
    }
    s
}
#[differentiate]
fn range4(xs: &[f64], k: f64) -> f64 {
    let mut free = 0..;
    let mut s = 0.0;
    for x in xs {
        let w = free.next().unwrap();
        s += x * k.powi(w as i32);
        if *x < 0.0 {
            let _ = free.next();
        }
    }
    s
}
#[differentiate]
fn range5(n: usize, k: f64) -> f64 {
    let r = 0..n;
    let m = r.len();
    let mut s = 0.0;
    for i in r.clone() {
        s += k * i as f64;
    }
    for i in r {
        s *= 1.0 + k / (i + m) as f64;
    }
    s
}
#[test]
fn ranges() {
    for xs in [
        &[][..],
        &[0.4],
        &[1.4, 0.3, -0.8, 0.9],
        &[0.3, 1.2, 0.5, 0.7, 2.0],
    ] {
        assert_gradient!(range2(xs, 0.7));
        assert_gradient!(range3(xs, 0.7));
        assert_gradient!(range4(xs, 0.7));
    }
    assert_gradient!(range5(4, 0.3));
}

#[differentiate]
fn left_over(xs: &[f64], g: f64) -> f64 {
    let parts = xs.chunks_exact(3);
    let rest = parts.remainder();
    let whole: f64 = parts.map(|part| part[0] * part[1] - part[2] * g).sum();
    whole + rest.iter().map(|x| x * g).sum::<f64>()
}

#[test]
fn remainders() {
    for n in 0..8 {
        let xs: Vec<f64> = (0..n).map(|i| (i as f64 + 0.3).sin()).collect();
        assert_gradient!(left_over(&xs, 0.4));
    }
}
