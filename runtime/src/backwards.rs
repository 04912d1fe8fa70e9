//! Ranges that are gone through backwards in steps.

use core::iter::{Rev, Skip, StepBy};

/// `sequence.step_by(step)`, its last item first.
///
/// `step_by` can be turned around only where the length fits into a `usize`, which the standard library does not say of
/// ranges of `i64` and wider. A range can be counted all the same.
///
/// ```
/// # use tapeless::__private::stepped_back;
/// assert!(stepped_back(-3i64..=8, 5).eq([7, 2, -3]));
/// assert!(stepped_back((0..10i64).rev(), 4).eq([1, 5, 9]));
/// assert!(stepped_back(5i64..5, 2).next().is_none());
/// ```
///
/// # Panics
///
/// If the step is 0, as `step_by` does.
#[doc(hidden)]
pub fn stepped_back<I>(sequence: I, step: usize) -> StepBy<Skip<Rev<I>>>
where
    I: DoubleEndedIterator + Clone,
{
    assert!(step != 0, "a step of 0");
    let behind_last = sequence.clone().count().saturating_sub(1) % step;
    sequence.rev().skip(behind_last).step_by(step)
}
