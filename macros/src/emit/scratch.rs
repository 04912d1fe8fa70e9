use crate::{analyse, differentiate, diagnostics::Errors, ir::{print, verify}, lower};
use quote::quote;
fn show(tokens: proc_macro2::TokenStream) {
    let item: syn::ItemFn = syn::parse2(tokens).unwrap();
    let reals: Vec<_> = item.sig.generics.type_params().map(|p| p.ident.clone()).collect();
    let active: Vec<bool> = item.sig.inputs.iter().map(|i| !quote!(#i).to_string().contains("usize")).collect();
    let request = lower::Request { sig: &item.sig, block: &item.block, active: &active, reals: &reals, self_ty: None };
    let mut errors = Errors::new();
    let Some(primal) = lower::lower(&request, &mut errors) else {
        println!("REFUSED {}", errors.into_compile_errors()); return;
    };
    println!("{}", print::function(&primal));
    println!("faults {:?}", verify::primal(&primal));
    let facts = analyse::analyse(&primal);
    let adjoint = differentiate::adjoint(&primal, &facts, &mut errors).unwrap();
    let given: Vec<_> = adjoint.d_out.into_iter().chain(adjoint.slots.iter().copied().flatten()).collect();
    println!("{}", print::function(&adjoint.function));
    println!("faults {:?}", verify::adjoint(&adjoint.function, &given));
    let context = super::Context { crate_path: syn::parse_quote!(::tapeless), given: given.clone() };
    let body = super::body(&adjoint.function, &context);
    let f = quote!(fn f() { #body });
    match syn::parse2(f) { Ok(file) => println!("{}", prettyplease::unparse(&file)), Err(e) => println!("{e}: {body}") }
    let started = std::time::Instant::now();
    let simple = crate::simplify::simplify(adjoint.function);
    println!("simplified in {:?}", started.elapsed());
    println!("{}", print::function(&simple));
    println!("faults {:?}", verify::adjoint(&simple, &given));
    let body = super::body(&simple, &context);
    let f = quote!(fn f() { #body });
    match syn::parse2(f) { Ok(file) => println!("{}", prettyplease::unparse(&file)), Err(e) => println!("{e}: {body}") }
}


#[test] fn s1() { show(quote!{ pub fn g2(c: &[f64], mut z: f64, y: f64) -> f64 {
    if ((4 % 2) % 2) == 0 {
        let late21: f64;
        if (if (y + y) < 0.6 {
            y
        } else {
            z
        }) > 0.3 {
            if c.len() != 1 {
                z *= g0(&mut z);
                return -0.1;
            }
            if (z % 1.5) > 0.3 {
                let mut z = g0(&mut z);
                z = -z;
            }
            late21 = 0.5 * c[0];
        } else {
            z += z * y;
            if y >= 1.0 {
                let y = y % 0.7;
            } else {
                let mut w = [y * y; 1];
            }
            late21 = g0(&mut z);
        }
        return z + y;
    }
    g0(&mut z)
} }); }
#[test] fn s2() { show(quote!{ pub fn g1(v: [f64; 1], d_out: &mut f64, x: [f64; 1]) -> Vec<f64> {
    for i in (1..=1).rev() {
        'inner: for m in (0..(i % 5)).rev() {
            if x[0] < 0.0 {
                *d_out = (0.5 * (*d_out)) + (0.3 * (1.5 + f64::sin(f64::powi(x[((f64::abs(f64::tanh((*d_out) + (4 as f64))) * 4.0) as usize) % 1], 2))).ln());
                *d_out += (f64::abs((0..4).step_by(2).fold(0.5, |total, n| (total * x[0]).tanh())) + 0.4).ln();
                let mut count22 = 0;
                while (count22 < ((count22 * 2) % 5)) && (v[0] > (*d_out)) {
                    count22 += 1;
                    if ((i * 2) % 2) == 1 {
                        if x[0].cos() < 1.0 {
                        }
                        return v.iter().rev().copied().collect::<Vec<f64>>();
                    }
                }
            }
        }
    }
    vec![match (2 + 1) % 4 {
        2 => x[0].cos(),
        2 if x[0].powi(3) < 0.3 => f64::recip(f64::abs(((f64::abs(f64::tanh(x[0])) * 4.0) as usize) as f64) + 0.4),
        2 => 0.1 / (f64::abs(3.0) + 0.4),
        k => f64::copysign(2.0, x[0]),
    }; 2]
} }); }
