//! The cases that are measured: problem, size, the published figure, and the variants, a file per problem.

mod ba;
mod det;
mod gmm;
mod kmeans;
mod llsq;
mod lse;
mod lstm;
mod ode;
mod scalar;
mod variants;

use crate::measure::Variant;

/// Elements or points that the problems of [`fused`] are measured at.
const FUSED: [usize; 4] = [1_000, 10_000, 100_000, 1_000_000];

/// A problem at one size.
pub struct Case {
    /// The problem.
    pub problem: &'static str,
    /// Its size.
    pub size: String,
    /// Multiplications in the problem's innermost loops, roughly: what cost is plotted against.
    pub work: usize,
    /// Adjoint by hand ÷ primal, where it was published.
    pub figure: Option<f64>,
    /// Builds the input and runs what is asked on the variants: the reference primal first, the frozen adjoint second.
    pub with: Box<dyn Fn(&mut Measure<'_>)>,
}

/// What is done with a case's variants.
pub type Measure<'m> = dyn FnMut(&mut [Variant<'_>]) + 'm;

impl Case {
    fn new(
        problem: &'static str,
        size: String,
        work: usize,
        figure: Option<f64>,
        with: impl Fn(&mut Measure<'_>) + 'static,
    ) -> Self {
        let with = Box::new(with);
        Self {
            problem,
            size,
            work,
            figure,
            with,
        }
    }
}

/// Every case.
pub fn all() -> Vec<Case> {
    let problems = [
        gmm::cases(),
        ba::cases(),
        lstm::cases(),
        ode::cases(),
        det::cases(),
        lse::cases(),
        llsq::cases(),
        kmeans::cases(),
        scalar::cases(),
    ];
    problems.into_iter().flatten().collect()
}

/// The problems whose loops only accumulate, over three orders of magnitude: their adjoints store nothing, so that what
/// they cost should not depend on the size. With each its number of elements or points.
pub fn fused() -> Vec<(usize, Case)> {
    let of = |case: fn(usize) -> Case| FUSED.map(|n| (n, case(n)));
    let problems = [
        of(lse::case),
        of(llsq::case),
        of(|n| kmeans::case(10, n, 8)),
        of(|n| gmm::case(2, 5, n)),
    ];
    problems.into_iter().flatten().collect()
}
