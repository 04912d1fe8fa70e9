//! Labelled images, from IDX files or from the copy embedded here.

mod error;
mod idx;
mod images;
mod set;

pub use error::{Error, Fault};
pub use idx::Idx;
pub use images::Images;
pub use set::DataSet;
