//! The networks in candle.

use candle_core::{DType, Device, Result, Tensor};
use candle_nn::{linear, loss, Linear, Module, Optimizer, VarBuilder, VarMap, SGD};

use crate::clock;

const RATE: f64 = 0.01;

/// Two layers.
struct Mlp {
    fc1: Linear,
    fc2: Linear,
}

impl Module for Mlp {
    fn forward(&self, x: &Tensor) -> Result<Tensor> {
        self.fc2.forward(&self.fc1.forward(x)?.relu()?)
    }
}

/// A network's loss on outputs and targets.
type Loss = fn(&Tensor, &Tensor) -> Result<Tensor>;

/// Microseconds per training step.
///
/// # Errors
///
/// None: the shapes fit.
pub fn microseconds([inputs, hidden, outputs]: [usize; 3], batch: usize) -> Result<f64> {
    let device = &Device::Cpu;
    let parameters = VarMap::new();
    let builder = VarBuilder::from_varmap(&parameters, DType::F32, device);
    let net = Mlp {
        fc1: linear(inputs, hidden, builder.pp("fc1"))?,
        fc2: linear(hidden, outputs, builder.pp("fc2"))?,
    };
    let x = Tensor::rand(0f32, 1f32, (batch, inputs), device)?;
    let (y, loss) = target(outputs, batch)?;
    let mut sgd = SGD::new(parameters.all_vars(), RATE)?;
    let mut step = || sgd.backward_step(&loss(&net.forward(&x)?, &y)?);
    step()?;
    Ok(clock::microseconds(step))
}

/// Classes for many outputs, a number for one.
fn target(outputs: usize, batch: usize) -> Result<(Tensor, Loss)> {
    let device = &Device::Cpu;
    if outputs == 1 {
        return Ok((Tensor::rand(0f32, 1f32, (batch, 1), device)?, loss::mse));
    }
    let classes: Vec<u32> = (0..batch).map(|i| (i * 7 % outputs) as u32).collect();
    Ok((Tensor::new(classes, device)?, loss::cross_entropy))
}
