//! What data say about parameters.

use tapeless::{assert_gradient, differentiate, Differentiable};

type Matrix<const R: usize, const C: usize> = [[f64; C]; R];

#[derive(Clone, Debug, Differentiable)]
struct Kalman {
    x: [f64; 2],
    p: Matrix<2, 2>,
    q: f64,
    r: f64,
}

#[differentiate]
impl Kalman {
    fn predict(&mut self, dt: f64) {
        self.x[0] += dt * self.x[1];
        let p = self.p;
        self.p[0][0] = p[0][0] + dt * (p[0][1] + p[1][0]) + dt * dt * p[1][1] + self.q;
        self.p[0][1] = p[0][1] + dt * p[1][1];
        self.p[1][0] = p[1][0] + dt * p[1][1];
        self.p[1][1] += self.q;
    }

    /// The log-likelihood of what was measured.
    fn update(&mut self, z: f64) -> f64 {
        let s = self.p[0][0] + self.r;
        let y = z - self.x[0];
        let k = [self.p[0][0] / s, self.p[1][0] / s];
        for i in 0..2 {
            self.x[i] += k[i] * y;
        }
        let row = self.p[0];
        for i in 0..2 {
            for j in 0..2 {
                self.p[i][j] -= k[i] * row[j];
            }
        }
        -0.5 * (y * y / s + s.ln() + (2.0 * std::f64::consts::PI).ln())
    }

    fn log_likelihood(&self, z: &[Option<f64>], dt: f64) -> f64 {
        let mut filter = self.clone();
        let mut total = 0.0;
        for z in z {
            filter.predict(dt);
            if let Some(z) = z {
                total += filter.update(*z);
            }
        }
        total
    }
}

#[test]
fn a_filter_learns_its_noise() {
    let filter = Kalman {
        x: [0.1, 0.5],
        p: [[1.0, 0.1], [0.1, 0.8]],
        q: 0.05,
        r: 0.3,
    };
    let z = [Some(0.2), None, Some(0.9), Some(1.1), None, Some(1.3)];
    let (value, (d, _, dt)) = filter.log_likelihood_value_and_grad(&z, 0.4);
    assert_eq!(value, filter.log_likelihood(&z, 0.4));
    let at = |h: f64| {
        Kalman {
            q: 0.05 + h,
            ..filter.clone()
        }
        .log_likelihood(&z, 0.4)
    };
    assert!((d.q - (at(1e-6) - at(-1e-6)) / 2e-6).abs() < 1e-6);
    let at = |h: f64| {
        Kalman {
            r: 0.3 + h,
            ..filter.clone()
        }
        .log_likelihood(&z, 0.4)
    };
    assert!((d.r - (at(1e-6) - at(-1e-6)) / 2e-6).abs() < 1e-6);
    let at = |h: f64| filter.log_likelihood(&z, 0.4 + h);
    assert!((dt - (at(1e-6) - at(-1e-6)) / 2e-6).abs() < 1e-6);
    let at = |h: f64| {
        let mut f = filter.clone();
        f.p[1][0] += h;
        f.log_likelihood(&z, 0.4)
    };
    assert!((d.p[1][0] - (at(1e-6) - at(-1e-6)) / 2e-6).abs() < 1e-6);
}

#[differentiate]
fn logistic(rows: &Vec<Vec<f64>>, labels: &[bool], w: &[f64], bias: f64, l2: f64) -> f64 {
    let mut loss = 0.0;
    for (row, &label) in rows.iter().zip(labels) {
        let z: f64 = bias + row.iter().zip(w.iter()).map(|(x, w)| x * w).sum::<f64>();
        let signed = if label { -z } else { z };
        loss += if signed > 0.0 {
            signed + (-signed).exp().ln_1p()
        } else {
            signed.exp().ln_1p()
        };
    }
    loss / rows.len() as f64 + l2 * w.iter().map(|w| w * w).sum::<f64>()
}

