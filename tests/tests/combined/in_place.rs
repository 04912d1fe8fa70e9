//! Elements overwritten where others are still to be read.

macro_rules! functions {
    ($name:ident [$($on:tt)*] [$($each:tt)*] [$($bound:tt)*]) => {
        $($on)*
        #[allow(unused, clippy::all)]
        pub mod $name {
            // In place with shifting indices.
            $($each)*
            pub fn shift_in_place(x: &[f64], n: usize) -> f64 {
                let mut a = x.to_vec();
                let len = a.len();
                $($bound)*
                for k in 0..n {
                    $($bound)*
                    for i in 0..len {
                        let j = (i + k) % len;
                        let l = (i * 2 + 1) % len;
                        a[j] = a[j] * a[l] + 0.3 * a[i];
                    }
                }
                let mut s = 0.0;
                $($bound)*
                for (i, v) in a.iter().enumerate() {
                    s += v * (i as f64 + 1.0);
                }
                s
            }

            // Swap of elements and reads across.
            $($each)*
            pub fn bubble(x: &[f64], n: usize) -> f64 {
                let mut a = x.to_vec();
                $($bound)*
                for _ in 0..n {
                    $($bound)*
                    for i in 1..a.len() {
                        if a[i - 1] > a[i] {
                            a.swap(i - 1, i);
                        } else {
                            a[i] += 0.1 * a[i - 1] * a[i];
                        }
                    }
                }
                let mut w = 1.0;
                let mut s = 0.0;
                $($bound)*
                for v in &a {
                    s += w * v * v;
                    w *= 1.5;
                }
                s
            }

            // Slices of slices and split_at_mut.
            $($each)*
            pub fn halves(x: &[f64], n: usize) -> f64 {
                let mut a = x.to_vec();
                let mid = a.len() / 2;
                $($bound)*
                for _ in 0..n {
                    let (lo, hi) = a.split_at_mut(mid);
                    $($bound)*
                    for (l, h) in lo.iter_mut().zip(hi.iter_mut()) {
                        let t = *l;
                        *l = t * *h;
                        *h += t;
                    }
                    let part = &a[mid..];
                    let tail = &part[part.len().min(1)..];
                    let mut s = 0.0;
                    $($bound)*
                    for v in tail {
                        s += v * v;
                    }
                    a[0] = a[0] * 0.5 + s.sqrt() * 0.0 + s * 0.1;
                }
                a.iter().sum()
            }

            // Prefix sums, then differences of what was overwritten.
            $($each)*
            pub fn prefix(x: &[f64], n: usize) -> f64 {
                let mut a = x.to_vec();
                $($bound)*
                for i in 1..a.len() {
                    a[i] += a[i - 1] * 0.9;
                }
                $($bound)*
                for i in (1..a.len()).rev() {
                    a[i] = a[i] * a[i - 1] - x[i];
                }
                let mut best = 0.0;
                $($bound)*
                for (i, v) in a.iter().enumerate() {
                    if i % (n + 1) == 0 {
                        best += v * x[x.len() - 1 - i];
                    }
                }
                best
            }

            // Chunks with in place and a temporary.
            $($each)*
            pub fn chunked(x: &[f64], n: usize) -> f64 {
                let mut a = x.to_vec();
                let mut carry = 0.0;
                $($bound)*
                for chunk in a.chunks_exact_mut(2) {
                    let t = chunk[0];
                    chunk[0] = chunk[1] * t + carry;
                    chunk[1] = t - chunk[0];
                    carry = chunk[1] * 0.5;
                    if n > 3 {
                        break;
                    }
                }
                let mut s = carry;
                $($bound)*
                for c in a.chunks(3) {
                    let mut p = 1.0;
                    $($bound)*
                    for v in c {
                        p *= 1.0 + v;
                    }
                    s += p;
                }
                s
            }

            // Triangular solve in place, forward substitution on a flattened matrix.
            $($each)*
            pub fn substitute(x: &[f64], n: usize) -> f64 {
                let m = 3;
                let mut l = vec![0.0; m * m];
                $($bound)*
                for i in 0..m {
                    $($bound)*
                    for j in 0..=i {
                        l[i * m + j] = if i == j { 2.0 + x.get(i).copied().unwrap_or(0.5).cos() } else { x.get(j).copied().unwrap_or(0.1) };
                    }
                }
                let mut b = [1.0, 2.0, n as f64];
                $($bound)*
                for i in 0..m {
                    $($bound)*
                    for j in 0..i {
                        b[i] -= l[i * m + j] * b[j];
                    }
                    b[i] /= l[i * m + i];
                }
                b[0] * b[1] + b[2]
            }

            // Tridiagonal solver (Thomas) with carried arrays.
            $($each)*
            pub fn thomas(x: &[f64], n: usize) -> f64 {
                let len = x.len();
                let mut c = vec![0.0; len];
                let mut d = vec![0.0; len];
                $($bound)*
                for i in 0..len {
                    let diag = 4.0 + x[i] * x[i];
                    let below = if i > 0 { x[i - 1] } else { 0.0 };
                    let m = if i > 0 { diag - below * c[i - 1] } else { diag };
                    c[i] = (1.0 + 0.1 * n as f64) / m;
                    d[i] = if i > 0 { (x[i] - below * d[i - 1]) / m } else { x[i] / m };
                }
                $($bound)*
                for i in (0..len.saturating_sub(1)).rev() {
                    d[i] = d[i] - c[i] * d[i + 1];
                }
                d.iter().map(|v| v * v).sum()
            }

            // Nested slices of a matrix stored flat with rows mutably borrowed.
            $($each)*
            pub fn eliminate(x: &[f64], n: usize) -> f64 {
                let m = 3;
                let mut a = [0.0; 12];
                $($bound)*
                for i in 0..m {
                    $($bound)*
                    for j in 0..4 {
                        a[i * 4 + j] = x.get((i + j) % x.len().max(1)).copied().unwrap_or(0.3) + if i == j { 4.0 + n as f64 } else { 0.0 };
                    }
                }
                $($bound)*
                for p in 0..m {
                    let (top, bottom) = a.split_at_mut((p + 1) * 4);
                    let pivot = &top[p * 4..];
                    $($bound)*
                    for row in bottom.chunks_exact_mut(4) {
                        let f = row[p] / pivot[p];
                        $($bound)*
                        for (r, q) in row.iter_mut().zip(pivot) {
                            *r -= f * q;
                        }
                    }
                }
                let mut sol = [0.0; 3];
                $($bound)*
                for i in (0..m).rev() {
                    let mut s = a[i * 4 + 3];
                    $($bound)*
                    for j in i + 1..m {
                        s -= a[i * 4 + j] * sol[j];
                    }
                    sol[i] = s / a[i * 4 + i];
                }
                sol[0] + 2.0 * sol[1] * sol[2]
            }

            // 2 i and 2 i + 1, i and i + 1.
            $($each)*
            pub fn butterflies(x: &[f64], n: usize) -> f64 {
                let mut a = x.to_vec();
                let mut h = 1;
                $($bound)*
                while h < a.len() {
                    let mut i = 0;
                    $($bound)*
                    while i + h < a.len() {
                        $($bound)*
                        for j in i..(i + h).min(a.len() - h) {
                            let (u, v) = (a[j], a[j + h]);
                            a[j] = u + v * 0.5;
                            a[j + h] = u * v;
                        }
                        i += 2 * h;
                    }
                    h *= 2;
                }
                $($bound)*
                for i in 0..a.len() / 2 {
                    a[2 * i] = a[2 * i + 1] * x[i];
                    a[2 * i + 1] = a[2 * i] + n as f64;
                }
                a.iter().sum()
            }

            // Elements written through a permutation, so that positions repeat.
            $($each)*
            pub fn scattered(x: &[f64], n: usize) -> f64 {
                let mut a = vec![1.0; x.len()];
                $($bound)*
                for i in 0..x.len() {
                    let j = (i * i + n) % x.len();
                    a[j] = a[j] * x[i] + 0.5;
                }
                let mut b = vec![0.0; x.len()];
                $($bound)*
                for i in 0..x.len() {
                    b[i / 2] = x[i] * a[i];
                }
                a.iter().zip(&b).map(|(p, q)| p * q + q).sum()
            }

            // Buffer filled up to one short.
            $($each)*
            pub fn almost(x: &[f64], n: usize) -> f64 {
                let mut tmp = vec![0.2; x.len() + 1];
                let mut total = 0.0;
                $($bound)*
                for r in 0..n {
                    $($bound)*
                    for i in 0..x.len() {
                        tmp[i] = x[i] * (r as f64 + 1.0) + 0.5 * tmp[i + 1];
                    }
                    let k = tmp.len() - 1;
                    tmp[k] = tmp[0].sin();
                    total += tmp.iter().map(|t| t * t).sum::<f64>();
                }
                total
            }

            // A buffer that is filled only under a condition and read afterwards anyway.
            $($each)*
            pub fn stale(x: &[f64], n: usize) -> f64 {
                let mut tmp = vec![0.2; x.len()];
                let mut total = 0.0;
                $($bound)*
                for r in 0..n {
                    $($bound)*
                    for (i, v) in x.iter().enumerate() {
                        if (i + r) % 2 == 0 {
                            tmp[i] = v * v + r as f64;
                        }
                    }
                    total += tmp.iter().zip(x).map(|(t, v)| t * v).sum::<f64>();
                    total = (total * total + 0.1).sqrt();
                }
                total
            }

            // Step_by and rev with writes.
            $($each)*
            pub fn strided(x: &[f64], n: usize) -> f64 {
                let mut a = x.to_vec();
                let len = a.len();
                $($bound)*
                for i in (0..len).rev().step_by(n + 1) {
                    if i > 0 {
                        a[i - 1] *= a[i];
                    }
                }
                $($bound)*
                for i in (0..len).step_by(2).rev() {
                    a[i] = a[i].sin() + if i + 1 < len { a[i + 1] } else { 0.0 };
                }
                a.iter().rev().skip(1).step_by(2).map(|v| v * v).sum::<f64>() + a.first().copied().unwrap_or(0.0)
            }

            // Continue before a store, index used after.
            $($each)*
            pub fn sparse(x: &[f64], n: usize) -> f64 {
                let mut out = vec![0.0; x.len()];
                let mut filled = 0;
                $($bound)*
                for i in 0..x.len() {
                    if i % 3 == n % 3 {
                        continue;
                    }
                    out[filled] = x[i] * 2.0 + if filled > 0 { out[filled - 1] } else { 0.0 };
                    filled += 1;
                }
                let mut p = 1.0;
                $($bound)*
                for v in &out[..filled] {
                    p *= 1.0 + 0.1 * v;
                }
                p
            }
        }
    };
}

under_each_bound! {
    functions:
    (shift_in_place, shift_in_place_value_and_grad)
    (bubble, bubble_value_and_grad)
    (halves, halves_value_and_grad)
    (prefix, prefix_value_and_grad)
    (chunked, chunked_value_and_grad)
    (substitute, substitute_value_and_grad)
    (thomas, thomas_value_and_grad)
    (eliminate, eliminate_value_and_grad)
    (butterflies, butterflies_value_and_grad)
    (scattered, scattered_value_and_grad)
    (almost, almost_value_and_grad)
    (stale, stale_value_and_grad)
    (strided, strided_value_and_grad)
    (sparse, sparse_value_and_grad)
}
