//! Expressions, places and calls.

use super::memory::{Address, Frame};
use super::{Machine, Step, Value};
use crate::dual::Dual;
use crate::math;
use crate::syntax::{Arg, Arm, Block, Bounds, Expr, IntPattern, Op, Place, Proj};

impl Machine<'_> {
    pub(super) fn expression(&self, frame: &mut Frame, expr: &Expr) -> Step<Value> {
        Ok(match expr {
            Expr::Num(value) => Value::Float(Dual::constant(*value)),
            Expr::Int(value) => Value::Int(*value as i64),
            Expr::Place(place) | Expr::Clone(place) => {
                let address = self.address(frame, place)?;
                frame.get(&address).clone()
            }
            Expr::Neg(inner) => Value::Float(-self.float(frame, inner)?),
            Expr::Bin(op, left, right) => {
                let left = self.expression(frame, left)?;
                binary(*op, left, self.expression(frame, right)?)
            }
            Expr::Math { name, args, .. } => self.math(frame, name, args)?,
            Expr::Cmp(name, left, right) => {
                let left = self.expression(frame, left)?;
                Value::Bool(compare(name, &left, &self.expression(frame, right)?))
            }
            Expr::And(left, right) => {
                let both = self.truth(frame, left)? && self.truth(frame, right)?;
                Value::Bool(both)
            }
            Expr::Or(left, right) => {
                let either = self.truth(frame, left)? || self.truth(frame, right)?;
                Value::Bool(either)
            }
            Expr::Not(inner) => Value::Bool(!self.truth(frame, inner)?),
            Expr::Cast(inner) => {
                let int = self.expression(frame, inner)?.int();
                Value::Float(Dual::constant(int as f64))
            }
            Expr::Trunc(inner) => Value::Int(self.float(frame, inner)?.value as usize as i64),
            Expr::Block(block) => self.block(frame, block)?,
            Expr::If(..) | Expr::Match(..) | Expr::IfSome(..) => self.branch(frame, expr)?,
            Expr::Loop(label, body) => self.endless(frame, *label, body)?,
            Expr::Call(callee, args) => self.call(frame, *callee, args)?,
            Expr::Array(parts) | Expr::Tuple(parts) | Expr::Struct(_, parts) => {
                let parts = parts.iter().map(|part| self.expression(frame, part));
                Value::List(parts.collect::<Step<_>>()?)
            }
            Expr::Update(_, parts, base) => {
                let mut made = Vec::new();
                for (field, part) in parts {
                    made.push((*field, self.expression(frame, part)?));
                }
                let address = self.address(frame, base)?;
                let mut fields = frame.get(&address).list().to_vec();
                for (field, part) in made {
                    fields[field] = part;
                }
                Value::List(fields)
            }
            Expr::Repeat(part, len) => Value::List(vec![self.expression(frame, part)?; *len]),
            Expr::VecRepeat(part, len) => {
                let part = self.expression(frame, part)?;
                Value::List(vec![part; self.expression(frame, len)?.index()])
            }
            Expr::VecNew => Value::List(Vec::new()),
            Expr::Some(inner) | Expr::Ok(inner) => {
                Value::Maybe(Some(Box::new(self.expression(frame, inner)?)))
            }
            Expr::None | Expr::Err => Value::Maybe(None),
            Expr::Len(place) => {
                let address = self.address(frame, place)?;
                Value::Int(frame.get(&address).list().len() as i64)
            }
            Expr::Chain(chain) => self.chain(frame, chain)?,
            Expr::Try(inner) => match self.maybe(frame, inner)? {
                Some(value) => value,
                None => return Err(super::Flow::Return(Value::Maybe(None))),
            },
            Expr::UnwrapOr(inner, default) => {
                let inner = self.maybe(frame, inner)?;
                let default = self.expression(frame, default)?;
                inner.unwrap_or(default)
            }
        })
    }

    pub(super) fn maybe(&self, frame: &mut Frame, expr: &Expr) -> Step<Option<Value>> {
        match self.expression(frame, expr)? {
            Value::Maybe(inner) => Ok(inner.map(|inner| *inner)),
            other => panic!("not optional: {other:?}"),
        }
    }

    pub(super) fn float(&self, frame: &mut Frame, expr: &Expr) -> Step<Dual> {
        Ok(self.expression(frame, expr)?.float())
    }

    fn truth(&self, frame: &mut Frame, expr: &Expr) -> Step<bool> {
        Ok(self.expression(frame, expr)?.truth())
    }

    fn math(&self, frame: &mut Frame, name: &str, args: &[Expr]) -> Step<Value> {
        let values: Vec<Value> = args
            .iter()
            .map(|arg| self.expression(frame, arg))
            .collect::<Step<_>>()?;
        if let [base, Value::Int(exponent)] = values.as_slice() {
            return Ok(Value::Float(math::powi(base.float(), *exponent as i32)));
        }
        let duals: Vec<Dual> = values.iter().map(Value::float).collect();
        Ok(Value::Float(math::apply(name, &duals)))
    }

    fn branch(&self, frame: &mut Frame, expr: &Expr) -> Step<Value> {
        match expr {
            Expr::If(cond, then, otherwise) => match (self.truth(frame, cond)?, otherwise) {
                (true, _) => self.block(frame, then),
                (false, Some(otherwise)) => self.block(frame, otherwise),
                _ => Ok(Value::unit()),
            },
            Expr::IfSome(tried, name, then, otherwise) => match self.maybe(frame, tried)? {
                Some(value) => self.with(frame, name, value, then),
                None => self.block(frame, otherwise),
            },
            Expr::Match(on, arms) => {
                let on = self.expression(frame, on)?;
                for arm in arms {
                    if let Some(value) = self.arm(frame, &on, arm)? {
                        return Ok(value);
                    }
                }
                panic!("no arm for {on:?}")
            }
            other => panic!("not a branch: {other:?}"),
        }
    }

    fn with(&self, frame: &mut Frame, name: &str, value: Value, body: &Block) -> Step<Value> {
        let mark = frame.mark();
        frame.declare(name, value);
        let value = self.block(frame, body);
        frame.forget(mark);
        value
    }

    fn arm(&self, frame: &mut Frame, on: &Value, arm: &Arm) -> Step<Option<Value>> {
        let number = on.index();
        let matches = match &arm.pattern {
            IntPattern::Lits(lits) => lits.contains(&number),
            IntPattern::Range(lo, hi) => (*lo..=*hi).contains(&number),
            IntPattern::Bind(_) | IntPattern::Wild => true,
        };
        if !matches {
            return Ok(None);
        }
        let mark = frame.mark();
        if let IntPattern::Bind(name) = &arm.pattern {
            frame.declare(name, on.clone());
        }
        let taken = match &arm.guard {
            Some(guard) => self.truth(frame, guard)?,
            None => true,
        };
        let value = taken.then(|| self.block(frame, &arm.body)).transpose();
        frame.forget(mark);
        value
    }

    pub(super) fn address(&self, frame: &mut Frame, place: &Place) -> Step<Address> {
        let mut address = frame.address(&place.root);
        for proj in &place.path {
            let index = match proj {
                Proj::Index(index) => self.expression(frame, index)?.index(),
                Proj::Field(index, _) => *index,
            };
            address.path.push(index);
        }
        Ok(address)
    }

    /// Copies arguments in, calls, and copies out what is behind `&mut`.
    fn call(&self, frame: &mut Frame, callee: usize, args: &[Arg]) -> Step<Value> {
        let mut values = Vec::new();
        let mut back: Vec<(Address, Bounds)> = Vec::new();
        for arg in args {
            let (address, bounds, mutable) = match arg {
                Arg::Value(expr) => {
                    values.push(self.expression(frame, expr)?);
                    continue;
                }
                Arg::Ref(place, bounds) => (self.address(frame, place)?, *bounds, false),
                Arg::RefMut(place, bounds) => (self.address(frame, place)?, *bounds, true),
                Arg::Pass(name, mutable) => (frame.address(name), None, *mutable),
            };
            values.push(part(frame.get(&address), bounds));
            if mutable {
                back.push((address, bounds));
            }
        }
        if !self.burn() {
            return Err(super::Flow::Return(Value::unit()));
        }
        let (result, finals) = self.invoke(&self.program.functions[callee], values);
        for ((address, bounds), value) in back.into_iter().zip(finals) {
            write_part(frame.get_mut(&address), bounds, value);
        }
        Ok(result)
    }
}

