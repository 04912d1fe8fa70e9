//! Which component of a gradient belongs to which argument.

use core::any::Any as Anything;
use std::vec::Vec;

use super::point::Floats;

/// One partial derivative beside its finite difference.
pub struct Row {
    /// The argument, counted from zero.
    pub argument: usize,
    /// The float within the argument.
    pub index: usize,
    /// What the gradient says.
    pub derivative: f64,
    /// What finite differences say.
    pub difference: f64,
}

impl Row {
    /// How far the two are apart, relative to the largest of 1, the two, and `scale`.
    pub fn error(&self, scale: f64) -> f64 {
        if self.derivative == self.difference {
            return 0.0;
        }
        let scale = self
            .derivative
            .abs()
            .max(self.difference.abs())
            .max(scale)
            .max(1.0);
        let error = (self.derivative - self.difference).abs() / scale;
        if error.is_nan() {
            f64::INFINITY
        } else {
            error
        }
    }
}

/// All ways to give each component an argument of the type it belongs to, in order.
pub fn assignments(
    arguments: &[&dyn Floats],
    components: &[&dyn Anything],
    differences: &[f64],
) -> Vec<Vec<Row>> {
    let mut places = Vec::new();
    let mut rest = differences;
    for (number, argument) in arguments.iter().enumerate() {
        let (own, others) = rest.split_at(argument.count());
        places.push((number, *argument, own));
        rest = others;
    }
    assign(&places, components)
}

/// An argument: its number, itself, and its finite differences.
type Place<'a> = (usize, &'a dyn Floats, &'a [f64]);

fn assign(places: &[Place<'_>], components: &[&dyn Anything]) -> Vec<Vec<Row>> {
    let Some((component, others)) = components.split_first() else {
        return Vec::from([Vec::new()]);
    };
    if component.is::<()>() {
        return assign(places, others);
    }
    let mut found = Vec::new();
    for (i, place) in places.iter().enumerate() {
        let Some(flat) = place.1.flat_cotangent(*component) else {
            continue;
        };
        for tail in assign(&places[i + 1..], others) {
            found.push(rows(place, &flat).chain(tail).collect());
        }
    }
    found
}

fn rows<'a>(place: &'a Place<'_>, flat: &'a [f64]) -> impl Iterator<Item = Row> + 'a {
    let pairs = flat.iter().zip(place.2).enumerate();
    pairs.map(move |(index, (&derivative, &difference))| Row {
        argument: place.0,
        index,
        derivative,
        difference,
    })
}
