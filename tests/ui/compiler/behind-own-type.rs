//! What a type's own `Deref` finds is not seen.
use tapeless::{differentiate, Differentiable};

#[derive(Clone, Copy, Differentiable)]
struct Kelvin(f64);

impl std::ops::Deref for Kelvin {
    type Target = f64;

    fn deref(&self) -> &f64 {
        &self.0
    }
}

#[differentiate]
fn f(t: Kelvin) -> f64 {
    (*t).sqrt()
}

fn main() {}
