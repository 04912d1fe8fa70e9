//! How long the macro takes for functions of 1,000 and 4,000 statements:
//! `cargo run --release -p tapeless-compiler --bin macro_time`.
//!
//! Two sorts of functions: straight-line code, and a mixture with branches, loops, calls and memory. The times are of
//! the macro alone, from tokens to tokens, the best of five.

use std::fmt::Write;
use std::time::{Duration, Instant};

use proc_macro2::TokenStream;
use tapeless_compiler::pipeline::differentiate;

/// Milliseconds that a function of 1,000 statements may take.
const LIMIT: f64 = 500.0;
/// How many times as long one of 4,000 may take.
const GROWTH: f64 = 5.0;

fn main() {
    for (name, body) in [
        ("straight", straight as fn(usize) -> String),
        ("mixed", mixed),
    ] {
        let (short, long) = (milliseconds(&body(1_000)), milliseconds(&body(4_000)));
        let verdict = if short <= LIMIT && long <= GROWTH * short {
            ""
        } else {
            "  too slow"
        };
        println!(
            "{name:10} 1000: {short:8.1} ms   4000: {long:8.1} ms   growth {:.1}{verdict}",
            long / short
        );
    }
}

fn milliseconds(source: &str) -> f64 {
    let item: TokenStream = source.parse().expect("the source is Rust");
    let once = |_| {
        let start = Instant::now();
        let output = differentiate(TokenStream::new(), item.clone()).to_string();
        assert!(!output.contains("compile_error"), "{}", refusal(&output));
        start.elapsed()
    };
    let best: Duration = (0..5).map(once).min().unwrap_or_default();
    best.as_secs_f64() * 1e3
}

fn refusal(output: &str) -> &str {
    let at = output.find("compile_error").unwrap_or_default();
    output
        .get(at..)
        .unwrap_or_default()
        .lines()
        .next()
        .unwrap_or_default()
}

/// Every statement a `let` over earlier ones.
fn straight(count: usize) -> String {
    let mut source =
        String::from("fn f(x: f64, y: f64) -> f64 { let v0 = x * y; let v1 = x.sin(); ");
    for i in 2..count {
        let (a, b) = (i - 1, i - 2);
        let value = match i % 5 {
            0 => format!("v{a} * v{b} + x"),
            1 => format!("(v{a} - v{b}).tanh()"),
            2 => format!("v{a} / (1.0 + v{b} * v{b})"),
            3 => format!("v{a}.exp() * y"),
            _ => format!("v{a} + 0.5 * v{b}"),
        };
        let _ = write!(source, "let v{i} = {value}; ");
    }
    let _ = write!(source, "v{} }}", count - 1);
    source
}

/// Assignments, branches, elements, loops and calls: each piece is some statements.
fn mixed(count: usize) -> String {
    let pieces = [
        ("s = s * x + y.sin();", 1),
        ("let t = s * 0.5; s += t.cos();", 2),
        ("a[1] = a[0] * s; a[2] += a[1];", 2),
        ("if s > 0.0 { s = s * y; } else { s -= a[2]; }", 3),
        ("let u = g(s, x); s = u * y;", 2),
        ("for i in 0..3 { a[i] += s * x; }", 2),
        ("let (p, q) = (s + y, s - y); s = p * q;", 2),
    ];
    let mut source =
        String::from("fn f(x: f64, y: f64) -> f64 { let mut s = x; let mut a = [x, y, 1.0]; ");
    let mut written = 2;
    for (piece, statements) in pieces.iter().cycle() {
        if written >= count {
            break;
        }
        source.push_str(piece);
        written += statements;
    }
    source.push_str(" s + a[0] }");
    source
}
