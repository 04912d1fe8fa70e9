//! `assert_gradient!(f(a, b))`: the call of a differentiated function, taken apart, so that the
//! runtime can compare the gradient it generates with finite differences.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, ToTokens};
use syn::parse::{Parse, ParseStream};
use syn::{Error, Expr, ExprCall, ExprMethodCall, ExprPath, Token};

/// Expands `assert_gradient!(call)`, `assert_gradient!(call, tol = 1e-8)`.
pub fn assert_gradient(input: TokenStream) -> TokenStream {
    match syn::parse2::<Assertion>(input).and_then(|assertion| expand(&assertion)) {
        Ok(tokens) => tokens,
        Err(error) => error.into_compile_error(),
    }
}

/// What stands in the parentheses.
struct Assertion {
    call: Expr,
    tolerance: Option<Expr>,
}

impl Parse for Assertion {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let call = input.parse()?;
        let mut tolerance = None;
        while input.parse::<Option<Token![,]>>()?.is_some() && !input.is_empty() {
            let option: Ident = input.parse()?;
            if option == "tol" {
                input.parse::<Token![=]>()?;
                tolerance = Some(input.parse()?);
            } else if option == "forward" {
                let message = "`assert_gradient!` does not check forward mode yet";
                return Err(Error::new(option.span(), message));
            } else {
                let message = format!("unknown option `{option}`: there are `tol` and `forward`");
                return Err(Error::new(option.span(), message));
            }
        }
        if !input.is_empty() {
            return Err(input.error("expected `,`"));
        }
        Ok(Assertion { call, tolerance })
    }
}

/// The call: what to evaluate for each argument, and what to call with other arguments.
struct Call {
    arguments: Vec<Expr>,
    callee: Callee,
}

enum Callee {
    Function(ExprPath),
    Method(ExprMethodCall),
}

fn expand(assertion: &Assertion) -> syn::Result<TokenStream> {
    let call = take_apart(&assertion.call)?;
    let text = assertion.call.to_token_stream().to_string();
    let tolerance = match &assertion.tolerance {
        Some(tolerance) => quote!(::core::option::Option::Some(#tolerance)),
        None => quote!(::core::option::Option::None),
    };
    let values: Vec<_> = numbered("__value", call.arguments.len());
    let points: Vec<_> = numbered("__point", call.arguments.len());
    let passed: Vec<_> = points
        .iter()
        .map(|point| quote!(__check::Pass::pass(&mut #point)))
        .collect();
    let arguments = &call.arguments;
    let primal = call.callee.with("", &passed);
    let graded = call.callee.with("_value_and_grad", &passed);
    Ok(quote! {
        match (#(&(#arguments),)*) {
            (#(#values,)*) => {
                #[allow(unused_imports)]
                use ::tapeless::check::machinery::{
                    self as __check, Leaf as _, Others as _, References as _, Slices as _,
                    Tuple as _, Values as _,
                };
                #(let mut #points = (&&&&__check::Probe(#values)).point();)*
                let (__value, __gradient) = ::core::option::Option::expect(
                    __check::Graded::graded(#graded),
                    ::core::concat!("`", #text, "` has no value"),
                );
                let __expected = ::core::option::Option::expect(
                    __check::Outcome::value(#primal),
                    ::core::concat!("`", #text, "` has no value"),
                );
                let __at = __check::flatten(&[#(&#points as &dyn __check::Floats),*]);
                let __differences = __check::central(
                    |mut __x: &[f64]| {
                        #(__check::Floats::read(&mut #points, &mut __x);)*
                        // Where there is no value, there is no difference either.
                        ::core::option::Option::unwrap_or(
                            __check::Outcome::value(#primal),
                            f64::NAN,
                        )
                    },
                    &__at,
                );
                __check::assert_agreement(
                    #text,
                    #tolerance,
                    (__expected, __value),
                    &[#(&#points as &dyn __check::Floats),*],
                    &(&&__check::Parts(&__gradient)).readings(),
                    &__differences,
                );
            }
        }
    })
}

/// Identifiers that nobody else writes.
fn numbered(name: &str, count: usize) -> Vec<Ident> {
    (0..count)
        .map(|i| format_ident!("{name}{i}", span = Span::mixed_site()))
        .collect()
}

fn take_apart(call: &Expr) -> syn::Result<Call> {
    match call {
        Expr::Call(call) => function(call),
        Expr::MethodCall(call) => Ok(method(call)),
        Expr::Group(group) => take_apart(&group.expr),
        Expr::Paren(paren) => take_apart(&paren.expr),
        other => Err(Error::new_spanned(
            other,
            "expected a call of a differentiated function, such as `f(1.0, 2.0)` or `model.loss(x)`",
        )),
    }
}

fn function(call: &ExprCall) -> syn::Result<Call> {
    let Expr::Path(function) = &*call.func else {
        let message = "expected the name of a differentiated function";
        return Err(Error::new_spanned(&call.func, message));
    };
    Ok(Call {
        arguments: call.args.iter().cloned().collect(),
        callee: Callee::Function(function.clone()),
    })
}

fn method(call: &ExprMethodCall) -> Call {
    let mut arguments = vec![(*call.receiver).clone()];
    arguments.extend(call.args.iter().cloned());
    Call {
        arguments,
        callee: Callee::Method(call.clone()),
    }
}

impl Callee {
    /// The call of the sibling with this suffix, with the given arguments.
    fn with(&self, suffix: &str, arguments: &[TokenStream]) -> TokenStream {
        match (self, arguments) {
            (Callee::Method(call), [receiver, arguments @ ..]) => {
                let method = format_ident!("{}{suffix}", call.method);
                let turbofish = &call.turbofish;
                quote!(#receiver.#method #turbofish(#(#arguments),*))
            }
            (Callee::Method(_), []) => TokenStream::new(),
            (Callee::Function(function), arguments) => {
                let mut function = function.clone();
                if let Some(last) = function.path.segments.last_mut() {
                    last.ident = format_ident!("{}{suffix}", last.ident);
                }
                quote!(#function(#(#arguments),*))
            }
        }
    }
}
