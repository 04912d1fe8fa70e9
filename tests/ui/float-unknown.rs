use tapeless::differentiate;

trait Unit {}

#[differentiate(float(U))]
fn f<T: Unit>(x: T) -> T {
    x
}

fn main() {}
