//! Functions and their IR.

use proc_macro2::TokenStream;
use quote::quote;
use syn::ItemFn;

use super::{lower, Request};
use crate::diagnostics::Errors;
use crate::ir::{print, verify};

/// The IR of a function as text, or its refusals.
fn lowered(tokens: TokenStream) -> String {
    let item: ItemFn = syn::parse2(tokens).expect("a function");
    let reals: Vec<_> = item.sig.generics.type_params().map(|param| param.ident.clone()).collect();
    let active = vec![true; item.sig.inputs.len()];
    let request = Request { sig: &item.sig, block: &item.block, active: &active, reals: &reals, self_ty: None };
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
    println!("{}", lowered(quote! {
        fn rosenbrock(x: f64, y: f64) -> f64 {
            (1.0 - x).powi(2) + 100.0 * (y - x * x).powi(2)
        }
    }));
}

#[test]
fn unknown_kinds() {
    println!("{}", lowered(quote! {
        fn energy(&self, x: f64) -> f64 { let s = x - self.rest; 0.5 * self.k * s * s * self.links as f64 }
    }));
    println!("{}", lowered(quote! {
        fn chain(spring: &Spring, m: &Mat2, x: f64) -> f64 {
            let v = *m * Vec2::new(x, 2.0);
            let n = spring.links + 1;
            spring.energy(v.x) + (n as f64) * v.y
        }
    }));
}

#[test]
fn straight() {
    println!("{}", lowered(quote! {
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
    }));
}

#[test]
fn branches() {
    println!("{}", lowered(quote! {
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
    }));
    println!("{}", lowered(quote! {
        fn f(x: f64, o: Option<f64>) -> Option<f64> {
            let y = o?;
            let Some(q) = g(x) else { return None };
            let mut t = x;
            if let Some(p) = o { if p < 0.0 { return None; } t = p * y; } else { t += 1.0; }
            match h(x) { Ok(v) => { if t > 2.0 { return Some(v); } Some(v * t) } Err(_) => Some(t * q) }
        }
    }));
    println!("{}", lowered(quote! {
        fn f(x: f64) -> Result<f64, String> {
            let y: f64 = g(x)?;
            if y < 0.0 { return Err(format!("bad {y}")); }
            Ok(y.sqrt())
        }
    }));
}

#[test]
fn loops() {
    println!("{}", lowered(quote! {
        fn f(x: &[f64]) -> f64 {
            let mut h = [1.0, 0.5];
            for &xi in x {
                let z = h[0] * xi + h[1];
                if z > 0.0 { h[0] = z.tanh(); } else { h[1] *= 0.9; }
            }
            h[0] + h[1]
        }
    }));
    println!("{}", lowered(quote! {
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
    }));
}

#[test]
fn nll() {
    println!("{}", lowered(quote! {
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
    }));
}

#[test]
fn chains() {
    println!("{}", lowered(quote! {
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
    }));
}

