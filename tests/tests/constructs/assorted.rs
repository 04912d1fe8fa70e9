//! Constructs together: statistics, tables, text, options, aliases of places.

use tapeless::check::assert_gradient;
use tapeless::{differentiate, Differentiable, Inactive, Real};
// struct update, nested fns, consts assoc, const generics expressions, where clauses
#[derive(Clone, Copy, Debug, Differentiable)]
struct P {
    a: f64,
    b: f64,
    c: f64,
}
impl P {
    const ONE: P = P {
        a: 1.0,
        b: 1.0,
        c: 1.0,
    };
    const K: f64 = 2.5;
}
#[differentiate]
fn update(p: P, k: f64) -> f64 {
    let q = P { a: p.a * k, ..p };
    let r = P { b: 2.0, ..P::ONE };
    q.a * q.b + q.c * r.b * P::K * k
}
#[differentiate]
fn cond_call(x: f64, y: f64) -> f64 {
    let r = if x > y {
        helper(x, y)
    } else {
        helper(y, x) * 2.0
    };
    r * x
}
#[differentiate]
fn helper(x: f64, y: f64) -> f64 {
    x * x - y
}
#[differentiate]
fn nested_struct_return(x: f64) -> (P, [f64; 2], Option<f64>) {
    (
        P {
            a: x,
            b: x * x,
            c: 1.0,
        },
        [x.sin(), 2.0 * x],
        if x > 0.0 { Some(x) } else { None },
    )
}
#[differentiate]
fn use_it(x: f64) -> f64 {
    let (p, [s, t], o) = nested_struct_return(x);
    let o = match o {
        Some(v) => v * s,
        None => t,
    };
    p.a * p.b + s * t + o
}
#[differentiate]
fn let_chain(x: Option<f64>, y: f64) -> f64 {
    let z = x.map(|v| v * y).unwrap_or(y);
    z * z
}
#[differentiate]
fn compound_index(x: &[f64], idx: &[usize]) -> f64 {
    let mut a = vec![0.0; x.len()];
    for (k, &i) in idx.iter().enumerate() {
        a[i] += x[k] * x[i];
        a[i] *= 1.5;
    }
    let mut s = 0.0;
    for v in &a {
        s += v * v;
    }
    s
}
#[differentiate]
fn mats(a: &[[f64; 3]; 3], x: &[f64; 3]) -> f64 {
    let mut y = [0.0; 3];
    for i in 0..3 {
        for j in 0..3 {
            y[i] += a[i][j] * x[j];
        }
    }
    y.iter().zip(x).map(|(p, q)| p * q).sum::<f64>().sqrt()
}
#[differentiate]
fn stats(x: &[f64]) -> f64 {
    let n = x.len() as f64;
    let m = x.iter().sum::<f64>() / n;
    let v = x.iter().map(|a| (a - m).powi(2)).sum::<f64>() / (n - 1.0);
    m / v.sqrt()
}
#[differentiate]
fn swap_vars(x: f64, y: f64) -> f64 {
    let mut a = x;
    let mut b = y;
    for _ in 0..3 {
        (a, b) = (b * 0.5 + a, a * b);
    }
    std::convert::identity(());
    a + b * b
}
#[differentiate]
fn block_expr(x: f64) -> f64 {
    let y = {
        let t = x.exp();
        if t > 2.0 {
            t
        } else {
            let u = t * t;
            u + 1.0
        }
    } * 3.0;
    y.ln()
}
#[differentiate]
fn generic_where<T, const N: usize>(x: [T; N], w: &[T]) -> T
where
    T: Real,
{
    let mut s = T::zero();
    let mut i = 0;
    while i < N {
        s += x[i] * w[i] * T::from(i + 1).unwrap();
        i += 1;
    }
    s.tanh() + T::epsilon()
}
#[differentiate]
fn neg_pow(x: f64, n: u32) -> f64 {
    -x.powi(-(n as i32)) + x.powf(1.5) * (-x).exp() - (1.0 / x).abs()
}
#[differentiate]
fn bits(x: f64, f: u32) -> f64 {
    let k = (f >> 1) & 3;
    let m = !f as i64;
    (k as f64) * x + if f & 1 == 0 { x * x } else { x } + (m % 2) as f64
}
#[differentiate]
fn consts_table(x: f64, i: usize) -> f64 {
    const T: [[f64; 2]; 2] = [[1.0, 2.0], [3.0, 4.0]];
    let row = T[i];
    let c = &T;
    x * row[0] + c[1 - i][1] * x * x
}
#[differentiate]
fn string_match(x: f64, kind: &str) -> f64 {
    match kind {
        "sin" => x.sin(),
        "sq" | "square" => x * x,
        s if s.starts_with('e') => x.exp(),
        _ => x,
    }
}
#[differentiate]
fn char_range(x: f64, c: char) -> f64 {
    match c {
        'a'..='f' => x * 2.0,
        '0'..='9' => x * x,
        _ => 0.0,
    }
}
#[differentiate]
fn early_in_loop(x: &[f64], t: f64) -> Option<f64> {
    let mut s = 0.0;
    for (i, &v) in x.iter().enumerate() {
        if v < 0.0 {
            return None;
        }
        s += v * t;
        if s > 10.0 {
            return Some(s * i as f64);
        }
    }
    Some(s)
}
#[differentiate]
fn mean_of(xs: &[Vec<f64>]) -> f64 {
    let mut t = 0.0;
    for x in xs {
        for &v in x.iter() {
            t += v.sqrt();
        }
    }
    t / xs.len() as f64
}
#[differentiate]
fn ref_local(p: &mut P, k: f64) -> f64 {
    let q = &mut *p;
    q.a *= k;
    q.b += q.a;
    let r = &*q;
    r.a * r.b * r.c
}
#[differentiate]
fn shadow_param(x: f64, x2: f64) -> f64 {
    let x = x + x2;
    let x2 = x * x2;
    let x = {
        let x = x2;
        x * x
    };
    x + x2
}
#[differentiate(wrt(a))]
fn unsafe_free(a: &[f64], lens: &[usize], name: &'static str) -> f64 {
    assert!(!name.is_empty());
    a[lens[0]..lens[1]].iter().map(|x| x * x).sum()
}
#[test]
fn gradients_agree_with_differences() {
    let p = P {
        a: 0.3,
        b: 0.5,
        c: 0.7,
    };
    assert_gradient!(update(p, 0.7));
    assert_gradient!(cond_call(0.3, 0.7));
    assert_gradient!(cond_call(0.9, 0.7));
    assert_gradient!(use_it(0.6));
    assert_eq!(let_chain_grad(Some(2.0), 3.0), (Some(36.0), 24.0));
    assert_gradient!(compound_index(&[0.1, 0.2, 0.3, 0.4][..], &[3, 1, 3, 0]));
    assert_gradient!(mats(
        &[[1.0, 0.2, 0.3], [0.2, 2.0, 0.1], [0.4, 0.5, 3.0]],
        &[0.1, 0.2, 0.3]
    ));
    assert_gradient!(stats(&[0.1, 0.2, 0.5, 0.9][..]));
    assert_gradient!(swap_vars(0.3, 0.4));
    assert_gradient!(block_expr(0.3));
    assert_gradient!(block_expr(1.3));
    assert_gradient!(generic_where([0.1, 0.2], &[0.3, 0.4][..]));
    assert_gradient!(neg_pow(0.7, 2));
    assert_gradient!(bits(0.7, 6));
    assert_gradient!(bits(0.7, 5));
    assert_gradient!(consts_table(0.7, 1));
    for k in ["sin", "sq", "square", "exp", "?"] {
        assert_eq!(
            string_match_grad(0.0, k),
            match k {
                "sin" | "exp" | "?" => 1.0,
                _ => 0.0,
            }
        );
    }
    assert_gradient!(char_range(0.7, 'b'));
    assert_gradient!(char_range(0.7, '4'));
    assert_gradient!(early_in_loop(&[0.1, 0.2, 0.4][..], 3.0));
    assert_gradient!(early_in_loop(&[0.1, 20.2, 0.4][..], 3.0));
    assert_eq!(early_in_loop_grad(&[0.1, -1.0], 1.0), None);
    assert_gradient!(mean_of(&[vec![0.1, 0.2], vec![0.3]][..]));
    assert_gradient!(ref_local(
        &mut P {
            a: 0.3,
            b: 0.5,
            c: 0.7
        },
        0.4
    ));
    assert_gradient!(shadow_param(0.3, 0.4));
    assert_eq!(
        unsafe_free_grad(&[1.0, 2.0, 3.0], &[1, 3], "n"),
        vec![0.0, 4.0, 6.0]
    );
}
