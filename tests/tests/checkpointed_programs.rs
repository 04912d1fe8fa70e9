//! `#[checkpoints(N)]`: the gradient of a loop is the same with few saved states as with all of them.

use tapeless::differentiate;

#[differentiate]
fn stored(x: f64, k: f64, n: usize) -> f64 {
    let mut y = x;
    for i in 0..n {
        y = (y * k + i as f64 * 0.01).sin() + y * x;
    }
    y
}

#[differentiate]
fn saved(x: f64, k: f64, n: usize) -> f64 {
    let mut y = x;
    #[checkpoints(4)]
    for i in 0..n {
        y = (y * k + i as f64 * 0.01).sin() + y * x;
    }
    y
}

fn close(a: f64, b: f64) {
    assert!(
        (a - b).abs() <= 1e-12 * a.abs().max(b.abs()).max(1.0),
        "{a} {b}"
    );
}

#[test]
fn counted() {
    for n in [0, 1, 2, 3, 10, 57] {
        let (value, a) = stored_value_and_grad(0.3, 0.7, n);
        let (other, b) = saved_value_and_grad(0.3, 0.7, n);
        assert_eq!(value, other);
        close(a.0, b.0);
        close(a.1, b.1);
    }
}

#[differentiate]
fn newton_stored(a: f64, tolerance: f64) -> f64 {
    let mut x = a;
    let mut steps = 0;
    while (x * x - a).abs() > tolerance {
        x = 0.7 * x + 0.3 * a / x;
        steps += 1;
    }
    x + steps as f64
}

#[differentiate]
fn newton_saved(a: f64, tolerance: f64) -> f64 {
    let mut x = a;
    let mut steps = 0;
    #[checkpoints(3)]
    while (x * x - a).abs() > tolerance {
        x = 0.7 * x + 0.3 * a / x;
        steps += 1;
    }
    x + steps as f64
}

#[test]
fn endless() {
    for tolerance in [1e3, 1.0, 1e-3, 1e-9] {
        let (value, a) = newton_stored_value_and_grad(7.0, tolerance);
        let (other, b) = newton_saved_value_and_grad(7.0, tolerance);
        assert_eq!(value, other);
        close(a.0, b.0);
        close(a.1, b.1);
    }
}

#[differentiate]
fn early_stored(x: f64, n: usize, limit: f64) -> f64 {
    let mut y = x;
    for i in (0..n).rev().step_by(2) {
        if y > limit {
            y *= 3.0;
            break;
        }
        if i % 3 == 0 {
            continue;
        }
        y += (y * x).cos() * i as f64;
    }
    y * x
}

#[differentiate]
fn early_saved(x: f64, n: usize, limit: f64) -> f64 {
    let mut y = x;
    #[checkpoints(2)]
    for i in (0..n).rev().step_by(2) {
        if y > limit {
            y *= 3.0;
            break;
        }
        if i % 3 == 0 {
            continue;
        }
        y += (y * x).cos() * i as f64;
    }
    y * x
}

#[test]
fn left_early() {
    for limit in [0.0, 3.0, 1e9] {
        for n in [0, 1, 7, 30] {
            let (value, a) = early_stored_value_and_grad(0.4, n, limit);
            let (other, b) = early_saved_value_and_grad(0.4, n, limit);
            assert_eq!(value, other);
            close(a.0, b.0);
        }
    }
}

#[differentiate]
fn nested_stored(x: f64, steps: usize) -> f64 {
    let mut a = [x, x * x, 1.0];
    let mut sum = 0.0;
    for t in 0..steps {
        for k in 0..3 {
            let next = a[(k + 1) % 3];
            a[k] = (a[k] * next).sin() + 0.1 * x * t as f64;
        }
        sum += a[0] * a[2];
    }
    sum * a[1]
}

#[differentiate]
fn nested_saved(x: f64, steps: usize) -> f64 {
    let mut a = [x, x * x, 1.0];
    let mut sum = 0.0;
    #[checkpoints(3)]
    for t in 0..steps {
        #[checkpoints(2)]
        for k in 0..3 {
            let next = a[(k + 1) % 3];
            a[k] = (a[k] * next).sin() + 0.1 * x * t as f64;
        }
        sum += a[0] * a[2];
    }
    sum * a[1]
}

