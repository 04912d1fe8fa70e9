use proc_macro2::TokenStream;
use quote::quote;

#[test]
fn look() {
    for (attr, item) in [
        (
            quote!(),
            quote!(
                #[inline(always)]
                #[must_use]
                pub fn f(x: f64, mut y: f64, n: usize) -> f64 {
                    x
                }
            ),
        ),
        (
            quote!(wrt(w)),
            quote!(
                fn f<'a, T: Float, const N: usize>(
                    w: &'a [T],
                    (a, b): (T, T),
                    #[constant] k: impl Fn(T) -> T,
                    s: &mut [T; N],
                ) -> Option<T> {
                    #[max_iters(3)]
                    loop {}
                }
            ),
        ),
        (
            quote!(),
            quote!(
                fn f<M: Model>(
                    m: &M,
                    x: &mut Vec<f64>,
                    t: (f64, usize),
                    z: &Spring<f64>,
                ) -> Energy {
                    x
                }
            ),
        ),
        (
            quote!(),
            quote!(
                impl<T: Real> Net<T> {
                    pub fn loss(&self, x: &[T]) -> Result<T, String> {
                        1.0
                    }
                    fn new(x: T) -> Self {
                        0
                    }
                    pub fn n(&self) -> usize {
                        0
                    }
                    #[constant]
                    fn z(&self) -> f64 {
                        0
                    }
                }
            ),
        ),
        (
            quote!(),
            quote!(
                impl<T: Real> Mul<usize> for V<T> {
                    type Output = V<T>;
                    fn mul(self, rhs: usize) -> V<T> {
                        x
                    }
                }
            ),
        ),
        (
            quote!(),
            quote!(
                #[cfg(all())]
                impl CostFunction for S {
                    type Param = Vec<f64>;
                    type Output = f64;
                    fn cost(&self, p: &Self::Param) -> Result<Self::Output, Error> {
                        x
                    }
                }
            ),
        ),
        (
            quote!(),
            quote!(
                pub trait Model {
                    type P;
                    fn loss(&self, p: &Self::P, x: f64) -> f64;
                }
            ),
        ),
        (
            quote!(in_trait),
            quote!(
                impl<M: Real> Model for S<M> {
                    type P = f64;
                    fn loss(&self, p: &Self::P, x: f64) -> f64 {
                        1.0
                    }
                }
            ),
        ),
    ] {
        let out = crate::pipeline::differentiate(attr, item);
        show(out);
    }
    show(crate::pipeline::derivative(
        quote!(x = n as f64 * x.powi(n - 1)),
        quote!(
            fn power(x: f64, n: i32) -> f64 {
                x.powi(n)
            }
        ),
    ));
}

fn show(out: TokenStream) {
    match syn::parse2(out.clone()) {
        Ok(file) => println!("{}\n=====", prettyplease::unparse(&file)),
        Err(e) => println!("ERR {e}: {out}"),
    }
}
