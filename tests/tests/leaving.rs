//! Macros that leave a function with an error, as those of `anyhow` are.

use tapeless::check::assert_gradient;
use tapeless::differentiate;

/// Cannot be cloned.
#[derive(Debug, PartialEq)]
struct Error(String);

type Result<T> = core::result::Result<T, Error>;

macro_rules! bail {
    ($($text:tt)*) => { return Err(Error(format!($($text)*))) };
}

macro_rules! ensure {
    ($test:expr, $($text:tt)*) => {
        match $test {
            true => {}
            false => bail!($($text)*),
        }
    };
}

#[differentiate]
fn fixed_point(x: f64, mut y: f64) -> Result<f64> {
    for _ in 0..30 {
        let next = 0.5 * (y + x / y);
        if next == 1.0 {
            return Ok(1.0);
        }
        if (next - y).abs() < 1e-13 {
            return Ok(next * x);
        }
        y = next;
    }
    bail!("no root of {x} from {y}")
}

#[differentiate]
fn checked(xs: &[f64], k: f64) -> Result<f64> {
    ensure!(!xs.is_empty(), "nothing");
    let mut sum = 0.0;
    for (i, x) in xs.iter().enumerate() {
        if *x < 0.0 {
            bail!("{} at {}", x, i);
        }
        sum += match xs.get(i + 1) {
            Some(y) => x.sqrt() * y * k,
            None if k > 5.0 => bail!("too large"),
            None => k * k,
        };
    }
    ensure!(sum < 100.0, "a sum of {sum:.1}");
    Ok(sum * fixed_point(k, 1.5)?)
}

#[test]
fn what_is_left_has_a_gradient() {
    assert_gradient!(fixed_point(2.0, 1.4));
    assert_gradient!(checked(&[0.3, 0.7, 1.2], 0.8));
}

#[test]
fn errors_are_those_of_the_primal() {
    for (x, y) in [(-2.0, 1.4), (1.0, 1.0)] {
        assert_eq!(
            fixed_point_value_and_grad(x, y).map(|(v, _)| v),
            fixed_point(x, y)
        );
    }
    let long = [9.0; 30];
    for (xs, k) in [
        (&[][..], 1.0),
        (&[0.1, -2.0], 1.0),
        (&[1.0], 6.0),
        (&long, 2.0),
        (&[0.4], -1.0),
    ] {
        let (left, right) = (checked_grad(xs, k).err(), checked(xs, k).err());
        assert!(left.is_some() && left == right, "{left:?}, {right:?}");
    }
}

/// A test that changes something is made once.
#[differentiate]
fn in_turn(xs: &[f64], names: &[char]) -> Result<f64> {
    let mut names: Vec<char> = names.to_vec();
    let mut product = 1.0;
    for x in xs {
        ensure!(names.pop() != Some('x'), "{x}, and {} left", names.len());
        product *= x;
    }
    Ok(product)
}

#[test]
fn a_test_is_made_once() {
    let xs = [0.4, 0.7, 2.0];
    assert_gradient!(in_turn(&xs, &['a', 'b', 'c']));
    let names = ['a', 'x', 'c'];
    assert_eq!(in_turn_grad(&xs, &names).err(), in_turn(&xs, &names).err());
    assert_eq!(in_turn(&xs, &names).unwrap_err().0, "0.7, and 1 left");
}
