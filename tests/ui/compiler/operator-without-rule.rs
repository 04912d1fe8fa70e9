use tapeless::{differentiate, Differentiable};

#[derive(Clone, Copy, Differentiable)]
struct Angle(f64);

impl core::ops::Rem for Angle {
    type Output = Angle;
    fn rem(self, other: Angle) -> Angle {
        Angle(self.0 % other.0)
    }
}

#[differentiate]
fn rest(a: Angle, b: Angle) -> f64 {
    let turns = 2.0 * a.0;
    let rest = a % b;
    rest.0 * turns
}

fn main() {}
