//! Calls: across modules, recursive, with shared arguments, by hand-written rules.

use tapeless::check::assert_gradient;
use tapeless::{derivative, differentiate, Differentiable, Inactive, Slot};

mod other {
    use tapeless::differentiate;

    #[differentiate]
    pub fn dot(a: &[f64], b: &[f64]) -> f64 {
        a[0] * b[0] + a[1] * b[1]
    }

    #[differentiate]
    pub fn square(x: f64) -> f64 {
        x * x
    }

    pub mod deeper {
        use super::{square, square_vjp};

        #[tapeless::differentiate]
        pub(crate) fn quartic(x: f64) -> f64 {
            square(square(x))
        }
    }
}

use other::{dot, dot_vjp};

#[differentiate]
fn paths(x: f64) -> f64 {
    let y = other::square(x) + self::other::deeper::quartic(x);
    y * crate_square(y)
}

#[differentiate]
fn crate_square(x: f64) -> f64 {
    x * x + 1.0
}

#[test]
fn across_modules() {
    assert_gradient!(paths(0.7));
    assert_gradient!(other::deeper::quartic(0.7));
}

#[differentiate]
fn twice(x: &[f64]) -> f64 {
    dot(x, x)
}

#[differentiate]
fn overlapping(x: &[f64; 3]) -> f64 {
    dot(&x[..2], &x[1..]) + dot(&x[1..], x)
}

#[differentiate]
fn product(a: f64, b: f64) -> f64 {
    a * b * b
}

#[differentiate]
fn elements(x: &[f64], i: usize, j: usize) -> f64 {
    product(x[i], x[j]) * product(x[0], x[1])
}

#[derive(Clone, Differentiable)]
struct Parts {
    a: [f64; 2],
    b: [f64; 2],
    k: f64,
}

#[differentiate]
fn fields(s: &Parts) -> f64 {
    dot(&s.a, &s.b) + dot(&s.a, &s.a) * s.k
}

#[differentiate]
fn whole_and_part(s: &Parts, k: f64) -> f64 {
    s.a[0] * s.b[1] * k
}

#[differentiate]
fn shares_a_part(s: &Parts) -> f64 {
    whole_and_part(s, s.k)
}

#[differentiate]
fn same_scalar(x: f64) -> f64 {
    product(x, x)
}

#[test]
fn shared_arguments() {
    assert_gradient!(twice(&[1.5, 2.5][..]));
    assert_gradient!(overlapping(&[1.5, 2.5, -0.5]));
    for (i, j) in [(0, 0), (0, 1), (1, 0), (2, 2)] {
        assert_gradient!(elements(&[1.5, 2.5, -0.5], i, j));
    }
    let parts = Parts {
        a: [1.5, 2.5],
        b: [0.3, 0.4],
        k: 2.0,
    };
    assert_gradient!(fields(&parts));
    assert_gradient!(shares_a_part(&parts));
    assert_gradient!(same_scalar(1.3));
}

/// The product of the elements from `n - 1` down.
#[differentiate]
fn recursive(x: &[f64], n: usize) -> f64 {
    if n == 0 {
        1.0
    } else {
        x[n - 1] * recursive(x, n - 1)
    }
}

#[differentiate]
fn tail(x: f64, n: usize) -> f64 {
    if n == 0 {
        return x;
    }
    tail(x * x + 0.1, n - 1)
}

#[differentiate]
fn even(x: f64, n: usize) -> f64 {
    if n == 0 {
        x
    } else {
        odd(x * x, n - 1)
    }
}

#[differentiate]
fn odd(x: f64, n: usize) -> f64 {
    if n == 0 {
        -x
    } else {
        even(x.sin(), n - 1)
    }
}

#[differentiate]
fn sub_slices(x: &[f64]) -> f64 {
    if x.is_empty() {
        return 0.0;
    }
    x[0] * x[0] + 0.5 * sub_slices(&x[1..])
}

#[test]
fn recursion() {
    assert_gradient!(recursive(&[1.5, 2.5, -0.5, 3.0], 3));
    assert_gradient!(tail(0.3, 4));
    assert_gradient!(even(0.8, 3));
    assert_gradient!(sub_slices(&[1.5, 2.5, -0.5]));
}

fn norm(v: &[f64]) -> f64 {
    v.iter().map(|x| x * x).sum::<f64>().sqrt()
}

fn norm_vjp(v: &[f64], d_out: f64, mut d_v: impl Slot<[f64]>) -> f64 {
    let out = norm(v);
    if let Some(d_v) = d_v.get() {
        assert_eq!(d_v.len(), v.len());
        for (d, x) in d_v.iter_mut().zip(v) {
            *d += d_out * x / out;
        }
    }
    out
}

#[differentiate]
fn by_hand(v: &[f64], k: f64) -> f64 {
    let w = [v[0] * k, v[1], k];
    norm(&w) * norm(v)
}

