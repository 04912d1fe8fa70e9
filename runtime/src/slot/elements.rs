//! Elements of a cotangent that may turn out to be that of a constant.
//!
//! A field marked `#[constant]` has the cotangent `()`, and its elements have none: `Elements(&mut d.field).at(i)` is
//! `&mut d.field[i]` for everything that can be indexed, and a [`Nowhere`] for the `()`.

use core::ops::IndexMut;

/// The cotangent of an element of a constant: it exists everywhere, and takes nothing in.
pub(crate) type Nowhere = [(); 0];

/// A cotangent of which elements are wanted.
#[doc(hidden)]
pub struct Elements<'d, D: ?Sized>(pub &'d mut D);

macro_rules! constants {
    ($($constant:ty),*) => {$(
        impl<'d> Elements<'d, $constant> {
            /// The element of a constant.
            #[inline(always)]
            pub fn at<I>(self, _: I) -> &'d mut Nowhere {
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

/// The elements of what is no constant. The method of a constant, being inherent, goes before.
#[doc(hidden)]
pub trait ElementsAt<I> {
    /// A place for the element's cotangent.
    type Element;

    /// `&mut d[index]`
    fn at(self, index: I) -> Self::Element;
}

impl<'d, I, D: IndexMut<I, Output: 'd> + ?Sized> ElementsAt<I> for Elements<'d, D> {
    type Element = &'d mut D::Output;

    #[inline(always)]
    #[track_caller]
    fn at(self, index: I) -> &'d mut D::Output {
        &mut self.0[index]
    }
}
