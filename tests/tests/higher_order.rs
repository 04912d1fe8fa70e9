//! Functions that are handed functions: in an annotated module they are seen through.

use tapeless::check::assert_gradient;
use tapeless::differentiate;

#[differentiate]
mod numerics {
    const TOLERANCE: f64 = 1e-14;

    pub fn bisect<F>(f: &F, mut lo: f64, hi: f64) -> f64
    where
        F: Fn(f64) -> f64,
    {
        let mut hi = hi;
        for _ in 0..60 {
            let mid = 0.5 * (lo + hi);
            let value = f(mid);
            if value.abs() < TOLERANCE {
                return mid;
            }
            if value * f(lo) < 0.0 {
                hi = mid;
            } else {
                lo = mid;
            }
        }
        0.5 * (lo + hi)
    }

    /// Newton's method, which has a derivative all along.
    pub fn newton(f: impl Fn(f64) -> f64, slope: &dyn Fn(f64) -> f64, start: f64) -> Option<f64> {
        let mut x = start;
        for _ in 0..20 {
            let s = slope(x);
            if s == 0.0 {
                return None;
            }
            x -= f(x) / s;
        }
        Some(x)
    }

    pub fn trapezoid(f: impl Fn(f64) -> f64, a: f64, b: f64, n: usize) -> f64 {
        let dx = (b - a) / n as f64;
        let inner: f64 = (1..n).map(|k| f(a + k as f64 * dx)).sum();
        dx * (inner + (f(a) + f(b)) / 2.0)
    }

    fn twice(f: fn(f64) -> f64, x: f64) -> f64 {
        f(f(x))
    }

    fn visit(mut f: impl FnMut(f64, usize), xs: &[f64]) -> usize {
        for (i, x) in xs.iter().enumerate() {
            f(*x, i);
        }
        xs.len()
    }

    fn square(x: f64) -> f64 {
        x * x
    }

    pub fn square_root(y: f64, k: f64) -> f64 {
        let root = newton(|x| k * x * x - y, &|x| 2.0 * k * x, 1.0);
        root.unwrap_or(0.0) * k
    }

    pub fn bracket(y: f64, k: f64) -> f64 {
        bisect(&|x: f64| k * x - y, y, y + 4.0) * y
    }

    pub fn area(k: f64, b: f64) -> f64 {
        let offset = k * k;
        let inside = |t: f64| twice(square, t) * (offset * t).sin();
        trapezoid(inside, -1.0, b, 12) + trapezoid(square, k, b, 3) + trapezoid(f64::exp, 0.0, k, 2)
    }

    /// What is marked as constant has siblings all the same.
    pub fn held(#[constant] g: impl Fn(f64) -> f64, x: f64) -> f64 {
        let at = 0.5;
        g(at) * x * x
    }

    /// One integral in the other.
    pub fn volume(k: f64, b: f64) -> f64 {
        trapezoid(|x| trapezoid(|y| x * y * y * k, 0.0, x, 4), 0.0, b, 5)
    }

    pub fn weighted(xs: &[f64], w: f64) -> f64 {
        let mut sum = 0.0;
        let n = visit(|x, i| sum += x * x * w * (i + 1) as f64, xs);
        sum / n as f64
    }

    pub struct Gas {
        pub density: f64,
    }

    impl Gas {
        pub fn work(#[constant] &self, from: f64, to: f64) -> f64 {
            trapezoid(|v| self.density * to / v, from, to, 9)
        }
    }
}

#[test]
fn gradients() {
    assert_gradient!(numerics::square_root(2.3, 1.7));
    assert_gradient!(numerics::area(0.7, 1.9));
    assert_gradient!(numerics::area(-0.7, -1.0));
    assert_eq!(numerics::held_grad(|at| 4.0 * at, 3.0), 12.0);
    assert_gradient!(numerics::volume(0.7, 1.9));
    assert_gradient!(numerics::weighted(&[0.4, -1.2, 2.0], 0.7));
    let gas = numerics::Gas { density: 1.3 };
    let (_, d_to) = gas.work_grad(1.0, 2.5);
    let h = 1e-6;
    let difference = (gas.work(1.0, 2.5 + h) - gas.work(1.0, 2.5 - h)) / (2.0 * h);
    assert!((d_to - difference).abs() < 1e-7);
}

/// A bisection's steps are constants: its result depends on its ends by halves.
#[test]
fn the_gradient_is_that_of_the_steps() {
    let (d_y, d_k) = numerics::bracket_grad(1.5, 2.0);
    let ends = numerics::bracket(1.5, 2.0) / 1.5;
    assert!((d_y - (ends + 1.5)).abs() < 1e-9, "{d_y}");
    assert_eq!(d_k, 0.0);
}

#[test]
fn values_are_the_same() {
    let (k, b) = (std::hint::black_box(0.7), std::hint::black_box(1.9));
    assert_eq!(numerics::area_value_and_grad(k, b).0, numerics::area(k, b));
    assert_eq!(
        numerics::square_root_value_and_grad(b, k).0,
        numerics::square_root(b, k)
    );
}
