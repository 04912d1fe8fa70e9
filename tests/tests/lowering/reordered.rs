//! Vectors and slices that are reordered, and vectors whose length changes.
use tapeless::{assert_gradient, differentiate, Slot};

/// What an element is worth depends on where it stands.
fn weighed(v: &[f64]) -> f64 {
    v.iter()
        .enumerate()
        .map(|(i, a)| a.sin() * (i + 1) as f64)
        .sum::<f64>()
}

fn weighed_vjp(v: &[f64], d: f64, mut slot: impl Slot<[f64]>) -> f64 {
    if let Some(slot) = slot.get() {
        for (i, (d_v, v)) in slot.iter_mut().zip(v).enumerate() {
            *d_v += d * (i + 1) as f64 * v.cos();
        }
    }
    weighed(v)
}

#[differentiate]
fn truncate(x: &[f64], k: f64) -> f64 {
    let mut v = x.to_vec();
    v.truncate(2);
    weighed(&v) * k
}
#[differentiate]
fn insert(x: &[f64], k: f64) -> f64 {
    let mut v = x.to_vec();
    v.insert(1, k * k);
    weighed(&v) * k
}
#[differentiate]
fn remove(x: &[f64], k: f64) -> f64 {
    let mut v = x.to_vec();
    let r = v.remove(1);
    weighed(&v) * k * r
}
#[differentiate]
fn swap_remove(x: &[f64], k: f64) -> f64 {
    let mut v = x.to_vec();
    let r = v.swap_remove(1);
    weighed(&v) * k * r
}
#[differentiate]
fn reverse(x: &[f64], k: f64) -> f64 {
    let mut v = x.to_vec();
    v.reverse();
    v[0] *= k;
    weighed(&v) * k
}
#[differentiate]
fn resize(x: &[f64], k: f64) -> f64 {
    let mut v = x.to_vec();
    v.resize(6, k * k);
    let a = weighed(&v);
    v.resize(3, k);
    weighed(&v) * k + a
}
#[differentiate]
fn retain(x: &[f64], k: f64) -> f64 {
    let mut v = x.to_vec();
    v.retain(|a| *a > 0.0);
    weighed(&v) * k
}
#[differentiate]
fn extend(x: &[f64], k: f64) -> f64 {
    let mut v = x.to_vec();
    v.extend(x.iter().map(|a| a * k));
    let mut u = vec![k];
    v.append(&mut u);
    weighed(&v) * k + u.len() as f64 * k
}
#[differentiate]
fn rotate(x: &[f64], k: f64) -> f64 {
    let mut v = x.to_vec();
    v.rotate_left(1);
    v[0] *= k;
    v.rotate_right(2);
    weighed(&v) * k
}
#[differentiate]
fn in_place(x: &mut [f64], k: f64) {
    x.rotate_left(1);
    x[0] *= k * x[1];
    x.reverse();
    x[1] *= x[0];
}
#[differentiate]
fn in_place_sum(x: &[f64], k: f64) -> f64 {
    let mut v = x.to_vec();
    in_place(&mut v, k);
    weighed(&v)
}
#[differentiate]
fn sorted(x: &[f64], k: f64) -> f64 {
    let mut v = x.to_vec();
    v.sort_by(|a, b| b.partial_cmp(a).unwrap());
    weighed(&v) * k
}
#[differentiate]
fn sorted_pairs(x: &[f64], k: f64) -> f64 {
    let mut v: Vec<(usize, f64)> = x.iter().map(|a| a * k).enumerate().collect();
    v.sort_by(|(_, a), (_, b)| a.total_cmp(b));
    v.iter().map(|(i, a)| a * a * (*i + 1) as f64).sum()
}
#[differentiate]
fn moving(x: &[f64], k: f64) -> f64 {
    let mut rest = x;
    let mut y = k;
    while !rest.is_empty() {
        y = y * rest[0] + k;
        rest = &rest[1..];
    }
    y
}
#[differentiate]
fn memory(x: &[f64], k: f64) -> f64 {
    let mut a = x[0] * k;
    let mut b = x[1];
    std::mem::swap(&mut a, &mut b);
    let c = std::mem::replace(&mut a, k);
    let d = core::mem::take(&mut b);
    a * c + d * b + c * k
}
#[differentiate]
fn from_fn(x: &[f64], k: f64) -> f64 {
    let a: [f64; 3] = std::array::from_fn(|i| x[i % 2] * k * i as f64);
    let b = a.map(|v| v * v + k);
    b[0] * b[1] + b[2]
}
#[differentiate]
fn concat(x: &[f64], k: f64) -> f64 {
    let v = [x, &[k, 2.0 * k]].concat();
    v.iter().map(|a| a * a).sum()
}
#[differentiate]
fn chunked(x: &[f64], k: f64) -> f64 {
    x.iter()
        .copied()
        .rev()
        .zip(x.chunks(2))
        .map(|(a, c)| a * c[0] * k)
        .sum()
}
#[differentiate]
fn split_first(x: &[f64], k: f64) -> f64 {
    match x.split_first() {
        Some((h, t)) => h * k + t.iter().sum::<f64>() * h,
        None => k,
    }
}
#[differentiate]
fn split_last(x: &[f64], k: f64) -> f64 {
    if let [a, .., b] = x {
        a * b * k
    } else if let [a] = x {
        a * k
    } else {
        k
    }
}
#[differentiate]
fn struct_pattern_loop(x: &[f64], k: f64) -> f64 {
    let mut v = x.to_vec();
    let mut y = k;
    while let Some(a) = v.pop() {
        if a < 0.0 {
            continue;
        }
        y = (y * a).sin();
    }
    y
}

#[differentiate]
fn moving_from_both_ends(x: &[f64], k: f64) -> f64 {
    let (mut rest, mut y) = (x, k);
    while rest.len() > 1 {
        if y > 0.5 {
            y = y * rest[0] - k;
            rest = &rest[1..];
        } else {
            let (head, last) = rest.split_at(rest.len() - 1);
            y += last[0] * k + 0.4;
            rest = head;
        }
    }
    y * rest.iter().sum::<f64>()
}

#[derive(tapeless::Differentiable, Clone)]
struct Record {
    w: [f64; 3],
}

#[differentiate]
fn copied_field(x: &[f64], k: f64) -> f64 {
    let record = Record {
        w: [x[0] * k, x[1], k],
    };
    let mut v = record.w.to_vec();
    v[0] *= v[1];
    v[0] * v[2]
}

macro_rules! agree {
    ($($f:ident)*) => {
        $(
            assert_gradient!($f(&[0.3, 0.7, -0.4, 0.2], 0.7));
            assert_gradient!($f(&[-0.3, 1.7, 0.4, 0.9, 0.1], -1.3));
        )*
    };
}

#[test]
fn sequences_agree() {
    agree! {
        in_place_sum truncate insert remove swap_remove reverse resize retain extend rotate sorted sorted_pairs moving moving_from_both_ends memory from_fn concat chunked split_first split_last struct_pattern_loop copied_field
    }
}
