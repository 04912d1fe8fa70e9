//! Maps, sets and queues that are constant.
use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

use tapeless::{assert_gradient, differentiate};

#[differentiate]
fn polynomial(x: f64, #[constant] terms: &BTreeMap<usize, f64>) -> f64 {
    let mut total = 0.0;
    for (power, factor) in terms {
        total += x.powi(*power as i32) * factor;
    }
    total
}

#[differentiate]
fn adapted(x: f64, #[constant] terms: &BTreeMap<usize, f64>) -> f64 {
    let powers = terms
        .iter()
        .map(|(power, factor)| factor * x.powi(*power as i32));
    powers.sum::<f64>() * terms.values().map(|v| v * x).sum::<f64>()
}

#[differentiate]
fn owned(x: f64, #[constant] terms: BTreeMap<usize, f64>) -> f64 {
    let mut total = 1.0;
    for (power, factor) in terms {
        total *= x.powi(power as i32) + factor;
    }
    total
}

#[differentiate]
fn named(x: f64, #[constant] factors: &HashMap<String, f64>) -> f64 {
    let mut total = 0.0;
    for (name, factor) in factors.iter() {
        if name.len() > 1 {
            total += x * x * factor;
        }
    }
    for name in factors.keys() {
        total += x * name.len() as f64;
    }
    total
}

#[differentiate]
fn nested(x: f64, #[constant] rows: &BTreeMap<i32, Vec<f64>>) -> f64 {
    let mut total = 0.0;
    for (power, row) in rows {
        for factor in row {
            total += x.powi(*power) * factor;
        }
    }
    total
}

#[differentiate]
fn looked_up(x: f64, #[constant] terms: &BTreeMap<usize, f64>) -> f64 {
    terms[&1] * x
        + terms.get(&2).copied().unwrap_or(0.5) * x * x
        + terms.get(&7).copied().unwrap_or(0.5) * x.sin()
}

#[differentiate]
fn others(x: f64, #[constant] powers: BTreeSet<i32>, #[constant] queue: &VecDeque<f64>) -> f64 {
    let mut total = 0.0;
    for power in &powers {
        total += x.powi(*power);
    }
    queue.iter().fold(total, |total, v| total * x + v)
}

#[test]
fn entries_are_constants() {
    let terms = BTreeMap::from([(1, 0.5), (2, -0.7), (3, 0.2)]);
    for terms in [&terms, &BTreeMap::new()] {
        assert_gradient!(polynomial(0.8, terms));
        assert_gradient!(adapted(0.8, terms));
        assert_gradient!(owned(0.8, terms.clone()));
    }
    assert_gradient!(looked_up(0.8, &terms));
    let factors = HashMap::from([("a".to_string(), 0.4), ("bc".to_string(), 1.5)]);
    assert_gradient!(named(0.8, &factors));
    let rows = BTreeMap::from([(2, vec![0.3, 0.4]), (-1, vec![]), (3, vec![1.0])]);
    assert_gradient!(nested(0.8, &rows));
    let queue = VecDeque::from([0.3, 0.7]);
    assert_gradient!(others(0.8, BTreeSet::from([1, 3]), &queue));
}
