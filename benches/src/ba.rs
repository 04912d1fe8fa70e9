//! Bundle adjustment: the error of a point's projection into a picture, and its Jacobian.

use crate::sample::{array, between};
use std::ops::{Add, Mul, Sub};

/// A camera: rotation 0..3, centre 3..6, focal length 6, principal point 7..9, radial distortion 9..11.
pub type Camera = [f64; 11];

/// A point in space seen by a camera.
pub struct Observation {
    /// Index of the camera.
    pub camera: usize,
    /// Index of the point.
    pub point: usize,
    /// Weight.
    pub w: f64,
    /// Where the point was seen.
    pub feature: [f64; 2],
}

/// A scene.
pub struct Input {
    /// Cameras.
    pub cameras: Vec<Camera>,
    /// Points.
    pub points: Vec<[f64; 3]>,
    /// Observations.
    pub observations: Vec<Observation>,
}

impl Input {
    /// `count` observations of 7,776 points by 49 cameras.
    pub fn new(count: usize) -> Self {
        let rng = &mut fastrand::Rng::with_seed(2);
        let (cameras, points) = (49, 7_776);
        Self {
            cameras: (0..cameras).map(|_| camera(rng)).collect(),
            points: (0..points).map(|_| array(rng, -1.0, 1.0)).collect(),
            observations: (0..count)
                .map(|i| Observation {
                    camera: i % cameras,
                    point: i % points,
                    w: between(rng, 0.5, 1.5),
                    feature: array(rng, -1.0, 1.0),
                })
                .collect(),
        }
    }

    /// The camera and the point of an observation.
    pub fn seen(&self, o: &Observation) -> (&Camera, &[f64; 3]) {
        (&self.cameras[o.camera], &self.points[o.point])
    }
}

fn camera(rng: &mut fastrand::Rng) -> Camera {
    let rotation: [f64; 3] = array(rng, -0.5, 0.5);
    let [c0, c1]: [f64; 2] = array(rng, -1.0, 1.0);
    let c2 = between(rng, 3.0, 5.0);
    let principal: [f64; 2] = array(rng, -0.1, 0.1);
    let radial: [f64; 2] = array(rng, -0.1, 0.1);
    let focal = between(rng, 0.8, 1.2);
    let [r0, r1, r2] = rotation;
    [
        r0,
        r1,
        r2,
        c0,
        c1,
        c2,
        focal,
        principal[0],
        principal[1],
        radial[0],
        radial[1],
    ]
}

/// The weighted difference between the projection of `x` and where it was seen.
#[inline]
pub fn reprojection_error(camera: &Camera, x: &[f64; 3], w: f64, feature: &[f64; 2]) -> [f64; 2] {
    let [p0, p1] = project(camera, x);
    [w * (p0 - feature[0]), w * (p1 - feature[1])]
}

/// The error of a weight.
pub fn weight_error(w: f64) -> f64 {
    1.0 - w * w
}

fn project(camera: &Camera, x: &[f64; 3]) -> [f64; 2] {
    let centred = [x[0] - camera[3], x[1] - camera[4], x[2] - camera[5]];
    let seen = rotate(&[camera[0], camera[1], camera[2]], &centred);
    let p = distort(
        camera[9],
        camera[10],
        [seen[0] / seen[2], seen[1] / seen[2]],
    );
    [p[0] * camera[6] + camera[7], p[1] * camera[6] + camera[8]]
}

/// Rodrigues' formula: `x` turned about `rotation` by the angle `‖rotation‖`.
fn rotate(rotation: &[f64; 3], x: &[f64; 3]) -> [f64; 3] {
    let square = dot(rotation, rotation);
    if square == 0.0 {
        let c = cross(rotation, x);
        return [x[0] + c[0], x[1] + c[1], x[2] + c[2]];
    }
    let angle = square.sqrt();
    let (sin, cos) = (angle.sin(), angle.cos());
    let axis = [
        rotation[0] / angle,
        rotation[1] / angle,
        rotation[2] / angle,
    ];
    let across = cross(&axis, x);
    let along = dot(&axis, x) * (1.0 - cos);
    [
        x[0] * cos + across[0] * sin + axis[0] * along,
        x[1] * cos + across[1] * sin + axis[1] * along,
        x[2] * cos + across[2] * sin + axis[2] * along,
    ]
}

