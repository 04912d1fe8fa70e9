//! What loops store into: an array of a bounded number of records, or a `Vec` (feature `alloc`).
//! Records are pushed by the forward sweep and popped by the reverse sweep.

/// How much is reserved for the runs of a loop that are expected but not certain, in bytes.
#[cfg(feature = "alloc")]
const EXPECTED: usize = 1 << 26;

/// What the records of a loop may take of the stack without being told, in bytes.
const LIMIT: usize = 4096;

/// At most `N` records, on the stack.
///
/// The type of a record is inferred from what is pushed.
pub struct Stack<T, const N: usize> {
    records: [Option<T>; N],
    len: usize,
    /// How many of them may be iterations.
    limit: usize,
    name: &'static str,
}

impl<T, const N: usize> Stack<T, N> {
    /// Nothing stored yet. `name` says which loop this is, in the panic of [`push`](Self::push).
    #[inline(always)]
    pub const fn new(name: &'static str) -> Self {
        Stack {
            records: [const { None }; N],
            len: 0,
            limit: N,
            name,
        }
    }

    /// The same, where one of the records is that of a pass that only leaves: `while` looks at its condition once more
    /// than it runs.
    #[inline(always)]
    pub const fn with_exit(name: &'static str) -> Self {
        let mut stack = Stack::new(name);
        stack.limit = N.saturating_sub(1);
        stack
    }

    /// The same, where the bound was not chosen by the user.
    ///
    /// Does not compile if the records take more than 4 KiB.
    #[inline(always)]
    pub const fn bounded(name: &'static str) -> Self {
        const {
            assert!(
                core::mem::size_of::<Self>() <= LIMIT,
                "a loop stores more than 4 KiB on the stack: write `#[max_iters(N)]` on it to allow that, or `#[checkpoints(N)]`"
            )
        };
        Stack::new(name)
    }

    /// The same, one record for each element of an array.
    #[inline(always)]
    pub const fn like<U>(name: &'static str, _: &[U; N]) -> Self {
        Stack::bounded(name)
    }

    /// Stores a record.
    ///
    /// # Panics
    ///
    /// If there are `N` already.
    #[inline(always)]
    #[track_caller]
    pub fn push(&mut self, record: T) {
        match self.records.get_mut(self.len) {
            Some(place) => *place = Some(record),
            None => overflow(self.name, self.limit),
        }
        self.len += 1;
    }

    /// The record stored last, if there is one left.
    #[inline(always)]
    pub fn pop(&mut self) -> Option<T> {
        self.len = self.len.checked_sub(1)?;
        self.records.get_mut(self.len)?.take()
    }

    /// How many records are stored.
    #[inline(always)]
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Whether nothing is stored.
    #[inline(always)]
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }
}

/// A loop that stores nothing keeps its bound as well.
///
/// # Panics
///
/// If a loop of so many `trips` is said to run at most `limit` times.
#[inline(always)]
#[track_caller]
pub fn bounded(trips: usize, limit: usize, name: &str) {
    if trips > limit {
        overflow(name, limit)
    }
}

#[cold]
#[track_caller]
fn overflow(name: &str, limit: usize) -> ! {
    panic!("{name} ran more than {limit} times, which is all there is storage for: raise its `#[max_iters({limit})]`")
}

/// Makes room for the records of all runs of a loop that stands in others, in the first of them. `trips` are the trip
/// counts of the loops around, outermost first, and the loop's own in this run, where they are known.
///
/// Later runs may be shorter: no more than 64 MiB are reserved beyond what this run takes, and only if there are that
/// many.
#[cfg(feature = "alloc")]
#[inline(always)]
pub fn reserve<T>(records: &mut alloc::vec::Vec<T>, trips: &[usize]) {
    if records.capacity() == 0 {
        reserve_first(records, trips);
    }
}

#[cfg(feature = "alloc")]
fn reserve_first<T>(records: &mut alloc::vec::Vec<T>, trips: &[usize]) {
    let own = trips.last().copied().unwrap_or(0);
    let all = trips.iter().fold(1, |all: usize, n| all.saturating_mul(*n));
    let expected = EXPECTED / core::mem::size_of::<T>().max(1);
    let wanted = all.min(expected).max(own);
    if records.try_reserve_exact(wanted).is_err() {
        records.reserve(own);
    }
}

/// Makes room for the records of the run of a loop that follows.
#[cfg(feature = "alloc")]
#[inline(always)]
pub fn room<T>(records: &mut alloc::vec::Vec<T>, trips: usize) {
    if records.capacity() - records.len() < trips {
        records.reserve(trips);
    }
}

