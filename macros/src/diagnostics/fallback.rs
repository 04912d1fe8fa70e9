//! What is emitted after an error: the user's item, and stubs of its siblings, so that one mistake gives one error.
