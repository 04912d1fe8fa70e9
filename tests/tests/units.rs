//! Newtypes for units, and plain numbers beside them: a trait that floats, integers and newtypes implement, and conversions
//! that generic code asks for.

use core::ops::{Add, AddAssign, Div, Mul, Neg};

use tapeless::check::assert_gradient;
use tapeless::{differentiate, Differentiable, Inactive};

#[differentiate]
trait Quantity: Copy {
    fn pack(_: f64) -> Self;

    fn unpack(self) -> f64;

    fn into_option(self) -> Option<f64>;

    fn abs(self) -> Self {
        Self::pack(self.unpack().abs())
    }
}

#[differentiate(in_trait)]
impl Quantity for f64 {
    fn pack(value: f64) -> f64 {
        value
    }

    fn unpack(self) -> f64 {
        self
    }

    fn into_option(self) -> Option<f64> {
        Some(self)
    }
}

#[differentiate(in_trait)]
impl Quantity for u8 {
    fn pack(value: f64) -> u8 {
        value as u8
    }

    fn unpack(self) -> f64 {
        f64::from(self)
    }

    fn into_option(self) -> Option<f64> {
        Some(f64::from(self))
    }
}

macro_rules! quantity {
    ($name:ident) => {
        #[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
        struct $name(f64);

        #[differentiate(in_trait)]
        impl Quantity for $name {
            fn pack(value: f64) -> Self {
                $name(value)
            }

            fn unpack(self) -> f64 {
                self.0
            }

            fn into_option(self) -> Option<f64> {
                if self.0 < 0.0 {
                    None
                } else {
                    Some(self.0)
                }
            }
        }

        #[differentiate]
        impl<T> Add<T> for $name
        where
            $name: From<T> + Quantity,
            T: Quantity,
        {
            type Output = $name;

            fn add(self, rhs: T) -> Self::Output {
                let rhs = $name::from(rhs);
                Self::pack(self.unpack() + rhs.unpack())
            }
        }

        #[differentiate]
        impl<T> AddAssign<T> for $name
        where
            $name: From<T> + Quantity,
            T: Quantity,
        {
            fn add_assign(&mut self, rhs: T) {
                let rhs = $name::from(rhs);
                *self = Self::pack(self.unpack() + rhs.unpack());
            }
        }

        #[differentiate]
        impl<T> Div<T> for $name
        where
            $name: From<T> + Quantity,
            T: Quantity,
        {
            type Output = f64;

            fn div(self, rhs: T) -> Self::Output {
                let rhs = $name::from(rhs);
                self.unpack() / rhs.unpack()
            }
        }

        #[differentiate]
        impl Neg for $name {
            type Output = $name;

            fn neg(self) -> Self::Output {
                Self::Output::pack(-self.unpack())
            }
        }

        #[differentiate]
        impl Mul<f64> for $name {
            type Output = $name;

            fn mul(self, rhs: f64) -> Self::Output {
                Self::pack(self.unpack() * rhs)
            }
        }
    };
}

quantity!(Km);
quantity!(Meters);

#[differentiate]
impl From<Km> for Meters {
    fn from(v: Km) -> Self {
        Meters(v.0 * 1000.0)
    }
}

#[differentiate]
impl From<Meters> for Km {
    fn from(v: Meters) -> Self {
        Km(v.0 / 1000.0)
    }
}

#[differentiate]
fn product<T: Quantity>(a: T, b: T) -> f64 {
    a.unpack() * b.unpack() + a.abs().unpack()
}

#[differentiate]
fn area<T>(a: T, k: f64) -> Option<f64>
where
    T: Quantity,
    Meters: From<T>,
{
    let Meters(m) = Meters::from(a);
    if m < 0.0 {
        None
    } else {
        Some(m * m * k)
    }
}

/// What it is converted to stands nowhere in the signature.
#[differentiate]
fn converted<A: Quantity, B: Quantity + From<A>>(a: A) -> f64 {
    let b = B::from(a);
    b.unpack().sin()
}

#[differentiate]
fn into<A: Quantity + Into<B>, B: Quantity>(a: A) -> f64 {
    let b: B = a.into();
    b.unpack() * b.unpack()
}

#[differentiate]
fn widened<T: num_traits::Float>(x: T, k: f64) -> f64
where
    f64: From<T>,
{
    f64::from(x.sin()) * k
}

#[differentiate]
fn polar<S: Quantity>(x: S, y: S) -> (f64, S) {
    let length = (x.unpack().powi(2) + y.unpack().powi(2)).sqrt();
    (y.unpack().atan2(x.unpack()), S::pack(length))
}

#[differentiate]
fn in_units(a: f64, b: f64) -> f64 {
    let (a, b) = (Meters(a), Km(b));
    let mut sum = a + b;
    sum += a;
    let turned = -sum * 2.0;
    turned / b + turned.abs().unpack() + 3u8.unpack() * a.0
}

#[differentiate]
fn called(a: f64, b: f64) -> f64 {
    let ratio = converted::<Meters, Km>(Meters(a)) + area::<Meters>(Meters(a), b).unwrap_or(0.0);
    let (angle, length) = polar(Km(a), Km(b));
    ratio * product(a, b) + angle + length.0 + into::<Km, Meters>(Km(b)) + widened(a, b)
}

#[differentiate]
fn stepped(x: f64, k: f64) -> f64 {
    u8::pack(x).unpack() * k
}

#[test]
fn units_and_numbers_go_side_by_side() {
    for (a, b) in [(2.5, 0.7), (-1.5, 2.0), (0.25, -0.5), (1200.0, 1.0)] {
        assert_gradient!(in_units(a, b));
        assert_gradient!(called(a, b));
    }
}

#[test]
fn a_conversion_into_itself_changes_nothing() {
    let (value, (a, k)) = area_value_and_grad(Meters(3.0), 0.5).unwrap();
    assert_eq!((value, a.0, k), (4.5, 3.0, 9.0));
    assert!(area_grad(Meters(-3.0), 0.5).is_none());
    let (value, (a, _)) = area_value_and_grad(Km(0.5), 2.0).unwrap();
    assert_eq!((value, a.0), (500_000.0, 2_000_000.0));
}

#[test]
fn nothing_flows_through_an_integer() {
    assert_eq!(stepped_grad(7.5, 2.0), (0.0, 7.0));
    assert_eq!(u8::pack_vjp(7.5, (), Inactive), 7);
    assert_eq!(product_grad(3u8, 4u8), ((), ()));
    assert_eq!(product_grad(-3.0, 4.0), (3.0, -3.0));
}

#[test]
fn other_floats_convert() {
    let (dx, dk) = widened_grad(0.5_f32, 2.0);
    assert!((f64::from(dx) - 2.0 * 0.5_f64.cos()).abs() < 1e-6);
    assert!((dk - 0.5_f64.sin()).abs() < 1e-6);
}

/// Of a macro whose meaning is not seen the compiler makes sure that it only looks.
macro_rules! should {
    ($condition:expr) => {
        if !$condition {
            panic!("it should be so");
        }
    };
}

#[differentiate]
fn checked<T>(x: T, k: f64) -> f64
where
    T: Quantity,
    Meters: From<T>,
{
    should!(x.into_option().is_some());
    let Meters(m) = Meters::from(x);
    m * k
}

#[test]
fn macros_look_at_what_is_generic() {
    assert_eq!(checked_grad(Km(0.5), 2.0), (KmCotangent(2000.0), 500.0));
}
