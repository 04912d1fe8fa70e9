//! What the command line says.

use std::path::PathBuf;

use lexopt::prelude::*;

use crate::rule::{Choice, NAMES};

/// What `--help` prints.
pub const HELP: &str = "\
Trains 784 → 128 → ReLU → 10 on IDX files.

--data PATH          folder of IDX files, as MNIST comes (default: the 12,000 images shipped here)
--optimizer NAMES    sgd, momentum, nesterov, rmsprop, adam, adamw, nadam, adagrad, several with commas, or
                     all; NAME:RATE for another learning rate (default: adam)
--epochs N           default 5
--batch N            default 64
--threads N          default 1; the result is the same for any number
--seed N             default 1
--load FILE          start from these weights (safetensors)
--save FILE          save the weights (safetensors)
--plot FILE          where loss and accuracy are drawn (default: target/mnist.png)";

/// What is to be done.
pub enum Command {
    Help,
    Run(Options),
}

/// How.
pub struct Options {
    pub data: PathBuf,
    pub rules: Vec<Choice>,
    pub epochs: usize,
    pub batch: usize,
    pub threads: usize,
    pub seed: u64,
    pub load: Option<PathBuf>,
    pub save: Option<PathBuf>,
    pub plot: PathBuf,
}

/// What `all` stands for.
const ALL: &str = "sgd,sgd:0.1,momentum,rmsprop,adam";

impl Options {
    fn usual() -> Self {
        Options {
            data: [env!("CARGO_MANIFEST_DIR"), "data", "mnist-12k"]
                .iter()
                .collect(),
            rules: Choice::new("adam", None).into_iter().collect(),
            epochs: 5,
            batch: 64,
            threads: 1,
            seed: 1,
            load: None,
            save: None,
            plot: "target/mnist.png".into(),
        }
    }

    /// The options of this process.
    pub fn parse() -> Result<Command, lexopt::Error> {
        let mut options = Self::usual();
        let mut arguments = lexopt::Parser::from_env();
        while let Some(argument) = arguments.next()? {
            match argument {
                Short('h') | Long("help") => return Ok(Command::Help),
                Long("data") => options.data = arguments.value()?.into(),
                Long("optimizer") => options.rules = rules(&arguments.value()?.string()?)?,
                Long("epochs") => options.epochs = positive("--epochs", &mut arguments)?,
                Long("batch") => options.batch = positive("--batch", &mut arguments)?,
                Long("threads") => options.threads = positive("--threads", &mut arguments)?,
                Long("seed") => options.seed = arguments.value()?.parse()?,
                Long("load") => options.load = Some(arguments.value()?.into()),
                Long("save") => options.save = Some(arguments.value()?.into()),
                Long("plot") => options.plot = arguments.value()?.into(),
                other => return Err(other.unexpected()),
            }
        }
        Ok(Command::Run(options))
    }
}

/// `sgd,adam:0.01` or `all`
fn rules(list: &str) -> Result<Vec<Choice>, lexopt::Error> {
    let list = if list == "all" { ALL } else { list };
    let unknown = |name: &str| format!("no optimizer `{name}`; there are {NAMES}");
    let choices = list.split(',').map(|word| {
        let (name, rate) = word
            .split_once(':')
            .map_or((word, None), |(name, rate)| (name, Some(rate)));
        let rate = rate.map(str::parse).transpose();
        let rate = rate
            .ok()
            .filter(|rate| rate.is_none_or(|rate: f32| rate.is_finite() && rate > 0.0));
        let rate = rate.ok_or_else(|| format!("`{word}`: no learning rate after the colon"))?;
        Ok(Choice::new(name, rate).ok_or_else(|| unknown(name))?)
    });
    choices.collect()
}

/// The value of an option that says how many.
fn positive(option: &str, arguments: &mut lexopt::Parser) -> Result<usize, lexopt::Error> {
    match arguments.value()?.parse()? {
        0 => Err(format!("{option}: there must be at least one").into()),
        n => Ok(n),
    }
}
