//! What the siblings' documentation says of their storage.

use proc_macro2::TokenStream;
use quote::{quote, ToTokens};
use syn::{Expr, File, Item, Lit, Meta};

/// The *Storage* section of each sibling, by name.
fn sections(attr: TokenStream, item: TokenStream) -> Vec<(String, String)> {
    let tokens = crate::pipeline::differentiate(attr, item);
    let file: File = syn::parse2(tokens).expect("the expansion is Rust");
    let functions = file.items.into_iter().flat_map(|item| match item {
        Item::Fn(function) => vec![function],
        // Siblings that return a `Vec`.
        Item::Macro(gated) => {
            let inside: File = gated.mac.parse_body().expect("functions");
            let functions = inside.items.into_iter();
            functions
                .filter_map(|item| match item {
                    Item::Fn(function) => Some(function),
                    _ => None,
                })
                .collect()
        }
        _ => Vec::new(),
    });
    let described = functions.filter_map(|function| {
        let doc = function.attrs.iter().find_map(|attr| text(&attr.meta))?;
        let section = doc.split("# Storage\n\n").nth(1)?;
        let section = section.split("\n\n# ").next()?;
        Some((function.sig.ident.to_string(), section.to_owned()))
    });
    described.collect()
}

/// `text` of `doc = "text"`
fn text(meta: &Meta) -> Option<String> {
    match meta {
        Meta::NameValue(pair) if pair.path.is_ident("doc") => match &pair.value {
            Expr::Lit(literal) => match &literal.lit {
                Lit::Str(text) => Some(text.value()),
                other => Some(other.to_token_stream().to_string()),
            },
            _ => None,
        },
        _ => None,
    }
}

/// Asserts that all siblings say the same.
#[track_caller]
fn assert_storage(attr: TokenStream, item: TokenStream, expected: &str) {
    let sections = sections(attr, item);
    assert!(sections.len() >= 2, "{sections:?}");
    for (name, section) in sections {
        assert_eq!(section, expected, "{name}");
    }
}

#[test]
fn straight_lines_and_independent_iterations_store_nothing() {
    let item = quote!(
        fn f(x: &[f64], k: f64) -> f64 {
            let mut sum = k.sin();
            for xi in x {
                sum += (xi * k).exp();
            }
            sum
        }
    );
    assert_storage(quote!(), item, "None.");
}

/// The reverse sweep takes back what was written, so the final contents of `x` are put aside.
#[test]
fn recorded_loops_say_what_and_where() {
    let item = quote!(
        fn f(x: &mut [f64], k: f64, n: usize) -> f64 {
            let mut h = k;
            for i in 0..n {
                let z = (h * x[i]).sin();
                if z > 0.0 {
                    h = z * h;
                } else {
                    x[i] = h * x[0];
                }
            }
            while h < 100.0 {
                h = h * h + k;
            }
            for _ in 0..4 {
                h = h.sin() * k;
            }
            h
        }
    );
    let expected = "* `for i in 0 .. n`: per iteration `h`, `z`, one intermediate value, one overwritten value \
                    and which branch was taken, in a `Vec`.\n\
                    * `while h < 100.0`: per iteration `h`, in a `Vec`.\n\
                    * `for _ in 0 .. 4`: per iteration `h` and one intermediate value, in an array of `4`.\n\
                    * a copy of `x`, in a `Vec`.";
    assert_storage(quote!(), item, expected);
}

#[test]
fn inner_loops_have_one_store() {
    let item = quote!(
        fn f(x: &[f64], k: f64, n: usize) -> f64 {
            let mut h = k;
            for i in 0..n {
                for v in x {
                    h = (h * v).sin();
                }
                h = h * h;
            }
            h
        }
    );
    let expected = "* `for v in x`: per iteration `h`, in one `Vec` for all its runs.\n\
                    * `for i in 0 .. n`: per iteration `h`, in a `Vec`.";
    assert_storage(quote!(), item, expected);
}

#[test]
fn copies_in_inner_loops_have_one_store() {
    let item = quote!(
        fn f(x: &[f64], k: f64, n: usize) -> f64 {
            let m = x.len();
            let mut y = vec![k; m];
            let mut z = vec![k; m];
            for _ in 0..n {
                for _ in 0..3 {
                    for i in 0..m {
                        z[i] += y[i] * y[i];
                    }
                    for i in 0..m {
                        y[i] = z[i] * x[i];
                    }
                }
            }
            y[0]
        }
    );
    let sections = sections(quote!(), item);
    let said = "`for _ in 0 .. 3`: per iteration a copy of `y`, in one `Vec` for all its runs";
    assert!(!sections.is_empty());
    for (name, section) in sections {
        assert!(section.contains(said), "{name}: {section}");
    }
}

#[test]
fn bounds_are_named() {
    let item = quote!(
        fn f(k: f64, n: usize) -> f64 {
            let mut h = k;
            let mut w = [k; 2];
            #[max_iters(7)]
            for _ in 0..n {
                h = h.sin();
            }
            #[checkpoints(3)]
            for i in 0..n {
                w[i % 2] = w[i % 2].sin() * h;
                h = h * w[0];
            }
            h
        }
    );
    let expected = "* `for _ in 0 .. n`: per iteration `h`, in an array of `7`.\n\
                    * `for i in 0 .. n`: at most `3` saved states, each of `h` and `w`.";
    assert_storage(quote!(no_alloc), item, expected);
}

#[test]
fn copies_and_calls_are_mentioned() {
    let item = quote!(
        fn f(x: &[f64]) -> f64 {
            let mut y = x.to_vec();
            let z = y[0] * y[1];
            change(&mut y);
            z * y[0]
        }
    );
    let expected = "* a copy of `y`, in a `Vec`.\n\nWhat the functions it calls store, their own documentation says.";
    assert_storage(quote!(), item, expected);
}

/// A scratch vector of which the reverse sweep restores all before it reads any is not put aside.
#[test]
fn memory_is_not_stored() {
    let item = |last: TokenStream| {
        quote!(
            fn f(x: &[f64], n: usize) -> f64 {
                let mut z = vec![0.0; x.len()];
                let mut h = 0.3;
                for _ in 0..n {
                    for i in 0..z.len() {
                        z[i] = x[i] * h;
                    }
                    for i in 0..z.len() {
                        z[i] *= x[i];
                        h += #last;
                    }
                }
                h
            }
        )
    };
    let inner = "* `for i in 0 .. z . len ()`: per iteration one intermediate value and one overwritten value, in one \
                 `Vec` for all its runs.\n";
    let outer = "* `for _ in 0 .. n`: per iteration `h`, in a `Vec`.";
    assert_storage(
        quote!(),
        item(quote!(z[i].exp())),
        &format!("{inner}{outer}"),
    );
    let read = "* `for _ in 0 .. n`: per iteration `z` and `h`, in a `Vec`.";
    let item = item(quote!(z[0].exp() * z[i]));
    assert_storage(quote!(), item, &format!("{inner}{read}"));
}
