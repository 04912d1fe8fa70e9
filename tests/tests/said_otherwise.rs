//! What can be said in more than one way: the type's own name for `Self`, `as_ref()` for `&`, slices kept in slices.

use tapeless::{assert_gradient, differentiate, Differentiable};

#[derive(Clone, Debug, Differentiable)]
struct Clock {
    rate: f64,
    offset: f64,
}

#[differentiate]
fn squared(t: f64) -> f64 {
    t * t
}

/// Functions of the type, called by its name, one of which is handed a function.
#[differentiate]
impl Clock {
    fn scaled(rate: f64, of: impl Fn(f64) -> f64, t: f64) -> f64 {
        rate * of(t)
    }

    fn slow(rate: f64) -> f64 {
        0.5 * rate.sin()
    }

    fn by_name(&self, t: f64) -> f64 {
        Clock::scaled(self.rate, squared, t) + Clock::slow(self.rate) + self.offset
    }

    fn by_method(&self, t: f64) -> f64 {
        Clock::by_name(self, t) * t
    }
}

/// A method of the trait with the name of the type's own: the type's own is meant.
trait Ticking {
    fn slow(rate: f64) -> f64;
}

#[differentiate(name = ticking)]
impl Ticking for Clock {
    fn slow(rate: f64) -> f64 {
        Clock::slow(rate) * rate
    }
}

/// An item of the body may bear the type's name.
#[differentiate]
impl Clock {
    fn hidden(&self, t: f64) -> f64 {
        struct Clock;
        impl Clock {
            fn slow(count: i32) -> i32 {
                count + 1
            }
        }
        self.rate.powi(Clock::slow(2)) * t
    }
}

#[test]
fn functions_by_the_name_of_the_type() {
    let clock = Clock {
        rate: 0.7,
        offset: 0.1,
    };
    for t in [-1.5, 0.0, 0.3, 2.0] {
        assert_gradient!(clock.by_name(t));
        assert_gradient!(clock.by_method(t));
        assert_gradient!(clock.hidden(t));
    }
    let (value, d_rate) = Clock::ticking_slow_value_and_grad(0.7);
    assert_eq!(value, <Clock as Ticking>::slow(0.7));
    assert!((d_rate - 0.5 * (0.7 * 0.7_f64.cos() + 0.7_f64.sin())).abs() < 1e-12);
}

#[derive(Clone, Debug, Differentiable)]
struct Filter {
    gain: f64,
    before: Option<f64>,
    inner: Option<Box<f64>>,
}

/// What is found in an option of a field is a reference, which the function dereferences itself.
#[differentiate]
impl Filter {
    fn matched(&mut self, x: f64) -> f64 {
        let slope = match self.before.as_ref() {
            Some(before) => x - *before,
            None => 0.0,
        } * self.gain;
        self.before = Some(x);
        slope * slope
    }

    fn tested(&self, x: f64) -> f64 {
        let mut out = x;
        if let Some(before) = self.before.as_ref() {
            out *= *before;
        }
        if let Some(inner) = self.inner.as_ref() {
            out += **inner * x;
        }
        out
    }

    fn changed(&mut self, x: f64) -> f64 {
        if let Some(before) = self.before.as_mut() {
            *before = *before * x + 1.0;
        }
        let found = self.before.as_ref().unwrap_or(&2.0);
        found.sin() * self.gain
    }

    fn mapped(&self, x: f64) -> f64 {
        let known = self.before.as_ref().map(|before| *before * x);
        known.unwrap_or(x * self.gain) + *self.before.as_ref().unwrap_or(&0.5)
    }
}

#[test]
fn parts_of_options_dereferenced() {
    for before in [None, Some(0.4), Some(-2.0)] {
        let filter = Filter {
            gain: 1.3,
            before,
            inner: before.map(|x| Box::new(x + 1.0)),
        };
        assert_gradient!(filter.tested(0.6));
        assert_gradient!(filter.mapped(0.6));
        assert_gradient!(filter.clone().matched(0.6));
        assert_gradient!(filter.clone().changed(0.6));
    }
}

#[differentiate]
fn spread(row: &[f64]) -> f64 {
    match row {
        [first, .., last] => (last - first) * first,
        _ => 0.0,
    }
}

#[differentiate]
fn of_slice(rows: &[&[f64]], k: f64) -> f64 {
    let mut sum = 0.0;
    for i in 0..rows.len() {
        sum += k * spread(rows[i]);
    }
    sum
}

