//! Enums with payload, and types that contain themselves.

use tapeless::{Cotangent, Differentiable, Parameters};

use crate::*;

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
