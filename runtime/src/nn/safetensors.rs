//! Weights in the format of Hugging Face's safetensors: named tensors, as PyTorch names and lays
//! them out, `(out, in)`.
//!
//! ```
//! use tapeless::nn::{safetensors, Rng, StackLinear};
//!
//! let mut layer = StackLinear::<f32, 3, 2>::new(&mut Rng::with_seed(1));
//! let bytes = safetensors::save(&[("fc.weight", &layer.weight), ("fc.bias", &layer.bias)])?;
//! let kept = layer;
//! layer = StackLinear::zeros();
//! safetensors::load(&bytes, &mut [("fc.weight", &mut layer.weight), ("fc.bias", &mut layer.bias)])?;
//! assert_eq!(layer, kept);
//! # Ok::<(), safetensors::Error>(())
//! ```

use alloc::borrow::{Cow, ToOwned};
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use ::safetensors::tensor::{Dtype, SafeTensors, TensorView, View};

use crate::matrix::{Dense, Sealed};

use super::raw::{bytes_of, float_of};

/// One of the dense types, as a named tensor.
pub trait Tensor: Sealed {
    #[doc(hidden)]
    fn __shape(&self) -> Vec<usize>;
    #[doc(hidden)]
    fn __width(&self) -> usize;
    #[doc(hidden)]
    fn __bytes(&self) -> Vec<u8>;
    #[doc(hidden)]
    fn __read(&mut self, bytes: &[u8]);
}

impl<D: Dense> Tensor for D {
    fn __shape(&self) -> Vec<usize> {
        let (rows, cols) = self.shape();
        if self.axes() == 1 {
            return [cols].to_vec();
        }
        [rows, cols].to_vec()
    }

    fn __width(&self) -> usize {
        size_of::<D::Scalar>()
    }

    fn __bytes(&self) -> Vec<u8> {
        let width = self.__width();
        self.as_slice()
            .iter()
            .flat_map(|&x| bytes_of(x).into_iter().take(width))
            .collect()
    }

    fn __read(&mut self, bytes: &[u8]) {
        let width = self.__width();
        for (x, bytes) in self
            .as_mut_slice()
            .iter_mut()
            .zip(bytes.chunks_exact(width))
        {
            *x = float_of(bytes);
        }
    }
}

/// Why weights could not be saved or loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// The file is no safetensors file: truncated, damaged, or something else.
    Format(String),
    /// There is no tensor of this name in the file.
    Missing(String),
    /// A tensor has another shape than its place.
    Shape {
        /// Which tensor.
        name: String,
        /// The shape of its place.
        expected: Vec<usize>,
        /// Its shape in the file.
        found: Vec<usize>,
    },
    /// A tensor has other elements than its place.
    Type {
        /// Which tensor.
        name: String,
        /// The name of the elements' type in the file.
        found: String,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Format(why) => write!(f, "not a readable safetensors file: {why}"),
            Error::Missing(name) => write!(f, "no tensor `{name}` in the file"),
            Error::Shape {
                name,
                expected,
                found,
            } => {
                write!(
                    f,
                    "tensor `{name}` has shape {found:?} in the file, and {expected:?} here"
                )
            }
            Error::Type { name, found } => {
                write!(
                    f,
                    "tensor `{name}` has elements of type {found} in the file, and others here"
                )
            }
        }
    }
}

impl core::error::Error for Error {}

fn format_error(error: impl fmt::Display) -> Error {
    Error::Format(error.to_string())
}

fn dtype(tensor: &dyn Tensor) -> Dtype {
    if tensor.__width() > 4 {
        Dtype::F64
    } else {
        Dtype::F32
    }
}

/// A tensor on its way into a file.
struct Saved {
    dtype: Dtype,
    shape: Vec<usize>,
    data: Vec<u8>,
}

impl View for Saved {
    fn dtype(&self) -> Dtype {
        self.dtype
    }

    fn shape(&self) -> &[usize] {
        &self.shape
    }

    fn data(&self) -> Cow<'_, [u8]> {
        Cow::Borrowed(&self.data)
    }

    fn data_len(&self) -> usize {
        self.data.len()
    }
}

/// The bytes of a file with these tensors.
///
/// # Errors
///
/// If two have the same name, or the format cannot hold them.
pub fn save(tensors: &[(&str, &dyn Tensor)]) -> Result<Vec<u8>, Error> {
    for (i, (name, _)) in tensors.iter().enumerate() {
        if tensors[..i].iter().any(|(earlier, _)| earlier == name) {
            return Err(Error::Format(alloc::format!(
                "two tensors are named `{name}`"
            )));
        }
    }
    let saved = tensors.iter().map(|&(name, tensor)| {
        let (shape, data) = (tensor.__shape(), tensor.__bytes());
        (
            name,
            Saved {
                dtype: dtype(tensor),
                shape,
                data,
            },
        )
    });
    ::safetensors::serialize(saved, None).map_err(format_error)
}

/// Loads these tensors from the bytes of a file; others in it are left alone.
///
/// # Errors
///
/// If the file is damaged, or a tensor is missing, or has another shape or type of elements than its
/// place. Nothing is loaded then, not even the tensors that fit.
pub fn load(bytes: &[u8], tensors: &mut [(&str, &mut dyn Tensor)]) -> Result<(), Error> {
    let file = SafeTensors::deserialize(bytes).map_err(format_error)?;
    let found = tensors
        .iter()
        .map(|(name, place)| find(&file, name, &**place));
    let found = found.collect::<Result<Vec<_>, _>>()?;
    for ((_, place), view) in tensors.iter_mut().zip(found) {
        place.__read(view.data());
    }
    Ok(())
}

/// The tensor of this name, if it fits its place.
fn find<'a>(
    file: &SafeTensors<'a>,
    name: &str,
    place: &dyn Tensor,
) -> Result<TensorView<'a>, Error> {
    let view = file
        .tensor(name)
        .map_err(|_| Error::Missing(name.to_owned()))?;
    let expected = place.__shape();
    if view.shape() != expected {
        let found = view.shape().to_vec();
        return Err(Error::Shape {
            name: name.to_owned(),
            expected,
            found,
        });
    }
    if view.dtype() != dtype(place) {
        let found = alloc::format!("{:?}", view.dtype());
        return Err(Error::Type {
            name: name.to_owned(),
            found,
        });
    }
    Ok(view)
}
