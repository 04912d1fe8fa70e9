//! The rule that a method call finds is that of another implementation.
use tapeless::{differentiate, Differentiable};

trait Next<T> {
    fn next(&mut self, input: T) -> f64;
}

#[derive(Clone, Differentiable)]
struct Average(f64);

#[derive(Clone, Differentiable)]
struct Bar(f64);

#[differentiate]
impl Next<f64> for Average {
    fn next(&mut self, input: f64) -> f64 {
        self.0 += input;
        self.0
    }
}

#[differentiate(name = bar)]
impl Next<&Bar> for Average {
    fn next(&mut self, input: &Bar) -> f64 {
        self.0 += input.0;
        self.0
    }
}

#[differentiate]
fn last(average: &mut Average, bar: &Bar) -> f64 {
    average.next(bar)
}

fn main() {}
