use tapeless::differentiate;

trait Model {
    fn loss(&self, x: f64) -> f64;
}

#[differentiate]
fn f(#[constant] model: &dyn Model, x: f64) -> f64 {
    model.loss(x)
}

fn main() {}
