//! Types whose lifetimes are left out where they are named.

use tapeless::check::assert_gradient;
use tapeless::{differentiate, Differentiable};

#[derive(Clone, Differentiable)]
struct Term<'a> {
    name: &'a str,
    amplitude: f64,
    rate: f64,
}

#[derive(Clone, Differentiable)]
struct Series<'a, T> {
    name: &'a str,
    terms: [T; 2],
    offset: T,
}

#[differentiate]
fn term(term: &Term, t: f64) -> f64 {
    assert!(!term.name.is_empty());
    term.amplitude * (term.rate * t).cos()
}

#[differentiate]
fn total(terms: &[Term], t: f64) -> f64 {
    terms.iter().map(|x| term(x, t)).sum()
}

#[differentiate]
fn owned(terms: Vec<Term>, first: Option<Term>, pair: (Term, [Term; 2])) -> f64 {
    let first = match first {
        Some(first) => first.rate,
        None => 1.0,
    };
    total(&terms, first) + term(&pair.0, pair.1[1].rate) * pair.1[0].amplitude
}

#[differentiate]
fn damped(terms: &mut [Term], factor: f64) {
    for term in terms.iter_mut() {
        term.amplitude *= factor * term.rate;
    }
}

#[differentiate]
fn damped_total(terms: &[Term], factor: f64) -> f64 {
    let mut terms = terms.to_vec();
    damped(&mut terms, factor);
    total(&terms, 0.4)
}

#[differentiate]
fn weighted(weight: f64, series: Series<f64>) -> f64 {
    assert!(!series.name.is_empty());
    let sum: f64 = series.terms.iter().map(|x| x * x).sum();
    weight * sum + series.offset.sin()
}

#[differentiate(jacobian)]
fn both(x: f64, term: &Term) -> [f64; 2] {
    [x * term.amplitude, (x * term.rate).exp()]
}

/// Something that terms are applied to.
#[derive(Clone, Differentiable)]
struct Clock {
    now: f64,
}

#[differentiate]
trait Timed {
    fn at(&self, other: &Term) -> f64;
}

#[differentiate(in_trait)]
impl Timed for Clock {
    fn at(&self, other: &Term) -> f64 {
        self.now * other.rate
    }
}

#[differentiate]
impl Clock {
    fn read(&self, term: &Term) -> f64 {
        (term.amplitude * self.now).sin() * term.rate
    }
}

fn terms() -> Vec<Term<'static>> {
    let term = |amplitude, rate| Term {
        name: "term",
        amplitude,
        rate,
    };
    vec![term(1.2, 0.3), term(-0.4, 1.7), term(0.8, -0.9)]
}

#[test]
fn behind_references_and_in_slices() {
    let terms = terms();
    assert_gradient!(term(&terms[0], 0.7));
    assert_gradient!(total(&terms, 0.7));
    assert_gradient!(damped_total(&terms, 0.7));
    let gradient: (Vec<TermCotangent>, f64) = total_grad(&terms, 0.7);
    assert_eq!(gradient.0.len(), 3);
    assert_eq!(gradient.0[0].amplitude, (0.3_f64 * 0.7).cos());
}

#[test]
fn in_containers_and_beside_parameters() {
    let (one, two) = (terms(), terms());
    let pair = (one[1].clone(), [one[2].clone(), one[0].clone()]);
    assert_gradient!(owned(one.clone(), Some(two[2].clone()), pair.clone()));
    assert_gradient!(owned(one, None, pair));
    let series = Series {
        name: "series",
        terms: [0.5, 1.5],
        offset: 0.2,
    };
    assert_gradient!(weighted(1.3, series.clone()));
}

#[test]
fn of_methods_and_jacobians() {
    let terms = terms();
    let clock = Clock { now: 0.6 };
    assert_gradient!(clock.at(&terms[1]));
    assert_gradient!(clock.read(&terms[2]));
    let (by_x, by_term) = both_jacobian(0.4, &terms[1]);
    assert_eq!(by_x[0], [-0.4]);
    assert_eq!(by_term[0].amplitude, 0.4);
    assert_eq!(by_term[1].rate, 0.4 * (0.4_f64 * 1.7).exp());
}
