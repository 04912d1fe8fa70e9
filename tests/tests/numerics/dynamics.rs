//! Things that move.

use tapeless::{assert_gradient, differentiate, Differentiable};

#[derive(Clone, Copy, Debug, Differentiable)]
struct Body {
    mass: f64,
    position: [f64; 3],
    velocity: [f64; 3],
}

#[differentiate]
fn attract(bodies: &[Body], i: usize) -> [f64; 3] {
    let mut force = [0.0; 3];
    for (j, other) in bodies.iter().enumerate() {
        if j == i {
            continue;
        }
        let mut d = [0.0; 3];
        for k in 0..3 {
            d[k] = other.position[k] - bodies[i].position[k];
        }
        let r2: f64 = d.iter().map(|x| x * x).sum::<f64>() + 0.01;
        let inv = 1.0 / (r2 * r2.sqrt());
        for k in 0..3 {
            force[k] += other.mass * d[k] * inv;
        }
    }
    force
}

#[differentiate]
fn leapfrog(bodies: &mut [Body], dt: f64, steps: usize) {
    for _ in 0..steps {
        for i in 0..bodies.len() {
            let a = attract(bodies, i);
            let body = &mut bodies[i];
            for (v, a) in body.velocity.iter_mut().zip(a) {
                *v += 0.5 * dt * a;
            }
        }
        for body in bodies.iter_mut() {
            for k in 0..3 {
                body.position[k] += dt * body.velocity[k];
            }
        }
        for i in 0..bodies.len() {
            let a = attract(bodies, i);
            for k in 0..3 {
                bodies[i].velocity[k] += 0.5 * dt * a[k];
            }
        }
    }
}

#[differentiate]
fn final_energy(bodies: &[Body; 3], dt: f64, steps: usize) -> f64 {
    let mut moving = *bodies;
    leapfrog(&mut moving, dt, steps);
    let mut energy = 0.0;
    for (i, a) in moving.iter().enumerate() {
        energy += 0.5 * a.mass * a.velocity.iter().map(|v| v.powi(2)).sum::<f64>();
        for b in &moving[i + 1..] {
            let r = a
                .position
                .iter()
                .zip(&b.position)
                .map(|(p, q)| (p - q).powi(2))
                .sum::<f64>()
                .sqrt();
            energy -= a.mass * b.mass / r;
        }
    }
    energy + moving[1].position[0]
}

fn bodies() -> [Body; 3] {
    let body = |mass, x: f64| Body {
        mass,
        position: [x, 0.4 * x * x, -0.3],
        velocity: [0.1, 0.3 * x, -0.2 * x],
    };
    [body(1.0, -0.8), body(0.5, 0.3), body(0.25, 1.4)]
}

#[test]
fn bodies_attract_each_other() {
    assert_gradient!(final_energy(&bodies(), 0.05, 4));
    assert_gradient!(final_energy(&bodies(), 0.05, 0));
}

#[differentiate]
mod rotation {
    use tapeless::Differentiable;

    #[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
    pub struct Quaternion {
        pub w: f64,
        pub v: [f64; 3],
    }

    pub fn multiply(a: &Quaternion, b: &Quaternion) -> Quaternion {
        let mut out = Quaternion {
            w: a.w * b.w,
            v: [0.0; 3],
        };
        for i in 0..3 {
            let (j, k) = ((i + 1) % 3, (i + 2) % 3);
            out.w -= a.v[i] * b.v[i];
            out.v[i] = a.w * b.v[i] + a.v[i] * b.w + a.v[j] * b.v[k] - a.v[k] * b.v[j];
        }
        out
    }

    impl Quaternion {
        pub fn normalized(self) -> Self {
            let n = (self.w * self.w + self.v.iter().map(|x| x * x).sum::<f64>()).sqrt();
            if n < 1e-12 {
                return Quaternion {
                    w: 1.0,
                    v: [0.0; 3],
                };
            }
            Quaternion {
                w: self.w / n,
                v: [self.v[0] / n, self.v[1] / n, self.v[2] / n],
            }
        }
    }

