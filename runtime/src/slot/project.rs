//! The projections of a slot onto one to six disjoint parts, in one table: their declarations in
//! the trait, and their bodies for each sort of slot.

/// Hands the table to `$each!`, behind what it wants to know.
macro_rules! table {
    ($each:ident $context:tt) => {
        $crate::slot::project::$each! {
            $context
            project(D1 d1);
            project2(D1 d1, D2 d2);
            project3(D1 d1, D2 d2, D3 d3);
            project4(D1 d1, D2 d2, D3 d3, D4 d4);
            project5(D1 d1, D2 d2, D3 d3, D4 d4, D5 d5);
            project6(D1 d1, D2 d2, D3 d3, D4 d4, D5 d5, D6 d6);
        }
    };
}

macro_rules! declare {
    ([] $($project:ident($($d:ident $part:ident),*);)*) => {$(
        /// Lends the disjoint parts of the place that `f` selects, as slots of the same activity.
        #[doc(hidden)]
        #[allow(unused_parens)] // around a single part
        fn $project<'a, $($d: ?Sized + 'a),*>(
            &'a mut self,
            f: impl FnOnce(&'a mut C) -> ($(&'a mut $d),*),
        ) -> ($(Self::Of<'a, $d>),*)
        where
            C: 'a;
    )*};
}

/// For a slot that is a place: the parts themselves.
macro_rules! everywhere {
    ([$place:ty, $slot:ident, $root:expr] $($project:ident($($d:ident $part:ident),*);)*) => {$(
        #[inline(always)]
        #[allow(unused_parens)] // around a single part
        fn $project<'a, $($d: ?Sized + 'a),*>(
            &'a mut self,
            f: impl FnOnce(&'a mut $place) -> ($(&'a mut $d),*),
        ) -> ($(Self::Of<'a, $d>),*)
        where
            $place: 'a,
        {
            let $slot = self;
            f($root)
        }
    )*};
}

/// For a slot that may be a place: each part in a `Some`, or none.
macro_rules! perhaps {
    ([] $($project:ident($($d:ident $part:ident),*);)*) => {$(
        #[inline(always)]
        #[allow(unused_parens)] // around a single part
        fn $project<'a, $($d: ?Sized + 'a),*>(
            &'a mut self,
            f: impl FnOnce(&'a mut C) -> ($(&'a mut $d),*),
        ) -> ($(Self::Of<'a, $d>),*)
        where
            C: 'a,
        {
            $(let mut $part = None;)*
            if let Some(root) = self {
                ($($part),*) = {
                    let ($($part),*) = f(root);
                    ($(Some($part)),*)
                };
            }
            ($($part),*)
        }
    )*};
}

/// For [`Inactive`](crate::Inactive): `f` is not called.
macro_rules! nowhere {
    ([] $($project:ident($($d:ident $part:ident),*);)*) => {$(
        #[inline(always)]
        #[allow(unused_parens)] // around a single part
        fn $project<'a, $($d: ?Sized + 'a),*>(
            &'a mut self,
            _: impl FnOnce(&'a mut C) -> ($(&'a mut $d),*),
        ) -> ($(Self::Of<'a, $d>),*)
        where
            C: 'a,
        {
            $(let $part = $crate::Inactive;)*
            ($($part),*)
        }
    )*};
}

/// For [`Fits`](super::fit::Fits): the projections of a slot for it, seen as a `C`.
macro_rules! declare_fit {
    ([] $($project:ident($($d:ident $part:ident),*);)*) => {$(
        /// Lends parts of the `C` in a slot.
        #[allow(unused_parens)] // around a single part
        fn $project<'a, S: Slot<Self> + 'a, $($d: ?Sized + 'a),*>(
            slot: &'a mut S,
            f: impl FnOnce(&'a mut C) -> ($(&'a mut $d),*),
        ) -> ($(Self::Of<'a, S, $d>),*)
        where
            Self: 'a,
            C: 'a;
    )*};
}

/// The `C` is always there.
macro_rules! fit_inside {
    ([$inner:ty, $outer:ident, $inside:expr] $($project:ident($($d:ident $part:ident),*);)*) => {$(
        #[inline(always)]
        #[allow(unused_parens)] // around a single part
        fn $project<'a, S: Slot<Self> + 'a, $($d: ?Sized + 'a),*>(
            slot: &'a mut S,
            f: impl FnOnce(&'a mut $inner) -> ($(&'a mut $d),*),
        ) -> ($(S::Of<'a, $d>),*)
        where
            Self: 'a,
            $inner: 'a,
        {
            Slot::$project(slot, |$outer| f($inside))
        }
    )*};
}

/// The `C` is never there.
macro_rules! fit_nowhere {
    ([$inner:ty] $($project:ident($($d:ident $part:ident),*);)*) => {$(
        #[inline(always)]
        #[allow(unused_parens)] // around a single part
        fn $project<'a, S: Slot<Self> + 'a, $($d: ?Sized + 'a),*>(
            _: &'a mut S,
            _: impl FnOnce(&'a mut $inner) -> ($(&'a mut $d),*),
        ) -> ($(Self::Of<'a, S, $d>),*)
        where
            Self: 'a,
            $inner: 'a,
        {
            $(let $part = $crate::Inactive;)*
            ($($part),*)
        }
    )*};
}

/// For [`Fit`](super::fit::Fit).
macro_rules! fitting {
    ([] $($project:ident($($d:ident $part:ident),*);)*) => {$(
        #[inline(always)]
        #[allow(unused_parens)] // around a single part
        fn $project<'a, $($d: ?Sized + 'a),*>(
            &'a mut self,
            f: impl FnOnce(&'a mut C) -> ($(&'a mut $d),*),
        ) -> ($(Self::Of<'a, $d>),*)
        where
            C: 'a,
        {
            <D as Fits<C>>::$project(&mut self.0, f)
        }
    )*};
}

pub(super) use {declare, everywhere, nowhere, perhaps, table};
pub(super) use {declare_fit, fit_inside, fit_nowhere, fitting};
