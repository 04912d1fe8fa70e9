//! The examples of the public contract, as they stand there, with their numbers.

use approx::assert_relative_eq;
use tapeless::check::assert_gradient;
use tapeless::{derivative, differentiate, Differentiable, Inactive, Slot};

#[differentiate]
fn rosenbrock(x: f64, y: f64) -> f64 {
    (1.0 - x).powi(2) + 100.0 * (y - x * x).powi(2)
}

#[test]
fn the_attribute() {
    let (dx, dy) = rosenbrock_grad(1.2, 1.0);
    assert_relative_eq!(dx, 211.6, max_relative = 1e-12);
    assert_relative_eq!(dy, -88.0, max_relative = 1e-12);
    let (value, (dx, dy)) = rosenbrock_value_and_grad(1.2, 1.0);
    assert_eq!(value, rosenbrock(1.2, 1.0));
    assert_relative_eq!(value, 19.4, max_relative = 1e-12);
    assert_relative_eq!(dx, 211.6, max_relative = 1e-12);
    assert_relative_eq!(dy, -88.0, max_relative = 1e-12);
    assert_gradient!(rosenbrock(1.2, 1.0));
}

#[derive(Differentiable)]
struct Mlp {
    w: [[f64; 4]; 3],
    b: [f64; 3],
    steps: usize,
}

#[test]
fn the_derive() {
    let mlp = Mlp {
        w: [[1.0; 4]; 3],
        b: [2.0; 3],
        steps: 5,
    };
    let zero: MlpCotangent = mlp.zero_cotangent();
    assert_eq!(
        zero,
        MlpCotangent {
            w: [[0.0; 4]; 3],
            b: [0.0; 3],
            steps: ()
        }
    );
    assert_eq!(tapeless::Parameters::count(&mlp), 15);
    assert_eq!(mlp.steps, 5);
}

/// A rule written by hand.
fn norm(v: &[f64]) -> f64 {
    v.iter().map(|x| x * x).sum::<f64>().sqrt()
}

fn norm_vjp(v: &[f64], d_out: f64, mut d_v: impl Slot<[f64]>) -> f64 {
    let out = norm(v);
    if let Some(d_v) = d_v.get() {
        assert_eq!(d_v.len(), v.len());
        if out > 0.0 {
            for (d, x) in d_v.iter_mut().zip(v) {
                *d += d_out * x / out;
            }
        }
    }
    out
}

#[differentiate]
fn twice_the_norm(v: &[f64]) -> f64 {
    2.0 * norm(v)
}

#[test]
fn a_rule_written_by_hand() {
    assert_eq!(twice_the_norm_grad(&[3.0, 4.0]), vec![1.2, 1.6]);
    assert_gradient!(twice_the_norm(&[0.3, -0.4, 1.5]));
}

#[derivative(x = core::f64::consts::FRAC_2_SQRT_PI * (-x * x).exp())]
fn erf(x: f64) -> f64 {
    libm::erf(x)
}

#[derivative(x = n as f64 * x.powi(n - 1))]
fn power(x: f64, n: i32) -> f64 {
    x.powi(n)
}

#[differentiate]
fn error_of_a_power(x: f64) -> f64 {
    erf(power(x, 3))
}

#[test]
fn known_partial_derivatives() {
    assert_eq!(erf_grad(0.0), core::f64::consts::FRAC_2_SQRT_PI);
    assert_gradient!(erf(0.7));
    assert_eq!(power_grad(2.0, 5), 80.0);
    assert_eq!(power_value_and_grad(2.0, 5), (32.0, 80.0));
    assert_gradient!(error_of_a_power(0.8));
}

#[derive(Differentiable)]
struct Net {
    w: [f64; 2],
}

#[differentiate]
fn loss(net: &Net, x: &[f64; 2], y: f64) -> f64 {
    let r = net.w[0] * x[0] + net.w[1] * x[1] - y;
    r * r
}

#[test]
fn activity_is_decided_at_each_call() {
    let net = Net { w: [1.0, 2.0] };
    let mut d_net = net.zero_cotangent();
    let value = loss_vjp(&net, &[3.0, 4.0], 1.0, 1.0, &mut d_net, Inactive, Inactive);
    assert_eq!(value, 100.0);
    assert_eq!(d_net.w, [60.0, 80.0]);
}

#[differentiate]
fn stopped(x: f64) -> f64 {
    x * tapeless::constant(x)
}

#[test]
fn constant_stops_a_gradient() {
    assert_eq!(stopped_value_and_grad(3.0), (9.0, 3.0));
}

#[differentiate]
fn guarded_logarithm(x: f64) -> f64 {
    if x > 0.0 {
        x.ln()
    } else {
        0.0
    }
}

#[test]
fn an_arm_not_taken_never_contributes() {
    assert_eq!(guarded_logarithm_value_and_grad(0.0), (0.0, 0.0));
    assert_eq!(guarded_logarithm_grad(4.0), 0.25);
}

mod twenty_examples {
    //! C of the walk-through: a struct, an operator, a method, a constructor, an inert count.
    use core::ops::Mul;
    use tapeless::check::assert_gradient;
    use tapeless::{differentiate, Differentiable};

    #[derive(Clone, Copy, Differentiable)]
    struct Vec2 {
        x: f64,
        y: f64,
    }

    #[differentiate]
    impl Vec2 {
        fn new(x: f64, y: f64) -> Self {
            Vec2 { x, y }
        }
    }

    #[derive(Clone, Copy, Differentiable)]
    struct Mat2 {
        rows: [[f64; 2]; 2],
    }

    #[differentiate]
    impl Mul<Vec2> for Mat2 {
        type Output = Vec2;

        fn mul(self, v: Vec2) -> Vec2 {
            let [[a, b], [c, d]] = self.rows;
            Vec2 {
                x: a * v.x + b * v.y,
                y: c * v.x + d * v.y,
            }
        }
    }

    #[derive(Clone, Differentiable)]
    struct Spring {
        k: f64,
        rest: f64,
        links: usize,
    }

    #[differentiate]
    impl Spring {
        fn energy(&self, x: f64) -> f64 {
            let s = x - self.rest;
            0.5 * self.k * s * s * self.links as f64
        }
    }

    #[differentiate]
    fn chain(spring: &Spring, m: &Mat2, x: f64) -> f64 {
        let v = *m * Vec2::new(x, 2.0);
        let n = spring.links + 1;
        spring.energy(v.x) + (n as f64) * v.y
    }

    #[test]
    fn springs() {
        let spring = Spring {
            k: 2.0,
            rest: 0.5,
            links: 3,
        };
        let m = Mat2 {
            rows: [[1.0, -0.5], [0.25, 2.0]],
        };
        let (d_spring, d_x) = spring.energy_grad(1.5);
        assert_eq!(
            (d_spring.k, d_spring.rest, d_spring.links, d_x),
            (1.5, -6.0, (), 6.0)
        );
        assert_gradient!(spring.energy(1.5));
        assert_gradient!(chain(&spring, &m, 0.75));
    }
}
