//! Slices and structs written by the function and by those it calls.

use tapeless::{differentiate, Differentiable, Inactive};
use tapeless_tests::oracle::{agree, differences, BY_DIFFERENCES};

#[differentiate(wrt(y, dydt))]
fn rhs(t: f64, y: &[f64], dydt: &mut [f64]) {
    for i in 0..y.len() {
        let next = y[(i + 1) % y.len()];
        dydt[i] = (y[i] * next).sin() + t * y[i];
    }
}

#[differentiate]
fn smooth(a: &mut [f64], k: f64, n: usize) {
    for _ in 0..n {
        for i in 1..a.len() {
            a[i] = (1.0 - k) * a[i] + k * a[i - 1] * a[i];
        }
    }
}

#[differentiate]
fn normalise(a: &mut [f64]) -> f64 {
    let mut total = 0.0;
    for v in a.iter() {
        total += v * v;
    }
    for v in a.iter_mut() {
        *v /= total + 1.0;
    }
    total
}

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Filter {
    state: [f64; 2],
    gain: f64,
}

#[differentiate]
impl Filter {
    fn step(&mut self, x: f64) -> f64 {
        let out = self.gain * x + self.state[0];
        self.state[0] = self.state[1] * out.sin();
        self.state[1] = x * out;
        self.gain *= 0.9;
        out
    }

    fn run(&mut self, x: &[f64]) {
        for v in x {
            let y = self.step(*v);
            self.state[0] += y * y;
        }
    }
}

#[differentiate]
fn decay(f: &mut Filter, k: f64, n: usize) {
    for _ in 0..n {
        f.state[0] *= k;
        f.state[1] = f.state[0] * f.state[1] + f.gain;
        f.gain = f.gain.sin();
    }
}

/// Explicit Euler, with a buffer for the slope.
#[differentiate(wrt(y0, dt))]
fn euler(y0: &[f64; 2], dt: f64, n: usize) -> f64 {
    let mut y = *y0;
    let mut slope = [0.0; 2];
    for _ in 0..n {
        rhs(0.5, &y, &mut slope);
        for i in 0..2 {
            y[i] += dt * slope[i];
        }
    }
    y[0] * y[1]
}

#[differentiate]
fn calls(x: &[f64; 3], k: f64, n: usize) -> f64 {
    let mut a = *x;
    let mut total = 0.0;
    for _ in 0..n {
        smooth(&mut a, k, 2);
        total += normalise(&mut a[1..]);
    }
    total * a[0] + a[1] * a[2]
}

#[differentiate]
fn filtered(f: Filter, x: &[f64], k: f64, n: usize) -> f64 {
    let mut f = f;
    let mut y = k;
    for _ in 0..n {
        f.run(x);
        decay(&mut f, k, 2);
        y += f.step(y);
    }
    y * f.gain + f.state[0] * f.state[1]
}

/// A gradient as found and as differences say.
fn assert_close(found: &[f64], expected: &[f64]) {
    assert_eq!(found.len(), expected.len());
    for (a, b) in found.iter().zip(expected) {
        assert!(
            agree(*a, *b, 1.0, BY_DIFFERENCES),
            "{found:?} but differences say {expected:?}"
        );
    }
}

#[test]
fn out_slice() {
    for n in [0, 1, 2, 5] {
        let y = &[0.5, -0.3, 1.2, 0.7, -1.1][..n];
        let seed = &[1.0, -2.0, 0.5, 0.3, 0.7][..n];
        let weighted = |y: &[f64]| {
            let mut out = vec![9.0; n];
            rhs(0.4, y, &mut out);
            out.iter().zip(seed).map(|(a, b)| a * b).sum::<f64>()
        };
        let (mut out, mut expected) = (vec![7.0; n], vec![7.0; n]);
        let (mut d_y, mut d_out) = (vec![0.0; n], seed.to_vec());
        rhs_vjp(0.4, y, &mut out, Inactive, &mut d_y, &mut d_out);
        rhs(0.4, y, &mut expected);
        assert_eq!(out, expected);
        assert_eq!(d_out, vec![0.0; n]);
        assert_close(&d_y, &differences(weighted, y));
    }
}

#[test]
fn in_out_slice() {
    for (n, trips) in [(0, 2), (1, 2), (4, 0), (4, 1), (4, 5)] {
        let mut at = [0.5, -0.3, 1.2, 0.7][..n].to_vec();
        let seed = &[1.0, -2.0, 0.5, 0.3][..n];
        at.push(0.3);
        let weighted = |at: &[f64]| {
            let mut a = at[..n].to_vec();
            smooth(&mut a, at[n], trips);
            a.iter().zip(seed).map(|(a, b)| a * b).sum::<f64>()
        };
        let (mut a, mut expected) = (at[..n].to_vec(), at[..n].to_vec());
        let (mut d_a, mut d_k) = (seed.to_vec(), 0.0);
        smooth_vjp(&mut a, at[n], trips, &mut d_a, &mut d_k, Inactive);
        smooth(&mut expected, at[n], trips);
        assert_eq!(a, expected);
        d_a.push(d_k);
        assert_close(&d_a, &differences(weighted, &at));
    }
}

#[test]
fn in_out_structs() {
    let start = Filter {
        state: [0.3, 0.4],
        gain: 0.8,
    };
    let x = [0.5, -0.3, 1.2];
    for n in 0..=3 {
        let (mut f, mut expected) = (start, start);
        let mut d_f = FilterCotangent {
            state: [1.0, 2.0],
            gain: -1.0,
        };
        let mut d_x = vec![0.0; n];
        f.run_vjp(&x[..n], &mut d_f, &mut d_x);
        expected.run(&x[..n]);
        assert_eq!(f, expected);
        let mut at = vec![0.3, 0.4, 0.8];
        at.extend_from_slice(&x[..n]);
        let weighted = |at: &[f64]| {
            let mut f = Filter {
                state: [at[0], at[1]],
                gain: at[2],
            };
            f.run(&at[3..]);
            f.state[0] + 2.0 * f.state[1] - f.gain
        };
        let mut found = vec![d_f.state[0], d_f.state[1], d_f.gain];
        found.extend(d_x);
        assert_close(&found, &differences(weighted, &at));
    }
}

#[test]
fn callees_that_write() {
    let filter = Filter {
        state: [0.3, 0.4],
        gain: 0.8,
    };
    for n in [0, 1, 2, 6] {
        check!(euler, euler_value_and_grad, (&[0.5, 0.6], 0.1, n));
        check!(calls, calls_value_and_grad, (&[0.5, 0.6, -0.7], 0.2, n));
        check!(
            filtered,
            filtered_value_and_grad,
            (filter, &[0.5, -0.3], 0.7, n)
        );
        check!(filtered, filtered_value_and_grad, (filter, &[], 0.7, n));
    }
}
