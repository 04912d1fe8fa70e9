//! Slices and vectors inside of a user's struct, whose types the macro does not see.
use tapeless::{assert_gradient, differentiate, Differentiable};

#[derive(Differentiable, Clone, Debug)]
struct Net {
    w: Vec<f64>,
    b: [f64; 2],
    layers: Vec<Vec<f64>>,
    scale: f64,
    n: usize,
}
#[differentiate]
impl Net {
    fn filtered_field(&self, k: f64) -> f64 {
        self.w
            .iter()
            .filter(|w| **w > 0.0)
            .enumerate()
            .map(|(i, w)| w * k * i as f64)
            .sum::<f64>()
            * self.scale
    }
    fn first_and_sum(&self, k: f64) -> f64 {
        self.w.first().copied().unwrap_or(0.0) * k + self.b.iter().map(|b| b * k).sum::<f64>()
    }
    fn picked(&self, k: f64) -> f64 {
        match self.w.get(self.n) {
            Some(w) => w * k,
            None => k,
        }
    }
    fn split(&self, k: f64) -> f64 {
        let (l, r) = self.w.split_at(1);
        l[0] * r[0] * k
    }
    fn grown_copy(&self, k: f64) -> f64 {
        let mut w = self.w.clone();
        w.push(k);
        w.reverse();
        w[0] * w[1] + w.iter().rev().take(2).sum::<f64>()
    }
    fn greatest_of_rows(&self, k: f64) -> f64 {
        self.layers
            .iter()
            .flat_map(|l| l.iter())
            .map(|v| v * k)
            .fold(0.0, f64::max)
    }
    fn products_of_rows(&self, k: f64) -> f64 {
        self.layers
            .iter()
            .map(|l| l.iter().zip(&self.w).map(|(a, b)| a * b).sum::<f64>())
            .map(|s| s.tanh())
            .sum::<f64>()
            * k
    }
    fn last_times_greatest(&self, k: f64) -> f64 {
        let last = self.w.last().unwrap();
        let m = self.w.iter().cloned().fold(f64::NEG_INFINITY, f64::max);
        last * m * k
    }
    fn reordered(&mut self, k: f64) -> f64 {
        self.w.reverse();
        self.w.rotate_left(1);
        self.b.swap(0, 1);
        self.b.reverse();
        self.w[0] *= k;
        self.w.iter().sum::<f64>() * self.b[0]
    }
    fn greatest(&self, k: f64) -> f64 {
        self.w
            .iter()
            .copied()
            .max_by(|a, b| a.total_cmp(b))
            .map(|m| m * k)
            .unwrap_or(k)
    }
    fn normalised(&self, k: f64) -> f64 {
        let v: Vec<f64> = self.w.iter().map(|w| w * k).collect();
        let s: f64 = v.iter().sum();
        v.into_iter().map(|x| x / s).map(|p| p * p).sum()
    }
    fn roughness(&self, k: f64) -> f64 {
        self.w
            .windows(2)
            .map(|p| (p[1] - p[0]).powi(2))
            .sum::<f64>()
            .sqrt()
            * k
    }
    fn every_second(&self, k: f64) -> f64 {
        let mut out = vec![0.0; self.w.len()];
        for (o, w) in out.iter_mut().zip(&self.w) {
            *o = w * k;
        }
        out.iter().skip(1).step_by(2).sum::<f64>()
    }
    fn looked_up(&self, k: f64) -> Option<f64> {
        let first = self.w.first()?;
        let x = self.layers.get(0)?.get(1)?;
        Some(first * x * k)
    }
    fn scaled_copy(&self, k: f64) -> Vec<f64> {
        self.w.iter().map(|w| w * k).collect()
    }
    fn joined(&self, k: f64) -> f64 {
        self.layers.concat().iter().map(|v| v * v * k).sum()
    }
    fn filled(&self, k: f64) -> f64 {
        let mut b = self.b;
        b.fill(k);
        b[1] = self.b[0];
        b.iter().product::<f64>()
    }
}
fn net() -> Net {
    Net {
        w: vec![0.3, 0.7, -0.2],
        b: [0.4, 0.9],
        layers: vec![vec![0.2, 0.5], vec![0.8]],
        scale: 1.3,
        n: 1,
    }
}

#[test]
fn fields_agree() {
    let net = net();
    assert_gradient!(net.filtered_field(0.7));
    assert_gradient!(net.first_and_sum(0.7));
    assert_gradient!(net.picked(0.7));
    assert_gradient!(net.split(0.7));
    assert_gradient!(net.grown_copy(0.7));
    assert_gradient!(net.greatest_of_rows(0.7));
    assert_gradient!(net.products_of_rows(0.7));
    assert_gradient!(net.last_times_greatest(0.7));
    assert_gradient!(net.greatest(0.7));
    assert_gradient!(net.normalised(0.7));
    assert_gradient!(net.roughness(0.7));
    assert_gradient!(net.every_second(0.7));
    assert_gradient!(net.joined(0.7));
    assert_gradient!(net.filled(0.7));
}

#[test]
fn options_of_fields() {
    let (value, (d, dk)) = net().looked_up_value_and_grad(0.5).unwrap();
    assert_eq!((value, dk), (0.075, 0.15));
    assert_eq!(
        (d.w, &d.layers[0]),
        (vec![0.25, 0.0, 0.0], &vec![0.0, 0.15])
    );
}

#[test]
fn fields_reordered_in_place() {
    let (value, (d, dk)) = net().reordered_value_and_grad(0.5);
    assert!((value - 0.45 * 0.4).abs() < 1e-12 && (dk - 0.28).abs() < 1e-12);
    assert_eq!((d.w, d.b[1]), (vec![0.4, 0.2, 0.4], 0.0));
}
