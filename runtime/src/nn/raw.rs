//! Weights as raw little-endian floats: for programs without a file system.
//!
//! Train on a computer, put `to_bytes` of the parameters into a file, and embed it:
//!
//! ```
//! use tapeless::nn::raw;
//!
//! const WEIGHTS: [f32; 2] = raw::f32s(&[0, 0, 128, 63, 0, 0, 0, 192]); // or include_bytes!("weights.bin")
//! assert_eq!(WEIGHTS, [1.0, -2.0]);
//! ```

use core::fmt;

use crate::{Parameters, Real};

/// The floats of a file of `N` of them, at compile time.
///
/// # Panics
///
/// In a constant at compile time, if the file has another length.
pub const fn f32s<const N: usize>(bytes: &[u8]) -> [f32; N] {
    assert!(
        bytes.len() == 4 * N,
        "the file of weights has another length"
    );
    let mut floats = [0.0; N];
    let mut i = 0;
    while i < N {
        let b = 4 * i;
        floats[i] = f32::from_le_bytes([bytes[b], bytes[b + 1], bytes[b + 2], bytes[b + 3]]);
        i += 1;
    }
    floats
}

/// The bytes hold another number of floats than the parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WrongLength {
    /// How many bytes the parameters need.
    pub expected: usize,
    /// How many there are.
    pub found: usize,
}

impl fmt::Display for WrongLength {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} bytes of weights, where the parameters need {}",
            self.found, self.expected
        )
    }
}

impl core::error::Error for WrongLength {}

/// The parameters, in the order of their fields, as little-endian floats.
#[cfg(feature = "alloc")]
pub fn to_bytes<P: Parameters>(parameters: &P) -> alloc::vec::Vec<u8> {
    let mut flat = alloc::vec![P::Scalar::default(); parameters.count()];
    parameters.write_flat(&mut flat);
    flat.iter()
        .flat_map(|&p| bytes_of(p).into_iter().take(size_of::<P::Scalar>()))
        .collect()
}

/// Reads the parameters, in the order of their fields.
///
/// # Errors
///
/// If there are not as many bytes as all of them need; nothing is read then.
pub fn read<P: Parameters>(bytes: &[u8], parameters: &mut P) -> Result<(), WrongLength> {
    let width = size_of::<P::Scalar>();
    let expected = parameters.count() * width;
    if bytes.len() != expected {
        return Err(WrongLength {
            expected,
            found: bytes.len(),
        });
    }
    let mut floats = bytes.chunks_exact(width);
    let shape = parameters.zero_cotangent();
    parameters.visit(&shape, |run, _| {
        for (p, bytes) in run.iter_mut().zip(&mut floats) {
            *p = float_of(bytes);
        }
    });
    Ok(())
}

/// The little-endian bytes of a float, in front; an `f32` leaves the last four 0.
#[cfg(feature = "alloc")]
pub(super) fn bytes_of<T: Real>(x: T) -> [u8; 8] {
    if size_of::<T>() > 4 {
        return x.to_f64().unwrap_or(f64::NAN).to_le_bytes();
    }
    let [a, b, c, d] = x.to_f32().unwrap_or(f32::NAN).to_le_bytes();
    [a, b, c, d, 0, 0, 0, 0]
}

/// The float of its little-endian bytes.
pub(super) fn float_of<T: Real>(bytes: &[u8]) -> T {
    let float = match *bytes {
        [a, b, c, d] => T::from(f32::from_le_bytes([a, b, c, d])),
        [a, b, c, d, e, f, g, h] => T::from(f64::from_le_bytes([a, b, c, d, e, f, g, h])),
        _ => None,
    };
    float.unwrap_or_else(T::nan)
}
