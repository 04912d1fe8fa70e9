//! Types with methods that are called like those of vectors, and with vectors inside whose methods they hand on.
#![allow(clippy::should_implement_trait)]

use tapeless::{assert_gradient, differentiate, Differentiable};

#[derive(Clone, Debug, Default, Differentiable)]
struct Stack {
    values: Vec<f64>,
    top: f64,
}

impl Stack {
    fn new() -> Self {
        Stack {
            values: Vec::new(),
            top: 0.0,
        }
    }
}

#[differentiate]
impl Stack {
    fn push(&mut self, x: f64) {
        self.top += x;
        self.values.push(x);
    }

    fn pop(&mut self) -> Option<f64> {
        let value = self.values.pop();
        if let Some(value) = value {
            self.top -= value;
        }
        value
    }

    fn last(&self) -> Option<f64> {
        self.values.last().copied()
    }

    fn get(&self, i: usize) -> Option<f64> {
        self.values.get(i).map(|v| v * 2.0)
    }

    fn len(&self) -> usize {
        self.values.len()
    }

    fn sum(&self) -> f64 {
        self.values.iter().sum()
    }

    fn fill(&mut self, x: f64) {
        self.values.fill(x * x);
    }

    fn clear(&mut self) {
        self.values.clear();
        self.top = 0.0;
    }

    fn remove(&mut self, i: usize) -> f64 {
        2.0 * self.values.remove(i)
    }

    fn insert(&mut self, i: usize, x: f64) {
        self.values.insert(i, x.sin());
    }

    /// Not what it does in a vector.
    fn swap(&mut self, i: usize, j: usize) {
        let scaled = self.values[i] * 3.0;
        self.values[i] = self.values[j];
        self.values[j] = scaled;
    }

    fn to_vec(&self) -> Vec<f64> {
        self.values.iter().map(|v| v * v).collect()
    }

    fn drain(&mut self) -> f64 {
        let sum = self.sum();
        self.clear();
        sum
    }

    fn count(&self) -> f64 {
        self.top * 2.0
    }

    fn map(&self, k: f64) -> f64 {
        self.top * k
    }
}

/// Elements that are not where their owner has them.
impl std::ops::Index<usize> for Stack {
    type Output = f64;

    fn index(&self, i: usize) -> &f64 {
        &self.values[self.values.len() - 1 - i]
    }
}

#[differentiate]
fn popped(x: f64) -> f64 {
    let mut stack = Stack::new();
    for i in 0..4 {
        stack.push(x * f64::from(i));
    }
    let mut sum = stack.top;
    while let Some(value) = stack.pop() {
        sum = sum * 0.5 + value.sin() * x;
    }
    sum + stack.top + stack.len() as f64
}

#[differentiate]
fn looked_at(x: f64) -> f64 {
    let mut stack = Stack::new();
    stack.push(x);
    stack.push(x * x);
    let first = stack.get(0).unwrap_or(1.0);
    let beyond = stack.get(7).map_or(x, |v| v * 3.0);
    let last = match stack.last() {
        Some(v) if v > 0.1 => v * x,
        Some(_) => x,
        None => 0.0,
    };
    first * last + beyond + stack.count() * stack.map(x)
}

#[differentiate]
fn changed(x: f64) -> f64 {
    let mut stack = Stack::new();
    stack.push(x);
    stack.push(x * x);
    stack.push(x.cos());
    stack.swap(0, 2);
    stack.insert(1, x);
    let removed = stack.remove(0);
    let squares = stack.to_vec();
    let before = stack.sum();
    stack.fill(x);
    removed * squares[1] + before * stack.drain() + stack.sum()
}

/// The methods of vectors, where nothing shows that it is one.
fn gathered(x: f64) -> Vec<f64> {
    vec![x, 2.0 * x, x * x]
}

fn gathered_vjp(x: f64, d_out: Vec<f64>, mut d_x: impl tapeless::Slot<f64>) -> Vec<f64> {
    if let Some(d_x) = d_x.get() {
        *d_x += d_out[0] + 2.0 * d_out[1] + 2.0 * x * d_out[2];
    }
    gathered(x)
}

#[differentiate]
fn of_vectors(x: f64) -> f64 {
    let mut values = gathered(x);
    values.swap(0, 2);
    let copy = values.to_vec();
    values[0] * copy[1] + values[2].sin()
}

/// What takes the value whose elements are counted.
struct Tray(Vec<u8>);

impl Tray {
    fn into_items(self) -> std::vec::IntoIter<u8> {
        self.0.into_iter()
    }
}

#[derive(Clone, Debug, Differentiable)]
struct Bag {
    #[constant]
    items: Vec<u8>,
    weight: f64,
}

impl Bag {
    fn tray(&self) -> Tray {
        Tray(self.items.clone())
    }
}

#[differentiate]
fn counted(bag: &Bag, k: f64) -> f64 {
    let tray = bag.tray();
    let many = tray.into_items().len();
    k * many as f64 * bag.weight
}

#[test]
fn elements_are_counted_of_what_is_taken() {
    for items in [vec![], vec![1], vec![3, 4, 5]] {
        let bag = Bag { items, weight: 1.3 };
        assert_gradient!(counted(&bag, 0.7));
    }
}

#[test]
fn gradients() {
    for x in [0.7, -0.3, 1.9] {
        assert_gradient!(popped(x));
        assert_gradient!(looked_at(x));
        assert_gradient!(changed(x));
        assert_gradient!(of_vectors(x));
        for (value, primal) in [
            (changed_value_and_grad(x).0, changed(x)),
            (of_vectors_value_and_grad(x).0, of_vectors(x)),
        ] {
            assert_eq!(value.to_bits(), primal.to_bits());
        }
    }
}
