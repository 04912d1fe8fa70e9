//! Names that say little: constants in small letters, functions with a capital.
#![allow(non_upper_case_globals, clippy::approx_constant)]

use tapeless::{assert_gradient, differentiate};

use super::close;

const half_turn: f64 = 3.25;
static damping: f64 = 1.5;
const weights: [f64; 3] = [0.5, -1.0, 2.0];

mod physics {
    pub const gravity: f64 = 9.81;
}

#[differentiate]
fn of_constants(x: f64, y: f64) -> f64 {
    let turned = half_turn * x + x * physics::gravity;
    turned.sin() * damping - half_turn.powf(y) * damping.sqrt()
}

#[test]
fn constants_in_small_letters_are_numbers_beside_floats() {
    assert_gradient!(of_constants(0.4, 0.7));
    assert_gradient!(of_constants(-1.1, 0.0));
}

/// The rule of `powi` has a variable `n`, which in a pattern would mean the constant of the body.
#[differentiate]
fn of_a_table_in_the_body(x: f64) -> f64 {
    const n: [f64; 3] = [0.9, 0.8, 0.7];
    const t: [i32; 3] = [1, 0, 3];
    let mut sum = 1.0 + n[2] * x;
    for i in 0..3 {
        sum += n[i] * x.powi(t[i]);
    }
    sum
}

#[test]
fn no_variable_of_ours_is_called_like_a_constant() {
    let x = 1.3_f64;
    let expected = 0.7 + 0.9 + 0.7 * 3.0 * x * x;
    assert!(close(of_a_table_in_the_body_grad(x), expected));
    assert!(close(of_a_table_in_the_body_grad(0.0), 1.6));
}

#[differentiate]
fn of_rows(pressure: f64, entropy: f64) -> f64 {
    const IJn: [(f64, i32, f64); 3] = [(-1.5, 2, 0.3), (0.5, 0, 2.0), (1.0, 3, -0.25)];
    let mut sum = 0.0;
    for row in IJn {
        sum += row.2 * pressure.powf(row.0) * entropy.powi(row.1);
    }
    for weight in weights {
        sum += weight * entropy;
    }
    for (i, weight) in weights.iter().enumerate() {
        sum += weight * pressure * i as f64;
    }
    sum
}

#[test]
fn tables_are_gone_through_whatever_they_are_called() {
    assert_gradient!(of_rows(1.2, 0.7));
    assert_gradient!(of_rows(0.6, -2.0));
}

#[differentiate]
fn T_saturation(p: f64) -> f64 {
    p.sqrt() + 273.15
}

#[differentiate]
fn Td2iJTC_reg3(T: f64, d: f64) -> f64 {
    T * d.exp()
}

#[differentiate]
fn of_symbols(p: f64) -> f64 {
    let T = T_saturation(p) - 273.15;
    -Td2iJTC_reg3(T, p) * Td2iJTC_reg3(p, T) / 1000.0
}

#[test]
fn functions_named_by_symbols_are_called() {
    assert_gradient!(of_symbols(0.8));
    assert_gradient!(of_symbols(2.5));
}
