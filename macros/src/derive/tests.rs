//! The expansions, read as text; by number they are checked in the package of tests.

use std::str::FromStr;

use proc_macro2::{TokenStream, TokenTree};

use super::derive;

/// The expansion as the compiler would print it, with one space between words.
fn expand(input: &str) -> String {
    let tokens = TokenStream::from_str(input).expect("test input is tokens");
    let file = syn::parse2(derive(tokens)).expect("the expansion is items");
    let pretty = prettyplease::unparse(&file);
    pretty.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Type, and what its expansion has to contain.
const CONTAINS: [(&str, &str); 14] = [
    (
        "struct Mlp { w: [[f64; 4]; 3], n: usize }",
        "struct MlpCotangent { /// The cotangent of `w`. pub w: [[f64; 4]; 3], /// The cotangent of `n`. pub n: (), }",
    ),
    (
        "pub struct S { a: f64, pub(crate) b: f64 }",
        "pub struct SCotangent { /// The cotangent of `a`. a: f64, /// The cotangent of `b`. pub(crate) b: f64, }",
    ),
    (
        "struct S(f32, std::vec::Vec<Inner>);",
        "pub std::vec::Vec<<Inner as ::tapeless::Differentiable>::Cotangent>, );",
    ),
    (
        "struct S<'a>(&'a [f64], &'a mut (f64, &'a str));",
        "struct SCotangent( /// The cotangent of field 0. pub <[f64] as ::tapeless::Differentiable>::Cotangent, /// The cotangent of field 1. pub (f64, ()), );",
    ),
    (
        "struct S<T: Real, U>(T, PhantomData<U>);",
        "struct SCotangent<T: Real>(",
    ),
    (
        "struct S<T, U: Into<T>, const N: usize> where U: Clone, T: PartialEq<U> { x: [T; N] }",
        "struct SCotangent<T, const N: usize> where T: ::tapeless::Differentiable, {",
    ),
    (
        "struct S<'a, T, I: Iterator>(Foreign<'a, T>, I::Item);",
        "struct SCotangent<'a, T, I: Iterator>(",
    ),
    (
        "struct S<T, I: Iterator>(Foreign<T>, I::Item);",
        "where T: ::tapeless::Differentiable, I::Item: ::tapeless::Differentiable; #[",
    ),
    (
        "struct S<A = f64, B = u8, C = A>(A, C);",
        "struct SCotangent<A = f64, C = A>(",
    ),
    (
        "struct S<T, U>(Option<Box<Self>>, [T; 2], PhantomData<U>);",
        "pub Option<Box<SCotangent<T>>>,",
    ),
    ("enum E { A, B }", "type Cotangent = ();"),
    (
        "enum E { A(f64), B { x: f64, y: f64 } }",
        "Option<__ECotangent_B<'_, f64, f64>>",
    ),
    (
        "#[differentiable(cotangent = G, crate = a::b)] struct S(f64);",
        "impl a::b::Cotangent for G",
    ),
    (
        "#[expect(dead_code)] #[derive(Clone)] struct S(f64);",
        "#[allow(dead_code)] struct SCotangent",
    ),
];

#[test]
fn expansions() {
    for (input, expected) in CONTAINS {
        let expanded = expand(input);
        assert!(expanded.contains(expected), "{input}\n{expanded}");
    }
}

/// Type, and an implementation that it does not get.
const LACKS: [(&str, &str); 9] = [
    ("struct S(f32, f64);", "Parameters for S"),
    ("struct S<'a>(&'a [f64]);", "Parameters for S"),
    ("struct S(Vec<(f64, usize)>);", "Parameters for S"),
    ("struct S(usize);", "Parameters for S"),
    ("struct S(Vec<f64>);", "Copy for SCotangent"),
    ("struct S(Option<Box<S>>, f64);", "Copy for SCotangent"),
    ("struct S([f64; 33]);", "Default for SCotangent"),
    (
        "struct S<const N: usize>([f64; N]);",
        "Default for SCotangent",
    ),
    ("enum E { A(f64) }", "Default for ECotangent"),
];

#[test]
fn what_a_field_rules_out_is_left_out() {
    for (input, unexpected) in LACKS {
        let expanded = expand(input);
        assert!(!expanded.contains(unexpected), "{input}\n{expanded}");
    }
}

/// Type, and the slugs of its refusals.
const REFUSED: [(&str, &[&str]); 9] = [
    ("union U { a: f64 }", &["derive-union"]),
    (
        "struct S { a: *const f64, b: Box<dyn Fn()>, c: f64 }",
        &["derive-field", "derive-field"],
    ),
    ("struct S(f64, (f64, fn()));", &["derive-field"]),
    ("#[constant] struct S(f64);", &["misplaced-constant"]),
    (
        "enum E { #[constant] A(#[constant()] f64) }",
        &["misplaced-constant", "misplaced-constant"],
    ),
    (
        "struct S(#[differentiable(cotangent = A)] f64);",
        &["malformed-derive"],
    ),
    ("#[differentiable] struct S(f64);", &["malformed-derive"]),
    (
        "#[differentiable(cotangent = A, fast(1), cotangent = B)] struct S(f64);",
        &["derive-option", "repeated-option"],
    ),
    ("fn f() {}", &["syntax"]),
];

#[test]
fn refusals() {
    for (input, slugs) in REFUSED {
        let expanded = expand(input);
        assert_eq!(
            expanded.matches("compile_error!").count(),
            slugs.len(),
            "{expanded}"
        );
        for slug in slugs {
            assert!(
                expanded.contains(&format!("[tapeless::{slug}]")),
                "{input}\n{expanded}"
            );
        }
        assert!(
            slugs == ["syntax"] || expanded.contains("::Differentiable for "),
            "{input}"
        );
    }
}

/// What is left of `tokens` without the token at `index`, counted in depth.
fn without(tokens: TokenStream, index: &mut usize) -> TokenStream {
    let mut rest = Vec::new();
    for token in tokens {
        *index = index.wrapping_sub(1);
        if *index == usize::MAX {
            continue;
        }
        rest.push(match token {
            TokenTree::Group(group) => {
                let inner = without(group.stream(), index);
                proc_macro2::Group::new(group.delimiter(), inner).into()
            }
            token => token,
        });
    }
    rest.into_iter().collect()
}

#[test]
fn no_tokens_make_it_panic() {
    let inputs = CONTAINS.iter().chain(&LACKS).map(|(input, _)| input);
    for input in inputs.chain(REFUSED.iter().map(|(input, _)| input)) {
        for cut in 0..input.len() {
            let tokens = TokenStream::from_str(input).expect("test input is tokens");
            let _ = derive(without(tokens, &mut cut.clone()));
        }
    }
}
