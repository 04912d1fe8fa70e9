//! `From` and `Into` of a user's types, each implemented more than once: `S::from(x)`, `x.into()`.

use tapeless::check::assert_gradient;
use tapeless::{differentiate, Differentiable, Real};

#[derive(Clone, Copy, Debug, Differentiable)]
struct Rgb {
    r: f64,
    g: f64,
    b: f64,
}

#[derive(Clone, Copy, Debug, Differentiable)]
struct Hsl {
    h: f64,
    s: f64,
    l: f64,
}

#[derive(Clone, Debug, Differentiable)]
struct Named {
    name: String,
    value: f64,
}

#[differentiate]
impl From<Hsl> for Rgb {
    fn from(hsl: Hsl) -> Rgb {
        Rgb {
            r: hsl.h * hsl.s,
            g: hsl.s * hsl.l,
            b: hsl.l.sin(),
        }
    }
}

#[differentiate]
impl From<&Hsl> for Rgb {
    fn from(hsl: &Hsl) -> Self {
        Self {
            r: hsl.h.exp(),
            ..Rgb::from(*hsl)
        }
    }
}

#[differentiate]
impl From<(f64, f64, f64)> for Rgb {
    fn from((r, g, b): (f64, f64, f64)) -> Self {
        Rgb { r, g, b }
    }
}

#[differentiate]
impl From<[f64; 3]> for Rgb {
    fn from(v: [f64; 3]) -> Self {
        Rgb::from((v[0], v[1], v[2]))
    }
}

#[differentiate]
impl From<&[f64]> for Rgb {
    fn from(v: &[f64]) -> Self {
        Rgb {
            r: v[0],
            g: v[1] * v[1],
            b: v[2],
        }
    }
}

#[differentiate]
impl From<Named> for Rgb {
    fn from(named: Named) -> Self {
        let n = named.name.len() as f64;
        Rgb::from([named.value, n, n * named.value])
    }
}

/// Types of the standard library are made of it.
#[differentiate]
impl From<Rgb> for (f64, f64, f64) {
    fn from(v: Rgb) -> Self {
        (v.r, v.g, v.b)
    }
}

#[differentiate]
impl From<Rgb> for f64 {
    fn from(v: Rgb) -> Self {
        v.r * v.g + v.b
    }
}

#[differentiate]
impl<'a> From<&'a Rgb> for Vec<f64> {
    fn from(v: &'a Rgb) -> Self {
        vec![v.r, v.g, v.b]
    }
}

/// By `Into` alone.
#[allow(clippy::from_over_into)]
#[differentiate]
impl Into<[f64; 2]> for Hsl {
    fn into(self) -> [f64; 2] {
        [self.h * self.s, self.s / self.l]
    }
}

#[differentiate]
fn by_value(h: f64, s: f64) -> f64 {
    let hsl = Hsl { h, s, l: h + 1.0 };
    let one: Rgb = hsl.into();
    let other = Rgb::from(&hsl);
    one.r + one.g * other.b + other.r
}

#[differentiate]
fn of_references(x: f64) -> f64 {
    let rgb = Rgb::from((x, x * x, 1.0 / x));
    let lent = &rgb;
    let v: Vec<f64> = lent.into();
    let w: Vec<f64> = (&rgb).into();
    v[0] * v[1] * w[2].sin()
}

#[differentiate]
fn of_standard_types(x: f64, v: &[f64]) -> f64 {
    let rgb = Rgb::from([x, 2.0 * x, x.sin()]);
    let (r, g, _): (f64, f64, f64) = rgb.into();
    let lightness: f64 = rgb.into();
    r * g + lightness * f64::from(Rgb::from(v))
}

#[differentiate]
fn by_into_alone(hsl: Hsl) -> f64 {
    let [a, b]: [f64; 2] = hsl.into();
    a * b
}

#[differentiate]
fn of_what_is_moved(value: f64) -> f64 {
    let name = String::from("teal");
    let rgb: Rgb = Named { name, value }.into();
    f64::from(rgb)
}

#[differentiate]
impl From<Rgb> for [f64; 3] {
    fn from(v: Rgb) -> Self {
        [v.r * v.g, v.g, v.b]
    }
}

#[differentiate]
fn ends_with_one(hsl: Hsl, k: f64) -> [f64; 3] {
    let rgb: Rgb = hsl.into();
    if k > 1.0 {
        return rgb.into();
    }
    Rgb { r: k, ..rgb }.into()
}

#[differentiate]
fn through_results(h: f64, k: f64) -> f64 {
    let v = ends_with_one(Hsl { h, s: k, l: h * k }, k);
    v[0] * v[1] + v[2].exp()
}

#[test]
fn the_result_says_what_is_made() {
    assert_gradient!(through_results(0.4, 0.8));
    assert_gradient!(through_results(0.4, 1.2));
}

