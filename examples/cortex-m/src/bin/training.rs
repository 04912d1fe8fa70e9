//! On-device training: placeholder.
#![no_std]
#![no_main]
use cortex_m_rt::entry;
use tapeless_cortex_m::{compare, iris, Bench, Report};
use core::hint::black_box;
use tapeless::differentiate;

#[differentiate]
fn f(x: f32, y: f32) -> f32 {
    libm::sinf(x) * libm::expf(y) / libm::cosf(x * y)
}

#[entry]
fn main() -> ! {
    let mut report = Report::default();
    let mut bench = Bench::new(cortex_m::Peripherals::take().unwrap().SYST);
    let (x, y) = (black_box(0.3_f32), black_box(0.4_f32));
    let (_, primal) = bench.run(|| f(x, y));
    let (gradient, cost) = bench.run(|| f_grad(x, y));
    report.costs("f", primal, cost, 3.0);
    report.gradient("f", compare(|p: &(f32, f32)| f(p.0, p.1), &(x, y), &gradient), 1e-3);
    cortex_m_semihosting::hprintln!("{:?}", iris::FLOWERS[149]);
    report.finish()
}
