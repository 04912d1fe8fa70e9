//! Runs a program over dual numbers, as Rust would.
//!
//! A call has a frame of slots. A variable that is a reference holds the address of what it refers to; arguments
//! behind references are copied in and, behind `&mut`, copied out, which nobody can tell apart.

#![allow(
    clippy::result_large_err,
    reason = "values carry whole gradients, and nobody waits for this interpreter"
)]

mod chain;
mod expression;
mod memory;
mod statement;
mod value;

use std::cell::Cell;

use crate::dual::Dual;
use crate::syntax::{Function, Param, Pass, Program, Ty};
use memory::Frame;
pub use value::Value;

/// Why the statement after this one does not run.
#[derive(Debug)]
enum Flow {
    Break(Option<&'static str>, Option<Value>),
    Continue(Option<&'static str>),
    Return(Value),
}

type Step<T> = Result<T, Flow>;

/// A program being run.
struct Machine<'p> {
    program: &'p Program,
    fuel: Cell<u64>,
}

/// What the entry returned, and what its `&mut` parameters hold at the end, as one row of floats.
///
/// `None` if it ran out of fuel.
pub fn run(program: &Program, inputs: &[f64], integers: &[usize]) -> Option<Vec<Dual>> {
    let machine = Machine {
        program,
        fuel: Cell::new(200_000),
    };
    let mut inputs = inputs.iter().enumerate();
    let mut integers = integers.iter();
    let mut next = || {
        let (index, value) = inputs.next().expect("enough inputs");
        Dual::input(*value, index)
    };
    let arguments: Vec<Value> = program
        .entry()
        .params
        .iter()
        .map(|param| match param.ty {
            Ty::Int => Value::Int(*integers.next().expect("enough integers") as i64),
            _ => build(program, &param.ty, param.len, &mut next),
        })
        .collect();
    let (result, finals) = machine.invoke(program.entry(), arguments);
    if machine.fuel.get() == 0 {
        return None;
    }
    let mut flat = Vec::new();
    result.flatten(&mut flat);
    finals.iter().for_each(|value| value.flatten(&mut flat));
    Some(flat)
}

/// A value of a type from a row of floats.
fn build(program: &Program, ty: &Ty, len: usize, next: &mut dyn FnMut() -> Dual) -> Value {
    match ty {
        Ty::Float => Value::Float(next()),
        Ty::Int => Value::Int(2),
        Ty::Array(item, len) => {
            Value::List((0..*len).map(|_| build(program, item, 0, next)).collect())
        }
        Ty::Slice(item) | Ty::Vec(item) => {
            Value::List((0..len).map(|_| build(program, item, 0, next)).collect())
        }
        Ty::Struct(index) => {
            let fields = program.structs[*index].fields.iter();
            Value::List(fields.map(|(_, ty)| build(program, ty, 0, next)).collect())
        }
        Ty::Tuple(parts) => {
            Value::List(parts.iter().map(|ty| build(program, ty, 0, next)).collect())
        }
        other => panic!("not a parameter: {other:?}"),
    }
}

impl Machine<'_> {
    /// Calls a function: its result, and the final contents of its `&mut` parameters.
    fn invoke(&self, function: &Function, arguments: Vec<Value>) -> (Value, Vec<Value>) {
        let mut frame = Frame::default();
        for (param, value) in function.params.iter().zip(arguments) {
            bind_parameter(&mut frame, param, value);
        }
        let result = match self.block(&mut frame, &function.body) {
            Ok(value) | Err(Flow::Return(value)) => value,
            Err(other) => panic!("left the function by {other:?}"),
        };
        let is_in_out = |(_, param): &(usize, &Param)| param.pass == Pass::RefMut;
        let params = function.params.iter().enumerate().filter(is_in_out);
        let finals = params.map(|(index, _)| frame.contents(index)).collect();
        (result, finals)
    }

    /// Whether it may go on.
    fn burn(&self) -> bool {
        self.fuel.set(self.fuel.get().saturating_sub(1));
        self.fuel.get() > 0
    }
}

fn bind_parameter(frame: &mut Frame, param: &Param, value: Value) {
    // The parameters' contents come first, by their numbers, so that shadowing cannot hide them.
    frame.declare(&param.name, value);
}
