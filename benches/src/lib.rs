//! The bars of the benchmark: for each problem a reference primal, written as a user of Rust would write it, an
//! adjoint written by hand, which the generated code has to reach, and the same primal annotated.
//!
//! One command, from this folder (its `.cargo/config.toml` asks for the machine's own instructions):
//!
//! ```text
//! cargo run --release --bin bars            # the sizes for which a figure was published
//! cargo run --release --bin bars -- all     # every size
//! cargo run --release --bin bars -- gmm ode # some problems, every size
//! cargo run --release --bin bars -- sizes   # what accumulates, from 10³ to 10⁶: the ratio, and by how much it varies
//! ```
//!
//! The table has a line per variant: minimum and median, ratios to the reference primal and to the adjoint by hand, the
//! published figure, bytes allocated by one evaluation, and how far the gradient is from the one by hand
//! (`max |a − b| / max(1, |a| + |b|)`). A plot of cost against size is written beside the executable.
//!
//! The lines `num-dual` take the gradient by dual numbers, where inputs are few. The lines `apart` are the LSTM whose
//! cell is annotated in a module of its own, so that the caller cannot see through the call.
//!
//! Two of the field's problems, the nested optimisations *particle* and *saddle*, are not here. Their outer function
//! contains an inner optimum found by gradients, so that derivatives are taken of derivatives: with a reverse mode alone
//! that would need its generated code to be differentiated again, which it refuses, or to run on numbers that carry
//! derivatives themselves; and `tapeless::Real` is `f32` and `f64`.
//!
//! `networks`, beside `bars`, compares training steps of layered networks; `compare`, in a workspace of its own, adds
//! other libraries to that.
//!
//! # Rules
//!
//! * **The bars are frozen.** Neither a primal nor its adjoint is changed to suit the generator.
//! * An adjoint is the reverse of its program: it reuses results, reverses an iteration right after its forward part,
//!   runs reductions in lanes. It does not replace the problem by a closed form of the derivative.
//! * Adjoints overwrite the buffers they are given, as the siblings `…_grad_into` do, and return the value.
//! * Times are compared only within one run, as minima of interleaved samples ([`measure`]).

pub mod annotated;
pub mod ba;
pub mod cases;
pub mod det;
pub mod duals;
pub mod gmm;
pub mod gradient;
pub mod kmeans;
pub mod llsq;
pub mod lse;
pub mod lstm;
pub mod measure;
pub mod networks;
pub mod ode;
pub mod sample;
pub mod scalar;