#[test]
fn labels_are_learned() {
    let rows = vec![vec![0.3, -1.2], vec![1.5, 0.2], vec![-0.4, 0.9]];
    assert_gradient!(logistic(
        &rows,
        &[true, false, true],
        &[0.4, -0.7],
        0.1,
        0.01
    ));
}

/// The most probable path, by its log-probability.
#[differentiate]
fn viterbi(start: &[f64], step: &[Vec<f64>], emit: &[Vec<f64>], seen: &[usize]) -> f64 {
    let n = start.len();
    let mut best: Vec<f64> = (0..n).map(|s| start[s] + emit[s][seen[0]]).collect();
    for &symbol in &seen[1..] {
        let mut next = vec![f64::NEG_INFINITY; n];
        for to in 0..n {
            for from in 0..n {
                let p = best[from] + step[from][to];
                if p > next[to] {
                    next[to] = p;
                }
            }
            next[to] += emit[to][symbol];
        }
        best = next;
    }
    best.into_iter().fold(f64::NEG_INFINITY, f64::max)
}

/// The probability of everything that could have happened.
#[differentiate]
fn forward_algorithm(start: &[f64], step: &[Vec<f64>], emit: &[Vec<f64>], seen: &[usize]) -> f64 {
    let n = start.len();
    let mut alpha = vec![0.0; n];
    let mut log_scale = 0.0;
    for (t, &symbol) in seen.iter().enumerate() {
        let mut next = vec![0.0; n];
        for s in 0..n {
            next[s] = emit[s][symbol].exp()
                * if t == 0 {
                    start[s].exp()
                } else {
                    (0..n).map(|r| alpha[r] * step[r][s].exp()).sum::<f64>()
                };
        }
        let scale: f64 = next.iter().sum();
        next.iter_mut().for_each(|p| *p /= scale);
        log_scale += scale.ln();
        std::mem::swap(&mut alpha, &mut next);
    }
    log_scale + alpha[0]
}

#[test]
fn hidden_states() {
    let start = [-0.53, -1.1];
    let step = vec![vec![-0.21, -1.7], vec![-1.13, -0.42]];
    let emit = vec![vec![-0.33, -1.41], vec![-2.07, -0.12]];
    for seen in [&[0][..], &[0, 1, 1, 0], &[1, 1, 0, 0, 1]] {
        assert_gradient!(viterbi(&start, &step, &emit, seen));
        assert_gradient!(forward_algorithm(&start, &step, &emit, seen));
    }
}

#[differentiate]
mod regression {
    /// What a fit says about a point.
    pub fn predict(degree: usize, c: &[f64], x: f64) -> f64 {
        let mut y = 0.0;
        let mut p = 1.0;
        for k in 0..=degree {
            y += c[k] * p;
            p *= x;
        }
        y
    }

    /// Squares near zero, lines far from it.
    pub fn huber(r: f64, delta: f64) -> f64 {
        match r.abs() {
            a if a <= delta => 0.5 * r * r,
            a => delta * (a - 0.5 * delta),
        }
    }

    pub fn robust(points: &[(f64, f64)], c: &[f64], delta: f64) -> f64 {
        points
            .iter()
            .map(|&(x, y)| huber(predict(c.len() - 1, c, x) - y, delta))
            .sum()
    }
}

#[test]
fn outliers_count_less() {
    let points = [(0.0, 0.1), (0.5, 0.9), (1.0, 5.0), (1.5, 2.2)];
    let c = [0.2, 0.7, 0.3];
    let (value, (_, dc, ddelta)) = regression::robust_value_and_grad(&points, &c, 0.6);
    assert_eq!(value, regression::robust(&points, &c, 0.6));
    for k in 0..3 {
        let at = |h: f64| {
            let mut c = c;
            c[k] += h;
            regression::robust(&points, &c, 0.6)
        };
        assert!((dc[k] - (at(1e-6) - at(-1e-6)) / 2e-6).abs() < 1e-7);
    }
    let at = |h: f64| regression::robust(&points, &c, 0.6 + h);
    assert!((ddelta - (at(1e-6) - at(-1e-6)) / 2e-6).abs() < 1e-7);
}
