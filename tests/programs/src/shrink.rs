//! Smaller programs: everything that can be left out of one, one thing at a time.
//!
//! Whether a smaller program still makes sense is for the compiler to say.

use crate::syntax::{Adaptor, Arg, Block, Chain, End, Expr, Place, Program, Proj, Source, Stmt};

/// The program with one thing left out, in every way.
pub fn smaller(program: &Program) -> Vec<Program> {
    let mut found = without_functions(program);
    found.extend(without_parameters(program));
    found.extend(with_smaller_blocks(program));
    found.extend(with_smaller_expressions(program));
    found
}

/// Without a function that is never called, calls renumbered.
fn without_functions(program: &Program) -> Vec<Program> {
    let mut found = Vec::new();
    for index in 0..program.functions.len() - 1 {
        let mut candidate = program.clone();
        candidate.functions.remove(index);
        let mut called = false;
        each_expression(&mut candidate, &mut |expr| {
            if let Expr::Call(callee, _) = expr {
                called |= *callee == index;
                *callee -= usize::from(*callee > index);
            }
        });
        if !called {
            found.push(candidate);
        }
    }
    found
}

fn without_parameters(program: &Program) -> Vec<Program> {
    let entry = program.functions.len() - 1;
    let count = program.entry().params.len();
    let without = |index: usize| {
        let mut candidate = program.clone();
        candidate.functions[entry].params.remove(index);
        candidate
    };
    (0..count).filter(|_| count > 1).map(without).collect()
}

fn with_smaller_blocks(program: &Program) -> Vec<Program> {
    let mut sizes = Vec::new();
    each_block(&mut program.clone(), &mut |block| {
        sizes.push(block.stmts.len())
    });
    let mut found = Vec::new();
    for (number, size) in sizes.iter().enumerate() {
        for stmt in 0..*size {
            for unpacked in [false, true] {
                let mut candidate = program.clone();
                let mut at = 0;
                let mut changed = false;
                each_block(&mut candidate, &mut |block| {
                    if at == number && stmt < block.stmts.len() {
                        changed = take_out(block, stmt, unpacked);
                    }
                    at += 1;
                });
                if changed {
                    found.push(candidate);
                }
            }
        }
    }
    found
}

/// Removes a statement, or puts what is inside of it into its place.
fn take_out(block: &mut Block, index: usize, unpacked: bool) -> bool {
    let stmt = block.stmts.remove(index);
    if !unpacked {
        return true;
    }
    let inside = match stmt {
        Stmt::For { body, .. } | Stmt::While { body, .. } => body.stmts,
        Stmt::Do(Expr::Block(body)) => body.stmts,
        Stmt::Do(Expr::If(_, then, otherwise)) => {
            let otherwise = otherwise.unwrap_or_default();
            then.stmts.into_iter().chain(otherwise.stmts).collect()
        }
        _ => return false,
    };
    block.stmts.splice(index..index, inside);
    true
}

fn with_smaller_expressions(program: &Program) -> Vec<Program> {
    let mut ways = Vec::new();
    each_expression(&mut program.clone(), &mut |expr| {
        ways.push(parts(expr).len())
    });
    let mut found = Vec::new();
    for (number, count) in ways.iter().enumerate() {
        for way in 0..*count {
            let mut candidate = program.clone();
            let mut at = 0;
            each_expression(&mut candidate, &mut |expr| {
                if at == number {
                    if let Some(part) = parts(expr).get(way) {
                        *expr = part.clone();
                    }
                }
                at += 1;
            });
            found.push(candidate);
        }
    }
    found
}

/// What could stand in the place of an expression.
fn parts(expr: &Expr) -> Vec<Expr> {
    let tail = |block: &Block| block.tail.as_ref().map(|tail| (**tail).clone());
    match expr {
        Expr::Num(_) | Expr::Int(_) | Expr::None | Expr::Err | Expr::VecNew | Expr::Len(_) => {
            Vec::new()
        }
        Expr::Place(place) if place.path.is_empty() => Vec::new(),
        Expr::Place(_) => vec![Expr::Num(0.5)],
        Expr::Neg(inner) | Expr::Trunc(inner) | Expr::Not(inner) => vec![(**inner).clone()],
        Expr::Cast(_) => vec![Expr::Num(2.0)],
        Expr::Bin(_, left, right) | Expr::And(left, right) | Expr::Or(left, right) => {
            vec![(**left).clone(), (**right).clone()]
        }
        Expr::Cmp(_, left, right) => {
            let simple = matches!((&**left, &**right), (Expr::Int(_), Expr::Int(_)));
            match simple {
                true => Vec::new(),
                false => vec![Expr::Cmp(
                    "<",
                    Box::new(Expr::Int(1)),
                    Box::new(Expr::Int(2)),
                )],
            }
        }
        Expr::Math { args, .. } => args.clone(),
        Expr::If(_, then, Some(otherwise)) => {
            tail(then).into_iter().chain(tail(otherwise)).collect()
        }
        Expr::IfSome(_, _, _, otherwise) => tail(otherwise).into_iter().collect(),
        Expr::Match(_, arms) => {
            let mut found: Vec<Expr> = arms.iter().filter_map(|arm| tail(&arm.body)).collect();
            if arms.len() > 1 {
                let mut fewer = expr.clone();
                if let Expr::Match(_, arms) = &mut fewer {
                    arms.remove(0);
                }
                found.push(fewer);
            }
            found
        }
        Expr::Block(block) => tail(block).into_iter().collect(),
        Expr::UnwrapOr(_, default) => vec![(**default).clone()],
        Expr::Call(_, args) => {
            let values = args.iter().filter_map(|arg| match arg {
                Arg::Value(value) => Some(value.clone()),
                _ => None,
            });
            values.chain([Expr::Num(0.5)]).collect()
        }
        Expr::Chain(chain) => shorter(chain),
        Expr::Loop(..) => vec![Expr::Num(0.5)],
        _ => Vec::new(),
    }
}

