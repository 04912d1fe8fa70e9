//! How the cost of a gradient relative to the primal's changes with the size, where loops only accumulate.

use super::plot::{self, Ratios};
use super::{measure, Line};
use tapeless_benches::cases;

/// What is compared with the primal.
const GENERATED: &str = "grad_into";

/// Measures, prints and draws.
pub fn run() {
    let mut ratios: Vec<Ratios> = Vec::new();
    for (n, case) in cases::fused() {
        let lines = measure(&case);
        let Some(ratio) = ratio(&lines) else { continue };
        match ratios
            .last_mut()
            .filter(|last| last.problem == case.problem)
        {
            Some(last) => last.points.push((n, ratio)),
            None => ratios.push(Ratios {
                problem: case.problem,
                points: vec![(n, ratio)],
            }),
        }
    }
    println!("\nvalue and gradient ÷ annotated primal, by elements or points");
    for problem in &ratios {
        let points = problem.points.iter();
        let points = points.map(|(n, ratio)| format!("{n}: {ratio:.2}"));
        let points: Vec<String> = points.collect();
        let spread = problem.spread();
        println!(
            "{:8} {}   max/min {spread:.2}",
            problem.problem,
            points.join("  ")
        );
    }
    match plot::ratios(&ratios) {
        Ok(path) => println!("ratio against size: {}", path.display()),
        Err(error) => eprintln!("no plot: {error}"),
    }
}

fn ratio(lines: &[Line]) -> Option<f64> {
    let time = |variant: &str| {
        let line = lines.iter().find(|line| line.variant == variant)?;
        Some(line.times.min)
    };
    Some(time(GENERATED)? / time("annotated")?)
}
