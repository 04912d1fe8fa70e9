//! Prints what the macro generates for three functions: a formula, a branch, a loop.
//!
//! `cargo run -p tapeless-examples --example look_inside`

/// As a user would write them, under the attribute.
const FUNCTIONS: [&str; 3] = [
    "fn rosenbrock(x: f64, y: f64) -> f64 {
        (1.0 - x).powi(2) + 100.0 * (y - x * x).powi(2)
    }",
    "fn huber(x: f64, width: f64) -> f64 {
        if x.abs() > width {
            width * (x.abs() - 0.5 * width)
        } else {
            0.5 * x * x
        }
    }",
    "fn power_sum(x: &[f64], p: f64) -> f64 {
        let mut sum = 0.0;
        for &xi in x {
            sum += xi.powf(p);
        }
        sum
    }",
];

fn main() {
    for source in FUNCTIONS {
        println!("// {}\n", "-".repeat(70));
        println!("{}", generated(source));
    }
}

/// The function and its siblings, formatted.
fn generated(source: &str) -> String {
    let item = source.parse().expect("the functions above are Rust");
    let tokens = tapeless_compiler::pipeline::differentiate(Default::default(), item);
    let file = syn::parse2(tokens).expect("the generated code is Rust");
    prettyplease::unparse(&file)
}