/// Chains without one of the adaptors, or none at all.
fn shorter(chain: &Chain) -> Vec<Expr> {
    let mut found = vec![Expr::Num(0.5)];
    for index in 0..chain.adaptors.len() {
        let mut fewer = chain.clone();
        fewer.adaptors.remove(index);
        found.push(Expr::Chain(Box::new(fewer)));
    }
    found
}

fn each_block(program: &mut Program, visit: &mut dyn FnMut(&mut Block)) {
    let mut walk = Walk {
        block: visit,
        expression: &mut |_| {},
    };
    program
        .functions
        .iter_mut()
        .for_each(|function| walk.block(&mut function.body));
}

fn each_expression(program: &mut Program, visit: &mut dyn FnMut(&mut Expr)) {
    let mut walk = Walk {
        block: &mut |_| {},
        expression: visit,
    };
    program
        .functions
        .iter_mut()
        .for_each(|function| walk.block(&mut function.body));
}

/// Visits every block and expression, the outer ones first.
struct Walk<'v> {
    block: &'v mut dyn FnMut(&mut Block),
    expression: &'v mut dyn FnMut(&mut Expr),
}

impl Walk<'_> {
    fn block(&mut self, block: &mut Block) {
        (self.block)(block);
        block.stmts.iter_mut().for_each(|stmt| self.statement(stmt));
        block.tail.iter_mut().for_each(|tail| self.expression(tail));
    }

    fn statement(&mut self, stmt: &mut Stmt) {
        match stmt {
            Stmt::Let { init, .. } => init.iter_mut().for_each(|init| self.expression(init)),
            Stmt::LetRef { place, .. } => self.place(place),
            Stmt::Assign(place, value)
            | Stmt::Compound(place, _, value)
            | Stmt::Push(place, value) => {
                self.expression(value);
                self.place(place);
            }
            Stmt::Do(expr) | Stmt::Return(expr) => self.expression(expr),
            Stmt::For { head, body, .. } => {
                self.chain(head);
                self.block(body);
            }
            Stmt::While { cond, body, .. } => {
                self.expression(cond);
                self.block(body);
            }
            Stmt::Break(_, value) => value.iter_mut().for_each(|value| self.expression(value)),
            Stmt::Continue(_) => {}
            Stmt::LetElse {
                init, otherwise, ..
            } => {
                self.expression(init);
                self.block(otherwise);
            }
            Stmt::Swap(place, first, second) => {
                self.place(place);
                self.expression(first);
                self.expression(second);
            }
        }
    }

    fn place(&mut self, place: &mut Place) {
        for proj in &mut place.path {
            if let Proj::Index(index) = proj {
                self.expression(index);
            }
        }
    }

    fn expression(&mut self, expr: &mut Expr) {
        (self.expression)(expr);
        match expr {
            Expr::Place(place) | Expr::Len(place) | Expr::Clone(place) => self.place(place),
            Expr::Neg(a)
            | Expr::Not(a)
            | Expr::Cast(a)
            | Expr::Trunc(a)
            | Expr::Some(a)
            | Expr::Ok(a)
            | Expr::Try(a)
            | Expr::Repeat(a, _) => self.expression(a),
            Expr::Bin(_, a, b)
            | Expr::Cmp(_, a, b)
            | Expr::And(a, b)
            | Expr::Or(a, b)
            | Expr::UnwrapOr(a, b)
            | Expr::VecRepeat(a, b) => {
                self.expression(a);
                self.expression(b);
            }
            Expr::Math { args, .. }
            | Expr::Array(args)
            | Expr::Tuple(args)
            | Expr::Struct(_, args) => {
                args.iter_mut().for_each(|arg| self.expression(arg));
            }
            Expr::Update(_, parts, base) => {
                parts.iter_mut().for_each(|(_, part)| self.expression(part));
                self.place(base);
            }
            Expr::If(cond, then, otherwise) => {
                self.expression(cond);
                self.block(then);
                otherwise.iter_mut().for_each(|block| self.block(block));
            }
            Expr::IfSome(tried, _, then, otherwise) => {
                self.expression(tried);
                self.block(then);
                self.block(otherwise);
            }
            Expr::Match(on, arms) => {
                self.expression(on);
                for arm in arms {
                    arm.guard
                        .iter_mut()
                        .for_each(|guard| self.expression(guard));
                    self.block(&mut arm.body);
                }
            }
            Expr::Block(block) | Expr::Loop(_, block) => self.block(block),
            Expr::Call(_, args) => args.iter_mut().for_each(|arg| match arg {
                Arg::Value(value) => self.expression(value),
                Arg::Ref(place, _) | Arg::RefMut(place, _) => self.place(place),
                Arg::Pass(..) => {}
            }),
            Expr::Chain(chain) => self.chain(chain),
            Expr::Num(_) | Expr::Int(_) | Expr::None | Expr::Err | Expr::VecNew => {}
        }
    }

    fn chain(&mut self, chain: &mut Chain) {
        if let Source::Range(lo, hi, _) = &mut chain.source {
            self.expression(lo);
            self.expression(hi);
        }
        for adaptor in &mut chain.adaptors {
            if let Adaptor::Map(_, body)
            | Adaptor::Filter(_, body)
            | Adaptor::TakeWhile(_, body)
            | Adaptor::SkipWhile(_, body) = adaptor
            {
                self.expression(body);
            }
        }
        if let End::Fold(start, _, _, body) = &mut chain.end {
            self.expression(start);
            self.expression(body);
        }
    }
}
