//! Methods called as statements, of types that are not seen: whether they have a result is not, either.
use tapeless::{assert_gradient, differentiate, Differentiable};

mod elsewhere {
    use tapeless::{differentiate, Differentiable, Real};

    #[derive(Clone, Debug, Differentiable)]
    pub struct Ring {
        pub values: Vec<f64>,
        pub at: usize,
    }

    #[differentiate]
    impl Ring {
        pub fn push(&mut self, x: f64) -> f64 {
            let old = self.values[self.at];
            self.values[self.at] = x;
            self.at = (self.at + 1) % self.values.len();
            old
        }

        pub fn add(&mut self, x: f64) {
            self.values[self.at] += x;
        }

        pub fn get(&self, i: usize) -> f64 {
            self.values[i]
        }
    }

    #[derive(Clone, Debug, Differentiable)]
    pub struct Histogram<'a, T: Real, const N: usize> {
        pub bins: [T; N],
        #[constant]
        pub name: &'a str,
    }

    #[differentiate]
    impl<'a, T: Real, const N: usize> Histogram<'a, T, N> {
        pub fn add(&mut self, weights: &[T], k: T) -> (T, bool) {
            for i in 0..N {
                self.bins[i] += weights[i] * k;
            }
            (k, self.name.is_empty())
        }

        pub fn squares(&self, out: &mut [T]) -> usize {
            for i in 0..N {
                out[i] = self.bins[i] * self.bins[i];
            }
            N
        }
    }

    #[differentiate]
    pub trait Step: Clone {
        fn step(&mut self, x: f64) -> f64;

        fn twice(&mut self, x: f64) {
            self.step(x);
            self.step(x * x);
        }
    }

    #[derive(Clone, Differentiable)]
    pub struct Decay(pub f64);

    #[differentiate(in_trait)]
    impl Step for Decay {
        fn step(&mut self, x: f64) -> f64 {
            self.0 = self.0 * x + 1.0;
            self.0
        }
    }
}

use elsewhere::{Decay, Histogram, Ring, Step};

/// Its rule is written by hand.
#[derive(Clone, Differentiable)]
struct Gain(f64);

impl Gain {
    fn double(&mut self, k: f64) {
        self.0 *= 2.0 * k;
    }

    fn double_vjp(
        &mut self,
        k: f64,
        mut d: impl tapeless::SlotMut<GainCotangent>,
        mut d_k: impl tapeless::Slot<f64>,
    ) {
        let old = self.0;
        self.double(k);
        if let Some(d) = tapeless::Slot::get(&mut d) {
            if let Some(d_k) = tapeless::Slot::get(&mut d_k) {
                *d_k += d.0 * 2.0 * old;
            }
            d.0 *= 2.0 * k;
        }
    }
}

#[differentiate]
fn ring(r: &mut Ring, x: f64) -> f64 {
    r.push(x * x);
    r.add(x);
    r.get(0) * x
}

#[differentiate]
fn rings(x: f64) -> f64 {
    let mut r = Ring {
        values: vec![1.0, 2.0],
        at: 0,
    };
    r.push(x * x);
    r.add(x);
    let _ = r.push(x);
    r.push(x * 2.0);
    r.get(0) * r.get(1)
}

#[differentiate]
fn histogram(x: f64, y: f64) -> f64 {
    let mut h = Histogram {
        bins: [x, y, x * y],
        name: "h",
    };
    h.add(&[x, 1.0, y], y);
    h.add(&[1.0, y, x], x * x);
    let mut out = vec![0.0; 3];
    h.squares(&mut out);
    let last = h;
    let mut again = [0.0; 3];
    last.squares(&mut again);
    out[0] * out[1] + again[2]
}

#[differentiate]
fn generic<S: Step + Differentiable>(s: &mut S, x: f64) -> f64 {
    s.step(x);
    s.twice(x);
    s.step(x * x)
}

#[differentiate]
fn steps(x: f64) -> f64 {
    let mut s = Decay(x);
    s.step(x);
    if x > 0.3 {
        s.step(x * x);
    }
    for i in 0..3 {
        s.step(x * i as f64);
    }
    s.0 * generic(&mut s, x)
}

#[differentiate]
fn by_hand(x: f64) -> f64 {
    let mut gain = Gain(x);
    gain.double(x * x);
    gain.double(x);
    gain.0
}

#[test]
fn a_dropped_result_of_a_method_adds_nothing() {
    let values = vec![1.0, 2.0];
    assert_gradient!(ring(&mut Ring { values, at: 0 }, 0.4));
    assert_gradient!(rings(0.7));
    assert_gradient!(histogram(0.7, 0.4));
    assert_gradient!(steps(0.7));
    assert_gradient!(steps(0.2));
    assert_gradient!(by_hand(0.7));
}
