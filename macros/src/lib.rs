//! Procedural macros of `tapeless`.

mod check;

/// Compares the gradient of a differentiated function with finite differences.
///
/// `assert_gradient!(rosenbrock(1.2, 1.0))` evaluates `rosenbrock_value_and_grad(1.2, 1.0)` and
/// panics unless its value is that of `rosenbrock(1.2, 1.0)` and its gradient agrees with central
/// differences (Richardson-extrapolated), relative to `max(1, |a|, |b|, |f|)`. Methods are checked
/// as `assert_gradient!(model.loss(x))`. The arguments are copied, so they have to be `Clone`;
/// floats are looked for in whatever implements `Parameters`.
///
/// The tolerance is 1e-6, or 2e-3 where there are `f32` among the arguments, or as given by
/// `assert_gradient!(f(x), tol = 1e-8)`.
#[proc_macro]
pub fn assert_gradient(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    check::assert_gradient(input.into()).into()
}
