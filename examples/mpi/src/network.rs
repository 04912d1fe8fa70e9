//! What is trained, and on what.

use tapeless::matrix::DMatrix;
use tapeless::nn::{accuracy, HeapLinear, Rng};
use tapeless::{differentiate, Differentiable, Inactive, Parameters};

const HIDDEN: usize = 24;
const RINGS: usize = 3;

/// Points of the plane, and which of some rings around the origin each of them lies in.
pub struct Samples {
    points: Vec<[f64; 2]>,
    rings: Vec<usize>,
}

impl Samples {
    /// So many, from a seed.
    pub fn new(count: usize, seed: u64) -> Self {
        let rng = &mut Rng::with_seed(seed);
        let points: Vec<[f64; 2]> = (0..count)
            .map(|_| [0, 1].map(|_| 4.0 * rng.f64() - 2.0))
            .collect();
        let ring = |[x, y]: &[f64; 2]| (x.hypot(*y) as usize).min(RINGS - 1);
        Samples {
            rings: points.iter().map(ring).collect(),
            points,
        }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.points.len()
    }

    /// Some of them: points row by row, and their rings.
    fn batch(&self, indices: &[usize]) -> (DMatrix<f64>, Vec<usize>) {
        let x = DMatrix::from_fn(indices.len(), 2, |i, j| self.points[indices[i]][j]);
        (x, indices.iter().map(|&i| self.rings[i]).collect())
    }
}

/// Two layers.
#[derive(Clone, Debug, Differentiable)]
pub struct Network {
    hidden: HeapLinear<f64>,
    output: HeapLinear<f64>,
}

/// The scores of the rings.
#[differentiate(wrt(network))]
fn scores(network: &Network, x: &DMatrix<f64>) -> DMatrix<f64> {
    network.output.forward(&network.hidden.forward(x).tanh())
}

/// The mean cross entropy of a batch.
#[differentiate(wrt(network))]
fn loss(network: &Network, x: &DMatrix<f64>, rings: &[usize]) -> f64 {
    scores(network, x).softmax_cross_entropy(rings)
}

impl Network {
    /// From a seed.
    pub fn new(seed: u64) -> Self {
        let rng = &mut Rng::with_seed(seed);
        Network {
            hidden: HeapLinear::new(2, HIDDEN, rng),
            output: HeapLinear::new(HIDDEN, RINGS, rng),
        }
    }

    /// The gradient of the mean loss of these samples, with a weight; flat.
    pub fn gradient(&self, samples: &Samples, indices: &[usize], weight: f64) -> Vec<f64> {
        let mut gradient = self.zero_cotangent();
        if !indices.is_empty() {
            let (x, rings) = samples.batch(indices);
            loss_vjp(self, &x, &rings, weight, &mut gradient, Inactive, Inactive);
        }
        let mut flat = vec![0.0; self.count()];
        Self::write_flat_cotangent(&gradient, &mut flat);
        flat
    }

    /// The share of samples whose ring it tells.
    pub fn accuracy(&self, samples: &Samples) -> f32 {
        let all: Vec<usize> = (0..samples.len()).collect();
        let (x, rings) = samples.batch(&all);
        accuracy(&scores(self, &x), &rings)
    }

    /// The largest difference of a weight; NaN, if one is.
    pub fn distance(&self, other: &Self) -> f64 {
        let [mut ours, mut theirs] = [(); 2].map(|()| vec![0.0; self.count()]);
        self.write_flat(&mut ours);
        other.write_flat(&mut theirs);
        let differences = ours.iter().zip(&theirs).map(|(a, b)| (a - b).abs());
        // `f64::max` would drop a NaN.
        differences.fold(0.0, |worst, d| if d <= worst { worst } else { d })
    }
}
