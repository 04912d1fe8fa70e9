use std::arch::asm;

use tapeless::differentiate;

#[differentiate]
fn f(x: f64) -> f64 {
    unsafe { asm!("nop") };
    x
}

fn main() {}
