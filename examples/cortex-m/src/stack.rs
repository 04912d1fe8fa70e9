//! How deep the stack went: what is free of it is painted, and later one looks how far the paint is gone.

use core::ptr;

const PAINT: u32 = 0xC0DE_D00D;
/// Bytes below the caller's stack pointer that are left alone: those of the painter's own frame. A call that needs
/// less is taken to need as much.
const MARGIN: usize = 32;

extern "C" {
    /// Where the linker's sections in RAM end, and with it the lowest place that the stack may grow to.
    static mut __sheap: u32;
}

/// Paints the stack below `top`, the caller's stack pointer.
#[inline(never)]
pub fn paint(top: u32) {
    let mut word = ptr::addr_of_mut!(__sheap);
    while (word as usize) < top as usize - MARGIN {
        // SAFETY: the words from the end of the sections up to the frame of this function, which calls none, belong to
        // nobody, and no interrupt is enabled.
        unsafe {
            word.write_volatile(PAINT);
            word = word.add(1);
        }
    }
}

/// How many bytes below `top` have been used since they were painted. A word that was reserved and never written cannot
/// be told from one that was not reserved.
#[inline(never)]
pub fn depth(top: u32) -> u32 {
    let mut word = ptr::addr_of!(__sheap);
    // SAFETY: as in `paint`, and reading changes nothing.
    while (word as usize) < top as usize && unsafe { word.read_volatile() } == PAINT {
        // SAFETY: still below `top`, which is inside the stack.
        word = unsafe { word.add(1) };
    }
    top - word as u32
}
