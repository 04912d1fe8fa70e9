//! Floats.

use super::integer::{bin, math};
use super::{Feature, Generator, NESTING};
use crate::math::{Domain, TABLE};
use crate::syntax::{Block, Expr, IntPattern, Op, Ty};

const NUMBERS: &[f64] = &[0.5, 0.25, 1.5, 2.0, 0.1, 0.7, 3.0, 1.0, 0.0];

impl Generator {
    /// A float.
    pub(super) fn float(&mut self, depth: u32) -> Expr {
        let depth = depth.min(self.deepest);
        if depth == 0 || self.nesting > NESTING {
            return self.float_leaf();
        }
        self.nesting += 1;
        let made = self.float_compound(depth);
        self.nesting -= 1;
        made
    }

    fn float_compound(&mut self, depth: u32) -> Expr {
        let inside = u32::from(!self.simple);
        let weights = [
            12,
            30,
            self.weight(Feature::Math, 14),
            4,
            self.weight(Feature::Math, 4),
            self.weight(Feature::Branch, 4 + 2 * inside),
            self.weight(Feature::Match, 4 * inside),
            self.weight(Feature::Block, 3 * inside),
            self.weight(Feature::Call, 10),
            self.weight(Feature::Chain, 8),
            self.weight(Feature::Endless, 3 * inside),
            self.weight(Feature::Maybe, 8 * inside),
        ];
        match self.weighted(&weights) {
            0 => self.float_leaf(),
            1 => self.operator(depth),
            2 => self.function_of_table(depth),
            3 => Expr::Neg(Box::new(self.float(depth - 1))),
            4 => {
                let base = self.float(depth - 1);
                let exponent = self.rng.usize(0..4);
                self.spelled("powi", vec![base, Expr::Int(exponent)])
            }
            5 => self.if_value(depth),
            6 => self.match_value(depth),
            7 => Expr::Block(self.value_block(depth)),
            8 => self.call_of(&Ty::Float).unwrap_or_else(|| self.leaf_sum()),
            9 => self
                .simply(|generator| generator.reduction())
                .unwrap_or_else(|| self.leaf_sum()),
            10 => self.loop_value(),
            _ => self.unwrapped(depth),
        }
    }

    fn leaf_sum(&mut self) -> Expr {
        let left = self.float_leaf();
        let right = self.float_leaf();
        bin(Op::Add, left, right)
    }

    pub(super) fn float_leaf(&mut self) -> Expr {
        match self.rng.u32(..10) {
            0 => Expr::Num(self.pick(NUMBERS)),
            1 if self.has(Feature::Integer) => Expr::Cast(Box::new(self.int(1))),
            _ => match self.readable_float() {
                Some((place, _)) => Expr::Place(place),
                None => Expr::Num(self.pick(NUMBERS)),
            },
        }
    }

    fn operator(&mut self, depth: u32) -> Expr {
        let op = self.pick(&[
            Op::Add,
            Op::Add,
            Op::Sub,
            Op::Mul,
            Op::Mul,
            Op::Mul,
            Op::Div,
            Op::Rem,
        ]);
        let left = self.float(depth - 1);
        let right = match op {
            Op::Div => self.within(Domain::Positive, depth),
            Op::Rem => Expr::Num(self.pick(&[0.7, 1.5, 2.0])),
            _ => self.float(depth - 1),
        };
        bin(op, left, right)
    }

    fn function_of_table(&mut self, depth: u32) -> Expr {
        // The first rows are the everyday ones.
        let row = match self.rng.bool() {
            true => &TABLE[self.rng.usize(..8)],
            false => &TABLE[self.rng.usize(..TABLE.len())],
        };
        let args = row
            .domains
            .iter()
            .map(|domain| self.within(*domain, depth))
            .collect();
        self.spelled(row.name, args)
    }

    /// As a method where the receiver's type is known.
    fn spelled(&mut self, name: &'static str, args: Vec<Expr>) -> Expr {
        let path = self.open(&args[0]) || self.one_in(6);
        Expr::Math { name, path, args }
    }

