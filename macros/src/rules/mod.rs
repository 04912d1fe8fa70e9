//! The table of scalar derivative rules.

/// A row of the table.
#[derive(Debug)]
pub struct Rule {
    pub name: &'static str,
    pub arity: usize,
}
