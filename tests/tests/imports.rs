//! Functions that a `use` brings in: of `libm`, and of modules with siblings.

use tapeless::check::assert_gradient;
use tapeless::differentiate;

mod shapes {
    use tapeless::differentiate;

    #[differentiate]
    pub fn area(width: f64, height: f64) -> f64 {
        width * height.sqrt()
    }

    #[differentiate]
    pub fn log(x: f64) -> f64 {
        x * x
    }

    pub const SCALE: f64 = 3.0;
}

/// The attribute on the imports themselves.
mod annotated_imports {
    #[tapeless::differentiate]
    pub use super::shapes::{area, SCALE};
    use tapeless::differentiate;
    #[differentiate]
    pub use {
        super::shapes::log as square,
        libm::{erf, erfcf, exp, fdim, fma, ldexp, lgamma, log, pow, sinf as sine, tgamma},
    };

    #[differentiate]
    pub fn f(x: f64, y: f64) -> f64 {
        SCALE * area(exp(x), log(y)) + fma(pow(x, y), square(x), y)
    }

    #[differentiate]
    pub fn single(x: f32) -> f32 {
        let t = sine(x);
        if t > 0.5 {
            sine(t * x)
        } else {
            t
        }
    }

    #[differentiate]
    pub fn normal(x: f64, y: f64) -> f64 {
        0.5 * (1.0 + erf(x * y)) - libm::erfc(x) * libm::exp10(0.1 * y) + fdim(x, y)
    }

    #[differentiate]
    pub fn tail(x: f32) -> f32 {
        erfcf(x) * libm::rintf(x)
    }

    #[differentiate]
    pub fn shifted(x: f64, y: f64, n: i32) -> f64 {
        ldexp(x * y, n) + libm::scalbn(ldexp(x.trunc(), -4) * x, 3) * libm::remainder(x, y)
    }

    /// As `libm` has it: the remainder, and the low bits of the quotient.
    #[differentiate]
    pub fn reduced(x: f64, y: f64) -> f64 {
        let (r, q) = libm::remquo(x * x, y);
        match q & 3 {
            0 => r.sin(),
            1 => r.cos() * y,
            _ => r * r,
        }
    }

    #[differentiate]
    pub fn gammas(x: f64, y: f64) -> f64 {
        lgamma(x) * y + tgamma(x * y) + libm::lgamma(tgamma(y))
    }

    #[differentiate]
    pub fn single_gamma(x: f32) -> f32 {
        libm::lgammaf(x) + libm::tgammaf(x)
    }

    #[differentiate]
    pub fn scaled(x: f64, n: u8) -> f64 {
        x * tgamma(f64::from(n))
    }
}

/// In an annotated module they are seen without it.
#[differentiate]
mod annotated_module {
    use core::mem::swap;
    use libm::{exp, log as ln, sincos};

    pub fn f(x: f64, y: f64) -> f64 {
        let (mut a, mut b) = (exp(x), ln(y));
        if a > b {
            swap(&mut a, &mut b);
        }
        let (s, c) = sincos(a);
        s * b - c
    }

    /// Another `exp`: what it binds is its own.
    pub fn own(x: f64) -> f64 {
        let exp = |t: f64| t * t * x;
        exp(x) + ln(x)
    }

    #[derive(Clone)]
    pub struct Gas {
        pub density: f64,
    }

    impl Gas {
        pub fn pressure(#[constant] &self, t: f64) -> f64 {
            self.density * exp(t) * exp(-t * self.density)
        }
    }
}

/// So they are in the body that has them.
#[differentiate]
fn inside(x: f64, y: f64) -> f64 {
    use libm::{atan2, hypot};
    atan2(x, y) * hypot(x, y)
}

mod pieces {
    use tapeless::differentiate;

    #[differentiate]
    pub fn twice(x: f64) -> f64 {
        2.0 * x * x
    }

    #[differentiate]
    pub fn quotient(x: f64, y: f64) -> Option<f64> {
        (y != 0.0).then(|| x / y)
    }

    /// Without a rule of its own: what comes out only steers.
    pub fn limit() -> f64 {
        0.25
    }
}

/// Functions of the crate that the body alone brings in, one of them under another name.
#[differentiate]
fn of_the_crate(x: f64, y: f64) -> f64 {
    use crate::pieces::limit;
    use crate::pieces::{quotient as over, twice};
    let scaled = over(x, y).map_or(1.0, twice);
    if scaled > limit() {
        twice(scaled) * y
    } else {
        scaled - y
    }
}

/// A block inside brings in its own: another function by the same name than the body does.
#[differentiate]
fn in_a_block(x: f64, y: f64) -> f64 {
    use crate::pieces::twice as g;
    let first = g(x);
    let second = if y > 1.0 {
        use crate::pieces::quotient as g;
        g(x, y).unwrap_or(0.0)
    } else {
        g(y)
    };
    first * second
}

/// Names of the body's own go before them.
#[differentiate]
fn hidden(x: f64, y: f64) -> f64 {
    #[allow(unused_imports)]
    use self::pieces::{quotient, twice};
    let twice = |t: f64| t * y;
    twice(x) + quotient(x, y).unwrap_or(x)
}

