//! What a reverse sweep does not read from memory, nor write to it.

use quote::quote;

/// The reverse sweep of the function, without blanks.
fn reverse_sweep(item: proc_macro2::TokenStream) -> String {
    let expansion = crate::pipeline::differentiate(quote!(), item).to_string();
    let dense: String = expansion.split_whitespace().collect();
    let reverse = dense.split("::core::iter::Iterator::rev(").nth(1);
    reverse.expect("a loop that runs backwards").to_owned()
}

fn count(text: &str, of: &str) -> usize {
    text.matches(of).count()
}

#[test]
fn elements_are_read_and_written_once() {
    let reverse = reverse_sweep(quote! {
        fn f(a: f64, w: &[f64]) -> f64 {
            let mut s = [a; 400];
            for i in 0..400 {
                s[i] = (s[i] * w[i]).sin();
                s[i] = s[i] * s[i];
            }
            s[7] + s[3]
        }
    });
    assert_eq!(count(&reverse, "mem::take(&mutd_s["), 0, "{reverse}");
    assert_eq!(count(&reverse, "d_s[i_1]="), 1, "{reverse}");
    assert_eq!(count(&reverse, "=d_s[i_1]"), 1, "{reverse}");
}

#[test]
fn nothing_is_restored_for_nobody() {
    let item = |last: proc_macro2::TokenStream| {
        reverse_sweep(quote! {
            fn f(a: f64, w: &[f64], k: usize) -> f64 {
                let mut s = [a; 400];
                for i in 0..400 {
                    s[i] = (s[#last] * w[i]).sin();
                }
                s[7] + s[3]
            }
        })
    };
    let own = item(quote!(i));
    assert_eq!(count(&own, ";s[i_1]="), 0, "{own}");
    let another = item(quote!(k));
    assert_eq!(count(&another, ";s[i_1]="), 1, "{another}");
}
