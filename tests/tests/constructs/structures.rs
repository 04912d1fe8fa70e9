//! Constructs together: vectors, trees, networks, priors, fractals.

use tapeless::check::assert_gradient;
use tapeless::{differentiate, Differentiable, Real};
#[derive(Clone, Copy, Debug, Differentiable)]
struct V3 {
    x: f64,
    y: f64,
    z: f64,
}
#[differentiate]
impl V3 {
    fn cross(self, o: V3) -> V3 {
        V3 {
            x: self.y * o.z - self.z * o.y,
            y: self.z * o.x - self.x * o.z,
            z: self.x * o.y - self.y * o.x,
        }
    }
    fn dot(self, o: V3) -> f64 {
        self.x * o.x + self.y * o.y + self.z * o.z
    }
    fn norm(self) -> f64 {
        self.dot(self).sqrt()
    }
    fn unit(self) -> V3 {
        let n = self.norm();
        V3 {
            x: self.x / n,
            y: self.y / n,
            z: self.z / n,
        }
    }
}
#[differentiate]
fn angle(a: V3, b: V3) -> f64 {
    a.cross(b).norm().atan2(a.dot(b))
}
#[differentiate]
fn area(p: &[V3], i: usize) -> f64 {
    p[i].cross(p[i + 1]).unit().dot(p[0]) * 0.5
}
#[derive(Clone, Debug, Differentiable)]
struct Layer {
    w: Vec<Vec<f64>>,
    b: Vec<f64>,
}
#[derive(Clone, Debug, Differentiable)]
struct Net {
    layers: Vec<Layer>,
    out: (f64, [f64; 2]),
}
#[differentiate]
fn forward(l: &Layer, x: &[f64]) -> Vec<f64> {
    let mut y = l.b.clone();
    for i in 0..y.len() {
        for j in 0..x.len() {
            y[i] += l.w[i][j] * x[j];
        }
        y[i] = y[i].tanh();
    }
    y
}
#[differentiate]
fn net(n: &Net, x: &[f64]) -> f64 {
    let mut h = x.to_vec();
    for l in &n.layers {
        h = forward(l, &h);
    }
    let (s, t) = n.out;
    s * h[0] + t[0] * h[1] + t[1]
}
#[differentiate]
fn newton<T: Real>(a: T, steps: usize) -> T {
    let mut x = a;
    for _ in 0..steps {
        x = T::from(0.5).unwrap() * (x + a / x);
    }
    x
}
#[differentiate]
fn mutual(x: &mut V3, k: f64) -> f64 {
    x.x *= k;
    let y = x.cross(V3 {
        x: 1.0,
        y: k,
        z: 0.5,
    });
    *x = y.unit();
    x.dot(y) + x.z
}
#[differentiate]
fn tup(p: (V3, f64), q: &mut (f64, V3)) -> f64 {
    let (v, k) = p;
    q.0 += k * v.x;
    q.1.y = q.0 * v.y;
    q.1.dot(v) * q.0
}
#[differentiate]
fn opt(v: Option<V3>, k: f64) -> f64 {
    match v {
        Some(v) => v.dot(v) * k,
        None => k * k,
    }
}
#[differentiate]
fn res(x: f64) -> Result<V3, String> {
    if x < 0.0 {
        return Err(format!("bad {x}"));
    }
    Ok(V3 {
        x,
        y: x.sqrt(),
        z: 1.0,
    })
}
#[differentiate]
fn use_res(x: f64, k: f64) -> Result<f64, String> {
    let v = res(x * k)?;
    let w = res(k)?;
    Ok(v.dot(w))
}
#[test]
fn gradients_agree_with_differences() {
    let (a, b) = (
        V3 {
            x: 1.0,
            y: 2.0,
            z: 3.0,
        },
        V3 {
            x: -0.4,
            y: 0.5,
            z: 0.6,
        },
    );
    assert_gradient!(angle(a, b));
    assert_gradient!(area(
        &[
            a,
            b,
            V3 {
                x: 1.0,
                y: 0.1,
                z: 0.2
            }
        ][..],
        1
    ));
    assert_gradient!(mutual(
        &mut V3 {
            x: 1.0,
            y: 2.0,
            z: 3.0
        },
        0.4
    ));
    assert_gradient!(tup((a, 0.5), &mut (0.3, b)));
    assert_gradient!(newton(2.0, 4));
    assert_gradient!(use_res(2.0, 0.4));
    assert!(use_res_grad(-2.0, 0.4).is_err());
    let l = |k: f64| Layer {
        w: vec![vec![0.1 * k, 0.2], vec![0.3, 0.4 * k]],
        b: vec![0.5, 0.6],
    };
    let n = Net {
        layers: vec![l(1.0), l(2.0)],
        out: (0.5, [0.3, 0.2]),
    };
    assert_gradient!(net(&n, &[0.5, 0.7]));
    let (d, _) = opt_grad(Some(a), 2.0);
    assert_eq!(d.unwrap().x, 4.0);
}