fn distort(k1: f64, k2: f64, p: [f64; 2]) -> [f64; 2] {
    let square = p[0] * p[0] + p[1] * p[1];
    let factor = 1.0 + k1 * square + k2 * square * square;
    [p[0] * factor, p[1] * factor]
}

fn dot(a: &[f64; 3], b: &[f64; 3]) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

fn cross(a: &[f64; 3], b: &[f64; 3]) -> [f64; 3] {
    [
        a[1] * b[2] - a[2] * b[1],
        a[2] * b[0] - a[0] * b[2],
        a[0] * b[1] - a[1] * b[0],
    ]
}

/// The Jacobian of [`reprojection_error`]: a row per component of the error.
#[derive(Clone, Copy, Default)]
pub struct Block {
    /// With respect to the camera.
    pub camera: [[f64; 11]; 2],
    /// With respect to the point.
    pub x: [[f64; 3]; 2],
    /// With respect to the weight.
    pub w: [f64; 2],
}

/// Adjoint of [`weight_error`], with its value.
pub fn weight_error_adjoint(w: f64) -> (f64, f64) {
    (1.0 - w * w, -2.0 * w)
}

/// Adjoint of [`reprojection_error`], which it returns: one forward sweep, and a reverse sweep for each row. Overwrites
/// `block`.
#[inline]
pub fn reprojection_error_adjoint(
    camera: &Camera,
    x: &[f64; 3],
    w: f64,
    feature: &[f64; 2],
    block: &mut Block,
) -> [f64; 2] {
    let turn = Turn::new(
        [camera[0], camera[1], camera[2]],
        [x[0] - camera[3], x[1] - camera[4], x[2] - camera[5]],
    );
    let seen = turn.apply();
    let depth = 1.0 / seen[2];
    let p = [seen[0] * depth, seen[1] * depth];
    let square = p[0] * p[0] + p[1] * p[1];
    let factor = 1.0 + camera[9] * square + camera[10] * square * square;
    let distorted = [p[0] * factor, p[1] * factor];
    let difference = [
        distorted[0] * camera[6] + camera[7] - feature[0],
        distorted[1] * camera[6] + camera[8] - feature[1],
    ];
    let d_scale = camera[9] + 2.0 * camera[10] * square;
    // Both rows at once, a lane for each.
    let d_distorted = w * camera[6];
    let d_factor = Rows([d_distorted * p[0], d_distorted * p[1]]);
    let d_square = d_factor * (2.0 * d_scale);
    let direct = d_distorted * factor;
    let d_p = [
        d_square * p[0] + Rows([direct, 0.0]),
        d_square * p[1] + Rows([0.0, direct]),
    ];
    let d_depth = (d_p[0] * p[0] + d_p[1] * p[1]) * -depth;
    let (d_rotation, d_x) = turn.reverse([d_p[0] * depth, d_p[1] * depth, d_depth]);
    for row in 0..2 {
        let d_x = [d_x[0].0[row], d_x[1].0[row], d_x[2].0[row]];
        let out = &mut block.camera[row];
        out[0] = d_rotation[0].0[row];
        out[1] = d_rotation[1].0[row];
        out[2] = d_rotation[2].0[row];
        out[3] = -d_x[0];
        out[4] = -d_x[1];
        out[5] = -d_x[2];
        out[6] = w * distorted[row];
        out[7 + row] = w;
        out[8 - row] = 0.0;
        out[9] = d_factor.0[row] * square;
        out[10] = d_factor.0[row] * (square * square);
        block.x[row] = d_x;
        block.w[row] = difference[row];
    }
    [w * difference[0], w * difference[1]]
}

/// A cotangent of both rows.
#[derive(Clone, Copy)]
struct Rows([f64; 2]);

impl Add for Rows {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self([self.0[0] + other.0[0], self.0[1] + other.0[1]])
    }
}

impl Sub for Rows {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self([self.0[0] - other.0[0], self.0[1] - other.0[1]])
    }
}

