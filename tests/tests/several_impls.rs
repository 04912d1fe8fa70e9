//! Several implementations of one trait for one type: the siblings are members of the trait, each for its own arguments.

use tapeless::check::assert_gradient;
use tapeless::{differentiate, Differentiable, Inactive};

#[derive(Clone, Copy, Debug, Differentiable)]
struct Ellipsoid {
    a: f64,
    f: f64,
}

/// The result is the trait's parameter.
#[differentiate]
trait Direct<T> {
    fn direct(&self, lat: f64, lon: f64) -> T;
}

#[differentiate(in_trait)]
impl Direct<(f64, f64)> for Ellipsoid {
    fn direct(&self, lat: f64, lon: f64) -> (f64, f64) {
        (self.a * lat.sin(), self.f * lon)
    }
}

#[differentiate(in_trait)]
impl Direct<(f64, f64, f64)> for Ellipsoid {
    fn direct(&self, lat: f64, lon: f64) -> (f64, f64, f64) {
        (self.a * lat, lat * lon, self.f * lon)
    }
}

#[differentiate(in_trait)]
impl Direct<f64> for Ellipsoid {
    fn direct(&self, lat: f64, lon: f64) -> f64 {
        self.a * lat.sin() + self.f * lon
    }
}

/// An argument is the trait's parameter.
#[differentiate]
trait Eval<X> {
    fn eval(&self, x: X) -> f64;
}

#[differentiate(in_trait)]
impl Eval<f64> for Ellipsoid {
    fn eval(&self, x: f64) -> f64 {
        self.a * x * x
    }
}

#[differentiate(in_trait)]
impl Eval<[f64; 2]> for Ellipsoid {
    fn eval(&self, x: [f64; 2]) -> f64 {
        self.f * x[0] * x[1] + self.eval(x[0])
    }
}

#[differentiate]
fn both(e: &Ellipsoid, x: f64) -> f64 {
    e.eval(x) + e.eval([x, 2.0 * x])
}

#[test]
fn each_has_its_siblings() {
    let e = Ellipsoid { a: 1.3, f: 0.2 };
    assert_gradient!(both(&e, 0.7));
    let mut d_lat = 0.0;
    let _: (f64, f64) = e.direct_vjp(0.7, 0.3, (1.0, 0.0), Inactive, &mut d_lat, Inactive);
    assert!((d_lat - 1.3 * 0.7_f64.cos()).abs() < 1e-15);
    let (d, d_lat, d_lon) = Direct::<f64>::direct_grad(&e, 0.7, 0.3);
    assert!((d.a - 0.7_f64.sin()).abs() < 1e-15 && d.f == 0.3 && d_lon == 0.2);
    assert!((d_lat - 1.3 * 0.7_f64.cos()).abs() < 1e-15);
}

/// The trait is of what it is given, by value or behind a reference.
#[differentiate]
trait Next<T> {
    type Output;
    fn next(&mut self, input: T) -> Self::Output;
}

#[differentiate]
trait Close {
    fn close(&self) -> f64;
}

#[derive(Clone, Debug, Differentiable)]
struct Bar {
    close: f64,
    volume: f64,
}

#[derive(Clone, Debug, Differentiable)]
struct Trade(f64);

#[differentiate(in_trait)]
impl Close for Trade {
    fn close(&self) -> f64 {
        self.0 * self.0
    }
}

#[derive(Clone, Debug, Differentiable)]
struct Average {
    k: f64,
    value: f64,
}

#[differentiate(in_trait)]
impl Next<f64> for Average {
    type Output = f64;
    fn next(&mut self, input: f64) -> Self::Output {
        self.value = self.k * input + (1.0 - self.k) * self.value;
        self.value
    }
}

#[differentiate(in_trait)]
impl Next<&Bar> for Average {
    type Output = f64;
    fn next(&mut self, input: &Bar) -> Self::Output {
        self.next(input.close * input.volume)
    }
}

#[differentiate(in_trait)]
impl<'t, T: Close + Differentiable> Next<&'t (T, f64)> for Average {
    type Output = f64;
    fn next(&mut self, input: &'t (T, f64)) -> Self::Output {
        let (trade, weight) = input;
        self.next(trade.close() * *weight)
    }
}

#[differentiate]
fn followed(k: f64, x: &[f64], bar: &Bar, trade: &(Trade, f64)) -> f64 {
    let mut average = Average { k, value: 0.0 };
    let mut total = 0.0;
    for &x in x {
        total += average.next(x);
    }
    total + average.next(bar) * average.next(trade) * average.value
}

#[test]
fn of_references() {
    let bar = Bar {
        close: 3.0,
        volume: 0.5,
    };
    let trade = (Trade(1.5), 0.7);
    assert_gradient!(followed(0.3, &[1.0, 2.0, -1.0], &bar, &trade));
    let mut average = Average { k: 0.5, value: 0.0 };
    let (d, d_bar) = average.next_grad(&bar);
    assert_eq!((d.k, d_bar.close, d_bar.volume), (1.5, 0.25, 1.5));
}

