//! Calls of the program's own functions.

use super::integer::bin;
use super::scope::{root, Var};
use super::{Feature, Generator};
use crate::syntax::{Arg, Block, Bounds, Expr, Op, Param, Pass, Stmt, Ty};

impl Generator {
    /// A call of a function with that result.
    pub(super) fn call_of(&mut self, result: &Ty) -> Option<Expr> {
        let functions = self.program.functions.iter().enumerate();
        let fitting: Vec<usize> = functions
            .filter(|(_, function)| function.result == *result)
            // Behind `&mut` nothing is changed amid an expression.
            .filter(|(_, function)| {
                !self.simple
                    || function
                        .params
                        .iter()
                        .all(|param| param.pass != Pass::RefMut)
            })
            .map(|(index, _)| index)
            .collect();
        if fitting.is_empty() {
            return None;
        }
        let callee = self.pick(&fitting);
        let params = self.program.functions[callee].params.clone();
        let args = self.arguments(&params)?;
        Some(Expr::Call(callee, args))
    }

    fn arguments(&mut self, params: &[Param]) -> Option<Vec<Arg>> {
        let hidden = self.hidden.len();
        let simple = std::mem::replace(&mut self.simple, true);
        let mut args: Vec<Option<Arg>> = vec![None; params.len()];
        // What is borrowed mutably may not be mentioned by the others.
        let mut order: Vec<usize> = (0..params.len()).collect();
        order.sort_by_key(|index| params[*index].pass != Pass::RefMut);
        for index in order {
            args[index] = self.argument(&params[index]);
            if args[index].is_none() {
                break;
            }
        }
        self.hidden.truncate(hidden);
        self.simple = simple;
        args.into_iter().collect()
    }

    fn argument(&mut self, param: &Param) -> Option<Arg> {
        match (&param.ty, param.pass) {
            (Ty::Float, Pass::Value) => Some(Arg::Value(self.float(1))),
            (Ty::Int, _) => {
                let int = self.int(1);
                Some(Arg::Value(bin(Op::Rem, int, Expr::Int(4))))
            }
            (Ty::Float, _) => self.borrowed_float(),
            (Ty::Slice(_), pass) => self.borrowed_slice(pass),
            (ty, Pass::Value) => self.by_value(ty),
            (ty, pass) => self.borrowed_whole(ty, pass),
        }
    }

    fn by_value(&mut self, ty: &Ty) -> Option<Arg> {
        let mut vars = self.visible();
        vars.retain(|var| var.ty == *ty && var.pass == Pass::Value);
        match (ty, vars.is_empty()) {
            (_, false) => Some(Arg::Value(Expr::Place(root(&self.pick(&vars))))),
            (Ty::Array(item, len), _) if **item == Ty::Float => Some(Arg::Value(Expr::Array(
                (0..*len).map(|_| self.float(1)).collect(),
            ))),
            _ => None,
        }
    }

    fn borrowed_float(&mut self) -> Option<Arg> {
        let (place, _) = self.writable_float()?;
        let owner = self
            .visible()
            .into_iter()
            .find(|var| var.name == place.root)?;
        self.hidden.push(owner.id);
        if place.deref {
            return Some(Arg::Pass(owner.name, true));
        }
        Some(Arg::RefMut(place, None))
    }

    fn borrowed_slice(&mut self, pass: Pass) -> Option<Arg> {
        let vars = self.candidates(pass);
        let lists = self.lists(vars);
        if lists.is_empty() {
            return None;
        }
        let (var, place, ty) = self.pick(&lists);
        let mutable = pass == Pass::RefMut;
        if mutable {
            self.hidden.push(var.id);
        }
        let bounds = self.bounds(&ty, var.len);
        let passed = var.pass != Pass::Value && place.path.is_empty();
        let fits = var.pass == pass || pass == Pass::Ref;
        if passed && fits && bounds.is_none() {
            // A `&mut` passed for a `&` is coerced.
            return Some(Arg::Pass(var.name, mutable));
        }
        Some(match mutable {
            true => Arg::RefMut(place, bounds),
            false => Arg::Ref(place, bounds),
        })
    }

    /// Part of a list, never empty.
    fn bounds(&mut self, ty: &Ty, len: usize) -> Bounds {
        let len = match ty {
            Ty::Array(_, len) => *len,
            _ => len,
        };
        match self.rng.u32(..5) {
            0 => Some((Some(self.rng.usize(..len)), None)),
            1 => Some((None, Some(self.rng.usize(1..=len)))),
            2 => Some((None, None)),
            _ => None,
        }
    }

