//! Functions over tables: splines, alignments, memos.

use tapeless::{assert_gradient, differentiate, Differentiable};

#[derive(Clone, Debug, Differentiable)]
struct Spline {
    x: Vec<f64>,
    y: Vec<f64>,
    m: Vec<f64>,
}

#[differentiate]
impl Spline {
    /// Natural, by Thomas's algorithm.
    fn natural(x: &[f64], y: &[f64]) -> Spline {
        let n = x.len();
        let mut m = vec![0.0; n];
        let mut c = vec![0.0; n];
        for i in 1..n - 1 {
            let (h0, h1) = (x[i] - x[i - 1], x[i + 1] - x[i]);
            let rhs = 6.0 * ((y[i + 1] - y[i]) / h1 - (y[i] - y[i - 1]) / h0);
            let pivot = 2.0 * (h0 + h1) - h0 * c[i - 1];
            c[i] = h1 / pivot;
            m[i] = (rhs - h0 * m[i - 1]) / pivot;
        }
        for i in (1..n - 1).rev() {
            m[i] -= c[i] * m[i + 1];
        }
        Spline {
            x: x.to_vec(),
            y: y.to_vec(),
            m,
        }
    }

    fn at(&self, t: f64) -> f64 {
        let i = match self.x.iter().position(|&x| x > t) {
            None => self.x.len() - 2,
            Some(0) => 0,
            Some(i) => i - 1,
        };
        let h = self.x[i + 1] - self.x[i];
        let a = (self.x[i + 1] - t) / h;
        let b = 1.0 - a;
        a * self.y[i]
            + b * self.y[i + 1]
            + ((a.powi(3) - a) * self.m[i] + (b.powi(3) - b) * self.m[i + 1]) * h * h / 6.0
    }
}

#[differentiate]
fn spline_at(x: &[f64], y: &[f64], t: f64) -> f64 {
    Spline::natural(x, y).at(t)
}

#[test]
fn splines() {
    let x = [0.0, 0.7, 1.5, 2.0, 3.1];
    let y = [1.0, 0.2, -0.4, 0.9, 1.3];
    for t in [-0.2, 0.3, 1.6, 2.9, 3.5] {
        assert_gradient!(spline_at(&x, &y, t));
    }
}

/// Alignment of two sequences with a soft minimum.
#[differentiate]
fn soft_dtw(a: &[f64], b: &[f64], gamma: f64) -> f64 {
    let (n, m) = (a.len(), b.len());
    let mut r = vec![vec![1e10_f64; m + 1]; n + 1];
    r[0][0] = 0.0;
    for i in 1..=n {
        for j in 1..=m {
            let cost = (a[i - 1] - b[j - 1]).powi(2);
            let options = [r[i - 1][j], r[i][j - 1], r[i - 1][j - 1]];
            let low = options[0].min(options[1]).min(options[2]);
            let sum: f64 = options.iter().map(|o| ((low - o) / gamma).exp()).sum();
            r[i][j] = cost + low - gamma * sum.ln();
        }
    }
    r[n][m]
}

#[test]
fn alignments() {
    assert_gradient!(soft_dtw(&[0.1, 0.5, 0.9, 0.4], &[0.2, 0.8, 0.3], 0.4));
    assert_gradient!(soft_dtw(&[0.1], &[0.2], 0.4));
}

#[differentiate]
mod memo {
    fn legendre_inner(n: usize, x: f64, memo: &mut [Option<f64>]) -> f64 {
        if let Some(known) = memo[n] {
            return known;
        }
        let value = match n {
            0 => 1.0,
            1 => x,
            _ => {
                let a = legendre_inner(n - 1, x, memo);
                let b = legendre_inner(n - 2, x, memo);
                ((2 * n - 1) as f64 * x * a - (n - 1) as f64 * b) / n as f64
            }
        };
        memo[n] = Some(value);
        value
    }

    pub fn legendre(n: usize, x: f64) -> f64 {
        let mut memo = vec![None; n + 1];
        legendre_inner(n, x, &mut memo)
    }
}

#[test]
fn polynomials_by_recursion() {
    for n in 0..6 {
        assert_gradient!(memo::legendre(n, 0.37));
    }
}

#[differentiate]
fn bilinear(grid: &[[f64; 4]; 3], u: f64, v: f64) -> f64 {
    let (iu, iv) = (
        u.floor().max(0.0).min(1.0) as usize,
        v.floor().clamp(0.0, 2.0) as usize,
    );
    let (fu, fv) = (u - iu as f64, v - iv as f64);
    let lerp = |a: f64, b: f64, t: f64| a + (b - a) * t;
    let top = lerp(grid[iu][iv], grid[iu][iv + 1], fv);
    let bottom = lerp(grid[iu + 1][iv], grid[iu + 1][iv + 1], fv);
    lerp(top, bottom, fu)
}

/// De Boor's triangle, in place.
#[differentiate]
fn de_casteljau(control: &[[f64; 2]], t: f64) -> f64 {
    let mut p = control.to_vec();
    for level in (1..p.len()).rev() {
        for i in 0..level {
            for c in 0..2 {
                p[i][c] = (1.0 - t) * p[i][c] + t * p[i + 1][c];
            }
        }
    }
    p[0][0].hypot(p[0][1])
}

#[differentiate]
fn diffusion(u: &mut [[f64; 5]; 4], k: f64, steps: usize) {
    for _ in 0..steps {
        let old = *u;
        for i in 1..3 {
            for j in 1..4 {
                let lap =
                    old[i - 1][j] + old[i + 1][j] + old[i][j - 1] + old[i][j + 1] - 4.0 * old[i][j];
                u[i][j] += k * lap * (1.0 + old[i][j]);
            }
        }
    }
}

#[differentiate]
fn diffused(start: &[[f64; 5]; 4], k: f64) -> f64 {
    let mut u = *start;
    diffusion(&mut u, k, 3);
    u.iter()
        .flatten()
        .enumerate()
        .map(|(i, v)| v * (i as f64).cos())
        .sum()
}

#[test]
fn grids() {
    let grid = [
        [0.1, 0.9, 0.4, 0.3],
        [0.7, -0.2, 0.5, 1.0],
        [0.6, 0.8, -0.9, 0.2],
    ];
    assert_gradient!(bilinear(&grid, 0.4, 1.7));
    assert_gradient!(bilinear(&grid, 1.9, -0.3));
    let control = vec![[0.1, 0.4], [0.9, 1.0], [1.4, -0.2], [2.0, 0.3]];
    assert_gradient!(de_casteljau(&control, 0.35));
    let mut start = [[0.0; 5]; 4];
    for (i, v) in start.iter_mut().flatten().enumerate() {
        *v = (i as f64 * 0.7).sin();
    }
    assert_gradient!(diffused(&start, 0.1));
}
