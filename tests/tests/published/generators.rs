//! What is handed around as `&mut` and is constant: a generator of numbers, say.

use tapeless::differentiate;

/// Not `Differentiable`.
#[derive(Clone)]
struct Numbers {
    at: u32,
}

trait Source {
    fn uniform(&mut self) -> f64;
}

impl Source for Numbers {
    fn uniform(&mut self) -> f64 {
        self.at = self.at.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        f64::from(self.at) / f64::from(u32::MAX)
    }
}

fn numbers() -> Numbers {
    Numbers { at: 17 }
}

#[differentiate]
fn draw<S: Source + ?Sized>(#[constant] source: &mut S, mean: f64, scale: f64) -> f64 {
    mean - scale * (1.0 - source.uniform()).ln()
}

#[differentiate]
fn draw_squared<S: Source + ?Sized>(#[constant] source: &mut S, mean: f64, scale: f64) -> f64 {
    let skipped = source.uniform();
    draw(source, mean * skipped, scale * scale)
}

#[differentiate]
fn either<S: Source + Clone>(#[constant] source: &mut S, mean: f64, scale: f64) -> f64 {
    if source.uniform() < 0.5 {
        draw(source, mean, scale)
    } else {
        draw(source, scale, mean)
    }
}

/// A function of a mean and a scale that draws.
type Drawn = fn(&mut Numbers, f64, f64) -> f64;
/// Its gradient.
type Gradient = fn(&mut Numbers, f64, f64) -> (f64, f64);

fn agrees(drawn: Drawn, gradient: Gradient, mean: f64, scale: f64) {
    let at = |mean, scale| drawn(&mut numbers(), mean, scale);
    let step = 1e-5;
    let (d_mean, d_scale) = gradient(&mut numbers(), mean, scale);
    let by_mean = (at(mean + step, scale) - at(mean - step, scale)) / (2.0 * step);
    let by_scale = (at(mean, scale + step) - at(mean, scale - step)) / (2.0 * step);
    assert!((d_mean - by_mean).abs() < 1e-8, "{d_mean}, {by_mean}");
    assert!((d_scale - by_scale).abs() < 1e-8, "{d_scale}, {by_scale}");
}

#[test]
fn a_generator_is_handed_on() {
    agrees(draw, draw_grad, 0.7, 1.3);
    agrees(draw_squared, draw_squared_grad, 0.7, 1.3);
    agrees(either, either_grad, 0.7, 1.3);
}

#[test]
fn a_gradient_draws_as_often_as_its_function() {
    let (mut source, mut same) = (numbers(), numbers());
    draw_squared_grad(&mut source, 0.7, 1.3);
    draw_squared(&mut same, 0.7, 1.3);
    assert_eq!(source.at, same.at);
}
