//! Stack and instructions of a call.

use cortex_m::register::msp;

use crate::{stack, timer};

/// The board's timer runs at 25 MHz.
const NANOSECONDS_PER_TICK: u64 = 40;
/// `-icount shift=10`: the emulator lets an instruction take 2¹⁰ ns, whatever it is.
const NANOSECONDS_PER_INSTRUCTION: u64 = 1 << 10;

/// What a call took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// Bytes of stack below that of the caller.
    pub stack: u32,
    /// Instructions executed.
    pub instructions: u32,
}

/// Measures calls.
pub struct Bench {
    /// Instructions that measuring takes by itself.
    overhead: u32,
}

impl Default for Bench {
    fn default() -> Self {
        let bench = Bench { overhead: 0 };
        let overhead = bench.measure(&mut || ()).instructions;
        Bench { overhead }
    }
}

impl Bench {
    /// The result of a call, and its cost.
    pub fn run<T>(&self, mut f: impl FnMut() -> T) -> (T, Cost) {
        let mut result = None;
        let cost = self.measure(&mut || result = Some(f()));
        (result.expect("the call has been made"), cost)
    }

    /// A frame of its own, whose stack pointer is where the call starts from, whatever is called.
    #[inline(never)]
    fn measure(&self, call: &mut dyn FnMut()) -> Cost {
        let top = msp::read();
        stack::paint(top);
        timer::start();
        let start = timer::ticks();
        call();
        let ticks = timer::ticks() - start;
        let nanoseconds = u64::from(ticks) * NANOSECONDS_PER_TICK;
        Cost {
            stack: stack::depth(top),
            instructions: (nanoseconds / NANOSECONDS_PER_INSTRUCTION) as u32 - self.overhead,
        }
    }
}
