//! The network, its loss, and its file.

use tapeless::matrix::DMatrix;
use tapeless::nn::safetensors::{self, Error};
use tapeless::nn::{HeapLinear, Rng};
use tapeless::{differentiate, Differentiable};
use tapeless_examples::data::Images;

const HIDDEN: usize = 128;

/// Two layers.
#[derive(Clone, Debug, PartialEq, Differentiable)]
pub struct Network {
    pub fc1: HeapLinear<f32>,
    pub fc2: HeapLinear<f32>,
}

/// What a forward run leaves behind for the way back: made once, for the largest batch.
#[derive(Clone, Debug, Differentiable)]
pub struct Workspace {
    pub hidden: DMatrix<f32>,
    pub logits: DMatrix<f32>,
}

/// The mean cross entropy of a batch `x` with labels `y`.
#[differentiate(wrt(net, work))]
pub fn loss(net: &Network, x: &DMatrix<f32>, y: &[usize], work: &mut Workspace) -> f32 {
    net.fc1.forward_relu_into(x, &mut work.hidden);
    net.fc2.forward_into(&work.hidden, &mut work.logits);
    work.logits.softmax_cross_entropy(y)
}

impl Network {
    /// As PyTorch initialises its layers.
    pub fn new(pixels: usize, seed: u64) -> Self {
        let rng = &mut Rng::with_seed(seed);
        Network {
            fc1: HeapLinear::new(pixels, HIDDEN, rng),
            fc2: HeapLinear::new(HIDDEN, Images::CLASSES, rng),
        }
    }

    /// One of the same shape, all zeros.
    pub fn zeros(&self) -> Self {
        Network {
            fc1: HeapLinear::zeros(self.fc1.weight.cols(), HIDDEN),
            fc2: HeapLinear::zeros(HIDDEN, Images::CLASSES),
        }
    }

    /// The scores of the classes, left in the workspace.
    pub fn run(&self, x: &DMatrix<f32>, work: &mut Workspace) {
        self.fc1.forward_relu_into(x, &mut work.hidden);
        self.fc2.forward_into(&work.hidden, &mut work.logits);
    }

    /// The bytes of a safetensors file, named and laid out as PyTorch does.
    ///
    /// # Errors
    ///
    /// None: the names differ.
    pub fn save(&self) -> Result<Vec<u8>, Error> {
        safetensors::save(&[
            ("fc1.weight", &self.fc1.weight),
            ("fc1.bias", &self.fc1.bias),
            ("fc2.weight", &self.fc2.weight),
            ("fc2.bias", &self.fc2.bias),
        ])
    }

    /// Takes the weights of such a file.
    ///
    /// # Errors
    ///
    /// If the file is damaged, or has weights of other shapes; nothing is loaded then.
    pub fn load(&mut self, file: &[u8]) -> Result<(), Error> {
        safetensors::load(
            file,
            &mut [
                ("fc1.weight", &mut self.fc1.weight),
                ("fc1.bias", &mut self.fc1.bias),
                ("fc2.weight", &mut self.fc2.weight),
                ("fc2.bias", &mut self.fc2.bias),
            ],
        )
    }
}

impl Workspace {
    /// For so many images.
    pub fn new(rows: usize) -> Self {
        Workspace {
            hidden: DMatrix::zeros(rows, HIDDEN),
            logits: DMatrix::zeros(rows, Images::CLASSES),
        }
    }

    /// Makes it fit another number of images.
    pub fn set_rows(&mut self, rows: usize) {
        self.hidden.set_rows(rows);
        self.logits.set_rows(rows);
    }
}

impl WorkspaceCotangent {
    /// Makes it fit another number of images.
    pub fn set_rows(&mut self, rows: usize) {
        self.hidden.set_rows(rows);
        self.logits.set_rows(rows);
    }
}
