//! Stack and instructions of a call.

use cortex_m::peripheral::syst::SystClkSource;
use cortex_m::peripheral::SYST;
use cortex_m::register::msp;

use crate::stack;

/// SysTick has 24 bits.
const LAST_TICK: u32 = 0x00FF_FFFF;
/// The board's SysTick runs at 25 MHz.
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
    timer: SYST,
    /// What measuring takes by itself.
    overhead: u32,
}

impl Bench {
    /// Sets SysTick going.
    pub fn new(mut timer: SYST) -> Self {
        timer.set_clock_source(SystClkSource::Core);
        timer.set_reload(LAST_TICK);
        timer.enable_counter();
        let overhead = 0;
        let mut bench = Bench { timer, overhead };
        bench.overhead = bench.measure(&mut || ()).instructions;
        bench
    }

    /// The result of a call, and its cost.
    ///
    /// # Panics
    ///
    /// If it takes longer than SysTick counts, some 655,000 instructions.
    pub fn run<T>(&mut self, mut f: impl FnMut() -> T) -> (T, Cost) {
        let mut result = None;
        let cost = self.measure(&mut || result = Some(f()));
        (result.expect("the call has been made"), cost)
    }

    /// A frame of its own, whose stack pointer is where the call starts from, whatever is called.
    #[inline(never)]
    fn measure(&mut self, call: &mut dyn FnMut()) -> Cost {
        let top = msp::read();
        stack::paint(top);
        // Written to, the counter starts again from its reload value, and its flag is down until it reaches zero.
        self.timer.clear_current();
        let start = SYST::get_current();
        call();
        let end = SYST::get_current();
        assert!(!self.timer.has_wrapped(), "longer than SysTick can count");
        let nanoseconds = u64::from(start - end) * NANOSECONDS_PER_TICK;
        Cost {
            stack: stack::depth(top),
            instructions: (nanoseconds / NANOSECONDS_PER_INSTRUCTION) as u32 - self.overhead,
        }
    }
}