#[differentiate]
fn inside_stored(x: f64, steps: usize) -> f64 {
    let mut y = x;
    for t in 0..steps {
        let scale = y.cos();
        let mut z = y;
        for _ in 0..t {
            z = (z * scale).sin() + x;
        }
        y += z * scale;
    }
    y
}

#[differentiate]
fn inside_saved(x: f64, steps: usize) -> f64 {
    let mut y = x;
    for t in 0..steps {
        let scale = y.cos();
        let mut z = y;
        #[checkpoints(2)]
        for _ in 0..t {
            z = (z * scale).sin() + x;
        }
        y += z * scale;
    }
    y
}

#[test]
fn nested() {
    for steps in [0, 1, 2, 9, 20] {
        let (value, a) = nested_stored_value_and_grad(0.4, steps);
        let (other, b) = nested_saved_value_and_grad(0.4, steps);
        assert_eq!(value, other);
        close(a, b);
        let (value, a) = inside_stored_value_and_grad(0.4, steps);
        let (other, b) = inside_saved_value_and_grad(0.4, steps);
        assert_eq!(value, other);
        close(a, b);
    }
}

/// A function with a rule of its own, which counts how often it runs.
mod counter {
    use std::cell::Cell;

    use tapeless::differentiate;

    thread_local!(pub static RUNS: Cell<usize> = const { Cell::new(0) });

    fn count() {
        RUNS.set(RUNS.get() + 1);
    }

    #[tapeless::derivative(x = 1.0 - 0.01 * x.cos())]
    pub fn step(x: f64) -> f64 {
        count();
        x - 0.01 * x.sin()
    }

    /// Nothing is allocated: the memory is that of 32 states, whatever the number of steps.
    #[differentiate(no_alloc)]
    pub fn pendulum(x: f64, steps: usize) -> f64 {
        let mut x = x;
        #[checkpoints(32)]
        for _ in 0..steps {
            x = step(x);
        }
        x
    }

    #[differentiate]
    pub fn pendulum_stored(x: f64, steps: usize) -> f64 {
        let mut x = x;
        for _ in 0..steps {
            x = step(x);
        }
        x
    }
}

/// How many ways there are to choose.
fn binomial(n: u64, k: u64) -> u64 {
    (1..=k).fold(1, |product, i| product * (n + 1 - i) / i)
}

/// The steps that a binomial schedule with so many places runs to reach the entry of each step, last to first: `r` per
/// step with the least `r` that does, less what the first of them save.
fn scheduled(steps: u64, places: u64) -> u64 {
    let r = (0..)
        .find(|&r| binomial(places + r, places) >= steps)
        .unwrap_or_default();
    r * steps - binomial(places + r, places + 1)
}

#[test]
fn a_hundred_thousand_steps() {
    let steps = 100_000;
    counter::RUNS.set(0);
    let d = counter::pendulum_grad(3.0, steps);
    let runs = counter::RUNS.get() as u64;
    close(d, counter::pendulum_stored_grad(3.0, steps));
    let (mut x, mut expected) = (3.0_f64, 1.0);
    for _ in 0..steps {
        expected *= 1.0 - 0.01 * x.cos();
        x -= 0.01 * x.sin();
    }
    close(d, expected);
    // Each step runs once more where it is reversed. The forward sweep goes to the end, although the schedule would
    // turn at the last step: a few are run that it does not count.
    let least = steps as u64 + scheduled(steps as u64, 32);
    let most = least + 32;
    assert!(least <= runs && runs <= most, "{least} <= {runs} <= {most}");
}

#[derive(tapeless::Differentiable, Clone, Copy, Debug)]
struct Body {
    at: [f64; 2],
    speed: [f64; 2],
}

#[differentiate]
fn orbit_stored(body: Body, mass: f64, steps: usize) -> f64 {
    let mut b = body;
    for _ in 0..steps {
        let r2 = b.at[0] * b.at[0] + b.at[1] * b.at[1];
        let pull = mass / (r2 * r2.sqrt());
        for k in 0..2 {
            b.speed[k] -= 0.01 * pull * b.at[k];
            b.at[k] += 0.01 * b.speed[k];
        }
    }
    b.at[0] * b.speed[1]
}

