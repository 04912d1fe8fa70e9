//! Sums and other accumulators, read when they should not be.

macro_rules! functions {
    ($name:ident [$($on:tt)*] [$($each:tt)*] [$($bound:tt)*]) => {
        $($on)*
        #[allow(unused, clippy::all)]
        pub mod $name {
            // Accumulates into an array by computed index, reads it in later iteration.
            $($each)*
            pub fn histogram(x: &[f64], n: usize) -> f64 {
                let mut h = [0.0; 4];
                $($bound)*
                for (i, v) in x.iter().enumerate() {
                    let b = (i * (n + 1)) % 4;
                    h[b] += v * v;
                    if i % 3 == 2 {
                        h[(b + 1) % 4] *= h[b];
                    }
                }
                h[0] * h[1] + h[2] - h[3]
            }

            // Out of an inner block with shadowing.
            $($each)*
            pub fn shadowed(x: &[f64], n: usize) -> f64 {
                let y = x.iter().sum::<f64>();
                let y = {
                    let mut y = y * 0.5;
                    $($bound)*
                    for x in x {
                        let y2 = y * x;
                        y = { let y = y2 + 1.0; y * y * 0.1 };
                    }
                    y
                };
                let f = |v: f64| v * y + n as f64;
                f(y) - f(2.0) * y.tanh()
            }

            // Max by fold, with state afterwards.
            $($each)*
            pub fn softmax(x: &[f64], n: usize) -> f64 {
                if x.is_empty() {
                    return 0.0;
                }
                let top = x.iter().cloned().fold(f64::NEG_INFINITY, f64::max);
                let e: Vec<f64> = x.iter().map(|v| (v - top).exp()).collect();
                let z: f64 = e.iter().sum();
                let p: Vec<f64> = e.iter().map(|v| v / z).collect();
                let k = n % x.len();
                -p[k].ln() + p.iter().map(|p| p * p.ln()).sum::<f64>()
            }

            // Recursion.
            $($each)*
            pub fn recurse(x: &[f64], n: usize) -> f64 {
                if x.is_empty() {
                    return 1.0;
                }
                if x.len() == 1 {
                    return 0.5 * x[0] * x[0] + 0.1 * n as f64;
                }
                let mid = x.len() / 2;
                let l = recurse(&x[..mid], n);
                let r = recurse(&x[mid..], n + 1);
                l * r + (l - r).sin()
            }

            // Min_by, position-like search, then use of the index.
            $($each)*
            pub fn nearest(x: &[f64], n: usize) -> f64 {
                let mut total = 0.0;
                let mut used = vec![false; x.len()];
                $($bound)*
                for k in 0..n {
                    let target = k as f64 * 0.37;
                    let mut best = usize::MAX;
                    let mut dist = f64::INFINITY;
                    $($bound)*
                    for (i, v) in x.iter().enumerate() {
                        let d = (v - target).abs();
                        if !used[i] && d < dist {
                            dist = d;
                            best = i;
                        }
                    }
                    if best == usize::MAX {
                        break;
                    }
                    used[best] = true;
                    total += dist * x[best];
                }
                total
            }

            // Accumulators that read each other.
            $($each)*
            pub fn entangled(x: &[f64], n: usize) -> f64 {
                let (mut s, mut p) = (0.0, 0.0);
                $($bound)*
                for (i, v) in x.iter().enumerate() {
                    s += v * v;
                    p += s * v;
                    if i > n {
                        s -= p * 0.1;
                    }
                }
                p
            }

            // A sum that is restarted.
            $($each)*
            pub fn restarted(x: &[f64], n: usize) -> f64 {
                let mut s = 0.0;
                let mut out = 1.0;
                $($bound)*
                for (i, v) in x.iter().enumerate() {
                    if i % (n + 1) == 0 {
                        out *= 1.0 + s;
                        s = 0.0;
                    }
                    s += v * v;
                }
                out + s
            }

            // Index out of a float.
            $($each)*
            pub fn table(x: &[f64], n: usize) -> f64 {
                let t: Vec<f64> = (0..8).map(|i| (i as f64 * 0.7 + n as f64).sin()).collect();
                let mut s = 0.0;
                let mut w = vec![0.0; 8];
                $($bound)*
                for v in x {
                    let u = (v + 1.0) * 2.0;
                    let i = (u as usize).min(6);
                    let f = u - i as f64;
                    s += t[i] * (1.0 - f) + t[i + 1] * f;
                    w[i] += s * f;
                }
                s + w.iter().map(|w| w * w).sum::<f64>()
            }

            // Closures which mutate.
            $($each)*
            pub fn mutating(x: &[f64], n: usize) -> f64 {
                let mut s = 0.1;
                let mut seen = 0;
                x.iter().for_each(|v| {
                    s = s * v + 0.2;
                    seen += 1;
                });
                let mut add = |v: f64| s += v * v;
                add(2.0);
                add(x.len() as f64 * 0.1);
                s * seen as f64 + n as f64 * s
            }

            // Scan by fold with tuple state.
            $($each)*
            pub fn folded(x: &[f64], n: usize) -> f64 {
                let (a, b, _) = x.iter().rev().fold((1.0, 0.0, n), |(a, b, k), v| {
                    if k == 0 { (a, b + v * a, 0) } else { (a * v + b, b + a, k - 1) }
                });
                a * b
            }
        }
    };
}

under_each_bound! {
    functions:
    (histogram, histogram_value_and_grad)
    (shadowed, shadowed_value_and_grad)
    (softmax, softmax_value_and_grad)
    (recurse, recurse_value_and_grad)
    (nearest, nearest_value_and_grad)
    (entangled, entangled_value_and_grad)
    (restarted, restarted_value_and_grad)
    (table, table_value_and_grad)
    (mutating, mutating_value_and_grad)
    (folded, folded_value_and_grad)
}
