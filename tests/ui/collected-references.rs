use tapeless::differentiate;

fn first(values: &[&f64]) -> f64 {
    *values[0]
}

#[differentiate]
fn smallest(values: &[f64]) -> f64 {
    let mut sorted: Vec<&f64> = values.iter().collect();
    sorted.sort_by(|a, b| a.total_cmp(b));
    first(&sorted)
}

fn main() {}
