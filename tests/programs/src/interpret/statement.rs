//! Statements, blocks and loops.

use super::memory::Frame;
use super::{Flow, Machine, Step, Value};
use crate::syntax::{Block, Chain, Expr, Pattern, Place, Shape, Stmt};

impl Machine<'_> {
    pub(super) fn block(&self, frame: &mut Frame, block: &Block) -> Step<Value> {
        let mark = frame.mark();
        let value = self.inside(frame, block);
        frame.forget(mark);
        value
    }

    fn inside(&self, frame: &mut Frame, block: &Block) -> Step<Value> {
        for stmt in &block.stmts {
            self.statement(frame, stmt)?;
        }
        match &block.tail {
            Some(tail) => self.expression(frame, tail),
            None => Ok(Value::unit()),
        }
    }

    fn statement(&self, frame: &mut Frame, stmt: &Stmt) -> Step<()> {
        match stmt {
            Stmt::Let { pattern, init, .. } => {
                let value = match init {
                    Some(init) => self.expression(frame, init)?,
                    None => Value::unit(),
                };
                bind(frame, pattern, value);
            }
            Stmt::LetRef { name, place, .. } => {
                let address = self.address(frame, place)?;
                frame.declare(name, Value::Reference(address));
            }
            Stmt::Assign(place, value) => {
                let value = self.expression(frame, value)?;
                let address = self.address(frame, place)?;
                *frame.get_mut(&address) = value;
            }
            Stmt::Compound(place, op, value) => {
                let value = self.expression(frame, value)?;
                let address = self.address(frame, place)?;
                let old = frame.get(&address).clone();
                *frame.get_mut(&address) = super::expression::binary(*op, old, value);
            }
            Stmt::Do(expr) => {
                self.expression(frame, expr)?;
            }
            Stmt::For {
                label,
                pattern,
                head,
                body,
            } => self.for_loop(frame, *label, pattern, head, body)?,
            Stmt::While { label, cond, body } => {
                while self.burn() && self.expression(frame, cond)?.truth() {
                    if self.iteration(frame, *label, body)?.is_some() {
                        break;
                    }
                }
            }
            Stmt::Break(label, value) => {
                let value = value.as_ref().map(|value| self.expression(frame, value));
                return Err(Flow::Break(*label, value.transpose()?));
            }
            Stmt::Continue(label) => return Err(Flow::Continue(*label)),
            Stmt::LetElse {
                name,
                init,
                otherwise,
                ..
            } => match self.maybe(frame, init)? {
                Some(value) => frame.declare(name, value),
                None => {
                    self.block(frame, otherwise)?;
                }
            },
            Stmt::Return(value) => return Err(Flow::Return(self.expression(frame, value)?)),
            Stmt::Swap(place, first, second) => self.swap(frame, place, first, second)?,
            Stmt::Push(place, value) => {
                let value = self.expression(frame, value)?;
                let address = self.address(frame, place)?;
                if let Value::List(parts) = frame.get_mut(&address) {
                    parts.push(value);
                }
            }
        }
        Ok(())
    }

    fn swap(&self, frame: &mut Frame, place: &Place, first: &Expr, second: &Expr) -> Step<()> {
        let first = self.expression(frame, first)?.index();
        let second = self.expression(frame, second)?.index();
        let address = self.address(frame, place)?;
        if let Value::List(parts) = frame.get_mut(&address) {
            parts.swap(first, second);
        }
        Ok(())
    }

    fn for_loop(
        &self,
        frame: &mut Frame,
        label: Option<&'static str>,
        pattern: &Shape,
        head: &Chain,
        body: &Block,
    ) -> Step<()> {
        for item in self.items(frame, head)? {
            if !self.burn() {
                break;
            }
            let mark = frame.mark();
            super::chain::bind(frame, pattern, item);
            let left = self.iteration(frame, label, body);
            frame.forget(mark);
            if left?.is_some() {
                break;
            }
        }
        Ok(())
    }

    /// `loop { … }`: the value it breaks with.
    pub(super) fn endless(
        &self,
        frame: &mut Frame,
        label: Option<&'static str>,
        body: &Block,
    ) -> Step<Value> {
        loop {
            if let Some(value) = self.iteration(frame, label, body)? {
                return Ok(value);
            }
            if !self.burn() {
                return Ok(Value::Float(crate::dual::Dual::constant(0.0)));
            }
        }
    }

    /// One run of a body: what the loop was left with, if it was.
    fn iteration(
        &self,
        frame: &mut Frame,
        label: Option<&'static str>,
        body: &Block,
    ) -> Step<Option<Value>> {
        let mine = |to: &Option<&'static str>| to.is_none() || *to == label;
        let mark = frame.mark();
        let flow = self.block(frame, body);
        frame.forget(mark);
        match flow {
            Ok(_) => Ok(None),
            Err(Flow::Continue(to)) if mine(&to) => Ok(None),
            Err(Flow::Break(to, value)) if mine(&to) => Ok(Some(value.unwrap_or_else(Value::unit))),
            Err(other) => Err(other),
        }
    }
}

/// Declares what a pattern names.
pub(super) fn bind(frame: &mut Frame, pattern: &Pattern, value: Value) {
    match pattern {
        Pattern::Name { name, .. } => frame.declare(name, value),
        Pattern::Wild => {}
        Pattern::Tuple(parts) => {
            for (pattern, part) in parts.iter().zip(value.list()) {
                bind(frame, pattern, part.clone());
            }
        }
    }
}
