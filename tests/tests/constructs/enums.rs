//! Constructs together: enums, chains of methods, extrema, boxes, options.

use tapeless::check::assert_gradient;
use tapeless::{derivative, differentiate, Differentiable, Inactive, Real, Slot};
// enums with payloads, generics; trait dyn; method on field; chains of methods
#[derive(Clone, Debug, Differentiable)]
enum Kernel {
    Rbf { length: f64, scale: f64 },
    Linear(f64),
    Sum(Vec<f64>),
    Nothing,
}
#[differentiate]
impl Kernel {
    fn eval(&self, x: f64, y: f64) -> f64 {
        match self {
            Kernel::Rbf { length, scale } => {
                let r = (x - y) / length;
                scale * (-0.5 * r * r).exp()
            }
            Kernel::Linear(k) if *k > 0.0 => k * x * y,
            Self::Linear(k) => -*k * x,
            Kernel::Sum(v) => {
                let mut s = 0.0;
                for w in v {
                    s += w * x;
                }
                s * y
            }
            Kernel::Nothing => 0.0,
        }
    }
}
#[derive(Clone, Debug, Differentiable)]
struct Gp {
    kernel: Kernel,
    noise: f64,
}
#[differentiate]
impl Gp {
    fn two(&self, x: &[f64]) -> f64 {
        self.kernel.eval(x[0], x[1]) + self.noise * self.kernel.eval(x[1], x[1]).ln_1p()
    }
}
#[derive(Clone, Copy, Debug, Differentiable)]
struct Dual {
    v: f64,
    d: f64,
}
#[differentiate]
impl Dual {
    fn sin(self) -> Dual {
        Dual {
            v: self.v.sin(),
            d: self.v.cos() * self.d,
        }
    }
    fn sq(self) -> Dual {
        Dual {
            v: self.v * self.v,
            d: 2.0 * self.v * self.d,
        }
    }
}
#[differentiate]
fn chain(x: f64) -> f64 {
    Dual { v: x, d: 1.0 }.sin().sq().sin().d
}
#[differentiate]
fn field_fn(s: &Gp, v: &mut Vec<f64>, k: f64) -> f64 {
    v.push(k * s.noise);
    v[0] *= 2.0;
    let n = v.len();
    v[n - 1] * v[0]
}
#[differentiate]
fn wrapping(x: f64, n: u8) -> f64 {
    let m = n.wrapping_add(250) as usize % 3;
    let t = [1.0, x, x * x];
    t[m] + t[(n as usize) % 3]
}
#[differentiate]
fn minmax(x: &[f64]) -> f64 {
    let m = x.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let n = x.iter().cloned().fold(f64::INFINITY, |a, b| a.min(b));
    let b = x
        .iter()
        .max_by(|a, b| a.abs().partial_cmp(&b.abs()).unwrap())
        .unwrap();
    m * n + b
}
#[differentiate]
fn chunks(x: &[f64]) -> f64 {
    x.chunks(2).map(|c| c[0] * c.last().unwrap()).sum::<f64>()
        + x.windows(2).map(|w| (w[1] - w[0]).powi(2)).sum::<f64>()
}
#[differentiate]
fn rec(x: f64, n: usize) -> f64 {
    match n {
        0 => 1.0,
        1 => x,
        n => {
            let a = rec(x, n - 1);
            let b = rec(x, n - 2);
            2.0 * x * a - b
        }
    }
}
#[differentiate]
fn heavy<T: Real>(x: &[T], y: &mut [T]) -> T {
    let mut e = T::zero();
    for (a, b) in x.iter().zip(y.iter_mut()) {
        *b = *b * *a + T::one();
        e += b.sqrt();
    }
    e
}
#[differentiate]
fn out_param(x: &[f64], out: &mut [f64]) {
    for i in 0..out.len() {
        out[i] = x[i] * x[x.len() - 1 - i];
    }
    out[0] += out[out.len() - 1];
}
#[differentiate]
fn uses_out(x: &[f64; 3]) -> f64 {
    let mut o = [0.0; 3];
    out_param(x, &mut o);
    o[0] * o[1] + o[2]
}
#[differentiate]
fn boxed(b: Box<Dual>, k: f64) -> f64 {
    b.v * k + b.sin().d
}
#[differentiate]
fn two_opts(a: Option<f64>, b: Option<f64>) -> Option<f64> {
    let x = a?;
    if let Some(y) = b {
        Some(x * y)
    } else {
        Some(x * x)
    }
}
#[derivative(x = y * out / x.abs().max(1e-300) * x.signum(), y = out * x.abs().ln())]
fn pw(x: f64, y: f64) -> f64 {
    x.abs().powf(y)
}
#[differentiate]
fn assign_branch(x: &mut [f64], up: bool) {
    if up {
        x[0] *= x[1];
    } else {
        x.swap(0, 1);
    }
    let t = x[0];
    x[1] += t * t;
}
#[differentiate]
fn stru(n: usize, x: f64) -> f64 {
    struct L {
        k: usize,
    }
    impl L {
        fn g(&self) -> usize {
            self.k + 1
        }
    }
    let l = L { k: n };
    x * l.g() as f64
}
#[test]
fn gradients_agree_with_differences() {
    for k in [
        Kernel::Rbf {
            length: 0.7,
            scale: 1.2,
        },
        Kernel::Linear(0.5),
        Kernel::Linear(-0.5),
        Kernel::Sum(vec![0.2, 0.3]),
        Kernel::Nothing,
    ] {
        assert_gradient!(k.eval(0.3, 0.4));
        let g = Gp {
            kernel: k,
            noise: 0.2,
        };
        assert_gradient!(g.two(&[0.3, 0.6][..]));
    }
    assert_gradient!(chain(0.4));
    assert_gradient!(wrapping(0.4, 8));
    assert_gradient!(minmax(&[0.3, -0.9, 0.5][..]));
    assert_gradient!(chunks(&[0.3, -0.9, 0.5, 0.7, 0.2][..]));
    assert_gradient!(rec(0.4, 6));
    assert_gradient!(heavy(&[0.3, 0.9][..], &mut [0.5, 0.7][..]));
    assert_gradient!(uses_out(&[0.3, 0.4, 0.5]));
    assert_eq!(two_opts_grad(Some(2.0), None), Some((Some(4.0), None)));
    assert_eq!(
        two_opts_grad(Some(2.0), Some(3.0)),
        Some((Some(3.0), Some(2.0)))
    );
    assert_eq!(two_opts_grad(None, Some(3.0)), None);
    assert_gradient!(pw(0.4, 1.7));
    assert_gradient!(stru(3, 0.3));
    let mut x = [2.0, 3.0];
    let mut d = [1.0, 1.0];
    assign_branch_vjp(&mut x, true, &mut d[..], Inactive);
    assert_eq!(x, [6.0, 39.0]);
    assert_eq!(d, [39.0, 27.0]);
    let mut x = [2.0, 3.0];
    let mut d = [1.0, 1.0];
    assign_branch_vjp(&mut x, false, &mut d[..], Inactive);
    assert_eq!(x, [3.0, 11.0]);
    assert_eq!(d, [1.0, 7.0]);
    let (d, k) = boxed_grad(Box::new(Dual { v: 0.3, d: 0.2 }), 2.0);
    assert!((d.v - (2.0 - 0.3f64.sin() * 0.2)).abs() < 1e-12);
    assert_eq!(k, 0.3);
}
