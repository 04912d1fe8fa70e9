//! Statements.

use super::function::floats;
use super::integer::named;
use super::scope::{list_of_floats, root, Below};
use super::{Feature, Generator};
use crate::syntax::{Block, Expr, Op, Pass, Pattern, Stmt, Ty};

impl Generator {
    /// Up to `count` statements, as far as the budget goes.
    pub(super) fn some_statements(&mut self, count: usize) -> Vec<Stmt> {
        let mut stmts = Vec::new();
        for _ in 0..count {
            if self.budget <= 0 {
                break;
            }
            self.budget -= 1;
            self.statement(&mut stmts);
        }
        stmts
    }

    /// Runs something in a scope of its own.
    pub(super) fn scoped<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> T {
        let marks = (self.scope.len(), self.hidden.len(), self.frozen.len());
        let made = make(self);
        self.scope.truncate(marks.0);
        self.hidden.truncate(marks.1);
        self.frozen.truncate(marks.2);
        made
    }

    fn statement(&mut self, out: &mut Vec<Stmt>) {
        let looping = self.around.len() < 3;
        let within = !self.around.is_empty();
        let weights = [
            16,
            18,
            18,
            self.weight(Feature::Array, 8),
            self.weight(Feature::Tuple, 4),
            self.weight(Feature::Struct, 4),
            self.weight(Feature::Integer, 6),
            self.weight(Feature::Vec, 6),
            self.weight(Feature::Reference, 5),
            self.weight(Feature::Branch, 12),
            self.weight(Feature::Match, 6),
            self.weight(Feature::Block, 4),
            self.weight(Feature::Return, 5),
            if looping {
                self.weight(Feature::Range, 18)
            } else {
                0
            },
            if looping {
                self.weight(Feature::Stream, 14)
            } else {
                0
            },
            if looping {
                self.weight(Feature::While, 8)
            } else {
                0
            },
            if looping {
                self.weight(Feature::Endless, 6)
            } else {
                0
            },
            if within {
                self.weight(Feature::Leave, 14)
            } else {
                0
            },
            self.weight(Feature::Call, 8),
            self.weight(Feature::Array, 4),
            self.weight(Feature::Vec, 4),
            self.weight(Feature::Branch, 3),
        ];
        match self.weighted(&weights) {
            0 => self.let_float(out),
            1 => self.assign(out),
            2 => self.compound(out),
            3 => self.let_array(out),
            4 => self.let_tuple(out),
            5 => self.let_struct(out),
            6 => self.integer(out),
            7 => self.let_vec(out),
            8 => self.let_reference(out),
            9 => self.if_statement(out),
            10 => self.match_statement(out),
            11 => {
                let body = self.body(2);
                out.push(Stmt::Do(Expr::Block(body)));
            }
            12 => self.early_return(out),
            13 => self.range_loop(out),
            14 => self.stream_loop(out),
            15 => self.while_loop(out),
            16 => self.endless_loop(out),
            17 => self.leave(out),
            18 => self.call_statement(out),
            19 => self.swap(out),
            20 => self.push_or_refill(out),
            _ => self.deferred(out),
        }
    }

    /// A block of statements without a value.
    pub(super) fn body(&mut self, count: usize) -> Block {
        self.scoped(|generator| {
            let wanted = generator.rng.usize(1..=count);
            Block {
                stmts: generator.some_statements(wanted),
                tail: None,
            }
        })
    }

    /// Declares a variable: from here on it shadows.
    pub(super) fn declare(&mut self, ty: Ty, mutable: bool, open: bool) -> String {
        let name = self.name(&ty, &[]);
        let mut var = self.var(&name, ty, Pass::Value, mutable);
        var.open = open;
        self.scope.push(var);
        name
    }

    fn let_float(&mut self, out: &mut Vec<Stmt>) {
        let init = self.float(3);
        let open = self.open(&init);
        let written = open && self.rng.bool();
        let mutable = self.rng.bool();
        let name = self.declare(Ty::Float, mutable, open && !written);
        out.push(let_name(name, mutable, written.then_some(Ty::Float), init));
    }

