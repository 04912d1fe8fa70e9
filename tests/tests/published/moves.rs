//! What the reverse sweep does not need is moved: it need not be `Clone`.

use tapeless::{differentiate, Differentiable};

#[derive(Differentiable)]
struct Point {
    long: f64,
    lat: f64,
}

#[differentiate]
fn coordinates(t: f64) -> (f64, f64, f64) {
    (t.sin(), t * t, 3.0 * t)
}

#[differentiate]
fn position(t: f64) -> (Point, f64) {
    let (long, lat, distance) = coordinates(t);
    let point = Point {
        long: long + 1.0,
        lat: -lat,
    };
    (point, distance)
}

#[differentiate]
fn norm(point: &Point) -> f64 {
    point.long * point.lat
}

#[differentiate]
fn handed_on(t: f64) -> f64 {
    let (point, distance) = position(t);
    norm(&point) + distance
}

#[test]
fn results_that_are_not_clone() {
    let t: f64 = 0.4;
    let (value, dt) = handed_on_value_and_grad(t);
    assert_eq!(value, -(t.sin() + 1.0) * (t * t) + 3.0 * t);
    let expected = -t.cos() * t * t - (t.sin() + 1.0) * 2.0 * t + 3.0;
    assert!(super::close(dt, expected));
}

#[derive(Clone, Differentiable)]
struct Samples {
    values: Vec<f64>,
}

#[differentiate]
fn total(samples: Samples, weight: f64) -> f64 {
    samples.values.iter().sum::<f64>() * weight
}

#[differentiate]
fn read_twice(x: f64) -> f64 {
    let samples = Samples {
        values: vec![x, x * x],
    };
    let copy = samples.clone();
    total(copy, samples.values[1]) + total(samples, 2.0)
}

#[test]
fn copies_that_are_needed_stay() {
    // (x + x²) (x² + 2)
    let (value, dx) = read_twice_value_and_grad(3.0);
    assert_eq!(value, 12.0 * 11.0);
    assert_eq!(dx, 7.0 * 11.0 + 12.0 * 6.0);
}

#[differentiate]
fn in_a_loop(x: f64, n: usize) -> f64 {
    let mut sum = 0.0;
    for i in 0..n {
        let (point, distance) = position(x + i as f64);
        if distance > 3.0 {
            sum += norm(&point) * distance;
        }
    }
    sum
}

#[test]
fn moved_in_every_iteration() {
    let x = 0.6;
    let h = 1e-6;
    let slope = (in_a_loop(x + h, 4) - in_a_loop(x - h, 4)) / (2.0 * h);
    assert!((in_a_loop_grad(x, 4) - slope).abs() < 1e-5);
}
