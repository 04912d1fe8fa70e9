//! Branches and exits.
use tapeless::{assert_gradient, differentiate};

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
fn slices(xs: &[f64]) -> f64 {
    match xs {
        [] => 0.0,
        [a] => *a,
        [a, .., b] => a * b,
    }
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
fn fact(x: f64, n: u32) -> f64 {
    if n == 0 {
        1.0
    } else {
        x * fact(x, n - 1)
    }
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
