use tapeless::differentiate;

trait Modulo {
    fn rem(self, other: f64) -> f64;
}

impl Modulo for f64 {
    fn rem(self, other: f64) -> f64 {
        self - other * (self / other).round()
    }
}

#[differentiate]
fn wrapped(x: f64) -> f64 {
    x.rem(2.0)
}

fn main() {}
