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
