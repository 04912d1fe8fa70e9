//! The siblings that need no allocator: all of them where the parameters have sizes, and for slices those that write into
//! the caller's buffers.

use core::hint::black_box;

use tapeless::{differentiate, Inactive};

/// The logarithm of a weighted sum, if it has one.
#[differentiate(no_alloc)]
fn weighted(x: &[f64], w: &[f64]) -> Option<f64> {
    let mut sum = 0.0;
    for (x, w) in x.iter().zip(w) {
        sum += w * libm::sqrt(*x);
    }
    if sum > 0.0 {
        Some(libm::log(sum))
    } else {
        None
    }
}

/// √4 · 0.5 + √9 · 1 = 4, so d_w = √x / 4 and d_x = w / (2 √x) / 4.
const X: [f64; 2] = [4.0, 9.0];
const W: [f64; 2] = [0.5, 1.0];
const D_X: [f64; 2] = [0.03125, 1.0 / 24.0];
const D_W: [f64; 2] = [0.5, 0.75];

fn close(a: [f64; 2], b: [f64; 2]) -> bool {
    a.iter().zip(b).all(|(a, b)| libm::fabs(a - b) < 1e-15)
}

/// `f_grad_into` overwrites, on `None` with zeros; `f_vjp` adds.
pub fn slices() -> bool {
    let (x, w) = black_box((X, W));
    let (mut d_x, mut d_w) = ([7.0; 2], [7.0; 2]);
    let value = weighted_grad_into(&x, &w, &mut d_x, &mut d_w);
    let overwritten = value == weighted(&x, &w) && close(d_x, D_X) && close(d_w, D_W);

    weighted_vjp(&x, &w, Some(1.0), Inactive, &mut d_w[..]);
    let added = close(d_w, D_W.map(|d| 2.0 * d));

    let none = weighted_grad_into(&x, &[-1.0, -1.0], &mut d_x, &mut d_w);
    overwritten && added && none.is_none() && d_x == [0.0; 2] && d_w == [0.0; 2]
}

#[differentiate(no_alloc)]
fn weighted_two(x: &[f64; 2], w: [f64; 2]) -> Result<f64, &'static str> {
    weighted(x, &w).ok_or("no logarithm")
}

/// Arrays by reference and by value, and a `Result`: all siblings.
pub fn arrays() -> bool {
    let (x, w) = black_box((X, W));
    let negative = weighted_two_grad(&x, [-1.0; 2]);
    let Ok((d_x, d_w)) = weighted_two_grad(&x, w) else {
        return false;
    };
    let Ok((value, both)) = weighted_two_value_and_grad(&x, w) else {
        return false;
    };
    close(d_x, D_X)
        && close(d_w, D_W)
        && both == (d_x, d_w)
        && Ok(value) == weighted_two(&x, w)
        && negative == Err("no logarithm")
}
