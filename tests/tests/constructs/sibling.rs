//! What each sibling does beside the others: buffers, lengths, visibility, attributes.

use tapeless::{differentiate, Differentiable, Inactive};

#[differentiate]
fn f(x: &[f64], y: [f64; 2], k: f64, n: usize) -> f64 {
    x[n] * y[0] * k + y[1]
}

#[test]
fn values_are_the_primals() {
    let (value, (d_x, d_y, d_k, d_n)) = with_inert();
    assert_eq!(value, 31.0);
    assert_eq!(
        (d_x, d_y, d_k, d_n),
        (vec![0.0, 15.0], [10.0, 1.0], 6.0, ())
    );
}

/// An integer has no component of its own (it is inert without being told); see `parameter.rs`.
#[allow(clippy::type_complexity)]
fn with_inert() -> (f64, (Vec<f64>, [f64; 2], f64, ())) {
    let (value, (d_x, d_y, d_k)) = f_value_and_grad(&[1.0, 2.0], [3.0, 1.0], 5.0, 1);
    assert_eq!(
        f_grad(&[1.0, 2.0], [3.0, 1.0], 5.0, 1),
        (d_x.clone(), d_y, d_k)
    );
    (value, (d_x, d_y, d_k, ()))
}

#[test]
fn grad_into_overwrites() {
    let (mut d_x, mut d_y, mut d_k) = ([7.0; 2], [7.0; 2], 7.0);
    assert_eq!(
        f_grad_into(
            &[1.0, 2.0],
            [3.0, 1.0],
            5.0,
            1,
            &mut d_x,
            &mut d_y,
            &mut d_k
        ),
        31.0
    );
    assert_eq!((d_x, d_y, d_k), ([0.0, 15.0], [10.0, 1.0], 6.0));
}

#[test]
fn vjp_adds() {
    let (mut d_x, mut d_y, mut d_k) = (vec![1.0; 2], [1.0; 2], 1.0);
    let value = f_vjp(
        &[1.0, 2.0],
        [3.0, 1.0],
        5.0,
        1,
        2.0,
        &mut d_x,
        &mut d_y,
        &mut d_k,
        Inactive,
    );
    assert_eq!(value, 31.0);
    assert_eq!((d_x, d_y, d_k), (vec![1.0, 31.0], [21.0, 3.0], 13.0));
}

#[test]
#[should_panic(expected = "`d_x` has length 3, but `x` has length 2")]
fn lengths_are_checked_by_grad_into() {
    f_grad_into(
        &[1.0, 2.0],
        [3.0, 1.0],
        5.0,
        1,
        &mut [0.0; 3],
        &mut [0.0; 2],
        &mut 0.0,
    );
}

#[test]
#[should_panic(expected = "`d_x` has length 1, but `x` has length 2")]
fn lengths_are_checked_by_vjp() {
    f_vjp(
        &[1.0, 2.0],
        [3.0, 1.0],
        5.0,
        1,
        1.0,
        &mut [0.0; 1][..],
        Inactive,
        Inactive,
        Inactive,
    );
}

#[test]
fn nothing_is_written_before_the_check() {
    let mut d_k = 7.0;
    let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        g_grad_into(2.0, &[1.0, 2.0], &mut d_k, &mut [0.0; 3])
    }));
    assert!(outcome.is_err());
    assert_eq!(d_k, 7.0);
}

#[differentiate]
fn g(k: f64, x: &[f64]) -> f64 {
    k * x[0]
}

#[differentiate]
fn in_out(a: &mut [f64], k: f64) -> f64 {
    a[0] *= k;
    a[0] * a[0]
}

