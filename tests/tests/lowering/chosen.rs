//! What is behind an option of a box or a vector, and a list in place of a slice that is not there.
use tapeless::{assert_gradient, differentiate, Differentiable};

#[derive(Clone, Debug, Differentiable)]
struct Node {
    value: f64,
    next: Option<Box<Node>>,
    list: Option<Vec<f64>>,
}

#[differentiate]
fn summed(node: &Node, k: f64) -> f64 {
    match node.next.as_deref() {
        Some(next) => summed(next, k) * k + node.value,
        None => node.value,
    }
}

#[differentiate]
fn first(node: &Node, k: f64) -> f64 {
    if let Some(list) = node.list.as_deref() {
        list[0] * k
    } else {
        k
    }
}

#[differentiate]
fn mapped(node: &Node, k: f64) -> f64 {
    node.next.as_deref().map_or(k, |next| next.value * k)
}

#[differentiate]
fn changed(mut node: Node, k: f64) -> f64 {
    if let Some(next) = node.next.as_deref_mut() {
        next.value *= k;
    }
    node.next.map_or(k, |next| next.value)
}

#[differentiate]
fn listed(node: &Node, k: f64) -> f64 {
    let list = node.list.as_deref().unwrap_or(&[]);
    list.iter().map(|x| x * k * node.value).sum()
}

#[differentiate]
fn of_nodes(x: f64, k: f64, more: bool) -> f64 {
    let leaf = Node {
        value: x * k,
        next: None,
        list: more.then(|| vec![x, k]),
    };
    let node = Node {
        value: x,
        next: if more {
            Some(Box::new(leaf.clone()))
        } else {
            None
        },
        list: None,
    };
    let mut sum = 0.0;
    for node in [leaf, node] {
        sum += summed(&node, k) * first(&node, k) + mapped(&node, k) + listed(&node, k);
        sum += changed(node, k);
    }
    sum
}

#[differentiate]
fn part(xs: &[f64], k: f64) -> f64 {
    let xs = xs.get(1..3).unwrap_or(&[]);
    xs.iter().map(|x| x * k).sum()
}

#[differentiate]
fn part_or(xs: &[f64], k: f64) -> f64 {
    let twice = k * 2.0;
    xs.get(1..3)
        .unwrap_or(&[twice, 1.0])
        .iter()
        .map(|x| x * k)
        .sum()
}

#[test]
fn gradients() {
    for xs in [&[][..], &[0.4], &[0.3, 0.5, 0.7]] {
        assert_gradient!(part(xs, 0.6));
        assert_gradient!(part_or(xs, 0.6));
    }
    assert_gradient!(of_nodes(0.3, 0.6, true));
    assert_gradient!(of_nodes(0.3, 0.6, false));
}
