//! The option `jacobian`: rows against `_vjp` with a seed for each, and against central differences.

use approx::assert_relative_eq;
use tapeless::{differentiate, Differentiable, Inactive, Real};

#[differentiate(jacobian)]
fn polar(r: f64, a: f64) -> [f64; 2] {
    [r * a.cos(), r * a.sin()]
}

#[test]
fn of_scalars() {
    let [[rr, ra], [ar, aa]] = polar_jacobian(2.0, 0.5);
    let (sin, cos) = 0.5f64.sin_cos();
    assert_relative_eq!([rr, ra, ar, aa][..], [cos, -2.0 * sin, sin, 2.0 * cos][..]);
}

#[differentiate(jacobian)]
fn roots(x: f64, y: f64) -> (f64, f64) {
    (x.sqrt(), y.sqrt())
}

/// The other part's derivative is infinite, and none of this row's business.
#[test]
fn zeros_are_zeros() {
    assert_eq!(
        roots_jacobian(0.0, 4.0),
        [[f64::INFINITY, 0.0], [0.0, 0.25]]
    );
}

/// MINPACK's Powell singular function.
#[differentiate(jacobian)]
fn powell(x: &[f64; 4]) -> [f64; 4] {
    let a = x[1] - 2.0 * x[2];
    let b = x[0] - x[3];
    [
        x[0] + 10.0 * x[1],
        5f64.sqrt() * (x[2] - x[3]),
        a * a,
        10f64.sqrt() * b * b,
    ]
}

#[differentiate(jacobian)]
fn looped(x: &[f64; 3], n: usize) -> (f64, f64, f64) {
    let (mut s, mut p, mut m) = (0.0, 1.0, x[0]);
    for i in 0..n {
        s += x[i % 3] * p;
        p *= 0.5 + x[(i + 1) % 3].sin() * s;
        if p > m {
            m = p * x[2];
        }
    }
    (s, p, m)
}

#[differentiate(jacobian)]
fn early(x: &[f64; 2]) -> [f64; 2] {
    let s = x[0] * x[1];
    if s < 0.0 {
        return [s, x[0]];
    }
    let mut y = x[0];
    while y > 1.0 {
        y *= 0.5 + 0.1 * x[1];
        if y < s {
            break;
        }
    }
    let z = if y > 0.3 { y.ln() } else { x[1] };
    [y * z, z.exp() - s]
}

fn inner(x: f64, ys: &[f64; 3]) -> f64 {
    x.sin() * ys.iter().sum::<f64>()
}

fn inner_vjp(
    x: f64,
    ys: &[f64; 3],
    d: f64,
    mut d_x: impl tapeless::Slot<f64>,
    mut d_ys: impl tapeless::Slot<[f64; 3]>,
) -> f64 {
    let s = ys.iter().sum::<f64>();
    d_x.add(d * x.cos() * s);
    d_ys.add([d * x.sin(); 3]);
    x.sin() * s
}

#[differentiate(jacobian)]
fn calling(x: f64, ys: &[f64; 3]) -> (f64, f64) {
    let a = inner(x, ys);
    (a * inner(a, ys), a + ys[1])
}

#[differentiate(jacobian)]
fn generic<T: Real>(x: &[T; 2], y: T) -> [T; 2] {
    let s = x[0] * y + x[1];
    [s.sin(), s * s]
}

#[differentiate(jacobian)]
fn slices(x: &[f64], w: &[f64]) -> (f64, f64) {
    let dot = x.iter().zip(w).map(|(a, b)| a * b).sum::<f64>();
    (dot, x.iter().map(|a| a * a).sum::<f64>() * dot)
}

#[derive(Clone, Copy, Differentiable)]
struct Pose {
    at: [f64; 2],
    heading: f64,
}

#[differentiate(jacobian)]
impl Pose {
    fn seen_from_world(&self, p: &[f64; 2]) -> [f64; 2] {
        let (s, c) = self.heading.sin_cos();
        [
            self.at[0] + c * p[0] - s * p[1],
            self.at[1] + s * p[0] + c * p[1],
        ]
    }

    fn norm(&self) -> f64 {
        self.at[0].hypot(self.at[1])
    }
}