#[test]
fn in_out_buffers() {
    let (mut a, mut d_a, mut d_k) = ([2.0, 5.0], [7.0; 2], 7.0);
    assert_eq!(in_out_grad_into(&mut a, 3.0, &mut d_a, &mut d_k), 36.0);
    assert_eq!((a, d_a, d_k), ([6.0, 5.0], [36.0, 0.0], 24.0));
    // What is in the slot on entry is the cotangent of the final contents.
    let (mut a, mut d_a, mut d_k) = ([2.0, 5.0], [1.0, 1.0], 0.0);
    in_out_vjp(&mut a, 3.0, 1.0, &mut d_a, &mut d_k);
    assert_eq!((a, d_a, d_k), ([6.0, 5.0], [39.0, 1.0], 26.0));
    let mut a = [2.0, 5.0];
    let mut d_k = 0.0;
    in_out_vjp(&mut a, 3.0, 1.0, Inactive, &mut d_k);
    assert_eq!((a, d_k), ([6.0, 5.0], 24.0));
}

mod visible {
    use tapeless::differentiate;

    #[differentiate]
    #[inline]
    #[must_use]
    #[doc(hidden)]
    pub(crate) fn square(x: f64) -> f64 {
        x * x
    }

    /// Its siblings are deprecated too.
    #[differentiate]
    #[deprecated(note = "use `square`")]
    pub fn old(x: f64) -> f64 {
        x * x
    }

    #[differentiate]
    #[cfg(any())]
    pub fn absent(x: f64) -> Missing {
        x
    }

    #[cfg_attr(all(), differentiate)]
    pub const fn constant(x: f64) -> f64 {
        x * x
    }
}

#[test]
#[allow(deprecated)]
fn attributes_and_visibility() {
    visible::square_grad(2.0);
    assert_eq!(visible::old_grad(2.0), 4.0);
    const SQUARE: f64 = visible::constant(3.0);
    assert_eq!(visible::constant_grad(SQUARE), 18.0);
}

#[derive(Clone, Debug, PartialEq, Differentiable)]
struct S {
    a: f64,
    v: Vec<f64>,
}

#[differentiate]
fn of_struct(s: &S, k: f64) -> f64 {
    s.a * s.v[1] * k
}

#[test]
fn struct_buffers() {
    let s = S {
        a: 2.0,
        v: vec![3.0, 4.0],
    };
    let mut d_s = SCotangent {
        a: 9.0,
        v: vec![9.0, 9.0],
    };
    let mut d_k = 9.0;
    assert_eq!(of_struct_grad_into(&s, 5.0, &mut d_s, &mut d_k), 40.0);
    assert_eq!(
        (d_s, d_k),
        (
            SCotangent {
                a: 20.0,
                v: vec![0.0, 10.0]
            },
            8.0
        )
    );
}

#[differentiate(name = loss)]
fn some_function(x: f64) -> f64 {
    x * x
}

mod renamed {
    pub(super) use tapeless as gradients;
}

#[differentiate(crate = renamed::gradients)]
fn through_another_path(x: f64, v: &[f64]) -> f64 {
    let y = if x > 1.0 { x * v[0] } else { v[1] };
    y * y
}

#[test]
fn options() {
    assert_eq!(loss_grad(3.0), 6.0);
    assert_eq!(loss_value_and_grad(3.0), (9.0, 6.0));
    assert_eq!(
        through_another_path_grad(2.0, &[3.0, 4.0]),
        (36.0, vec![24.0, 0.0])
    );
}

#[differentiate]
fn lifetimes<'a, 'b: 'a, T>(x: &'a [T], y: &'b T) -> T
where
    T: tapeless::Real,
{
    x[0] * *y
}

#[differentiate]
fn float_bound<T: num_traits::Float>(x: T, y: T) -> T {
    x.sin() * y + T::one()
}

#[test]
fn generics() {
    assert_eq!(lifetimes_grad(&[2.0], &3.0), (vec![3.0], 2.0));
    assert_eq!(lifetimes_grad(&[2.0_f32], &3.0), (vec![3.0_f32], 2.0));
    assert_eq!(float_bound_grad(0.0, 3.0), (3.0, 0.0));
}
