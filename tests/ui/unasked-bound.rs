use num_traits::Float;
use tapeless::{differentiate, Differentiable};

#[differentiate]
trait Model {
    fn loss(&self, x: f64) -> f64;
}

#[derive(Clone, Differentiable)]
struct Scaled<T>(f64, #[constant] T);

#[differentiate(in_trait)]
impl<T: Float> Model for Scaled<T> {
    fn loss(&self, x: f64) -> f64 {
        self.0 * x
    }
}

fn main() {}
