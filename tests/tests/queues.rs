//! Queues of a function's own.
use std::collections::VecDeque;
use tapeless::{assert_gradient, differentiate};
#[differentiate]
fn window(xs: &[f64], alpha: f64, #[constant] w: usize) -> f64 {
    let mut q: VecDeque<f64> = VecDeque::with_capacity(w);
    let mut sum = 0.0;
    let mut out = 0.0;
    for &x in xs {
        if q.len() == w {
            sum -= q.pop_front().unwrap();
        }
        q.push_back(x * alpha);
        sum += x * alpha;
        out = out * 0.5 + sum * sum;
    }
    out
}
#[differentiate]
fn delay(xs: &[f64], g: f64) -> f64 {
    let mut line = VecDeque::from(vec![0.0; 3]);
    let mut out = 0.0;
    for x in xs {
        let y = x + g * line[0] - 0.3 * line.back().unwrap();
        if let Some(old) = line.pop_front() {
            out += old * y;
        }
        line.push_back(y);
    }
    out + line.iter().map(|v| v * v).sum::<f64>()
}
#[differentiate]
fn sliding_max(xs: &[f64], #[constant] w: usize) -> f64 {
    let mut q = VecDeque::new();
    let mut s = 0.0;
    for i in 0..xs.len() {
        while let Some(&j) = q.back() {
            if xs[j] <= xs[i] {
                q.pop_back();
            } else {
                break;
            }
        }
        q.push_back(i);
        if q[0] + w <= i {
            q.pop_front();
        }
        s += xs[q[0]] * xs[i];
    }
    s
}
#[differentiate]
fn bfs(w: &[f64], #[constant] edges: &[(usize, usize)]) -> f64 {
    let mut dist = vec![f64::INFINITY; w.len()];
    if w.is_empty() {
        return 0.0;
    }
    dist[0] = w[0];
    let mut todo = VecDeque::from([0usize]);
    while let Some(u) = todo.pop_front() {
        for &(a, b) in edges {
            if a == u && dist[u] + w[b] < dist[b] {
                dist[b] = dist[u] + w[b];
                todo.push_back(b);
            }
        }
    }
    dist.iter().filter(|d| d.is_finite()).map(|d| d * d).sum()
}
#[differentiate]
fn front(xs: &[f64]) -> f64 {
    let mut q = VecDeque::new();
    for (i, x) in xs.iter().enumerate() {
        if i % 2 == 0 {
            q.push_front(x * x);
        } else {
            q.push_back(*x);
        }
    }
    let mut s = 0.0;
    let mut k = 1.0;
    for v in &q {
        s += v * k;
        k *= 0.5;
    }
    s
}
#[test]
fn gradients() {
    for xs in [&[][..], &[0.4], &[0.3, 0.6, 0.2, 0.9, 0.5]] {
        for w in [1, 2, 3] {
            assert_gradient!(window(xs, 0.7, w));
            assert_gradient!(sliding_max(xs, w));
        }
        assert_gradient!(delay(xs, 0.3));
        assert_gradient!(front(xs));
    }
    assert_gradient!(bfs(
        &[0.3, 0.2, 0.9, 0.1],
        &[(0, 2), (0, 1), (1, 3), (3, 2)]
    ));
}
