use tapeless::differentiate;

trait Modulus {
    fn modulus(self, divisor: Self) -> Self;
}

#[differentiate]
impl Modulus for f64 {
    fn modulus(self, divisor: f64) -> f64 {
        ((self % divisor) + divisor) % divisor
    }
}

fn main() {}
