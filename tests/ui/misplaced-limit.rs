use tapeless::differentiate;

#[differentiate]
fn f(x: f64) -> f64 {
    #[max_iters(3)]
    let mut y = x;
    #[checkpoints]
    for _ in 0..3 {
        y *= x;
    }
    y
}

fn main() {}
