//! Functions with capital letters, which look like tuple structs.

use tapeless::{differentiate, Differentiable};

#[derive(Differentiable)]
struct Orbit {
    a: f64,
    e: f64,
}

#[differentiate]
fn F(x: f64) -> f64 {
    x * x
}

#[differentiate]
fn D(x: f64, y: f64) -> (f64, f64) {
    (x * y, x + y)
}

#[differentiate]
fn Mimas(orbit: &Orbit) -> f64 {
    orbit.a * (1.0 - orbit.e * orbit.e)
}

#[differentiate]
fn bound_to_their_own_names(x: f64) -> f64 {
    let F = F(x);
    let (D, S) = D(F, x);
    D + S
}

#[differentiate]
fn given_a_reference(a: f64, e: f64) -> f64 {
    let orbit = Orbit { a, e };
    Mimas(&orbit)
}

#[test]
fn functions_with_capital_letters() {
    // x³ + x² + x
    let (value, dx) = bound_to_their_own_names_value_and_grad(2.0);
    assert_eq!((value, dx), (14.0, 17.0));
    assert_eq!(given_a_reference_grad(2.0, 0.5), (0.75, -2.0));
}

#[derive(Clone, Copy, Differentiable)]
struct P(f64, f64);

#[differentiate]
fn a_struct_is_still_one(x: f64) -> f64 {
    let p = P(x, 2.0 * x);
    p.0 * p.1
}

#[test]
fn tuple_structs_with_one_letter() {
    assert_eq!(a_struct_is_still_one_grad(3.0), 12.0);
}