fn differences<const N: usize, const M: usize>(
    f: impl Fn(&[f64; N]) -> [f64; M],
    x: [f64; N],
) -> [[f64; N]; M] {
    let mut rows = [[0.0; N]; M];
    for j in 0..N {
        let h = 1e-6;
        let at = |by: f64| {
            let mut x = x;
            x[j] += by;
            f(&x)
        };
        let (above, below) = (at(h), at(-h));
        for i in 0..M {
            rows[i][j] = (above[i] - below[i]) / (2.0 * h);
        }
    }
    rows
}

fn agree<const N: usize, const M: usize>(a: [[f64; N]; M], b: [[f64; N]; M]) {
    assert_relative_eq!(
        a.as_flattened(),
        b.as_flattened(),
        epsilon = 1e-8,
        max_relative = 1e-7
    );
}

fn array<const N: usize, T: Copy>(values: &[T]) -> [T; N] {
    values.try_into().unwrap()
}

#[test]
fn of_arrays() {
    for x in [[3.0, -1.0, 0.0, 1.0], [0.0; 4], [1.5, 0.25, -2.0, 4.0]] {
        agree(powell_jacobian(&x), differences(powell, x));
    }
}

#[test]
fn of_loops() {
    for n in [0, 1, 2, 7] {
        let x = [0.4, -0.3, 0.9];
        let f = |x: &[f64; 3]| {
            let (a, b, c) = looped(x, n);
            [a, b, c]
        };
        agree(looped_jacobian(&x, n), differences(f, x));
    }
}

#[test]
fn of_exits() {
    for x in [
        [0.5, -0.2],
        [0.2, 0.1],
        [5.0, 0.3],
        [9.0, 2.0],
        [1.2, 1.0001],
    ] {
        agree(early_jacobian(&x), differences(early, x));
    }
}

#[test]
fn of_calls() {
    let (x, ys) = (0.7, [0.1, -0.4, 2.0]);
    let (by_x, by_ys) = calling_jacobian(x, &ys);
    let f = |p: &[f64; 4]| {
        let (a, b) = calling(p[0], &[p[1], p[2], p[3]]);
        [a, b]
    };
    let whole = differences(f, [x, ys[0], ys[1], ys[2]]);
    for row in 0..2 {
        agree([by_x[row]], [[whole[row][0]]]);
        agree([by_ys[row]], [array(&whole[row][1..])]);
    }
}

#[test]
fn of_generics() {
    let (by_x, by_y) = generic_jacobian(&[0.3, -0.1], 2.0);
    let f = |p: &[f64; 3]| generic(&[p[0], p[1]], p[2]);
    let whole = differences(f, [0.3, -0.1, 2.0]);
    for row in 0..2 {
        agree([by_x[row]], [array(&whole[row][..2])]);
        agree([by_y[row]], [[whole[row][2]]]);
    }
    let (narrow, _) = generic_jacobian::<f32>(&[0.3, -0.1], 2.0);
    assert_relative_eq!(narrow[1][0], by_x[1][0] as f32, max_relative = 1e-5);
}

#[test]
fn of_slices() {
    for len in [0, 1, 5] {
        let x: Vec<f64> = (0..len).map(|i| 0.5 + i as f64).collect();
        let w: Vec<f64> = (0..len).map(|i| 1.0 - 0.3 * i as f64).collect();
        let (by_x, by_w) = slices_jacobian(&x, &w);
        for (row, seed) in [(1.0, 0.0), (0.0, 1.0)].into_iter().enumerate() {
            let (mut d_x, mut d_w) = (vec![0.0; len], vec![0.0; len]);
            slices_vjp(&x, &w, seed, &mut d_x, &mut d_w);
            assert_relative_eq!(by_x[row][..], d_x[..]);
            assert_relative_eq!(by_w[row][..], d_w[..]);
        }
    }
}

#[test]
fn of_methods() {
    let pose = Pose {
        at: [1.0, 2.0],
        heading: 0.4,
    };
    let p = [0.3, -0.8];
    let (by_pose, by_p) = pose.seen_from_world_jacobian(&p);
    for (row, seed) in [[1.0, 0.0], [0.0, 1.0]].into_iter().enumerate() {
        let mut d_pose = pose.zero_cotangent();
        let mut d_p = [0.0; 2];
        pose.seen_from_world_vjp(&p, seed, &mut d_pose, &mut d_p);
        assert_eq!(by_pose[row].at, d_pose.at);
        assert_relative_eq!(by_pose[row].heading, d_pose.heading);
        assert_eq!(by_p[row], d_p);
    }
    assert_relative_eq!(pose.norm_grad().at[0], 1.0 / 5f64.sqrt());
}

