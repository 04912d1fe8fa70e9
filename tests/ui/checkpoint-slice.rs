use tapeless::differentiate;

#[differentiate(no_alloc)]
fn relax(x: &mut [f64], rate: f64, steps: usize) {
    #[checkpoints(3)]
    for step in 0..steps {
        x[step] = rate * x[step] * x[step + 1];
    }
}

fn main() {}
