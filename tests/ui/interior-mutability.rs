use std::cell::RefCell;

use tapeless::differentiate;

#[differentiate]
fn f(x: f64, #[constant] total: &RefCell<f64>) -> f64 {
    *total.borrow_mut() += x;
    x
}

fn main() {}
