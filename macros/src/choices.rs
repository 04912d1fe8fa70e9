//! What the compiler decides for itself where several ways lead to the same gradient.

/// The macro takes the default. Tests take the others too, and hold the gradients against each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choices {
    /// Bodies take the place of calls where they are seen.
    pub inline: bool,
    /// The primal is rewritten for its adjoint.
    pub prepare: bool,
    /// Loops whose iterations are independent run again, forward and back at once; else every iteration is recorded.
    pub fuse: bool,
    /// What is reached with its cotangent known is reversed in the forward sweep.
    pub in_place: bool,
    /// What a value may cost, in additions, to be computed again rather than recorded.
    pub recompute: u32,
    /// What memory still holds is loaded again rather than recorded.
    pub reload: bool,
    /// Of a result of which the reverse sweep needs no more than the shape, its zero is recorded.
    pub zeros: bool,
    /// How many floats a loop keeps that could be computed again from the others, all its iterations taken together.
    pub keep: usize,
}

impl Default for Choices {
    fn default() -> Self {
        Choices {
            inline: true,
            prepare: true,
            fuse: true,
            in_place: true,
            recompute: 8,
            reload: true,
            zeros: true,
            // A megabyte.
            keep: 1 << 17,
        }
    }
}
