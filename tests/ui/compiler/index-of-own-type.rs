use tapeless::{differentiate, Differentiable};

#[derive(Differentiable)]
struct Units([f64; 3]);

impl std::ops::Index<usize> for Units {
    type Output = f64;
    fn index(&self, at: usize) -> &f64 {
        &self.0[2 - at]
    }
}

#[derive(Differentiable)]
struct Hue {
    units: Units,
}

#[differentiate]
fn f(hue: &Hue, x: f64) -> f64 {
    hue.units[0] * x
}

fn main() {}
