//! Result types the macro cannot see through, `Option` and `Result`.

use tapeless::{Differentiable, Seed, Slot};

use crate::assert_close;

type Energy = f64;
type Perhaps = Option<f32>;
type Many = Vec<f64>;

fn energy(x: f64) -> Energy {
    x * x
}

fn energy_vjp(
    x: f64,
    d_out: <Energy as Differentiable>::Cotangent,
    mut d_x: impl Slot<f64>,
) -> Energy {
    Slot::add(&mut d_x, 2.0 * d_out * x);
    x * x
}

/// The bound is checked where this is called.
fn energy_grad<'t>(x: f64) -> <Energy as Seed<'t>>::Grad<f64>
where
    Energy: Seed<'t>,
{
    let mut d_x = x.zero_cotangent();
    let out: Energy = energy_vjp(x, <Energy as Seed<'t>>::one(), &mut d_x);
    Seed::grad(out, d_x)
}

fn energy_value_and_grad<'t>(x: f64) -> <Energy as Seed<'t>>::ValueAndGrad<f64>
where
    Energy: Seed<'t>,
{
    let mut d_x = x.zero_cotangent();
    let out: Energy = energy_vjp(x, <Energy as Seed<'t>>::one(), &mut d_x);
    Seed::value_and_grad(out, d_x)
}

#[test]
fn an_alias_of_a_float() {
    let gradient: f64 = energy_grad(3.0);
    assert_eq!(gradient, 6.0);
    assert_eq!(energy_value_and_grad(3.0), (9.0, 6.0));
    assert_eq!(energy(3.0), 9.0);
}

fn root_vjp(
    x: f32,
    d_out: <Perhaps as Differentiable>::Cotangent,
    mut d_x: impl Slot<f32>,
) -> Perhaps {
    if x < 0.0 {
        return None;
    }
    let out = x.sqrt();
    if let Some(d_out) = d_out {
        Slot::add(&mut d_x, 0.5 * d_out / out);
    }
    Some(out)
}

fn root_value_and_grad<'t>(x: f32) -> <Perhaps as Seed<'t>>::ValueAndGrad<f32>
where
    Perhaps: Seed<'t>,
{
    let mut d_x = x.zero_cotangent();
    let out: Perhaps = root_vjp(x, <Perhaps as Seed<'t>>::one(), &mut d_x);
    Seed::value_and_grad(out, d_x)
}

#[test]
fn an_alias_of_an_option() {
    assert_eq!(root_value_and_grad(4.0), Some((2.0, 0.25)));
    assert_eq!(root_value_and_grad(-4.0), None);
}

/// A function without a gradient compiles beside its uncallable siblings.
fn many_vjp(x: f64, d_out: <Many as Differentiable>::Cotangent, mut d_x: impl Slot<f64>) -> Many {
    Slot::add(&mut d_x, d_out[0] + d_out[1]);
    vec![x, x]
}

#[allow(dead_code)]
fn many_grad<'t>(x: f64) -> <Many as Seed<'t>>::Grad<f64>
where
    Many: Seed<'t>,
{
    let mut d_x = x.zero_cotangent();
    let out: Many = many_vjp(x, <Many as Seed<'t>>::one(), &mut d_x);
    Seed::grad(out, d_x)
}

#[test]
fn an_alias_of_something_without_gradient() {
    let mut d_x = 0.0;
    assert_eq!(many_vjp(2.0, vec![1.0, 2.0], &mut d_x), [2.0, 2.0]);
    assert_eq!(d_x, 3.0);
}

fn safe_ln(x: f64) -> Result<f64, String> {
    if x > 0.0 {
        Ok(x.ln())
    } else {
        Err(format!("ln({x})"))
    }
}

fn safe_ln_vjp(x: f64, d_out: Option<f64>, mut d_x: impl Slot<f64>) -> Result<f64, String> {
    if x > 0.0 {
        if let Some(d_out) = d_out {
            Slot::add(&mut d_x, d_out / x);
        }
        Ok(x.ln())
    } else {
        Err(format!("ln({x})"))
    }
}

/// `let a = safe_ln(x)?; let b = safe_ln(y)?; Ok(a * b)`: the error leaves by its own exit.
fn product_vjp(
    x: f64,
    y: f64,
    d_out: Option<f64>,
    mut d_x: impl Slot<f64>,
    mut d_y: impl Slot<f64>,
) -> Result<f64, String> {
    let a = match safe_ln(x) {
        Ok(a) => a,
        Err(error) => return Err(error),
    };
    let b = match safe_ln(y) {
        Ok(b) => b,
        Err(error) => return Err(error),
    };
    if let Some(d_out) = d_out {
        let _ = safe_ln_vjp(y, Some(d_out * a), Slot::project(&mut d_y, |d| d));
        let _ = safe_ln_vjp(x, Some(d_out * b), Slot::project(&mut d_x, |d| d));
    }
    Ok(a * b)
}

fn product_value_and_grad(x: f64, y: f64) -> Result<(f64, (f64, f64)), String> {
    let (mut d_x, mut d_y) = (0.0, 0.0);
    let out = product_vjp(x, y, Some(1.0), &mut d_x, &mut d_y);
    out.map(|value| (value, (d_x, d_y)))
}

#[test]
fn a_result_and_its_question_mark() {
    let (value, (d_x, d_y)) = product_value_and_grad(2.0, 3.0).unwrap();
    assert_close(value, 2.0_f64.ln() * 3.0_f64.ln());
    assert_close(d_x, 3.0_f64.ln() / 2.0);
    assert_close(d_y, 2.0_f64.ln() / 3.0);
    assert_eq!(product_value_and_grad(2.0, -1.0).unwrap_err(), "ln(-1)");
}