impl Mul<f64> for Rows {
    type Output = Self;
    fn mul(self, factor: f64) -> Self {
        Self([self.0[0] * factor, self.0[1] * factor])
    }
}

impl Rows {
    fn scale(d: &[Self; 3], by: f64) -> [Self; 3] {
        [d[0] * by, d[1] * by, d[2] * by]
    }

    fn add(a: &[Self; 3], b: &[Self; 3]) -> [Self; 3] {
        [a[0] + b[0], a[1] + b[1], a[2] + b[2]]
    }

    fn sub(a: &[Self; 3], b: &[Self; 3]) -> [Self; 3] {
        [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
    }

    fn outer(d: Self, v: &[f64; 3]) -> [Self; 3] {
        [d * v[0], d * v[1], d * v[2]]
    }

    fn dot(d: &[Self; 3], v: &[f64; 3]) -> Self {
        d[0] * v[0] + d[1] * v[1] + d[2] * v[2]
    }

    fn cross(d: &[Self; 3], v: &[f64; 3]) -> [Self; 3] {
        [
            d[1] * v[2] - d[2] * v[1],
            d[2] * v[0] - d[0] * v[2],
            d[0] * v[1] - d[1] * v[0],
        ]
    }
}

/// [`rotate`], with what its reverse needs.
struct Turn {
    x: [f64; 3],
    axis: [f64; 3],
    /// `1/‖rotation‖`; zero for no rotation.
    inverse: f64,
    sin: f64,
    cos: f64,
    across: [f64; 3],
    dot: f64,
}

impl Turn {
    #[inline]
    fn new(rotation: [f64; 3], x: [f64; 3]) -> Self {
        let square = dot(&rotation, &rotation);
        // Without a rotation, `sin = 1` makes the formula of `apply` the primal's: `x + rotation×x`.
        let (mut axis, mut inverse, mut sin, mut cos) = (rotation, 0.0, 1.0, 1.0);
        if square != 0.0 {
            let angle = square.sqrt();
            (sin, cos) = angle.sin_cos();
            inverse = 1.0 / angle;
            axis = [
                rotation[0] * inverse,
                rotation[1] * inverse,
                rotation[2] * inverse,
            ];
        }
        let (across, dot) = (cross(&axis, &x), dot(&axis, &x));
        Self {
            x,
            axis,
            inverse,
            sin,
            cos,
            across,
            dot,
        }
    }

    #[inline]
    fn apply(&self) -> [f64; 3] {
        let along = self.dot * (1.0 - self.cos);
        std::array::from_fn(|i| {
            self.x[i] * self.cos + self.across[i] * self.sin + self.axis[i] * along
        })
    }

    /// The cotangents of the rotation and of the point.
    #[inline]
    fn reverse(&self, d_out: [Rows; 3]) -> ([Rows; 3], [Rows; 3]) {
        let (x, axis, versine) = (&self.x, &self.axis, 1.0 - self.cos);
        let d_across = Rows::scale(&d_out, self.sin);
        let d_along = Rows::dot(&d_out, axis);
        let d_dot = d_along * versine;
        let through = Rows::cross(&d_across, axis);
        let d_x = Rows::add(
            &Rows::add(&through, &Rows::scale(&d_out, self.cos)),
            &Rows::outer(d_dot, axis),
        );
        let through = Rows::add(
            &Rows::scale(&d_out, self.dot * versine),
            &Rows::outer(d_dot, x),
        );
        let d_axis = Rows::sub(&through, &Rows::cross(&d_across, x));
        if self.inverse == 0.0 {
            return (d_axis, d_x);
        }
        let d_versine = d_along * self.dot - Rows::dot(&d_out, x);
        let d_angle = Rows::dot(&d_out, &self.across) * self.cos + d_versine * self.sin;
        // axis = rotation/angle, and the angle's derivative is the axis.
        let d_length = d_angle - Rows::dot(&d_axis, axis) * self.inverse;
        (
            Rows::add(
                &Rows::scale(&d_axis, self.inverse),
                &Rows::outer(d_length, axis),
            ),
            d_x,
        )
    }
}
