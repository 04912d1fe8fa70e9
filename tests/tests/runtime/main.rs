//! The runtime core: cotangents, parameters, the rules of scalar methods, casts and storage.

mod cotangents;
mod parameters;
mod scalars;
mod storage;
