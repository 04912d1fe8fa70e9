//! State in structs, arrays of arrays, options and tuples.

macro_rules! functions {
    ($name:ident [$($on:tt)*] [$($each:tt)*] [$($bound:tt)*]) => {
        $($on)*
        #[allow(unused, clippy::all)]
        pub mod $name {
            // A struct with a vector inside, updated in a loop.
            #[derive(Clone, Debug, tapeless::Differentiable)]
            pub struct Chain {
                nodes: Vec<f64>,
                gain: f64,
                count: usize,
            }
            $($each)*
            pub fn relax_chain(chain: &mut Chain, rate: f64) {
                let len = chain.nodes.len();
                $($bound)*
                for i in 1..len {
                    let left = chain.nodes[i - 1];
                    chain.nodes[i] += rate * (left - chain.nodes[i]) * chain.gain;
                }
                chain.gain *= 1.0 + 0.01 * rate;
                chain.count += 1;
            }
            $($each)*
            pub fn chain_energy(chain: &Chain) -> f64 {
                let mut e = 0.0;
                $($bound)*
                for i in 1..chain.nodes.len() {
                    let d = chain.nodes[i] - chain.nodes[i - 1];
                    e += d * d * chain.gain;
                }
                e + chain.count as f64
            }
            $($each)*
            pub fn chains(x: &[f64], n: usize) -> f64 {
                let mut chain = Chain { nodes: x.to_vec(), gain: 1.5, count: 0 };
                let mut total = 0.0;
                $($bound)*
                for step in 0..n {
                    relax_chain(&mut chain, 0.3 + 0.1 * step as f64);
                    total += chain_energy(&chain);
                }
                total + chain.gain * chain.nodes.iter().map(|v| v.sin()).sum::<f64>()
            }

            // Struct of arrays of structs.
            #[derive(Clone, Copy, Debug, tapeless::Differentiable)]
            pub struct Body {
                at: [f64; 2],
                v: [f64; 2],
                m: f64,
            }
            $($each)*
            pub fn kick(bodies: &mut [Body], h: f64) {
                $($bound)*
                for i in 0..bodies.len() {
                    $($bound)*
                    for j in 0..bodies.len() {
                        if i == j {
                            continue;
                        }
                        let d = [bodies[j].at[0] - bodies[i].at[0], bodies[j].at[1] - bodies[i].at[1]];
                        let r2 = d[0] * d[0] + d[1] * d[1] + 0.5;
                        let f = bodies[j].m / (r2 * r2.sqrt());
                        $($bound)*
                        for k in 0..2 {
                            bodies[i].v[k] += h * f * d[k];
                        }
                    }
                }
                $($bound)*
                for b in bodies.iter_mut() {
                    $($bound)*
                    for k in 0..2 {
                        b.at[k] += h * b.v[k];
                    }
                }
            }
            $($each)*
            pub fn gravity(x: &[f64], n: usize) -> f64 {
                let mut bodies = Vec::with_capacity(x.len());
                $($bound)*
                for (i, v) in x.iter().enumerate() {
                    bodies.push(Body { at: [*v, i as f64], v: [0.0, v * 0.5], m: 1.0 + v * v });
                }
                $($bound)*
                for _ in 0..n {
                    kick(&mut bodies, 0.1);
                }
                let mut e = 0.0;
                $($bound)*
                for b in &bodies {
                    e += b.m * (b.v[0] * b.v[0] + b.v[1] * b.v[1]) + b.at[0];
                }
                e
            }

            // Struct fields as slices passed with another field.
            #[derive(Clone, Debug, tapeless::Differentiable)]
            pub struct Filter {
                taps: Vec<f64>,
                line: Vec<f64>,
                gain: f64,
                at: usize,
            }
            $($each)*
            pub fn push_through(f: &mut Filter, v: f64) -> f64 {
                let len = f.line.len();
                f.line[f.at] = v * f.gain;
                f.at = (f.at + 1) % len;
                let mut s = 0.0;
                $($bound)*
                for k in 0..f.taps.len() {
                    s += f.taps[k] * f.line[(f.at + k) % len];
                }
                f.gain += 0.01 * s;
                s
            }
            $($each)*
            pub fn filtered(x: &[f64], n: usize) -> f64 {
                let mut f = Filter { taps: vec![0.5, 0.25, 0.125], line: vec![0.1; n + 1], gain: 1.2, at: 0 };
                let mut out = Vec::new();
                $($bound)*
                for v in x {
                    let y = push_through(&mut f, *v);
                    if y > 0.3 {
                        f.taps[0] *= y;
                    }
                    out.push(y);
                }
                let e: f64 = out.iter().map(|y| y * y).sum();
                e + f.gain * f.taps[0]
            }

            // Generic with const arrays of arrays passed by value.
            $($each)*
            pub fn transform(m: [[f64; 2]; 2], v: [f64; 2]) -> [f64; 2] {
                let mut out = [0.0; 2];
                $($bound)*
                for (o, row) in out.iter_mut().zip(m) {
                    $($bound)*
                    for (a, b) in row.iter().zip(&v) {
                        *o += a * b;
                    }
                }
                out
            }
            $($each)*
            pub fn spiral(x: &[f64], n: usize) -> f64 {
                let mut v = [1.0, 0.5];
                $($bound)*
                for pair in x.chunks_exact(2) {
                    let [a, b] = [pair[0], pair[1]];
                    let m = [[a.cos(), -b.sin()], [b.sin(), a.cos()]];
                    $($bound)*
                    for _ in 0..n {
                        v = transform(m, v);
                    }
                }
                v[0] * v[1] + v[0]
            }

            // A generic const function over arrays, returned by value, called twice on shared data.
            $($each)*
            pub fn rotate(a: &[f64; 3], by: usize) -> [f64; 3] {
                let mut out = *a;
                out.rotate_left(by % 3);
                $($bound)*
                for i in 0..3 {
                    out[i] = out[i] * a[i];
                }
                out
            }
            $($each)*
            pub fn rotated(x: &[f64], n: usize) -> f64 {
                let mut a = [0.5, 1.5, 2.5];
                $($bound)*
                for (i, v) in x.iter().enumerate() {
                    a[i % 3] += v;
                    let b = rotate(&a, n + i);
                    a = rotate(&b, i);
                    $($bound)*
                    for v in a.iter_mut() {
                        *v = 0.5 * v.sin() + 0.3;
                    }
                }
                a[0] * a[1] * a[2]
            }

            // Matrix product, flattened, with a square in place.
            $($each)*
            pub fn power_of_matrix(x: &[f64], n: usize) -> f64 {
                let mut m = [[0.0; 3]; 3];
                $($bound)*
                for (i, v) in x.iter().enumerate().take(9) {
                    m[i / 3][i % 3] = *v;
                }
                let mut p = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];
                $($bound)*
                for _ in 0..n {
                    let mut next = [[0.0; 3]; 3];
                    $($bound)*
                    for i in 0..3 {
                        $($bound)*
                        for j in 0..3 {
                            $($bound)*
                            for k in 0..3 {
                                next[i][j] += p[i][k] * m[k][j];
                            }
                        }
                    }
                    p = next;
                }
                let mut t = 0.0;
                $($bound)*
                for i in 0..3 {
                    t += p[i][i] * (i as f64 + 1.0) + p[0][i];
                }
                t
            }

            // Arrays of arrays, moved whole rows, swap of rows.
            $($each)*
            pub fn pivoted(x: &[f64], n: usize) -> f64 {
                let mut m = [[0.0; 3]; 3];
                $($bound)*
                for i in 0..3 {
                    $($bound)*
                    for j in 0..3 {
                        m[i][j] = x.get((i * 2 + j + n) % x.len().max(1)).copied().unwrap_or(0.2) + (i * j) as f64 * 0.3;
                    }
                }
                m[0][0] += 0.01;
                let mut det = 1.0;
                $($bound)*
                for c in 0..3 {
                    let mut p = c;
                    $($bound)*
                    for r in c + 1..3 {
                        if m[r][c].abs() > m[p][c].abs() {
                            p = r;
                        }
                    }
                    if p != c {
                        m.swap(p, c);
                        det = -det;
                    }
                    if m[c][c].abs() < 1e-6 {
                        return 0.0;
                    }
                    det *= m[c][c];
                    $($bound)*
                    for r in c + 1..3 {
                        let f = m[r][c] / m[c][c];
                        $($bound)*
                        for k in c..3 {
                            m[r][k] -= f * m[c][k];
                        }
                    }
                }
                det
            }

            // Option carried through a loop.
            $($each)*
            pub fn last_seen(x: &[f64], n: usize) -> f64 {
                let mut last: Option<f64> = None;
                let mut s = 0.0;
                $($bound)*
                for (i, &v) in x.iter().enumerate() {
                    if let Some(l) = last {
                        s += (v - l) * (v - l);
                    }
                    if i % 2 == n % 2 {
                        last = Some(v * s.cos());
                    }
                }
                s + last.unwrap_or(0.7)
            }

            // Shadowed mutable in arms, option of tuples.
            $($each)*
            pub fn pairs(x: &[f64], n: usize) -> f64 {
                let mut best: Option<(usize, f64)> = None;
                $($bound)*
                for (i, &v) in x.iter().enumerate() {
                    best = match best {
                        None => Some((i, v)),
                        Some((_, b)) if v > b => Some((i, v * 1.5)),
                        Some((j, b)) if i > n => Some((j, b * 0.9 + v * 0.1)),
                        keep => keep,
                    };
                }
                match best {
                    Some((i, v)) => v * v * (i as f64 + 1.0),
                    None => 4.0,
                }
            }

            // Ring buffer.
            $($each)*
            pub fn ring(x: &[f64], n: usize) -> f64 {
                let mut buf = [0.1, 0.2, 0.3];
                let mut pos = n % 3;
                let mut y = 0.0;
                $($bound)*
                for &v in x {
                    let old = buf[pos];
                    buf[pos] = v * buf[(pos + 1) % 3] + 0.1 * old;
                    y += buf[pos] * old;
                    pos = (pos + 1) % 3;
                }
                y * buf[0] + buf[2]
            }
        }
    };
}

under_each_bound! {
    functions:
    (chains, chains_value_and_grad)
    (gravity, gravity_value_and_grad)
    (filtered, filtered_value_and_grad)
    (spiral, spiral_value_and_grad)
    (rotated, rotated_value_and_grad)
    (power_of_matrix, power_of_matrix_value_and_grad)
    (pivoted, pivoted_value_and_grad)
    (last_seen, last_seen_value_and_grad)
    (pairs, pairs_value_and_grad)
    (ring, ring_value_and_grad)
}
