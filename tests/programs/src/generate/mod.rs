//! Makes a program from a seed.
//!
//! Every program uses a random subset of the features (swarm testing): what would drown in a program of everything
//! shows in a program of few. Indices stay in bounds, loops end, and arguments stay in the domains of functions, so that
//! programs run at every point.

mod call;
mod chain;
mod control;
mod expression;
mod function;
mod integer;
mod scope;
mod statement;

use fastrand::Rng;

use crate::syntax::{Program, Ty};
use scope::{Around, Var};

/// What a program may contain.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Feature {
    Math,
    Branch,
    Match,
    Range,
    Stream,
    Chain,
    While,
    Endless,
    Leave,
    Return,
    Array,
    Nested,
    Vec,
    Struct,
    Tuple,
    Reference,
    Call,
    Recursion,
    InOut,
    Maybe,
    Integer,
    Block,
    Row,
    Update,
    LetElse,
}

/// Every feature, in the order the compiler learned them.
pub const FEATURES: &[Feature] = &[
    Feature::Math,
    Feature::Branch,
    Feature::Match,
    Feature::Array,
    Feature::Block,
    Feature::Tuple,
    Feature::Struct,
    Feature::Call,
    Feature::Return,
    Feature::Integer,
    Feature::InOut,
    Feature::Maybe,
    Feature::Row,
    Feature::Recursion,
    Feature::Range,
    Feature::Stream,
    Feature::Chain,
    Feature::While,
    Feature::Endless,
    Feature::Leave,
    Feature::Nested,
    Feature::Vec,
    Feature::Reference,
    Feature::Update,
    Feature::LetElse,
];

/// How deep expressions may nest, whatever is around them.
const NESTING: u32 = 16;

/// The program of a seed, of the features allowed.
pub fn generate(seed: u64, allowed: &[Feature]) -> Program {
    let mut rng = Rng::with_seed(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0x5DEE_CE66);
    // Consecutive seeds must not resemble each other.
    for _ in 0..8 {
        rng.u64(..);
    }
    let share = [0.25, 0.5, 0.75, 1.0][rng.usize(..4)];
    let features = allowed.iter().copied().filter(|_| rng.f64() < share);
    let mut generator = Generator {
        features: features.collect(),
        size: rng.i32(2..12),
        deepest: rng.u32(1..4),
        rng,
        ..Generator::default()
    };
    generator.program();
    generator.program
}

/// The features of the names, all of them if there are none.
pub fn named(names: &str) -> Vec<Feature> {
    let wanted: Vec<String> = names
        .split(',')
        .map(|name| name.trim().to_lowercase())
        .collect();
    let among = |feature: &Feature| wanted.contains(&format!("{feature:?}").to_lowercase());
    match names.trim() {
        "" => FEATURES.to_vec(),
        _ => FEATURES.iter().copied().filter(among).collect(),
    }
}

/// The state of making a program.
#[derive(Default)]
struct Generator {
    rng: Rng,
    features: Vec<Feature>,
    program: Program,
    /// Statements that a function may have.
    size: i32,
    /// How deep expressions may nest.
    deepest: u32,
    scope: Vec<Var>,
    /// The loops around, innermost last.
    around: Vec<Around>,
    /// Labels of loops further out.
    taken: Vec<&'static str>,
    /// Statements left for the function at hand.
    budget: i32,
    /// Variables that may not be written; may not be mentioned.
    frozen: Vec<usize>,
    hidden: Vec<usize>,
    /// Only expressions without statements: inside of closures, conditions and arguments.
    simple: bool,
    result: Option<Ty>,
    counter: usize,
    /// Expressions around the one at hand: indices nest too.
    nesting: u32,
    labels: usize,
}

impl Generator {
    fn has(&self, feature: Feature) -> bool {
        self.features.contains(&feature)
    }

    /// One in `n`.
    fn one_in(&mut self, n: u32) -> bool {
        self.rng.u32(..n) == 0
    }

    /// One of the entries.
    fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.rng.usize(..from.len())].clone()
    }

    /// The index of one of the weights, in proportion.
    fn weighted(&mut self, weights: &[u32]) -> usize {
        let total: u32 = weights.iter().sum();
        let mut ticket = self.rng.u32(..total);
        for (index, weight) in weights.iter().enumerate() {
            if ticket < *weight {
                return index;
            }
            ticket -= weight;
        }
        0
    }

    /// The weight of something that needs a feature.
    fn weight(&self, feature: Feature, weight: u32) -> u32 {
        if self.has(feature) {
            weight
        } else {
            0
        }
    }
}
