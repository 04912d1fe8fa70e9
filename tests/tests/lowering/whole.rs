//! Functions that mix constructs.
use tapeless::{assert_gradient, differentiate};

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
fn branches_agree() {
    for x in [-1.0, 0.5, 1.5, 2.5, 5.0] {
        assert_gradient!(branches(x, [0.3, 0.4]));
        assert_gradient!(branches(x, [-0.3, 0.4]));
    }
}

#[test]
fn newton_agrees() {
    assert_gradient!(newton(2.0));
    assert_gradient!(newton(7.0));
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

#[test]
fn chains_agree() {
    assert_gradient!(chains(&[0.3, 0.7, 1.2, 0.9], &[0.1, 0.2, 0.3, 0.4], 3));
}

#[test]
fn tries_agree() {
    let (dx, dy) = tries_grad(3.0, Some(2.0)).unwrap();
    assert_eq!(dx, 4.0);
    assert_eq!(dy, Some(12.0));
    assert!(tries_grad(3.0, None).is_none());
}

#[test]
fn polynomial_agrees() {
    assert_gradient!(polynomial(&[0.5, -1.0, 2.0], 1.3));
}
