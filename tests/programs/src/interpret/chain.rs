//! Iterator chains: every stage is worked off before the next, since closures change nothing.

use super::memory::{Address, Frame};
use super::{Machine, Step, Value};
use crate::dual::Dual;
use crate::math;
use crate::syntax::{Adaptor, Chain, End, Expr, Place, Shape, Source};

impl Machine<'_> {
    /// A chain with its end.
    pub(super) fn chain(&self, frame: &mut Frame, chain: &Chain) -> Step<Value> {
        let items = self.items(frame, chain)?;
        let floats = |items: &[Value], frame: &Frame| -> Vec<Dual> {
            items.iter().map(|item| seen(frame, item).float()).collect()
        };
        Ok(match &chain.end {
            End::Head => panic!("a head is not a value"),
            End::Collect => Value::List(items),
            End::Sum => {
                // `Sum` of floats begins at −0.0.
                let sum = floats(&items, frame).into_iter();
                Value::Float(sum.fold(Dual::constant(-0.0), |sum, item| sum + item))
            }
            End::Product => {
                let product = floats(&items, frame).into_iter();
                Value::Float(product.fold(Dual::constant(1.0), |product, item| product * item))
            }
            End::Max => {
                let start = Dual::constant(f64::NEG_INFINITY);
                let max = floats(&items, frame).into_iter();
                Value::Float(max.fold(start, |max, item| math::apply("max", &[max, item])))
            }
            End::Fold(start, name, shape, body) => {
                let mut state = self.expression(frame, start)?;
                for item in items {
                    let mark = frame.mark();
                    frame.declare(name, state);
                    bind(frame, shape, item);
                    state = self.expression(frame, body)?;
                    frame.forget(mark);
                }
                state
            }
        })
    }

    /// The items of a chain.
    pub(super) fn items(&self, frame: &mut Frame, chain: &Chain) -> Step<Vec<Value>> {
        let mut items = self.source(frame, &chain.source)?;
        for adaptor in &chain.adaptors {
            items = self.adapt(frame, adaptor, items)?;
        }
        Ok(items)
    }

    fn adapt(&self, frame: &mut Frame, adaptor: &Adaptor, items: Vec<Value>) -> Step<Vec<Value>> {
        Ok(match adaptor {
            Adaptor::Copied => items.iter().map(|item| seen(frame, item)).collect(),
            Adaptor::Enumerate => {
                let numbered = items.into_iter().enumerate();
                let pair = |(index, item)| Value::List(vec![Value::Int(index as i64), item]);
                numbered.map(pair).collect()
            }
            Adaptor::Rev => items.into_iter().rev().collect(),
            Adaptor::Skip(count) => items.into_iter().skip(*count).collect(),
            Adaptor::Take(count) => items.into_iter().take(*count).collect(),
            Adaptor::StepBy(step) => items.into_iter().step_by(*step).collect(),
            Adaptor::Zip(source, copied) => {
                let mut other = self.source(frame, source)?;
                if *copied {
                    other = other.iter().map(|item| seen(frame, item)).collect();
                }
                let zipped = items.into_iter().zip(other);
                zipped.map(|(a, b)| Value::List(vec![a, b])).collect()
            }
            Adaptor::Chain(source) => {
                let other = self.source(frame, source)?;
                items.into_iter().chain(other).collect()
            }
            Adaptor::Map(shape, body) => {
                let mapped = items.into_iter();
                mapped
                    .map(|item| self.closure(frame, shape, item, body))
                    .collect::<Step<_>>()?
            }
            Adaptor::Filter(shape, body) => {
                let mut kept = Vec::new();
                for item in items {
                    if self.closure(frame, shape, item.clone(), body)?.truth() {
                        kept.push(item);
                    }
                }
                kept
            }
            Adaptor::TakeWhile(shape, body) => {
                let end = self.first_failing(frame, shape, body, &items)?;
                items[..end].to_vec()
            }
            Adaptor::SkipWhile(shape, body) => {
                let start = self.first_failing(frame, shape, body, &items)?;
                items[start..].to_vec()
            }
        })
    }

    /// How many items pass before the first that does not.
    fn first_failing(
        &self,
        frame: &mut Frame,
        shape: &Shape,
        body: &Expr,
        items: &[Value],
    ) -> Step<usize> {
        for (position, item) in items.iter().enumerate() {
            if !self.closure(frame, shape, item.clone(), body)?.truth() {
                return Ok(position);
            }
        }
        Ok(items.len())
    }

    fn closure(&self, frame: &mut Frame, shape: &Shape, item: Value, body: &Expr) -> Step<Value> {
        let mark = frame.mark();
        bind(frame, shape, item);
        let value = self.expression(frame, body);
        frame.forget(mark);
        value
    }

    fn source(&self, frame: &mut Frame, source: &Source) -> Step<Vec<Value>> {
        Ok(match source {
            Source::Range(lo, hi, inclusive) => {
                let lo = self.expression(frame, lo)?.int();
                let hi = self.expression(frame, hi)?.int() + i64::from(*inclusive);
                (lo..hi).map(Value::Int).collect()
            }
            Source::Iter(place) | Source::IterMut(place) | Source::Borrowed(place) => {
                self.references(frame, place)?
            }
            Source::Into(place) => {
                let address = self.address(frame, place)?;
                frame.get(&address).list().to_vec()
            }
            Source::Windows(place, len) => {
                let address = self.address(frame, place)?;
                let windows = frame.get(&address).list().windows(*len);
                windows.map(|part| Value::List(part.to_vec())).collect()
            }
            Source::ChunksExact(place, len) => {
                let address = self.address(frame, place)?;
                let chunks = frame.get(&address).list().chunks_exact(*len);
                chunks.map(|part| Value::List(part.to_vec())).collect()
            }
        })
    }

    fn references(&self, frame: &mut Frame, place: &Place) -> Step<Vec<Value>> {
        let address = self.address(frame, place)?;
        let count = frame.get(&address).list().len();
        let element = |index| {
            let Address { slot, mut path } = address.clone();
            path.push(index);
            Value::Reference(Address { slot, path })
        };
        Ok((0..count).map(element).collect())
    }
}

/// What a reference refers to.
fn seen(frame: &Frame, value: &Value) -> Value {
    match value {
        Value::Reference(address) => frame.get(address).clone(),
        other => other.clone(),
    }
}

/// Declares what the pattern of a closure or `for` names.
pub(super) fn bind(frame: &mut Frame, shape: &Shape, item: Value) {
    match shape {
        Shape::Ref(name) => {
            let value = seen(frame, &item);
            frame.declare(name, value);
        }
        Shape::Kept(name) | Shape::Value(name, _) | Shape::Window(name) => {
            frame.declare(name, item)
        }
        Shape::Pair(first, second) => {
            let parts = item.list().to_vec();
            for (shape, part) in [first, second].into_iter().zip(parts) {
                bind(frame, shape, part);
            }
        }
    }
}
