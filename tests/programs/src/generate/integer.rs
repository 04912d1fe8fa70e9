//! Integers and conditions.

use super::scope::root;
use super::{Feature, Generator, NESTING};
use crate::syntax::{Expr, Op, Place, Proj, Ty};

impl Generator {
    /// An integer that stays small.
    pub(super) fn int(&mut self, depth: u32) -> Expr {
        if depth == 0 || self.nesting > NESTING || self.rng.bool() {
            return self.int_leaf();
        }
        self.nesting += 1;
        let made = self.int_compound(depth);
        self.nesting -= 1;
        made
    }

    fn int_compound(&mut self, depth: u32) -> Expr {
        match self.rng.u32(..6) {
            0 | 1 => {
                let left = self.int(depth - 1);
                bin(Op::Add, left, Expr::Int(self.rng.usize(1..4)))
            }
            2 => {
                let left = self.int_leaf();
                bin(Op::Mul, left, Expr::Int(self.rng.usize(2..4)))
            }
            3 => {
                let left = self.int(depth - 1);
                bin(Op::Rem, left, Expr::Int(self.rng.usize(2..5)))
            }
            4 if self.has(Feature::Integer) => self.truncated(),
            _ => {
                let left = self.int(depth - 1);
                let right = self.int_leaf();
                bin(Op::Add, left, right)
            }
        }
    }

    /// `(x.tanh().abs() * 4.0) as usize`
    fn truncated(&mut self) -> Expr {
        let value = self.simply(|generator| generator.float(1));
        let tanh = math("tanh", value);
        Expr::Trunc(Box::new(bin(Op::Mul, math("abs", tanh), Expr::Num(4.0))))
    }

    fn int_leaf(&mut self) -> Expr {
        let mut leaves: Vec<Expr> = Vec::new();
        for var in self.visible() {
            match &var.ty {
                Ty::Int => leaves.push(Expr::Place(root(&var))),
                Ty::Slice(_) | Ty::Vec(_) => leaves.push(Expr::Len(root(&var))),
                Ty::Struct(index) => {
                    let fields = self.program.structs[*index].fields.iter().enumerate();
                    let counts = fields.filter(|(_, (_, ty))| *ty == Ty::Int);
                    leaves.extend(counts.map(|(number, (name, _))| {
                        let mut place = root(&var);
                        place.path.push(Proj::Field(number, name.clone()));
                        Expr::Place(place)
                    }));
                }
                _ => {}
            }
        }
        if leaves.is_empty() || self.one_in(4) {
            return Expr::Int(self.rng.usize(..5));
        }
        self.pick(&leaves)
    }

    /// An integer of the type `usize` for sure, where a literal alone would say nothing.
    pub(super) fn bound(&mut self, limit: usize) -> Expr {
        match self.rng.u32(..4) {
            0 | 1 => Expr::Int(self.rng.usize(1..=limit)),
            _ => {
                let int = self.int(1);
                bin(Op::Rem, int, Expr::Int(limit + 1))
            }
        }
    }

    /// A condition on floats or integers.
    pub(super) fn cond(&mut self, depth: u32) -> Expr {
        if depth > 0 && self.one_in(5) {
            let left = Box::new(self.cond(depth - 1));
            let right = Box::new(self.cond(depth - 1));
            return match self.rng.u32(..3) {
                0 => Expr::And(left, right),
                1 => Expr::Or(left, right),
                _ => Expr::Not(left),
            };
        }
        if self.one_in(3) {
            return self.int_cond();
        }
        let sign = self.pick(&["<", ">", "<=", ">="]);
        let left = self.simply(|generator| generator.float(1));
        let right = match self.one_in(3) {
            true => self.simply(|generator| generator.float(0)),
            false => Expr::Num(self.pick(&[0.0, 0.3, 0.6, 1.0])),
        };
        Expr::Cmp(sign, Box::new(left), Box::new(right))
    }

    fn int_cond(&mut self) -> Expr {
        let left = self.int(1);
        match self.rng.bool() {
            true => {
                let half = bin(Op::Rem, left, Expr::Int(2));
                Expr::Cmp(
                    "==",
                    Box::new(half),
                    Box::new(Expr::Int(self.rng.usize(..2))),
                )
            }
            false => {
                let sign = self.pick(&["<", ">", "!="]);
                Expr::Cmp(
                    sign,
                    Box::new(left),
                    Box::new(Expr::Int(self.rng.usize(1..4))),
                )
            }
        }
    }

    /// Without statements inside.
    pub(super) fn simply<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> T {
        let before = std::mem::replace(&mut self.simple, true);
        let made = make(self);
        self.simple = before;
        made
    }
}

/// `left op right`
pub(super) fn bin(op: Op, left: Expr, right: Expr) -> Expr {
    Expr::Bin(op, Box::new(left), Box::new(right))
}

/// `f64::name(value)`, which is right whatever the width of the value.
pub(super) fn math(name: &'static str, value: Expr) -> Expr {
    Expr::Math {
        name,
        path: true,
        args: vec![value],
    }
}

/// A variable's place without projections.
pub(super) fn named(name: &str) -> Place {
    Place {
        deref: false,
        root: name.to_string(),
        path: Vec::new(),
    }
}
