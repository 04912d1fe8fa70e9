//! Macros whose expansion is not visible and whose value nobody asks for: they may look at variables, and leave with a
//! failure.

use tapeless::check::assert_gradient;
use tapeless::{differentiate, Differentiable, Real};

macro_rules! should {
    ($requirement:expr) => {
        debug_assert!($requirement)
    };
    ($requirement:expr, $($message:tt)*) => {
        debug_assert!($requirement, $($message)*)
    };
}

macro_rules! refuse {
    (@nan [$($name:ident),*]) => {
        $(if $name.is_nan() {
            return Err(concat!(stringify!($name), " is no number"));
        })*
    };
    ($wrong:expr => $message:expr) => {
        if $wrong {
            return Err($message);
        }
    };
}

macro_rules! known {
    ($option:expr) => {
        $option?
    };
}

#[derive(Clone, Debug, PartialEq, Differentiable)]
struct Spring {
    stiffness: f64,
    lengths: Vec<f64>,
}

impl Spring {
    fn is_sound(&self) -> bool {
        self.stiffness > 0.0
    }
}

#[differentiate]
impl Spring {
    fn energy(&self, x: f64) -> f64 {
        should!(self.stiffness > 0.0 && self.is_sound());
        should!(self.lengths.len() < 10, "too many: {}", self.lengths.len());
        0.5 * self.stiffness * x * x * self.lengths[0]
    }

    fn seen_through(&self, x: f64) -> f64 {
        let other = Spring {
            stiffness: x * self.stiffness,
            lengths: self.lengths.clone(),
        };
        should!(other.is_sound());
        self.energy(x) + other.energy(2.0)
    }
}

#[differentiate]
fn sound(x: f64, scale: &f64, v: &[f64], out: &mut [f64]) -> f64 {
    let mut sum = x * *scale;
    should!(x > 0.0, "{x} is not positive");
    for (i, y) in v.iter().enumerate() {
        should!(i < v.len() && *y > -100.0 && sum.is_finite());
        sum = sum * y + x;
        out[i] *= sum;
        should!(out[i].is_finite() && out.len() == v.len());
    }
    should!(*scale < 10.0);
    sum
}

/// A macro that is given a variable under whose name another is bound around it.
#[differentiate]
fn shadowed<T: Real>(x: T, y: T) -> T {
    let x = x * y;
    should!(x > y - x - T::one());
    let y = {
        let x = x + y;
        should!(x > T::zero());
        x * x
    };
    should!(y > x);
    x * y
}

#[differentiate]
fn checked(x: f64, n: usize) -> Result<f64, &'static str> {
    refuse!(@nan [x]);
    let mut power = 1.0;
    for i in 0..n {
        refuse!(power > 100.0 * (i + 1) as f64 => "too large");
        power *= x;
        refuse!(power == 0.0 => "too small");
    }
    Ok(power + x)
}

/// The failure comes from inside an arm, and after a value that was read.
#[differentiate]
fn in_an_arm(x: f64, y: f64) -> Result<f64, String> {
    let product = x * y;
    if x > 1.0 {
        refuse!(y > 3.0 => format!("{y} is too large"));
        return Ok(product * x);
    }
    refuse!(product < 0.0 => String::from("negative"));
    Ok(product.sqrt())
}

#[differentiate]
fn known_only(x: f64, #[constant] known: Option<u32>) -> Option<f64> {
    known!(known.filter(|k| *k < 5));
    Some(x * x)
}

/// In a closure a failure would leave the closure.
#[differentiate]
fn from_a_closure(x: f64, y: f64) -> Result<f64, &'static str> {
    let scaled = |by: f64| {
        should!(by > 0.0);
        by * x
    };
    refuse!(y < 0.0 => "negative");
    Ok(scaled(y) * scaled(2.0))
}

#[test]
fn macros_that_look() {
    let spring = Spring {
        stiffness: 2.0,
        lengths: vec![1.5, 0.5],
    };
    for x in [0.3, 1.0, 7.5] {
        assert_gradient!(spring.energy(x));
        assert_gradient!(spring.seen_through(x));
        assert_gradient!(shadowed(x, 0.4));
    }
    let (v, mut out) = ([0.5, -1.5, 2.0], [1.0, 2.0, 3.0]);
    let (d_x, d_scale, d_v, _) = sound_grad(0.7, &1.3, &v, &mut out);
    let at = |x: f64, scale: f64, v: &[f64]| sound(x, &scale, v, &mut [1.0, 2.0, 3.0]);
    let h = 1e-6;
    let slope = |plus: f64, minus: f64| (plus - minus) / (2.0 * h);
    let near = |a: f64, b: f64| assert!((a - b).abs() < 1e-7, "{a} {b}");
    near(d_x, slope(at(0.7 + h, 1.3, &v), at(0.7 - h, 1.3, &v)));
    near(d_scale, slope(at(0.7, 1.3 + h, &v), at(0.7, 1.3 - h, &v)));
    for i in 0..3 {
        let (mut plus, mut minus) = (v, v);
        plus[i] += h;
        minus[i] -= h;
        near(d_v[i], slope(at(0.7, 1.3, &plus), at(0.7, 1.3, &minus)));
    }
}

#[test]
fn macros_that_leave_with_a_failure() {
    assert_eq!(checked_grad(2.0, 3), Ok(13.0));
    assert_eq!(checked_value_and_grad(2.0, 0), Ok((3.0, 1.0)));
    assert_eq!(checked_grad(f64::NAN, 3), Err("x is no number"));
    assert_eq!(checked_grad(1e3, 3), Err("too large"));
    assert_eq!(checked_grad(0.0, 1), Err("too small"));
    assert_eq!(in_an_arm_grad(2.0, 3.0), Ok((12.0, 4.0)));
    assert_eq!(in_an_arm_grad(2.0, 3.5), Err("3.5 is too large".into()));
    assert_eq!(in_an_arm_grad(-1.0, 4.0), Err("negative".into()));
    assert_eq!(in_an_arm_grad(1.0, 4.0), Ok((1.0, 0.25)));
    assert_eq!(known_only_grad(3.0, Some(4)), Some(6.0));
    assert_eq!(known_only_grad(3.0, Some(5)), None);
    assert_eq!(from_a_closure_grad(3.0, 4.0), Ok((48.0, 18.0)));
    assert_eq!(from_a_closure_grad(3.0, -4.0), Err("negative"));
    let mut d_x = 7.0;
    assert!(checked_vjp(1e3, 3, Some(1.0), &mut d_x, tapeless::Inactive).is_err());
    assert_eq!(d_x, 7.0);
}
