//! The optimisers to choose from.

use tapeless::nn::{AdaGrad, Adam, AdamW, NAdam, RmsProp, Rule, Sgd};

/// An optimiser chosen by name.
#[derive(Clone, Debug)]
pub struct Choice {
    /// The name, and the learning rate if that is not the usual one.
    pub name: String,
    /// What it is.
    pub rule: Chosen,
}

/// One of the rules.
#[derive(Clone, Copy, Debug)]
pub enum Chosen {
    Sgd(Sgd<f32>),
    RmsProp(RmsProp<f32>),
    Adam(Adam<f32>),
    AdamW(AdamW<f32>),
    NAdam(NAdam<f32>),
    AdaGrad(AdaGrad<f32>),
}

/// The names, as `--help` tells them.
pub const NAMES: &str = "sgd, momentum, nesterov, rmsprop, adam, adamw, nadam, adagrad";

impl Choice {
    /// The optimiser of this name, with this learning rate or its usual one.
    pub fn new(name: &str, rate: Option<f32>) -> Option<Self> {
        let or = |usual| rate.unwrap_or(usual);
        let momentum = |nesterov| Sgd {
            momentum: 0.9,
            nesterov,
            ..Sgd::new(or(0.01))
        };
        let rule = match name {
            "sgd" => Chosen::Sgd(Sgd::new(or(0.01))),
            "momentum" => Chosen::Sgd(momentum(false)),
            "nesterov" => Chosen::Sgd(momentum(true)),
            "rmsprop" => Chosen::RmsProp(RmsProp::new(or(0.001))),
            "adam" => Chosen::Adam(Adam::new(or(0.001))),
            "adamw" => Chosen::AdamW(AdamW::new(or(0.001))),
            "nadam" => Chosen::NAdam(NAdam::new(or(0.001))),
            "adagrad" => Chosen::AdaGrad(AdaGrad::new(or(0.01))),
            _ => return None,
        };
        let name = rate.map_or_else(|| name.to_owned(), |rate| format!("{name} {rate}"));
        Some(Choice { name, rule })
    }
}

impl Rule<f32> for Chosen {
    fn slots(&self) -> usize {
        match self {
            Chosen::Sgd(rule) => rule.slots(),
            Chosen::RmsProp(rule) => rule.slots(),
            Chosen::Adam(rule) => rule.slots(),
            Chosen::AdamW(rule) => rule.slots(),
            Chosen::NAdam(rule) => rule.slots(),
            Chosen::AdaGrad(rule) => rule.slots(),
        }
    }

    fn update(
        &self,
        step: i32,
        parameters: &mut [f32],
        gradient: &[f32],
        clip: impl Fn(f32) -> f32,
        state: [&mut [f32]; 3],
    ) {
        match self {
            Chosen::Sgd(rule) => rule.update(step, parameters, gradient, clip, state),
            Chosen::RmsProp(rule) => rule.update(step, parameters, gradient, clip, state),
            Chosen::Adam(rule) => rule.update(step, parameters, gradient, clip, state),
            Chosen::AdamW(rule) => rule.update(step, parameters, gradient, clip, state),
            Chosen::NAdam(rule) => rule.update(step, parameters, gradient, clip, state),
            Chosen::AdaGrad(rule) => rule.update(step, parameters, gradient, clip, state),
        }
    }
}
