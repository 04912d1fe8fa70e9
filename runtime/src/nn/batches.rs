//! Which samples go into which step.

use core::ops::Range;

use fastrand::Rng;

use crate::matrix::Dense;

/// Puts indices into a random order, in place: what `Batches` does, without a heap.
pub fn shuffle(order: &mut [usize], rng: &mut Rng) {
    rng.shuffle(order);
}

/// Fills the rows of `batch` with the samples of these indices, converted: keep pixels as bytes,
/// and make floats of a batch at a time.
///
/// ```
/// use tapeless::matrix::Matrix;
///
/// let pixels = [0_u8, 255, 51, 102];
/// let mut batch = Matrix::<f32, 1, 2>::zeros();
/// tapeless::nn::gather(&pixels, &[1], &mut batch, |p| f32::from(p) / 255.0);
/// assert_eq!(batch.0, [[0.2, 0.4]]);
/// ```
///
/// # Panics
///
/// If there is not one index for each row, or a sample is not there.
#[track_caller]
pub fn gather<S: Copy, D: Dense>(
    samples: &[S],
    indices: &[usize],
    batch: &mut D,
    convert: impl Fn(S) -> D::Scalar,
) {
    let (rows, width) = batch.shape();
    assert!(
        rows == indices.len(),
        "gather: {} samples into {rows} rows",
        indices.len()
    );
    for (&i, row) in indices
        .iter()
        .zip(batch.as_mut_slice().chunks_exact_mut(width.max(1)))
    {
        for (out, &sample) in row.iter_mut().zip(&samples[i * width..][..width]) {
            *out = convert(sample);
        }
    }
}

/// The samples of part `i` out of `parts`, for threads or processes that share a batch: contiguous, and
/// as many in each part as in any other, but for one.
pub fn share(samples: usize, i: usize, parts: usize) -> Range<usize> {
    let start = |i: usize| samples * i / parts.max(1);
    start(i)..start(i + 1)
}

/// The indices of a data set in batches, shuffled anew for each epoch, from a seed.
///
/// One iterator for the three forms of gradient descent: batches of all samples, of one (stochastic),
/// of a few (mini-batches). The last batch of an epoch may be smaller.
///
/// ```
/// use tapeless::nn::Batches;
///
/// let mut batches = Batches::new(10, 4, 7);
/// let sizes: Vec<usize> = batches.epoch().map(<[usize]>::len).collect();
/// assert_eq!(sizes, [4, 4, 2]);
/// ```
#[cfg(feature = "alloc")]
#[derive(Clone, Debug)]
pub struct Batches {
    order: alloc::vec::Vec<usize>,
    size: usize,
    rng: Rng,
}

#[cfg(feature = "alloc")]
impl Batches {
    /// Batches of `size` out of `samples`.
    ///
    /// # Panics
    ///
    /// If `size` is 0.
    #[track_caller]
    pub fn new(samples: usize, size: usize, seed: u64) -> Self {
        assert!(size > 0, "a batch has at least one sample");
        Batches {
            order: (0..samples).collect(),
            size,
            rng: Rng::with_seed(seed),
        }
    }

    /// Shuffles, and goes through all samples once.
    pub fn epoch(&mut self) -> core::slice::Chunks<'_, usize> {
        shuffle(&mut self.order, &mut self.rng);
        self.order.chunks(self.size)
    }
}
