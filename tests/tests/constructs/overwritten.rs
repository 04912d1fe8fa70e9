//! Elements that are overwritten, read and overwritten again, whether or not two indices lead to the same one.

use tapeless::{assert_gradient, differentiate, Differentiable};

/// Each element from itself and from the one before, which it then changes.
#[differentiate]
fn backwards(x: &mut [f64], w: &[f64]) {
    for i in 1..w.len() {
        x[i] = (x[i] * w[i]).sin();
        x[i - 1] = x[i] * x[i - 1];
    }
}

#[differentiate]
fn of_backwards(x: &[f64], w: &[f64]) -> f64 {
    let mut y = x.to_vec();
    backwards(&mut y, w);
    y.iter().map(|y| y * y).sum()
}

/// The indices are data: they may be the same.
#[differentiate]
fn scattered(x: &[f64], from: &[usize], to: &[usize]) -> f64 {
    let mut y = x.to_vec();
    for (f, t) in from.iter().zip(to) {
        y[*f] = (y[*t] * y[*f]).sin();
        y[*t] = y[*f] * x[*t] + y[*t];
        y[*f] *= y[*t];
    }
    y.iter().map(|y| y * y).sum()
}

/// Halves, between which an arm changes one of them or leaves.
#[differentiate]
fn halves(x: &[f64], w: f64) -> f64 {
    let n = x.len() / 2;
    let mut state = x.to_vec();
    let (low, high) = state.split_at_mut(n);
    for i in 0..n {
        high[i] = high[i] * w + low[i].sin();
        if high[i] > 1.5 {
            low[n - 1 - i] *= high[i];
        } else if high[i] < -2.0 {
            break;
        }
        low[i] = high[i] * low[i];
        high[i] = low[i].cos();
    }
    state.iter().map(|s| s * s * s).sum()
}

#[derive(Clone, Copy, Debug, Differentiable)]
struct Body {
    at: f64,
    speed: f64,
}

/// Fields of elements.
#[differentiate]
fn flight(bodies: &[Body], dt: f64, steps: usize) -> f64 {
    let mut now = [Body {
        at: 0.1,
        speed: 0.2,
    }; 2];
    for (place, body) in now.iter_mut().zip(bodies) {
        *place = *body;
    }
    for step in 0..steps {
        let (i, j) = (step % 2, step * step % 2);
        now[i].speed -= dt * now[j].at.sin();
        now[j].at += dt * now[i].speed;
        now[i].speed *= now[j].at;
    }
    now[0].at * now[1].speed + now[1].at
}

/// One variable, written to several times, its old value used in between.
#[differentiate]
fn twice(x: &mut f64, y: f64) -> f64 {
    let old = *x;
    *x = x.sin() * y;
    *x += old * *x;
    let mid = *x;
    *x = 2.0;
    *x *= y * mid;
    mid - *x
}

#[differentiate]
fn of_twice(x: f64, y: f64) -> f64 {
    let mut z = x;
    let first = twice(&mut z, y);
    first * z
}

#[test]
fn neighbours() {
    for n in 0..5 {
        let x: Vec<f64> = (0..n).map(|i| 0.3 + 0.2 * f64::from(i)).collect();
        let w: Vec<f64> = (0..n).map(|i| 1.1 - 0.3 * f64::from(i)).collect();
        assert_gradient!(of_backwards(&x, &w));
    }
}

#[test]
fn the_same_element() {
    let x = [0.4, -0.7, 1.2];
    assert_gradient!(scattered(&x, &[0, 1, 2, 1], &[1, 1, 0, 1]));
    assert_gradient!(scattered(&x, &[0, 0], &[0, 0]));
    let none: &[usize] = &[];
    assert_gradient!(scattered(&x, none, none));
}

#[test]
fn arms_in_between() {
    let x = [0.4, -0.7, 1.2, 0.3, 2.0, -0.9];
    for w in [0.5, 1.7, -1.4, 3.0] {
        assert_gradient!(halves(&x, w));
    }
    assert_gradient!(halves(&[], 1.0));
}

#[test]
fn fields_of_elements() {
    let bodies = [
        Body {
            at: 0.3,
            speed: 0.8,
        },
        Body {
            at: -0.4,
            speed: 1.1,
        },
    ];
    for steps in 0..6 {
        assert_gradient!(flight(&bodies, 0.1, steps));
    }
}

#[test]
fn one_variable() {
    assert_gradient!(of_twice(0.7, 1.3));
    assert_gradient!(of_twice(0.0, -1.0));
}