#[test]
fn through_pipeline() {
    let bodies = [
        quote! { fn f(x: f64) -> f64 { let r: Result<f64, String> = g(x).map(|v| v * 2.0); r.unwrap_or(x) } },
        quote! { fn f(x: f64) -> Result<f64, E> { let v = g(x).map_err(|e| E::from(e))?; Ok(v * x) } },
        quote! { fn f(x: f64, o: Option<f64>) -> Result<f64, E> { let v = o.ok_or(E::No)?; let w = o.map(|v| v * x).ok_or_else(|| E::No)?; Ok(v * x * w) } },
        quote! { fn f(x: f64) -> f64 { integrate(|t| t * t, 0.0, x) } },
        quote! { fn f(x: &[f64; 3]) -> f64 { let mut a = *x; let (p, q) = (a, *x); a[0] = 3.0; let b = a.clone(); p[0] * q[1] * b[2] } },
        quote! { fn f(x: &Vec<f64>) -> f64 { let mut a = x.clone(); a[0] *= 2.0; let s = &a[1..]; s[0] * a[0] } },
        quote! { fn f(x: f64) -> f64 { let mut p = Point { x, y: 1.0 }; let q = p; p.x = 3.0 * p.y; (p.x, p.y) = (p.y, p.x); p.x * q.x } },
        quote! { fn f(x: f64, n: usize) -> f64 { let y = if n > 3 { let z = x * x; z + 1.0 } else if n > 2 { x } else { 0.0 }; y.max(0.0).min(1.0).clamp(0.0, 2.0) } },
        quote! { fn f(x: &[f64]) -> f64 { let mut it = 0; let mut s = 0.0; loop { if it >= x.len() { break; } let v = x[it]; it += 1; if v < 0.0 { continue; } s += v; } s } },
        quote! { fn f(x: &[[f64; 2]]) -> f64 { let mut s = 0.0; for [a, b] in x { s += a * b; } for row in x.iter() { for v in row { s += v; } } for (i, &[a, _]) in x.iter().enumerate() { s += a * i as f64; } s } },
        quote! { fn f(x: &mut [f64]) -> f64 { let n = x.len(); for i in 1..n { x[i] += x[i - 1] * 0.5; } let mut s = 0.0; for v in x.iter_mut() { *v = v.sin(); s += *v; } s } },
        quote! { fn f(x: f64) -> f64 { let v: Vec<f64> = (0..10).map(|i| x * i as f64).collect(); let m = v.iter().cloned().fold(f64::INFINITY, f64::min); m + v.iter().map(|a| (a - m).powi(2)).sum::<f64>() / v.len() as f64 } },
        quote! { fn f(x: f64, y: f64) -> f64 { let f = |a: f64, b: f64| a * b + x; let g = |a| f(a, y); g(x) + [x, y].iter().map(|v| g(*v)).sum::<f64>() } },
        quote! { fn f(x: f64, op: Op) -> f64 { match op { Op::Add => x + 1.0, Op::Mul => x * 2.0 } } },
        quote! { fn f(x: f64, k: i32) -> f64 { match k { 0 => x, 1 | 2 => x.sin(), 3..=9 => { let y = x * x; y } n if n % 2 == 0 => x.powi(n), _ => 0.0 } } },
        quote! { fn f(net: &Net, x: &[f64]) -> f64 { let mut h = net.layer1.forward(x); for v in h.iter_mut() { *v = v.max(0.0); } let y = net.layer2.forward(&h); y[0] } },
        quote! { fn f(w: &[f64], b: f64, x: &[f64]) -> f64 { let z = w.iter().zip(x.iter()).map(|(w, x)| w * x).sum::<f64>() + b; 1.0 / (1.0 + (-z).exp()) } },
        quote! { fn f(self, rhs: Vec2) -> Vec2 { Vec2 { x: self.x * rhs.x, y: self.y + rhs.y } } },
        quote! { fn f(&self, x: f64) -> f64 { self.a.iter().rev().fold(0.0, |acc, c| acc * x + c) } },
        quote! { fn f(x: f64) -> f64 { let mut a = [[0.0; 3]; 3]; for i in 0..3 { a[i][i] = x; } a.swap(0, 1); let t = a[0]; let row = &a[1]; t[1] * row[0] } },
        quote! { fn f(x: f64) -> f64 { let mut x = x; let y = &mut x; *y *= 2.0; *y += 1.0; x } },
        quote! { fn f(x: &mut f64, y: f64) { *x = *x * y; if *x > 1.0 { *x -= 1.0; return; } *x += 3.0; } },
        quote! { fn f(x: f64) -> (f64, [f64; 2]) { let t = (x, [x, 1.0]); (t.0 * 2.0, t.1) } },
        quote! { fn f(x: F, y: F) -> F { x * y + x.sin() } },
        quote! { fn f(x: f32) -> f64 { let y = x as f64; f64::from(x) * y + (x as i32) as f64 } },
        quote! { fn f(a: f64) -> f64 { let mut n = 0u32; let mut x = a; while x > 1.0 { x /= 2.0; n += 1; } x * f64::from(n) } },
        quote! { fn f(a: f64, xs: &[f64]) -> f64 { let best = xs.iter().enumerate().min_by(|(_, p), (_, q)| p.total_cmp(q)); match best { Some((i, v)) => v * a * i as f64, None => a } } },
        quote! { fn f(a: f64, xs: &[f64]) -> f64 { let mut prev = None; let mut s = 0.0; for &x in xs { if let Some(p) = prev { s += x * p; } prev = Some(x); } s * a } },
        quote! { fn f(a: f64) -> f64 { let x = tapeless::constant(a * 2.0); x * a } },
        quote! { fn f(a: f64) -> f64 { return a * a; } },
        quote! { fn f(xs: &[f64]) -> f64 { let Some((first, rest)) = xs.split_first() else { return 0.0 }; first * rest[0] } },
        quote! { fn f(xs: &[f64]) -> f64 { match xs { [] => 0.0, [a] => *a, [a, .., b] => a * b } } },
    ];
    for body in bodies {
        let out = crate::pipeline::differentiate(TokenStream::new(), body.clone());
        let text = out.to_string();
        println!("{}", if text.contains("[tapeless") { format!("FAIL {}\n{}", body, &text[text.find("compile_error").unwrap_or(0)..].chars().take(300).collect::<String>()) } else { "ok".to_string() });
    }
}
