//! Distribution functions, written here: their derivative is the density of `statrs`.

use statrs::distribution::{self as oracle, Continuous, ContinuousCDF};
use statrs::function::{beta, gamma};
use tapeless::{derivative, differentiate, Differentiable};
use tapeless_oracles::{assert_close, Points};

/// The logarithm of the gamma function.
#[derivative(x = gamma::digamma(x))]
fn ln_gamma(x: f64) -> f64 {
    gamma::ln_gamma(x)
}

/// The regularised incomplete beta function, as a function of its bound.
#[derivative(x = x.powf(a - 1.0) * (1.0 - x).powf(b - 1.0) / beta::beta(a, b))]
fn beta_reg(#[constant] a: f64, #[constant] b: f64, x: f64) -> f64 {
    beta::beta_reg(a, b, x)
}

/// The error function by the series whose terms all have one sign.
#[differentiate]
fn erf(x: f64) -> f64 {
    let mut term = x;
    let mut sum = x;
    let mut n = 1.0;
    while term.abs() > 1e-18 * sum.abs() && n < 2000.0 {
        n += 2.0;
        term *= 2.0 * x * x / n;
        sum += term;
    }
    sum * (-x * x).exp() * std::f64::consts::FRAC_2_SQRT_PI
}

/// The regularised lower incomplete gamma function by its series.
#[differentiate]
fn gamma_lr(a: f64, x: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    let mut term = 1.0 / a;
    let mut sum = term;
    for n in 1..500 {
        term *= x / (a + n as f64);
        sum += term;
        if term < 1e-17 * sum {
            break;
        }
    }
    sum * (a * x.ln() - x - ln_gamma(a)).exp()
}

/// Distributions with a place and a width.
#[derive(Clone, Copy, Differentiable)]
struct Shifted {
    location: f64,
    scale: f64,
}

#[differentiate]
impl Shifted {
    fn standard(&self, x: f64) -> f64 {
        (x - self.location) / self.scale
    }

    fn normal(&self, x: f64) -> f64 {
        0.5 + 0.5 * erf(self.standard(x) / 2.0_f64.sqrt())
    }

    fn cauchy(&self, x: f64) -> f64 {
        self.standard(x).atan() / std::f64::consts::PI + 0.5
    }

    fn laplace(&self, x: f64) -> f64 {
        let z = self.standard(x);
        if z < 0.0 {
            0.5 * z.exp()
        } else {
            1.0 - 0.5 * (-z).exp()
        }
    }

    fn gumbel(&self, x: f64) -> f64 {
        (-(-self.standard(x)).exp()).exp()
    }

    fn log_normal(&self, x: f64) -> f64 {
        match x {
            x if x > 0.0 => self.normal(x.ln()),
            _ => 0.0,
        }
    }
}

#[differentiate]
mod positive {
    use super::*;

    pub fn exponential(rate: f64, x: f64) -> f64 {
        1.0 - (-rate * x).exp()
    }

    pub fn weibull(shape: f64, scale: f64, x: f64) -> f64 {
        -(-(x / scale).powf(shape)).exp_m1()
    }

    pub fn pareto(scale: f64, shape: f64, x: f64) -> f64 {
        if x < scale {
            0.0
        } else {
            1.0 - (scale / x).powf(shape)
        }
    }

    pub fn gamma_distribution(shape: f64, rate: f64, x: f64) -> f64 {
        gamma_lr(shape, rate * x)
    }

    pub fn chi_squared(freedom: f64, x: f64) -> f64 {
        gamma_lr(0.5 * freedom, 0.5 * x)
    }

    pub fn chi(freedom: u64, x: f64) -> f64 {
        gamma_lr(freedom as f64 / 2.0, x * x / 2.0)
    }

    pub fn inverse_gamma(shape: f64, rate: f64, x: f64) -> f64 {
        1.0 - gamma_lr(shape, rate / x)
    }

    pub fn erlang(shape: u64, rate: f64, x: f64) -> f64 {
        let mut sum = 0.0;
        let mut term = 1.0;
        for n in 0..shape {
            sum += term;
            term *= rate * x / (n + 1) as f64;
        }
        1.0 - (-rate * x).exp() * sum
    }

    pub fn fisher(d1: f64, d2: f64, x: f64) -> f64 {
        beta_reg(d1 / 2.0, d2 / 2.0, d1 * x / (d1 * x + d2))
    }

    pub fn students_t(freedom: f64, x: f64) -> f64 {
        let tail = 0.5 * beta_reg(0.5 * freedom, 0.5, freedom / (freedom + x * x));
        if x <= 0.0 {
            tail
        } else {
            1.0 - tail
        }
    }

    pub fn triangular([low, high, mode]: [f64; 3], x: f64) -> f64 {
        if x <= low {
            0.0
        } else if x <= mode {
            (x - low).powi(2) / ((high - low) * (mode - low))
        } else if x < high {
            1.0 - (high - x).powi(2) / ((high - low) * (high - mode))
        } else {
            1.0
        }
    }
}

use positive::*;

