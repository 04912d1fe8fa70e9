//! The user's names never meet ours; nothing is warned of.
#![deny(warnings, missing_docs, unused, unused_qualifications, unused_results)]
#![forbid(unsafe_code)]

use tapeless::differentiate;

/// Names that generated code uses itself.
#[differentiate]
pub fn names(d_x: f64, x: f64, d_out: f64, out: f64, tape: f64, value: f64) -> f64 {
    let y = d_x * x;
    let d_y = y * d_out;
    let d = d_y * out;
    d * tape * value
}

/// Raw, upper-case and Unicode names.
#[allow(non_snake_case)]
#[differentiate]
pub fn Größe(r#type: f64, X: f64, ü: f64) -> f64 {
    r#type * X * ü
}

/// Shadows of types, traits and enum variants of the prelude.
pub mod shadowed {
    /// Not the standard one.
    #[allow(dead_code)]
    pub struct Option;
    /// Not the standard one.
    pub trait Slot {}

    /// A product.
    #[tapeless::differentiate]
    pub fn product(x: f64, y: f64) -> f64 {
        x * y
    }
}

fn main() {
    assert_eq!(names_grad(1.0, 2.0, 3.0, 4.0, 5.0, 6.0).1, 360.0);
    assert_eq!(Größe_grad(1.0, 2.0, 3.0), (6.0, 3.0, 2.0));
    assert_eq!(shadowed::product_grad(2.0, 3.0), (3.0, 2.0));
}
