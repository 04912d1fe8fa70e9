//! Layered networks: what goes into a forward function, and what trains its parameters.
//!
//! A network is a struct of yours and a forward function of yours. The methods of the
//! [matrix types](crate::matrix) are its operations; everything here works on any struct of
//! parameters, and without a heap unless it says so.
//!
//! ```
//! # #[cfg(feature = "alloc")] {
//! use tapeless::matrix::DMatrix;
//! use tapeless::nn::{Adam, HeapLinear, Optimizer, Rng};
//! use tapeless::{differentiate, Differentiable};
//!
//! #[derive(Differentiable)]
//! struct Network {
//!     first: HeapLinear<f64>,
//!     second: HeapLinear<f64>,
//! }
//!
//! #[differentiate(wrt(network))]
//! fn loss(network: &Network, x: &DMatrix<f64>, labels: &[usize]) -> f64 {
//!     let h = network.first.forward(x).tanh();
//!     network.second.forward(&h).softmax_cross_entropy(labels)
//! }
//!
//! let rng = &mut Rng::with_seed(1);
//! let mut network = Network {
//!     first: HeapLinear::new(2, 8, rng),
//!     second: HeapLinear::new(8, 2, rng),
//! };
//! let x = DMatrix::from_rows([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]);
//! let xor = [0, 1, 1, 0];
//! let mut adam = Optimizer::new(Adam::new(0.05), &network);
//! for _ in 0..200 {
//!     let gradient = loss_grad(&network, &x, &xor);
//!     adam.step(&mut network, &gradient);
//! }
//! assert!(loss(&network, &x, &xor) < 0.05);
//! # }
//! ```
//!
//! | for | |
//! |---|---|
//! | layers | [`Linear`], the fused maps of [`matrix`](crate::matrix) |
//! | activations | methods of the matrix types; of one number: [`activation`] |
//! | losses | methods of the matrix types; of slices: [`loss`] |
//! | first weights | [`init`], [`dropout_mask`] |
//! | training | [`Optimizer`] with [`Sgd`], [`RmsProp`], [`Adam`], [`AdamW`], [`NAdam`], [`AdaGrad`]; [`Clip`]; [`schedule`] |
//! | data | `Batches`, [`shuffle`], [`gather`], [`share`] |
//! | figures | [`accuracy`], [`ConfusionMatrix`] |
//! | saving | [`raw`]; `safetensors` (feature) |
//! | threads | `parallel_gradient` (feature `rayon`) |

pub mod activation;
mod batches;
mod cross_entropy;
pub mod init;
mod input;
mod layer;
pub mod loss;
mod metrics;
mod optimizer;
#[cfg(feature = "rayon")]
mod parallel;
pub mod raw;
#[cfg(feature = "safetensors")]
pub mod safetensors;
pub mod schedule;

#[cfg(feature = "alloc")]
pub use batches::Batches;
pub use batches::{gather, share, shuffle};
pub use fastrand::Rng;
pub use init::dropout_mask;
pub use input::Input;
#[cfg(feature = "alloc")]
pub use layer::HeapLinear;
pub use layer::{Linear, StackLinear};
pub use metrics::{accuracy, argmax, correct, predictions, ConfusionMatrix};
pub use optimizer::{
    clip_norm, clip_value, descend, AdaGrad, Adam, AdamW, Clip, NAdam, Optimizer, RmsProp, Rule,
    Sgd,
};
#[cfg(feature = "rayon")]
pub use parallel::parallel_gradient;
