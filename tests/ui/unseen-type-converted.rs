use tapeless::{differentiate, Differentiable};

#[derive(Clone, Copy, Differentiable)]
struct Hsl(f64);

#[derive(Clone, Copy, Differentiable)]
struct Rgb(f64);

#[differentiate]
impl From<Hsl> for Rgb {
    fn from(hsl: Hsl) -> Rgb {
        Rgb(hsl.0)
    }
}

#[differentiate]
impl From<&mut Hsl> for Rgb {
    fn from(hsl: &mut Hsl) -> Rgb {
        Rgb(hsl.0)
    }
}

#[differentiate]
fn lightness(rgb: &Rgb, k: f64) -> f64 {
    rgb.0 * k
}

#[differentiate]
fn f(x: f64) -> f64 {
    lightness(&Hsl(x).into(), x).sin()
}

fn main() {}
