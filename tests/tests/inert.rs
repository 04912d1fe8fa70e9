//! Functions of floats that give none, called by functions that are differentiated.

use tapeless::check::assert_gradient;
use tapeless::{differentiate, Differentiable, Inactive};

/// The month of a day, in years of twelve times thirty days.
#[differentiate(inert)]
fn month(day: f64) -> u32 {
    (day / 30.0) as u32 % 12 + 1
}

#[differentiate(inert)]
fn interval(knots: &[f64], x: f64) -> Option<usize> {
    knots.windows(2).position(|w| w[0] <= x && x < w[1])
}

#[differentiate(inert)]
fn name(x: f64) -> String {
    if x > 0.5 { "far" } else { "near" }.to_string()
}

#[derive(Clone, Copy, PartialEq, Differentiable)]
enum Side {
    Left,
    Right,
}

#[differentiate(inert)]
fn side((x, y): (f64, f64)) -> Side {
    if x < y {
        Side::Left
    } else {
        Side::Right
    }
}

/// Nothing in the body is looked at: it may say what could not be differentiated.
#[differentiate(inert)]
fn positive(x: f64) -> bool {
    x.to_bits() >> 63 == 0 && f64::from_bits(x.to_bits()) == x
}

#[differentiate(inert)]
fn expect_finite(x: f64) {
    assert!(x.is_finite());
}

#[differentiate]
fn season(day: f64, height: f64) -> f64 {
    let month = month(day * 1.5);
    let late = if month > 6 { 0.5 } else { 2.0 };
    late * day * height + month as f64 * height
}

#[differentiate]
fn passed_on(day: f64, height: f64) -> f64 {
    scaled(day, month(day)) * height
}

#[differentiate]
fn scaled(x: f64, by: u32) -> f64 {
    x * f64::from(by)
}

#[differentiate]
fn linear(knots: &[f64], values: &[f64], x: f64) -> f64 {
    match interval(knots, x) {
        Some(i) => {
            let t = (x - knots[i]) / (knots[i + 1] - knots[i]);
            values[i] * (1.0 - t) + values[i + 1] * t
        }
        None => 0.0,
    }
}

#[differentiate]
fn by_name(x: f64) -> f64 {
    let name = name(x * x);
    expect_finite(x);
    if name == "far" && positive(x) {
        x.ln()
    } else {
        x * x
    }
}

#[differentiate]
fn by_side(x: f64, y: f64) -> f64 {
    match side((x, y * y)) {
        Side::Left => x * y,
        Side::Right => x - y,
    }
}

#[test]
fn nothing_flows_through() {
    assert_gradient!(season(110.0, 0.7));
    assert_gradient!(season(170.0, 0.7));
    assert_gradient!(passed_on(100.0, 0.7));
    assert_gradient!(by_name(0.3));
    assert_gradient!(by_name(0.9));
    assert_gradient!(by_side(0.3, 0.9));
    assert_gradient!(by_side(0.9, 0.3));
}

#[test]
fn the_index_of_an_interval() {
    let (knots, values) = ([0.0, 1.0, 2.5, 3.0], [1.0, -1.0, 4.0, 0.5]);
    for x in [0.4, 1.7, 2.6, 4.0] {
        assert_gradient!(linear(&knots, &values, x));
    }
}

struct Grid {
    step: f64,
}

impl Grid {
    #[differentiate(inert)]
    fn cell(&self, x: f64) -> i64 {
        (x / self.step).floor() as i64
    }
}

#[differentiate]
fn wrapped(#[constant] grid: &Grid, x: f64) -> f64 {
    (x - grid.cell(x) as f64 * grid.step).powi(2)
}

#[test]
fn methods() {
    let grid = Grid { step: 0.25 };
    let x = 0.6_f64;
    let d = wrapped_grad(&grid, x);
    assert!((d - 2.0 * (x - 0.5)).abs() < 1e-14);
}

#[test]
fn the_sibling_by_itself() {
    assert_eq!(month_vjp(100.0, (), Inactive), 4);
    let mut ignored = 3.0;
    assert_eq!(month_vjp(100.0, (), &mut ignored), 4);
    assert_eq!(ignored, 3.0);
}

/// The day on which a year begins, from another one: takes integers, gives floats.
#[differentiate(inert)]
fn begin(year: i32, month: u32) -> Result<(f64, f64), u8> {
    match month {
        1..=12 => Ok((f64::from(year) * 365.0, f64::from(month) * 30.0)),
        _ => Err(2),
    }
}

#[differentiate(inert)]
fn calendar(x: f64) -> (i32, u32) {
    (x as i32 / 365, x as u32 % 365 / 30 + 1)
}

#[differentiate]
fn since(x: f64) -> Result<f64, u8> {
    let (year, month) = calendar(x);
    let (years, months) = begin(year, month)?;
    Ok((x - years - months).powi(2))
}

#[test]
fn floats_out_of_integers() {
    let x = 400.25_f64;
    let d = since_grad(x).unwrap();
    assert!((d - 2.0 * (x - 365.0 - 60.0)).abs() < 1e-12, "{d}");
}

type Counted<T> = Result<T, u8>;

/// Its result is behind a name, and carries no floats.
#[differentiate(inert)]
fn terms(x: f64) -> Counted<usize> {
    match x > 9.0 {
        true => Err(1),
        false => Ok(x as usize),
    }
}

#[differentiate]
fn series(x: f64) -> Counted<f64> {
    let n = terms(x)?;
    Ok((1..=n).map(|k| x.powi(k as i32)).sum())
}

#[test]
fn integers_in_a_result_behind_a_name() {
    let x = 2.5_f64;
    assert_eq!(series_grad(x), Ok(1.0 + 2.0 * x));
    assert_eq!(series_grad(10.0), Err(1));
}
