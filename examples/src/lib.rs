//! The examples are the files of this package, one each.
