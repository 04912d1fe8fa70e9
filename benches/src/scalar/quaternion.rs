//! A vector turned by a quaternion, and how far it ends up from a target.

use crate::sample::array;

/// A quaternion (scalar part first), a vector, a target.
pub type Turn = ([f64; 4], [f64; 3], [f64; 3]);

/// `count` turns.
pub fn input(count: usize) -> Vec<Turn> {
    let rng = &mut fastrand::Rng::with_seed(14);
    let mut turn = || {
        (
            array(rng, -1.0, 1.0),
            array(rng, -1.0, 1.0),
            array(rng, -1.0, 1.0),
        )
    };
    (0..count).map(|_| turn()).collect()
}

/// The squared distance between `v`, turned by `q`, and `target`.
#[inline]
pub fn misalignment(q: &[f64; 4], v: &[f64; 3], target: &[f64; 3]) -> f64 {
    let turned = rotate(q, v);
    let mut total = 0.0;
    for i in 0..3 {
        total += (turned[i] - target[i]) * (turned[i] - target[i]);
    }
    total
}

/// `v + 2w·(u×v) + 2·u×(u×v)`, where `q = (w, u)`.
fn rotate(q: &[f64; 4], v: &[f64; 3]) -> [f64; 3] {
    let u = [q[1], q[2], q[3]];
    let t = cross(&u, v);
    let s = cross(&u, &t);
    [
        v[0] + 2.0 * (q[0] * t[0] + s[0]),
        v[1] + 2.0 * (q[0] * t[1] + s[1]),
        v[2] + 2.0 * (q[0] * t[2] + s[2]),
    ]
}

fn cross(a: &[f64; 3], b: &[f64; 3]) -> [f64; 3] {
    [
        a[1] * b[2] - a[2] * b[1],
        a[2] * b[0] - a[0] * b[2],
        a[0] * b[1] - a[1] * b[0],
    ]
}

/// Adjoint of [`misalignment`], with its value: gradients with respect to `q` and `v`.
///
/// Original: `c = a×b`. Adjoint: `d_a = b×d_c`, `d_b = d_c×a`.
#[inline]
pub fn misalignment_adjoint(
    q: &[f64; 4],
    v: &[f64; 3],
    target: &[f64; 3],
) -> (f64, ([f64; 4], [f64; 3])) {
    let u = [q[1], q[2], q[3]];
    let t = cross(&u, v);
    let s = cross(&u, &t);
    let off = [
        v[0] + 2.0 * (q[0] * t[0] + s[0]) - target[0],
        v[1] + 2.0 * (q[0] * t[1] + s[1]) - target[1],
        v[2] + 2.0 * (q[0] * t[2] + s[2]) - target[2],
    ];
    let d_v = [2.0 * off[0], 2.0 * off[1], 2.0 * off[2]];
    let d_s = [4.0 * off[0], 4.0 * off[1], 4.0 * off[2]];
    let from_s = cross(&d_s, &u);
    let d_t = [
        q[0] * d_s[0] + from_s[0],
        q[0] * d_s[1] + from_s[1],
        q[0] * d_s[2] + from_s[2],
    ];
    let (from_s, from_t, to_v) = (cross(&t, &d_s), cross(v, &d_t), cross(&d_t, &u));
    let value = off[0] * off[0] + off[1] * off[1] + off[2] * off[2];
    let d_q = [
        t[0] * d_s[0] + t[1] * d_s[1] + t[2] * d_s[2],
        from_s[0] + from_t[0],
        from_s[1] + from_t[1],
        from_s[2] + from_t[2],
    ];
    let d_v = [d_v[0] + to_v[0], d_v[1] + to_v[1], d_v[2] + to_v[2]];
    (value, (d_q, d_v))
}
