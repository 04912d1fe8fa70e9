use tapeless::differentiate;

struct Knots(Vec<f64>);

impl Knots {
    fn all(&self) -> std::vec::IntoIter<f64> {
        self.0.clone().into_iter()
    }
}

#[differentiate(wrt(k))]
fn above(knots: &Knots, k: f64) -> f64 {
    let first = knots.all().filter(|x| *x > k).next();
    first.unwrap_or(k) * k
}

fn main() {}
