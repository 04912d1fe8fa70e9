//! How well a classifier does.

use crate::matrix::Dense;
use crate::Real;

/// The index of the largest of a row, the first of equals; 0 if all are NaN.
pub fn argmax<T: Real>(row: &[T]) -> usize {
    let mut best = (0, T::neg_infinity());
    for (i, &x) in row.iter().enumerate() {
        if x > best.1 {
            best = (i, x);
        }
    }
    best.0
}

/// The class of each row of logits (or probabilities).
pub fn predictions<D: Dense>(logits: &D) -> impl Iterator<Item = usize> + '_ {
    logits
        .as_slice()
        .chunks_exact(logits.shape().1.max(1))
        .map(argmax)
}

/// How many rows of logits are largest at their label.
///
/// # Panics
///
/// If there is not one label for each row.
#[track_caller]
pub fn correct<D: Dense>(logits: &D, labels: &[usize]) -> usize {
    let rows = logits.shape().0;
    assert!(
        rows == labels.len(),
        "{rows} rows of logits with {} labels",
        labels.len()
    );
    predictions(logits)
        .zip(labels)
        .filter(|(class, label)| class == *label)
        .count()
}

/// The share of rows of logits that are largest at their label; 0 if there are none.
///
/// # Panics
///
/// If there is not one label for each row.
#[track_caller]
pub fn accuracy<D: Dense>(logits: &D, labels: &[usize]) -> f32 {
    share(correct(logits, labels), labels.len())
}

/// Counts of each class being taken for each: rows are true classes, columns predicted ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConfusionMatrix<const CLASSES: usize> {
    /// `counts[label][prediction]`
    pub counts: [[usize; CLASSES]; CLASSES],
}

impl<const CLASSES: usize> Default for ConfusionMatrix<CLASSES> {
    fn default() -> Self {
        Self::new()
    }
}

impl<const CLASSES: usize> ConfusionMatrix<CLASSES> {
    /// Nothing counted yet.
    pub const fn new() -> Self {
        ConfusionMatrix {
            counts: [[0; CLASSES]; CLASSES],
        }
    }

    /// Counts a batch of logits.
    ///
    /// # Panics
    ///
    /// If there is not one label for each row, or there are other classes than `CLASSES`.
    #[track_caller]
    pub fn add<D: Dense>(&mut self, logits: &D, labels: &[usize]) {
        let (rows, classes) = logits.shape();
        assert!(
            rows == labels.len() && classes == CLASSES,
            "{rows}×{classes} logits with {} labels of {CLASSES} classes",
            labels.len(),
        );
        for (&label, class) in labels.iter().zip(predictions(logits)) {
            self.counts[label][class] += 1;
        }
    }

    /// The share of right predictions.
    pub fn accuracy(&self) -> f32 {
        let right = (0..CLASSES).map(|class| self.counts[class][class]).sum();
        share(right, self.counts.as_flattened().iter().sum())
    }

    /// Of what is of this class, the share that was found.
    pub fn recall(&self, class: usize) -> f32 {
        share(self.counts[class][class], self.counts[class].iter().sum())
    }

    /// Of what was taken for this class, the share that was right.
    pub fn precision(&self, class: usize) -> f32 {
        share(
            self.counts[class][class],
            self.counts.iter().map(|row| row[class]).sum(),
        )
    }
}

fn share(part: usize, all: usize) -> f32 {
    if all == 0 {
        return 0.0;
    }
    part as f32 / all as f32
}
