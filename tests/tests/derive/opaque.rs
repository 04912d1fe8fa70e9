//! Fields whose types show nothing.

use tapeless::{Differentiable, Parameters};

use crate::*;

type Length = f64;

/// Nothing in it is visible.
#[derive(Differentiable, Clone, Debug, PartialEq)]
struct Network {
    mode: Mode,
    units: Units<u8>,
    first: Mlp,
    length: Length,
    marker: Marker,
}

fn network() -> Network {
    Network {
        mode: Mode::Fast,
        units: units(1),
        first: mlp(),
        length: 10.0,
        marker: Marker,
    }
}

fn is_copy<T: Copy>(_: T) {}

#[test]
fn opaque_fields_decide_what_the_cotangent_has() {
    let mut network = network();
    let flat = flat_forms(&mut network);
    assert_eq!(flat.len(), 16);
    assert_eq!(flat[15], 10.0);
    let d = NetworkCotangent::default();
    is_copy(d);
    assert_eq!(d, network.zero_cotangent());
}

/// Floats of two types, visible and not: no `Parameters`, and no error.
#[derive(Differentiable)]
struct Mixed {
    single: f32,
    double: f64,
}

#[derive(Differentiable)]
struct Nested {
    mixed: Mixed,
    double: f64,
    list: Vec<Mlp>,
    rows: [Vec<f64>; 2],
    large: [f64; 40],
}

#[test]
fn without_one_scalar_there_is_still_a_cotangent() {
    let value = Nested {
        mixed: Mixed {
            single: 1.0,
            double: 2.0,
        },
        double: 3.0,
        list: vec![mlp(); 2],
        rows: [vec![1.0], vec![]],
        large: [0.0; 40],
    };
    let d = value.zero_cotangent();
    assert_eq!(d.list.len(), 2);
    assert_eq!(d.rows, [vec![0.0], vec![]]);
    assert_eq!(d.clone(), d);
    let _ = (value.mixed.single, value.mixed.double, value.double);
    let _ = (value.large, value.rows, value.list);
}

#[derive(Differentiable)]
struct Single {
    k: f32,
}

/// Each is `Parameters`, together they are not.
#[derive(Differentiable)]
struct Clash {
    single: Single,
    double: Mlp,
    tree: Tree,
}

/// The same inside `Vec`s.
#[derive(Differentiable)]
struct Lists {
    single: Vec<Single>,
    double: [Option<Mlp>; 1],
}

/// The same beside a visible float.
#[derive(Differentiable)]
struct Beside {
    double: Vec<Mlp>,
    single: f32,
}

/// Structs inside everything that holds parameters.
#[derive(Differentiable, Debug, PartialEq)]
struct Holder<M> {
    array: [Mlp; 1],
    list: Vec<M>,
    pair: (Box<M>, Mode, [usize; 2]),
    maybe: Option<(f64, M)>,
    body: Body,
}

#[test]
fn opaque_fields_of_two_scalars() {
    let mut value = Clash {
        single: Single { k: 1.0 },
        double: mlp(),
        tree: leaf(2.0),
    };
    assert_eq!(value.zero_cotangent().clone().single.k, 0.0);
    assert_eq!(value.single.count(), 1);
    assert_eq!(flat_forms(&mut value.double).len(), 15);
    assert_eq!(flat_forms(&mut value.tree).len(), 1);
    let lists = Lists {
        single: vec![value.single],
        double: [None],
    };
    assert!(lists.zero_cotangent().double[0].is_none());
    assert_eq!(lists.single.len() + lists.double.len(), 2);
    let beside = Beside {
        double: vec![],
        single: 1.0,
    };
    assert!(beside.zero_cotangent().double.is_empty());
    assert!(beside.double.is_empty() && beside.single == 1.0);
}

#[test]
fn structs_inside_containers() {
    let mut value = Holder {
        array: [mlp()],
        list: vec![leaf(2.0), leaf(3.0)],
        pair: (Box::new(leaf(4.0)), Mode::Fast, [1; 2]),
        maybe: Some((5.0, leaf(6.0))),
        body: brick(7.0, 8.0),
    };
    assert_eq!(
        flat_forms(&mut value)[15..],
        [2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0]
    );
    let d: HolderCotangent<Tree> = value.zero_cotangent();
    assert_eq!(d.pair.2, [(); 2]);
}
