//! Local maps and sets of what carries no floats.
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};

use tapeless::{assert_gradient, differentiate};

/// A histogram by which the values are weighted.
#[differentiate]
fn weighted(xs: &[f64]) -> f64 {
    let mut counts: HashMap<i64, usize> = HashMap::new();
    for &x in xs {
        *counts.entry((x * 2.0).round() as i64).or_insert(0) += 1;
    }
    let mut total = 0.0;
    for x in xs {
        let count = counts[&((x * 2.0).round() as i64)];
        total += x * x * count as f64;
    }
    total * counts.len() as f64
}

/// Read while it changes, in a loop that depends on what came before.
#[differentiate]
fn running(xs: &[f64]) -> f64 {
    let mut counts = BTreeMap::new();
    let mut state = 0.5;
    for &x in xs {
        let key = x.floor() as i32;
        *counts.entry(key).or_insert(0) += 1;
        state = (state * x).sin() + counts[&key] as f64 * x;
        if counts.get(&key).copied().unwrap_or(0) > 1 {
            state *= 0.5;
        }
    }
    state
}

/// One per iteration of a loop.
#[differentiate]
fn inside(rows: &[Vec<f64>]) -> f64 {
    let mut total = 0.0;
    for row in rows {
        let mut seen: HashSet<i64> = HashSet::new();
        let mut sum = 0.0;
        for x in row {
            if seen.insert(x.round() as i64) {
                sum += x.powi(3);
            }
        }
        total += sum.sin() * seen.len() as f64;
    }
    total
}

/// The values that occur most often.
#[differentiate]
fn most_frequent(xs: &[f64], scale: f64) -> f64 {
    let mut counts: HashMap<i64, usize> = HashMap::new();
    for &x in xs {
        *counts.entry(x.round() as i64).or_insert(0) += 1;
    }
    let most = counts.values().copied().max().unwrap();
    let modes: Vec<i64> = counts
        .iter()
        .filter_map(|(&value, &count)| if count == most { Some(value) } else { None })
        .collect();
    modes.iter().sum::<i64>() as f64 / modes.len() as f64 * scale * xs[0]
}

#[differentiate]
fn distribution(xs: &[f64], width: f64) -> Vec<(f64, usize)> {
    let mut counts: BTreeMap<i64, usize> = BTreeMap::new();
    for &x in xs {
        if !x.is_nan() {
            let key = (x / width).round() as i64;
            counts
                .entry(key)
                .and_modify(|count| *count += 1)
                .or_insert(1);
        }
    }
    let mut made: Vec<(f64, usize)> = counts
        .into_iter()
        .map(|(key, count)| ((key as f64) * width, count))
        .collect();
    made.sort_by(|a, b| b.0.partial_cmp(&a.0).unwrap());
    made
}

#[differentiate]
fn center(xs: &[f64], width: f64) -> f64 {
    let bins = distribution(xs, width);
    let all: usize = bins.iter().map(|(_, count)| *count).sum();
    bins.iter()
        .map(|(at, count)| at * *count as f64)
        .sum::<f64>()
        / all as f64
        * xs[1]
}

/// Positions by group.
#[differentiate]
fn grouped(xs: &[f64], groups: &[usize]) -> f64 {
    let mut members: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (i, &group) in groups.iter().enumerate() {
        members.entry(group).or_default().push(i);
    }
    let mut total = 0.0;
    for (group, indices) in &members {
        let sum: f64 = indices.iter().map(|&i| xs[i]).sum();
        total += sum * sum / indices.len() as f64 + *group as f64 * sum;
    }
    if let Some(first) = members.get(&0) {
        for &i in first {
            total += xs[i].exp();
        }
    }
    total
}

/// A walk over a graph.
#[differentiate]
fn reached(weights: &[f64], edges: &[(usize, usize)]) -> f64 {
    let mut waiting: VecDeque<usize> = VecDeque::new();
    let mut seen: BTreeSet<usize> = BTreeSet::new();
    waiting.push_back(0);
    let mut total = 1.0;
    while let Some(node) = waiting.pop_front() {
        if !seen.insert(node) {
            continue;
        }
        total *= weights[node];
        for &(from, to) in edges {
            if from == node && !seen.contains(&to) {
                waiting.push_back(to);
            }
        }
    }
    total + seen.iter().map(|&node| weights[node]).sum::<f64>()
}

#[differentiate]
fn saved(xs: &[f64]) -> f64 {
    let mut counts: BTreeMap<i64, usize> = BTreeMap::new();
    let mut state = 1.0;
    #[checkpoints(2)]
    for &x in xs {
        let mut near: BTreeMap<i64, usize> = BTreeMap::new();
        *near.entry(x.floor() as i64).or_insert(0) += 2;
        *counts.entry(x.floor() as i64).or_insert(0) += near[&(x.floor() as i64)];
        let count = counts.values().sum::<usize>();
        for (key, value) in near {
            state = (state + x * value as f64).sin() + key as f64 * state;
        }
        state += x * x * count as f64;
    }
    state
}

#[differentiate]
fn copied(xs: &[f64]) -> f64 {
    let mut first: BTreeMap<i64, i64> = BTreeMap::new();
    let mut total = 0.0;
    for (i, x) in xs.iter().enumerate() {
        let before = first.clone();
        if let Some(old) = first.insert(x.round() as i64, i as i64) {
            total += x * old as f64;
        }
        first.remove(&((i as i64) - 3));
        total += x * (before.len() + first.len()) as f64;
    }
    total
}

const XS: [f64; 7] = [0.3, 1.2, 0.4, 2.7, 1.3, -0.8, 0.35];

#[test]
fn what_is_counted_steers() {
    let xs = XS.to_vec();
    assert_gradient!(weighted(&xs));
    assert_gradient!(running(&xs));
    assert_gradient!(most_frequent(&xs, 1.5));
    assert_gradient!(center(&xs, 0.5));
    assert_gradient!(copied(&xs));
    assert_gradient!(saved(&xs));
    assert_gradient!(weighted(&[]));
    assert_gradient!(running(&[]));
}

#[test]
fn one_per_iteration() {
    let rows = vec![vec![0.3, 0.4, 1.7], vec![], vec![2.2, 2.1, -0.7, 0.1]];
    assert_gradient!(inside(&rows));
}

#[test]
fn groups_and_walks() {
    assert_gradient!(grouped(&XS, &[0, 2, 0, 1, 2, 2, 0]));
    assert_gradient!(grouped(&XS, &[3, 2, 1, 1, 2, 2, 4]));
    assert_gradient!(reached(
        &XS,
        &[(0, 1), (1, 3), (3, 0), (1, 5), (5, 3), (2, 4)]
    ));
}