/// Puts a record where [`room`] has been made for it: without a way out to the allocator.
#[cfg(feature = "alloc")]
#[inline(always)]
pub fn push<T>(records: &mut alloc::vec::Vec<T>, record: T) {
    if records.len() == records.capacity() {
        no_room();
    }
    records.push(record);
}

#[cfg(feature = "alloc")]
#[cold]
#[inline(never)]
fn no_room() -> ! {
    unreachable!("a loop ran more often than its range says")
}

/// Takes the last elements off a store, and overwrites a vector with them.
#[cfg(feature = "alloc")]
#[inline]
pub fn restore<T: Clone>(saved: &mut alloc::vec::Vec<T>, place: &mut [T]) {
    let start = saved.len() - place.len();
    place.clone_from_slice(&saved[start..]);
    saved.truncate(start);
}

/// Overwrites a vector with the elements of a store that begin at a position.
#[cfg(feature = "alloc")]
#[inline(always)]
pub fn recall<T: Clone>(kept: &[T], at: usize, place: &mut [T]) {
    place.clone_from_slice(&kept[at..at + place.len()]);
}

/// The record stored last, if there are more than `mark`.
#[cfg(feature = "alloc")]
#[inline(always)]
pub fn pop_above<T>(records: &mut alloc::vec::Vec<T>, mark: usize) -> Option<T> {
    if records.len() > mark {
        records.pop()
    } else {
        None
    }
}

/// Which arm of a branch was taken, and what it recorded. For more than two arms, the rest is again
/// a `Branch`.
#[derive(Clone, Copy, Debug)]
pub enum Branch<A, B> {
    /// The first arm.
    First(A),
    /// One of the others.
    Rest(B),
}

/// What the reverse sweep needs again is cloned before it is handed over by value.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is needed again by the reverse sweep as it was before it is changed or handed over, so it must be `Clone`",
    label = "changes or takes a value that is needed again",
    note = "implement `Clone` for `{Self}`; where that is `Self`, write `where Self: Clone` at the method"
)]
pub trait Keep {
    /// A copy of `self` for later.
    fn kept(&self) -> Self;
}

#[diagnostic::do_not_recommend]
impl<T: Clone> Keep for T {
    #[inline(always)]
    fn kept(&self) -> T {
        self.clone()
    }
}

/// A copy of a value that is handed over and needed again by the reverse sweep.
#[inline(always)]
pub fn keep<T: Keep>(value: &T) -> T {
    value.kept()
}

/// Makes the elements of a vector of so many what a function says of their positions. A vector that is empty is made
/// first, any other has the length already.
///
/// What the function captures stays known to the compiler: nothing here becomes a function of its own that it is handed
/// to, as it would if the vector were collected.
#[cfg(feature = "alloc")]
#[inline(always)]
pub fn refill<T: Clone>(
    values: &mut alloc::vec::Vec<T>,
    len: usize,
    mut f: impl FnMut(usize) -> T,
) {
    if values.is_empty() && len > 0 {
        *values = alloc::vec![f(0); len];
    }
    overwrite(values, (0..len).map(f));
}

/// Makes the elements of a vector what an iterator yields. A vector that is empty is made of them, without being
/// cleared first; any other has the length already.
#[cfg(feature = "alloc")]
#[inline(always)]
pub fn refill_along<T>(values: &mut alloc::vec::Vec<T>, new: impl Iterator<Item = T>) {
    if values.is_empty() {
        *values = new.collect();
    } else {
        overwrite(values, new);
    }
}

#[cfg(feature = "alloc")]
#[inline(always)]
fn overwrite<T>(values: &mut [T], new: impl Iterator<Item = T>) {
    values
        .iter_mut()
        .zip(new)
        .for_each(|(value, new)| *value = new);
}

/// A copy of the elements of a slice.
#[cfg(feature = "alloc")]
pub fn copied_slice<T: Clone>(values: &[T]) -> alloc::vec::Vec<T> {
    values.to_vec()
}

/// A copy of the elements of a slice; where there is no allocator, an error at the slice.
#[cfg(feature = "alloc")]
#[doc(hidden)]
#[macro_export]
macro_rules! __keep_slice {
    ($slice:expr) => {
        $crate::__private::copied_slice($slice)
    };
}

/// A copy of the elements of a slice; where there is no allocator, an error at the slice.
#[cfg(not(feature = "alloc"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __keep_slice {
    ($slice:expr) => {
        ::core::compile_error!("the reverse sweep needs a copy of this slice, and there is no allocator: use an array of constant size, or enable the feature `alloc` of tapeless")
    };
}

