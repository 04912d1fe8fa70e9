//! `#[differentiate] impl Index` on types of the user's own: their elements are read and written like those of a vector.

use std::ops::{Index, IndexMut};

use tapeless::check::finite_difference::central;
use tapeless::{differentiate, Differentiable};

#[derive(Clone, Debug, Differentiable)]
struct Row(Vec<f64>);

#[differentiate]
impl Index<usize> for Row {
    type Output = f64;

    fn index(&self, i: usize) -> &f64 {
        assert!(i < self.0.len());
        &self.0[i]
    }
}

#[differentiate]
impl IndexMut<usize> for Row {
    fn index_mut(&mut self, i: usize) -> &mut f64 {
        &mut self.0[i]
    }
}

#[derive(Clone, Debug, Differentiable)]
struct Matrix<const R: usize, const C: usize> {
    rows: [[f64; C]; R],
}

#[differentiate]
impl<const R: usize, const C: usize> Index<(usize, usize)> for Matrix<R, C> {
    type Output = f64;

    fn index(&self, (i, j): (usize, usize)) -> &f64 {
        &self.rows[i][j]
    }
}

#[differentiate]
impl<const R: usize, const C: usize> IndexMut<(usize, usize)> for Matrix<R, C> {
    fn index_mut(&mut self, (i, j): (usize, usize)) -> &mut f64 {
        &mut self.rows[i][j]
    }
}

#[derive(Clone, Copy, Debug, Differentiable)]
struct Vec3<T> {
    x: T,
    y: T,
    z: T,
}

#[derive(Clone, Copy)]
enum Axis {
    X,
    Y,
    Z,
}

#[differentiate]
impl<T> Index<Axis> for Vec3<T> {
    type Output = T;

    fn index(&self, axis: Axis) -> &T {
        match axis {
            Axis::X => &self.x,
            Axis::Y => &self.y,
            Axis::Z => &self.z,
        }
    }
}

#[derive(Clone, Debug, Differentiable)]
struct Table {
    cells: Vec<f64>,
}

/// Rows of two, which are slices.
#[differentiate]
impl Index<usize> for Table {
    type Output = [f64];

    fn index(&self, row: usize) -> &[f64] {
        if row * 2 + 2 <= self.cells.len() {
            &self.cells[row * 2..row * 2 + 2]
        } else {
            self.cells.get(..2).expect("a row")
        }
    }
}

#[differentiate]
fn squares(row: &Row) -> f64 {
    let mut sum = 0.0;
    for i in 0..row.0.len() {
        sum += row[i] * row[row.0.len() - 1 - i];
    }
    sum
}

#[differentiate]
fn filled(a: f64, b: f64) -> f64 {
    let mut row = Row(vec![a; 3]);
    row[1] = b * b;
    row[2] *= row[1] + a;
    row[0] -= row[2];
    squares(&row) + row[2]
}

#[differentiate]
fn product(a: f64, b: f64) -> f64 {
    let mut m = Matrix {
        rows: [[a, 0.5], [b, 2.0]],
    };
    for i in 0..2 {
        for j in 0..2 {
            m[(i, j)] += m[(j, i)] * a;
        }
    }
    m[(0, 1)] * m[(1, 0)] - m[(0, 0)] * m[(1, 1)]
}

#[differentiate]
fn along(v: Vec3<f64>, w: &Vec3<f64>) -> f64 {
    let axes = [Axis::X, Axis::Z];
    let mut sum = v[Axis::Y];
    for axis in axes {
        sum += v[axis] * w[axis] * w[Axis::X];
    }
    sum
}

#[differentiate]
fn table(a: f64, b: f64) -> f64 {
    let table = Table {
        cells: vec![a, b, a * b, b * b],
    };
    table[0][1] * table[1][0] + table[7][0]
}

fn holds(f: fn(f64, f64) -> f64, grad: fn(f64, f64) -> (f64, f64)) {
    for (x, y) in [(0.7, 1.3), (-1.2, 0.4), (0.0, 2.0)] {
        let (dx, dy) = grad(x, y);
        let by_x = central(|p: &[f64]| f(p[0], y), &[x])[0];
        let by_y = central(|p: &[f64]| f(x, p[0]), &[y])[0];
        assert!((dx - by_x).abs() < 1e-6 * (1.0 + by_x.abs()), "{dx} {by_x}");
        assert!((dy - by_y).abs() < 1e-6 * (1.0 + by_y.abs()), "{dy} {by_y}");
    }
}

#[test]
fn written_and_read() {
    holds(filled, filled_grad);
    holds(product, product_grad);
    holds(table, table_grad);
}

#[test]
fn given() {
    assert_eq!(squares_grad(&Row(vec![1.0, 2.0])).0, [4.0, 2.0]);
    assert!(squares_grad(&Row(vec![])).0.is_empty());
    let (v, w) = (
        Vec3 {
            x: 1.0,
            y: 2.0,
            z: 3.0,
        },
        Vec3 {
            x: 4.0,
            y: 5.0,
            z: 6.0,
        },
    );
    let (d, e) = along_grad(v, &w);
    assert_eq!((d.x, d.y, d.z), (16.0, 1.0, 24.0));
    assert_eq!((e.x, e.y, e.z), (2.0 * 4.0 + 18.0, 0.0, 12.0));
}
