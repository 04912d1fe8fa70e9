//! Iterators that functions of `core::iter` make.
use std::iter;

use tapeless::{assert_gradient, differentiate, Differentiable};

#[differentiate]
fn repeated(x: f64, n: usize) -> f64 {
    let items = iter::repeat(x * x).take(n).enumerate();
    items.map(|(i, v)| v * i as f64).sum::<f64>() + x
}

/// What is repeated is what stood there.
#[differentiate]
fn repeated_before(x: f64, n: usize) -> f64 {
    let mut pair = [x, 2.0];
    let items = iter::repeat(pair);
    pair[0] = 3.0;
    let mut sum = pair[0];
    for [a, b] in items.take(n) {
        sum += a * b * sum;
    }
    sum
}

#[differentiate]
fn zipped(xs: &[f64], k: f64) -> f64 {
    xs.iter()
        .zip(iter::repeat(k * 2.0))
        .map(|(a, b)| a * b)
        .sum()
}

#[differentiate]
fn behind(xs: &[f64], k: f64) -> f64 {
    let padded = iter::once(k).chain(xs.iter().copied());
    let padded = padded.chain(iter::repeat_n(k * k, 2));
    padded.map(|v| v * v * v).sum()
}

#[differentiate]
fn halves(x: f64, n: usize) -> f64 {
    iter::successors(Some(x), |v| Some(v * 0.5 + 0.1))
        .take(n)
        .sum()
}

#[differentiate]
fn powers(x: f64, k: f64) -> f64 {
    iter::successors(Some(1.0), |&t| Some(t * x * k))
        .take_while(|t| *t > 0.01)
        .enumerate()
        .map(|(i, t)| t * i as f64)
        .sum()
}

#[differentiate]
fn until_small(x: f64) -> f64 {
    let mut sum = 0.0;
    for v in iter::successors(Some(x), |v| (*v > 0.1).then(|| v * v)) {
        sum += v.sin();
    }
    sum
}

#[differentiate]
fn pairs(x: f64, n: usize) -> f64 {
    let pairs = iter::successors(Some((x, 1.0)), |(a, b)| Some((a * 0.5 + b, b * a)));
    let (a, b) = pairs.skip(1).nth(n).unwrap();
    a * b
}

#[derive(Clone, Copy, Debug, Differentiable)]
struct State {
    at: f64,
    speed: f64,
}

#[differentiate]
impl State {
    fn after(self, dt: f64) -> State {
        State {
            at: self.at + self.speed * dt,
            speed: self.speed - self.at.sin() * dt,
        }
    }
}

#[differentiate]
fn swung(at: f64, dt: f64) -> f64 {
    let states = iter::successors(Some(State { at, speed: 0.2 }), |state| {
        Some(state.after(dt))
    });
    states.take(9).map(|state| state.at * state.at).sum()
}

/// The iterate that is good enough is the result.
#[differentiate]
fn root(a: f64, start: f64) -> f64 {
    iter::successors(Some(start), |&x| Some(0.5 * (x + a / x)))
        .find(|x| (x * x - a).abs() < 1e-6)
        .unwrap_or(start)
}

#[differentiate]
fn sixth(a: f64, start: f64) -> f64 {
    let iterates = iter::successors(Some(start), |x| Some(0.5 * (x + a / x)));
    iterates.take(6).last().unwrap()
}

#[differentiate]
fn last_sum(xs: &[f64], k: f64) -> f64 {
    let sums = xs.iter().scan(0.0, |sum, x| {
        *sum += x * k;
        Some(*sum * *sum)
    });
    sums.last().unwrap_or(k)
}

#[differentiate]
fn first_over(xs: &[f64], k: f64) -> f64 {
    let products = xs.iter().scan(1.0, |product, &x| {
        *product *= 1.0 + x;
        Some(*product * k)
    });
    products
        .map(|v| v * v)
        .find(|v| *v > 1.2)
        .map_or(k, |v| v * 2.0)
}

#[differentiate]
fn one_by_one(xs: &[f64], k: f64) -> f64 {
    let mut smoothed = xs.iter().scan(k, |state, &x| {
        *state = *state * 0.5 + x;
        Some(*state)
    });
    let first = smoothed.next().unwrap_or(k * k);
    first * k
}

#[test]
fn gradients() {
    for n in [0, 1, 4] {
        assert_gradient!(repeated(0.7, n));
        assert_gradient!(repeated_before(0.7, n));
        assert_gradient!(halves(0.7, n));
        assert_gradient!(pairs(0.7, n));
    }
    for xs in [&[0.1, 0.2, 0.3][..], &[], &[0.4], &[-0.1, 0.9, 0.3]] {
        assert_gradient!(zipped(xs, 0.4));
        assert_gradient!(behind(xs, 0.4));
        assert_gradient!(last_sum(xs, 0.7));
        assert_gradient!(first_over(xs, 0.9));
        assert_gradient!(one_by_one(xs, 0.9));
    }
    assert_gradient!(powers(0.7, 0.6));
    assert_gradient!(until_small(0.7));
    assert_gradient!(until_small(0.05));
    assert_gradient!(swung(0.7, 0.1));
    assert_gradient!(root(2.0, 1.0));
    assert_gradient!(sixth(2.0, 1.0));
    let value = sixth_value_and_grad(2.0, 1.0).0;
    assert_eq!(value.to_bits(), sixth(2.0, 1.0).to_bits());
}
