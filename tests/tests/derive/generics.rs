//! Which parameters a cotangent keeps.

use std::fmt::Debug;
use std::marker::PhantomData;

use tapeless::{Differentiable, Real};

use crate::{descend, flat_forms};

#[derive(Differentiable, Clone, Debug, PartialEq)]
struct Layer<T, const IN: usize, const OUT: usize>
where
    T: Real,
{
    w: [[T; IN]; OUT],
    b: [T; OUT],
    bias: bool,
}

#[derive(Differentiable, Clone, Debug, PartialEq)]
struct Two<T: Real> {
    first: Layer<T, 2, 3>,
    second: Layer<T, 3, 1>,
}

fn layer<T: Real, const IN: usize, const OUT: usize>(bias: bool) -> Layer<T, IN, OUT> {
    Layer {
        w: [[T::one(); IN]; OUT],
        b: [T::zero(); OUT],
        bias,
    }
}

fn two<T: Real>() -> Two<T> {
    Two {
        first: layer(true),
        second: layer(false),
    }
}

fn generic_step<T: Real>(value: &mut Two<T>) {
    let mut d: TwoCotangent<T> = value.zero_cotangent();
    d.first.w[0][0] = T::one();
    descend(value, &d, T::one());
}

#[test]
fn generic_structs() {
    let (mut double, mut single) = (two::<f64>(), two::<f32>());
    assert_eq!(flat_forms(&mut double).len(), 13);
    generic_step(&mut double);
    generic_step(&mut single);
    assert_eq!(double.first.w[0], [0.0, 1.0]);
    assert_eq!(single.first.w[0], [0.0, 1.0]);
    let d: LayerCotangent<f32, 3, 1> = single.second.zero_cotangent();
    assert_eq!(d.w, [[0.0; 3]]);
    assert!(single.first.bias && !single.second.bias);
}

/// A parameter that is a float stands beside types that have to agree with it.
#[derive(Differentiable, Clone, Debug)]
struct Scaled<T: Real> {
    layers: [Layer<T, 2, 2>; 2],
    scale: T,
    last: Layer<T, 2, 1>,
}

fn scaled_step<T: Real>(value: &mut Scaled<T>) {
    let mut d = value.zero_cotangent();
    d.scale = T::one();
    descend(value, &d, T::one());
}

#[test]
fn a_float_beside_generic_types() {
    let mut value = Scaled {
        layers: [layer(true), layer(false)],
        scale: 2.5,
        last: layer(true),
    };
    assert_eq!(flat_forms(&mut value).len(), 16);
    value.scale = 2.5;
    scaled_step(&mut value);
    assert_eq!(value.scale, 1.5);
}

/// Lifetimes, bounds on dropped parameters, defaults, associated types.
#[derive(Differentiable, Debug)]
struct Window<'a, I, U: Into<I> = u8, T = f64>
where
    I: Iterator,
    U: Debug,
{
    samples: &'a [T],
    scale: &'a T,
    item: I::Item,
    name: &'a str,
    #[constant]
    source: I,
    _unit: PhantomData<U>,
}

#[test]
fn only_parameters_of_cotangents_are_kept() {
    let data = [1.0, 2.0];
    let window = Window {
        samples: &data,
        scale: &data[0],
        item: 1.0,
        name: "w",
        source: vec![1.0].into_iter(),
        _unit: PhantomData::<std::vec::IntoIter<f64>>,
    };
    let d: WindowCotangent<std::vec::IntoIter<f64>, f64> = window.zero_cotangent();
    let same: WindowCotangent<std::vec::IntoIter<f64>> = d.clone();
    assert_eq!(d.samples, vec![0.0; 2]);
    assert_eq!(same, d);
    assert_eq!((window.name, window.item, *window.scale), ("w", 1.0, 1.0));
    assert!(window.samples == data && window.source.len() == 1);
}
