//! Assignments, branches, loops and exits.

use super::integer::{bin, math, named};
use super::scope::{root, Around, Below};
use super::statement::let_name;
use super::{Feature, Generator};
use crate::math::Domain;
use crate::syntax::{Block, Chain, End, Expr, Op, Pass, Pattern, Shape, Source, Stmt, Ty};

const LABELS: &[&str] = &["outer", "inner", "again", "search"];

impl Generator {
    pub(super) fn assign(&mut self, out: &mut Vec<Stmt>) {
        let Some((place, _)) = self.writable_float() else {
            return self.fresh_accumulator(out);
        };
        let value = self.float(2);
        // What is carried around a loop should stay in bounds.
        let value = match (self.around.is_empty(), self.rng.u32(..4)) {
            (true, _) | (_, 0) => value,
            (_, 1) => math("sin", value),
            (_, 2) => math("tanh", value),
            _ => {
                let half = bin(Op::Mul, Expr::Num(0.5), Expr::Place(place.clone()));
                bin(Op::Add, half, bin(Op::Mul, Expr::Num(0.3), value))
            }
        };
        out.push(Stmt::Assign(place, value));
    }

    pub(super) fn compound(&mut self, out: &mut Vec<Stmt>) {
        let Some((place, _)) = self.writable_float() else {
            return self.fresh_accumulator(out);
        };
        let op = self.pick(&[
            Op::Add,
            Op::Add,
            Op::Add,
            Op::Sub,
            Op::Mul,
            Op::Mul,
            Op::Div,
        ]);
        let value = match op {
            Op::Mul if !self.around.is_empty() => self.within(Domain::Small, 2),
            Op::Div => self.within(Domain::Positive, 2),
            _ => self.float(2),
        };
        out.push(Stmt::Compound(place, op, value));
    }

    /// `let mut s = 0.0;`
    fn fresh_accumulator(&mut self, out: &mut Vec<Stmt>) {
        let init = Expr::Num(self.pick(&[0.0, 1.0, 0.5]));
        let name = self.declare(Ty::Float, true, true);
        out.push(let_name(name, true, None, init));
    }

    pub(super) fn if_statement(&mut self, out: &mut Vec<Stmt>) {
        let cond = Box::new(self.cond(1));
        let then = self.body(3);
        let otherwise = match self.rng.u32(..4) {
            0 | 1 => None,
            2 => Some(self.body(3)),
            _ => {
                let chained = Expr::If(Box::new(self.cond(1)), self.body(2), Some(self.body(2)));
                Some(Block {
                    stmts: Vec::new(),
                    tail: Some(Box::new(chained)),
                })
            }
        };
        out.push(Stmt::Do(Expr::If(cond, then, otherwise)));
    }

    pub(super) fn match_statement(&mut self, out: &mut Vec<Stmt>) {
        let branch = self.match_of(|generator| generator.body(2));
        out.push(Stmt::Do(branch));
    }

    pub(super) fn early_return(&mut self, out: &mut Vec<Stmt>) {
        let cond = Box::new(self.cond(1));
        let then = self.leaving_block();
        out.push(Stmt::Do(Expr::If(cond, then, None)));
    }

    /// `{ …; return y; }`
    pub(super) fn leaving_block(&mut self) -> Block {
        self.scoped(|generator| {
            let mut stmts = generator.some_statements(1);
            stmts.push(generator.returned());
            Block { stmts, tail: None }
        })
    }

    fn returned(&mut self) -> Stmt {
        let result = self.result.clone().expect("inside of a function");
        let value = self.simply(|generator| generator.tail(&result));
        Stmt::Return(value.unwrap_or(Expr::Tuple(Vec::new())))
    }

    /// The value of a function or `return`.
    pub(super) fn tail(&mut self, result: &Ty) -> Option<Expr> {
        match result {
            Ty::Unit => None,
            Ty::Float => Some(self.float(3)),
            Ty::Array(_, len) => {
                let vars: Vec<_> = self
                    .visible()
                    .into_iter()
                    .filter(|var| var.ty == *result && var.pass == Pass::Value)
                    .collect();
                Some(match vars.is_empty() {
                    true => Expr::Array((0..*len).map(|_| self.float(2)).collect()),
                    false => Expr::Place(root(&self.pick(&vars))),
                })
            }
            Ty::Tuple(parts) => Some(Expr::Tuple(parts.iter().map(|_| self.float(2)).collect())),
            Ty::Vec(_) => Some(match self.simply(|generator| generator.collected()) {
                Some(collected) => collected,
                None => Expr::VecRepeat(Box::new(self.float(2)), Box::new(Expr::Int(2))),
            }),
            Ty::Option(_) => Some(self.maybe(Expr::None, |value| Expr::Some(Box::new(value)))),
            Ty::Result(_) => Some(self.maybe(Expr::Err, |value| Expr::Ok(Box::new(value)))),
            other => panic!("not a result: {other:?}"),
        }
    }

