//! Elements of a cotangent that may turn out to be that of a constant.
//!
//! A field marked `#[constant]` has the cotangent `()`, and its elements have none: `Elements(&mut d.field).at(i)` is
//! `&mut d.field[i]` for everything that can be indexed, and a [`Nowhere`] for the `()`. So it is with what is inside an
//! option: `Elements(&mut d.field).inside()`, and with its own fields: `Elements(&mut d.field).part(Names { k: () }, |c| &mut
//! c.k)`, where `Names` stands for the type of the `()`, which has no fields.

use core::ops::IndexMut;

/// The cotangent of an element of a constant: it exists everywhere, and takes nothing in.
pub(crate) type Nowhere = [(); 0];

/// A cotangent of which elements are wanted.
#[doc(hidden)]
pub struct Elements<'d, D: ?Sized>(pub &'d mut D);

macro_rules! nowhere {
    ($part:ident) => {
        Nowhere
    };
}

/// Several fields at once: `$several(names, |c| (&mut c.k, &mut c.l))`.
macro_rules! several {
    ($then:ident [$($before:tt)*]) => {
        $then! {
            $($before)*
            parts2 (P Q);
            parts3 (P Q R);
            parts4 (P Q R S);
        }
    };
}

macro_rules! of_constant {
    ($constant:ty; $($several:ident ($($part:ident)*);)*) => {
        impl<'d> Elements<'d, $constant> {$(
            /// Fields of a constant.
            #[inline(always)]
            pub fn $several<N, $($part: ?Sized),*>(
                self,
                _: N,
                _: impl FnOnce(&mut N) -> ($(&mut $part),*),
            ) -> ($(&'d mut nowhere!($part)),*) {
                ($({ let nowhere: &'d mut nowhere!($part) = &mut []; nowhere }),*)
            }
        )*}
    };
}

several!(of_constant [();]);
several!(of_constant [Nowhere;]);

macro_rules! constants {
    ($($constant:ty),*) => {$(
        impl<'d> Elements<'d, $constant> {
            /// The element of a constant.
            #[inline(always)]
            pub fn at<I>(self, _: I) -> &'d mut Nowhere {
                &mut []
            }

            /// A field of a constant.
            #[inline(always)]
            pub fn part<N, R: ?Sized>(
                self,
                _: N,
                _: impl FnOnce(&mut N) -> &mut R,
            ) -> &'d mut $constant {
                self.0
            }

            /// What is inside a constant that is an option.
            #[inline(always)]
            pub fn inside(self) -> &'d mut Nowhere {
                &mut []
            }

            /// Two parts of a constant.
            #[inline(always)]
            pub fn split(self, _: usize) -> (&'d mut Nowhere, &'d mut Nowhere) {
                (&mut [], &mut [])
            }
        }
    )*};
}

constants!((), Nowhere);

impl<'d, T> Elements<'d, [T]> {
    /// `split_at_mut`
    #[inline(always)]
    #[track_caller]
    pub fn split(self, middle: usize) -> (&'d mut [T], &'d mut [T]) {
        self.0.split_at_mut(middle)
    }
}

/// The index looks through a box.
#[cfg(feature = "alloc")]
impl<'d, D: ?Sized> Elements<'d, alloc::boxed::Box<D>> {
    /// `&mut d[index]`
    #[inline(always)]
    #[track_caller]
    pub fn at<I>(self, index: I) -> &'d mut D::Element
    where
        D: Indexed<I, Element: 'd>,
    {
        (**self.0).element(index)
    }
}

impl<'d, T> Elements<'d, Option<T>> {
    /// What is inside an option, which is known to be there.
    #[inline(always)]
    #[track_caller]
    pub fn inside(self) -> &'d mut T {
        match self.0 {
            Some(inside) => inside,
            None => unreachable!(),
        }
    }
}

/// What elements of a cotangent can be taken from: all that `[index]` can be written behind.
///
/// The index of a type of the user's own gives a part of the value; of which part of the cotangent, nobody says.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "no derivative rule for an index into a value whose cotangent is `{Self}`",
    label = "this index cannot be differentiated",
    note = "index the array or vector inside of it, `value.field[i]`",
    note = "or put `#[differentiate]` on the type's own `impl Index`, so that its cotangent is indexed alike",
    note = "or call a function `g` beside which you write a `g_vjp`"
)]
pub trait Indexed<I> {
    /// What an element is.
    type Element: ?Sized;

    /// `&mut self[index]`
    fn element(&mut self, index: I) -> &mut Self::Element;
}

impl<I, D: IndexMut<I> + ?Sized> Indexed<I> for D {
    type Element = D::Output;

    #[inline(always)]
    #[track_caller]
    fn element(&mut self, index: I) -> &mut D::Output {
        &mut self[index]
    }
}

/// The elements of what is no constant. The method of a constant, being inherent, goes before.
#[doc(hidden)]
pub trait ElementsAt<'d> {
    /// The cotangent.
    type Whole: ?Sized;

    /// `&mut d[index]`
    fn at<I>(self, index: I) -> &'d mut <Self::Whole as Indexed<I>>::Element
    where
        Self::Whole: Indexed<I, Element: 'd>;
}

impl<'d, D: ?Sized> ElementsAt<'d> for Elements<'d, D> {
    type Whole = D;

    #[inline(always)]
    #[track_caller]
    fn at<I>(self, index: I) -> &'d mut D::Element
    where
        D: Indexed<I, Element: 'd>,
    {
        self.0.element(index)
    }
}

macro_rules! of_all_else {
    ($($several:ident ($($part:ident)*);)*) => {
        /// The fields of what is no constant. The methods of a constant, being inherent, go before.
        #[doc(hidden)]
        pub trait ElementsPart<'d> {
            /// The cotangent.
            type Whole: ?Sized + 'd;

            /// `&mut d.field`
            fn part<N, R: ?Sized>(
                self,
                names: N,
                step: impl FnOnce(&'d mut Self::Whole) -> &'d mut R,
            ) -> &'d mut R;

            $(
                /// `(&mut d.field, &mut d.other)`
                fn $several<N, $($part: ?Sized),*>(
                    self,
                    names: N,
                    step: impl FnOnce(&'d mut Self::Whole) -> ($(&'d mut $part),*),
                ) -> ($(&'d mut $part),*);
            )*
        }

        impl<'d, D: ?Sized> ElementsPart<'d> for Elements<'d, D> {
            type Whole = D;

            #[inline(always)]
            fn part<N, R: ?Sized>(self, _: N, step: impl FnOnce(&'d mut D) -> &'d mut R) -> &'d mut R {
                step(self.0)
            }

            $(
                #[inline(always)]
                fn $several<N, $($part: ?Sized),*>(
                    self,
                    _: N,
                    step: impl FnOnce(&'d mut D) -> ($(&'d mut $part),*),
                ) -> ($(&'d mut $part),*) {
                    step(self.0)
                }
            )*
        }
    };
}

several!(of_all_else []);