/// A `Vec` for the records of a loop, reserved once; where there is no allocator, an error at the
/// loop. The second argument describes the loop.
#[cfg(feature = "alloc")]
#[doc(hidden)]
#[macro_export]
macro_rules! __storage_vec {
    ($capacity:expr $(, $loop:literal)?) => {
        $crate::__private::alloc::Vec::with_capacity($capacity)
    };
}

/// A `Vec` for the records of a loop, reserved once; where there is no allocator, an error at the
/// loop. The second argument describes the loop.
#[cfg(not(feature = "alloc"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __storage_vec {
    ($capacity:expr) => {
        $crate::__storage_vec!($capacity, "this loop")
    };
    ($capacity:expr, $loop:literal) => {
        ::core::compile_error!(::core::concat!(
            $loop,
            " needs storage of unknown length, and there is no allocator: write `#[max_iters(N)]` or `#[checkpoints(N)]` on it, or enable the feature `alloc` of tapeless"
        ))
    };
}

/// Makes room in a store that several runs of a loop share.
#[cfg(feature = "alloc")]
#[doc(hidden)]
#[macro_export]
macro_rules! __storage_reserve {
    ($store:expr, $trips:expr) => {
        $crate::__private::reserve(&mut $store, &$trips)
    };
}

/// Makes room in a store that several runs of a loop share; the store is an error already.
#[cfg(not(feature = "alloc"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __storage_reserve {
    ($store:expr, $trips:expr) => {
        ()
    };
}

/// Makes room for the records of a loop that follows.
#[cfg(feature = "alloc")]
#[doc(hidden)]
#[macro_export]
macro_rules! __storage_room {
    ($store:expr, $trips:expr) => {
        $crate::__private::room(&mut $store, $trips)
    };
}

/// Makes room in a store that is an array, or an error already.
#[cfg(not(feature = "alloc"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __storage_room {
    ($store:expr, $trips:expr) => {
        ()
    };
}

/// Puts a record where room has been made for it.
#[cfg(feature = "alloc")]
#[doc(hidden)]
#[macro_export]
macro_rules! __storage_push {
    ($store:expr, $record:expr) => {
        $crate::__private::push(&mut $store, $record)
    };
}

/// Puts a record into a store that is an array, or an error already.
#[cfg(not(feature = "alloc"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __storage_push {
    ($store:expr, $record:expr) => {
        $store.push($record)
    };
}

/// Overwrites a vector with the last elements of a store.
#[cfg(feature = "alloc")]
#[doc(hidden)]
#[macro_export]
macro_rules! __storage_restore {
    ($store:expr, $place:expr) => {
        $crate::__private::restore(&mut $store, $place)
    };
}

/// Overwrites a vector with the elements of a store from a position on.
#[cfg(feature = "alloc")]
#[doc(hidden)]
#[macro_export]
macro_rules! __storage_recall {
    ($store:expr, $at:expr, $place:expr) => {
        $crate::__private::recall(&$store, $at, $place)
    };
}

/// Overwrites a vector with elements of a store; the store is an error already.
#[cfg(not(feature = "alloc"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __storage_recall {
    ($store:expr, $at:expr, $place:expr) => {
        ()
    };
}

/// Overwrites a vector with the last elements of a store; the store is an error already.
#[cfg(not(feature = "alloc"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __storage_restore {
    ($store:expr, $place:expr) => {
        ()
    };
}

/// The record stored last, if there are more than `mark`.
#[cfg(feature = "alloc")]
#[doc(hidden)]
#[macro_export]
macro_rules! __storage_above {
    ($store:expr, $mark:expr) => {
        $crate::__private::pop_above(&mut $store, $mark)
    };
}

/// The record stored last; the store is an error already.
#[cfg(not(feature = "alloc"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __storage_above {
    ($store:expr, $mark:expr) => {
        $store.pop()
    };
}

/// Storage for a loop of bounded length: a `Vec` of the expected length; where there is no allocator,
/// the array.
#[cfg(feature = "alloc")]
#[doc(hidden)]
#[macro_export]
macro_rules! __storage_bounded {
    ($array:expr, $expected:expr) => {
        $crate::__private::alloc::Vec::with_capacity($expected)
    };
}

/// Storage for a loop of bounded length: a `Vec` of the expected length; where there is no allocator,
/// the array.
#[cfg(not(feature = "alloc"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __storage_bounded {
    ($array:expr, $expected:expr) => {
        $array
    };
}

/// The items given, where there is an allocator.
#[cfg(feature = "alloc")]
#[doc(hidden)]
#[macro_export]
macro_rules! __with_alloc {
    ($($items:tt)*) => { $($items)* };
}

/// The items given, where there is an allocator.
#[cfg(not(feature = "alloc"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __with_alloc {
    ($($items:tt)*) => {};
}