    pub fn integrate(start: Quaternion, omega: &[[f64; 3]], dt: f64) -> Quaternion {
        let mut q = start;
        for w in omega {
            let angle = w.iter().map(|c| c * c).sum::<f64>().sqrt() * dt;
            let step = if angle > 1e-9 {
                let s = (0.5 * angle).sin() / angle * dt;
                Quaternion {
                    w: (0.5 * angle).cos(),
                    v: [w[0] * s, w[1] * s, w[2] * s],
                }
            } else {
                Quaternion {
                    w: 1.0,
                    v: [0.5 * dt * w[0], 0.5 * dt * w[1], 0.5 * dt * w[2]],
                }
            };
            q = multiply(&q, &step).normalized();
        }
        q
    }

    pub fn miss(start: Quaternion, omega: &[[f64; 3]], dt: f64, goal: &Quaternion) -> f64 {
        let q = integrate(start, omega, dt);
        let dot = q.w * goal.w
            + q.v
                .iter()
                .zip(goal.v.iter())
                .map(|(a, b)| a * b)
                .sum::<f64>();
        1.0 - dot * dot
    }
}

#[test]
fn a_rotation_is_integrated() {
    use rotation::*;
    let start = Quaternion {
        w: 0.9,
        v: [0.1, -0.3, 0.2],
    };
    let goal = Quaternion {
        w: 0.5,
        v: [0.5, 0.5, -0.4],
    };
    let omega = [[0.3, -0.2, 1.0], [0.0; 3], [-0.4, 0.8, 0.1]];
    assert_gradient!(miss(start, &omega[..1], 0.3, &goal));
    let turning = vec![omega[0], omega[2]];
    assert_gradient!(miss(start, &turning, 0.3, &goal));
    let (value, _) = miss_value_and_grad(start, &omega, 0.3, &goal);
    assert_eq!(value, miss(start, &omega, 0.3, &goal));
}

#[derive(Clone, Copy, Debug, Differentiable)]
struct Pid {
    kp: f32,
    ki: f32,
    kd: f32,
    integral: f32,
    last: f32,
}

#[differentiate]
impl Pid {
    fn update(&mut self, error: f32, dt: f32) -> f32 {
        self.integral = (self.integral + error * dt).clamp(-0.5, 0.5);
        let slope = (error - self.last) / dt;
        self.last = error;
        let u = self.kp * error + self.ki * self.integral + self.kd * slope;
        u.max(-1.0).min(1.0)
    }

    fn track(mut self, goal: &[f32], dt: f32) -> f32 {
        let (mut x, mut v) = (0.0f32, 0.0);
        let mut cost = 0.0;
        for &g in goal {
            let u = self.update(g - x, dt);
            v += dt * (2.0 * u - 0.3 * v);
            x += dt * v;
            cost += (g - x) * (g - x);
        }
        cost / goal.len() as f32
    }
}

#[test]
fn a_controller_saturates() {
    let pid = Pid {
        kp: 0.9,
        ki: 0.4,
        kd: 0.05,
        integral: 0.0,
        last: 0.0,
    };
    assert_gradient!(pid.track(&[0.3, 0.5, 0.55, 0.7, 0.2], 0.1), tol = 2e-2);
    assert_gradient!(pid.track(&[3.0, 3.5, 2.0, -1.0], 0.25), tol = 2e-2);
}

#[differentiate]
fn spring_mesh(x: &[[f64; 2]], edges: &[(usize, usize, f64)], k: f64) -> f64 {
    edges
        .iter()
        .map(|&(a, b, rest)| {
            let d = [x[a][0] - x[b][0], x[a][1] - x[b][1]];
            let l = d[0].hypot(d[1]);
            0.5 * k * (l - rest).powi(2)
        })
        .sum()
}

#[test]
fn springs_pull() {
    let edges = [(0, 1, 1.0), (1, 2, 0.5), (2, 0, 0.8)];
    let x = [[0.0, 0.1], [1.2, 0.3], [0.4, -0.9]];
    let (value, (dx, _, _)) = spring_mesh_value_and_grad(&x, &edges, 2.0);
    assert_eq!(value, spring_mesh(&x, &edges, 2.0));
    for i in 0..3 {
        for c in 0..2 {
            let at = |h: f64| {
                let mut x = x;
                x[i][c] += h;
                spring_mesh(&x, &edges, 2.0)
            };
            assert!((dx[i][c] - (at(1e-5) - at(-1e-5)) / 2e-5).abs() < 1e-8);
        }
    }
}
