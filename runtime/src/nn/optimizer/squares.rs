//! Steps divided by the size of past gradients.

use crate::Real;

use super::Rule;

/// RMSProp: steps divided by the root of a running mean of squared gradients.
///
/// `v = alpha · v + (1 − alpha) · g²`, `p −= rate · g / (√v + eps)`; centred, the square of a running
/// mean of `g` is taken from `v`; with momentum, the quotient feeds a velocity. One to three slots.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RmsProp<T> {
    /// The learning rate.
    pub rate: T,
    /// How much of the running mean is kept. Default 0.99.
    pub alpha: T,
    /// Keeps the quotient finite. Default 1e-8.
    pub eps: T,
    /// How much of the last step is kept. Default 0.
    pub momentum: T,
    /// Whether the variance replaces the mean square. Default no.
    pub centered: bool,
    /// Pulls the parameters towards 0. Default 0.
    pub weight_decay: T,
}

impl<T: Real> RmsProp<T> {
    /// With PyTorch's defaults.
    pub fn new(rate: T) -> Self {
        RmsProp {
            rate,
            alpha: T::__lit(0.99),
            eps: T::__lit(1e-8),
            momentum: T::zero(),
            centered: false,
            weight_decay: T::zero(),
        }
    }

    /// The divisor of a step, after the running means took in `g`.
    #[inline(always)]
    fn divisor(&self, g: T, square: &mut T, mean: Option<&mut T>) -> T {
        let new = T::one() - self.alpha;
        *square = self.alpha * *square + new * g * g;
        let spread = match mean {
            Some(mean) => {
                *mean += new * (g - *mean);
                *square - *mean * *mean
            }
            None => *square,
        };
        spread.sqrt() + self.eps
    }
}

impl<T: Real> Rule<T> for RmsProp<T> {
    fn slots(&self) -> usize {
        1 + usize::from(self.centered) + usize::from(self.momentum != T::zero())
    }

    #[inline]
    fn update(
        &self,
        _: i32,
        parameters: &mut [T],
        gradient: &[T],
        clip: impl Fn(T) -> T,
        state: [&mut [T]; 3],
    ) {
        let [squares, second, third] = state;
        let (means, velocity) = if self.centered {
            (second, third)
        } else {
            (third, second)
        };
        for (i, (p, g)) in parameters
            .iter_mut()
            .zip(gradient.iter().map(|&g| clip(g)))
            .enumerate()
        {
            let g = g + self.weight_decay * *p;
            let mut step = g / self.divisor(g, &mut squares[i], means.get_mut(i));
            if let Some(v) = velocity.get_mut(i) {
                *v = self.momentum * *v + step;
                step = *v;
            }
            *p -= self.rate * step;
        }
    }
}

/// AdaGrad: steps divided by the root of the sum of all squared gradients. One slot.
///
/// `s += g²`, `p −= rate / (1 + (step − 1) · rate_decay) · g / (√s + eps)`
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AdaGrad<T> {
    /// The learning rate.
    pub rate: T,
    /// How fast the rate falls. Default 0.
    pub rate_decay: T,
    /// Keeps the quotient finite. Default 1e-10.
    pub eps: T,
    /// Pulls the parameters towards 0. Default 0.
    pub weight_decay: T,
}

impl<T: Real> AdaGrad<T> {
    /// With PyTorch's defaults.
    pub fn new(rate: T) -> Self {
        AdaGrad {
            rate,
            rate_decay: T::zero(),
            eps: T::__lit(1e-10),
            weight_decay: T::zero(),
        }
    }
}

impl<T: Real> Rule<T> for AdaGrad<T> {
    fn slots(&self) -> usize {
        1
    }

    #[inline]
    fn update(
        &self,
        step: i32,
        parameters: &mut [T],
        gradient: &[T],
        clip: impl Fn(T) -> T,
        [sums, ..]: [&mut [T]; 3],
    ) {
        let rate = self.rate / (T::one() + T::__lit(f64::from(step - 1)) * self.rate_decay);
        for ((p, g), sum) in parameters
            .iter_mut()
            .zip(gradient.iter().map(|&g| clip(g)))
            .zip(sums)
        {
            let g = g + self.weight_decay * *p;
            *sum += g * g;
            *p -= rate * g / (sum.sqrt() + self.eps);
        }
    }
}
