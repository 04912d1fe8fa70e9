//! Gradients of the parts of a batch, on several threads.

use core::ops::Add;

use crate::Cotangent;

/// The gradient of a batch as the sum over its parts, which run in parallel.
///
/// Each element of `parts` is a part of the batch: the gradient it adds to and whatever workspace it
/// needs, made once by the caller. `part(i, gradient, workspace)` adds the gradient of part `i` to
/// zeros and returns its loss. On return the first gradient holds the sum, and the sum of the losses
/// is returned. [`share`](crate::nn::share) says which samples belong to which part.
///
/// Parts are summed pairwise, in an order that depends on their number alone: for a given number of
/// parts, the result is the same to the last bit whatever the number of threads.
///
/// ```
/// use tapeless::nn::parallel_gradient;
///
/// let data = [1.0, 2.0, 3.0, 4.0, 5.0];
/// let mut parts = [(0.0, ()); 2];
/// let loss = parallel_gradient(&mut parts, |i, gradient, ()| {
///     let part = &data[tapeless::nn::share(data.len(), i, 2)];
///     *gradient += part.iter().map(|x| 2.0 * x).sum::<f64>();
///     part.iter().map(|x| x * x).sum::<f64>()
/// });
/// assert_eq!((loss, parts[0].0), (55.0, 30.0));
/// ```
///
/// # Panics
///
/// If there are no parts.
#[track_caller]
pub fn parallel_gradient<D, W, L>(
    parts: &mut [(D, W)],
    part: impl Fn(usize, &mut D, &mut W) -> L + Sync,
) -> L
where
    D: Cotangent + Send,
    W: Send,
    L: Add<Output = L> + Send,
{
    assert!(!parts.is_empty(), "a batch has at least one part");
    halves(parts, 0, &part)
}

/// The parts from number `first` on.
fn halves<D, W, L>(
    parts: &mut [(D, W)],
    first: usize,
    part: &(impl Fn(usize, &mut D, &mut W) -> L + Sync),
) -> L
where
    D: Cotangent + Send,
    W: Send,
    L: Add<Output = L> + Send,
{
    if let [(gradient, workspace)] = parts {
        gradient.fill_zero();
        return part(first, gradient, workspace);
    }
    let middle = parts.len() / 2;
    let (left, right) = parts.split_at_mut(middle);
    let (loss, more) = rayon::join(
        || halves(left, first, part),
        || halves(right, first + middle, part),
    );
    left[0].0.accumulate(&right[0].0);
    loss + more
}