#[differentiate(jacobian, wrt(x))]
fn partly(x: [f64; 2], scale: f64, n: usize) -> [f64; 3] {
    let mut y = [0.0; 3];
    for k in 0..n {
        y[k % 3] += scale * x[k % 2] * x[0];
    }
    y
}

#[test]
fn of_some() {
    for n in [0, 1, 5] {
        let x = [0.7, -1.2];
        agree(
            partly_jacobian(x, 3.0, n),
            differences(|x: &[f64; 2]| partly(*x, 3.0, n), x),
        );
    }
    let mut d_x = [0.0; 2];
    partly_vjp([0.7, -1.2], 3.0, 4, [0.0, 1.0, 0.0], &mut d_x, Inactive, ());
    assert_relative_eq!(partly_jacobian([0.7, -1.2], 3.0, 4)[1][..], d_x[..]);
}

/// The value comes with it, and is the function's own.
#[test]
fn with_value() {
    let (value, rows) = polar_value_and_jacobian(2.0, 0.5);
    assert_eq!(value, polar(2.0, 0.5));
    assert_eq!(rows, polar_jacobian(2.0, 0.5));
}

#[differentiate(jacobian)]
trait Motion {
    fn step(&self, x: [f64; 2], dt: f64) -> (f64, f64);
}

#[derive(Differentiable)]
struct Oscillator {
    stiffness: f64,
}

#[differentiate(in_trait, jacobian)]
impl Motion for Oscillator {
    fn step(&self, x: [f64; 2], dt: f64) -> (f64, f64) {
        let v = x[1] - dt * self.stiffness * x[0];
        (x[0] + dt * v, v)
    }
}

#[test]
fn of_traits() {
    let motion = Oscillator { stiffness: 3.0 };
    let (by_self, by_x, by_dt) = motion.step_jacobian([1.0, 0.5], 0.1);
    assert_relative_eq!(by_self[0].stiffness, -0.01);
    assert_relative_eq!(by_self[1].stiffness, -0.1);
    assert_relative_eq!(by_x[0][..], [0.97, 0.1][..]);
    assert_relative_eq!(by_x[1][..], [-0.3, 1.0][..]);
    assert_relative_eq!(by_dt[0][0], 0.5 - 0.6);
    assert_relative_eq!(by_dt[1][0], -3.0);
}

#[differentiate]
fn spread(x: Vec<f64>, by: f64) -> [f64; 2] {
    let sum: f64 = x.iter().sum();
    [sum * by, x.iter().map(|x| x * x).sum::<f64>() - by]
}

/// What a call takes is there for the next row, too.
#[differentiate(jacobian)]
fn moving(x: &[f64; 2], by: f64) -> (f64, f64) {
    let all = vec![x[0], x[1], x[0] * x[1]];
    let [a, b] = spread(all, by);
    #[cfg(test)]
    let b = b * 2.0;
    (a.sin() + b, a * b)
}

#[test]
fn of_what_moves() {
    let (by_x, by_by) = moving_jacobian(&[0.5, -1.5], 0.7);
    let f = |p: &[f64; 3]| {
        let (a, b) = moving(&[p[0], p[1]], p[2]);
        [a, b]
    };
    let whole = differences(f, [0.5, -1.5, 0.7]);
    for row in 0..2 {
        agree([by_x[row]], [array(&whole[row][..2])]);
        agree([by_by[row]], [[whole[row][2]]]);
    }
}

/// Saved states, a search for an extreme, and an early exit from a chain.
#[differentiate(jacobian, no_alloc)]
fn stored(x: &[f64; 3], steps: usize) -> [f64; 2] {
    let mut state = *x;
    #[checkpoints(3)]
    for k in 0..steps {
        let before = state[k % 3];
        state[k % 3] = (before * state[(k + 1) % 3]).sin() + 0.5 * x[0];
    }
    let largest = state.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let found = state.iter().find(|s| **s > 0.2).copied();
    match found {
        Some(s) => [s * largest, state[2]],
        None => [largest, x[1] * largest],
    }
}

#[test]
fn of_checkpoints() {
    for steps in [0, 1, 4, 20] {
        let x = [0.4, 0.7, -0.3];
        agree(
            stored_jacobian(&x, steps),
            differences(|x: &[f64; 3]| stored(x, steps), x),
        );
    }
}
