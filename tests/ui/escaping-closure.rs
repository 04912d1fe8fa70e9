use tapeless::differentiate;

#[differentiate]
fn f(x: f64) -> f64 {
    let mut calls = 0.0;
    let y = apply(|y| {
        calls += 1.0;
        x * y
    });
    let kept = Some(|y: f64| x * y);
    y * calls + kept.map_or(x, |g| g(x))
}

fn apply(mut g: impl FnMut(f64) -> f64) -> f64 {
    g(1.0)
}

fn main() {}
