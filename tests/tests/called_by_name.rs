//! Functions that variables stand for, called by their names.
use tapeless::{assert_gradient, differentiate};
#[differentiate]
fn indexed(x: f64, i: usize) -> f64 {
    fn sq(x: f64) -> f64 {
        x * x
    }
    fn cu(x: f64) -> f64 {
        x * x * x
    }
    let ops: [fn(f64) -> f64; 3] = [sq, cu, f64::sin];
    ops[i](x)
}
#[differentiate]
fn gone_through(x: f64) -> f64 {
    let ops: [fn(f64) -> f64; 3] = [f64::exp, f64::cos, f64::sin];
    let mut s = x;
    for f in ops {
        s = f(s * 0.5);
    }
    for g in ops.iter() {
        s += g(x);
    }
    for (i, h) in ops.iter().enumerate() {
        s *= h(x) + i as f64;
    }
    s + ops.len() as f64 * x
}
#[differentiate]
fn one_of_two(x: f64) -> f64 {
    let f: fn(f64) -> f64 = if x > 0.0 { f64::ln } else { f64::exp };
    f(x)
}
#[differentiate]
fn one(x: f64) -> f64 {
    let f = f64::ln;
    let v = [x, 2.0 * x];
    f(x) + v.iter().copied().map(f).sum::<f64>()
}
#[differentiate]
fn matched(x: f64, mode: u8) -> f64 {
    let f = match mode {
        0 => f64::sin,
        1 => f64::cos,
        _ => f64::exp,
    };
    f(f(x)) * f(x * 2.0)
}
#[differentiate]
fn mapped(x: f64) -> f64 {
    let basis = [f64::sin, f64::cos, f64::tanh];
    basis.iter().map(|b| b(x) * b(2.0 * x)).sum()
}
#[differentiate]
fn with_a_closure(xs: &[f64], w: &[f64; 3]) -> f64 {
    let basis: [fn(f64) -> f64; 3] = [f64::sin, f64::cos, |x| x * x];
    basis
        .iter()
        .zip(w)
        .map(|(b, k)| k * xs.iter().map(|x| b(*x)).sum::<f64>())
        .sum()
}
#[differentiate]
fn zipped(xs: &[f64], w: &[f64; 2]) -> f64 {
    let basis: [fn(f64) -> f64; 2] = [f64::sin, f64::cos];
    let mut s = 0.0;
    for x in xs {
        for (k, b) in w.iter().zip(basis.iter()) {
            s += k * b(*x) * x;
        }
    }
    s
}
#[differentiate]
fn guarded(x: f64, y: f64, k: i32) -> f64 {
    let op: fn(f64, f64) -> f64 = match k {
        i if i > 2 => f64::max,
        1 => f64::powf,
        _ => f64::atan2,
    };
    op(x, y) + op(y, x + 1.0)
}
#[allow(non_upper_case_globals)]
const alpha: f64 = 0.3;
#[allow(non_upper_case_globals)]
const beta: f64 = 0.9;
/// Names in an array may as well be those of constants.
#[differentiate]
fn constants(x: f64, i: usize) -> f64 {
    let table = [alpha, beta];
    let mut s = table[i] * x;
    for k in table.iter() {
        s += k * x * x;
    }
    for (i, k) in table.iter().enumerate() {
        s *= 1.0 + k * i as f64;
    }
    s + table.iter().map(|k| (k * x).sin()).sum::<f64>() + table.get(i).map_or(x, |k| k * x)
}
#[differentiate]
#[allow(clippy::while_let_on_iterator)]
fn handed_on(x: f64) -> f64 {
    let table = [alpha, beta];
    let mut it = table.iter();
    let mut s = x;
    while let Some(k) = it.next() {
        s *= k * x;
    }
    s + table.first().map_or(0.0, |k| k * x) + table.iter().sum::<f64>() * x
}
#[test]
fn gradients() {
    for i in 0..3 {
        assert_gradient!(indexed(0.7, i));
        assert_gradient!(matched(0.7, i as u8));
        assert_gradient!(guarded(0.7, 0.4, i as i32 * 2 - 1));
    }
    for i in 0..3 {
        assert_gradient!(constants(0.7, i % 2));
    }
    assert_gradient!(handed_on(0.7));
    assert_gradient!(gone_through(0.7));
    assert_gradient!(one_of_two(0.7));
    assert_gradient!(one_of_two(-0.7));
    assert_gradient!(one(0.7));
    assert_gradient!(mapped(0.7));
    assert_gradient!(with_a_closure(&[0.3, 0.5], &[0.2, 0.4, 0.8]));
    for n in 0..3 {
        assert_gradient!(zipped(&[0.3, 0.7, 0.5][..n], &[0.2, 0.6]));
    }
    assert!(std::panic::catch_unwind(|| indexed_grad(0.3, 3)).is_err());
}
