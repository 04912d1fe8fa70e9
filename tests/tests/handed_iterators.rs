//! Functions that give iterators, and functions that are handed some: in an annotated module or `impl` block they stand in
//! place of their calls.

use tapeless::check::assert_gradient;
use tapeless::{differentiate, Differentiable};

#[differentiate]
mod series {
    /// A chain that borrows.
    fn products(xs: &[f64]) -> impl Iterator<Item = f64> + '_ {
        xs.windows(2).map(|pair| pair[0] * pair[1])
    }

    /// One that computes something first, and captures.
    fn scaled<'a>(xs: &'a [f64], k: f64) -> Box<dyn Iterator<Item = f64> + 'a> {
        let scale = k * k + 1.0;
        let half = xs.len() / 2;
        Box::new(xs.iter().take(half + 1).map(move |x| x * scale))
    }

    /// One that goes on with another.
    fn sines(xs: &[f64], k: f64) -> impl Iterator<Item = f64> + '_ {
        products(xs)
            .map(move |y| (y * k).sin())
            .filter(|y| *y > 0.0)
    }

    fn elements(xs: &[f64]) -> std::slice::Iter<'_, f64> {
        xs[1..].iter()
    }

    fn generic<T: tapeless::Real>(xs: &[T], k: T) -> impl Iterator<Item = T> + '_ {
        xs.iter().map(move |&x| x * x * k)
    }

    fn fading(x: f64) -> impl Iterator<Item = f64> {
        std::iter::successors(Some(x), |y| Some(y * 0.5))
    }

    fn pairs<'a>(xs: &'a [f64], ys: &'a [f64]) -> impl Iterator<Item = (f64, f64)> + 'a {
        xs.iter().copied().zip(ys.iter().copied())
    }

    pub fn looped(xs: &[f64], k: f64) -> f64 {
        let mut total = 0.0;
        for y in products(xs) {
            total += y * y * k;
        }
        total
    }

    pub fn summed(xs: &[f64], k: f64) -> f64 {
        products(xs).sum::<f64>() + scaled(xs, k).map(|y| y.exp()).sum::<f64>()
    }

    pub fn nested(xs: &[f64], k: f64) -> f64 {
        let sines = sines(xs, k);
        let mut total = 1.0;
        for y in sines {
            total *= 1.0 + y;
        }
        total
    }

    pub fn named(xs: &[f64], k: f64) -> f64 {
        let mut k = k;
        let all = scaled(xs, k);
        k = 3.0 * k;
        let first: Vec<f64> = all.collect();
        k * first.iter().product::<f64>()
    }

    pub fn of_slices(xs: &[f64], k: f64) -> f64 {
        elements(xs).map(|x| x * k).sum::<f64>() + elements(xs).fold(k, |a, x| a.hypot(*x))
    }

    pub fn of_generics(xs: &[f64], k: f64) -> f64 {
        let largest = generic(xs, k).fold(f64::NEG_INFINITY, f64::max);
        generic(xs, 2.0).map(|y| y.ln()).sum::<f64>() * largest
    }

    pub fn of_repeats(x: f64, n: usize) -> f64 {
        fading(x).take(n).map(|y| y.tan()).sum()
    }

    pub fn zipped(xs: &[f64], ys: &[f64]) -> f64 {
        let dot: f64 = pairs(xs, ys).map(|(x, y)| x * y).sum();
        let mut far = 0.0;
        for (i, (x, y)) in pairs(xs, ys).enumerate() {
            far += (x - y).powi(2) * i as f64;
        }
        dot / (1.0 + far)
    }

    pub fn asked_twice(xs: &[f64], k: f64) -> f64 {
        let n = products(xs).count();
        let last = products(xs).last().unwrap_or(k);
        n as f64 * last * k
    }
}

#[differentiate]
mod arguments {
    fn squares(values: [f64; 3]) -> impl Iterator<Item = f64> {
        values.into_iter().map(|x| x * x)
    }

    fn halves(values: Vec<f64>, mut by: f64) -> impl Iterator<Item = f64> {
        by *= 0.5;
        values.into_iter().map(move |x| x * by)
    }

    fn both<'a>(xs: &'a [f64], ys: &'a [f64], k: f64) -> impl Iterator<Item = f64> + 'a {
        xs.iter().zip(ys).map(move |(x, y)| x * y * y + k)
    }

    /// What is handed over by value is what was there at the call.
    pub fn changed(values: [f64; 3]) -> f64 {
        let mut values = values;
        let squares = squares(values);
        values[0] = 5.0 * values[1];
        squares.sum::<f64>() * values[0]
    }