/// At many points: the value is the distribution function, the slope is the density.
fn check<D>(
    name: &str,
    seed: u64,
    (low, high): (f64, f64),
    make: impl Fn(f64, f64) -> D,
    ours: impl Fn(f64, f64, f64) -> (f64, f64),
) where
    D: Continuous<f64, f64> + ContinuousCDF<f64, f64>,
{
    let mut points = Points::new(seed);
    for _ in 0..300 {
        let (a, b) = (points.between(0.6, 3.0), points.between(0.5, 2.5));
        let x = points.between(low, high);
        let expected = make(a, b);
        let (value, slope) = ours(a, b, x);
        assert_close(name, value, expected.cdf(x), 1e-9);
        assert_close(name, slope, expected.pdf(x), 1e-9);
    }
}

/// A method of `Shifted`: value and slope, and the slopes in the parameters follow from the density.
fn shifted(
    f: impl Fn(&Shifted, f64) -> (f64, (ShiftedCotangent, f64)),
) -> impl Fn(f64, f64, f64) -> (f64, f64) {
    move |location, scale, x| {
        let at = Shifted { location, scale };
        let (value, (d, dx)) = f(&at, x);
        let x = if (d.location + dx).abs() < 1e-12 {
            x
        } else {
            x.ln()
        };
        let slope = -d.location;
        assert_close("scale", d.scale, -slope * (x - location) / scale, 1e-9);
        (value, dx)
    }
}

#[test]
fn with_location_and_scale() {
    let line = (-3.0, 5.0);
    check(
        "normal",
        1,
        line,
        |a, b| oracle::Normal::new(a, b).unwrap(),
        shifted(Shifted::normal_value_and_grad),
    );
    check(
        "cauchy",
        2,
        line,
        |a, b| oracle::Cauchy::new(a, b).unwrap(),
        shifted(Shifted::cauchy_value_and_grad),
    );
    check(
        "laplace",
        3,
        line,
        |a, b| oracle::Laplace::new(a, b).unwrap(),
        shifted(Shifted::laplace_value_and_grad),
    );
    check(
        "gumbel",
        4,
        line,
        |a, b| oracle::Gumbel::new(a, b).unwrap(),
        shifted(Shifted::gumbel_value_and_grad),
    );
    let positive = (0.3, 9.0);
    check(
        "log_normal",
        5,
        positive,
        |a, b| oracle::LogNormal::new(a, b).unwrap(),
        shifted(Shifted::log_normal_value_and_grad),
    );
}

#[test]
fn on_the_positive_numbers() {
    let half_line = (0.05, 8.0);
    let last = |(value, (_, slope)): (f64, (f64, f64))| (value, slope);
    let third = |(value, (_, _, slope)): (f64, (f64, f64, f64))| (value, slope);
    check(
        "exponential",
        10,
        half_line,
        |a, _| oracle::Exp::new(a).unwrap(),
        |a, _, x| last(exponential_value_and_grad(a, x)),
    );
    check(
        "weibull",
        11,
        half_line,
        |a, b| oracle::Weibull::new(a, b).unwrap(),
        |a, b, x| third(weibull_value_and_grad(a, b, x)),
    );
    check(
        "pareto",
        12,
        (0.1, 9.0),
        |a, b| oracle::Pareto::new(a, b).unwrap(),
        |a, b, x| third(pareto_value_and_grad(a, b, x)),
    );
    check(
        "gamma",
        13,
        half_line,
        |a, b| oracle::Gamma::new(a, b).unwrap(),
        |a, b, x| third(gamma_distribution_value_and_grad(a, b, x)),
    );
    check(
        "inverse gamma",
        14,
        (0.2, 8.0),
        |a, b| oracle::InverseGamma::new(a, b).unwrap(),
        |a, b, x| third(inverse_gamma_value_and_grad(a, b, x)),
    );
    check(
        "chi squared",
        15,
        half_line,
        |a, _| oracle::ChiSquared::new(a).unwrap(),
        |a, _, x| last(chi_squared_value_and_grad(a, x)),
    );
    check(
        "fisher",
        16,
        half_line,
        |a, b| oracle::FisherSnedecor::new(a, b).unwrap(),
        |a, b, x| third(fisher_value_and_grad(a, b, x)),
    );
    check(
        "student",
        17,
        (-6.0, 6.0),
        |a, _| oracle::StudentsT::new(0.0, 1.0, a).unwrap(),
        |a, _, x| last(students_t_value_and_grad(a, x)),
    );
    for n in 1..5 {
        check(
            "chi",
            20 + n,
            half_line,
            |_, _| oracle::Chi::new(n).unwrap(),
            |_, _, x| chi_value_and_grad(n, x),
        );
        check(
            "erlang",
            30 + n,
            half_line,
            |a, _| oracle::Erlang::new(n, a).unwrap(),
            |a, _, x| last(erlang_value_and_grad(n, a, x)),
        );
    }
}

#[test]
fn on_an_interval() {
    check(
        "beta",
        40,
        (0.01, 0.99),
        |a, b| oracle::Beta::new(a, b).unwrap(),
        beta_reg_value_and_grad,
    );
    check(
        "triangular",
        41,
        (-1.5, 6.0),
        |a, b| oracle::Triangular::new(-a, a + b, 0.2).unwrap(),
        |a, b, x| {
            let (value, (_, slope)) = triangular_value_and_grad([-a, a + b, 0.2], x);
            (value, slope)
        },
    );
}
