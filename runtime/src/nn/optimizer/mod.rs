//! Optimisers over any [`Parameters`], which `#[derive(Differentiable)]` implements: a user's struct
//! of weights.
//!
//! A *rule* ([`Sgd`], [`RmsProp`], [`Adam`], [`AdamW`], [`AdaGrad`]) is a few public numbers, with
//! PyTorch's defaults. An [`Optimizer`] is a rule with its state: flat slices beside the parameters,
//! on the heap or, without `alloc`, in an array.
//!
//! ```
//! use tapeless::nn::{Optimizer, Sgd};
//!
//! let mut x = [1.0, -2.0];
//! let mut sgd = Optimizer::with_state(Sgd { momentum: 0.9, ..Sgd::new(0.1) }, [0.0; 2]);
//! for _ in 0..200 {
//!     let gradient = x.map(|x: f64| 2.0 * x);
//!     sgd.step(&mut x, &gradient);
//! }
//! assert!(x.iter().all(|x| x.abs() < 1e-3));
//! ```

mod adam;
mod clip;
mod sgd;
mod squares;

#[cfg(feature = "alloc")]
use alloc::{vec, vec::Vec};
use core::ops::Range;

use crate::{Parameters, Real};

pub use adam::{Adam, AdamW};
pub use clip::{clip_norm, clip_value, Clip};
pub use sgd::Sgd;
pub use squares::{AdaGrad, RmsProp};

/// How an optimiser turns gradients into steps.
pub trait Rule<T: Real> {
    /// How many floats of state each parameter has: three at most.
    fn slots(&self) -> usize;

    /// Updates a run of parameters. `step` counts from 1; the slots of `state` in use are as long as
    /// the run, the others empty.
    fn update(
        &self,
        step: i32,
        parameters: &mut [T],
        gradient: Gradient<'_, T>,
        state: [&mut [T]; 3],
    );
}

/// A run of a gradient as the rule is to see it: scaled, then bounded.
#[derive(Clone, Copy, Debug)]
pub struct Gradient<'a, T> {
    values: &'a [T],
    scale: T,
    bound: T,
}

impl<'a, T: Real> Gradient<'a, T> {
    /// Its elements.
    #[inline(always)]
    pub fn iter(self) -> impl Iterator<Item = T> + 'a {
        self.values
            .iter()
            .map(move |&g| super::loss::clip(g * self.scale, self.bound))
    }
}

/// A rule, its state, and how many steps it has taken.
///
/// `S` owns the state: a `Vec`, an array, or a `&mut` slice.
#[derive(Clone, Debug)]
pub struct Optimizer<R, S, T> {
    /// The rule. Change its learning rate between steps to follow a
    /// [schedule](crate::nn::schedule).
    pub rule: R,
    /// What is done to each gradient first; nothing by default.
    pub clip: Clip<T>,
    state: S,
    step: i32,
}

#[cfg(feature = "alloc")]
impl<R: Rule<T>, T: Real> Optimizer<R, Vec<T>, T> {
    /// An optimiser for parameters of this many floats, state on the heap.
    pub fn new(rule: R, parameters: &impl Parameters<Scalar = T>) -> Self {
        let state = vec![T::zero(); rule.slots() * parameters.count()];
        Self::with_state(rule, state)
    }
}

impl<R: Rule<T>, S: AsMut<[T]>, T: Real> Optimizer<R, S, T> {
    /// An optimiser with its state in a given place, all zeros: as many floats as the rule has
    /// [slots](Rule::slots), times the number of parameters.
    pub fn with_state(rule: R, state: S) -> Self {
        Optimizer {
            rule,
            clip: Clip::Off,
            state,
            step: 0,
        }
    }

    /// How many steps have been taken.
    pub fn steps(&self) -> i32 {
        self.step
    }

    /// One step downhill.
    ///
    /// # Panics
    ///
    /// If the gradient has not the shape of the parameters, or the state does not hold as many
    /// floats as they need.
    #[track_caller]
    pub fn step<P: Parameters<Scalar = T>>(&mut self, parameters: &mut P, gradient: &P::Cotangent) {
        let (scale, bound) = self.clip.of(parameters, gradient);
        let (count, slots) = (parameters.count(), self.rule.slots());
        let state = self.state.as_mut();
        assert!(
            state.len() == slots * count,
            "the optimiser has state for {} floats, and {count} parameters need {}",
            state.len(),
            slots * count,
        );
        self.step = self.step.saturating_add(1);
        let mut start = 0;
        parameters.visit(gradient, |run, values| {
            let end = start + run.len();
            let state = slots_of(state, count, start..end);
            self.rule.update(
                self.step,
                run,
                Gradient {
                    values,
                    scale,
                    bound,
                },
                state,
            );
            start = end;
        });
    }
}

/// The state of one run of parameters: its part of each slot, empty where there is none.
#[inline]
fn slots_of<T>(state: &mut [T], count: usize, run: Range<usize>) -> [&mut [T]; 3] {
    let mut slots = state.chunks_exact_mut(count.max(1));
    core::array::from_fn(|_| {
        let slot = slots.next().unwrap_or_default();
        slot.get_mut(run.clone()).unwrap_or_default()
    })
}
