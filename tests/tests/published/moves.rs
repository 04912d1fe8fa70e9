//! What the reverse sweep does not need is moved: it need not be `Clone`.

use tapeless::{assert_gradient, differentiate, Differentiable};

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

/// Not `Copy`, and used up by its own method.
#[derive(Clone, Differentiable)]
struct Polygon {
    sides: Vec<f64>,
    scale: f64,
}

#[differentiate]
impl Polygon {
    fn perimeter(mut self, k: f64) -> (f64, f64) {
        self.sides[0] *= k;
        let sum: f64 = self.sides.iter().sum();
        (sum * self.scale, k)
    }

    fn with(&self, side: f64) -> (f64, f64) {
        let mut polygon = self.clone();
        polygon.scale += side;
        polygon.perimeter(side)
    }

    fn whole(self) -> f64 {
        let (sum, last) = self.perimeter(2.0);
        sum * sum + last
    }
}

#[differentiate]
fn of_a_polygon(a: f64, b: f64) -> f64 {
    let polygon = Polygon {
        sides: vec![a, b],
        scale: a * b,
    };
    let (sum, last) = polygon.with(b);
    sum * last + polygon.scale
}

#[test]
fn a_method_uses_up_what_it_is_called_on() {
    assert_gradient!(of_a_polygon(1.5, 0.7));
    assert_gradient!(of_a_polygon(-0.4, 2.0));
    let sides = vec![1.0, 3.0];
    let d = Polygon { sides, scale: 0.5 }.whole_grad();
    // ((2 · 1 + 3) / 2)² + 2
    assert_eq!((d.sides, d.scale), (vec![5.0, 2.5], 25.0));
}

#[derive(Differentiable)]
struct Shape {
    radius: f64,
}

/// Built around a reference that it was given.
#[derive(Differentiable)]
struct Drawn<'a> {
    shape: &'a Shape,
    scale: f64,
}

#[differentiate]
fn drawn<'a>(shape: &'a Shape, x: f64) -> Drawn<'a> {
    Drawn {
        shape,
        scale: x * x,
    }
}

#[differentiate]
fn area(radius: f64, x: f64) -> f64 {
    let shape = Shape { radius };
    let drawn = drawn(&shape, x);
    drawn.scale * drawn.shape.radius * drawn.shape.radius
}

#[test]
fn a_reference_in_a_field() {
    assert_gradient!(area(1.5, 0.7));
    assert_gradient!(area(-2.0, 3.0));
}

#[derive(Clone, Differentiable)]
struct Channels(Vec<f64>);

#[differentiate]
impl Channels {
    fn into_pair(self) -> (f64, f64) {
        (self.0[0] * self.0[1], self.0[1])
    }
}

#[differentiate]
fn channels(x: f64) -> Channels {
    Channels(vec![x, x * x])
}

#[differentiate]
fn converted(x: f64) -> f64 {
    let (product, square) = channels(x).into_pair();
    let again = channels(square);
    let (cubed, _) = again.into_pair();
    product * cubed
}

#[test]
fn a_conversion_uses_up_what_it_converts() {
    // x³ · x⁶
    assert_eq!(converted_grad(2.0), 9.0 * 256.0);
}
