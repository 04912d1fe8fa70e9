//! `new`, from all elements: the rules for vectors and small matrices, a trait for each number of
//! elements.

use ::nalgebra::{RealField, SMatrix};

use crate::{Real, Slot};

/// A line: the trait and the number of elements; the elements, row by row, and their slots; the shapes
/// that have so many.
macro_rules! constructors {
    ($($name:ident $count:literal: $elements:tt => $([$rows:literal, $cols:literal])*;)*) => {$(
        constructors!(@ $name $count $elements);
        $(constructors!(@ $name $count $elements $rows $cols);)*
    )*};
    (@ $name:ident $count:literal ($($element:ident $d:ident)*)) => {
        #[doc = concat!("The rule of `new` of nalgebra's vectors and matrices of ", stringify!($count), " elements.")]
        /// Import it where that is called in differentiated functions.
        pub trait $name<T: Real>: Sized {
            /// Returns the matrix of these elements, row by row, and adds to each one's slot what its
            /// cotangent contributes.
            #[allow(clippy::too_many_arguments)] // elements and slots of the protocol
            fn new_vjp($($element: T,)* d_out: Self, $($d: impl Slot<T>),*) -> Self;
        }
    };
    (@ $name:ident $count:literal ($($element:ident $d:ident)*) $rows:literal $cols:literal) => {
        impl<T: Real + RealField> $name<T> for SMatrix<T, $rows, $cols> {
            #[allow(clippy::modulo_one)] // there may be one column
            fn new_vjp($($element: T,)* d_out: Self, $(mut $d: impl Slot<T>),*) -> Self {
                // Told row by row, stored column by column.
                let mut cotangents = (0..$count).map(|i| d_out[(i / $cols, i % $cols)]);
                $(if let (Some(cotangent), Some(d)) = (cotangents.next(), $d.get()) {
                    *d += cotangent;
                })*
                Self::new($($element),*)
            }
        }
    };
}

constructors! {
    New2Vjp 2: (a d_a b d_b) => [2, 1] [1, 2];
    New3Vjp 3: (a d_a b d_b c d_c) => [3, 1] [1, 3];
    New4Vjp 4: (a d_a b d_b c d_c d d_d) => [4, 1] [1, 4] [2, 2];
    New6Vjp 6: (a d_a b d_b c d_c d d_d e d_e f d_f) => [6, 1] [1, 6] [2, 3] [3, 2];
    New9Vjp 9: (a d_a b d_b c d_c d d_d e d_e f d_f g d_g h d_h i d_i) => [3, 3];
}
