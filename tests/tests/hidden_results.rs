//! Options and results behind names of the user's own: what `map`, `and_then` and `?` do with them follows from the type.

use tapeless::check::assert_gradient;
use tapeless::differentiate;

/// Neither `Clone` nor `Copy`.
#[derive(Debug, PartialEq)]
pub enum Fault {
    Negative,
    Large(f64),
}

/// What a fault becomes.
#[derive(Debug, PartialEq)]
pub struct Report(String);

impl From<Fault> for Report {
    fn from(fault: Fault) -> Self {
        Report(format!("{fault:?}"))
    }
}

pub type Checked<T> = Result<T, Fault>;
pub type Plain = Result<f64, Fault>;
pub type Reported = Result<f64, Report>;
pub type Maybe<T> = Option<T>;

#[differentiate]
fn root(x: f64) -> Checked<f64> {
    if x < 0.0 {
        return Err(Fault::Negative);
    }
    Ok(x.sqrt())
}

#[differentiate]
fn pair(x: f64, y: f64) -> Checked<Vec<f64>> {
    if x * y > 100.0 {
        return Err(Fault::Large(x * y));
    }
    Ok(vec![x * y, x.sin()])
}

#[differentiate]
fn positive(x: f64) -> Maybe<f64> {
    if x > 0.0 {
        Some(x * x)
    } else {
        None
    }
}

mod maps {
    use super::*;

    #[differentiate]
    pub fn scaled(x: f64) -> Checked<f64> {
        let inner = x / 2.0;
        root(inner).map(|r| 0.5 * r * x)
    }

    #[differentiate]
    pub fn plain(x: f64) -> Plain {
        root(x).map(|r| r * r * r).map(|c| c + x)
    }

    #[differentiate]
    pub fn parts(x: f64, y: f64) -> Plain {
        pair(x, y).map(|both| both[0] * both[1])
    }

    #[differentiate]
    pub fn maybe(x: f64) -> Maybe<f64> {
        positive(x).map(|s| s * 0.5 + x)
    }

    #[differentiate]
    pub fn named(x: f64) -> Checked<f64> {
        let mapped = root(x).map(|r| r * x);
        mapped.and_then(|m| root(m - 1.0))
    }
}

#[test]
fn maps_keep_what_it_is() {
    assert_gradient!(maps::scaled(1.3));
    assert_eq!(maps::scaled_grad(-1.0), Err(Fault::Negative));
    assert_gradient!(maps::plain(1.3));
    assert_eq!(maps::plain_value_and_grad(-1.0), Err(Fault::Negative));
    assert_gradient!(maps::parts(1.3, 0.4));
    assert_eq!(maps::parts_grad(20.0, 10.0), Err(Fault::Large(200.0)));
    assert_gradient!(maps::maybe(1.3));
    assert_eq!(maps::maybe_grad(-1.3), None);
    assert_gradient!(maps::named(1.7));
    assert_eq!(maps::named_grad(0.2), Err(Fault::Negative));
}

mod tries {
    use super::*;

    #[differentiate]
    pub fn chained(x: f64) -> Maybe<f64> {
        let once = positive(x)?;
        positive(once - 1.0)
    }

    #[differentiate]
    pub fn converted(x: f64, y: f64) -> Reported {
        let both = pair(x, y)?;
        let r = root(both[0])?;
        checked(r * both[1])
    }

    #[differentiate]
    fn checked(x: f64) -> Reported {
        root(x - 0.1).map_err(Report::from)
    }

    #[differentiate]
    pub fn in_a_loop(xs: &[f64]) -> Maybe<f64> {
        let mut total = 1.0;
        for x in xs {
            total += positive(*x)? * total;
        }
        positive(total - 1.0)
    }
}

#[test]
fn failures_leave() {
    assert_gradient!(tries::chained(1.7));
    assert_eq!(tries::chained_grad(0.7), None);
    assert_eq!(tries::chained_grad(-0.7), None);
    assert_gradient!(tries::converted(1.7, 0.6));
    let negative = || Err(Report("Negative".into()));
    assert_eq!(tries::converted_grad(-1.7, 0.6), negative());
    assert_eq!(tries::converted_grad(1e-3, 1e-3), negative());
    assert_eq!(
        tries::converted_grad(20.0, 10.0),
        Err(Report("Large(200.0)".into()))
    );
    assert_gradient!(tries::in_a_loop(&[1.0, 0.5, 2.0]));
    assert_eq!(tries::in_a_loop_grad(&[1.0, -0.5, 2.0]), None);
}

mod ends {
    use super::*;

    #[differentiate]
    pub fn instead(x: f64) -> f64 {
        root(x).unwrap_or(x * 3.0) + positive(x).map_or(x, |p| p * x)
    }

    #[differentiate]
    pub fn by_fault(x: f64, y: f64) -> f64 {
        let first = pair(x, y)
            .map(|both| both[1])
            .unwrap_or_else(|fault| match fault {
                Fault::Negative => 0.0,
                Fault::Large(size) => size.min(7.0),
            });
        first * x * y
    }

    #[differentiate]
    pub fn followed(x: f64) -> Plain {
        root(x).and_then(|r| root(r * x - 1.0))
    }

    #[differentiate]
    pub fn again(x: f64) -> Plain {
        root(x).or_else(|_| root(1.0 - x))
    }

    #[differentiate]
    pub fn taken(x: f64) -> Plain {
        match root(x) {
            Ok(r) => Ok(r * x),
            Err(fault) => Err(fault),
        }
    }
}

#[test]
fn other_methods() {
    assert_gradient!(ends::instead(1.3));
    assert_gradient!(ends::instead(-1.3));
    assert_gradient!(ends::by_fault(1.3, 0.2));
    assert_gradient!(ends::by_fault(20.0, 10.0));
    assert_gradient!(ends::followed(1.3));
    assert_eq!(ends::followed_grad(0.3), Err(Fault::Negative));
    assert_gradient!(ends::again(1.3));
    assert_gradient!(ends::again(-1.3));
    assert_gradient!(ends::taken(1.3));
    assert_eq!(ends::taken_grad(-1.3), Err(Fault::Negative));
}
