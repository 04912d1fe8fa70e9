//! Functions and their IR.

use proc_macro2::TokenStream;
use quote::quote;
use syn::ItemFn;

use super::{lower, Request, Results};
use crate::diagnostics::Errors;
use crate::ir::{print, verify};

/// Compares the IR of a function with the file `snapshots/<name>.ir`; `TAPELESS_BLESS=1` writes it anew.
fn snapshot(name: &str, tokens: TokenStream) {
    let path = format!(
        "{}/src/lower/snapshots/{name}.ir",
        env!("CARGO_MANIFEST_DIR")
    );
    let text = lowered(tokens);
    if std::env::var_os("TAPELESS_BLESS").is_some() {
        std::fs::write(&path, &text).expect("the snapshot can be written");
    }
    let expected = std::fs::read_to_string(&path).expect("there is a snapshot");
    assert_eq!(text, expected, "{name}");
}

/// The IR of a function as text, or its refusals.
fn lowered(tokens: TokenStream) -> String {
    let item: ItemFn = syn::parse2(tokens).expect("a function");
    let reals: Vec<_> = item
        .sig
        .generics
        .type_params()
        .map(|param| param.ident.clone())
        .collect();
    let active = vec![true; item.sig.inputs.len()];
    let request = Request {
        sig: &item.sig,
        block: &item.block,
        active: &active,
        tapeless: &syn::parse_quote!(::tapeless),
        reals: &reals,
        bare: &[],
        self_ty: None,
        captures: &[],
        results: &Results::default(),
    };
    let mut errors = Errors::new();
    match lower(&request, &mut errors) {
        Some(function) => {
            let faults = verify::primal(&function);
            let text = print::function(&function);
            assert!(faults.is_empty(), "{faults:#?}\n{text}");
            text
        }
        None => errors.into_compile_errors().to_string(),
    }
}

#[test]
fn rosenbrock() {
    snapshot(
        "rosenbrock",
        quote! {
            fn rosenbrock(x: f64, y: f64) -> f64 {
                (1.0 - x).powi(2) + 100.0 * (y - x * x).powi(2)
            }
        },
    );
}

#[test]
fn unknown_kinds() {
    snapshot(
        "energy",
        quote! {
            fn energy(&self, x: f64) -> f64 { let s = x - self.rest; 0.5 * self.k * s * s * self.links as f64 }
        },
    );
    snapshot(
        "chain",
        quote! {
            fn chain(spring: &Spring, m: &Mat2, x: f64) -> f64 {
                let v = *m * Vec2::new(x, 2.0);
                let n = spring.links + 1;
                spring.energy(v.x) + (n as f64) * v.y
            }
        },
    );
}

#[test]
fn straight() {
    snapshot(
        "straight",
        quote! {
            fn f<T: Real, const N: usize>(x: T, a: &[T], out: &mut [T], (p, q): (T, T), n: usize) -> T {
                const G: f64 = 2.0;
                let mut s = T::zero();
                let y = x.sin() * T::from(2.0).unwrap() + T::max(x, p);
                s += y * a[n + 1];
                s *= a[0];
                let mut i = 0;
                i += n * N;
                let r = &mut out[i];
                *r += s;
                *r = *r * q;
                let [b, c] = [x, y];
                let (u, v) = (b * c, b);
                let mut arr = [u; 3];
                arr[1] = v;
                arr[2] -= s;
                let w = arr;
                assert!(w[0] > T::zero(), "no {}", n);
                helper(&mut arr, &a[1..n], x);
                (arr[0], s) = (s, arr[0]);
                let t = (x, y, n);
                let z: T = foo(&t) + t.0;
                let k: usize = (x > y) as usize;
                let m = arr[k] * x.powi(k as i32) / (n as f64);
                out[0] = z.mul_add(m, s);
                z
            }
        },
    );
}

#[test]
fn branches() {
    snapshot(
        "branches",
        quote! {
            fn f(x: f64, h: &mut [f64; 2]) -> f64 {
                let z = h[0] * x + h[1];
                let mut s = 1.0;
                if z > 0.0 && x.abs() < 3.0 { h[0] = z.tanh(); s = x; } else { h[1] *= 0.9; }
                let late;
                let w = if x > 1.0 { late = 2.0; [x, x] } else { late = s; [s, x] };
                if s > 10.0 { return w[0]; }
                let k = match (z > 1.0, s) { (true, _) => late, (false, v) if v > 2.0 => { let u = v * v; u * x } _ => panic!("no {z}") };
                k
            }
        },
    );
    snapshot(
        "options",
        quote! {
            fn f(x: f64, o: Option<f64>) -> Option<f64> {
                let y = o?;
                let Some(q) = g(x) else { return None };
                let mut t = x;
                if let Some(p) = o { if p < 0.0 { return None; } t = p * y; } else { t += 1.0; }
                match h(x) { Ok(v) => { if t > 2.0 { return Some(v); } Some(v * t) } Err(_) => Some(t * q) }
            }
        },
    );
    snapshot(
        "results",
        quote! {
            fn f(x: f64) -> Result<f64, String> {
                let y: f64 = g(x)?;
                if y < 0.0 { return Err(format!("bad {y}")); }
                Ok(y.sqrt())
            }
        },
    );
}

