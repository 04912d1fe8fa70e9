use tapeless::differentiate;

extern "C" {
    #[differentiate]
    fn f(x: f64, ...) -> f64;
}

fn main() {}
