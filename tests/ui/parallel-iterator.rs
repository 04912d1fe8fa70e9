use tapeless::differentiate;

#[differentiate]
fn f(x: &[f64]) -> f64 {
    x.par_iter().sum()
}

trait Parallel {
    fn par_iter(&self) -> core::slice::Iter<'_, f64>;
}

impl Parallel for [f64] {
    fn par_iter(&self) -> core::slice::Iter<'_, f64> {
        self.iter()
    }
}

fn main() {}
