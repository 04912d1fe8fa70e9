use std::cell::{Cell, RefCell};

use tapeless::differentiate;

#[differentiate]
fn f(x: f64, #[constant] total: &RefCell<f64>) -> f64 {
    *total.borrow_mut() += x;
    x
}

#[differentiate]
fn g(x: f64) -> f64 {
    Cell::new(x).get()
}

fn main() {}
