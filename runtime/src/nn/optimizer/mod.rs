//! Optimisers over any [`Parameters`], which `#[derive(Differentiable)]` implements: a user's struct
//! of weights.
//!
//! A *rule* ([`Sgd`], [`RmsProp`], [`Adam`], [`AdamW`], [`NAdam`], [`AdaGrad`]) is a few public numbers,
//! with PyTorch's defaults. An [`Optimizer`] is a rule with its state: flat slices beside the parameters,
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
mod nadam;
mod sgd;
mod squares;

#[cfg(feature = "alloc")]
use alloc::{vec, vec::Vec};

use crate::{Parameters, Real};

use super::loss::clip;

pub use adam::{Adam, AdamW};
pub use clip::{clip_norm, clip_value, Clip};
pub use nadam::NAdam;
pub use sgd::{descend, Sgd};
pub use squares::{AdaGrad, RmsProp};

/// How an optimiser turns gradients into steps.
pub trait Rule<T: Real> {
    /// How many floats of state each parameter has: three at most.
    fn slots(&self) -> usize;

    /// Updates a run of parameters along its run of the gradient, of which `clip` is to be seen
    /// rather than the raw elements. `step` counts from 1; the slots of `state` in use are as long as
    /// the run, the others empty.
    fn update(
        &self,
        step: i32,
        parameters: &mut [T],
        gradient: &[T],
        clip: impl Fn(T) -> T,
        state: [&mut [T]; 3],
    );
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
    /// floats as they need; nothing is changed then.
    #[track_caller]
    #[inline]
    pub fn step<P: Parameters<Scalar = T>>(&mut self, parameters: &mut P, gradient: &P::Cotangent) {
        match self.clip {
            Clip::Off => self.step_clipped(parameters, gradient, |g| g),
            Clip::Value(bound) => self.step_clipped(parameters, gradient, |g| clip(g, bound)),
            Clip::Norm(most) => {
                let factor = clip::factor_of(parameters, gradient, most);
                self.step_clipped(parameters, gradient, |g| g * factor);
            }
        }
    }

    #[inline]
    #[track_caller]
    fn step_clipped<P: Parameters<Scalar = T>>(
        &mut self,
        parameters: &mut P,
        gradient: &P::Cotangent,
        clip: impl Fn(T) -> T + Copy,
    ) {
        let (count, slots) = (parameters.count(), self.rule.slots());
        let state = self.state.as_mut();
        assert!(
            state.len() == slots * count,
            "the optimiser has state for {} floats, and {count} parameters need {}",
            state.len(),
            slots * count,
        );
        same_shape(parameters, gradient);
        self.step = self.step.saturating_add(1);
        let (first, rest) = state.split_at_mut(count.min(state.len()));
        let (second, third) = rest.split_at_mut(count.min(rest.len()));
        let mut slots = [first, second, third];
        parameters.visit(gradient, |run, values| {
            let state = slots.each_mut().map(|slot| take(slot, run.len()));
            self.rule.update(self.step, run, values, clip, state);
        });
    }
}

/// Panics where a cotangent has not the shape of its parameters, before anything is written.
#[inline(always)]
#[track_caller]
fn same_shape<P: Parameters>(parameters: &mut P, gradient: &P::Cotangent) {
    parameters.visit(gradient, |_, _| {});
}

/// Takes a run off the front of a slot; nothing, if the slot is not in use.
#[inline(always)]
fn take<'a, T>(slot: &mut &'a mut [T], count: usize) -> &'a mut [T] {
    if slot.is_empty() {
        return &mut [];
    }
    let (run, rest) = core::mem::take(slot).split_at_mut(count);
    *slot = rest;
    run
}
