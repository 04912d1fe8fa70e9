//! A timer of the board (CMSDK APB timer 0): it counts down at 25 MHz.

use core::ptr;

/// Its registers.
#[repr(C)]
struct Registers {
    control: u32,
    value: u32,
    reload: u32,
}

const TIMER: *mut Registers = 0x4000_0000 as *mut Registers;
const ENABLE: u32 = 1;

/// Sets it going from its largest value; that lasts for three minutes of the board's time.
pub fn start() {
    // SAFETY: on this board these are the registers of a timer, which nobody else uses and which touches no memory.
    unsafe {
        ptr::addr_of_mut!((*TIMER).reload).write_volatile(u32::MAX);
        ptr::addr_of_mut!((*TIMER).value).write_volatile(u32::MAX);
        ptr::addr_of_mut!((*TIMER).control).write_volatile(ENABLE);
    }
}

/// Ticks since the start.
pub fn ticks() -> u32 {
    // SAFETY: as above; reading changes nothing.
    u32::MAX - unsafe { ptr::addr_of!((*TIMER).value).read_volatile() }
}
