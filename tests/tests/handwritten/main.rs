//! Expansions of hard functions, written by hand against the protocol of the runtime and checked by
//! numbers: what the macro is to emit, and proof that the traits carry it.

// The expansions index and match as generated code does.
#![allow(
    clippy::needless_borrows_for_generic_args,
    clippy::needless_range_loop,
    clippy::question_mark,
    clippy::unit_arg
)]

mod calls;
mod in_out;
mod loops;
mod operators;
mod results;
mod structs;

/// The derivative of `f` at `x` by central differences.
fn slope(f: impl Fn(f64) -> f64, x: f64) -> f64 {
    let step = 1e-5;
    (f(x + step) - f(x - step)) / (2.0 * step)
}

#[track_caller]
fn assert_close(a: f64, b: f64) {
    let scale = a.abs().max(b.abs()).max(1.0);
    assert!((a - b).abs() <= 1e-7 * scale, "{a} is not {b}");
}