    fn candidates(&self, pass: Pass) -> Vec<Var> {
        match pass {
            Pass::RefMut => self.writable(),
            _ => self.visible(),
        }
    }

    fn borrowed_whole(&mut self, ty: &Ty, pass: Pass) -> Option<Arg> {
        let mut vars = self.candidates(pass);
        vars.retain(|var| var.ty == *ty);
        if vars.is_empty() {
            return None;
        }
        let var = self.pick(&vars);
        let mutable = pass == Pass::RefMut;
        if mutable {
            self.hidden.push(var.id);
        }
        Some(match (var.pass, mutable) {
            (Pass::Value, true) => Arg::RefMut(root(&var), None),
            (Pass::Value, false) => Arg::Ref(root(&var), None),
            _ => Arg::Pass(var.name, mutable),
        })
    }

    /// A call for its effect, or with a result that is taken apart.
    pub(super) fn call_statement(&mut self, out: &mut Vec<Stmt>) {
        if let (true, Some(call)) = (self.rng.bool(), self.call_of(&Ty::Unit)) {
            return out.push(Stmt::Do(call));
        }
        let results: Vec<Ty> = self
            .program
            .functions
            .iter()
            .map(|f| f.result.clone())
            .collect();
        if results.is_empty() {
            return self.compound(out);
        }
        let result = self.pick(&results);
        let Some(call) = self.call_of(&result) else {
            return self.compound(out);
        };
        let tried = self.result.clone();
        match &result {
            Ty::Unit => out.push(Stmt::Do(call)),
            Ty::Option(_) | Ty::Result(_) if self.has(Feature::LetElse) && self.rng.bool() => {
                let wrapper = match result {
                    Ty::Option(_) => "Some",
                    _ => "Ok",
                };
                self.let_else(wrapper, call, out);
            }
            Ty::Option(_) | Ty::Result(_) => {
                let same = matches!(
                    (&result, &tried),
                    (Ty::Option(_), Some(Ty::Option(_))) | (Ty::Result(_), Some(Ty::Result(_)))
                );
                let value = match same && self.rng.bool() {
                    true => Expr::Try(Box::new(call)),
                    false => Expr::UnwrapOr(Box::new(call), Box::new(Expr::Num(0.5))),
                };
                self.let_result(Ty::Float, value, out);
            }
            ty => self.let_result(ty.clone(), call, out),
        }
    }

    /// `let Some(x) = call else { …; return y };`
    fn let_else(&mut self, wrapper: &'static str, init: Expr, out: &mut Vec<Stmt>) {
        let otherwise = self.leaving_block();
        let name = self.declare(Ty::Float, false, false);
        out.push(Stmt::LetElse {
            wrapper,
            name,
            init,
            otherwise,
        });
    }

    fn let_result(&mut self, ty: Ty, value: Expr, out: &mut Vec<Stmt>) {
        let mutable = self.rng.bool();
        let written = self.one_in(3).then(|| ty.clone());
        let name = self.declare(ty, mutable, false);
        out.push(super::statement::let_name(name, mutable, written, value));
    }

    /// A float out of an `Option` or `Result`.
    pub(super) fn unwrapped(&mut self, depth: u32) -> Expr {
        let kinds = [
            Ty::Option(Box::new(Ty::Float)),
            Ty::Result(Box::new(Ty::Float)),
        ];
        let kind = self.pick(&kinds);
        let Some(call) = self.call_of(&kind) else {
            return self.float_leaf();
        };
        if matches!(kind, Ty::Option(_)) && self.has(Feature::Branch) && self.rng.bool() {
            let name = self.name(&Ty::Float, &[]);
            let then = self.scoped(|generator| {
                let var = generator.var(&name, Ty::Float, Pass::Value, false);
                generator.scope.push(var);
                generator.value_block(depth)
            });
            let otherwise = Block {
                stmts: Vec::new(),
                tail: Some(Box::new(self.float(0))),
            };
            return Expr::IfSome(Box::new(call), name, then, otherwise);
        }
        let default = self.simply(|generator| generator.float(1));
        Expr::UnwrapOr(Box::new(call), Box::new(default))
    }
}
