//! Structs that borrow, and parameters of such types.

use tapeless::check::assert_gradient;
use tapeless::{differentiate, Differentiable};

#[derive(Differentiable)]
struct Problem<'a, 'b> {
    data: &'a [f64],
    name: &'b str,
    scale: f64,
}

#[differentiate]
fn norm(problem: &Problem<'_, '_>, x: f64) -> f64 {
    assert!(!problem.name.is_empty());
    let Problem { data, scale, .. } = problem;
    data.iter().map(|a| (a - x).powi(2)).sum::<f64>() * scale * data[1]
}

#[differentiate]
fn whole(x: f64, n: usize) -> f64 {
    let data = vec![x * x; n];
    let name = String::from("whole");
    let problem = Problem {
        data: &data,
        name: &name,
        scale: x,
    };
    norm(&problem, 0.5) + data[0]
}

#[differentiate]
fn part(data: &[f64], x: f64) -> f64 {
    let problem = Problem {
        data: &data[1..],
        name: "part",
        scale: x,
    };
    norm(&problem, x) * problem.data[0] * problem.scale
}

#[test]
fn structs_that_borrow() {
    for x in [0.3, 1.2] {
        assert_gradient!(whole(x, 3));
        assert_gradient!(part(&[1.0, 2.0, 3.0], x));
        assert_gradient!(part(&[4.0, 0.0, -3.0], x));
    }
}

#[derive(Clone, Differentiable)]
struct Window {
    at: usize,
    data: Box<[f64]>,
    sum: f64,
}

#[differentiate]
impl Window {
    fn next(&mut self, x: f64) -> f64 {
        self.at = (self.at + 1) % self.data.len();
        self.sum = self.sum - self.data[self.at] + x;
        self.data[self.at] = x * x;
        self.sum / self.data.len() as f64
    }

    fn moved(&self, x: f64) -> f64 {
        let mut window = self.clone();
        let means = window.next(x) * window.next(2.0 * x);
        means + window.data.iter().map(|a| a * a).sum::<f64>()
    }
}

#[test]
fn slices_in_boxes() {
    let window = Window {
        at: 1,
        data: vec![1.0, 2.0, 3.0].into_boxed_slice(),
        sum: 6.0,
    };
    assert_gradient!(window.moved(1.3));
}
