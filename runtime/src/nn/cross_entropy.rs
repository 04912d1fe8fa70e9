//! Softmax and cross-entropy fused: the adjoint is `p − onehot`, nothing is allocated.

use crate::matrix::activate::top;
use crate::matrix::arithmetic::count;
use crate::matrix::{Matrix, Vector};
use crate::{Real, Slot};

#[cfg(feature = "alloc")]
use crate::matrix::{DMatrix, DVector};

/// Rows of up to this many classes keep their exponentials on the stack between the value and the
/// adjoint.
const KEPT: usize = 64;

/// Logits of a batch, row after row, and the class of each row.
#[derive(Clone, Copy)]
struct Batch<'a, T> {
    logits: &'a [T],
    labels: &'a [usize],
    classes: usize,
    smoothing: T,
}

impl<'a, T: Real> Batch<'a, T> {
    #[track_caller]
    fn new(
        name: &str,
        logits: (&'a [T], (usize, usize)),
        labels: &'a [usize],
        smoothing: T,
    ) -> Self {
        let (logits, (rows, classes)) = logits;
        assert!(
            rows == labels.len(),
            "{name}: {rows}×{classes} logits with {} labels",
            labels.len(),
        );
        if let Some(label) = labels.iter().find(|&&label| label >= classes) {
            panic!("{name}: no class {label} among {classes}");
        }
        Batch {
            logits,
            labels,
            classes,
            smoothing,
        }
    }

    fn rows(self) -> impl Iterator<Item = (&'a [T], usize)> {
        self.logits
            .chunks_exact(self.classes.max(1))
            .zip(self.labels.iter().copied())
    }

    /// `Σ_rows [(1 − s)·(ln Σ eˣ − x_label) + s·(ln Σ eˣ − mean x)] / rows`
    fn value(self) -> T {
        let losses = self
            .rows()
            .map(|(row, label)| self.row_value(row, label, log_sum(row)));
        losses.fold(T::zero(), |sum, loss| sum + loss) / count(self.labels.len())
    }

    fn row_value(self, row: &[T], label: usize, log_sum: T) -> T {
        let right = log_sum - row[label];
        if self.smoothing == T::zero() {
            return right;
        }
        let mean = row.iter().fold(T::zero(), |sum, &x| sum + x) / count(self.classes);
        (T::one() - self.smoothing) * right + self.smoothing * (log_sum - mean)
    }

    /// Original: `loss = cross_entropy(softmax(x), labels)`
    /// Adjoint: `d_x += d_loss / rows · (softmax(x) − (1 − s)·onehot − s / classes)`
    ///
    /// Runs together with the value, which needs the same exponentials.
    fn value_and_adjoint(self, d_out: T, d_logits: &mut [T]) -> T {
        let scale = d_out / count(self.labels.len());
        let everywhere = scale * self.smoothing / count(self.classes);
        let at_label = scale * (T::one() - self.smoothing);
        let mut sum = T::zero();
        let targets = d_logits.chunks_exact_mut(self.classes.max(1));
        for ((row, label), d_row) in self.rows().zip(targets) {
            let log_sum = add_softmax(row, scale, everywhere, d_row);
            d_row[label] -= at_label;
            sum += self.row_value(row, label, log_sum);
        }
        sum / count(self.labels.len())
    }

    /// The derivative by the smoothing: `Σ_rows (x_label − mean x) / rows`.
    fn by_smoothing(self) -> T {
        let terms = self.rows().map(|(row, label)| {
            row[label] - row.iter().fold(T::zero(), |sum, &x| sum + x) / count(self.classes)
        });
        terms.fold(T::zero(), |sum, term| sum + term) / count(self.labels.len())
    }
}

/// `ln Σ eˣ`
fn log_sum<T: Real>(row: &[T]) -> T {
    let top = top(row);
    top + row
        .iter()
        .fold(T::zero(), |sum, &x| sum + (x - top).exp())
        .ln()
}

/// `d += scale · softmax(x) − everywhere`; returns `ln Σ eˣ`.
fn add_softmax<T: Real>(row: &[T], scale: T, everywhere: T, d: &mut [T]) -> T {
    let mut kept = [T::zero(); KEPT];
    let top = top(row);
    let Some(kept) = kept.get_mut(..row.len()) else {
        let log_sum = log_sum(row);
        for (d, &x) in d.iter_mut().zip(row) {
            *d += scale * (x - log_sum).exp() - everywhere;
        }
        return log_sum;
    };
    for (e, &x) in kept.iter_mut().zip(row) {
        *e = (x - top).exp();
    }
    let sum = kept.iter().fold(T::zero(), |sum, &e| sum + e);
    let share = scale / sum;
    for (d, &e) in d.iter_mut().zip(kept.iter()) {
        *d += share * e - everywhere;
    }
    top + sum.ln()
}

/// A receiver, the type of its labels, and how they become a slice.
macro_rules! methods {
    ($($(#[$cfg:meta])* [$($generics:tt)*] $dense:ty: $labels:ty, |$label:ident| $slice:expr;)*) => {$(
        $(#[$cfg])*
        impl<$($generics)*> $dense {
            /// The mean over rows of `−ln softmax(logits)[label]`: the loss of a classifier.
            ///
            /// # Panics
            ///
            /// If there is not one label for each row, or a label is no class.
            #[inline]
            #[track_caller]
            pub fn softmax_cross_entropy(&self, labels: $labels) -> T {
                self.cross_entropy_with_logits(labels, T::zero())
            }

            /// The rule of [`softmax_cross_entropy`](Self::softmax_cross_entropy).
            #[inline]
            #[track_caller]
            pub fn softmax_cross_entropy_vjp(&self, labels: $labels, d_out: T, d_self: impl Slot<Self>, _: impl Sized) -> T {
                self.cross_entropy_with_logits_vjp(labels, T::zero(), d_out, d_self, crate::Inactive, crate::Inactive)
            }

            /// The adjoint of [`softmax_cross_entropy`](Self::softmax_cross_entropy) alone.
            #[inline]
            #[track_caller]
            pub fn softmax_cross_entropy_pullback(&self, labels: $labels, _out: &T, d_out: T, d_self: impl Slot<Self>, _: impl Sized) {
                self.softmax_cross_entropy_vjp(labels, d_out, d_self, crate::Inactive);
            }

            /// [`softmax_cross_entropy`](Self::softmax_cross_entropy) with label smoothing: of each
            /// row's target distribution, `smoothing` is spread evenly over all classes.
            #[inline]
            #[track_caller]
            pub fn cross_entropy_with_logits(&self, labels: $labels, smoothing: T) -> T {
                let $label = &labels;
                let logits = (self.as_slice(), self.shape());
                Batch::new("cross_entropy", logits, $slice, smoothing).value()
            }

            /// The rule of [`cross_entropy_with_logits`](Self::cross_entropy_with_logits).
            #[inline]
            #[track_caller]
            pub fn cross_entropy_with_logits_vjp(
                &self,
                labels: $labels,
                smoothing: T,
                d_out: T,
                mut d_self: impl Slot<Self>,
                _: impl Sized,
                mut d_smoothing: impl Slot<T>,
            ) -> T {
                let $label = &labels;
                let logits = (self.as_slice(), self.shape());
                let batch = Batch::new("cross_entropy", logits, $slice, smoothing);
                if let Some(d) = d_smoothing.get() {
                    *d += d_out * batch.by_smoothing();
                }
                let Some(d_self) = d_self.get() else { return batch.value() };
                assert!(d_self.shape() == self.shape(), "cross_entropy: a cotangent of another shape");
                batch.value_and_adjoint(d_out, d_self.as_mut_slice())
            }

            /// The adjoint of [`cross_entropy_with_logits`](Self::cross_entropy_with_logits) alone.
            #[inline]
            #[track_caller]
            #[allow(clippy::too_many_arguments)] // operands, result and slots of the protocol
            pub fn cross_entropy_with_logits_pullback(
                &self,
                labels: $labels,
                smoothing: T,
                _out: &T,
                d_out: T,
                d_self: impl Slot<Self>,
                _: impl Sized,
                d_smoothing: impl Slot<T>,
            ) {
                self.cross_entropy_with_logits_vjp(labels, smoothing, d_out, d_self, crate::Inactive, d_smoothing);
            }
        }
    )*};
}

methods! {
    [T: Real, const R: usize, const C: usize] Matrix<T, R, C>: &[usize], |labels| labels;
    [T: Real, const N: usize] Vector<T, N>: usize, |label| core::slice::from_ref(label);
    #[cfg(feature = "alloc")]
    [T: Real] DMatrix<T>: &[usize], |labels| labels;
    #[cfg(feature = "alloc")]
    [T: Real] DVector<T>: usize, |label| core::slice::from_ref(label);
}
