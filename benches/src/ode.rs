//! A chain of linear equations, integrated by the classical Runge–Kutta method:
//! `y₀' = x₀`, `y_i' = x_i·y_{i−1}`, `y(0) = 0`, from 0 to 2.

use crate::sample::uniform;

/// `n` coefficients.
pub fn input(n: usize) -> Vec<f64> {
    uniform(&mut fastrand::Rng::with_seed(4), n, 0.5, 1.5)
}

/// The sum of the components of `y(2)`, after `steps` steps.
pub fn endpoint_sum(x: &[f64], steps: usize) -> f64 {
    let n = x.len();
    let h = 2.0 / steps as f64;
    let mut y = vec![0.0; n];
    let mut stage = vec![0.0; n];
    let mut k1 = vec![0.0; n];
    let mut k2 = vec![0.0; n];
    let mut k3 = vec![0.0; n];
    let mut k4 = vec![0.0; n];
    for _ in 0..steps {
        slope(x, &y, &mut k1);
        advance(&y, 0.5 * h, &k1, &mut stage);
        slope(x, &stage, &mut k2);
        advance(&y, 0.5 * h, &k2, &mut stage);
        slope(x, &stage, &mut k3);
        advance(&y, h, &k3, &mut stage);
        slope(x, &stage, &mut k4);
        for i in 0..n {
            y[i] += h / 6.0 * (k1[i] + 2.0 * k2[i] + 2.0 * k3[i] + k4[i]);
        }
    }
    y.iter().sum()
}

/// `k = y'`.
fn slope(x: &[f64], y: &[f64], k: &mut [f64]) {
    k[0] = x[0];
    for i in 1..x.len() {
        k[i] = x[i] * y[i - 1];
    }
}

/// `out = y + h·k`.
fn advance(y: &[f64], h: f64, k: &[f64], out: &mut [f64]) {
    for ((o, y), k) in out.iter_mut().zip(y).zip(k) {
        *o = y + h * k;
    }
}

/// Stages are stored while they take at most so many bytes; beyond, they have left the cache when the reverse sweep
/// needs them, and recomputing them from the state is faster.
const STORE_AT_MOST: usize = 1 << 20;

/// Adjoint of [`endpoint_sum`]. The reverse of a step needs the points at which the slopes were taken: the state and
/// three stages.
pub fn endpoint_sum_adjoint(x: &[f64], steps: usize, d_x: &mut [f64]) -> f64 {
    if 4 * steps * size_of_val(x) <= STORE_AT_MOST {
        stored(x, steps, d_x)
    } else {
        recomputed(x, steps, d_x)
    }
}

/// Keeps the state and the three stages of every step.
pub fn stored(x: &[f64], steps: usize, d_x: &mut [f64]) -> f64 {
    let n = x.len();
    let h = 2.0 / steps as f64;
    let mut k = Slopes::new(n);
    let mut y = vec![0.0; n];
    let mut record = vec![0.0; 4 * n * steps];
    for points in record.chunks_exact_mut(4 * n) {
        let [y1, y2, y3, y4] = quarters(points);
        y1.copy_from_slice(&y);
        k.stages(x, h, y1, y2, y3, y4);
        k.finish(x, h, y4, &mut y);
    }
    let mut reverse = Reverse::new(n, d_x);
    for points in record.chunks_exact_mut(4 * n).rev() {
        let [y1, y2, y3, y4] = quarters(points);
        reverse.step(x, h, y1, y2, y3, y4, d_x);
    }
    y.iter().sum()
}

/// Keeps the state of every step and recomputes the stages.
pub fn recomputed(x: &[f64], steps: usize, d_x: &mut [f64]) -> f64 {
    let n = x.len();
    let h = 2.0 / steps as f64;
    let mut k = Slopes::new(n);
    let mut y = vec![0.0; n];
    let mut stages = vec![0.0; 3 * n];
    let (y2, rest) = stages.split_at_mut(n);
    let (y3, y4) = rest.split_at_mut(n);
    let mut record = vec![0.0; n * steps];
    for y1 in record.chunks_exact_mut(n) {
        y1.copy_from_slice(&y);
        k.stages(x, h, y1, y2, y3, y4);
        k.finish(x, h, y4, &mut y);
    }
    let mut reverse = Reverse::new(n, d_x);
    for y1 in record.chunks_exact(n).rev() {
        k.stages(x, h, y1, y2, y3, y4);
        reverse.step(x, h, y1, y2, y3, y4, d_x);
    }
    y.iter().sum()
}