#[test]
fn functions_of_the_crate() {
    for (x, y) in [(0.7, 1.3), (0.2, 1.5), (-2.0, 0.4)] {
        assert_gradient!(of_the_crate(x, y));
        assert_gradient!(hidden(x, y));
        assert_gradient!(in_a_block(x, y));
    }
    assert_eq!(of_the_crate_grad(3.0, 0.0), (0.0, 2.0));
    assert_eq!(hidden_grad(3.0, 0.0), (1.0, 3.0));
}

#[test]
fn gradients() {
    assert_gradient!(annotated_imports::f(0.7, 1.3));
    assert_gradient!(annotated_imports::single(0.4));
    assert_gradient!(annotated_imports::single(1.4));
    assert_gradient!(annotated_imports::normal(0.7, 1.3));
    assert_gradient!(annotated_imports::normal(1.7, -0.3));
    assert_gradient!(annotated_imports::tail(0.8));
    for n in [-3, 0, 5] {
        assert_gradient!(annotated_imports::shifted(0.7, 1.3, n));
        assert_gradient!(annotated_imports::shifted(-7.7, 1.3, n));
    }
    for x in [0.03, 0.3, 0.5, 1.0, 2.6, 9.5, 30.0, -0.4, -2.7] {
        assert_gradient!(annotated_imports::gammas(x, 1.3));
        assert_gradient!(annotated_imports::gammas(0.7, x + 0.1));
    }
    assert_gradient!(annotated_imports::single_gamma(2.5));
    // −γ, and ln 4 − γ away from it at one half.
    let euler = 0.577_215_664_901_532_9;
    assert!((annotated_imports::lgamma_grad(1.0) + euler).abs() < 1e-14);
    let half = annotated_imports::lgamma_grad(0.5);
    assert!((half + euler + 4f64.ln()).abs() < 1e-14);
    assert_eq!(annotated_imports::ldexp_grad(0.0, 10), 1024.0);
    for x in [0.2, -0.7, 1.9, 2.7, 3.1] {
        assert_gradient!(annotated_imports::reduced(x, 0.9));
        assert_gradient!(annotated_imports::reduced(x, 2.3));
    }
    assert_eq!(annotated_imports::fdim_grad(2.0, 2.0), (0.0, 0.0));
    assert_eq!(
        annotated_imports::erf_grad(0.0),
        std::f64::consts::FRAC_2_SQRT_PI
    );
    assert_eq!(annotated_imports::scaled_grad(0.7, 5), 24.0);
    assert_gradient!(annotated_module::f(0.7, 1.3));
    assert_gradient!(annotated_module::f(-2.7, 3.3));
    assert_gradient!(annotated_module::own(0.7));
    let gas = annotated_module::Gas { density: 0.6 };
    assert_gradient!(gas.pressure(1.1));
    assert_gradient!(inside(0.7, -1.3));
}

#[test]
fn values_are_those_of_the_imported_functions() {
    let (x, y) = (std::hint::black_box(0.7), std::hint::black_box(1.3));
    let (value, _) = annotated_imports::f_value_and_grad(x, y);
    assert_eq!(value, annotated_imports::f(x, y));
    let (value, _) = annotated_module::f_value_and_grad(x, y);
    assert_eq!(value, annotated_module::f(x, y));
    assert_eq!(
        annotated_imports::area_vjp(x, y, 0.0, tapeless::Inactive, tapeless::Inactive),
        x * y.sqrt()
    );
}

/// `constant`, under the names that `use` items give it where they are seen.
#[differentiate]
mod stopped {
    use tapeless::constant;

    pub fn here(x: f64, y: f64) -> f64 {
        x * constant(x * y) + y
    }
}

#[differentiate]
fn stopped_inside(x: f64, y: f64) -> f64 {
    use tapeless::constant as fixed;
    x * fixed(x * y) + y
}

#[test]
fn constants_by_an_import() {
    assert_eq!(stopped::here_grad(1.5, 2.0), (3.0, 1.0));
    assert_eq!(stopped_inside_grad(1.5, 2.0), (3.0, 1.0));
}

mod elsewhere {
    use tapeless::differentiate;

    #[differentiate]
    pub fn product(x: f64, y: f64) -> f64 {
        x * y * y
    }
}

/// With a path that starts at no root, as that of another crate.
mod hiding {
    use super::elsewhere as other;
    use tapeless::differentiate;

    /// What the bodies below bring in hides this one, and its rule.
    #[differentiate]
    pub fn sum(x: f64, y: f64) -> f64 {
        x + y
    }

    #[differentiate]
    pub fn in_the_body(x: f64, y: f64) -> f64 {
        use other::product as sum;
        sum(x, y) * x
    }

    #[differentiate]
    pub fn in_a_block(x: f64, y: f64) -> f64 {
        let first = if x > 0.0 {
            use other::product as sum;
            sum(x, y)
        } else {
            sum(y, y)
        };
        first * sum(x, y)
    }

    /// The body has the rule, too, which the function itself has no use for.
    #[differentiate]
    pub fn with_its_rule(x: f64, y: f64) -> f64 {
        #[allow(unused_imports)]
        use other::{product, product_vjp};
        product(x, y) + x
    }
}

#[test]
fn imports_of_a_body_hide_functions_and_their_rules() {
    for (x, y) in [(0.7, 1.3), (-0.2, 1.5)] {
        assert_gradient!(hiding::in_the_body(x, y));
        assert_gradient!(hiding::in_a_block(x, y));
        assert_gradient!(hiding::with_its_rule(x, y));
    }
}
