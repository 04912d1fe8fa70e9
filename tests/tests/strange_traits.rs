//! Traits named `Float` and `Real` that are not those of `num_traits` and of this crate, with methods by the names that floats have.

use tapeless::check::assert_gradient;

/// A crate with such a trait.
mod piston {
    pub trait Float:
        Copy + PartialOrd + core::ops::Mul<Output = Self> + core::ops::Add<Output = Self>
    {
        fn sqrt(self) -> Self;
        fn sin(self) -> Self;
        fn one() -> Self;
    }

    impl Float for f64 {
        fn sqrt(self) -> f64 {
            f64::sqrt(self)
        }
        fn sin(self) -> f64 {
            f64::sin(self)
        }
        fn one() -> f64 {
            1.0
        }
    }
}

#[tapeless::differentiate]
mod imported {
    use super::piston;
    use piston::Float;

    pub fn length<T: Float>(v: [T; 2]) -> T {
        (v[0] * v[0] + v[1] * v[1]).sqrt()
    }

    pub fn wave<T>(x: T, k: T) -> T
    where
        T: Float,
    {
        length([x.sin(), k]) * k + T::one()
    }

    pub mod inner {
        use super::*;

        pub fn root<T: Float>(x: T, y: T) -> T {
            (x * y).sqrt()
        }
    }
}

#[tapeless::differentiate]
mod defined {
    pub trait Real: Copy + core::ops::Mul<Output = Self> {
        fn exp(self) -> Self;
    }

    impl Real for f64 {
        #[constant]
        fn exp(self) -> f64 {
            f64::exp(self)
        }
    }

    pub fn grown<T: Real>(x: T, rate: T) -> T {
        x * rate.exp()
    }
}

/// Outside of a module the path says it, or the option.
#[tapeless::differentiate]
fn by_path<T: piston::Float>(x: T, y: T) -> T {
    (x * y).sqrt() + y
}

mod said {
    use super::piston::Float;

    #[tapeless::differentiate(float(T))]
    pub fn length<T: Float>(x: T, y: T) -> T {
        (x * x + y * y).sqrt()
    }

    pub struct Scale<T>(pub T);

    #[tapeless::differentiate(float(T))]
    impl<T: Float> Scale<T> {
        pub fn scaled(#[constant] &self, x: T) -> T {
            self.0 * x * x.sqrt()
        }
    }
}

#[test]
fn gradients() {
    for (x, y) in [(0.7, 1.3), (2.5, 0.4)] {
        assert_gradient!(imported::wave(x, y));
        assert_gradient!(imported::inner::root(x, y));
        assert_gradient!(imported::length([x, y]));
        assert_gradient!(defined::grown(x, y));
        assert_gradient!(by_path(x, y));
        assert_gradient!(said::length(x, y));
        let scale = said::Scale(y);
        let by_hand = y * 1.5 * x.sqrt();
        assert!((scale.scaled_grad(x) - by_hand).abs() < 1e-12);
    }
}
