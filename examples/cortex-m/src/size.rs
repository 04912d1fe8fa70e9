//! How large the image is, by what the linker says.

use core::ptr;

extern "C" {
    static __stext: u32;
    static __etext: u32;
    static __srodata: u32;
    static __erodata: u32;
}

/// Bytes of code.
pub fn text() -> usize {
    ptr::addr_of!(__etext) as usize - ptr::addr_of!(__stext) as usize
}

/// Bytes of constants, the data sets among them.
pub fn rodata() -> usize {
    ptr::addr_of!(__erodata) as usize - ptr::addr_of!(__srodata) as usize
}
