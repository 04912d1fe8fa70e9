//! In an annotated module the adjoint sees through calls: the same functions, annotated one by one, are the reference.

use tapeless::{assert_gradient, differentiate};

/// The same functions in a module that is annotated as a whole, and annotated one by one.
macro_rules! both {
    ($($(#[$attr:meta])* fn $name:ident $args:tt $(-> $out:ty)? $body:block)*) => {
        #[differentiate]
        mod seen {
            $(#[allow(dead_code)] $(#[$attr])* pub fn $name $args $(-> $out)? $body)*
        }
        mod apart {
            use super::differentiate;
            $(#[allow(dead_code)] #[differentiate] $(#[$attr])* pub fn $name $args $(-> $out)? $body)*
        }
    };
}

const GAIN: f64 = 1.5;
type Pose = [f64; 3];

both! {
    fn sigmoid(x: f64) -> f64 {
        1.0 / (1.0 + (-x).exp())
    }

    fn twice(x: f64) -> f64 {
        sigmoid(sigmoid(x) * x) + sigmoid(2.0)
    }

    fn clipped(x: f64, limit: f64) -> f64 {
        if x > limit {
            return limit * limit;
        }
        if x < -limit {
            return -limit;
        }
        x.sin()
    }

    fn early(x: f64, y: f64) -> f64 {
        clipped(x * y, 0.9) * clipped(y, 1.0) + super::GAIN * clipped(-3.0 * x, y)
    }

    fn dot(a: &[f64], b: &[f64]) -> f64 {
        a.iter().zip(b).map(|(a, b)| a * b).sum()
    }

    fn quadratic(a: &[f64], x: &[f64]) -> f64 {
        let n = x.len();
        let mut total = 0.0;
        for i in 0..n {
            total += x[i] * dot(&a[i * n..(i + 1) * n], x);
        }
        total + dot(x, x).sqrt()
    }

    fn scale(k: f64, x: &[f64], out: &mut [f64]) {
        for (o, x) in out.iter_mut().zip(x) {
            *o = k * x;
        }
    }

    fn relax(x: &mut [f64], k: f64) -> f64 {
        let mut change = 0.0;
        for i in 1..x.len() {
            let old = x[i];
            x[i] = old + k * (x[i - 1] - old) * old.cos();
            change += (x[i] - old) * (x[i] - old);
        }
        change
    }

    fn in_and_out(x: &[f64], k: f64, rounds: usize) -> f64 {
        let mut state = x.to_vec();
        let mut scaled = vec![0.0; x.len()];
        let mut total = 0.0;
        for _ in 0..rounds {
            total += relax(&mut state, k);
            scale(total, &state, &mut scaled);
            total += 0.1 * dot(&scaled, &scaled);
            let _ = relax(&mut scaled[..x.len() / 2], total);
        }
        total + dot(&scaled, x)
    }

    fn rotated(p: [f64; 2], angle: f64) -> [f64; 2] {
        let (sin, cos) = angle.sin_cos();
        [p[0] * cos - p[1] * sin, p[0] * sin + p[1] * cos]
    }

    fn chain(p: [f64; 2], angles: &[f64]) -> f64 {
        let mut at = p;
        for a in angles {
            let q = rotated(at, *a);
            at = rotated([q[0] * 1.1, q[1] + a], -0.5 * a);
        }
        at[0] * at[1]
    }

    fn split(x: f64, y: f64) -> (f64, f64) {
        if x < y { (x * y, y) } else { (x, x / y) }
    }

    fn pairs(x: f64, y: f64) -> f64 {
        let (a, b) = split(x, y);
        let (c, d) = split(b, a);
        a * d - c.exp() * b
    }

    fn power(x: f64, n: u32) -> f64 {
        if n == 0 { 1.0 } else { x * power(x, n - 1) }
    }

    fn recursive(x: f64) -> f64 {
        power(x, 3) + power(x.cos(), 2)
    }

    /// What it gives and takes goes by names that only the compiler can look up.
    fn leaned(pose: &super::Pose, p: [f64; 2]) -> f64 {
        let [x, y] = rotated([p[0] - pose[0], p[1] - pose[1]], pose[2]);
        let norm = dot(&[pose[0], pose[2], x], &[pose[1], y, pose[0]]);
        norm + leaning(&[pose[2], pose[1]], &[x, y])
    }

    fn leaning(by: &[f64; 2], p: &[f64; 2]) -> f64 {
        if by[0] < 0.0 {
            return p[0] * by[0].cosh() * by[1];
        }
        let angle = by[0] * by[1];
        angle.sin() * p[0] + angle.cos() * p[1] + by[0].sinh()
    }

    /// The names of the two meet.
    fn shadow(x: f64) -> f64 {
        let t = x * x;
        let y = { let t = sigmoid(t); t * x };
        let x = sigmoid(y) + t;
        x * y
    }

    /// Called for what it writes alone.
    fn dropped(x: &mut [f64]) -> f64 {
        let _ = relax(x, 0.3);
        let _ = relax(x, 0.2);
        dot(x, x)
    }
}

macro_rules! same {
    ($f:ident($($arg:expr),*)) => {{
        let seen = seen::$f($($arg),*);
        let apart = apart::$f($($arg),*);
        assert_eq!(seen, apart, "{}", stringify!($f));
    }};
}

#[test]
fn scalars() {
    for x in [-2.0, -0.3, 0.1, 0.7, 1.9] {
        same!(twice_grad(x));
        same!(recursive_grad(x));
        assert_gradient!(seen::twice(x));
        assert_gradient!(seen::recursive(x));
        assert_gradient!(seen::shadow(x));
        let pose = [x, 0.2 - x, 0.8 * x];
        same!(leaned_value_and_grad(&pose, [0.6, x]));
        assert_gradient!(seen::leaned(&pose, [0.6, x]));
        for y in [0.4, 1.3] {
            same!(early_value_and_grad(x, y));
            same!(pairs_value_and_grad(x, y));
            assert_gradient!(seen::early(x, y));
            assert_gradient!(seen::pairs(x, y));
        }
    }
}

#[test]
fn slices() {
    for n in [1, 2, 5] {
        let x: Vec<f64> = (0..n).map(|i| 0.3 + 0.7 * (i as f64).cos()).collect();
        let a: Vec<f64> = (0..n * n).map(|i| (1.7 * i as f64).sin()).collect();
        assert_gradient!(seen::quadratic(&a, &x));
        for rounds in [0, 1, 3] {
            assert_gradient!(seen::in_and_out(&x, 0.4, rounds));
        }
        assert_gradient!(seen::chain([0.3, -1.2], &x));
    }
    same!(quadratic_value_and_grad(&[], &[]));
    same!(in_and_out_value_and_grad(&[], 0.4, 2));
    same!(chain_value_and_grad([0.3, -1.2], &[]));
}

#[test]
fn in_out_parameters() {
    for n in [0, 1, 4] {
        let x: Vec<f64> = (0..n).map(|i| (0.9 * i as f64).sin()).collect();
        let (mut a, mut b) = (x.clone(), x.clone());
        let (mut d_a, mut d_b) = (vec![0.0; n], vec![0.0; n]);
        let seen = seen::dropped_vjp(&mut a, 1.0, &mut d_a);
        let apart = apart::dropped_vjp(&mut b, 1.0, &mut d_b);
        approx::assert_relative_eq!(seen, apart, max_relative = 1e-14);
        assert_eq!(a, b);
        approx::assert_relative_eq!(&d_a[..], &d_b[..], max_relative = 1e-12);
    }
}

/// Methods of one `impl` block.
#[derive(Clone, Debug, tapeless::Differentiable)]
struct Spring {
    stiffness: f64,
    damping: f64,
}

#[differentiate]
impl Spring {
    fn force(&self, x: f64, v: f64) -> f64 {
        -self.stiffness * x - self.damping * v * v.abs()
    }

    fn step(&mut self, x: f64, v: f64, h: f64) -> f64 {
        let a = self.force(x, v);
        self.damping *= 1.0 + 0.1 * a * h;
        x + h * (v + h * Self::limit(a))
    }

    fn limit(a: f64) -> f64 {
        a.tanh()
    }

    fn path(&self, x: f64, steps: usize) -> f64 {
        let mut spring = self.clone();
        let mut x = x;
        for _ in 0..steps {
            x = spring.step(x, 0.5, 0.2) + 0.01 * self.force(x, x);
            // The call is seen to have a result, which is left alone.
            Self::step(&mut spring, x, 0.1, 0.1);
        }
        x
    }
}

#[test]
fn methods() {
    let spring = Spring {
        stiffness: 1.3,
        damping: 0.4,
    };
    for steps in [0, 1, 4] {
        assert_gradient!(spring.path(0.8, steps));
    }
}
