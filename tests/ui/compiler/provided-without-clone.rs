//! What a provided method changes twice is needed again in between.
use tapeless::differentiate;

#[differentiate]
trait Filter {
    fn step(&mut self, x: f64) -> f64;

    fn twice(&mut self, x: f64) -> f64 {
        let once = self.step(x);
        self.step(once)
    }
}

fn main() {}
