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

#[derive(Clone, Debug, Default, Differentiable)]
struct Filter {
    gain: f64,
    before: Option<f64>,
    boxed: Box<f64>,
}

#[differentiate]
impl Filter {
    fn step(&mut self, x: f64) -> f64 {
        let change = self.before.replace(x * x).map_or(x, |before| x - before);
        self.gain * change + *self.boxed * x
    }

    fn ended(&mut self) -> f64 {
        self.before.take().unwrap_or(self.gain)
    }
}

fn products(xs: &[f64], k: f64) -> Vec<f64> {
    xs.iter().map(|x| x * k).collect()
}

fn products_vjp(
    xs: &[f64],
    k: f64,
    d_out: Vec<f64>,
    mut d_xs: impl tapeless::Slot<[f64]>,
    mut d_k: impl tapeless::Slot<f64>,
) -> Vec<f64> {
    for (at, d) in d_out.iter().enumerate() {
        if let Some(d_xs) = d_xs.get() {
            d_xs[at] += d * k;
        }
        if let Some(d_k) = d_k.get() {
            *d_k += d * xs[at];
        }
    }
    products(xs, k)
}

#[differentiate]
fn filtered(xs: &[f64], k: f64) -> f64 {
    let mut filter = Filter {
        gain: k,
        before: None,
        boxed: Box::new(k * k),
    };
    let mut sum = 0.0;
    for &x in xs {
        sum = sum * 0.5 + filter.step(x);
    }
    sum + filter.ended() * filter.ended()
}

/// Whatever has a last element that can be copied is a sequence.
#[differentiate]
fn ends(xs: &[f64], k: f64) -> f64 {
    let products = products(xs, k);
    let last = products.last().copied().unwrap_or(k);
    last * products.first().copied().unwrap_or(1.0)
}

#[test]
fn options_that_change() {
    for xs in [&[][..], &[0.4], &[0.3, 0.5, 0.7]] {
        assert_gradient!(filtered(xs, 0.6));
        assert_gradient!(ends(xs, 0.6));
    }
}

#[derive(Clone, Debug, Differentiable)]
struct Part {
    x: f64,
    inner: Option<Box<Part>>,
    pair: Box<[f64; 2]>,
}

#[differentiate]
fn boxed(part: Box<Part>, k: f64) -> f64 {
    let part = *part;
    let inner = part.inner.as_ref().map(|inner| inner.x * k);
    part.x * k + part.pair[0] * (*part.pair)[1] + inner.unwrap_or(k)
}

#[differentiate]
fn written(mut part: Part, k: f64) -> f64 {
    *part.pair = [k, part.x];
    if let Some(inner) = part.inner.as_mut() {
        inner.x *= k;
    }
    if let Some(inner) = &mut part.inner {
        (**inner).x += k * k;
    }
    part.pair[0] * part.pair[1] + part.inner.as_ref().map_or(1.0, |inner| inner.x)
}

#[differentiate]
fn of_boxes(x: f64, k: f64, more: bool) -> f64 {
    let inner = Part {
        x: x * k,
        inner: None,
        pair: Box::new([k, k]),
    };
    let part = Part {
        x,
        inner: if more { Some(Box::new(inner)) } else { None },
        pair: Box::new([x, x * x]),
    };
    written(part.clone(), k) + boxed(Box::new(part), k)
}

#[test]
fn behind_boxes() {
    for more in [true, false] {
        assert_gradient!(of_boxes(0.7, 0.4, more));
    }
}
