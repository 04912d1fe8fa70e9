//! Adam and AdamW.

use crate::Real;

use super::Rule;

macro_rules! adams {
    ($($(#[$doc:meta])* $adam:ident: $decay:literal, $decay_doc:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq)]
        pub struct $adam<T> {
            /// The learning rate.
            pub rate: T,
            /// How much of the running mean of gradients is kept. Default 0.9.
            pub beta1: T,
            /// How much of the running mean of squared gradients is kept. Default 0.999.
            pub beta2: T,
            /// Keeps the quotient finite; it stands outside the root. Default 1e-8.
            pub eps: T,
            #[doc = $decay_doc]
            pub weight_decay: T,
            /// Whether the largest mean square so far divides, instead of the present one. Default
            /// no. Needs a third slot.
            pub amsgrad: bool,
        }

        impl<T: Real> $adam<T> {
            /// With PyTorch's defaults.
            pub fn new(rate: T) -> Self {
                $adam {
                    rate,
                    beta1: T::__lit(0.9),
                    beta2: T::__lit(0.999),
                    eps: T::__lit(1e-8),
                    weight_decay: T::__lit($decay),
                    amsgrad: false,
                }
            }

            fn moments(&self, step: i32) -> Moments<T> {
                let unbias = |beta: T| T::one() - beta.powi(step);
                Moments {
                    new1: T::one() - self.beta1,
                    beta2: self.beta2,
                    size: self.rate / unbias(self.beta1),
                    unbias2: unbias(self.beta2).sqrt().recip(),
                    eps: self.eps,
                }
            }
        }
    )*};
}

adams! {
    /// Adam: steps along a running mean of gradients, divided by the root of a running mean of
    /// their squares, both corrected for starting at 0. Two slots.
    Adam: 0.0, "Added to the gradient, times the parameter. Default 0.";
    /// Adam with the weight decay taken from the parameters directly, `p −= rate · weight_decay · p`,
    /// instead of through the gradient. Two slots.
    AdamW: 0.01, "How fast the parameters decay. Default 0.01.";
}

/// The numbers of one step that are the same for all parameters.
#[derive(Clone, Copy)]
struct Moments<T> {
    new1: T,
    beta2: T,
    size: T,
    unbias2: T,
    eps: T,
}

impl<T: Real> Moments<T> {
    /// How far a parameter goes, after its means took in `g`.
    #[inline(always)]
    fn step(&self, g: T, mean: &mut T, square: &mut T, largest: Option<&mut T>) -> T {
        *mean += self.new1 * (g - *mean);
        *square = self.beta2 * *square + (T::one() - self.beta2) * g * g;
        let square = match largest {
            Some(largest) => {
                *largest = largest.max(*square);
                *largest
            }
            None => *square,
        };
        self.size * *mean / (square.sqrt() * self.unbias2 + self.eps)
    }

    /// All parameters of a run; `decayed` sees parameter and gradient first.
    #[inline(always)]
    fn update(
        &self,
        parameters: &mut [T],
        gradient: &[T],
        clip: impl Fn(T) -> T,
        [means, squares, largest]: [&mut [T]; 3],
        decayed: impl Fn(&mut T, T) -> T,
    ) {
        let slots = means.iter_mut().zip(squares);
        let each = parameters
            .iter_mut()
            .zip(gradient.iter().map(|&g| clip(g)))
            .zip(slots);
        if largest.is_empty() {
            for ((p, g), (mean, square)) in each {
                let g = decayed(p, g);
                *p -= self.step(g, mean, square, None);
            }
            return;
        }
        for (((p, g), (mean, square)), largest) in each.zip(largest) {
            let g = decayed(p, g);
            *p -= self.step(g, mean, square, Some(largest));
        }
    }
}

impl<T: Real> Rule<T> for Adam<T> {
    fn slots(&self) -> usize {
        2 + usize::from(self.amsgrad)
    }

    #[inline]
    fn update(
        &self,
        step: i32,
        parameters: &mut [T],
        gradient: &[T],
        clip: impl Fn(T) -> T,
        state: [&mut [T]; 3],
    ) {
        let decay = self.weight_decay;
        self.moments(step)
            .update(parameters, gradient, clip, state, |p, g| g + decay * *p);
    }
}

impl<T: Real> Rule<T> for AdamW<T> {
    fn slots(&self) -> usize {
        2 + usize::from(self.amsgrad)
    }

    #[inline]
    fn update(
        &self,
        step: i32,
        parameters: &mut [T],
        gradient: &[T],
        clip: impl Fn(T) -> T,
        state: [&mut [T]; 3],
    ) {
        let kept = T::one() - self.rate * self.weight_decay;
        self.moments(step)
            .update(parameters, gradient, clip, state, |p, g| {
                *p *= kept;
                g
            });
    }
}
