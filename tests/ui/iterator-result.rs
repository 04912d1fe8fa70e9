use tapeless::differentiate;

#[differentiate]
fn doubled(xs: &[f64]) -> impl Iterator<Item = f64> + '_ {
    xs.iter().map(|x| 2.0 * x)
}

#[differentiate]
mod within {
    fn either(xs: &[f64], back: bool) -> Box<dyn Iterator<Item = &f64> + '_> {
        if back { Box::new(xs.iter().rev()) } else { Box::new(xs.iter()) }
    }
}

fn main() {}
