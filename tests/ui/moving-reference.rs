use tapeless::{differentiate, Differentiable};

#[derive(Differentiable)]
struct Node {
    value: f64,
    next: Option<Box<Node>>,
}

#[differentiate]
fn sum(head: &Option<Box<Node>>, k: f64) -> f64 {
    let (mut node, mut sum) = (head, 0.0);
    while let Some(inner) = node {
        sum = sum * k + inner.value;
        node = &inner.next;
    }
    sum
}

fn main() {}
