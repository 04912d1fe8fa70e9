//! Patterns with alternatives that bind names.

use tapeless::check::assert_gradient;
use tapeless::{differentiate, Differentiable};

#[derive(Clone, Debug, PartialEq, Differentiable)]
enum Event {
    Dawn(f64),
    Dusk(f64),
    At { height: f64, scale: f64 },
    Never,
}

#[differentiate]
fn angle(event: &Event, x: f64) -> f64 {
    match event {
        Event::Dawn(t) | Event::Dusk(t) if *t > 1.0 => t * t * x,
        Event::Dusk(t) | Event::At { height: t, .. } => t.sin() + x,
        Event::Dawn(t) => 3.0 * t * x,
        Event::Never => x,
    }
}

#[differentiate]
fn first(event: Option<Event>, x: f64) -> f64 {
    match event {
        Some(Event::Dawn(t) | Event::At { scale: t, .. }) => t * t * x,
        Some(_) => 2.0,
        None => x,
    }
}

#[differentiate]
fn powers(event: &Event, n: usize) -> f64 {
    let mut sum = 0.0;
    for k in 0..n {
        if let Event::Dawn(t) | Event::At { height: t, .. } = event {
            if k > 3 {
                return sum;
            }
            sum = sum * t + t.exp();
        } else {
            sum += 1.0;
        }
    }
    sum
}

fn d(event: &Event, x: f64) -> (EventCotangent, f64) {
    angle_grad(event, x)
}

#[test]
fn the_alternative_that_matched_has_the_derivative() {
    let x = 0.7_f64;
    let at = |height: f64| Event::At { height, scale: 9.0 };
    assert_eq!(
        d(&Event::Dawn(2.0), x),
        (EventCotangent::Dawn(4.0 * x), 4.0)
    );
    assert_eq!(
        d(&Event::Dusk(2.0), x),
        (EventCotangent::Dusk(4.0 * x), 4.0)
    );
    assert_eq!(
        d(&Event::Dawn(0.5), x),
        (EventCotangent::Dawn(3.0 * x), 1.5)
    );
    let (height, scale) = (0.5_f64.cos(), 0.0);
    assert_eq!(d(&Event::Dusk(0.5), x), (EventCotangent::Dusk(height), 1.0));
    assert_eq!(d(&at(0.5), x), (EventCotangent::At { height, scale }, 1.0));
    assert_eq!(d(&Event::Never, x), (EventCotangent::Never, 1.0));
}

#[test]
fn alternatives_inside_other_patterns() {
    let at = Event::At {
        height: 1.0,
        scale: 3.0,
    };
    let expected = EventCotangent::At {
        height: 0.0,
        scale: 12.0,
    };
    assert_eq!(first_grad(Some(at), 2.0), (Some(expected), 9.0));
    let dawn = Some(EventCotangent::Dawn(4.0));
    assert_eq!(first_grad(Some(Event::Dawn(1.0)), 2.0), (dawn, 1.0));
    assert_eq!(first_grad(None, 2.0), (None, 1.0));
}

#[test]
fn alternatives_of_a_condition() {
    let of = |event: Event, n| powers_value_and_grad(&event, n);
    let direct = |t: f64, n| powers(&Event::Dawn(t), n);
    for n in [0, 1, 3, 7] {
        let (t, h) = (0.6, 1e-6);
        let (value, d) = of(Event::Dawn(t), n);
        assert_eq!(value, direct(t, n));
        let difference = (direct(t + h, n) - direct(t - h, n)) / (2.0 * h);
        assert!(matches!(d, EventCotangent::Dawn(d) if (d - difference).abs() < 1e-7));
        assert_eq!(of(Event::Dusk(t), n), (n as f64, EventCotangent::Dusk(0.0)));
    }
}

#[differentiate]
fn plain(x: f64, y: f64) -> f64 {
    match (x > 0.0, y) {
        (true, t) | (false, t) if t > 0.0 => t * x,
        _ => x * x,
    }
}

#[test]
fn alternatives_of_tuples() {
    for (x, y) in [(1.0, 2.0), (-1.5, 2.0), (1.5, -2.0)] {
        assert_gradient!(plain(x, y));
    }
}