#[test]
fn loops() {
    snapshot(
        "in_place",
        quote! {
            fn f(x: &[f64]) -> f64 {
                let mut h = [1.0, 0.5];
                for &xi in x {
                    let z = h[0] * xi + h[1];
                    if z > 0.0 { h[0] = z.tanh(); } else { h[1] *= 0.9; }
                }
                h[0] + h[1]
            }
        },
    );
    snapshot(
        "newton",
        quote! {
            fn newton(a: f64) -> f64 {
                let mut x = a;
                let mut n = 0;
                while (x * x - a).abs() > 1e-12 {
                    if n > 50 { return f64::NAN; }
                    if n == 7 { n += 2; continue; }
                    x = 0.5 * (x + a / x);
                    n += 1;
                    if x > 1e9 { break; }
                }
                let y = 'outer: loop {
                    for i in (0..n).rev() { for j in (i..=n).step_by(2) { if j > 3 { x *= 2.0; continue 'outer; } if i > 9 { break 'outer x * 2.0; } } }
                    x += 1.0;
                };
                x + y
            }
        },
    );
}

#[test]
fn nll() {
    snapshot(
        "nll",
        quote! {
            fn nll(w: &[f64], x: &[f64], k: usize, d: usize) -> f64 {
                let mut total = 0.0;
                for p in x.chunks_exact(d) {
                    let mut score = vec![0.0; k];
                    for j in 0..k {
                        let mut s = 0.0;
                        for i in 0..d { s += (p[i] - w[j * d + i]) * (p[i] - w[j * d + i]); }
                        score[j] = -0.5 * s;
                    }
                    let top = score.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                    let mut z = 0.0;
                    for &v in &score { z += (v - top).exp(); }
                    total += top + z.ln();
                }
                total
            }
        },
    );
}

#[test]
fn chains() {
    snapshot(
        "chains",
        quote! {
            fn f(x: &[f64], y: &[f64], n: usize) -> f64 {
                let dot: f64 = x.iter().zip(y).map(|(a, b)| a * b).sum();
                let m = x.iter().rev().enumerate().skip(1).filter(|(i, v)| **v > 0.0 && *i < n).map(|(_, v)| v * dot).fold(0.0, |acc, v| acc + v);
                let v: Vec<f64> = x.windows(2).map(|w| w[1] - w[0]).collect();
                let big = v.iter().max_by(|a, b| a.partial_cmp(b).unwrap()).unwrap();
                let (s, q) = v.iter().fold((0.0, 1.0), |(s, q), &e| (s + e, q * e));
                let f = |a: f64| { let b = a * dot; b.sin() };
                let c = f(m) + f(*big);
                let mut count = 0;
                let mut bump = |k: usize| { count += k; };
                bump(2); bump(3);
                let last = x.last().unwrap_or(&0.0);
                let g = |a: f64| -> Option<f64> { if a < 0.0 { return None; } Some(a.sqrt()) };
                let r = match g(c) { Some(v) => v, None => 0.0 };
                let arr: [f64; 3] = [1.0; 3];
                let rr: f64 = arr.iter().map(|a| a.powi(2)).product::<f64>().sqrt();
                if let Some(first) = x.first() { return *first; }
                c + s + q + last + r + rr + count as f64
            }
        },
    );
}

#[test]
fn chains_of_lets() {
    snapshot(
        "chains_of_lets",
        quote! {
            fn f(x: &[f64], k: f64) -> f64 {
                let mut rest = x;
                let mut y = k;
                while let Some(a) = rest.first() && *a > 0.0 {
                    y *= a;
                    rest = &rest[1..];
                }
                if let Some(a) = rest.first() && let Some(b) = rest.get(1) { a * b * y } else { y }
            }
        },
    );
}

/// The time and the stack that lowering takes grow with the length of the body, not faster.
#[test]
fn long_bodies() {
    let time = |count: usize| {
        let lets = (0..count).map(|index| {
            let (name, last) = (
                quote::format_ident!("x{}", index + 1),
                quote::format_ident!("x{index}"),
            );
            quote! { let #name = if #last > 1.0 { #last * 0.5 } else { (#last + 1.0).sin() }; }
        });
        let last = quote::format_ident!("x{count}");
        let start = std::time::Instant::now();
        let text = lowered(quote! { fn f(x0: f64) -> f64 { #(#lets)* #last } });
        assert!(text.contains("yield"));
        start.elapsed()
    };
    let (short, long) = (time(500), time(4000));
    println!("{short:?} {long:?}");
    assert!(long < short * 40, "{short:?} {long:?}");
}

#[test]
fn long_sums() {
    let terms = (0..500).map(|_| quote!(x * y));
    let text = lowered(quote! { fn f(x: f64, y: f64) -> f64 { #(#terms)+* } });
    assert!(text.contains("yield"));
}

#[test]
fn deep_nesting_is_refused() {
    let mut expr = quote!(x);
    for _ in 0..300 {
        expr = quote!((#expr).sin());
    }
    assert!(lowered(quote! { fn f(x: f64) -> f64 { #expr } }).contains("too-deep"));
}