    /// A float inside a domain.
    pub(super) fn within(&mut self, domain: Domain, depth: u32) -> Expr {
        let value = self.float(depth.saturating_sub(1));
        match (domain, self.rng.bool()) {
            (Domain::Real, _) => value,
            (Domain::Positive, true) => bin(Op::Add, math("abs", value), Expr::Num(0.4)),
            (Domain::Positive, false) => bin(Op::Add, Expr::Num(1.5), math("sin", value)),
            (Domain::Unit, _) => bin(Op::Mul, Expr::Num(0.8), math("sin", value)),
            (Domain::Small, true) => math("sin", value),
            (Domain::Small, false) => math("tanh", value),
            (Domain::AboveOne, _) => bin(Op::Add, math("exp", math("cos", value)), Expr::Num(1.2)),
        }
    }

    /// A block that yields a float.
    pub(super) fn value_block(&mut self, depth: u32) -> Block {
        let depth = depth.saturating_sub(1);
        self.scoped(|generator| {
            let stmts = match generator.simple {
                true => Vec::new(),
                false => generator.some_statements(2),
            };
            let tail = Some(Box::new(generator.float(depth)));
            Block { stmts, tail }
        })
    }

    fn if_value(&mut self, depth: u32) -> Expr {
        let cond = Box::new(self.cond(1));
        let then = self.value_block(depth);
        let otherwise = match depth > 1 && self.one_in(4) {
            true => Block {
                stmts: Vec::new(),
                tail: Some(Box::new(self.if_value(depth - 1))),
            },
            false => self.value_block(depth),
        };
        Expr::If(cond, then, Some(otherwise))
    }

    fn match_value(&mut self, depth: u32) -> Expr {
        self.match_of(|generator| generator.value_block(depth))
    }

    /// A `match` on an integer; every arm has a body made by `body`.
    pub(super) fn match_of(&mut self, mut body: impl FnMut(&mut Self) -> Block) -> Expr {
        let on = self.int(2);
        let mut arms = Vec::new();
        for _ in 0..self.rng.usize(1..4) {
            let pattern = match self.rng.u32(..4) {
                0 => IntPattern::Lits(vec![self.rng.usize(..2), self.rng.usize(2..5)]),
                1 => IntPattern::Range(self.rng.usize(..2), self.rng.usize(2..4)),
                2 => IntPattern::Bind(self.name(&Ty::Int, &[])),
                _ => IntPattern::Lits(vec![self.rng.usize(..4)]),
            };
            arms.push(self.arm_of(pattern, &mut body));
        }
        let last = match self.rng.bool() {
            true => IntPattern::Wild,
            false => IntPattern::Bind(self.name(&Ty::Int, &[])),
        };
        let mut last = self.arm_of(last, &mut body);
        last.guard = None;
        arms.push(last);
        Expr::Match(Box::new(on), arms)
    }

    fn arm_of(
        &mut self,
        pattern: IntPattern,
        body: &mut impl FnMut(&mut Self) -> Block,
    ) -> crate::syntax::Arm {
        self.scoped(|generator| {
            let bound = matches!(pattern, IntPattern::Bind(_));
            if let IntPattern::Bind(name) = &pattern {
                let var = generator.var(name, Ty::Int, crate::syntax::Pass::Value, false);
                generator.scope.push(var);
            }
            let guarded = bound || generator.one_in(4);
            let guard = guarded.then(|| generator.cond(0));
            let body = body(generator);
            crate::syntax::Arm {
                pattern,
                guard,
                body,
            }
        })
    }

    /// Whether the width of a float may be left open by what is written.
    pub(super) fn open(&self, expr: &Expr) -> bool {
        let tail = |block: &Block| block.tail.as_ref().is_none_or(|tail| self.open(tail));
        match expr {
            Expr::Num(_) => true,
            Expr::Place(place) => {
                let var = self.scope.iter().rev().find(|var| var.name == place.root);
                var.is_none_or(|var| var.open)
            }
            Expr::Neg(inner) => self.open(inner),
            Expr::Bin(_, left, right) => self.open(left) && self.open(right),
            // Variables of their blocks are out of scope by now.
            Expr::If(_, then, Some(otherwise))
                if then.stmts.is_empty() && otherwise.stmts.is_empty() =>
            {
                tail(then) || tail(otherwise)
            }
            Expr::If(..) | Expr::Match(..) | Expr::Block(_) | Expr::Loop(..) | Expr::IfSome(..) => {
                true
            }
            Expr::Array(parts) => parts.iter().all(|part| self.open(part)),
            Expr::Repeat(part, _) | Expr::VecRepeat(part, _) => self.open(part),
            Expr::VecNew => true,
            // The first closure parameter takes the type of the start.
            Expr::Chain(chain) => matches!(chain.end, crate::syntax::End::Fold(..)),
            _ => false,
        }
    }
}
