//! Calibration of an accelerometer on the device: offset, scale and misalignment by gradient descent, such that the
//! length of what it reads at rest is g in every attitude.
#![no_std]
#![no_main]

use core::hint::black_box;

use cortex_m_rt::entry;
use cortex_m_semihosting::hprintln;
use tapeless::{differentiate, Differentiable, Parameters};
use tapeless_cortex_m::samples::{MISALIGNMENT, OFFSET, PER_G, SAMPLES, SCALE};
use tapeless_cortex_m::{compare, Bench, Report};

const STEPS: u32 = 300;
const RATE: f32 = 0.5;

/// What makes accelerations, in g, of readings. Misalignment is a triangle: how the sensor is turned as a whole cannot
/// be told from lengths.
#[derive(Clone, Debug, Differentiable)]
struct Calibration {
    offset: [f32; 3],
    scale: [f32; 3],
    misalignment: [f32; 3],
}

#[differentiate(no_alloc)]
impl Calibration {
    /// (‖a‖ − g)² of the acceleration that belongs to a reading.
    fn residual(&self, #[constant] reading: &[f32; 3]) -> f32 {
        let x: f32 = reading[0] - self.offset[0];
        let y: f32 = reading[1] - self.offset[1];
        let z: f32 = reading[2] - self.offset[2];
        let a = self.scale[0] * x;
        let b = self.misalignment[0] * x + self.scale[1] * y;
        let c = self.misalignment[1] * x + self.misalignment[2] * y + self.scale[2] * z;
        let excess = libm::sqrtf(a * a + b * b + c * c) - 1.0;
        excess * excess
    }

    /// The mean of the residuals of many readings.
    fn cost(&self, #[constant] readings: &[[i16; 3]]) -> f32 {
        let mut sum = 0.0;
        for reading in readings {
            sum += self.residual(&in_g(reading));
        }
        sum / readings.len() as f32
    }
}

fn in_g(reading: &[i16; 3]) -> [f32; 3] {
    reading.map(|axis| f32::from(axis) / PER_G)
}

impl Calibration {
    /// Of a sensor without errors.
    fn ideal() -> Self {
        Calibration {
            offset: [0.0; 3],
            scale: [1.0; 3],
            misalignment: [0.0; 3],
        }
    }

    /// The largest difference from what the samples were made with.
    fn error(&self) -> f32 {
        let found = [self.offset, self.scale, self.misalignment];
        let made = [OFFSET, SCALE, MISALIGNMENT];
        let pairs = found.iter().flatten().zip(made.iter().flatten());
        pairs.fold(0.0, |largest, (found, made)| {
            libm::fmaxf(largest, libm::fabsf(found - made))
        })
    }
}

#[entry]
fn main() -> ! {
    let mut report = Report::default();
    let mut calibration = Calibration::ideal();
    let before = libm::sqrtf(calibration.cost(&SAMPLES));
    let mut slopes = calibration.zero_cotangent();
    for _ in 0..STEPS {
        calibration.cost_grad_into(&SAMPLES, &mut slopes);
        calibration.visit(&slopes, |values, slopes| {
            for (value, slope) in values.iter_mut().zip(slopes) {
                *value -= RATE * slope;
            }
        });
    }
    let after = libm::sqrtf(calibration.cost(&SAMPLES));
    hprintln!(
        "lengths are wrong by {:.1} mg before, {:.1} mg after {} steps",
        1e3 * before,
        1e3 * after,
        STEPS
    );
    hprintln!("{:?}, wrong by {:.4}", calibration, calibration.error());
    report.check(after < 0.0025, "the lengths are right but for the noise");
    report.check(calibration.error() < 0.003, "the sensor's errors are found");

    let bench = Bench::default();
    let ideal = black_box(Calibration::ideal());
    let reading = black_box(in_g(&SAMPLES[7]));
    let (_, primal) = bench.run(|| ideal.residual(&reading));
    let (_, gradient) = bench.run(|| ideal.residual_grad_into(&reading, &mut slopes));
    report.gradient(
        "residual",
        compare(|c| c.residual(&reading), &ideal, &slopes),
        1e-3,
    );
    report.costs("residual of a reading", primal, gradient, 3.0);

    let (_, primal) = bench.run(|| ideal.cost(&SAMPLES));
    let (_, gradient) = bench.run(|| ideal.cost_grad_into(&SAMPLES, &mut slopes));
    report.gradient("cost", compare(|c| c.cost(&SAMPLES), &ideal, &slopes), 1e-3);
    report.costs("cost of 40 readings", primal, gradient, 3.0);
    report.finish()
}
