//! Support for the tests of this package.

pub mod oracle;
