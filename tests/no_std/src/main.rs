//! A program without the standard library, a C library or an allocator, that checks its own gradients: its exit code
//! is 0, or the number of the first check that fails. With nothing to link against, whatever needs one of the three
//! does not link.

#![no_std]
#![no_main]

#[deny(warnings)]
#[forbid(unsafe_code)]
mod bounded;
#[deny(warnings)]
#[forbid(unsafe_code)]
mod checks;
mod memory;
#[deny(warnings)]
#[forbid(unsafe_code)]
mod siblings;
#[deny(warnings)]
#[forbid(unsafe_code)]
mod sources;

use core::arch::{asm, global_asm};
use core::panic::PanicInfo;

// The kernel enters with an aligned stack pointer; a function expects the one that a call leaves.
global_asm!(".globl _start", "_start:", "xor ebp, ebp", "and rsp, -16", "call {run}", "ud2", run = sym run);

extern "C" fn run() -> ! {
    let failed = checks::ALL.iter().position(|check| !check());
    exit(failed.map_or(0, |index| index as i32 + 1))
}

#[panic_handler]
fn panic(_: &PanicInfo) -> ! {
    exit(101)
}

fn exit(code: i32) -> ! {
    const SYS_EXIT: i64 = 60;
    // SAFETY: the call ends the process; it takes its code by value and touches no memory.
    unsafe { asm!("syscall", in("rax") SYS_EXIT, in("rdi") code, options(noreturn, nostack)) }
}
