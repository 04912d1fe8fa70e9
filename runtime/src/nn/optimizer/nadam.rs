//! Adam with Nesterov's momentum.

use crate::Real;

use super::Rule;

/// Adam that takes the gradient as if the next step of its momentum were already made. The momentum
/// grows from half of `beta1` towards `beta1`. Three slots.
///
/// `μ(t) = beta1 · (1 − ½ · 0.96^(t · momentum_decay))`, `M(t) = μ(1) · … · μ(t)`, `m` and `v` as in Adam,
/// `p −= rate · [(1 − μ(t)) / (1 − M(t)) · g + μ(t + 1) / (1 − M(t + 1)) · m] / (√(v / (1 − beta2ᵗ)) + eps)`
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NAdam<T> {
    /// The learning rate.
    pub rate: T,
    /// How much of the running mean of gradients is kept. Default 0.9.
    pub beta1: T,
    /// How much of the running mean of squared gradients is kept. Default 0.999.
    pub beta2: T,
    /// Keeps the quotient finite; it stands outside the root. Default 1e-8.
    pub eps: T,
    /// Added to the gradient, times the parameter. Default 0.
    pub weight_decay: T,
    /// How fast the momentum grows. Default 0.004.
    pub momentum_decay: T,
}

impl<T: Real> NAdam<T> {
    /// With PyTorch's defaults.
    pub fn new(rate: T) -> Self {
        NAdam {
            rate,
            beta1: T::__lit(0.9),
            beta2: T::__lit(0.999),
            eps: T::__lit(1e-8),
            weight_decay: T::zero(),
            momentum_decay: T::__lit(0.004),
        }
    }

    /// `μ(t)`
    fn momentum(&self, step: i32) -> T {
        let time = T::__lit(f64::from(step)) * self.momentum_decay;
        self.beta1 * (T::one() - T::__lit(0.5) * T::__lit(0.96).powf(time))
    }

    /// The numbers of one step, of which `past` keeps `1 − M(t)`: zero, as state starts, is before the
    /// first step.
    fn moments(&self, step: i32, past: &mut T) -> Moments<T> {
        let (now, next) = (self.momentum(step), self.momentum(step.saturating_add(1)));
        let product = (T::one() - *past) * now;
        *past = T::one() - product;
        Moments {
            by_gradient: self.rate * (T::one() - now) / *past,
            by_mean: self.rate * next / (T::one() - product * next),
            unbias2: (T::one() - self.beta2.powi(step)).sqrt().recip(),
        }
    }
}

/// The numbers of one step that are the same for all parameters.
#[derive(Clone, Copy)]
struct Moments<T> {
    by_gradient: T,
    by_mean: T,
    unbias2: T,
}

impl<T: Real> Rule<T> for NAdam<T> {
    fn slots(&self) -> usize {
        3
    }

    #[inline]
    fn update(
        &self,
        step: i32,
        parameters: &mut [T],
        gradient: &[T],
        clip: impl Fn(T) -> T,
        [means, squares, pasts]: [&mut [T]; 3],
    ) {
        // The product of momenta is one number for all; the first of its slot has it.
        let Some(past) = pasts.first_mut() else {
            return;
        };
        let moments = self.moments(step, past);
        let (new1, new2) = (T::one() - self.beta1, T::one() - self.beta2);
        for ((p, g), (mean, square)) in parameters
            .iter_mut()
            .zip(gradient.iter().map(|&g| clip(g)))
            .zip(means.iter_mut().zip(squares))
        {
            let g = g + self.weight_decay * *p;
            *mean += new1 * (g - *mean);
            *square = self.beta2 * *square + new2 * g * g;
            let step = moments.by_gradient * g + moments.by_mean * *mean;
            *p -= step / (square.sqrt() * moments.unbias2 + self.eps);
        }
    }
}
