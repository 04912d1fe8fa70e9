//! What variables hold.

use crate::dual::Dual;

use super::memory::Address;

/// A value: arrays, slices, vectors, tuples and structs are all lists.
#[derive(Clone, Debug)]
pub enum Value {
    Float(Dual),
    Int(i64),
    Bool(bool),
    List(Vec<Value>),
    /// `Some`, `Ok`; `None`, `Err`.
    Maybe(Option<Box<Value>>),
    /// A reference into the frame.
    Reference(Address),
}

impl Value {
    /// `()`
    pub fn unit() -> Self {
        Value::List(Vec::new())
    }

    /// The float it is.
    pub fn float(&self) -> Dual {
        match self {
            Value::Float(dual) => *dual,
            other => panic!("not a float: {other:?}"),
        }
    }

    /// The integer it is.
    pub fn int(&self) -> i64 {
        match self {
            Value::Int(int) => *int,
            other => panic!("not an integer: {other:?}"),
        }
    }

    /// The same, not negative.
    pub fn index(&self) -> usize {
        usize::try_from(self.int()).expect("an index")
    }

    /// The condition it is.
    pub fn truth(&self) -> bool {
        match self {
            Value::Bool(truth) => *truth,
            other => panic!("not a condition: {other:?}"),
        }
    }

    /// The parts it has.
    pub fn list(&self) -> &[Value] {
        match self {
            Value::List(parts) => parts,
            other => panic!("not a list: {other:?}"),
        }
    }

    /// Appends its floats; nothing for a missing value.
    pub fn flatten(&self, out: &mut Vec<Dual>) {
        match self {
            Value::Float(dual) => out.push(*dual),
            Value::List(parts) => parts.iter().for_each(|part| part.flatten(out)),
            Value::Maybe(Some(inner)) => inner.flatten(out),
            _ => {}
        }
    }
}
