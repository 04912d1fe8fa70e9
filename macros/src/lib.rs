//! Procedural macros of `tapeless`.
#![allow(dead_code)]

mod analyse;
mod check;
mod choices;
mod closures;
mod derive;
mod diagnostics;
mod differentiate;
mod emit;
mod inline;
mod ir;
mod lower;
mod parse;
mod pipeline;
mod prepare;
mod rows;
mod rules;
mod seen;
mod simplify;

#[cfg(test)]
mod tests;

use proc_macro::TokenStream;

/// Generates the gradient siblings of a function, or of every function in an `impl` block, trait or inline module.
///
/// Beside `f` appear `f_vjp`, on which calls build, and for functions that return one float (or a `Result` or `Option`
/// of one) `f_grad`, `f_value_and_grad` and `f_grad_into`. `f` itself stays as it is.
///
/// On a `use` item it brings in the rules of the functions that the item names: `g_vjp` beside `g`, and for functions of
/// `libm`, which have none, rules of its own (`#[differentiate] use libm::{exp, log};`). In an annotated module, and in the
/// body of a function, imports from `libm` are seen without it; in a body also those that start with `crate`, `self` or
/// `super`.
///
/// A function that calls what it is handed (`f: impl Fn(f64) -> f64`, `F: Fn(f64) -> f64`, `&dyn Fn(f64) -> f64`) takes its
/// rule in the place of its slot: `solve_vjp(f, x, d_out, &mut rule, d_x)`, `solve_grad(f, x, &mut rule)`. A rule is called
/// like `f_vjp`, with the arguments, the cotangent of the result, and per argument a slot `Option<&mut C>`
/// (`Option<&mut ()>` for an integer), and returns what `f` does: `&mut |t, d, d_t| square_vjp(t, d, d_t)`. A differentiated
/// caller hands it over by itself: for closures, with all that they capture, for functions of floats by their path
/// (`f64::sin`), for functions whose signature the attribute sees, and for what the caller was handed itself. A function by its
/// name from elsewhere is handed over as a closure, `solve(|t| square(t), x)`; where no rule is wanted although a closure
/// seems to give floats (the parameter is `#[constant]`), or nobody reads the call's result, a closure that captures none says
/// the types of its arguments. `f` gives the same for the same arguments, whatever it captures; a closure may not change
/// what it captures. A parameter `fn(f64) -> f64` comes with a rule if something active goes into it, else it is inert.
///
/// A function that lends what is constant, and whose arguments decide what of it (`fn row(h: f64) -> &'static Row`), has no
/// derivative to give: it gets `f_vjp` alone, as under `inert`. One that returns a reference to a part of what a `&` argument
/// refers to (`fn tail(v: &[f64]) -> &[f64]`) has `f_vjp` alone, too: `d_out` is the cotangent of a copy of that part. In an
/// annotated block the attribute goes on such a method as well, if others than those of the block call it.
///
/// On `impl Index` for a type of the user's own it lets differentiated functions read and write `m[i]`: the cotangent of the
/// type is indexed alike. Where an element stands must not depend on a field, which the cotangent need not have. On `impl
/// Deref` it lets them follow `*m`, `(**m).x` and, if that is a sequence, `m[i]`.
///
/// `impl From<T> for S` and `impl Into<S> for T` have the rules `FromVjp` and `IntoVjp` of `tapeless::ops`, one per implementation, as
/// operators have theirs; the attribute goes on each, also inside an annotated module. What `x.into()` makes is bound to a
/// name with its type, unless it is the function's result or a float. Where a type parameter has operators (`T: Copy +
/// Mul<f64, Output = T>`, `T: Num`) or conversions (`Celsius: From<T>`, `T: Into<U>`), the siblings ask for their rules and
/// for `Clone`. Functions inside a function that it calls are differentiated with it, unless they have a `g_vjp` beside
/// them. `bail!` and `ensure!` leave a function that gives a `Result`.
///
/// A trait that floats, integers and types of one's own implement has the siblings as members (`in_trait`). What an integer's
/// implementation gives of its own type (`fn pack(x: f64) -> u8`) is taken for the trait's `-> Self`: nothing flows through
/// it. Where the trait itself says `u8`, `#[constant]` on the function leaves it out.
///
/// A type parameter that is bounded by `Real` or `num_traits::Float` stands for a float. So does one that a trait of your own
/// bounds, `fn f<S: Scalar>(x: S) -> S`, if the trait is named for numbers (`Scalar`, `GeoFloat`, `RealField`), if the function
/// does what is done with numbers alone (`x * y`, `x < y`, `x.sqrt()`, `S::PI`), or if `float(S)` says so; the siblings then ask
/// for `S: tapeless::Scalar`, which `f32` and `f64` have, and which brings no method that could be taken for one of the
/// trait's. Where no name tells, and a parameter has sums and products with other types alone, it may be a vector, and
/// follows the protocol of `tapeless::ops`. Others have traits named `Float` or `Real`, too, beside which `Real` of this crate
/// would make `x.sqrt()` ambiguous: `float(S)` says that it is such a one, and so does the path of a bound (`T: piston::Float`),
/// or in an annotated module a `use piston::Float` or a `trait Real` in it. Methods that are called like functions of
/// floats are taken for these; others need a rule, unless what they are called with is constant.
///
/// Differentiated code finds the rule of a method by the method's name, and the siblings of an `impl` of somebody else's
/// trait are methods of the type itself. If a type has two methods `area`, its own or of different traits, `p.area(k)` is
/// differentiated as the one that has `area_vjp`, whichever trait is imported: let differentiated code call only that one.
///
/// In an annotated module a function that is handed functions stands in place of its calls there, with all that is handed
/// over; it has siblings for the rest of the world if nothing in it is refused, and is left alone otherwise.
///
/// | option | meaning |
/// |---|---|
/// | `wrt(a, b)` | only these parameters are active (`wrt(self)` too), all others are constants |
/// | `#[constant]` on a parameter | the same, said at the parameter; on a function inside an annotated block: leave it out |
/// | `jacobian` | also generate `f_jacobian` and `f_value_and_jacobian`, see below |
/// | `no_alloc` | the generated code may not allocate |
/// | `associated` | the function stands in an `impl` block, although it has no `self` and never says `Self` |
/// | `in_trait` | on the `impl` of an annotated trait: the siblings are members of the trait; understood where an annotated module holds both |
/// | `inert` | the function takes or gives no floats, so that nothing flows through it: it gets `f_vjp` alone, for functions that call it |
/// | `float(S)` | these type parameters stand for floats, by whatever trait, also those of the `impl` block around the function |
/// | `name = ident` | base name of the siblings; on the `impl` of a trait `ident_` before the names of its functions, where other methods' siblings have theirs: `bar_next_grad` |
/// | `crate = path` | where `tapeless` is found |
/// | `#[checkpoints(N)]` on a loop | at most `N` saved states for this loop |
/// | `#[max_iters(N)]` on a loop | the loop runs at most `N` times |
///
/// With `jacobian`, a function that returns `M` floats, `(T, …)` or `[T; M]` with `M` a number up to 16, also has
/// `f_jacobian(args…) -> J` and `f_value_and_jacobian(args…) -> (Y, J)`. `J` has a row per float of the result: `[[T; N]; M]`
/// for one active `[T; N]` and for `N` active floats, `[C; M]` for a type with the cotangent `C`, `Vec<Vec<T>>` for a
/// slice or `Vec`; for several active parameters that are not all floats, a tuple of such matrices (`[[T; 1]; M]` for a
/// float). `f` runs once, what it calls once per row. A row has zeros where the other parts of the result alone depend
/// on something, even if their derivative is infinite. On a block or module the option applies to the functions that
/// return such a result, and write through no parameter.
#[proc_macro_attribute]
pub fn differentiate(attr: TokenStream, item: TokenStream) -> TokenStream {
    pipeline::differentiate(attr.into(), item.into()).into()
}

/// Generates the same siblings for a scalar function whose partial derivatives are given.
///
/// `#[derivative(x = formula)]`: one formula per parameter that carries floats, over the parameters and `out`, the
/// function's result. The body is only ever evaluated.
#[proc_macro_attribute]
pub fn derivative(attr: TokenStream, item: TokenStream) -> TokenStream {
    pipeline::derivative(attr.into(), item.into()).into()
}

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
pub fn assert_gradient(input: TokenStream) -> TokenStream {
    check::assert_gradient(input.into()).into()
}

/// Derives `Differentiable`, and `Parameters` where all floats have one type, for a struct or enum,
/// together with its cotangent.
///
/// `struct Mlp` gets `struct MlpCotangent` with the same fields, each holding the cotangent of its
/// own. `#[constant]` on a field makes its cotangent `()`, so that an annotated function reads a part of
/// such a field as `tapeless::constant(&self.table).rows[i]`;
/// `#[differentiable(cotangent = Name)]` on the type renames the cotangent, and
/// `#[differentiable(crate = path)]` says where `tapeless` is found.
#[proc_macro_derive(Differentiable, attributes(differentiable, constant))]
pub fn differentiable(input: TokenStream) -> TokenStream {
    derive::derive(input.into()).into()
}
