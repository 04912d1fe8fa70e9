//! [`crate::ba`], annotated.

pub use seen::*;

#[tapeless::differentiate(jacobian)]
mod seen {
    use crate::ba::Camera;

    /// The weighted difference between the projection of `x` and where it was seen.
    #[inline]
    pub fn reprojection_error(
        camera: &Camera,
        x: &[f64; 3],
        w: f64,
        #[constant] feature: &[f64; 2],
    ) -> [f64; 2] {
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
}
