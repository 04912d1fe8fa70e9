//! Branches of which one writes a tuple down and another gets it out of a call.

use tapeless::check::assert_gradient;
use tapeless::{differentiate, Differentiable};

#[derive(Clone, Debug, Differentiable)]
enum Motion {
    Straight { speed: f64 },
    Round { radius: f64, rate: f64 },
    Still,
}

#[differentiate]
fn on_a_circle(radius: f64, angle: f64) -> (f64, f64) {
    (radius * angle.cos(), radius * angle.sin())
}

#[differentiate]
impl Motion {
    fn at(&self, t: f64) -> (f64, f64) {
        match self {
            Motion::Straight { speed } => (*speed * t, 0.5),
            Motion::Round { radius, rate } => on_a_circle(*radius, *rate * t),
            Motion::Still => (0.0, 0.0),
        }
    }
}

#[differentiate]
fn product(motion: &Motion, x: f64, t: f64, other: Option<f64>) -> f64 {
    let (a, b) = match motion {
        Motion::Straight { speed } => (*speed * x, speed * speed),
        moved => match other {
            Some(other) => moved.at(t * other),
            None => panic!("nothing to go by"),
        },
    };
    a * b + x
}

/// The parts are assigned, and nested in one of the branches.
#[differentiate]
fn nested(x: f64, y: f64, n: usize) -> f64 {
    let mut pair = (x, y);
    for i in 0..n {
        pair = if i % 2 == 0 {
            on_a_circle(pair.0, pair.1)
        } else if pair.0 > 0.3 {
            (pair.1 * x, pair.0)
        } else {
            let moved = on_a_circle(x, y);
            moved
        };
    }
    let ((a, b), c) = if x > y {
        (on_a_circle(x, pair.1), 2.0)
    } else {
        ((pair.0, y), x)
    };
    a * b * c + pair.0 * pair.1
}

#[test]
fn tuples() {
    let round = Motion::Round {
        radius: 1.4,
        rate: 0.6,
    };
    assert_gradient!(product(&Motion::Straight { speed: 0.8 }, 1.3, 0.7, None));
    assert_gradient!(product(&round, 1.3, 0.7, Some(0.9)));
    assert_gradient!(product(&Motion::Still, 1.3, 0.7, Some(0.9)));
    for n in 0..5 {
        assert_gradient!(nested(1.3, 0.7, n));
        assert_gradient!(nested(0.2, 0.7, n));
    }
}
