//! Results of every kind.

use tapeless::check::assert_gradient;
use tapeless::{differentiate, Differentiable};

#[differentiate]
fn array(x: f64, y: f64) -> [f64; 2] {
    [x * y, x.sin()]
}

#[differentiate]
fn tuple(x: f64, y: f64) -> (f64, usize, [f64; 2]) {
    (x / y, 3, [x, x * x * y])
}

#[differentiate]
fn vector(x: f64, y: f64) -> Vec<f64> {
    vec![x * y, y * y, x]
}

#[derive(Debug, Clone, Copy, PartialEq, Differentiable)]
struct Pair {
    a: f64,
    b: f64,
}

#[differentiate]
fn structure(x: f64, y: f64) -> Pair {
    Pair { a: x * y, b: x - y }
}

#[differentiate]
fn inert(x: &mut f64) -> bool {
    let big = *x > 2.0;
    *x = *x * *x;
    big
}

#[differentiate]
fn nothing(x: &mut [f64; 2], k: f64) {
    x[0] = x[0] * k;
    x[1] += x[0] * x[0];
}

#[test]
fn composite() {
    let (mut d_x, mut d_y) = (0.0, 0.0);
    assert_eq!(
        array_vjp(0.0, 3.0, [2.0, 1.0], &mut d_x, &mut d_y),
        [0.0, 0.0]
    );
    assert_eq!((d_x, d_y), (7.0, 0.0));

    let (mut d_x, mut d_y) = (0.0, 0.0);
    let out = tuple_vjp(3.0, 2.0, (4.0, (), [1.0, 0.5]), &mut d_x, &mut d_y);
    assert_eq!(out, (1.5, 3, [3.0, 18.0]));
    assert_eq!((d_x, d_y), (2.0 + 1.0 + 6.0, -3.0 + 4.5));

    let (mut d_x, mut d_y) = (0.0, 0.0);
    let out = vector_vjp(3.0, 2.0, vec![1.0, 2.0, 3.0], &mut d_x, &mut d_y);
    assert_eq!(out, [6.0, 4.0, 3.0]);
    assert_eq!((d_x, d_y), (5.0, 3.0 + 8.0));

    let (mut d_x, mut d_y) = (0.0, 0.0);
    let out = structure_vjp(
        3.0,
        2.0,
        PairCotangent { a: 1.0, b: 2.0 },
        &mut d_x,
        &mut d_y,
    );
    assert_eq!(out, Pair { a: 6.0, b: 1.0 });
    assert_eq!((d_x, d_y), (4.0, 1.0));
}

#[test]
fn inert_and_none() {
    let (mut x, mut d) = (3.0, 1.0);
    assert!(inert_vjp(&mut x, (), &mut d));
    assert_eq!((x, d), (9.0, 6.0));

    let (mut x, mut d_x, mut d_k) = ([2.0, 1.0], [1.0, 1.0], 0.0);
    nothing_vjp(&mut x, 3.0, &mut d_x, &mut d_k);
    assert_eq!((x, d_x, d_k), ([6.0, 37.0], [39.0, 1.0], 26.0));
}

type Scalar = f32;
type Both = (f64, f64);

#[differentiate]
fn alias(x: f32) -> Scalar {
    x * x * x
}

#[differentiate]
fn alias_of_a_tuple(x: f64) -> Both {
    (x * x, x)
}

type Fallible<T> = Result<T, String>;

#[differentiate]
fn alias_of_a_result(x: f64) -> Fallible<f64> {
    if x < 0.0 {
        return Err("negative".into());
    }
    Ok(x.sqrt())
}

#[test]
fn aliases() {
    assert_eq!(alias_value_and_grad(2.0), (8.0, 12.0));
    let mut d = 0.0;
    assert_eq!(alias_of_a_tuple_vjp(3.0, (1.0, 2.0), &mut d), (9.0, 3.0));
    assert_eq!(d, 8.0);
    assert_eq!(alias_of_a_result_grad(4.0), Ok(0.25));
    assert!(alias_of_a_result_grad(-4.0).is_err());
}

#[differentiate]
fn optional(x: f64, y: f64) -> Option<f64> {
    if y == 0.0 {
        return None;
    }
    Some(x / y)
}

#[differentiate]
fn fallible(x: f64) -> Result<f64, &'static str> {
    if x < 0.0 {
        Err("negative")
    } else {
        Ok(x.sqrt())
    }
}

#[differentiate]
fn checked(x: f64, y: f64) -> Result<f64, &'static str> {
    let r = fallible(x)?;
    let q = optional(r, y).ok_or("division by zero")?;
    Ok(q * x)
}

#[differentiate]
fn unwrapped(x: f64, y: f64) -> f64 {
    fallible(x).unwrap() * optional(x, y).expect("not zero") + optional(x, 0.0).unwrap_or(y)
}

#[differentiate]
fn question(x: f64, y: f64) -> Option<f64> {
    let q = optional(x, y)?;
    Some(q * q)
}

#[test]
fn options_and_results() {
    assert_eq!(optional_value_and_grad(6.0, 2.0), Some((3.0, (0.5, -1.5))));
    assert_eq!(optional_grad(6.0, 0.0), None);
    assert_eq!(fallible_value_and_grad(4.0), Ok((2.0, 0.25)));
    assert_eq!(fallible_grad(-4.0), Err("negative"));
    let (mut d_x, mut d_y) = (7.0, 7.0);
    assert_eq!(optional_grad_into(6.0, 0.0, &mut d_x, &mut d_y), None);
    assert_eq!((d_x, d_y), (0.0, 0.0));
    assert_gradient!(question(6.0, 4.0));
    assert_eq!(question_grad(6.0, 0.0), None);
    assert_gradient!(unwrapped(6.0, 4.0));
}

#[test]
fn question_marks_on_conversions() {
    assert_gradient!(checked(6.0, 4.0));
    assert_eq!(checked_grad(-6.0, 4.0), Err("negative"));
    assert_eq!(checked_grad(6.0, 0.0), Err("division by zero"));
}

#[differentiate]
fn no_dependence(x: f64) -> f64 {
    let _ = x;
    3.0
}

#[differentiate]
fn identity(x: f64) -> f64 {
    x
}

#[differentiate]
fn returned_array(x: [f64; 2]) -> [f64; 2] {
    x
}

#[differentiate]
fn returned_struct(p: Pair, k: f64) -> Pair {
    let mut q = p;
    q.a *= k;
    q
}

#[test]
fn trivial() {
    assert_eq!(no_dependence_value_and_grad(2.0), (3.0, 0.0));
    assert_eq!(identity_value_and_grad(2.0), (2.0, 1.0));
    let mut d = [1.0, 2.0];
    assert_eq!(
        returned_array_vjp([5.0, 6.0], [1.0, 1.0], &mut d),
        [5.0, 6.0]
    );
    assert_eq!(d, [2.0, 3.0]);
    let (mut d, mut d_k) = (PairCotangent { a: 0.0, b: 0.0 }, 0.0);
    returned_struct_vjp(
        Pair { a: 2.0, b: 3.0 },
        4.0,
        PairCotangent { a: 1.0, b: 2.0 },
        &mut d,
        &mut d_k,
    );
    assert_eq!((d.a, d.b, d_k), (4.0, 2.0, 2.0));
}
