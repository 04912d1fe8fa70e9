//! `#[derive(Differentiable)]`: shapes, sums and flat forms of cotangents.
#![deny(warnings, missing_docs, unreachable_pub)]
#![forbid(unsafe_code)]

use std::fmt::Debug;
use std::marker::PhantomData;

use tapeless::{Cotangent, Differentiable, Parameters, Real};

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

fn descend<P: Parameters>(value: &mut P, d: &P::Cotangent, rate: P::Scalar) {
    value.visit(d, |value, d| {
        for (x, d) in value.iter_mut().zip(d) {
            *x -= rate * *d;
        }
    });
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

#[test]
fn recursive_types() {
    let mut tree = Tree {
        value: 1.0,
        children: vec![leaf(2.0), leaf(3.0)],
        next: Some(Box::new(leaf(4.0))),
    };
    assert_eq!(flat_forms(&mut tree), [1.0, 2.0, 3.0, 4.0]);
    let mut d: TreeCotangent = tree.zero_cotangent();
    d.children[1].value = 2.0;
    d.accumulate(&d.clone());
    assert_eq!(d.children[1].value, 4.0);
    assert_eq!(TreeCotangent::default(), leaf(0.0).zero_cotangent());
}

#[derive(Differentiable, Clone, Debug, PartialEq)]
enum List<T> {
    End,
    Item(T, Box<List<T>>),
}

#[test]
fn generic_recursive_enum() {
    let mut list = List::Item(1.0, Box::new(List::Item(2.0, Box::new(List::End))));
    assert_eq!(flat_forms(&mut list), [1.0, 2.0]);
    let d: ListCotangent<f64> = list.zero_cotangent();
    assert_eq!(format!("{d:?}"), "Item(0.0, Item(0.0, End))");
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

#[test]
fn enum_of_cotangents() {
    let d = brick(2.0, 3.0).zero_cotangent();
    let zero = BodyCotangent::Brick {
        width: 0.0,
        count: (),
        height: 0.0,
    };
    assert_eq!(d, zero);
    assert_ne!(d, Body::Ball(1.0).zero_cotangent());
    assert_eq!(flat_forms(&mut brick(2.0, 3.0)), [2.0, 3.0]);
    assert_eq!(Body::Nothing.zero_cotangent(), BodyCotangent::Nothing);
    assert_eq!(Body::Named("x".into()).count(), 0);
}

#[test]
fn variants_of_cotangents_are_reached_by_name() {
    let mut value = brick(2.0, 3.0);
    let mut d = value.zero_cotangent();
    assert!(d.__variant_Ball().is_none());
    let parts = d.__variant_Brick().unwrap();
    *parts.height += 5.0;
    *parts.width += 1.0;
    d.accumulate(&d.clone());
    descend(&mut value, &d, 0.5);
    assert_eq!(value, brick(1.0, -2.0));

    let mut d = Body::Ball(1.0).zero_cotangent();
    *d.__variant_Ball().unwrap().0 = 1.0;
    assert_eq!(d, BodyCotangent::Ball(1.0));
}

#[test]
#[should_panic(expected = "different variants of `Body`")]
fn cotangents_of_different_variants_do_not_add_up() {
    Body::Nothing
        .zero_cotangent()
        .accumulate(&Body::Ball(1.0).zero_cotangent());
}

#[test]
#[should_panic(expected = "another variant of `Body`")]
fn a_value_is_not_visited_with_another_variant() {
    Body::Ball(1.0).visit(&BodyCotangent::Nothing, |_, _| {});
}

mod renamed {
    pub(super) mod nested {
        pub(crate) use tapeless as runtime;
    }

    #[derive(super::Differentiable, Clone)]
    #[differentiable(cotangent = Gradient, crate = nested::runtime)]
    pub(super) struct r#Type {
        pub(super) r#fn: f64,
        hidden: Option<f64>,
        callback: fn(f64) -> f64,
        table: [Option<fn()>; 2],
    }

    pub(super) fn value() -> Type {
        Type {
            r#fn: 1.0,
            hidden: Some(2.0),
            callback: f64::sqrt,
            table: [None; 2],
        }
    }

    impl Type {
        pub(super) fn call(&self) -> f64 {
            assert!(self.table[0].is_none());
            (self.callback)(self.r#fn) + self.hidden.unwrap_or(0.0)
        }
    }
}

#[test]
fn options_and_raw_names() {
    let mut value = renamed::value();
    let d: renamed::Gradient = value.zero_cotangent();
    assert_eq!(d.r#fn, 0.0);
    assert_eq!(
        format!("{d:?}"),
        "Gradient { fn: 0.0, hidden: Some(0.0), callback: (), table: () }"
    );
    assert_eq!(flat_forms(&mut value), [1.0, 2.0]);
    assert_eq!(value.call(), 3.0);
}

/// A public module: everything in it is documented.
pub mod public {
    use tapeless::Differentiable;

    #[derive(Clone, Copy, Debug, Differentiable)]
    struct Private(f64);

    /// Of a private type, privately.
    #[derive(Clone, Copy, Debug, Differentiable)]
    pub struct Outer<T> {
        /// Seen.
        pub seen: T,
        unseen: Private,
    }

    /// Variants.
    #[derive(Clone, Copy, Debug, Differentiable)]
    #[non_exhaustive]
    #[allow(non_camel_case_types)]
    pub enum choice {
        /// One.
        one {
            /// Its field.
            value: f64,
        },
        /// Two.
        Two(f64, f64),
    }

    /// Makes one.
    pub fn outer() -> Outer<f64> {
        Outer {
            seen: 1.0,
            unseen: Private(2.0),
        }
    }

    impl<T> Outer<T> {
        /// What is not seen.
        pub fn unseen(&self) -> f64 {
            self.unseen.0
        }
    }
}

#[test]
fn visibility_and_privacy() {
    let mut outer = public::outer();
    assert_eq!(flat_forms(&mut outer), [1.0, 2.0]);
    assert_eq!(outer.unseen(), 2.0);
    let d: public::OuterCotangent<f64> = outer.zero_cotangent();
    assert_eq!(d.seen, 0.0);
    let d = public::choice::Two(1.0, 2.0).zero_cotangent();
    assert!(matches!(d, public::choiceCotangent::Two(..)));
}
