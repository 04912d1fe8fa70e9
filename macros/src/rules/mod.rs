//! The scalar functions that have derivatives: what a row of the table says, and how to ask.
//!
//! [`table`] holds the rows. A row's formulas are closures over a handle ([`term::E`]); [`partial`] runs one and hands
//! out the tree ([`Formula`]) that differentiation turns into IR, simplification folds and rustdoc prints. What a rule
//! needs recorded is whatever its formulas mention.

mod buffers;
pub mod formula;
mod libm;
pub mod print;
mod table;
mod term;
#[cfg(test)]
mod tests;

pub use buffers::{has_pullback, only_reads};
pub use formula::Formula;
pub use libm::{libm_name, lookup_libm};
use term::{Arena, E};

/// A row of the table: a function of one, two or three arguments and its partial derivatives.
pub struct Rule {
    /// As the inherent methods of `f64` call it; `add`, `sub`, `mul`, `div`, `rem` and `neg` for the operators.
    pub name: &'static str,
    /// How many arguments it has, the receiver included.
    pub arity: usize,
    /// How many floats it returns: 1, or 2 for `sin_cos`, which returns a tuple.
    pub results: usize,
    /// By result, then by argument; the first `arity` entries count.
    partials: [[ArgRule; MAX_ARITY]; 2],
    /// Where the tests take their points from; the first `arity` entries count.
    #[cfg_attr(not(test), allow(dead_code, reason = "tests write themselves from it"))]
    pub domain: [Interval; MAX_ARITY],
    /// What the partials must be at kinks and special values.
    #[cfg_attr(not(test), allow(dead_code, reason = "tests write themselves from it"))]
    pub kinks: &'static [Kink],
}

/// No function has more arguments.
pub const MAX_ARITY: usize = 3;

/// What a row says of one argument.
#[derive(Clone, Copy)]
enum ArgRule {
    Unary(Unary),
    Binary(Binary),
    Ternary(Ternary),
    Zero,
    Inert,
}

/// A partial over the argument and the result.
type Unary = for<'a> fn(E<'a>, E<'a>) -> E<'a>;
/// A partial over both arguments and the result.
type Binary = for<'a> fn(E<'a>, E<'a>, E<'a>) -> E<'a>;
/// A partial over three arguments and the result.
type Ternary = for<'a> fn(E<'a>, E<'a>, E<'a>, E<'a>) -> E<'a>;

/// An open interval.
#[derive(Clone, Copy, Debug)]
pub struct Interval(pub f64, pub f64);

/// Expected partials at a point, written by hand (NaN and infinities are meant literally).
#[derive(Debug)]
#[cfg_attr(not(test), allow(dead_code, reason = "tests write themselves from it"))]
pub struct Kink {
    /// The arguments.
    pub at: &'static [f64],
    /// One per argument; 0 where the argument is inert.
    pub partials: &'static [f64],
}

/// The partial derivative of a result with respect to an argument.
#[derive(Clone, Debug, PartialEq)]
pub enum Partial {
    /// Computed by this formula.
    Formula(Formula),
    /// Zero everywhere (`floor`, the sign of `copysign`).
    Zero,
    /// The argument is an integer: nothing to differentiate.
    Inert,
}

/// The row of a function, by the name of its method (`"sin"`, `"powi"`) or operator (`"mul"`).
pub fn lookup(name: &str) -> Option<&'static Rule> {
    table::TABLE.iter().find(|rule| rule.name == name)
}

/// All rows.
pub fn all() -> &'static [Rule] {
    table::TABLE
}

/// The partial of a function's (first) result with respect to its argument number `arg`.
pub fn partial(rule: &Rule, arg: usize) -> Partial {
    partial_of(rule, arg, 0)
}

/// The partial of result number `result` of a function; `sin_cos` has two. What does not exist is [`Partial::Zero`].
pub fn partial_of(rule: &Rule, arg: usize, result: usize) -> Partial {
    let arena = Arena::default();
    let term = |formula| E::new(&arena, formula);
    let out = term(Formula::Out);
    let [a, b, c] = [0, 1, 2].map(|index| term(Formula::Arg(index)));
    let formula = match rule.partials.get(result).and_then(|of| of.get(arg)) {
        Some(ArgRule::Unary(law)) => law(a, out),
        Some(ArgRule::Binary(law)) => law(a, b, out),
        Some(ArgRule::Ternary(law)) => law(a, b, c, out),
        Some(ArgRule::Inert) => return Partial::Inert,
        Some(ArgRule::Zero) | None => return Partial::Zero,
    };
    Partial::Formula(formula.formula())
}

impl Rule {
    const fn with_kinks(mut self, kinks: &'static [Kink]) -> Rule {
        self.kinks = kinks;
        self
    }

    /// Whether argument number `arg` is an integer, without a derivative.
    pub fn is_inert(&self, arg: usize) -> bool {
        matches!(self.partials[0].get(arg), Some(ArgRule::Inert))
    }
}

/// Rows are the same if their names are.
impl PartialEq for Rule {
    fn eq(&self, other: &Rule) -> bool {
        self.name == other.name
    }
}

impl std::fmt::Debug for Rule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}
