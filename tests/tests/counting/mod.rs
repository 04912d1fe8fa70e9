//! An allocator that counts, thread by thread: the test harness has a thread of its own, which allocates when it likes.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::hint::black_box;

struct Counting;

thread_local! {
    static ALLOCATIONS: Cell<usize> = const { Cell::new(0) };
    static BYTES: Cell<usize> = const { Cell::new(0) };
    static HELD: Cell<isize> = const { Cell::new(0) };
    static MOST_HELD: Cell<isize> = const { Cell::new(0) };
}

// SAFETY: memory comes from the system's allocator and goes back to it.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.set(ALLOCATIONS.get() + 1);
        BYTES.set(BYTES.get() + layout.size());
        HELD.set(HELD.get() + layout.size() as isize);
        MOST_HELD.set(MOST_HELD.get().max(HELD.get()));
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        HELD.set(HELD.get() - layout.size() as isize);
        unsafe { System.dealloc(place, layout) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

/// How often `f` allocates, on this thread. Growing in place counts as well.
#[allow(dead_code, reason = "a test counts what it is about")]
pub fn allocations<T>(f: impl FnOnce() -> T) -> usize {
    let before = ALLOCATIONS.get();
    black_box(f());
    ALLOCATIONS.get() - before
}

/// How many bytes `f` allocates, on this thread, all in all.
#[allow(dead_code, reason = "a test counts what it is about")]
pub fn bytes<T>(f: impl FnOnce() -> T) -> usize {
    let before = BYTES.get();
    black_box(f());
    BYTES.get() - before
}

/// How many bytes more than before are allocated at the worst moment of `f`, on this thread.
#[allow(dead_code, reason = "a test counts what it is about")]
pub fn most_held<T>(f: impl FnOnce() -> T) -> usize {
    let before = HELD.get();
    MOST_HELD.set(before);
    black_box(f());
    usize::try_from(MOST_HELD.get() - before).unwrap_or(0)
}
