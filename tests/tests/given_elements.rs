//! Elements that a loop by value takes out of a sequence, of types that are not `Copy`, and gives away.

use std::ops::{Add, Mul};

use tapeless::{assert_gradient, differentiate, Differentiable};

#[derive(Clone, Debug, Differentiable)]
struct Part {
    weights: Vec<f64>,
    scale: f64,
}

#[derive(Clone, Debug, Differentiable)]
struct Pair {
    a: Part,
    b: Part,
}

#[differentiate]
impl Part {
    fn value(&self) -> f64 {
        self.scale * self.weights.iter().map(|w| w * w).sum::<f64>().sin()
    }
}

#[differentiate]
fn part(x: f64, y: f64) -> Part {
    Part {
        weights: vec![x, x * y],
        scale: y,
    }
}

#[differentiate]
fn two(x: &[f64]) -> [Part; 2] {
    [part(x[0], x[1]), part(x[1], x[2])]
}

#[differentiate]
fn total(parts: &[Part]) -> f64 {
    let mut sum = 0.0;
    for (i, p) in parts.iter().enumerate() {
        sum += (i as f64 + 1.0) * p.value();
    }
    sum
}

#[differentiate]
fn pushed(x: &[f64]) -> f64 {
    let mut out = Vec::new();
    for p in two(x) {
        out.push(p);
    }
    total(&out)
}

#[differentiate]
fn extended(x: &[f64]) -> f64 {
    let parts = two(x);
    let mut out = vec![part(x[2], x[0])];
    out.extend(parts);
    total(&out)
}

#[differentiate]
fn skipped(x: &[f64]) -> f64 {
    let parts = two(x);
    let out: Vec<Part> = parts.into_iter().skip(1).collect();
    total(&out) * x[0]
}

#[differentiate]
fn largest(x: &[f64]) -> f64 {
    let mut best = part(x[0], x[0]);
    for p in two(x) {
        if p.scale > best.scale {
            best = p;
        }
    }
    best.value()
}

#[differentiate]
fn in_pairs(x: &[f64]) -> f64 {
    let mut out = Vec::new();
    for p in two(x) {
        out.push(Pair {
            a: p,
            b: part(x[0], x[2]),
        });
    }
    out.iter().map(|p| p.a.value() * p.b.value()).sum()
}

#[differentiate]
fn changed(x: &[f64]) -> f64 {
    let mut out = Vec::new();
    for mut p in two(x) {
        p.scale *= x[2];
        out.push(p);
    }
    total(&out)
}

#[differentiate]
fn renamed_and_changed(x: &[f64]) -> f64 {
    let mut out = vec![];
    for p in two(x) {
        let mut q = p;
        q.weights.push(q.scale * x[0]);
        out.insert(0, q);
    }
    total(&out)
}

#[differentiate]
fn parts_of_pairs(x: &[f64]) -> f64 {
    let pairs = vec![
        (part(x[0], x[1]), x[2]),
        (part(x[2], x[0]), -x[1]),
        (part(x[1], x[1]), x[0]),
    ];
    let mut out = Vec::new();
    for (p, sign) in pairs {
        if sign > 0.0 {
            out.push(p);
        }
    }
    total(&out)
}

#[differentiate]
fn fields(x: &[f64]) -> f64 {
    let pairs = vec![Pair {
        a: part(x[0], x[1]),
        b: part(x[1], x[2]),
    }];
    let mut out = Vec::new();
    for p in pairs {
        out.push(p.b);
        out.push(p.a);
    }
    total(&out)
}

#[differentiate]
fn rows(x: &[f64]) -> f64 {
    let table = vec![vec![x[0], x[1]], vec![x[2]], vec![]];
    let mut out: Vec<Vec<f64>> = Vec::new();
    for row in table {
        out.push(row);
    }
    out.iter().map(|r| r.iter().product::<f64>()).sum()
}

#[differentiate]
fn leaves_with(x: &[f64]) -> Part {
    for p in two(x) {
        if p.scale > 1.0 {
            return p;
        }
    }
    part(x[0], 1.0)
}

#[differentiate]
fn left_with(x: &[f64]) -> f64 {
    leaves_with(x).value()
}

#[differentiate]
fn squares<T: Clone + Add<Output = T> + Mul<Output = T>>(xs: Vec<T>, more: [T; 2]) -> Vec<T> {
    let mut out = Vec::new();
    for x in xs {
        out.push(x.clone() * x);
    }
    out.extend(more);
    out
}

#[differentiate]
fn of_a_parameter(x: &[f64]) -> f64 {
    let all = squares(vec![x[0], x[1]], [x[2], x[0]]);
    all[0] * all[1] + all[2].exp() * all[3]
}

/// Within the arms that the conditions choose.
const POINTS: [[f64; 3]; 3] = [[0.3, 1.2, -0.7], [1.5, 0.4, 2.0], [-1.0, 0.5, 0.9]];

#[test]
fn whatever_is_given_away_takes_its_gradient_along() {
    for x in POINTS.into_iter().chain([[0.0; 3]]) {
        assert_gradient!(pushed(&x));
        assert_gradient!(extended(&x));
        assert_gradient!(skipped(&x));
        assert_gradient!(in_pairs(&x));
        assert_gradient!(changed(&x));
        assert_gradient!(renamed_and_changed(&x));
        assert_gradient!(fields(&x));
        assert_gradient!(rows(&x));
        assert_gradient!(of_a_parameter(&x));
    }
}

#[test]
fn what_is_not_given_away_has_none() {
    for x in POINTS {
        assert_gradient!(largest(&x));
        assert_gradient!(left_with(&x));
        assert_gradient!(parts_of_pairs(&x));
    }
}
