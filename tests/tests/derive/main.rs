//! `#[derive(Differentiable)]`: shapes, sums and flat forms of cotangents.
#![deny(warnings, missing_docs, unreachable_pub)]
#![forbid(unsafe_code)]

mod enums;
mod generics;
mod opaque;
pub mod visibility;

use std::marker::PhantomData;

use tapeless::{Cotangent, Differentiable, Parameters};

/// The model of the documentation.
#[derive(Differentiable, Clone, Debug, PartialEq)]
struct Mlp {
    w: [[f64; 4]; 3],
    b: [f64; 3],
    steps: usize,
}

fn mlp() -> Mlp {
    Mlp {
        w: [[1.0, 2.0, 3.0, 4.0], [5.0; 4], [6.0; 4]],
        b: [7.0, 8.0, 9.0],
        steps: 3,
    }
}

#[derive(Differentiable, Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    Fast,
    Exact,
}

#[derive(Differentiable, Clone, Copy, Debug, PartialEq, Eq)]
struct Marker;

#[derive(Differentiable, Clone, Copy, Debug, PartialEq, Eq)]
struct Units<U> {
    factor: usize,
    unit: PhantomData<U>,
}

fn units<U>(factor: usize) -> Units<U> {
    Units {
        factor,
        unit: PhantomData,
    }
}

#[derive(Differentiable, Clone, Debug, PartialEq)]
struct Tree {
    value: f64,
    children: Vec<Tree>,
    next: Option<Box<Self>>,
}

fn leaf(value: f64) -> Tree {
    Tree {
        value,
        children: Vec::new(),
        next: None,
    }
}

/// An enum with every kind of variant.
#[derive(Differentiable, Clone, Debug, PartialEq)]
enum Body {
    Ball(f64),
    Brick {
        width: f64,
        count: usize,
        height: f64,
    },
    Named(String),
    Nothing,
}

fn brick(width: f64, height: f64) -> Body {
    Body::Brick {
        width,
        count: 1,
        height,
    }
}

/// Writes, reads back and visits; returns the flat form.
fn flat_forms<P: Parameters<Scalar = f64>>(value: &mut P) -> Vec<f64> {
    let count = value.count();
    let mut flat = vec![0.0; count];
    value.write_flat(&mut flat);
    let doubled: Vec<f64> = flat.iter().map(|x| 2.0 * x).collect();
    value.read_flat(&doubled);

    let d = value.zero_cotangent();
    let mut of_cotangent = vec![1.0; count];
    P::write_flat_cotangent(&d, &mut of_cotangent);
    assert!(of_cotangent.iter().all(|&x| x == 0.0));

    let mut visited = Vec::new();
    value.visit(&d, |run, d| {
        assert_eq!(run.len(), d.len());
        run.iter_mut().for_each(|x| *x *= 0.5);
        visited.extend_from_slice(run);
    });
    assert_eq!(visited, flat);
    flat
}

fn descend<P: Parameters>(value: &mut P, d: &P::Cotangent, rate: P::Scalar) {
    value.visit(d, |value, d| {
        for (x, d) in value.iter_mut().zip(d) {
            *x -= rate * *d;
        }
    });
}

#[test]
fn cotangent_has_the_fields_of_the_struct() {
    let mut d: MlpCotangent = mlp().zero_cotangent();
    let zero = MlpCotangent {
        w: [[0.0; 4]; 3],
        b: [0.0; 3],
        steps: (),
    };
    assert_eq!(d, zero);
    d.b[1] = 2.0;
    let copy = d;
    d.accumulate(&copy);
    assert_eq!(d.b, [0.0, 4.0, 0.0]);
    d.fill_zero();
    assert_eq!(d, MlpCotangent::default());
    assert!(format!("{d:?}").starts_with("MlpCotangent { w: [[0.0"));
}

#[test]
fn struct_is_parameters_in_the_order_of_its_fields() {
    let mut model = mlp();
    let flat = flat_forms(&mut model);
    assert_eq!(flat.len(), 15);
    assert_eq!(flat[..5], [1.0, 2.0, 3.0, 4.0, 5.0]);
    assert_eq!(flat[12..], [7.0, 8.0, 9.0]);
    assert_eq!(model, mlp());
}

#[derive(Differentiable, Clone, Copy, Debug, PartialEq)]
struct Metres(f64, #[constant] f64, (f64, u8, [f64; 2]));

#[test]
fn tuple_struct_and_constant_field() {
    let mut m = Metres(1.0, 2.0, (3.0, 4, [5.0, 6.0]));
    let d: MetresCotangent = m.zero_cotangent();
    assert_eq!(d, MetresCotangent(0.0, (), (0.0, (), [0.0; 2])));
    assert_eq!(flat_forms(&mut m), [1.0, 3.0, 5.0, 6.0]);
}

#[test]
fn no_payload_is_inert() {
    fn inert<T: Differentiable<Cotangent = ()>>(value: T) {
        value.zero_cotangent();
    }
    inert(Mode::Fast);
    inert(Mode::Exact);
    inert(Marker);
    let d: UnitsCotangent = units::<String>(2).zero_cotangent();
    assert_eq!(format!("{d:?}"), "UnitsCotangent { factor: (), unit: () }");
}