/// By number of dimensions, written by a macro.
#[differentiate]
trait Noise<const N: usize> {
    fn get(&self, point: [f64; N]) -> f64;
}

macro_rules! noise {
    ($($n:literal)*) => {$(
        #[differentiate(in_trait)]
        impl Noise<$n> for Average {
            fn get(&self, point: [f64; $n]) -> f64 {
                point[0].sin() * point[$n - 1] * self.k
            }
        }
    )*};
}

noise!(2 3);

#[differentiate]
fn noises(k: f64, x: f64) -> f64 {
    let average = Average { k, value: 0.0 };
    average.get([x, 2.0]) + average.get([x, 1.0, x])
}

#[test]
fn of_numbers() {
    assert_gradient!(noises(0.3, 0.7));
}

/// A trait of somebody else's, that a type has twice: the second's siblings have names of their own.
trait Feed<T> {
    fn feed(&mut self, input: T) -> f64;
    fn twice(&mut self, input: T) -> f64;
}

#[differentiate]
impl Feed<f64> for Average {
    fn feed(&mut self, input: f64) -> f64 {
        self.next(input)
    }

    fn twice(&mut self, input: f64) -> f64 {
        self.feed(input * 2.0)
    }
}

#[differentiate(name = bar)]
impl Feed<&Bar> for Average {
    fn feed(&mut self, input: &Bar) -> f64 {
        self.feed(input.close * input.volume)
    }

    fn twice(&mut self, input: &Bar) -> f64 {
        input.close * input.close
    }
}

#[test]
fn of_somebody_elses() {
    let mut average = Average { k: 0.5, value: 0.0 };
    let (value, (d, dx)) = average.twice_value_and_grad(3.0);
    assert_eq!((value, d.k, dx), (3.0, 6.0, 1.0));
    assert_eq!(Feed::twice(&mut Average { k: 0.5, value: 0.0 }, 3.0), value);
    let bar = Bar {
        close: 3.0,
        volume: 0.5,
    };
    let mut average = Average { k: 0.5, value: 0.0 };
    let (value, (d, d_bar)) = average.bar_feed_value_and_grad(&bar);
    assert_eq!((value, d.k, d_bar.close), (0.75, 1.5, 0.25));
    assert_eq!(average.bar_twice_grad(&bar).1.close, 6.0);
}

#[derive(Clone, Debug, Differentiable)]
struct Bands<T> {
    upper: T,
    lower: T,
}

/// What the trait calls the result is a struct, made and taken apart by that name.
trait Bounded {
    type Output;
    fn bands(&self, x: f64) -> Self::Output;
    fn width(&self, x: f64) -> f64;
}

#[differentiate]
impl Bounded for Average {
    type Output = Bands<f64>;

    fn bands(&self, x: f64) -> Self::Output {
        Self::Output {
            upper: self.value + self.k * x,
            lower: self.value - x,
        }
    }

    fn width(&self, x: f64) -> f64 {
        let Self::Output { upper, lower } = self.bands(x);
        upper - lower
    }
}

#[test]
fn results_by_the_name_of_the_trait() {
    let average = Average { k: 0.5, value: 2.0 };
    assert_eq!(Bounded::width(&average, 3.0), 4.5);
    assert_eq!(average.width_grad(3.0).1, 1.5);
}

/// Of a trait without siblings one implementation has the names, the other has some of its own.
mod apart {
    use tapeless::{differentiate, Differentiable};

    pub trait Next<T> {
        fn next(&mut self, input: T) -> f64;
    }

    #[derive(Clone, Debug, Differentiable)]
    pub struct Average(pub f64);

    #[derive(Clone, Debug, Differentiable)]
    pub struct Bar {
        pub close: f64,
    }

    #[differentiate]
    impl Next<f64> for Average {
        fn next(&mut self, mut input: f64) -> f64 {
            input *= 0.5;
            self.0 = 0.5 * self.0 + input;
            self.0
        }
    }

    #[differentiate(name = bar)]
    impl Next<&Bar> for Average {
        fn next(&mut self, input: &Bar) -> f64 {
            self.0 = 0.25 * self.0 + input.close;
            self.0
        }
    }

    impl Average {
        fn bar_next(&mut self, input: &Bar) -> f64 {
            self.next(input)
        }
    }

    #[differentiate]
    pub fn product(average: &Average, x: f64, bar: &Bar) -> f64 {
        let mut average = average.clone();
        let first = average.next(x) * average.next(2.0);
        first * average.bar_next(bar)
    }
}

#[test]
fn each_has_its_rule() {
    let (average, bar) = (apart::Average(1.2), apart::Bar { close: 0.7 });
    assert_gradient!(apart::product(&average, 0.4, &bar));
}
