//! Vectors that grow, shrink, change places, and go through functions.

macro_rules! functions {
    ($name:ident [$($on:tt)*] [$($each:tt)*] [$($bound:tt)*]) => {
        $($on)*
        #[allow(unused, clippy::all)]
        pub mod $name {
            // While let over a stack.
            $($each)*
            pub fn stack(x: &[f64], n: usize) -> f64 {
                let mut stack = x.to_vec();
                let mut acc = 1.0;
                let mut pushed = 0;
                $($bound)*
                while let Some(top) = stack.pop() {
                    acc = (acc * top).sin() + 0.2 * top;
                    if pushed < n && top > 0.3 {
                        stack.push(top * 0.5 * acc);
                        pushed += 1;
                    }
                }
                acc
            }

            // Grows and shrinks in one loop, leaves with break value from deep inside.
            $($each)*
            pub fn queue(x: &[f64], n: usize) -> f64 {
                let mut q: Vec<f64> = Vec::new();
                let mut s = 0.4;
                let mut i = 0;
                $($bound)*
                loop {
                    if i < x.len() {
                        q.push(x[i] * s);
                    } else if q.is_empty() {
                        break;
                    }
                    if i % (n + 2) == 1 {
                        if let Some(v) = q.pop() {
                            s = (s + v).sin();
                        }
                    }
                    if i >= x.len() {
                        let Some(v) = q.pop() else { break };
                        s *= 1.0 + 0.2 * v;
                    }
                    i += 1;
                }
                s
            }

            // Nested vectors.
            $($each)*
            pub fn rows(x: &[f64], n: usize) -> f64 {
                let mut rows: Vec<Vec<f64>> = Vec::new();
                $($bound)*
                for i in 0..n {
                    let mut row = Vec::new();
                    $($bound)*
                    for (j, v) in x.iter().enumerate() {
                        if j >= i {
                            row.push(v * (1.0 + i as f64));
                        }
                    }
                    rows.push(row);
                }
                let mut s = 0.0;
                $($bound)*
                for row in &rows {
                    let mut p = 1.0;
                    $($bound)*
                    for v in row {
                        p *= v;
                    }
                    s += p;
                }
                s
            }

            // Extend, truncate, remove-like.
            $($each)*
            pub fn growing(x: &[f64], n: usize) -> f64 {
                let mut v = Vec::with_capacity(4);
                $($bound)*
                for k in 0..n {
                    v.extend_from_slice(x);
                    if v.len() > 6 {
                        v.truncate(6);
                    }
                    $($bound)*
                    for (i, e) in v.iter_mut().enumerate() {
                        *e *= 1.0 + 0.1 * (i + k) as f64;
                    }
                }
                v.iter().fold(1.0, |p, e| p * (1.0 + 0.1 * e))
            }

            // Take and replace.
            $($each)*
            pub fn moved(x: &[f64], n: usize) -> f64 {
                let mut a = x.to_vec();
                let mut b = vec![0.5; x.len()];
                $($bound)*
                for k in 0..n {
                    let c: Vec<f64> = a.iter().zip(&b).map(|(p, q)| p * q + 0.1).collect();
                    b = a;
                    a = c;
                    if k == 3 {
                        std::mem::swap(&mut a, &mut b);
                    }
                }
                let (p, q) = (a, b);
                p.iter().zip(q.iter()).map(|(u, v)| u * u * v).sum()
            }

            // Windows and a carried closure.
            $($each)*
            pub fn smooth(x: &[f64], n: usize) -> f64 {
                let mut y = x.to_vec();
                $($bound)*
                for r in 0..n {
                    let w = 0.3 / (r as f64 + 1.0);
                    let mid = |a: f64, b: f64, c: f64| b + w * (a - 2.0 * b + c) * y.len() as f64 * 0.1;
                    let next: Vec<f64> = y.windows(3).map(|t| mid(t[0], t[1], t[2])).collect();
                    let len = y.len();
                    if len >= 2 {
                        y[1..len - 1].copy_from_slice(&next);
                    }
                    $($bound)*
                    for v in &mut y {
                        *v = v.tanh() * 1.1;
                    }
                }
                y.iter().enumerate().map(|(i, v)| v * (i as f64 - 1.5)).sum()
            }

            // Two slices mutated by a helper with overlapping source copies.
            $($each)*
            pub fn axpy(a: f64, x: &[f64], y: &mut [f64]) {
                $($bound)*
                for (y, x) in y.iter_mut().zip(x) {
                    *y += a * x;
                }
            }
            $($each)*
            pub fn scale(a: &mut [f64], by: f64) -> f64 {
                let mut n = 0.0;
                $($bound)*
                for v in a.iter_mut() {
                    *v *= by;
                    n += *v * *v;
                }
                n
            }
            $($each)*
            pub fn helpers(x: &[f64], n: usize) -> f64 {
                let mut y = vec![1.0; x.len()];
                let mut z = x.to_vec();
                let mut s = 0.0;
                $($bound)*
                for i in 0..n {
                    axpy(0.5 + i as f64, &z, &mut y);
                    s += scale(&mut z, 0.9);
                    axpy(s, &y, &mut z);
                    if s > 50.0 {
                        break;
                    }
                }
                let k = z.len() / 2;
                axpy(2.0, &y[..k], &mut z[k..]);
                s * 0.01 + z.iter().zip(&y).map(|(a, b)| a * b * 0.1).sum::<f64>()
            }

            // Same slice twice, and parts of itself.
            $($each)*
            pub fn combine(a: &[f64], b: &[f64], out: &mut [f64]) {
                $($bound)*
                for i in 0..out.len() {
                    out[i] = a[i] * b[b.len() - 1 - i] + out[i];
                }
            }
            $($each)*
            pub fn selfish(x: &[f64], n: usize) -> f64 {
                let mut y = vec![0.25; x.len()];
                $($bound)*
                for k in 0..n {
                    combine(x, x, &mut y);
                    let c = y.clone();
                    combine(&c, &y.clone(), &mut y);
                    if k == 2 {
                        break;
                    }
                    $($bound)*
                    for v in y.iter_mut() {
                        *v = v.tanh();
                    }
                }
                y.iter().enumerate().map(|(i, v)| v * (i as f64 + 0.5)).sum()
            }

            // Recursion over mutable halves.
            $($each)*
            pub fn sift(a: &mut [f64], depth: usize) -> f64 {
                if a.len() < 2 || depth == 0 {
                    return a.iter().sum();
                }
                let mid = a.len() / 2;
                let (l, r) = a.split_at_mut(mid);
                let p = sift(l, depth - 1);
                let q = sift(r, depth - 1);
                l[0] += 0.1 * q;
                r[0] *= 1.0 + 0.1 * p;
                p * q + a[mid]
            }
            $($each)*
            pub fn halved(x: &[f64], n: usize) -> f64 {
                let mut a = x.to_vec();
                let s = sift(&mut a, n);
                s + a.iter().map(|v| v * v).sum::<f64>()
            }

            // Cholesky in a Vec<Vec<f64>>.
            $($each)*
            pub fn cholesky(x: &[f64], n: usize) -> f64 {
                let m = x.len().min(4);
                let mut a = vec![vec![0.0; m]; m];
                $($bound)*
                for i in 0..m {
                    $($bound)*
                    for j in 0..m {
                        a[i][j] = x[i] * x[j] + if i == j { 1.5 + n as f64 } else { 0.0 };
                    }
                }
                let mut l = vec![vec![0.0; m]; m];
                $($bound)*
                for i in 0..m {
                    $($bound)*
                    for j in 0..=i {
                        let mut s = a[i][j];
                        $($bound)*
                        for k in 0..j {
                            s -= l[i][k] * l[j][k];
                        }
                        if i == j {
                            l[i][i] = s.sqrt();
                        } else {
                            l[i][j] = s / l[j][j];
                        }
                    }
                }
                let mut d = 0.0;
                $($bound)*
                for (i, row) in l.iter().enumerate() {
                    d += row[i].ln();
                }
                d
            }
        }
    };
}

under_each_bound! {
    functions:
    (stack, stack_value_and_grad)
    (queue, queue_value_and_grad)
    (rows, rows_value_and_grad)
    (growing, growing_value_and_grad)
    (moved, moved_value_and_grad)
    (smooth, smooth_value_and_grad)
    (helpers, helpers_value_and_grad)
    (selfish, selfish_value_and_grad)
    (halved, halved_value_and_grad)
    (cholesky, cholesky_value_and_grad)
}
