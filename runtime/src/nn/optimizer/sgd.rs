//! Gradient descent.

use crate::{Parameters, Real};

use super::{same_shape, Rule};

/// One plain step downhill, `p −= rate · g`: gradient descent in its barest form, without state. What
/// [`Optimizer`](super::Optimizer) with [`Sgd::new`] does, for the smallest networks and processors.
///
/// ```
/// let mut x = [1.0, -2.0];
/// tapeless::nn::descend(&mut x, &[2.0, -4.0], 0.25);
/// assert_eq!(x, [0.5, -1.0]);
/// ```
///
/// # Panics
///
/// If the gradient has not the shape of the parameters; nothing is changed then.
#[inline]
pub fn descend<P: Parameters>(parameters: &mut P, gradient: &P::Cotangent, rate: P::Scalar) {
    same_shape(parameters, gradient);
    parameters.visit(gradient, |run, gradient| {
        for (p, &g) in run.iter_mut().zip(gradient) {
            *p -= rate * g;
        }
    });
}

/// Stochastic gradient descent, with momentum if that is not 0. Needs one slot of state then, none
/// otherwise.
///
/// `g += weight_decay · p`, `v = momentum · v + g`, `p −= rate · v`; with Nesterov's form
/// `p −= rate · (g + momentum · v)`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sgd<T> {
    /// The learning rate.
    pub rate: T,
    /// How much of the last step is kept. Default 0.
    pub momentum: T,
    /// Whether the gradient is taken as if the next step of the momentum were already made.
    pub nesterov: bool,
    /// Pulls the parameters towards 0. Default 0.
    pub weight_decay: T,
}

impl<T: Real> Sgd<T> {
    /// Plain gradient descent.
    pub fn new(rate: T) -> Self {
        Sgd {
            rate,
            momentum: T::zero(),
            nesterov: false,
            weight_decay: T::zero(),
        }
    }
}

impl<T: Real> Rule<T> for Sgd<T> {
    fn slots(&self) -> usize {
        usize::from(self.momentum != T::zero())
    }

    #[inline]
    fn update(
        &self,
        _: i32,
        parameters: &mut [T],
        gradient: &[T],
        clip: impl Fn(T) -> T,
        [velocity, ..]: [&mut [T]; 3],
    ) {
        let decay = self.weight_decay;
        if velocity.is_empty() {
            for (p, g) in parameters.iter_mut().zip(gradient.iter().map(|&g| clip(g))) {
                *p -= self.rate * (g + decay * *p);
            }
            return;
        }
        for ((p, g), v) in parameters
            .iter_mut()
            .zip(gradient.iter().map(|&g| clip(g)))
            .zip(velocity)
        {
            let g = g + decay * *p;
            *v = self.momentum * *v + g;
            let step = if self.nesterov {
                g + self.momentum * *v
            } else {
                *v
            };
            *p -= self.rate * step;
        }
    }
}
