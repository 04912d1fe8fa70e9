use tapeless::differentiate;

#[differentiate(no_alloc)]
fn map(rate: f64, steps: usize) -> f64 {
    let mut x = 0.5;
    for _ in 0..steps {
        x = rate * x * (1.0 - x);
    }
    x
}

fn main() {}
