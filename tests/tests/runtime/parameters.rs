//! The flat forms of parameters agree, and floats come in runs.

use tapeless::{Cotangent, Differentiable, Parameters};

type Nested = (f64, Vec<[[f64; 2]; 2]>, Box<[Vec<f64>; 2]>);

fn sample() -> Nested {
    let matrix = [[2.0, 3.0], [4.0, 5.0]];
    (
        1.0,
        vec![matrix, matrix],
        Box::new([vec![6.0], vec![7.0, 8.0]]),
    )
}

#[test]
fn flat_forms() {
    let mut value = sample();
    let flat = [1.0, 2.0, 3.0, 4.0, 5.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0];
    let mut out = [0.0; 12];
    assert_eq!(value.count(), 12);
    value.write_flat(&mut out);
    assert_eq!(out, flat);

    let reversed: Vec<f64> = flat.iter().rev().copied().collect();
    value.read_flat(&reversed);
    value.write_flat(&mut out);
    assert_eq!(out[..], reversed);

    Nested::write_flat_cotangent(&sample(), &mut out);
    assert_eq!(out, flat);
}

#[test]
fn visits_go_by_runs() {
    let mut value = sample();
    let mut runs = Vec::new();
    value.visit(&sample(), |x, d| {
        assert_eq!(x, d);
        x.iter_mut().for_each(|x| *x = -*x);
        runs.push(x.len());
    });
    assert_eq!(runs, [1, 8, 1, 2]);
    assert_eq!(value.2[1], [-7.0, -8.0]);
}

#[test]
#[should_panic(expected = "2 values cannot be visited with a cotangent of length 1")]
fn shapes_that_differ() {
    vec![1.0, 2.0].visit(&vec![1.0], |_, _| {});
}

/// A type that holds itself: `visit` must not recurse through ever new types.
struct Tree {
    weight: f64,
    children: Vec<Tree>,
}

struct TreeCotangent {
    weight: f64,
    children: Vec<TreeCotangent>,
}

impl Differentiable for Tree {
    type Cotangent = TreeCotangent;

    fn zero_cotangent(&self) -> TreeCotangent {
        TreeCotangent {
            weight: 0.0,
            children: self.children.zero_cotangent(),
        }
    }
}

impl Cotangent for TreeCotangent {
    fn accumulate(&mut self, other: &Self) {
        self.weight += other.weight;
        self.children.accumulate(&other.children);
    }

    fn fill_zero(&mut self) {
        self.weight = 0.0;
        self.children.fill_zero();
    }
}

impl Parameters for Tree {
    type Scalar = f64;

    fn count(&self) -> usize {
        1 + self.children.count()
    }

    fn visit(&mut self, d: &TreeCotangent, mut f: impl FnMut(&mut [f64], &[f64])) {
        self.weight.visit(&d.weight, &mut f);
        self.children.visit(&d.children, &mut f);
    }

    fn write_flat(&self, out: &mut [f64]) {
        out[0] = self.weight;
        self.children.write_flat(&mut out[1..]);
    }

    fn read_flat(&mut self, from: &[f64]) {
        self.weight = from[0];
        self.children.read_flat(&from[1..]);
    }

    fn write_flat_cotangent(d: &TreeCotangent, out: &mut [f64]) {
        out[0] = d.weight;
        Vec::<Tree>::write_flat_cotangent(&d.children, &mut out[1..]);
    }

    fn __count_cotangent(d: &TreeCotangent) -> usize {
        1 + Vec::<Tree>::__count_cotangent(&d.children)
    }
}

#[test]
fn a_type_that_holds_itself() {
    let leaf = |weight| Tree {
        weight,
        children: vec![],
    };
    let mut tree = Tree {
        weight: 1.0,
        children: vec![leaf(2.0), leaf(3.0)],
    };
    let d = tree.zero_cotangent();
    let mut sum = 0.0;
    tree.visit(&d, |x, _| sum += x.iter().sum::<f64>());
    assert_eq!(sum, 6.0);
    let mut flat = [0.0; 3];
    tree.write_flat(&mut flat);
    assert_eq!(flat, [1.0, 2.0, 3.0]);
    tree.read_flat(&[4.0, 5.0, 6.0]);
    Tree::write_flat_cotangent(&d, &mut flat);
    assert_eq!((tree.count(), flat), (3, [0.0; 3]));
}

#[derive(Clone, Debug, PartialEq, Differentiable)]
struct Layers {
    first: Vec<f64>,
    second: Vec<f64>,
    last: [f64; 2],
}

/// What does not fit leaves everything as it was.
#[test]
fn nothing_is_half_written() {
    use std::panic::{catch_unwind, AssertUnwindSafe};
    use tapeless::nn::{descend, Adam, Clip, Optimizer};

    let panics = |run: &mut dyn FnMut()| catch_unwind(AssertUnwindSafe(run)).is_err();
    let before = Layers {
        first: vec![1.0, 2.0],
        second: vec![3.0, 4.0],
        last: [5.0, 6.0],
    };
    let short = LayersCotangent {
        first: vec![1.0; 2],
        second: vec![1.0],
        last: [1.0; 2],
    };
    let mut layers = before.clone();
    let mut adam = Optimizer::new(Adam::new(0.1), &layers);
    for clip in [Clip::Off, Clip::Value(1.0), Clip::Norm(1.0)] {
        adam.clip = clip;
        assert!(panics(&mut || adam.step(&mut layers, &short)));
    }
    assert!(panics(&mut || descend(&mut layers, &short, 0.1)));
    assert!(panics(&mut || layers.read_flat(&[9.0; 5])));
    assert!(panics(&mut || (layers.clone(), 1.0).read_flat(&[9.0; 6])));
    assert_eq!((layers, adam.steps()), (before.clone(), 0));

    let mut flat = [7.0; 5];
    assert!(panics(&mut || before.write_flat(&mut flat)));
    assert_eq!(flat, [7.0; 5]);
}
