//! Measures the frozen adjoints against their primals.
//!
//! `cargo run --release --bin bars [-- all | PROBLEM…]`

use std::time::Duration;
use tapeless_benches::measure::interleaved;
use tapeless_benches::problems::{self, Case};

const BUDGET: Duration = Duration::from_millis(400);

fn main() {
    let chosen: Vec<String> = std::env::args().skip(1).collect();
    let wanted = |case: &Case| match chosen.first() {
        None => case.figure.is_some() || case.size.ends_with("inputs"),
        Some(first) => first == "all" || chosen.iter().any(|c| c == case.problem),
    };
    println!(
        "{:14} {:14} {:10} {:>12} {:>12} {:>7} {:>7}",
        "problem", "size", "", "minimum/µs", "median/µs", "ratio", "figure"
    );
    for case in problems::all().iter().filter(|case| wanted(case)) {
        measure(case);
    }
}

fn measure(case: &Case) {
    (case.with)(&mut |variants| {
        let times = interleaved(variants, BUDGET);
        for (variant, t) in variants.iter().zip(&times) {
            let ratio = t.min / times[0].min;
            let figure = case.figure.filter(|_| variant.name == "adjoint");
            let figure = figure.map_or(String::new(), |f| format!("{f:7.2}"));
            println!(
                "{:14} {:14} {:10} {:12.3} {:12.3} {ratio:7.3} {figure:>7}",
                case.problem,
                case.size,
                variant.name,
                t.min * 1e6,
                t.median * 1e6
            );
        }
    });
}
