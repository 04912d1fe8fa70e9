//! The IDX format: two zero bytes, the type of the elements, the number of dimensions, each dimension as a big-endian
//! 32-bit number, the elements.

use std::io::Read;
use std::path::Path;

use flate2::read::GzDecoder;

use super::{Error, Fault};

/// The contents of an IDX file of bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Idx {
    /// The length of each dimension.
    pub shape: Vec<usize>,
    /// The elements, the last dimension running fastest.
    pub elements: Vec<u8>,
}

/// The code of unsigned bytes.
const BYTES: u8 = 0x08;

impl Idx {
    /// Reads a file, compressed or not.
    ///
    /// # Errors
    ///
    /// If it cannot be read, or is not an IDX file of bytes with so many dimensions.
    pub fn read(path: &Path, dimensions: usize) -> Result<Self, Error> {
        let file = std::fs::read(path).map_err(|error| Fault::Unreadable(error).of(path))?;
        Self::decode(&file, dimensions).map_err(|fault| fault.of(path))
    }

    /// Decodes the bytes of a file, compressed or not.
    ///
    /// # Errors
    ///
    /// If they are not an IDX file of bytes with so many dimensions.
    pub fn decode(file: &[u8], dimensions: usize) -> Result<Self, Fault> {
        if !file.starts_with(&[0x1f, 0x8b]) {
            return Self::parse(file, dimensions);
        }
        let mut plain = Vec::new();
        GzDecoder::new(file)
            .read_to_end(&mut plain)
            .map_err(Fault::Gzip)?;
        Self::parse(&plain, dimensions)
    }

    fn parse(file: &[u8], dimensions: usize) -> Result<Self, Fault> {
        let (&[0, 0, kind, found], rest) = file.split_first_chunk().ok_or(Fault::NoIdx)? else {
            return Err(Fault::NoIdx);
        };
        let found = usize::from(found);
        if kind != BYTES {
            return Err(Fault::Elements(kind));
        }
        if found != dimensions {
            let expected = dimensions;
            return Err(Fault::Dimensions { expected, found });
        }
        let (shape, elements) = split_shape(rest, dimensions)?;
        let expected = shape
            .iter()
            .fold(1, |product: usize, &n| product.saturating_mul(n));
        if elements.len() != expected {
            let found = elements.len();
            return Err(Fault::Length { expected, found });
        }
        let elements = elements.to_vec();
        Ok(Idx { shape, elements })
    }
}

/// The shape at the start of what follows the first four bytes, and the rest.
fn split_shape(rest: &[u8], dimensions: usize) -> Result<(Vec<usize>, &[u8]), Fault> {
    let (header, elements) = rest.split_at_checked(4 * dimensions).ok_or(Fault::NoIdx)?;
    let lengths = header.chunks_exact(4).map(|bytes| {
        bytes
            .iter()
            .fold(0, |length, &byte| length << 8 | usize::from(byte))
    });
    Ok((lengths.collect(), elements))
}
