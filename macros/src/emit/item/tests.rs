//! Items and their siblings as text, with `body()` for the body of `f_vjp`.

use proc_macro2::TokenStream;
use quote::{quote, ToTokens};
use syn::visit_mut::VisitMut;
use syn::{Attribute, File};

use crate::diagnostics::Errors;
use crate::parse;

/// Everything after the user's item, without documentation and lint levels.
fn siblings(attr: TokenStream, item: TokenStream) -> String {
    let mut errors = Errors::new();
    let input = parse::parse(attr, item, &mut errors);
    assert!(errors.is_empty(), "{}", errors.into_compile_errors());
    let tokens = input.map(|input| super::emit(&input, &mut |_, _| body()));
    text(tokens.unwrap_or_default())
}

fn body() -> super::Written {
    super::Written {
        tokens: quote!(body()),
        ..super::Written::default()
    }
}

fn text(tokens: TokenStream) -> String {
    let mut file: File = match syn::parse2(tokens.clone()) {
        Ok(file) => file,
        Err(error) => panic!("{error}: {tokens}"),
    };
    Plain.visit_file_mut(&mut file);
    prettyplease::unparse(&file)
}

struct Plain;

impl VisitMut for Plain {
    fn visit_attributes_mut(&mut self, attrs: &mut Vec<Attribute>) {
        attrs.retain(|attr| {
            let text = attr.to_token_stream().to_string();
            !text.starts_with("# [doc =") && !text.contains("warnings") && text != "# [inline]"
        });
    }
}

/// Asserts that the expansion of an item contains some Rust, as it would be formatted.
#[track_caller]
fn assert_has(expansion: &str, expected: TokenStream) {
    let expected = text(expected);
    let squeeze = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        squeeze(expansion).contains(&squeeze(&expected)),
        "{expansion}\nlacks\n{expected}"
    );
}

#[test]
fn a_function_is_kept_and_gets_four_siblings() {
    let item = quote!(
        #[must_use]
        pub fn f(x: f64, mut y: f64, n: usize) -> f64 {
            x
        }
    );
    let expansion = siblings(quote!(), item);
    let expected = quote! {
        #[allow(dead_code)]
        #[must_use]
        pub fn f(x: f64, mut y: f64, n: usize) -> f64 {
            x
        }
        pub fn f_vjp(
            x: f64, mut y: f64, n: usize, d_out: f64,
            mut d_x: impl ::tapeless::Slot<f64>, mut d_y: impl ::tapeless::Slot<f64>, d_n: impl ::core::marker::Sized,
        ) -> f64 {
            body()
        }
        pub fn f_grad(x: f64, y: f64, n: usize) -> (f64, f64) {
            let mut d_x = ::tapeless::Fresh::<f64>::new();
            let mut d_y = ::tapeless::Fresh::<f64>::new();
            let value_1 = f_vjp(x, y, n, 1.0, &mut d_x, &mut d_y, ::tapeless::Inactive);
            (d_x.take_or_zero(), d_y.take_or_zero())
        }
        pub fn f_value_and_grad(x: f64, y: f64, n: usize) -> (f64, (f64, f64)) {
            let mut d_x = ::tapeless::Fresh::<f64>::new();
            let mut d_y = ::tapeless::Fresh::<f64>::new();
            let value_1 = f_vjp(x, y, n, 1.0, &mut d_x, &mut d_y, ::tapeless::Inactive);
            (value_1, (d_x.take_or_zero(), d_y.take_or_zero()))
        }
        pub fn f_grad_into(x: f64, y: f64, n: usize, d_x: &mut f64, d_y: &mut f64) -> f64 {
            *d_x = 0.0;
            *d_y = 0.0;
            f_vjp(x, y, n, 1.0, &mut *d_x, &mut *d_y, ::tapeless::Inactive)
        }
    };
    assert_eq!(expansion, text(expected));
}

#[test]
fn slices_are_checked_before_anything_is_written() {
    let expansion = siblings(
        quote!(),
        quote!(
            fn f<T: Float>(x: &[T]) -> Option<T> {
                None
            }
        ),
    );
    assert_has(
        &expansion,
        quote! {
            fn f_vjp<T: Float>(
                x: &[T], mut d_out: Option<T>, mut d_x: impl ::tapeless::Slot<[T]>,
            ) -> Option<T>
            where
                T: ::tapeless::Real,
            {
                if let ::core::option::Option::Some(cotangent_1) = ::tapeless::Slot::get(&mut d_x) {
                    ::tapeless::__private::check_len("x", cotangent_1.len(), x.len());
                }
                body()
            }
        },
    );
    assert_has(
        &expansion,
        quote! {
            fn f_grad_into<T: Float>(x: &[T], d_x: &mut [T]) -> Option<T>
            where
                T: ::tapeless::Real,
            {
                ::tapeless::__private::check_len("x", d_x.len(), x.len());
                d_x.fill(<T as ::tapeless::Scalar>::__lit(0.0));
                f_vjp::<T>(x, ::core::option::Option::Some(<T as ::tapeless::Scalar>::__lit(1.0)), &mut d_x[..])
            }
        },
    );
    assert!(expansion.contains("__with_alloc!"), "{expansion}");
}

