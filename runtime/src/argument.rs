//! What a rule takes whose method a type has more than once: `impl Next<f64>` and `impl Next<&Bar>`, of a trait that has no siblings
//! as members. A method call finds one of the rules, and this finds out whether it is the right one.

/// A `T`. It is a trait for the sake of its message.
#[diagnostic::on_unimplemented(
    message = "this call cannot be differentiated: the rule that it finds takes a `{T}`, but it is called with a `{Self}`",
    label = "the trait is implemented for this type more than once, and this implementation has its rule by another name, or none",
    note = "put `#[differentiate]` on the trait and `#[differentiate(in_trait)]` on its implementations: then each has its own rule",
    note = "or call the method through one of the type's own: with `#[differentiate(name = other)]` on the implementation, the rule of `fn other_method(…) {{ self.method(…) }}` is there"
)]
pub trait Argument<T> {
    /// The argument.
    fn argument(self) -> T;
}

impl<T> Argument<T> for T {
    #[inline(always)]
    fn argument(self) -> T {
        self
    }
}
