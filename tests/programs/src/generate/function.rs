//! Structs, parameters and functions.

use super::integer::{bin, named};
use super::scope::Below;
use super::{Feature, Generator};
use crate::dual::WIDTH;
use crate::syntax::{Arg, Block, Expr, Function, Op, Param, Pass, Pattern, Stmt, Struct, Ty};

impl Generator {
    pub(super) fn program(&mut self) {
        if self.has(Feature::Struct) {
            self.definition();
        }
        if self.has(Feature::Call) {
            for _ in 0..self.rng.usize(1..4) {
                self.helper();
            }
        }
        if self.has(Feature::Recursion) {
            self.recursion();
        }
        self.entry();
    }

    fn definition(&mut self) {
        let mut fields = vec![("k".to_string(), Ty::Float)];
        if self.rng.bool() {
            fields.push(("rest".to_string(), Ty::Float));
        }
        if self.has(Feature::Array) {
            let len = self.rng.usize(1..4);
            fields.push(("w".to_string(), floats(len)));
        }
        if self.has(Feature::Integer) {
            fields.push(("count".to_string(), Ty::Int));
        }
        let name = format!("S{}", self.program.structs.len());
        self.program.structs.push(Struct { name, fields });
    }

    fn helper(&mut self) {
        let count = self.rng.usize(1..4);
        let params = self.params(count);
        let result = self.result_type(&params);
        self.function("g", params, result, Block::default());
    }

    fn entry(&mut self) {
        let count = self.rng.usize(1..5);
        let mut params = self.params(count);
        while self.floats_in(&params) > WIDTH {
            params.pop();
        }
        let result = self.result_type(&params);
        self.function("f", params, result, Block::default());
    }

    /// `fn r(n, x, …) { if n == 0 { return …; } let y = r(n - 1, …); … }`
    fn recursion(&mut self) {
        let mut params = self.params(2);
        params.retain(|param| param.ty != Ty::Int && param.pass != Pass::RefMut);
        params.insert(0, param("n", Ty::Int, Pass::Value));
        if !params.iter().any(|param| param.ty == Ty::Float) {
            params.push(param("x0", Ty::Float, Pass::Value));
        }
        let number = self.program.functions.len();
        let args = params
            .iter()
            .map(|param| self.again(param, &params))
            .collect();
        let guard = Expr::Cmp(
            "==",
            Box::new(Expr::Place(named("n"))),
            Box::new(Expr::Int(0)),
        );
        let base = Expr::Place(named(
            &params
                .iter()
                .find(|p| p.ty == Ty::Float)
                .expect("a float")
                .name,
        ));
        let stop = Block {
            stmts: vec![Stmt::Return(base)],
            tail: None,
        };
        let head = Block {
            stmts: vec![
                Stmt::Do(Expr::If(Box::new(guard), stop, None)),
                Stmt::Let {
                    pattern: Pattern::Name {
                        name: "deeper".into(),
                        mutable: self.rng.bool(),
                    },
                    ty: None,
                    init: Some(Expr::Call(number, args)),
                },
            ],
            tail: None,
        };
        self.function("r", params, Ty::Float, head);
    }

    /// What a recursive call passes for a parameter.
    fn again(&mut self, param: &Param, params: &[Param]) -> Arg {
        match (&param.ty, param.pass) {
            (Ty::Int, _) => Arg::Value(bin(Op::Sub, Expr::Place(named("n")), Expr::Int(1))),
            (Ty::Float, Pass::Value) => {
                let name = Expr::Place(named(&param.name));
                let other = params.iter().find(|p| p.ty == Ty::Float).expect("a float");
                let factor = bin(Op::Mul, Expr::Num(0.8), name);
                Arg::Value(match self.rng.u32(..3) {
                    0 => factor,
                    1 => bin(Op::Mul, factor, Expr::Place(named(&other.name))),
                    _ => bin(Op::Add, super::integer::math("sin", factor), Expr::Num(0.2)),
                })
            }
            (_, Pass::Value) => Arg::Value(Expr::Place(named(&param.name))),
            _ => Arg::Pass(param.name.clone(), false),
        }
    }

    pub(super) fn params(&mut self, count: usize) -> Vec<Param> {
        let mut params: Vec<Param> = Vec::new();
        for _ in 0..count {
            let taken: Vec<String> = params.iter().map(|param| param.name.clone()).collect();
            params.push(self.param(&taken));
        }
        if !params.iter().any(|param| param.ty != Ty::Int) {
            params[0] = param("x", Ty::Float, Pass::Value);
        }
        params
    }

