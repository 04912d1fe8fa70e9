//! Traits whose siblings are members, implemented for generic structs whose parameters are `Differentiable`.

use tapeless::check::assert_gradient;
use tapeless::{differentiate, Differentiable};

#[differentiate]
trait Kernel {
    fn at(&self, r: f64) -> f64;

    fn mean(&self, rs: &[f64]) -> f64 {
        if rs.is_empty() {
            return 0.0;
        }
        rs.iter().map(|r| self.at(*r)).sum::<f64>() / rs.len() as f64
    }
}

#[derive(Clone, Debug, Differentiable)]
struct Gauss {
    width: f64,
}

#[differentiate(in_trait)]
impl Kernel for Gauss {
    fn at(&self, r: f64) -> f64 {
        (-0.5 * (r / self.width).powi(2)).exp()
    }
}

#[derive(Clone, Debug, Differentiable)]
struct Mix<A, B> {
    first: A,
    second: B,
    weight: f64,
}

#[differentiate(in_trait)]
impl<A: Kernel + Differentiable, B> Kernel for Mix<A, B>
where
    B: Kernel + Differentiable,
{
    fn at(&self, r: f64) -> f64 {
        self.weight * self.first.at(r) + (1.0 - self.weight) * self.second.at(r)
    }
}

#[differentiate]
fn mixed(width: f64, weight: f64, rs: &[f64]) -> f64 {
    let kernel = Mix {
        first: Gauss { width },
        second: Mix {
            first: Gauss { width: 2.0 * width },
            second: Gauss { width: weight },
            weight: weight * weight,
        },
        weight,
    };
    kernel.mean(rs) + kernel.at(weight)
}

#[test]
fn fields_of_generic_structs() {
    assert_gradient!(mixed(0.7, 0.4, &[0.1, -0.5, 1.0]));
    assert_gradient!(mixed(0.7, 0.4, &[]));
}