fn quarters(points: &mut [f64]) -> [&mut [f64]; 4] {
    let n = points.len() / 4;
    let (front, back) = points.split_at_mut(2 * n);
    let ((y1, y2), (y3, y4)) = (front.split_at_mut(n), back.split_at_mut(n));
    [y1, y2, y3, y4]
}

/// The slopes of one step.
struct Slopes {
    k1: Vec<f64>,
    k2: Vec<f64>,
    k3: Vec<f64>,
    k4: Vec<f64>,
}

impl Slopes {
    fn new(n: usize) -> Self {
        let zero = || vec![0.0; n];
        Self {
            k1: zero(),
            k2: zero(),
            k3: zero(),
            k4: zero(),
        }
    }

    /// From the state `y1`, the points at which the other slopes are taken.
    fn stages(
        &mut self,
        x: &[f64],
        h: f64,
        y1: &[f64],
        y2: &mut [f64],
        y3: &mut [f64],
        y4: &mut [f64],
    ) {
        slope(x, y1, &mut self.k1);
        advance(y1, 0.5 * h, &self.k1, y2);
        slope(x, y2, &mut self.k2);
        advance(y1, 0.5 * h, &self.k2, y3);
        slope(x, y3, &mut self.k3);
        advance(y1, h, &self.k3, y4);
    }

    /// The last slope, and the state after the step.
    fn finish(&mut self, x: &[f64], h: f64, y4: &[f64], y: &mut [f64]) {
        slope(x, y4, &mut self.k4);
        let slopes = self.k1.iter().zip(&self.k2).zip(&self.k3).zip(&self.k4);
        for (y, (((k1, k2), k3), k4)) in y.iter_mut().zip(slopes) {
            *y += h / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4);
        }
    }
}

/// The adjoint's carried state: the cotangents of `y` and of a slope.
struct Reverse {
    d_y: Vec<f64>,
    d_k: Vec<f64>,
    d_sum: Vec<f64>,
}

impl Reverse {
    fn new(n: usize, d_x: &mut [f64]) -> Self {
        d_x.fill(0.0);
        Self {
            d_y: vec![1.0; n],
            d_k: vec![0.0; n],
            d_sum: vec![0.0; n],
        }
    }

    /// The reverse of one step, last slope first. The cotangent of a stage is `x·d_k`, moved by one; it goes to the
    /// state whole and to the slope before with that slope's factor.
    #[expect(
        clippy::too_many_arguments,
        reason = "the points of a step, one by one"
    )]
    fn step(
        &mut self,
        x: &[f64],
        h: f64,
        y1: &[f64],
        y2: &[f64],
        y3: &[f64],
        y4: &[f64],
        d_x: &mut [f64],
    ) {
        for ((k, s), y) in self.d_k.iter_mut().zip(&mut self.d_sum).zip(&self.d_y) {
            *k = h / 6.0 * y;
            *s = *y;
        }
        self.stage(x, y4, h / 3.0, h, d_x);
        self.stage(x, y3, h / 3.0, 0.5 * h, d_x);
        self.stage(x, y2, h / 6.0, 0.5 * h, d_x);
        self.stage(x, y1, 0.0, 0.0, d_x);
        std::mem::swap(&mut self.d_y, &mut self.d_sum);
    }

    /// Original: `k = slope(point)`, with `point = y + b·k'` and `k'` of weight `a` in the step.
    /// Adjoint: `d_x += d_k·point`, `d_y += d_point`, `d_k' = a·d_y + b·d_point`.
    fn stage(&mut self, x: &[f64], point: &[f64], a: f64, b: f64, d_x: &mut [f64]) {
        let last = x.len() - 1;
        d_x[0] += self.d_k[0];
        let (x, d_x, point) = (&x[1..], &mut d_x[1..=last], &point[..last]);
        let (d_k, d_sum, d_y) = (
            &mut self.d_k[..=last],
            &mut self.d_sum[..=last],
            &self.d_y[..=last],
        );
        for i in 0..last {
            let d_next = d_k[i + 1];
            d_x[i] += d_next * point[i];
            let d_point = d_next * x[i];
            d_sum[i] += d_point;
            d_k[i] = a * d_y[i] + b * d_point;
        }
        d_k[last] = a * d_y[last];
    }
}
