//! What a firmware prints, and whether it passed.

use cortex_m_semihosting::{debug, hprintln};

use crate::bench::Cost;
use crate::size;

/// Prints what is found, and remembers whether all of it was as it should be.
#[derive(Default)]
pub struct Report {
    failures: u32,
}

impl Report {
    /// Prints the costs of a function and its gradient as a row of the table in the docs. More than `limit` times the
    /// primal's instructions is a failure.
    pub fn costs(&mut self, what: &str, primal: Cost, gradient: Cost, limit: f32) {
        let ratio = gradient.instructions as f32 / primal.instructions as f32;
        hprintln!(
            "| {} | {} | {} | {} | {} | {:.2} |",
            what,
            primal.stack,
            gradient.stack,
            primal.instructions,
            gradient.instructions,
            ratio
        );
        self.check(ratio <= limit, "the gradient is cheap enough");
    }

    /// Prints how far a gradient is from differences, and whether that is within the tolerance.
    pub fn gradient(&mut self, what: &str, error: f32, tolerance: f32) {
        hprintln!(
            "{}: gradient differs from differences by {:.1e}",
            what,
            error
        );
        self.check(error <= tolerance, "the gradient agrees with differences");
    }

    /// Prints a claim that does not hold.
    pub fn check(&mut self, holds: bool, claim: &str) {
        if !holds {
            self.failures += 1;
            hprintln!("FAILED: {}", claim);
        }
    }

    /// Prints the size of the image, and ends the emulation: with success if every check held.
    pub fn finish(self) -> ! {
        hprintln!(
            "image: {} B .text, {} B .rodata",
            size::text(),
            size::rodata()
        );
        let status = if self.failures == 0 {
            debug::EXIT_SUCCESS
        } else {
            debug::EXIT_FAILURE
        };
        debug::exit(status);
        unreachable!("the emulator goes on after an exit")
    }
}

#[panic_handler]
fn panic(info: &core::panic::PanicInfo) -> ! {
    hprintln!("{}", info);
    loop {
        debug::exit(debug::EXIT_FAILURE);
    }
}

/// What a wrong address or an overflowing stack ends in.
#[cortex_m_rt::exception]
unsafe fn HardFault(frame: &cortex_m_rt::ExceptionFrame) -> ! {
    hprintln!("hard fault at {:#x}", frame.pc());
    loop {
        debug::exit(debug::EXIT_FAILURE);
    }
}