    /// `let x: f64; if c { x = a; } else { x = b; }`
    fn deferred(&mut self, out: &mut Vec<Stmt>) {
        let cond = Box::new(self.cond(0));
        let arms = [self.value_block(2), self.value_block(2)];
        // Nothing in the arms is called like it, or that would be assigned instead.
        self.counter += 1;
        let name = format!("late{}", self.counter);
        let var = self.var(&name, Ty::Float, Pass::Value, false);
        self.scope.push(var);
        let [then, otherwise] = arms.map(|mut block| {
            let value = block.tail.take().expect("a value");
            block.stmts.push(Stmt::Assign(named(&name), *value));
            block
        });
        let pattern = Pattern::Name {
            name,
            mutable: false,
        };
        out.push(Stmt::Let {
            pattern,
            ty: Some(Ty::Float),
            init: None,
        });
        out.push(Stmt::Do(Expr::If(cond, then, Some(otherwise))));
    }

    fn let_array(&mut self, out: &mut Vec<Stmt>) {
        let len = self.rng.usize(1..4);
        let (mut ty, mut init) = (floats(len), self.row(len));
        if self.has(Feature::Nested) && self.one_in(4) {
            (ty, init) = (Ty::Array(Box::new(ty), 2), Expr::Repeat(Box::new(init), 2));
        }
        let open = true;
        let written = self.rng.bool();
        let mutable = !self.one_in(4);
        let name = self.declare(ty.clone(), mutable, open && !written);
        out.push(let_name(name, mutable, written.then_some(ty), init));
    }

    /// An array of floats.
    pub(super) fn row(&mut self, len: usize) -> Expr {
        match self.rng.u32(..4) {
            0 => Expr::Repeat(Box::new(Expr::Num(0.0)), len),
            1 => Expr::Repeat(Box::new(self.float(1)), len),
            _ => Expr::Array((0..len).map(|_| self.float(2)).collect()),
        }
    }

    fn let_tuple(&mut self, out: &mut Vec<Stmt>) {
        if self.has(Feature::Math) && self.one_in(4) {
            // `sin_cos` needs a receiver of a known type.
            return self.let_float(out);
        }
        let parts = vec![self.float(2), self.float(2)];
        let ty = Ty::Tuple(vec![Ty::Float, Ty::Float]);
        let init = Expr::Tuple(parts);
        if self.rng.bool() {
            let mutable = self.rng.bool();
            let name = self.declare(ty.clone(), mutable, false);
            out.push(let_name(name, mutable, Some(ty), init));
            return;
        }
        let first = self.name(&Ty::Float, &[]);
        let second = self.name(&Ty::Float, std::slice::from_ref(&first));
        let mutable = self.rng.bool();
        let names = [(first, mutable), (second, false)];
        let patterns = names.map(|(name, mutable)| {
            let var = self.var(&name, Ty::Float, Pass::Value, mutable);
            self.scope.push(var);
            Pattern::Name { name, mutable }
        });
        out.push(Stmt::Let {
            pattern: Pattern::Tuple(patterns.into()),
            ty: Some(ty),
            init: Some(init),
        });
    }

    fn let_struct(&mut self, out: &mut Vec<Stmt>) {
        let fields = self.program.structs[0].fields.clone();
        let parts = fields.iter().map(|(_, ty)| match ty {
            Ty::Int => self.int(1),
            Ty::Array(_, len) => self.row(*len),
            _ => self.float(2),
        });
        let mut init = Expr::Struct(0, parts.collect());
        if self.has(Feature::Update) && self.rng.bool() {
            init = self.updated().unwrap_or(init);
        }
        let mutable = !self.one_in(3);
        let name = self.declare(Ty::Struct(0), mutable, false);
        out.push(let_name(name, mutable, None, init));
    }