#[test]
fn a_result_of_hidden_type_is_seeded_by_its_trait() {
    let expansion = siblings(
        quote!(),
        quote!(
            fn f(x: [f64; 2]) -> Energy {
                x
            }
        ),
    );
    assert_has(
        &expansion,
        quote! {
            fn f_grad<'out>(x: [f64; 2]) -> <Energy as ::tapeless::Seed<'out>>::Grad<[f64; 2]>
            where
                Energy: ::tapeless::Seed<'out>,
            {
                let mut d_x: [f64; 2] = [0.0; 2];
                let value_1 = f_vjp(x, <Energy as ::tapeless::Seed<'out>>::one(), &mut d_x);
                <Energy as ::tapeless::Seed<'out>>::grad(value_1, d_x)
            }
        },
    );
}

#[test]
fn patterns_get_names() {
    let expansion = siblings(
        quote!(),
        quote!(
            fn f((a, b): (f64, f64), _: usize) -> f64 {
                a
            }
        ),
    );
    assert_has(
        &expansion,
        quote! {
            fn f_grad(p0: (f64, f64), p1: usize) -> (f64, f64) {
                let mut d_p0: (f64, f64) = (0.0, 0.0);
                let value_1 = f_vjp(p0, p1, 1.0, &mut d_p0, ::tapeless::Inactive);
                d_p0
            }
        },
    );
}

#[test]
fn an_operator_implements_its_rule() {
    let item =
        quote!(impl Mul<usize> for V { type Output = V; fn mul(self, n: usize) -> V { self } });
    let expansion = siblings(quote!(), item);
    assert_has(
        &expansion,
        quote! {
            impl ::tapeless::ops::MulVjp<usize> for V {
                fn mul_vjp(
                    self, n: usize,
                    mut d_out: <fn(<V as ::tapeless::Differentiable>::Cotangent) as ::tapeless::__private::Function>::Argument,
                    mut d_self: impl ::tapeless::Slot<<Self as ::tapeless::Differentiable>::Cotangent>,
                    mut d_n: impl ::tapeless::Slot<()>,
                ) -> V {
                    body()
                }
            }
        },
    );
}

#[test]
fn a_trait_declares_what_its_method_declares() {
    let item = quote!(
        trait Model {
            fn loss(&self, x: f64) -> f64;
        }
    );
    let expansion = siblings(quote!(), item);
    assert_has(
        &expansion,
        quote! {
            trait Model {
                #[allow(dead_code)]
                fn loss(&self, x: f64) -> f64;
                fn loss_vjp(
                    &self, x: f64, d_out: f64,
                    d_self: impl ::tapeless::Slot<<Self as ::tapeless::Differentiable>::Cotangent>,
                    d_x: impl ::tapeless::Slot<f64>,
                ) -> f64
                where
                    Self: ::core::marker::Sized,
                    Self: ::tapeless::Differentiable;
                fn loss_grad(&self, x: f64) -> (<Self as ::tapeless::Differentiable>::Cotangent, f64)
                where
                    Self: ::core::marker::Sized,
                    Self: ::tapeless::Differentiable;
                fn loss_value_and_grad(&self, x: f64) -> (f64, (<Self as ::tapeless::Differentiable>::Cotangent, f64))
                where
                    Self: ::core::marker::Sized,
                    Self: ::tapeless::Differentiable;
                fn loss_grad_into(
                    &self, x: f64, d_self: &mut <Self as ::tapeless::Differentiable>::Cotangent, d_x: &mut f64,
                ) -> f64
                where
                    Self: ::core::marker::Sized,
                    Self: ::tapeless::Differentiable;
            }
        },
    );
}

#[test]
fn an_implementation_of_a_foreign_trait_keeps_its_siblings_apart() {
    let item = quote! {
        #[cfg(test)]
        impl Cost for S {
            type Param = Vec<f64>;
            fn cost(&self, p: &Self::Param) -> f64 { p[0] }
        }
    };
    let expansion = siblings(quote!(wrt(p)), item);
    assert_has(
        &expansion,
        quote! {
            #[cfg(test)]
            impl Cost for S {
                type Param = Vec<f64>;
                fn cost(&self, p: &Self::Param) -> f64 {
                    p[0]
                }
            }
        },
    );
    let beside = expansion.split("impl S {").nth(1).unwrap_or_default();
    assert!(
        beside.contains("pub fn cost_vjp(\n        &self,\n        p: &Vec<f64>,"),
        "{expansion}"
    );
}

#[test]
fn only_type_parameters_are_required_to_be_differentiable() {
    let expansion = siblings(
        quote!(),
        quote!(
            fn f<M: Model, T: Real>(m: &S<M>, t: &V<T>) -> T {
                0
            }
        ),
    );
    assert!(
        expansion.contains("where\n    M: ::tapeless::Differentiable,\n{"),
        "{expansion}"
    );
}

#[test]
fn what_a_module_cannot_differentiate_is_left_alone() {
    let item = quote!(
        mod m {
            fn n(x: &[f64]) -> usize {
                0
            }
            #[constant]
            fn c(x: f64) -> f64 {
                x
            }
            impl Clone for S {
                fn clone(&self) -> S {
                    S
                }
            }
        }
    );
    let expansion = siblings(quote!(), item);
    assert!(
        !expansion.contains("_vjp") && !expansion.contains("constant"),
        "{expansion}"
    );
}