#[test]
fn each_conversion_has_its_own_rule() {
    let hsl = Hsl {
        h: 0.3,
        s: 0.8,
        l: 1.7,
    };
    assert_gradient!(by_value(0.3, 0.4));
    assert_gradient!(of_references(0.7));
    assert_gradient!(of_standard_types(0.7, &[0.2, 1.5, -0.4]));
    assert_gradient!(by_into_alone(hsl));
    assert_gradient!(of_what_is_moved(-0.6));
}

#[derive(Clone, Copy, Debug, Differentiable)]
struct Mixed {
    narrow: f32,
    count: u8,
    rgb: Rgb,
    wide: f64,
}

/// Nothing tells the attribute which of these are numbers.
#[allow(
    clippy::useless_conversion,
    reason = "whatever the field turns out to be"
)]
#[differentiate]
fn of_fields(mixed: &Mixed, x: f64) -> f64 {
    let narrow: f64 = mixed.narrow.into();
    let count: f64 = mixed.count.into();
    let rgb: f64 = mixed.rgb.into();
    let sum = f64::from(mixed.narrow) + f64::from(mixed.count) + f64::from(mixed.wide);
    narrow * count * x + sum * x + f64::from(mixed.rgb) * rgb
}

#[test]
fn fields_are_numbers_or_structs() {
    let rgb = Rgb {
        r: 1.0,
        g: 2.0,
        b: 3.0,
    };
    let mixed = Mixed {
        narrow: 0.25,
        count: 3,
        rgb,
        wide: 0.5,
    };
    let (d, dx) = of_fields_grad(&mixed, 0.5);
    assert_eq!((d.narrow, d.wide, dx), (2.0, 0.5, 4.5));
    assert_eq!((d.rgb.r, d.rgb.g, d.rgb.b), (20.0, 10.0, 10.0));
}

/// A type parameter has the conversions of a real scalar, whatever else is converted beside it.
#[differentiate]
fn of_parameters<T: num_traits::Float + Into<f64>>(x: T, y: T) -> f64 {
    let wide: f64 = (x * y).into();
    let rgb: f64 = Rgb::from([wide, y.into(), 1.0]).into();
    rgb + T::from(2.0).unwrap().into()
}

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Pair<T> {
    a: T,
    b: T,
}

#[differentiate]
impl<T: Real> From<(T, T)> for Pair<T> {
    fn from((a, b): (T, T)) -> Self {
        Pair { a: a * b, b }
    }
}

/// Nothing says that these are floats.
#[differentiate]
impl<T: Copy> From<[T; 2]> for Pair<T> {
    fn from([a, b]: [T; 2]) -> Self {
        Pair { a, b }
    }
}

#[differentiate]
fn of_generic_types<T: Real>(x: T, y: T) -> T {
    let one = Pair::from((x, y));
    let two: Pair<T> = [one.a, x].into();
    two.a * two.b + one.b
}

#[test]
fn what_is_generic_converts_too() {
    let (dx, dy) = of_parameters_grad(0.5_f32, 0.25_f32);
    // (x y) y + 1 + 2
    assert_eq!((dx, dy), (0.0625, 0.25));
    assert_gradient!(of_generic_types(0.5_f64, 0.25_f64));
}

/// Conversions between types that the module is seen to derive `Differentiable` for need no attribute of their own; those
/// of errors are left alone.
#[differentiate]
mod units {
    use tapeless::Differentiable;

    #[derive(Clone, Copy, Debug, Differentiable)]
    pub struct Metres(pub f64);
    #[derive(Clone, Copy, Debug, Differentiable)]
    pub struct Feet(pub f64);
    #[derive(Debug)]
    pub struct Fault(#[allow(dead_code)] pub String);

    impl From<&str> for Fault {
        fn from(text: &str) -> Fault {
            Fault(text.to_string())
        }
    }
    impl From<Feet> for Metres {
        fn from(feet: Feet) -> Metres {
            Metres(feet.0 * 0.3048)
        }
    }
    impl From<f64> for Metres {
        fn from(length: f64) -> Metres {
            Metres(length * 1.5)
        }
    }
    impl From<[f64; 2]> for Metres {
        fn from([a, b]: [f64; 2]) -> Metres {
            Metres(a * b)
        }
    }
    impl From<Metres> for Feet {
        fn from(metres: Metres) -> Feet {
            Feet(metres.0 / 0.3048)
        }
    }
    impl From<Metres> for f64 {
        fn from(metres: Metres) -> f64 {
            metres.0 * metres.0
        }
    }

    pub fn there_and_back(x: f64) -> f64 {
        let short = Metres::from(Feet(x * x));
        let long: Metres = (x * 3.0).into();
        let product: Metres = [short.0, x].into();
        let feet: Feet = long.into();
        let square: f64 = product.into();
        square + feet.0 * short.0
    }
}

#[test]
fn a_module_converts_by_itself() {
    assert_gradient!(units::there_and_back(0.7));
    assert_eq!(format!("{:?}", units::Fault::from("x")), "Fault(\"x\")");
}
