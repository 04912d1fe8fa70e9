//! Parameters whose length the function changes: vectors by value, and vectors that it is lent.

use tapeless::check::assert_gradient;
use tapeless::{differentiate, Differentiable, Inactive};

#[differentiate]
fn pushed(mut v: Vec<f64>, x: f64) -> f64 {
    v.push(x * x);
    v[v.len() - 1] * v[0]
}

#[differentiate]
fn pushed_in_a_loop(mut v: Vec<f64>, n: usize) -> f64 {
    for i in 0..n {
        let t = v[i] * 1.5;
        v.push(t * v[0]);
    }
    v.iter().sum()
}

#[differentiate]
fn popped(mut v: Vec<f64>, x: f64) -> f64 {
    let mut s = 0.0;
    for a in &v {
        s += a * a * x;
    }
    let last = v.pop().unwrap_or(0.5);
    s + last * v.first().copied().unwrap_or(x)
}

#[differentiate]
fn lent_and_pushed(v: &mut Vec<f64>, x: f64) -> f64 {
    let mut s = 0.0;
    for a in v.iter() {
        s += a * a * x;
    }
    v.push(s);
    v.extend_from_slice(&[s * x, x]);
    v.iter().map(|a| a * a).sum::<f64>()
}

#[differentiate]
fn lent_and_popped(v: &mut Vec<f64>, x: f64) -> f64 {
    let mut s = 0.0;
    for a in v.iter() {
        s += a * a * x;
    }
    let last = v.pop().unwrap_or(0.5);
    s + last * v.first().copied().unwrap_or(x)
}

#[differentiate]
fn resized(v: &mut Vec<f64>, x: f64, n: usize) -> f64 {
    v.resize(n, x);
    v.insert(0, x * x);
    v.truncate(3);
    let first = v.remove(0);
    v.retain(|b| *b > 0.5);
    first * v.iter().sum::<f64>()
}

#[differentiate]
fn powers(out: &mut Vec<f64>, x: f64, n: usize) {
    for i in 0..n {
        out.push(x.powi(i as i32));
    }
}

#[differentiate]
fn anew(out: &mut Vec<f64>, x: f64, n: usize) {
    out.clear();
    powers(out, x, n);
    out.push(x);
}

#[differentiate]
fn of_callees(x: f64, n: usize) -> f64 {
    let mut v = Vec::new();
    powers(&mut v, x, n);
    anew(&mut v, x * x, n);
    powers(&mut v, x, 1);
    v.iter()
        .enumerate()
        .map(|(i, a)| a * a * (i + 1) as f64)
        .sum()
}

#[derive(Clone, Debug, Differentiable)]
struct Bag {
    items: Vec<f64>,
    scale: f64,
}

#[differentiate]
impl Bag {
    fn with(mut self, x: f64) -> f64 {
        self.items.push(x * self.scale);
        self.scale *= x;
        self.items.iter().map(|a| a * self.scale).sum::<f64>()
    }
}

#[test]
fn against_differences() {
    for n in 0..4 {
        let v = [1.3, 0.4, 0.7][..n].to_vec();
        if n > 0 {
            assert_gradient!(pushed(v.clone(), 0.9));
            assert_gradient!(pushed_in_a_loop(v.clone(), n));
        }
        assert_gradient!(popped(v.clone(), 0.9));
        assert_gradient!(lent_and_pushed(&mut v.clone(), 0.9));
        assert_gradient!(lent_and_popped(&mut v.clone(), 0.9));
        assert_gradient!(of_callees(0.8, n));
        for length in 2..6 {
            assert_gradient!(resized(&mut v.clone(), 0.9, length));
        }
        let bag = Bag {
            items: v,
            scale: 0.6,
        };
        assert_gradient!(bag.clone().with(1.1));
    }
}

/// The slot comes with the length of the final contents, and leaves with that of the initial ones.
#[test]
fn the_slot_of_a_longer_vector() {
    let (mut v, mut d_v, mut d_x) = (vec![5.0], vec![1.0, 10.0, 100.0], 0.0);
    powers_vjp(&mut v, 2.0, 2, &mut d_v, &mut d_x, Inactive);
    assert_eq!((v, d_v, d_x), (vec![5.0, 1.0, 2.0], vec![1.0], 100.0));
}

/// Rows of their own lengths.
#[differentiate]
fn rows(m: &mut Vec<Vec<f64>>, k: f64) -> f64 {
    for (i, row) in m.iter_mut().enumerate() {
        for x in row.iter_mut() {
            *x *= k + i as f64;
        }
        row.push(k);
        let n = row.len();
        row.swap(0, n - 1);
    }
    m.push(vec![k * k]);
    m.iter().flat_map(|r| r.iter()).map(|x| x * x).sum::<f64>()
}

/// A row of a field.
#[differentiate]
fn row_of_a_field(x: f64, n: usize) -> f64 {
    let mut table = Table {
        rows: vec![vec![], vec![x * x]],
    };
    for i in 0..n {
        table.rows[i % 2].push(x * i as f64);
    }
    table
        .rows
        .iter()
        .map(|r| r.iter().sum::<f64>() * x)
        .sum::<f64>()
}

#[derive(Clone, Debug, Differentiable)]
struct Table {
    rows: Vec<Vec<f64>>,
}

#[test]
fn rows_by_differences() {
    for n in 0..4 {
        let m = vec![[0.5, 1.2, 0.8][..n].to_vec(), vec![0.7]];
        assert_gradient!(rows(&mut m.clone(), 0.9));
        assert_gradient!(row_of_a_field(0.9, n));
    }
}
