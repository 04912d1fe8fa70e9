//! What the larger examples share: reading data, showing progress, drawing. The examples themselves are the files
//! beside this folder, one each.

pub mod data;
pub mod plot;
pub mod progress;
