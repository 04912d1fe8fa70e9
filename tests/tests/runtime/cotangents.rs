//! Zeros have the shape of their value, and cotangents add up or say why they cannot.

use core::cmp::Ordering;
use core::marker::PhantomData;

use tapeless::{Cotangent, Differentiable};

#[test]
fn every_type_of_the_table() {
    assert_eq!(1.5_f32.zero_cotangent(), 0.0_f32);
    assert_eq!([1.0, 2.0].zero_cotangent(), [0.0, 0.0]);
    assert_eq!([1.0, 2.0][..].zero_cotangent(), vec![0.0, 0.0]);
    assert_eq!(vec![[1.0], [2.0]].zero_cotangent(), vec![[0.0], [0.0]]);
    assert_eq!((1.0, 2, [3.0]).zero_cotangent(), (0.0, (), [0.0]));
    assert_eq!(Box::new(1.0).zero_cotangent(), Box::new(0.0));
    assert_eq!(Some(1.0).zero_cotangent(), Some(0.0));
    assert_eq!(None::<f64>.zero_cotangent(), None);
    assert_eq!(Ok::<_, String>(1.0).zero_cotangent(), Some(0.0));
    assert_eq!(Err::<f64, _>("no").zero_cotangent(), None);
    assert_eq!((&&1.0).zero_cotangent(), 0.0);
    assert_eq!(<&mut [f64; 1]>::zero_cotangent(&&mut [1.0]), [0.0]);
}

#[test]
fn inert_types() {
    fn inert<T: Differentiable<Cotangent = ()> + ?Sized>(_: &T) {}
    inert(&1_u8);
    inert(&1_i128);
    inert(&true);
    inert(&'c');
    inert("text");
    inert(&"text");
    inert(&String::from("text"));
    inert(&(0..3_usize));
    inert(&(0..=3));
    inert(&..);
    inert(&Ordering::Less);
    inert(&PhantomData::<str>);
}

#[test]
fn sums() {
    let mut d = (vec![1.0, 2.0], [3.0_f32], Some(4.0), ());
    d.accumulate(&(vec![10.0, 20.0], [30.0], Some(40.0), ()));
    assert_eq!(d, (vec![11.0, 22.0], [33.0], Some(44.0), ()));
    d.accumulate(&(vec![0.0, 0.0], [0.0], None, ()));
    assert_eq!(d.2, Some(44.0));
    d.fill_zero();
    assert_eq!(d, (vec![0.0, 0.0], [0.0], Some(0.0), ()));
}

#[test]
#[should_panic(expected = "length 3 to one of length 2")]
fn lengths_that_differ() {
    vec![1.0; 2].accumulate(&vec![1.0; 3]);
}

#[test]
fn something_added_to_nothing() {
    let mut nothing = None;
    nothing.accumulate(&Some(1.0));
    assert_eq!(nothing, None);
}
