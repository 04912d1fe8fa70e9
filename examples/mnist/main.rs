//! The network 784 → 128 → ReLU → 10 learns the digits of MNIST, by the derivative of its own loss.
//!
//! `cargo run --release -p tapeless-examples --example mnist -- [OPTION…]`; `--help` tells the options.

mod network;
mod options;
mod rule;
mod training;

use std::error::Error;
use std::fs;
use std::path::Path;
use std::process::ExitCode;

use tapeless_examples::data::DataSet;
use tapeless_examples::plot::{draw, range, Chart, Curve, SeriesLabelPosition};

use network::Network;
use options::{Command, Options};
use training::{train, History};

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn Error>> {
    let options = match Options::parse()? {
        Command::Help => {
            println!("{}", options::HELP);
            return Ok(());
        }
        Command::Run(options) => options,
    };
    let set = DataSet::load(&options.data, options.seed)?;
    println!(
        "{} images to learn from, {} to be tested with",
        set.train.len(),
        set.test.len()
    );
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(options.threads)
        .build()?;
    let mut histories = Vec::new();
    for choice in &options.rules {
        let mut network = Network::new(set.train.area(), options.seed);
        if let Some(path) = &options.load {
            network
                .load(&fs::read(path).map_err(|error| at(path, error))?)
                .map_err(|error| at(path, error))?;
            println!("weights loaded from {}", path.display());
        }
        let history = pool.install(|| train(&mut network, choice, &set, &options));
        println!(
            "{}: test accuracy {:.1} % after {} epochs, {:.1} s\n",
            choice.name,
            history.accuracy(),
            options.epochs,
            history.seconds
        );
        if let Some(path) = &options.save {
            save(&network, path)?;
        }
        histories.push(history);
    }
    plot(&histories, &options.plot)
}

/// Saves the weights, and reads them back to be sure.
fn save(network: &Network, path: &Path) -> Result<(), Box<dyn Error>> {
    fs::write(path, network.save()?).map_err(|error| at(path, error))?;
    let mut read = network.zeros();
    read.load(&fs::read(path).map_err(|error| at(path, error))?)?;
    if read != *network {
        return Err(at(path, "the weights read back are not those written"));
    }
    println!("weights saved to {}", path.display());
    Ok(())
}

/// Draws loss and accuracy, a curve for each optimiser.
fn plot(histories: &[History], path: &Path) -> Result<(), Box<dyn Error>> {
    let curves = |part: fn(&History) -> &Vec<(f64, f64)>| -> Vec<Curve> {
        let curve = |history: &History| Curve {
            name: history.name.clone(),
            points: part(history).clone(),
        };
        histories.iter().map(curve).collect()
    };
    let (losses, accuracies) = (curves(|h| &h.losses), curves(|h| &h.accuracies));
    let chart = |title, y, curves, legend| {
        let points = || <[Curve]>::iter(curves).flat_map(|curve| &curve.points);
        Chart {
            title,
            axes: ["epoch", y],
            ranges: [range(points().map(|p| p.0)), range(points().map(|p| p.1))],
            curves,
            legend,
            surface: None,
        }
    };
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let charts = [
        chart(
            "Training loss",
            "cross entropy",
            &losses,
            SeriesLabelPosition::UpperRight,
        ),
        chart(
            "Test accuracy",
            "%",
            &accuracies,
            SeriesLabelPosition::LowerRight,
        ),
    ];
    draw(path, &charts).map_err(|error| at(path, error))?;
    println!("drawn into {}", path.display());
    Ok(())
}

/// An error and the file it concerns.
fn at(path: &Path, error: impl std::fmt::Display) -> Box<dyn Error> {
    format!("{}: {error}", path.display()).into()
}
