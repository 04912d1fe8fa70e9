//! A loop of unknown length that must store something, and no allocator: not compiled, and that is the test.

#![no_std]
#![no_main]

#[tapeless::differentiate]
pub fn map(rate: f64, steps: usize) -> f64 {
    let mut x = 0.3;
    for _ in 0..steps {
        x = rate * x * (1.0 - x);
    }
    x
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    loop {}
}
