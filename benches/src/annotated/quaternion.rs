//! [`crate::scalar::quaternion`], annotated.

pub use seen::*;

#[tapeless::differentiate]
mod seen {
    /// The squared distance between `v`, turned by `q`, and `target`.
    #[inline]
    pub fn misalignment(q: &[f64; 4], v: &[f64; 3], #[constant] target: &[f64; 3]) -> f64 {
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
}