#[differentiate(no_alloc)]
fn orbit_saved(body: Body, mass: f64, steps: usize) -> f64 {
    let mut b = body;
    #[checkpoints(5)]
    for _ in 0..steps {
        let r2 = b.at[0] * b.at[0] + b.at[1] * b.at[1];
        let pull = mass / (r2 * r2.sqrt());
        for k in 0..2 {
            b.speed[k] -= 0.01 * pull * b.at[k];
            b.at[k] += 0.01 * b.speed[k];
        }
    }
    b.at[0] * b.speed[1]
}

#[test]
fn structs() {
    let body = Body {
        at: [1.0, 0.1],
        speed: [0.0, 1.1],
    };
    for steps in [0, 1, 6, 100] {
        let (value, a) = orbit_stored_value_and_grad(body, 1.0, steps);
        let (other, b) = orbit_saved_value_and_grad(body, 1.0, steps);
        assert_eq!(value, other);
        for k in 0..2 {
            close(a.0.at[k], b.0.at[k]);
            close(a.0.speed[k], b.0.speed[k]);
        }
        close(a.1, b.1);
    }
}

#[differentiate]
fn vectors_stored<T: tapeless::Real>(x: &[T], rounds: usize) -> T {
    let mut v = x.to_vec();
    let mut seen = Vec::new();
    let mut total = T::zero();
    let mut round = 0;
    while round < rounds {
        for i in 0..v.len() {
            v[i] = v[i] * v[(i + 1) % v.len()] + x[i].sin();
        }
        seen.push(round % v.len());
        total = total + v[seen[round / 2]];
        round += 1;
    }
    total
}

#[differentiate]
fn vectors_saved<T: tapeless::Real>(x: &[T], rounds: usize) -> T {
    let mut v = x.to_vec();
    let mut seen = Vec::new();
    let mut total = T::zero();
    let mut round = 0;
    #[checkpoints(2)]
    while round < rounds {
        for i in 0..v.len() {
            v[i] = v[i] * v[(i + 1) % v.len()] + x[i].sin();
        }
        seen.push(round % v.len());
        total = total + v[seen[round / 2]];
        round += 1;
    }
    total
}

#[test]
fn vectors() {
    let x = [0.3, 0.5, -0.2];
    for rounds in [0, 1, 2, 9] {
        let (value, a) = vectors_stored_value_and_grad(&x, rounds);
        let (other, b) = vectors_saved_value_and_grad(&x, rounds);
        assert_eq!(value, other);
        a.iter().zip(&b).for_each(|(a, b)| close(*a, *b));
    }
}

/// The second loop overwrites what the reverse of the first reads; a value read before is used in both.
#[differentiate]
fn sequence_stored(mut a: [f64; 3], n: usize) -> f64 {
    let first = a[0];
    for i in 0..n {
        a[i % 3] *= a[(i + 1) % 3];
    }
    if first > 0.0 {
        for i in 0..n {
            a[0] = (a[0] * first).sin() + a[i % 3];
        }
    }
    let [p, q, r] = a;
    p * q * r * first
}

#[differentiate]
fn sequence_saved(mut a: [f64; 3], n: usize) -> f64 {
    let first = a[0];
    #[checkpoints(2)]
    for i in 0..n {
        a[i % 3] *= a[(i + 1) % 3];
    }
    if first > 0.0 {
        #[checkpoints(1)]
        for i in 0..n {
            a[0] = (a[0] * first).sin() + a[i % 3];
        }
    }
    let [p, q, r] = a;
    p * q * r * first
}

#[test]
fn sequences() {
    for n in [0, 1, 2, 3, 8] {
        for first in [0.8, -0.8] {
            let a = [first, 0.9, 1.1];
            let (value, a) = (
                sequence_stored_value_and_grad(a, n),
                sequence_saved_value_and_grad(a, n),
            );
            assert_eq!(value.0, a.0);
            (0..3).for_each(|k| close(value.1[k], a.1[k]));
        }
    }
}
