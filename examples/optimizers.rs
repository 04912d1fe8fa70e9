//! Four optimisers descend the same curved valley; a picture shows their paths.
//!
//! `cargo run --release -p tapeless-examples --example optimizers -- [PICTURE.png]`

use std::error::Error;
use std::path::PathBuf;

use tapeless::differentiate;
use tapeless::nn::{Adam, Optimizer, RmsProp, Rule, Sgd};
use tapeless_examples::plot::{draw, Chart, Curve, SeriesLabelPosition};

/// A valley along a parabola, with its lowest point at (1, 1).
#[differentiate]
fn valley(p: &[f64; 2]) -> f64 {
    let [x, y] = *p;
    (1.0 - x).powi(2) + 10.0 * (y - x * x).powi(2)
}

const START: [f64; 2] = [-1.6, 0.4];
const STEPS: usize = 400;

/// Where an optimiser comes by.
fn descend(name: &str, rule: impl Rule<f64>) -> Curve {
    let mut optimizer = Optimizer::new(rule, &START);
    let (mut p, mut points) = (START, vec![(START[0], START[1])]);
    for _ in 0..STEPS {
        let gradient = valley_grad(&p);
        optimizer.step(&mut p, &gradient);
        points.push((p[0], p[1]));
    }
    let height = valley(&p);
    println!(
        "{name:9} ends at ({:6.3}, {:6.3}), height {height:.1e}",
        p[0], p[1]
    );
    assert!(height < 0.1, "{name} gets near the lowest point");
    let name = name.to_owned();
    Curve { name, points }
}

fn main() -> Result<(), Box<dyn Error>> {
    let momentum = Sgd {
        momentum: 0.9,
        ..Sgd::new(0.001)
    };
    let curves = [
        descend("SGD", Sgd::new(0.006)),
        descend("momentum", momentum),
        descend("RMSProp", RmsProp::new(0.03)),
        descend("Adam", Adam::new(0.1)),
    ];
    let picture = std::env::args_os().nth(1);
    let picture = picture.map_or_else(|| PathBuf::from("target/optimizers.png"), PathBuf::from);
    if let Some(folder) = picture.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let chart = Chart {
        title: "Four ways down a valley",
        axes: ["x", "y"],
        ranges: [-2.2..2.2, -1.0..3.4],
        curves: &curves,
        legend: SeriesLabelPosition::UpperMiddle,
        surface: Some(&|x, y| valley(&[x, y])),
    };
    draw(&picture, &[chart])?;
    println!("drawn into {}", picture.display());
    Ok(())
}
