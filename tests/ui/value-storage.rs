use tapeless::differentiate;

#[differentiate(no_alloc)]
fn squares(x: &[f64]) -> f64 {
    let twice: Vec<f64> = x.iter().map(|x| x * x).collect();
    twice.iter().map(|y| y * y).sum()
}

fn main() {}
