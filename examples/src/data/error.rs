//! What can be wrong with a file.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// A file and what is wrong with it.
#[derive(Debug)]
pub struct Error {
    /// Which file.
    pub path: PathBuf,
    /// What is wrong with it.
    pub fault: Fault,
}

/// What is wrong with a file.
#[derive(Debug)]
pub enum Fault {
    /// It cannot be read.
    Unreadable(io::Error),
    /// It is no folder with the files looked for, nor one of these files.
    NoData,
    /// It is compressed, and the compression is damaged or breaks off.
    Gzip(io::Error),
    /// It does not start as IDX files do.
    NoIdx,
    /// Its elements are not bytes: the type's code.
    Elements(u8),
    /// It has another number of dimensions than expected.
    Dimensions {
        /// How many there should be.
        expected: usize,
        /// How many there are.
        found: usize,
    },
    /// It is shorter or longer than its header says.
    Length {
        /// How many bytes the header announces.
        expected: usize,
        /// How many follow.
        found: usize,
    },
    /// There are not as many labels as images.
    Labels {
        /// How many images there are.
        images: usize,
        /// How many labels there are.
        labels: usize,
    },
    /// A label is not one of the ten classes.
    Class(u8),
    /// There are too few images to learn from some and test on others.
    TooFew(usize),
    /// The test images have another size than the training images.
    Size {
        /// Height and width of the training images.
        train: (usize, usize),
        /// Height and width of the test images.
        test: (usize, usize),
    },
}

impl Fault {
    /// The fault of this file.
    pub fn of(self, path: &Path) -> Error {
        Error {
            path: path.to_owned(),
            fault: self,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path.display(), self.fault)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::Unreadable(error) => write!(f, "cannot be read: {error}"),
            Fault::NoData => f.write_str(
                "not a folder with train-images-idx3-ubyte and t10k-images-idx3-ubyte, or with images-idx3-ubyte, \
                 each beside its labels (…-labels-idx1-ubyte), compressed (.gz) or not",
            ),
            Fault::Gzip(error) => write!(f, "damaged or truncated: {error}"),
            Fault::NoIdx => f.write_str("not an IDX file: it starts with other bytes"),
            Fault::Elements(code) => {
                write!(f, "its elements are of type {code:#04x}, not bytes (0x08)")
            }
            Fault::Dimensions { expected, found } => {
                write!(f, "has {found} dimensions instead of {expected}")
            }
            Fault::Length { expected, found } if found < expected => {
                write!(f, "truncated: {found} of {expected} bytes of data")
            }
            Fault::Length { expected, found } => write!(
                f,
                "{found} bytes of data, where its header says {expected}"
            ),
            Fault::Labels { images, labels } => {
                write!(f, "{labels} labels do not go with {images} images")
            }
            Fault::Class(label) => write!(f, "label {label} is none of the ten classes 0 to 9"),
            Fault::TooFew(count) => write!(f, "{count} images are too few"),
            Fault::Size { train, test } => write!(
                f,
                "images of {}×{} do not go with training images of {}×{}",
                test.0, test.1, train.0, train.1
            ),
        }
    }
}

impl std::error::Error for Error {}