#[differentiate]
fn of_array<const N: usize>(rows: &[&[f64]; N]) -> f64 {
    let mut sum = 0.0;
    for (i, row) in rows.iter().enumerate() {
        sum += spread(rows[i]) * spread(row);
    }
    sum
}

#[differentiate]
mod seen {
    pub fn length(row: &[f64]) -> f64 {
        row.iter().map(|x| x * x).sum::<f64>().sqrt()
    }

    pub fn lengths(rows: &[&[f64]; 2]) -> f64 {
        length(rows[0]) * length(rows[1])
    }
}

fn closely(a: &[f64], b: &[f64]) {
    assert_eq!(a.len(), b.len());
    for (a, b) in a.iter().zip(b) {
        assert!((a - b).abs() < 1e-12, "{a} {b}");
    }
}

#[test]
fn slices_in_slices_are_handed_over() {
    let (a, b, empty) = ([1.0, -2.0, 3.0], [0.5, 4.0], []);
    let ([d_a, d_b, d_empty], d_k): ([Vec<f64>; 3], f64) = {
        let (rows, d_k) = of_slice_grad(&[&a, &b, &empty], 2.0);
        (rows.try_into().unwrap(), d_k)
    };
    // (last - first) * first
    closely(&d_a, &[2.0 * (3.0 - 2.0), 0.0, 2.0]);
    closely(&d_b, &[2.0 * (4.0 - 1.0), 1.0]);
    closely(&d_empty, &[]);
    closely(&[d_k], &[2.0 + 3.5 * 0.5]);
    let [d_a, d_b] = of_array_grad(&[&a, &b]);
    closely(&d_a, &[2.0 * 2.0 * 1.0, 0.0, 2.0 * 2.0 * 1.0]);
    closely(&d_b, &[2.0 * 1.75 * 3.0, 2.0 * 1.75 * 0.5]);
    let [d_a, d_b] = seen::lengths_grad(&[&b, &a]);
    let (of_a, of_b) = (14.0_f64.sqrt(), 16.25_f64.sqrt());
    closely(&d_a, &[0.5 * of_a / of_b, 4.0 * of_a / of_b]);
    closely(&d_b, &[of_b / of_a, -2.0 * of_b / of_a, 3.0 * of_b / of_a]);
    // The same row twice.
    let [d_a, d_b] = of_array_grad(&[&a, &a]);
    assert_eq!(d_a, d_b);
}

type Value = f64;

/// The oldest of three goes as a new one comes: `push` gives something.
#[derive(Clone, Debug, Differentiable)]
struct Window {
    values: [f64; 3],
    at: usize,
}

#[differentiate]
impl Window {
    fn push(&mut self, x: f64) -> f64 {
        let oldest = self.values[self.at];
        self.values[self.at] = x;
        self.at = (self.at + 1) % 3;
        oldest
    }
}

trait Method: Sized {
    type Input;
    type Output;

    fn start(value: &Self::Input, gain: f64) -> Self;
    fn step(&mut self, value: &Self::Input) -> Self::Output;
}

#[derive(Clone, Debug, Differentiable)]
struct Moving {
    window: Window,
    gain: f64,
    value: Value,
}

/// Associated types that are said by others, and patterns that take a value of an alias out of its reference.
#[differentiate]
impl Method for Moving {
    type Input = Value;
    type Output = Self::Input;

    fn start(&value: &Self::Input, gain: f64) -> Self {
        let values = [value; 3];
        let window = Window { values, at: 1 };
        Self {
            window,
            gain,
            value,
        }
    }

    fn step(&mut self, &value: &Self::Input) -> Self::Output {
        let oldest = self.window.push(value * self.gain);
        self.value += (value - oldest) / 3.0;
        self.value * self.value - self.window.push(oldest * value)
    }
}

#[differentiate]
fn moved(first: f64, gain: f64, xs: &[f64]) -> f64 {
    let mut moving = Moving::start(&first, gain);
    let mut sum = 0.0;
    for x in xs {
        sum += moving.step(x);
    }
    sum
}

#[test]
fn windows_with_a_push_that_gives_something() {
    for xs in [&[][..], &[0.3], &[1.0, -2.0, 0.5, 0.7, 3.0]] {
        assert_gradient!(moved(0.4, 1.2, xs));
    }
    let mut moving = Moving::start(&2.0, 0.5);
    assert_gradient!(moving.clone().step(&1.5));
    assert_eq!(moving.step(&1.5), (2.0 - 0.5 / 3.0_f64).powi(2) - 2.0);
}
