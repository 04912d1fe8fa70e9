//! Values of types that the macro does not see: arrays behind fields, options that are constants, indices of one's own.

use core::ops::{Index, IndexMut};

use tapeless::{assert_gradient, differentiate, Differentiable};

#[derive(Clone, Differentiable)]
struct Body {
    place: [f64; 3],
    mass: Option<f64>,
}

#[differentiate]
fn scaled(body: &Body, k: f64) -> f64 {
    let moved = body.place.map(|x| (x * k).sin());
    moved[0] + moved[1] * moved[2]
}

#[differentiate]
fn directions(body: &Body, k: f64) -> [f64; 3] {
    body.place.map(|x| x * x * k)
}

#[differentiate]
fn length(body: &Body, k: f64) -> f64 {
    let squares = body.place.map(|x| x * x + k);
    squares.iter().sum::<f64>().sqrt()
}

#[differentiate]
fn weight(body: &Body, g: f64) -> f64 {
    body.mass.map(|mass| mass * g).unwrap_or(0.0)
}

fn body() -> Body {
    Body {
        place: [0.3, -1.2, 2.0],
        mass: Some(4.0),
    }
}

#[test]
fn an_array_behind_a_field_is_mapped() {
    assert_gradient!(scaled(&body(), 0.7));
    assert_gradient!(length(&body(), 0.7));
    let (mut d_body, mut d_k) = (body().zero_cotangent(), 0.0);
    let made = directions_vjp(&body(), 0.5, [1.0, 10.0, 100.0], &mut d_body, &mut d_k);
    assert_eq!(made, directions(&body(), 0.5));
    assert_eq!(d_body.place, [0.3, -12.0, 200.0]);
    assert_eq!(d_k, 0.3 * 0.3 + 10.0 * (1.2 * 1.2) + 400.0);
}

#[test]
fn an_option_behind_a_field_is_mapped() {
    let (d_body, d_g) = weight_grad(&body(), 9.81);
    assert_eq!((d_body.mass, d_g), (Some(9.81), 4.0));
    let none = Body {
        mass: None,
        ..body()
    };
    assert_eq!(weight_grad(&none, 9.81).1, 0.0);
}

#[derive(Differentiable)]
struct Fit {
    rate: f64,
    #[constant]
    count: Option<usize>,
    #[constant]
    offset: Option<f64>,
}

#[differentiate]
fn criterion(fit: &Fit, x: f64) -> f64 {
    let shift = if let Some(offset) = fit.offset {
        offset * x
    } else {
        x
    };
    fit.rate * (fit.count.unwrap() as f64).ln() + shift * fit.rate
}

#[test]
fn nothing_flows_into_an_option_that_is_constant() {
    for offset in [Some(0.5), None] {
        let fit = Fit {
            rate: 1.5,
            count: Some(20),
            offset,
        };
        let (d_fit, dx) = criterion_grad(&fit, 2.0);
        let shift = offset.unwrap_or(1.0);
        assert_eq!(d_fit.rate, 20.0_f64.ln() + shift * 2.0);
        assert_eq!((d_fit.count, dx), ((), shift * 1.5));
    }
}

/// Of three by three, whose cotangent is indexed as it is.
#[derive(Clone, Differentiable)]
struct Square {
    rows: [[f64; 3]; 3],
}

macro_rules! indexed {
    ($($square:ident),*) => {$(
        impl Index<(usize, usize)> for $square {
            type Output = f64;

            fn index(&self, (i, j): (usize, usize)) -> &f64 {
                &self.rows[i][j]
            }
        }

        impl IndexMut<(usize, usize)> for $square {
            fn index_mut(&mut self, (i, j): (usize, usize)) -> &mut f64 {
                &mut self.rows[i][j]
            }
        }
    )*};
}

indexed!(Square, SquareCotangent);

#[differentiate]
fn minor(square: &Square) -> f64 {
    square[(0, 0)] * square[(1, 1)] - square[(0, 1)] * square[(1, 0)]
}

#[differentiate]
fn powers(x: f64) -> Square {
    let mut square = Square {
        rows: [[0.0; 3]; 3],
    };
    for i in 0..3 {
        square[(i, 0)] = x * i as f64;
        square[(i, 1)] = x * x;
    }
    square
}

#[differentiate]
fn of_powers(x: f64) -> f64 {
    let square = powers(x);
    minor(&square) + square[(2, 0)].exp()
}

#[test]
fn an_index_of_ones_own() {
    let square = Square {
        rows: [[1.0, 2.0, 9.0], [3.0, 5.0, 9.0], [9.0, 9.0, 9.0]],
    };
    let d = minor_grad(&square);
    assert_eq!(d.rows, [[5.0, -3.0, 0.0], [-2.0, 1.0, 0.0], [0.0; 3]]);
    assert_gradient!(of_powers(0.6));
}

#[derive(Differentiable)]
struct Boxed {
    weights: Box<[f64]>,
}

#[differentiate]
fn of_a_box(boxed: &Boxed) -> f64 {
    boxed.weights[0] * boxed.weights[1]
}

#[test]
fn an_element_of_a_box_behind_a_field() {
    let boxed = Boxed {
        weights: Box::new([2.0, 3.0]),
    };
    assert_eq!(*of_a_box_grad(&boxed).weights, [3.0, 2.0]);
}

/// A length in some unit, of which the floats say nothing.
#[derive(Clone, Copy, Differentiable)]
struct Length<T, U> {
    metres: T,
    unit: core::marker::PhantomData<U>,
}

#[derive(Clone, Copy, Differentiable)]
struct Foot;

#[differentiate]
fn of<T: tapeless::Real, U>(metres: T) -> Length<T, U> {
    Length {
        metres: metres * metres,
        unit: core::marker::PhantomData,
    }
}

#[differentiate]
fn doubled<T: tapeless::Real, U>(x: T) -> Length<T, U> {
    of(x + x)
}

#[differentiate]
impl<T: tapeless::Real, U: Copy> core::ops::Add for Length<T, U> {
    type Output = Length<T, U>;

    fn add(self, other: Self) -> Self::Output {
        of(self.metres + other.metres)
    }
}

#[differentiate]
fn in_feet(x: f64) -> f64 {
    let length: Length<f64, Foot> = of(x);
    let longer: Length<f64, Foot> = doubled(x);
    length.metres * longer.metres
}

#[differentiate]
fn together(x: f64) -> f64 {
    let length: Length<f64, Foot> = of(x);
    (length + length).metres
}

#[test]
fn a_phantom_is_told_by_the_type_that_is_written() {
    // x² · 4x²
    assert_eq!(in_feet_grad(2.0), 128.0);
    // (2x²)²
    assert_eq!(together_grad(2.0), 128.0);
}