/// `[lo..hi]` of a value.
fn part(value: &Value, bounds: Bounds) -> Value {
    match bounds {
        None => value.clone(),
        Some((lo, hi)) => {
            let list = value.list();
            Value::List(list[lo.unwrap_or(0)..hi.unwrap_or(list.len())].to_vec())
        }
    }
}

fn write_part(place: &mut Value, bounds: Bounds, value: Value) {
    match (place, bounds) {
        (place, None) => *place = value,
        (Value::List(parts), Some((lo, _))) => {
            for (slot, part) in parts.iter_mut().skip(lo.unwrap_or(0)).zip(value.list()) {
                *slot = part.clone();
            }
        }
        (other, _) => panic!("not a list: {other:?}"),
    }
}

/// An operator on two floats or two integers.
pub(super) fn binary(op: Op, left: Value, right: Value) -> Value {
    match (left, right) {
        (Value::Float(left), Value::Float(right)) => Value::Float(match op {
            Op::Add => left + right,
            Op::Sub => left - right,
            Op::Mul => left * right,
            Op::Div => left / right,
            Op::Rem => left % right,
        }),
        (Value::Int(left), Value::Int(right)) => Value::Int(match op {
            Op::Add => left + right,
            Op::Sub => left - right,
            Op::Mul => left * right,
            Op::Div => left / right,
            Op::Rem => left % right,
        }),
        (left, right) => panic!("{op:?} of {left:?} and {right:?}"),
    }
}

fn compare(name: &str, left: &Value, right: &Value) -> bool {
    let order = match (left, right) {
        (Value::Int(left), Value::Int(right)) => left.partial_cmp(right),
        _ => left.float().value.partial_cmp(&right.float().value),
    };
    match name {
        "<" => order.is_some_and(|order| order.is_lt()),
        "<=" => order.is_some_and(|order| order.is_le()),
        ">" => order.is_some_and(|order| order.is_gt()),
        ">=" => order.is_some_and(|order| order.is_ge()),
        "==" => order.is_some_and(|order| order.is_eq()),
        _ => !order.is_some_and(|order| order.is_eq()),
    }
}