    /// Arguments are evaluated once, and may be called like parameters.
    pub fn swapped(xs: &[f64], ys: &[f64]) -> f64 {
        let mut k = 1.0;
        let mut step = || {
            k *= xs[0];
            k
        };
        let all = both(ys, xs, step());
        let by = all.fold(0.0, |a, b| a + b * b);
        by * k
    }

    pub fn moved(xs: &[f64], by: f64) -> f64 {
        let values: Vec<f64> = xs.iter().map(|x| x.exp()).collect();
        let mut total = by;
        for value in halves(values, by) {
            if value > 2.0 {
                break;
            }
            total += value * by;
        }
        total
    }
}

#[test]
fn arguments_of_functions_that_give_iterators() {
    use arguments::*;
    assert_gradient!(changed([0.3, 0.7, -1.1]));
    assert_gradient!(swapped(&XS, &YS));
    for n in [0, 1, 5] {
        assert_gradient!(moved(&XS[..n], 0.7));
    }
}

const XS: [f64; 5] = [0.3, 1.5, -0.9, 0.2, 1.3];
const YS: [f64; 5] = [0.7, -0.5, 1.9, 0.4, -1.1];

#[test]
fn functions_that_give_iterators() {
    use series::*;
    for n in [0, 1, 2, 5] {
        let xs = &XS[..n];
        assert_gradient!(looped(xs, 1.7));
        assert_gradient!(summed(xs, 0.6));
        assert_gradient!(nested(xs, 0.8));
        assert_gradient!(named(xs, 0.9));
        assert_gradient!(zipped(xs, &YS[..n]));
        assert_gradient!(asked_twice(xs, 0.4));
        assert_gradient!(of_repeats(0.7, n));
    }
    for n in [1, 2, 5] {
        assert_gradient!(of_slices(&XS[..n], 0.3));
        assert_gradient!(of_generics(&XS[..n], 0.3));
    }
}

#[derive(Differentiable, Clone)]
pub struct Model {
    pub weights: Vec<f64>,
    pub bias: f64,
}

#[differentiate]
impl Model {
    fn terms<'a>(&'a self, xs: &'a [f64]) -> impl Iterator<Item = f64> + 'a {
        let bias = self.bias * 0.5;
        self.weights.iter().zip(xs).map(move |(w, x)| w * x + bias)
    }

    fn squares(&self) -> Box<dyn Iterator<Item = f64> + '_> {
        Box::new(self.weights.iter().map(|w| w * w))
    }

    fn grid(n: usize) -> impl Iterator<Item = f64> {
        (0..n).map(|i| i as f64 * 0.25)
    }

    pub fn loss(&self, xs: &[f64]) -> f64 {
        let terms = self.terms(xs);
        let mut loss = 0.0;
        for t in terms {
            loss += t.tanh();
        }
        let penalty: f64 = self.squares().sum();
        loss + 0.1 * penalty + self.bias
    }

    pub fn sampled(&self, x: f64, n: usize) -> f64 {
        Self::grid(n).map(|t| (t * x + self.bias).cos()).sum()
    }
}

#[test]
fn methods_that_give_iterators() {
    for n in [0, 1, 4] {
        let model = Model {
            weights: XS[..n].to_vec(),
            bias: 0.7,
        };
        assert_gradient!(model.loss(&YS[..n]));
        assert_gradient!(model.sampled(0.4, n));
    }
}

#[differentiate]
mod handed {
    fn mean(values: impl Iterator<Item = f64>) -> f64 {
        let (mut sum, mut count) = (0.0, 0);
        for value in values {
            sum += value;
            count += 1;
        }
        if count == 0 {
            return 0.0;
        }
        sum / count as f64
    }

    fn norm<I>(values: I) -> f64
    where
        I: IntoIterator<Item = f64>,
    {
        values.into_iter().map(|x| x * x).sum::<f64>().sqrt()
    }

    fn shifted<I: Iterator<Item = f64>>(values: I, by: f64) -> impl Iterator<Item = f64> {
        values.map(move |x| x + by)
    }

    pub fn centred(xs: &[f64], k: f64) -> f64 {
        let middle = mean(xs.iter().copied());
        norm(xs.iter().map(|x| x - middle + k))
    }

    pub fn moved(xs: &[f64], k: f64) -> f64 {
        mean(shifted(xs.iter().map(|x| x * x), k).skip(1)) + norm(shifted(xs.iter().copied(), 2.0))
    }
}

#[test]
fn functions_that_are_handed_iterators() {
    for n in [0, 1, 2, 5] {
        assert_gradient!(handed::centred(&XS[..n], 0.7));
    }
    for n in [1, 2, 5] {
        assert_gradient!(handed::moved(&XS[..n], 0.7));
    }
}