    fn param(&mut self, taken: &[String]) -> Param {
        let in_out = self.has(Feature::InOut);
        let weights = [
            30,
            self.weight(Feature::Array, 10),
            self.weight(Feature::Array, 12),
            self.weight(Feature::Struct, 12),
            self.weight(Feature::Integer, 8),
            self.weight(Feature::Nested, 6),
            if in_out { 14 } else { 0 },
        ];
        let len = self.rng.usize(1..5);
        let (ty, pass) = match self.weighted(&weights) {
            0 => (Ty::Float, Pass::Value),
            1 => (floats(len.min(3)), self.pick(&[Pass::Value, Pass::Ref])),
            2 => (Ty::Slice(Box::new(Ty::Float)), Pass::Ref),
            3 => (
                Ty::Struct(0),
                self.pick(&[Pass::Ref, Pass::Ref, Pass::Value]),
            ),
            4 => (Ty::Int, Pass::Value),
            5 => (
                Ty::Array(Box::new(floats(2)), 2),
                self.pick(&[Pass::Value, Pass::Ref]),
            ),
            _ => (self.in_out_type(len), Pass::RefMut),
        };
        let name = self.name(&ty, taken);
        let mutable = pass == Pass::Value && self.one_in(3);
        Param {
            name,
            ty,
            pass,
            mutable,
            len,
        }
    }

    fn in_out_type(&mut self, len: usize) -> Ty {
        match self.rng.u32(..6) {
            0 => Ty::Float,
            1 if self.has(Feature::Struct) => Ty::Struct(0),
            1..=3 if self.has(Feature::Array) => Ty::Slice(Box::new(Ty::Float)),
            4 if self.has(Feature::Array) => floats(len.min(3)),
            _ => Ty::Float,
        }
    }

    fn result_type(&mut self, params: &[Param]) -> Ty {
        let in_out = params.iter().any(|param| param.pass == Pass::RefMut);
        let weights = [
            30,
            if in_out { 12 } else { 0 },
            self.weight(Feature::Row, 5),
            self.weight(Feature::Tuple, 5),
            self.weight(Feature::Maybe, 10),
            self.weight(Feature::Maybe, 6),
            if self.has(Feature::Row) {
                self.weight(Feature::Vec, 4)
            } else {
                0
            },
        ];
        match self.weighted(&weights) {
            0 => Ty::Float,
            1 => Ty::Unit,
            2 => floats(self.rng.usize(1..4)),
            3 => Ty::Tuple(vec![Ty::Float, Ty::Float]),
            4 => Ty::Option(Box::new(Ty::Float)),
            5 => Ty::Result(Box::new(Ty::Float)),
            _ => Ty::Vec(Box::new(Ty::Float)),
        }
    }

    /// A function whose body goes on from `head`.
    fn function(&mut self, prefix: &str, params: Vec<Param>, result: Ty, head: Block) {
        self.scope.clear();
        for param in &params {
            let mut var = self.var(&param.name, param.ty.clone(), param.pass, param.mutable);
            if param.ty == Ty::Int {
                var.below = Below::Nothing;
            }
            self.scope.push(var);
        }
        if !head.stmts.is_empty() {
            let var = self.var("deeper", Ty::Float, Pass::Value, false);
            self.scope.push(var);
        }
        self.budget = self.size;
        self.result = Some(result.clone());
        let mut stmts = head.stmts;
        let wanted = self.rng.usize(1..6);
        stmts.extend(self.some_statements(wanted));
        let tail = self.tail(&result).map(Box::new);
        self.hidden.clear();
        self.frozen.clear();
        let name = format!("{prefix}{}", self.program.functions.len());
        let body = Block { stmts, tail };
        self.program.functions.push(Function {
            name,
            params,
            result,
            body,
        });
    }

    /// How many floats go into the parameters.
    pub(super) fn floats_in(&self, params: &[Param]) -> usize {
        params
            .iter()
            .map(|param| crate::harness::count(&self.program, &param.ty, param.len))
            .sum()
    }
}

/// `[f64; len]`
pub(super) fn floats(len: usize) -> Ty {
    Ty::Array(Box::new(Ty::Float), len)
}

fn param(name: &str, ty: Ty, pass: Pass) -> Param {
    Param {
        name: name.into(),
        ty,
        pass,
        mutable: false,
        len: 1,
    }
}
