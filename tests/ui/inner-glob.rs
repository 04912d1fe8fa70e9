use tapeless::differentiate;

mod m {
    pub const K: f64 = 3.0;
}

#[differentiate]
fn f(x: f64) -> f64 {
    let y = {
        use m::*;
        K * x
    };
    y * x
}

fn main() {}
