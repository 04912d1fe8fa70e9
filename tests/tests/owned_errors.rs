//! Errors that cannot be cloned, and functions with capital letters.

use tapeless::check::assert_gradient;
use tapeless::differentiate;

#[derive(Debug, PartialEq)]
enum Fault {
    Negative,
}

type Checked = Result<f64, Fault>;

#[differentiate]
fn early(x: f64, y: f64) -> Checked {
    let x = if x < 0.0 {
        if y > 1.0 {
            0.5
        } else {
            return Err(Fault::Negative);
        }
    } else {
        x
    };
    Ok(x.sqrt() * y)
}

#[differentiate]
fn nested(xs: &[f64], y: f64) -> Checked {
    let mut sum = 0.0;
    for a in xs {
        for b in xs {
            if *b < 0.0 {
                return Err(Fault::Negative);
            }
            sum += a * b * y;
        }
    }
    Ok(sum * y)
}

#[differentiate]
#[allow(non_snake_case)]
fn Tv2p(t: f64, v: f64) -> f64 {
    t * v * v
}

#[differentiate]
fn pressure(t: f64, v: f64) -> f64 {
    let p: f64 = Tv2p(t + 1.0, v);
    p * p
}

/// What the fault becomes on its way out; neither can be cloned.
#[derive(Debug, PartialEq)]
struct Report(Fault);

impl From<Fault> for Report {
    fn from(fault: Fault) -> Self {
        Report(fault)
    }
}

#[differentiate]
fn scaled(x: f64, y: f64) -> Checked {
    Ok(3.0 * early(x, y)?)
}

#[differentiate]
fn converted(x: f64, y: f64) -> Result<f64, Report> {
    let first = early(x, y)?;
    let second = scaled(first + 1.0, y)?;
    Ok(first * second * early(x - 1.0, y + 1.0)?)
}

#[differentiate]
fn by_hand(x: f64, y: f64) -> Checked {
    match early(x, y) {
        Ok(root) => Ok(root * root * root),
        Err(fault) => Err(fault),
    }
}

#[test]
fn errors_that_callees_give_are_handed_on() {
    assert_gradient!(scaled(0.7, 0.3));
    assert_eq!(scaled_grad(-0.7, 0.3), Err(Fault::Negative));
    assert_gradient!(converted(1.7, 0.3));
    assert_gradient!(converted(0.7, 1.3));
    assert_eq!(converted_grad(-0.7, 0.3), Err(Report(Fault::Negative)));
    assert_gradient!(by_hand(0.7, 0.3));
    assert_eq!(by_hand_grad(-0.7, 0.3), Err(Fault::Negative));
}

#[test]
fn gradients() {
    assert_gradient!(early(0.7, 0.3));
    assert_gradient!(early(-0.7, 1.3));
    assert_eq!(early_grad(-0.7, 0.3), Err(Fault::Negative));
    assert_gradient!(nested(&[0.7, 1.2], 0.3));
    assert_eq!(nested_grad(&[0.7, -1.2], 0.3), Err(Fault::Negative));
    assert_gradient!(pressure(0.7, 0.3));
}

/// The error of the element that is met leaves the loop, while the results before it are recorded.
#[differentiate]
fn root(x: f64) -> Checked {
    if x < 0.0 {
        return Err(Fault::Negative);
    }
    Ok(x.sqrt())
}

#[differentiate]
fn iterated(xs: &[f64], rate: f64) -> Checked {
    let mut state = rate;
    for &x in xs {
        state = state * root(x * state)? + 0.1;
    }
    Ok(state)
}

#[differentiate]
fn listed(xs: &[f64]) -> Result<f64, Fault> {
    let mut roots = Vec::new();
    for &x in xs {
        roots.push(root(x)?.sin() * x);
    }
    let mut product = 1.0;
    for root in &roots {
        product *= product + root;
    }
    Ok(product)
}

#[differentiate]
fn summed(xs: &[f64]) -> Result<f64, Fault> {
    xs.iter().map(|&x| root(x)).sum()
}

#[differentiate]
fn collected(xs: &[f64]) -> Result<f64, Fault> {
    let roots: Result<Vec<f64>, Fault> = xs.iter().map(|&x| root(x)).collect();
    let roots = roots?;
    let mut sum = 1.0;
    for (root, x) in roots.iter().zip(xs) {
        let factor = root * x * sum;
        sum *= factor;
    }
    Ok(sum)
}

#[test]
fn errors_leave_loops_whose_results_are_recorded() {
    let xs = [0.3, 1.2, 0.7];
    assert_gradient!(iterated(&xs, 0.8));
    assert_gradient!(listed(&xs));
    assert_gradient!(summed(&xs));
    assert_gradient!(collected(&xs));
    assert_eq!(iterated_grad(&[0.3, -1.2], 0.8), Err(Fault::Negative));
    assert_eq!(summed_grad(&[0.3, -1.2]), Err(Fault::Negative));
}

/// Results that leave a loop early, good or bad.
#[differentiate]
fn newton(amounts: &[f64], guess: f64, most: usize) -> Result<f64, Fault> {
    let mut rate = guess;
    for round in 0..most {
        let f = amounts.iter().fold(0.0, |sum, a| sum * rate + a);
        let slope = (2.0 * amounts[0] * rate) + amounts[1];
        rate -= f / slope;
        if f.abs() < 1e-13 {
            return Ok(rate * amounts[0]);
        }
        if round > 40 {
            return Err(Fault::Negative);
        }
    }
    Err(Fault::Negative)
}

#[test]
fn results_leave_loops_early() {
    assert_gradient!(newton(&[1.0, 0.5, -2.0], 1.0, 30));
    assert_eq!(newton_grad(&[1.0, 0.5, -2.0], 1.0, 2), Err(Fault::Negative));
    assert_eq!(newton_grad(&[1.0, 0.5, -2.0], 1.0, 0), Err(Fault::Negative));
    assert_eq!(newton_grad(&[1.0, 0.0, 2.0], 0.7, 90), Err(Fault::Negative));
}

/// What `?` stands for, spelled out.
#[differentiate]
#[allow(clippy::question_mark, reason = "the arms are what is tested")]
fn spelled_out(xs: &[f64]) -> Checked {
    let mut sum = 1.0;
    for &x in xs {
        let root = match root(x) {
            Ok(root) => root,
            Err(fault) => return Err(fault),
        };
        sum *= root * root + root;
    }
    Ok(sum)
}

#[differentiate]
fn reported(xs: &[f64], y: f64) -> Result<f64, Report> {
    let mut sum = y;
    let mut at = 0;
    while at < xs.len() {
        match root(xs[at] * sum) {
            Ok(root) if root > 2.0 => break,
            Ok(root) => sum += root * y,
            Err(fault) => return Err(Report(fault)),
        }
        at += 1;
    }
    Ok(sum * sum)
}

#[test]
fn by_arms() {
    for xs in [&[0.7, 1.2][..], &[], &[1.3]] {
        assert_gradient!(spelled_out(xs));
        assert_gradient!(reported(xs, 0.8));
    }
    assert_gradient!(reported(&[0.7, 9.5, -1.0], 0.8));
    assert_eq!(spelled_out_grad(&[0.7, -1.2]), Err(Fault::Negative));
    assert_eq!(
        reported_grad(&[0.7, -1.2], 0.5),
        Err(Report(Fault::Negative))
    );
}
