//! Functions and their adjoints.

use proc_macro2::TokenStream;
use quote::quote;
use syn::ItemFn;

use super::adjoint;
use crate::analyse::analyse;
use crate::choices::Choices;
use crate::diagnostics::Errors;
use crate::ir::{print, verify};
use crate::lower::{lower, Request, Results};

/// The adjoint of a function as text, or its refusals.
fn reversed(tokens: TokenStream) -> String {
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
    let Some(function) = lower(&request, &mut errors) else {
        return errors.into_compile_errors().to_string();
    };
    let text = print::function(&function);
    let facts = analyse(&function);
    let adjoint = adjoint(Choices::default(), &function, &facts, &mut errors).expect("an adjoint");
    let given: Vec<_> = adjoint
        .d_out
        .into_iter()
        .chain(adjoint.slots.iter().copied().flatten())
        .collect();
    let faults = verify::adjoint(&adjoint.function, &given);
    let text = format!("{text}\n=>\n{}", print::function(&adjoint.function));
    assert!(faults.is_empty(), "{faults:#?}\n{text}");
    text
}

#[test]
fn rosenbrock() {
    println!(
        "{}",
        reversed(quote! {
            fn rosenbrock(x: f64, y: f64) -> f64 { (1.0 - x).powi(2) + 100.0 * (y - x * x).powi(2) }
        })
    );
}

#[test]
fn unknown_kinds() {
    println!(
        "{}",
        reversed(quote! {
            fn energy(&self, x: f64) -> f64 { let s = x - self.rest; 0.5 * self.k * s * s * self.links as f64 }
        })
    );
    println!(
        "{}",
        reversed(quote! {
            fn chain(spring: &Spring, m: &Mat2, x: f64) -> f64 {
                let v = *m * Vec2::new(x, 2.0);
                let n = spring.links + 1;
                spring.energy(v.x) + (n as f64) * v.y
            }
        })
    );
}

#[test]
fn branches() {
    println!(
        "{}",
        reversed(quote! {
            fn branchy(x: f64, y: f64) -> f64 {
                let mut z = x * y;
                if x > 0.0 { z = z.sin(); } else if x < -5.0 { return y; }
                let w = match z as i64 { 0 => z * x, 1 | 2 => y, _ => 3.0 * x };
                if w > 100.0 { return w * w; }
                z + w.exp()
            }
        })
    );
}

#[test]
fn results() {
    println!(
        "{}",
        reversed(quote! {
            fn inner(x: f64) -> Result<f64, String> {
                if x < 0.0 { Err(format!("neg {x}")) } else { Ok(x.sqrt()) }
            }
        })
    );
}

#[test]
fn a_function_is_not_evaluated_again_where_a_number_can_be_kept() {
    let text = reversed(quote! {
        fn layer(w: &[[f64; 3]; 4], x: &[f64; 3]) -> f64 {
            let mut hidden = [0.0; 4];
            for u in 0..4 {
                let mut sum = 0.0;
                for j in 0..3 {
                    sum += w[u][j] * x[j];
                }
                hidden[u] = sum.tanh();
            }
            hidden[0] * hidden[3]
        }
    });
    let adjoint = text.split_once("\n=>\n").expect("two functions").1;
    assert_eq!(adjoint.matches("tanh(").count(), 1, "{text}");
}

#[test]
fn the_cosine_beside_a_sine_serves_its_reverse() {
    let text = reversed(quote! {
        fn turned(x: f64, y: f64) -> f64 {
            let mut z = y;
            if x > 0.0 {
                z = x.sin() * y + x.cos();
            }
            if y > 0.0 {
                z += z.sin();
            } else {
                z *= z.cos();
            }
            z.exp()
        }
    });
    let adjoint = text.split_once("\n=>\n").expect("two functions").1;
    // Those of `x` once each, and that of `z` in either arm with its derivative.
    assert_eq!(adjoint.matches("sin(").count(), 3, "{text}");
    assert_eq!(adjoint.matches("cos(").count(), 3, "{text}");
}

#[test]
fn a_record_does_without_what_follows_from_the_rest_of_it() {
    let text = reversed(quote! {
        fn settled(w: f64, x: f64, n: usize) -> f64 {
            let mut state = x;
            for _ in 0..n {
                state = 1.0 / (1.0 + (-(w * state)).exp());
            }
            state
        }
    });
    assert!(text.contains("push records (t#3, state)"), "{text}");
}
