//! Loops of every form, at zero, one and many trips: gradients against differences and dual numbers, values and buffers
//! as the primal's, bit for bit.

/// Holds the gradient against differences, and the value against the function's own.
macro_rules! check {
    ($f:ident, $gradient:ident, ($($argument:expr),* $(,)?)) => {
        tapeless::assert_gradient!($f($($argument),*));
        assert_eq!($gradient($($argument),*).0.to_bits(), $f($($argument),*).to_bits());
    };
}

mod carried;
mod duals;
mod exits;
mod in_place;
mod nested;
mod options;
mod out_parameters;
mod ranges;
mod sequences;
mod sorting;
mod vectors;