    /// `S { x: e, ..s }`
    fn updated(&mut self) -> Option<Expr> {
        let mut bases = self.visible();
        bases.retain(|var| var.ty == Ty::Struct(0) && var.pass == Pass::Value);
        if bases.is_empty() {
            return None;
        }
        let base = root(&self.pick(&bases));
        let fields = self.program.structs[0].fields.clone();
        let mut parts = Vec::new();
        for (index, (_, ty)) in fields.iter().enumerate() {
            if *ty == Ty::Float && self.rng.bool() {
                parts.push((index, self.float(2)));
            }
        }
        Some(Expr::Update(0, parts, base))
    }

    fn integer(&mut self, out: &mut Vec<Stmt>) {
        let mut counters = self.writable();
        counters.retain(|var| var.ty == Ty::Int && var.below == Below::Nothing);
        if counters.is_empty() || self.one_in(4) {
            let init = self.int(2);
            let mutable = self.rng.bool();
            let name = self.declare(Ty::Int, mutable, false);
            return out.push(let_name(name, mutable, Some(Ty::Int), init));
        }
        let counter = self.pick(&counters);
        let step = Expr::Int(self.rng.usize(1..3));
        out.push(match self.one_in(4) {
            true => Stmt::Assign(root(&counter), self.bound(4)),
            false => Stmt::Compound(root(&counter), Op::Add, step),
        });
    }

    fn let_vec(&mut self, out: &mut Vec<Stmt>) {
        let part = self.float(1);
        let init = match self.rng.u32(..4) {
            0 => self.simply(|generator| generator.collected()),
            1 => self.copied_list(),
            _ => None,
        };
        let (init, ty) = match init {
            Some(init) => (init, Some(Ty::Vec(Box::new(Ty::Float)))),
            None => {
                let len = Expr::Int(self.rng.usize(1..4));
                let ty = Some(Ty::Vec(Box::new(Ty::Float)));
                (Expr::VecRepeat(Box::new(part), Box::new(len)), ty)
            }
        };
        let mutable = !self.one_in(4);
        let name = self.declare(Ty::Vec(Box::new(Ty::Float)), mutable, false);
        out.push(let_name(name, mutable, ty, init));
    }

    /// `a.to_vec()`
    fn copied_list(&mut self) -> Option<Expr> {
        let vars = self.visible();
        let lists = self.lists(vars);
        (!lists.is_empty()).then(|| Expr::Clone(self.pick(&lists).1))
    }

    fn swap(&mut self, out: &mut Vec<Stmt>) {
        let vars = self.writable();
        let mut lists = self.lists(vars);
        // `swap` needs a receiver whose type the macro sees.
        lists.retain(|(_, place, _)| place.path.is_empty());
        if lists.is_empty() {
            return self.compound(out);
        }
        let (var, place, ty) = self.pick(&lists);
        // The indices may not mention the borrowed list.
        self.hidden.push(var.id);
        let index = |generator: &mut Self| match &ty {
            Ty::Array(_, len) => generator.index(*len),
            _ => Expr::Int(generator.rng.usize(..var.len)),
        };
        let (first, second) = (index(self), index(self));
        self.hidden.pop();
        out.push(Stmt::Swap(place, first, second));
    }

    fn push_or_refill(&mut self, out: &mut Vec<Stmt>) {
        let mut vars = self.writable();
        vars.retain(|var| {
            matches!(var.ty, Ty::Vec(_)) && list_of_floats(&var.ty) && var.pass == Pass::Value
        });
        if vars.is_empty() {
            return self.let_vec(out);
        }
        let var = self.pick(&vars);
        let value = self.simply(|generator| generator.float(2));
        out.push(Stmt::Push(root(&var), value));
    }
}

/// `let name: ty = init;`
pub(super) fn let_name(name: String, mutable: bool, ty: Option<Ty>, init: Expr) -> Stmt {
    Stmt::Let {
        pattern: Pattern::Name { name, mutable },
        ty,
        init: Some(init),
    }
}
