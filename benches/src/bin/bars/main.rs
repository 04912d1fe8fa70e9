//! Measures frozen adjoints and generated ones against the primals, and plots cost against size.
//!
//! `cargo run --release --bin bars [-- all | sizes | PROBLEM[/SIZE]…]`

mod plot;
mod sizes;

use stats_alloc::{Region, StatsAlloc, INSTRUMENTED_SYSTEM};
use std::alloc::System;
use std::time::Duration;
use tapeless_benches::cases::{self, Case};
use tapeless_benches::gradient::{disagreement, Sink};
use tapeless_benches::measure::{interleaved, Times, Variant};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

const BUDGET: Duration = Duration::from_millis(600);

/// A line of the table.
struct Line {
    problem: &'static str,
    size: String,
    work: usize,
    variant: &'static str,
    times: Times,
    over_primal: f64,
    over_adjoint: f64,
    figure: Option<f64>,
    /// Bytes allocated by one evaluation.
    bytes: usize,
    /// From the frozen adjoint's gradient, where there is a gradient.
    disagreement: Option<f64>,
}

fn main() {
    settle_allocator();
    let chosen: Vec<String> = std::env::args().skip(1).collect();
    heading();
    if chosen.first().is_some_and(|first| first == "sizes") {
        return sizes::run();
    }
    let wanted = |case: &Case| match chosen.first() {
        None => case.figure.is_some() || case.size.ends_with("inputs"),
        Some(first) => first == "all" || chosen.iter().any(|c| names(c, case)),
    };
    let mut lines = Vec::new();
    for case in cases::all().iter().filter(|case| wanted(case)) {
        lines.extend(measure(case));
    }
    match plot::draw(&lines) {
        Ok(path) => println!("cost against size: {}", path.display()),
        Err(error) => eprintln!("no plot: {error}"),
    }
}

/// A problem, or one size of it: `gmm`, `gmm/64_25_1000`.
fn names(chosen: &str, case: &Case) -> bool {
    match chosen.split_once('/') {
        Some((problem, size)) => problem == case.problem && size == case.size,
        None => chosen == case.problem,
    }
}

fn heading() {
    println!(
        "{:13} {:13} {:14} {:>12} {:>12} {:>7} {:>7} {:>6} {:>11} {:>9}",
        "problem",
        "size",
        "",
        "minimum/µs",
        "median/µs",
        "÷primal",
        "÷hand",
        "figure",
        "bytes",
        "differs"
    );
}

/// The C library hands memory back to the system after every evaluation until it has seen a large block freed: without
/// this, what is measured depends on what was measured before.
fn settle_allocator() {
    drop(std::hint::black_box(vec![0u8; 31 << 20]));
}

fn measure(case: &Case) -> Vec<Line> {
    let mut lines = Vec::new();
    (case.with)(&mut |variants| {
        let times = interleaved(variants, BUDGET);
        let gradients: Vec<Vec<f64>> = variants.iter_mut().map(flat_gradient).collect();
        for (i, variant) in variants.iter_mut().enumerate() {
            let line = Line {
                problem: case.problem,
                size: case.size.clone(),
                work: case.work,
                variant: variant.name,
                times: times[i],
                over_primal: times[i].min / times[0].min,
                over_adjoint: times[i].min / times[1].min,
                figure: case.figure.filter(|_| i == 1),
                bytes: allocated(variant),
                disagreement: (!gradients[i].is_empty())
                    .then(|| disagreement(&gradients[i], &gradients[1])),
            };
            print(&line);
            lines.push(line);
        }
    });
    lines
}

fn flat_gradient(variant: &mut Variant<'_>) -> Vec<f64> {
    let mut sink = Sink::open();
    (variant.run)(&mut sink);
    sink.into_flat()
}

fn allocated(variant: &mut Variant<'_>) -> usize {
    let region = Region::new(ALLOCATOR);
    (variant.run)(&mut Sink::closed());
    region.change().bytes_allocated
}

fn print(line: &Line) {
    let blank = String::new;
    println!(
        "{:13} {:13} {:14} {:12.3} {:12.3} {:7.3} {:7.3} {:>6} {:11} {:>9}",
        line.problem,
        line.size,
        line.variant,
        line.times.min * 1e6,
        line.times.median * 1e6,
        line.over_primal,
        line.over_adjoint,
        line.figure.map_or_else(blank, |f| format!("{f:.2}")),
        line.bytes,
        line.disagreement.map_or_else(blank, |d| format!("{d:.0e}")),
    );
}
