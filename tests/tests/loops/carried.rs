//! What loops carry: scalars, arrays, tuples, structs, vectors.

use tapeless::{differentiate, Differentiable};

#[differentiate]
fn scalars(x: f64, k: f64, n: usize) -> f64 {
    let (mut a, mut b, mut c) = (x, k, 0.0);
    for i in 0..n {
        let t = a;
        a = (b * k).sin();
        b = t + c;
        c += a * b / (i + 1) as f64;
    }
    a + b * c
}

#[differentiate]
fn arrays(x: &[f64; 3], n: usize) -> f64 {
    let mut a = *x;
    for _ in 0..n {
        a = [a[1] * a[2], a[0].sin(), a[0] + a[1]];
    }
    a[0] * a[1] + a[2]
}

#[differentiate]
fn tuples(x: f64, k: f64, n: usize) -> f64 {
    let mut s = (x, k);
    for _ in 0..n {
        s = ((s.0 * s.1).sin(), s.1 + s.0.cos());
    }
    s.0 + s.1
}

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Body {
    position: [f64; 2],
    speed: [f64; 2],
    mass: f64,
}

#[differentiate]
fn structs(b: Body, dt: f64, n: usize) -> f64 {
    let mut b = b;
    for _ in 0..n {
        let r2 = b.position[0] * b.position[0] + b.position[1] * b.position[1];
        let f = -b.mass / (r2 * r2.sqrt());
        for k in 0..2 {
            b.speed[k] += dt * f * b.position[k];
            b.position[k] += dt * b.speed[k];
        }
        b.mass *= 1.0 - 0.1 * dt;
    }
    b.position[0] * b.speed[1] - b.position[1] * b.speed[0]
}

#[differentiate]
fn struct_update(b: Body, dt: f64, n: usize) -> f64 {
    let mut b = b;
    for _ in 0..n {
        b = Body {
            mass: b.mass * b.speed[0].sin() + dt,
            ..b
        };
        b.speed = [b.speed[1] * b.mass, b.speed[0]];
    }
    b.mass * b.speed[0] + b.position[1]
}

#[differentiate]
fn vectors(x: &[f64], k: f64, n: usize) -> f64 {
    let mut state = x.to_vec();
    for _ in 0..n {
        let mut next = vec![0.0; state.len()];
        for i in 0..state.len() {
            let left = if i == 0 { 0.0 } else { state[i - 1] };
            next[i] = state[i] + k * (left - state[i]) * state[i];
        }
        state.copy_from_slice(&next);
    }
    let mut total = 0.0;
    for v in &state {
        total += v * v;
    }
    total
}

#[differentiate]
fn accumulators(x: &[f64], k: f64) -> f64 {
    let (mut sum, mut squares, mut product) = (0.0, 0.0, 1.0);
    for v in x {
        sum += v * k;
        squares += v * v;
        product *= v + 2.0;
    }
    sum * sum / (squares + 1.0) + product
}

#[differentiate]
fn best(x: &[f64]) -> f64 {
    let mut best = f64::NEG_INFINITY;
    let mut at = 0;
    for (i, &v) in x.iter().enumerate() {
        if v * v > best {
            best = v * v;
            at = i;
        }
    }
    if x.is_empty() {
        return 0.0;
    }
    best * x[at] * (at + 1) as f64
}

#[differentiate]
fn maybe(x: &[f64], k: f64) -> f64 {
    let mut last = None;
    let mut y = k;
    for &v in x {
        if let Some(w) = last {
            y += v * w;
        }
        last = Some(v * y);
    }
    match last {
        Some(v) => v * k,
        None => k,
    }
}

#[differentiate]
fn random_walk(x: f64, n: usize) -> f64 {
    let mut seed = 12_345_u64;
    let mut y = x;
    for _ in 0..n {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let step = (seed >> 40) as f64 / 16_777_216.0;
        if seed & 4 == 0 {
            y *= x + step;
        } else {
            y = y.sin() + step * x;
        }
    }
    y
}

#[test]
fn carried() {
    let body = Body {
        position: [1.0, 0.2],
        speed: [0.1, 0.9],
        mass: 1.3,
    };
    for n in [0, 1, 2, 10] {
        check!(scalars, scalars_value_and_grad, (0.7, 0.9, n));
        check!(arrays, arrays_value_and_grad, (&[0.7, 0.9, 0.4], n));
        check!(tuples, tuples_value_and_grad, (0.7, 0.9, n.min(4)));
        check!(structs, structs_value_and_grad, (body, 0.05, n));
        check!(struct_update, struct_update_value_and_grad, (body, 0.05, n));
        check!(vectors, vectors_value_and_grad, (&[0.7, 0.9, -0.4], 0.3, n));
        check!(vectors, vectors_value_and_grad, (&[], 0.3, n));
        check!(random_walk, random_walk_value_and_grad, (0.7, n));
    }
    let x = [0.5, -0.3, 1.2, 0.7, -2.5];
    for n in 0..=x.len() {
        check!(accumulators, accumulators_value_and_grad, (&x[..n], 0.7));
        check!(best, best_value_and_grad, (&x[..n]));
        check!(maybe, maybe_value_and_grad, (&x[..n], 0.7));
    }
}
