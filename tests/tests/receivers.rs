//! Methods that take `self` by value, of types that are not `Copy`: the reverse sweep calls them on copies, and what a
//! method only borrows is not copied.

use tapeless::check::finite_difference::central;
use tapeless::{differentiate, Differentiable};

#[derive(Clone, Debug, PartialEq, Differentiable)]
pub struct Filter {
    taps: Vec<f64>,
    gain: f64,
    #[constant]
    name: String,
}

#[differentiate]
impl Filter {
    pub fn new(n: usize) -> Self {
        Filter {
            taps: vec![0.0; n],
            gain: 1.0,
            name: String::new(),
        }
    }

    pub fn with_gain(mut self, gain: f64) -> Self {
        self.gain = gain;
        self
    }

    pub fn with_tap(mut self, i: usize, value: f64) -> Self {
        self.taps[i] = value * self.gain;
        self
    }

    pub fn scaled(self, k: f64) -> Self {
        Filter {
            gain: self.gain * k,
            ..self
        }
    }

    pub fn run(&self, x: &[f64]) -> f64 {
        self.gain * self.taps.iter().zip(x).map(|(a, b)| a * b).sum::<f64>()
    }

    pub fn retune(&mut self, k: f64) {
        self.gain *= k * k;
    }

    pub fn finish(self) -> Vec<f64> {
        self.taps
    }
}

/// A chain, of which nothing has a name.
#[differentiate]
fn chained(g: f64, a: f64) -> f64 {
    let filter = Filter::new(2)
        .with_gain(g)
        .with_tap(0, a)
        .with_tap(1, a * g)
        .scaled(a);
    filter.run(&[0.3, -0.7])
}

/// The same name again and again, and methods that borrow it between.
#[differentiate]
fn in_a_loop(g: f64, a: f64) -> f64 {
    let mut filter = Filter::new(3);
    filter = filter.with_gain(g);
    for i in 0..3 {
        filter = filter.with_tap(i, a * i as f64 + 1.0);
        filter.retune(a);
    }
    let gain = filter.gain;
    filter.finish().iter().map(|tap| tap * gain).sum()
}

/// In an arm, and handed on before.
#[differentiate]
fn in_an_arm(g: f64, a: f64) -> f64 {
    let base = Filter::new(1).with_tap(0, g);
    let other = base.clone().with_gain(a);
    let filter = if a > 1.0 { other.scaled(g) } else { base };
    filter.run(&[a])
}

/// By methods that carry the attribute by themselves.
#[derive(Clone, Debug, PartialEq, Differentiable)]
struct Total {
    parts: Vec<f64>,
}

impl Total {
    #[differentiate]
    fn add(mut self, part: f64) -> Self {
        self.parts.push(part * part);
        self
    }

    #[differentiate]
    fn finish(self) -> f64 {
        self.parts.into_iter().sum()
    }
}

#[differentiate]
fn totalled(x: f64, y: f64) -> f64 {
    Total { parts: vec![x] }.add(y).add(x * y).finish()
}

/// By methods of a trait.
#[differentiate]
trait Shape: Clone {
    fn grown(self, k: f64) -> Self;
    fn size(&self) -> f64;
    fn grown_twice(self, k: f64) -> Self {
        self.grown(k).grown(k * k)
    }
}

#[differentiate(in_trait)]
impl Shape for Total {
    fn grown(mut self, k: f64) -> Self {
        for part in self.parts.iter_mut() {
            *part *= k;
        }
        self
    }

    fn size(&self) -> f64 {
        self.parts.iter().sum()
    }
}

#[differentiate]
fn any_shape<S: Shape + Differentiable>(shape: S, k: f64) -> f64 {
    let grown = shape.grown(k);
    let twice = grown.clone().grown_twice(k);
    grown.size() * twice.size()
}

#[differentiate]
fn one_shape(x: f64, k: f64) -> f64 {
    any_shape(
        Total {
            parts: vec![x, 0.5],
        },
        k,
    )
}

/// What is borrowed is not copied: this type is not `Clone`.
#[derive(Debug, Differentiable)]
struct Unique(Vec<f64>);

#[differentiate]
impl Unique {
    fn norm(&self) -> f64 {
        self.0.iter().map(|x| x * x).sum::<f64>().sqrt()
    }
}

#[differentiate]
fn borrowed(x: f64, y: f64) -> f64 {
    let unique = Unique(vec![x, y]);
    let other = Unique(vec![y, x * y]);
    unique.norm() * other.norm() + unique.norm()
}

fn holds(f: fn(f64, f64) -> f64, grad: fn(f64, f64) -> (f64, f64)) {
    for (x, y) in [(0.7, 1.3), (-1.2, 0.4), (1.9, 2.0)] {
        let (dx, dy) = grad(x, y);
        let by_x = central(|p: &[f64]| f(p[0], y), &[x])[0];
        let by_y = central(|p: &[f64]| f(x, p[0]), &[y])[0];
        assert!((dx - by_x).abs() < 1e-6 * (1.0 + by_x.abs()), "{dx} {by_x}");
        assert!((dy - by_y).abs() < 1e-6 * (1.0 + by_y.abs()), "{dy} {by_y}");
    }
}

#[test]
fn builders() {
    holds(chained, chained_grad);
    holds(in_a_loop, in_a_loop_grad);
    holds(in_an_arm, in_an_arm_grad);
    holds(totalled, totalled_grad);
    assert_eq!(Filter::new(2).name, "");
}

#[test]
fn of_a_trait() {
    holds(one_shape, one_shape_grad);
}

#[test]
fn what_is_borrowed_stays() {
    holds(borrowed, borrowed_grad);
}
