//! Loops.
use tapeless::{assert_gradient, differentiate};

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
