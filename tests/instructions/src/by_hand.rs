//! The same gradients, written as a careful person writes them: every value computed once, nothing stored.

use tapeless::matrix::Vector;

use crate::models::{cumulative, density, Network, Pendulum, PendulumCotangent, Quaternion, RATE};

#[inline(never)]
pub fn rosenbrock(x: f64, y: f64) -> (f64, (f64, f64)) {
    let a = 1.0 - x;
    let b = y - x * x;
    let d_b = 200.0 * b;
    (a * a + 100.0 * (b * b), (-2.0 * a - 2.0 * x * d_b, d_b))
}

#[inline(never)]
pub fn black_scholes(
    spot: f64,
    strike: f64,
    rate: f64,
    volatility: f64,
    time: f64,
) -> (f64, (f64, f64, f64, f64, f64)) {
    let root = time.sqrt();
    let spread = volatility * root;
    let ratio = spot / strike;
    let drift = rate + 0.5 * volatility * volatility;
    let d1 = (ratio.ln() + drift * time) / spread;
    let d2 = d1 - spread;
    let (n1, n2) = (cumulative(d1), cumulative(d2));
    let discount = (-rate * time).exp();
    let value = spot * n1 - strike * discount * n2;

    let d_d2 = -strike * discount * density(d2);
    let d_d1 = (spot * density(d1) + d_d2) / spread;
    let d_spread = -d_d2 - d_d1 * d1;
    let d_exponent = -strike * n2 * discount;
    let d_drift = d_d1 * time;
    let d_spot = n1 + d_d1 / spot;
    let d_strike = -discount * n2 - d_d1 / strike;
    let d_rate = d_drift - d_exponent * time;
    let d_volatility = d_drift * volatility + d_spread * root;
    let d_time = d_d1 * drift - d_exponent * rate + 0.5 * d_spread * volatility / root;
    (value, (d_spot, d_strike, d_rate, d_volatility, d_time))
}

#[inline(never)]
pub fn rotation(q: &Quaternion, v: &[f64; 3], target: &[f64; 3]) -> (f64, (Quaternion, [f64; 3])) {
    let [w, x, y, z] = *q;
    let [v0, v1, v2] = *v;
    let a = 2.0 * (y * v2 - z * v1);
    let b = 2.0 * (z * v0 - x * v2);
    let c = 2.0 * (x * v1 - y * v0);
    let r0 = v0 + w * a + (y * c - z * b) - target[0];
    let r1 = v1 + w * b + (z * a - x * c) - target[1];
    let r2 = v2 + w * c + (x * b - y * a) - target[2];
    let value = r0 * r0 + r1 * r1 + r2 * r2;

    let (d0, d1, d2) = (2.0 * r0, 2.0 * r1, 2.0 * r2);
    let d_a = 2.0 * (w * d0 + z * d1 - y * d2);
    let d_b = 2.0 * (w * d1 + x * d2 - z * d0);
    let d_c = 2.0 * (w * d2 + y * d0 - x * d1);
    let d_w = a * d0 + b * d1 + c * d2;
    let d_x = b * d2 - c * d1 + v1 * d_c - v2 * d_b;
    let d_y = c * d0 - a * d2 + v2 * d_a - v0 * d_c;
    let d_z = a * d1 - b * d0 + v0 * d_b - v1 * d_a;
    let d_v0 = d0 + z * d_b - y * d_c;
    let d_v1 = d1 + x * d_c - z * d_a;
    let d_v2 = d2 + y * d_a - x * d_b;
    (value, ([d_w, d_x, d_y, d_z], [d_v0, d_v1, d_v2]))
}

#[inline(never)]
pub fn huber(x: f64, y: f64, delta: f64) -> (f64, (f64, f64)) {
    let r = x - y;
    if r > delta {
        (delta * (r - 0.5 * delta), (delta, -delta))
    } else if r < -delta {
        (-delta * (r + 0.5 * delta), (-delta, delta))
    } else {
        (0.5 * r * r, (r, -r))
    }
}

#[inline(never)]
pub fn pendulum(
    pendulum: &Pendulum,
    angle: f64,
    speed: f64,
) -> (f64, (PendulumCotangent, f64, f64)) {
    let Pendulum {
        mass,
        length,
        damping,
    } = *pendulum;
    let v = length * speed;
    let half = 0.5 * mass;
    let kinetic = half * v * v;
    let (sin, cos) = angle.sin_cos();
    let weight = mass * 9.81;
    let lift = 1.0 - cos;
    let value = kinetic + weight * length * lift - damping * v * v;

    let d_v = 2.0 * v * (half - damping);
    let d = PendulumCotangent {
        mass: 0.5 * v * v + 9.81 * length * lift,
        length: weight * lift + d_v * speed,
        damping: -(v * v),
    };
    (value, (d, weight * length * sin, d_v * length))
}

/// The same statements for each hidden unit, one after the other.
macro_rules! unrolled {
    (|$j:ident| $body:block) => {
        unrolled!(@ $j $body 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15)
    };
    (@ $j:ident $body:block $($unit:literal)*) => {
        $({
            const $j: usize = $unit;
            $body
        })*
    };
}

/// A training step: unit by unit, each derivative written where it belongs rather than added to a zero.
#[inline(never)]
pub fn network(network: &mut Network, x: &Vector<f32, 2>, y: &Vector<f32, 1>) -> f32 {
    let ([x0, x1], [y]) = (x.0, y.0);
    let Network { hidden, output } = network;
    let (w1, b1) = (&mut hidden.weight.0, &mut hidden.bias.0);
    let ([w2], [b2]) = (&mut output.weight.0, &mut output.bias.0);

    let (mut h, mut out) = ([0.0_f32; 16], *b2);
    unrolled!(|J| {
        h[J] = (b1[J] + w1[J][0] * x0 + w1[J][1] * x1).max(0.0);
        out += h[J] * w2[J];
    });
    let error = out - y;

    let d_out = 2.0 * error;
    let (mut d_w1, mut d_b1, mut d_w2) = ([[0.0; 2]; 16], [0.0; 16], [0.0; 16]);
    unrolled!(|J| {
        d_w2[J] = d_out * h[J];
        d_b1[J] = if h[J] > 0.0 { d_out * w2[J] } else { 0.0 };
        d_w1[J] = [d_b1[J] * x0, d_b1[J] * x1];
    });

    *b2 -= RATE * d_out;
    unrolled!(|J| {
        w1[J][0] -= RATE * d_w1[J][0];
        w1[J][1] -= RATE * d_w1[J][1];
        b1[J] -= RATE * d_b1[J];
        w2[J] -= RATE * d_w2[J];
    });
    error * error
}