#[derivative(x = (1.0 - out * out))]
fn squash(x: f64) -> f64 {
    x.tanh()
}

#[derivative(x = y * x.powf(y - 1.0), y = out * x.ln())]
fn power(x: f64, y: f64) -> f64 {
    x.powf(y)
}

#[differentiate]
fn by_formula(x: f64, y: f64) -> f64 {
    squash(x) * power(squash(y) + 2.0, x)
}

#[test]
fn rules_by_hand() {
    assert_gradient!(by_hand(&[1.5, 2.5], 0.5));
    assert_gradient!(squash(0.4));
    assert_gradient!(power(1.4, 2.3));
    assert_gradient!(by_formula(0.4, 0.6));
}

/// No sibling exists: none of its calls below has an active argument.
fn plain(n: usize) -> f64 {
    n as f64 * 0.5
}

fn steer(x: f64) -> bool {
    x > 1.0
}

#[differentiate]
fn inactive_calls(x: f64, n: usize) -> f64 {
    let k = plain(n + 1);
    let stopped = tapeless::constant(opaque(x));
    if steer(x) {
        k * x * stopped
    } else {
        plain(3) * x
    }
}

fn opaque(x: f64) -> f64 {
    x * x
}

#[test]
fn inactive() {
    assert_eq!(inactive_calls_value_and_grad(2.0, 3), (16.0, 8.0));
    assert_eq!(inactive_calls_grad(0.5, 3), 1.5);
}

#[differentiate]
fn scale(a: &mut [f64], k: f64) {
    a[0] *= k;
    a[1] *= k * a[0];
}

#[differentiate]
fn in_out_calls(x: &[f64; 2], k: f64) -> f64 {
    let mut a = *x;
    scale(&mut a, k);
    scale(&mut a, a_little(k));
    a[0] * a[1]
}

#[differentiate]
fn a_little(k: f64) -> f64 {
    0.5 * k
}

#[differentiate]
fn hands_on(a: &mut [f64], k: f64) -> f64 {
    scale(a, k);
    a[0] + a[1]
}

#[test]
fn in_out() {
    assert_gradient!(in_out_calls(&[1.5, 2.5], 0.7));
    assert_gradient!(hands_on(&mut [1.5, 2.5][..], 0.7));
}

#[differentiate]
fn pair(x: f64, y: f64) -> (f64, f64) {
    (x * y, x + y)
}

#[differentiate]
fn array_of(x: f64) -> [f64; 2] {
    [x, x * x]
}

#[differentiate]
fn vector_of(x: f64, n: usize) -> Vec<f64> {
    vec![x * n as f64; n]
}

#[differentiate]
fn parts_of(x: f64) -> Parts {
    Parts {
        a: [x, 1.0],
        b: [2.0, x * x],
        k: x,
    }
}

#[differentiate]
fn composite(x: f64, y: f64) -> f64 {
    let (p, s) = pair(x, y);
    let a = array_of(p);
    let v = vector_of(s, 3);
    let t = parts_of(y);
    let u = pair(s, p).0;
    a[0] * a[1] + v[1] * t.b[1] + dot(&t.a, &a) + u + dot(&v, &array_of(x)) + fields(&t)
}

#[test]
fn composite_results() {
    assert_gradient!(composite(0.7, 1.2));
}

#[differentiate]
fn generic_call(x: f64) -> f64 {
    generic::<f64, 2>(&[x, 2.0 * x]) + generic(&[x])
}

#[differentiate]
fn generic<T: tapeless::Real, const N: usize>(x: &[T; N]) -> T {
    x[0] * x[N - 1]
}

#[test]
fn turbofish() {
    assert_gradient!(generic_call(0.7));
    assert_gradient!(generic(&[0.7, 0.3]));
    assert_gradient!(generic(&[0.7_f32, 0.3]));
}

#[differentiate]
fn outer(x: f64) -> f64 {
    #[differentiate]
    fn inner(x: f64) -> f64 {
        x * x
    }
    inner(x) * inner(2.0 * x)
}

#[test]
fn nested_functions() {
    assert_gradient!(outer(0.7));
}

#[test]
fn slots_are_optional() {
    let mut d = 0.0;
    assert_eq!(product_vjp(2.0, 3.0, 1.0, Inactive, &mut d), 18.0);
    assert_eq!(d, 12.0);
    product_vjp(2.0, 3.0, 1.0, Some(&mut d), None::<&mut f64>);
    assert_eq!(d, 21.0);
}

#[differentiate]
fn evaluation_order(x: &mut [f64; 2]) -> f64 {
    product(bump(x), bump(x))
}

#[differentiate]
fn bump(x: &mut [f64; 2]) -> f64 {
    x[0] *= 1.5;
    x[0] * x[1]
}

#[test]
fn arguments_in_order() {
    assert_gradient!(evaluation_order(&mut [1.5, 2.5]));
}