    fn maybe(&mut self, failure: Expr, wrap: impl Fn(Expr) -> Expr) -> Expr {
        let value = self.float(2);
        if self.rng.bool() {
            return wrap(value);
        }
        let only = |expr| Block {
            stmts: Vec::new(),
            tail: Some(Box::new(expr)),
        };
        let cond = Box::new(self.cond(0));
        Expr::If(cond, only(failure), Some(only(wrap(value))))
    }

    /// A label, and whether it is written.
    pub(super) fn enter_loop(&mut self, value: bool) -> Option<&'static str> {
        self.labels += 1;
        let label = LABELS[(self.labels + self.around.len()) % LABELS.len()];
        let free = self.around.iter().all(|around| around.label != label);
        let free = free && !self.taken.contains(&label);
        let labelled = free && self.has(Feature::Leave) && self.one_in(3);
        self.around.push(Around {
            label,
            labelled,
            value,
        });
        labelled.then_some(label)
    }

    pub(super) fn range_loop(&mut self, out: &mut Vec<Stmt>) {
        let vars = self.visible();
        let lists: Vec<_> = vars
            .into_iter()
            .filter(|var| matches!(var.ty, Ty::Slice(_) | Ty::Vec(_)))
            .collect();
        let low = Expr::Int(self.pick(&[0, 0, 0, 1]));
        let (high, inclusive, below) = if !lists.is_empty() && self.rng.bool() {
            let list = self.pick(&lists);
            (Expr::Len(root(&list)), false, Below::Len(list.id))
        } else {
            let inclusive = self.one_in(4);
            let limit = self.rng.usize(1..5);
            match self.rng.bool() {
                true => (
                    Expr::Int(limit),
                    inclusive,
                    Below::Number(limit + usize::from(inclusive)),
                ),
                false => (
                    self.bound(limit),
                    inclusive,
                    Below::Number(limit + usize::from(inclusive)),
                ),
            }
        };
        // A vector may grow while the loop runs, but not shrink.
        let source = Source::Range(low, high, inclusive);
        let adaptors = self.range_adaptors(inclusive);
        let head = Box::new(Chain {
            source,
            adaptors,
            end: End::Head,
        });
        let label = self.enter_loop(false);
        let name = self.name(&Ty::Int, &[]);
        let body = self.scoped(|generator| {
            let mut var = generator.var(&name, Ty::Int, Pass::Value, false);
            var.below = below;
            generator.scope.push(var);
            generator.body(4)
        });
        self.around.pop();
        let pattern = Shape::Value(name, Ty::Int);
        out.push(Stmt::For {
            label,
            pattern,
            head,
            body,
        });
    }

    fn counter(&mut self, out: &mut Vec<Stmt>) -> String {
        self.counter += 1;
        let name = format!("count{}", self.counter);
        let mut var = self.var(&name, Ty::Int, Pass::Value, true);
        self.frozen.push(var.id);
        var.below = Below::Nothing;
        self.scope.push(var);
        out.push(let_name(name.clone(), true, None, Expr::Int(0)));
        name
    }

    pub(super) fn while_loop(&mut self, out: &mut Vec<Stmt>) {
        let name = self.counter(out);
        let limit = self.bound(4);
        let counting = Expr::Cmp("<", Box::new(Expr::Place(named(&name))), Box::new(limit));
        let cond = match self.rng.bool() {
            true => counting,
            false => Expr::And(Box::new(counting), Box::new(self.cond(1))),
        };
        let label = self.enter_loop(false);
        let mut body = self.body(4);
        self.around.pop();
        body.stmts
            .insert(0, Stmt::Compound(named(&name), Op::Add, Expr::Int(1)));
        out.push(Stmt::While { label, cond, body });
    }

    pub(super) fn endless_loop(&mut self, out: &mut Vec<Stmt>) {
        let name = self.counter(out);
        let label = self.enter_loop(false);
        let body = self.endless_body(&name, false);
        self.around.pop();
        out.push(Stmt::Do(Expr::Loop(label, body)));
    }

    /// `{ let mut count = 0; loop { …; break value; } }`
    pub(super) fn loop_value(&mut self) -> Expr {
        self.scoped(|generator| {
            let mut stmts = Vec::new();
            let name = generator.counter(&mut stmts);
            // Loops outside cannot be left from here, but their labels are taken.
            let around = std::mem::take(&mut generator.around);
            let taken = generator.taken.len();
            generator
                .taken
                .extend(around.iter().map(|around| around.label));
            let label = generator.enter_loop(true);
            let body = generator.endless_body(&name, true);
            generator.taken.truncate(taken);
            generator.around = around;
            Expr::Block(Block {
                stmts,
                tail: Some(Box::new(Expr::Loop(label, body))),
            })
        })
    }

    fn endless_body(&mut self, name: &str, value: bool) -> Block {
        self.scoped(|generator| {
            // Behind a `continue` the exit might not be reached, and the loop not end.
            let features = generator.features.clone();
            generator
                .features
                .retain(|feature| *feature != Feature::Leave);
            let first = generator.rng.usize(..3);
            let mut stmts = generator.some_statements(first);
            generator.features = features;
            let stop = generator.stop(name, value);
            stmts.insert(0, Stmt::Compound(named(name), Op::Add, Expr::Int(1)));
            stmts.push(stop);
            stmts.extend(generator.some_statements(2));
            Block { stmts, tail: None }
        })
    }

    /// `if count > limit { break value; }`
    fn stop(&mut self, name: &str, value: bool) -> Stmt {
        let limit = self.bound(4);
        let counted = Expr::Cmp(">", Box::new(Expr::Place(named(name))), Box::new(limit));
        let value = value.then(|| self.simply(|generator| generator.float(1)));
        let stop = Block {
            stmts: vec![Stmt::Break(None, value)],
            tail: None,
        };
        Stmt::Do(Expr::If(Box::new(counted), stop, None))
    }

    pub(super) fn leave(&mut self, out: &mut Vec<Stmt>) {
        let around = match self.rng.bool() {
            true => self.around.last().cloned(),
            false => Some(self.pick(&self.around.clone())),
        };
        let Some(around) = around else { return };
        let innermost = self
            .around
            .last()
            .is_some_and(|last| last.label == around.label);
        if !innermost && !around.labelled {
            return self.compound(out);
        }
        let label = (around.labelled && (!innermost || self.one_in(3))).then_some(around.label);
        let jump = match self.rng.bool() {
            true => Stmt::Continue(label),
            false => {
                let value = around
                    .value
                    .then(|| self.simply(|generator| generator.float(1)));
                Stmt::Break(label, value)
            }
        };
        let cond = Box::new(self.cond(1));
        let then = self.scoped(|generator| {
            let mut stmts = match generator.rng.bool() {
                true => Vec::new(),
                false => generator.some_statements(1),
            };
            stmts.push(jump);
            Block { stmts, tail: None }
        });
        out.push(Stmt::Do(Expr::If(cond, then, None)));
    }

    /// `let r = &mut a[i];` and writes through it, in a block.
    pub(super) fn let_reference(&mut self, out: &mut Vec<Stmt>) {
        let Some((place, _)) = self.writable_float() else {
            return self.let_placeholder(out);
        };
        if place.deref {
            return self.compound(out);
        }
        let Some(owner) = self
            .visible()
            .into_iter()
            .find(|var| var.name == place.root)
        else {
            return;
        };
        let block = self.scoped(|generator| {
            let name = "r".to_string();
            generator.hidden.push(owner.id);
            let mut var = generator.var(&name, Ty::Float, Pass::RefMut, true);
            var.open = true;
            generator.scope.push(var);
            let mut stmts = vec![Stmt::LetRef {
                name,
                place,
                mutable: true,
            }];
            stmts.extend(generator.some_statements(2));
            Block { stmts, tail: None }
        });
        out.push(Stmt::Do(Expr::Block(block)));
    }

    fn let_placeholder(&mut self, out: &mut Vec<Stmt>) {
        let init = self.float(1);
        out.push(Stmt::Let {
            pattern: Pattern::Wild,
            ty: Some(Ty::Float),
            init: Some(init),
        });
    }

    fn range_adaptors(&mut self, inclusive: bool) -> Vec<crate::syntax::Adaptor> {
        use crate::syntax::Adaptor;
        match self.rng.u32(..8) {
            0 => vec![Adaptor::Rev],
            1 => vec![Adaptor::StepBy(self.rng.usize(1..4))],
            2 if !inclusive => vec![Adaptor::StepBy(2), Adaptor::Rev],
            3 => vec![Adaptor::Rev, Adaptor::StepBy(2)],
            _ => Vec::new(),
        }
    }
}
