//! Iterations that end when they have arrived.

use tapeless::{assert_gradient, differentiate};

#[differentiate]
fn newton(a: f64, start: f64) -> f64 {
    let mut x = start;
    for _ in 0..50 {
        let step = (x * x * x - a) / (3.0 * x * x);
        x -= step;
        if step.abs() < 1e-15 {
            break;
        }
    }
    x
}

#[differentiate(wrt(a))]
fn bisection(a: f64, mut lo: f64, mut hi: f64) -> f64 {
    let f = |x: f64| x.exp() + a * x - 2.0;
    while hi - lo > 1e-3 {
        let mid = 0.5 * (lo + hi);
        if f(mid) * f(lo) <= 0.0 {
            hi = mid;
        } else {
            lo = mid;
        }
    }
    // The last step is a secant, which knows about `a`.
    lo - f(lo) * (hi - lo) / (f(hi) - f(lo))
}

#[differentiate]
fn kepler(m: f64, e: f64) -> f64 {
    let mut ea = if e < 0.8 { m } else { std::f64::consts::PI };
    let mut iterations = 0;
    loop {
        let f = ea - e * ea.sin() - m;
        let df = 1.0 - e * ea.cos();
        ea -= f / df;
        iterations += 1;
        if f.abs() < 1e-15 || iterations >= 20 {
            break;
        }
    }
    ((1.0 + e) / (1.0 - e)).sqrt() * (ea / 2.0).tan()
}

#[differentiate]
fn simpson(f_scale: f64, a: f64, b: f64, depth: u32) -> f64 {
    let f = |x: f64| (f_scale * x).sin() / (1.0 + x * x);
    let m = 0.5 * (a + b);
    let whole = (b - a) / 6.0 * (f(a) + 4.0 * f(m) + f(b));
    let (l, r) = (0.5 * (a + m), 0.5 * (m + b));
    let halves = (b - a) / 12.0 * (f(a) + 4.0 * f(l) + 2.0 * f(m) + 4.0 * f(r) + f(b));
    if depth == 0 || (halves - whole).abs() < 1e-9 {
        halves + (halves - whole) / 15.0
    } else {
        simpson(f_scale, a, m, depth - 1) + simpson(f_scale, m, b, depth - 1)
    }
}

/// Gradient descent inside of a function.
#[differentiate]
fn descended(rate: f64, start: [f64; 2], steps: usize) -> f64 {
    let mut x = start;
    let mut velocity = [0.0; 2];
    for t in 0..steps {
        let g = [
            -2.0 * (1.0 - x[0]) - 4.0 * x[0] * (x[1] - x[0] * x[0]),
            2.0 * (x[1] - x[0] * x[0]),
        ];
        let rate = rate / (1.0 + 0.1 * t as f64);
        for ((x, v), g) in x.iter_mut().zip(velocity.iter_mut()).zip(g.iter()) {
            *v = 0.9 * *v - rate * g;
            *x += *v;
        }
    }
    (1.0 - x[0]).powi(2) + (x[1] - x[0].powi(2)).powi(2)
}

/// Something that may not converge.
#[differentiate]
fn fixed_point(k: f64, x0: f64) -> Option<f64> {
    let mut x = x0;
    for i in 0.. {
        let next = (k * x).cos();
        if (next - x).abs() < 1e-13 {
            return Some(next);
        }
        if i > 500 {
            return None;
        }
        x = next;
    }
    unreachable!()
}

#[differentiate]
fn quadratic(a: f64, b: f64, c: f64) -> Result<f64, String> {
    fn check(d: f64) -> Result<f64, String> {
        if d < 0.0 {
            Err(format!("no roots: {d}"))
        } else {
            Ok(d)
        }
    }
    let d = b * b - 4.0 * a * c;
    let _ = check(d)?;
    let q = -0.5 * (b + b.signum() * d.sqrt());
    Ok((q / a).max(c / q))
}

#[test]
fn iterations_end() {
    assert_gradient!(newton(5.0, 2.0));
    assert_gradient!(bisection(0.3, 0.0, 1.0));
    assert_gradient!(kepler(0.8, 0.3));
    assert_gradient!(kepler(2.1, 0.85));
    assert_gradient!(simpson(1.3, 0.0, 2.0, 6));
    assert_gradient!(descended(0.02, [0.3, -0.4], 12));
    assert_gradient!(fixed_point(0.8, 0.5));
    assert!(fixed_point_grad(40.0, 0.5).is_none());
    assert_gradient!(quadratic(1.0, -3.0, 1.0));
    assert!(quadratic_grad(1.0, 1.0, 1.0).is_err());
}
