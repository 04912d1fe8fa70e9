//! [`crate::ba`] on dual numbers.

use super::{columns, cross, Dual};
use crate::ba::{Block, Camera};
use nalgebra::SVector;
use num_dual::DualNum;

/// Camera, point, weight.
const INPUTS: usize = 15;

type Number = Dual<INPUTS>;

/// Both errors, and their derivatives into `block`.
pub fn reprojection_error(
    camera: &Camera,
    x: &[f64; 3],
    w: f64,
    feature: &[f64; 2],
    block: &mut Block,
) -> [f64; 2] {
    let mut inputs = [w; INPUTS];
    inputs[..11].copy_from_slice(camera);
    inputs[11..14].copy_from_slice(x);
    let errors = |inputs| SVector::from(errors(&columns(inputs), feature));
    let (value, rows) = num_dual::jacobian(errors, &SVector::from(inputs));
    for row in 0..2 {
        block.camera[row] = std::array::from_fn(|i| rows[(row, i)]);
        block.x[row] = std::array::from_fn(|i| rows[(row, 11 + i)]);
        block.w[row] = rows[(row, 14)];
    }
    columns(value)
}

fn errors(inputs: &[Number; INPUTS], feature: &[f64; 2]) -> [Number; 2] {
    let [r0, r1, r2, c0, c1, c2, focal, p0, p1, k1, k2, x0, x1, x2, w] = *inputs;
    let seen = rotate(&[r0, r1, r2], &[x0 - c0, x1 - c1, x2 - c2]);
    let [u, v] = distort(k1, k2, [seen[0] / seen[2], seen[1] / seen[2]]);
    [
        w * (u * focal + p0 - feature[0]),
        w * (v * focal + p1 - feature[1]),
    ]
}

fn rotate(rotation: &[Number; 3], x: &[Number; 3]) -> [Number; 3] {
    let square = dot(rotation, rotation);
    if square.re == 0.0 {
        let c = cross(rotation, x);
        return [x[0] + c[0], x[1] + c[1], x[2] + c[2]];
    }
    let angle = square.sqrt();
    let (sin, cos) = angle.sin_cos();
    let axis = rotation.map(|r| r / angle);
    let across = cross(&axis, x);
    let along = dot(&axis, x) * (-cos + 1.0);
    std::array::from_fn(|i| x[i] * cos + across[i] * sin + axis[i] * along)
}

fn distort(k1: Number, k2: Number, p: [Number; 2]) -> [Number; 2] {
    let square = p[0] * p[0] + p[1] * p[1];
    let factor = k1 * square + k2 * square * square + 1.0;
    [p[0] * factor, p[1] * factor]
}

fn dot(a: &[Number; 3], b: &[Number; 3]) -> Number {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}
