//! Methods of the runtime's dense types and layers of which more is known than the protocol says.
//!
//! A method `x.m_into(a, &mut out)` only reads `x` and `a` and overwrites `out` as a whole, and comes with
//! `x.m_into_pullback(a, &out, d_x, d_a, d_out)`, the adjoint from what it left behind. So its reverse neither runs it
//! again nor restores what it overwrote.
//!
//! A type of somebody else's with a method of such a name has to provide the same: that is checked by the compiler,
//! as the receiver is lent out shared and the pullback is called by name.

/// Methods that overwrite their buffer, and have a pullback.
const INTO: [&str; 25] = [
    "dropout_into",
    "elu_into",
    "forward_into",
    "forward_relu_into",
    "gelu_into",
    "gelu_tanh_into",
    "hadamard_into",
    "hardtanh_into",
    "leaky_relu_into",
    "linear_into",
    "linear_relu_into",
    "log_softmax_into",
    "matmul_into",
    "matmul_t_into",
    "matvec_into",
    "mish_into",
    "outer_into",
    "relu_into",
    "sigmoid_into",
    "silu_into",
    "softmax_into",
    "softplus_into",
    "t_matmul_into",
    "t_matvec_into",
    "tanh_into",
];

/// Losses: they only read their receiver.
const LOSSES: [&str; 8] = [
    "bce_with_logits",
    "cross_entropy_with_logits",
    "hinge",
    "huber",
    "l1",
    "mse",
    "smooth_l1",
    "softmax_cross_entropy",
];

/// Sizes of the runtime's matrices. (Methods of these names on other types may be of another kind.)
const SIZES: [&str; 3] = ["cols", "rows", "shape"];

/// Whether a method overwrites a buffer, its last argument, and has an adjoint that starts from what it left there.
pub fn has_pullback(method: &str) -> bool {
    INTO.contains(&method)
}

/// Whether a method is known to leave its receiver as it is.
pub fn only_reads(method: &str) -> bool {
    has_pullback(method) || LOSSES.contains(&method) || SIZES.contains(&method)
}
