//! Calls of functions whose bodies are seen: the body takes the place of the call.
//!
//! In an annotated module the differentiator then sees through the call: what the callee computed is kept for the reverse
//! sweep, its loops are fused with the caller's, and nothing that it overwrites has to be saved on suspicion. The primal
//! that is emitted stays as it was written; what changes is its adjoint.

mod bind;
mod copies;

use std::collections::HashSet;
use std::rc::Rc;

use crate::ir::parts::exclusive::{self, Part};
use crate::ir::walk::vars_mut;
use crate::ir::{Block, Call, Callee, Class, End, Function, Kind, Op, Operand, Stmt, Var, VarInfo};
use bind::Binding;

/// A function that can be put in place of its calls.
#[derive(Debug)]
pub struct Body {
    pub function: Function,
    /// The types of its parameters, as they were written.
    pub types: Vec<syn::Type>,
}

/// Finds the body of what is called.
pub type Find<'a> = dyn FnMut(&Called<'_>) -> Option<Rc<Body>> + 'a;

/// What is called.
#[derive(Debug)]
pub enum Called<'a> {
    /// A function, by its name alone.
    Free(&'a syn::Ident),
    /// A method on `self`, or a function of `Self`.
    Member(&'a syn::Ident),
}

/// A body with more statements than that is called.
const CALLEE_LIMIT: usize = 300;
/// A caller with more statements than that takes nothing in any more.
const CALLER_LIMIT: usize = 1_500;

/// Puts bodies in place of calls.
pub fn inline(function: &mut Function, find: &mut Find) {
    // What is declared inside the body could hide what the callee's body means.
    if !function.items.is_empty() {
        return;
    }
    let mut body = std::mem::replace(&mut function.body, Block::nothing());
    let mut inliner = Inliner {
        size: size(&body),
        this: this(function),
        vars: &mut function.vars,
        bound: HashSet::new(),
        find,
    };
    inliner.block(&mut body);
    let bound = inliner.bound;
    function.body = body;
    function.primal_vars = function.vars.len();
    copies::propagate(function, &|var| bound.contains(&var));
}

/// Whether a body may stand anywhere else than in its function.
pub fn is_movable(function: &Function) -> bool {
    function.items.is_empty()
        && !matches!(function.body.end, End::Never(_))
        && size(&function.body) <= CALLEE_LIMIT
        && !has_limits(&function.body)
}

/// The receiver, if there is one.
fn this(function: &Function) -> Option<Var> {
    let first = function.params.first()?.var;
    (function.vars[first.0].name == "self").then_some(first)
}

struct Inliner<'a> {
    vars: &'a mut Vec<VarInfo>,
    /// `self`
    this: Option<Var>,
    /// Statements so far.
    size: usize,
    /// Parameters and results of what was put in place.
    bound: HashSet<Var>,
    find: &'a mut Find<'a>,
}

impl Inliner<'_> {
    fn block(&mut self, block: &mut Block) {
        for mut stmt in std::mem::take(&mut block.stmts) {
            exclusive::of_stmt(&mut stmt, &mut |part| self.inner(part));
            match self.call(&stmt) {
                Some(body) => block.stmts.extend(body),
                None => block.stmts.push(stmt),
            }
        }
        exclusive::of_end(&mut block.end, &mut |part| self.inner(part));
    }

    fn inner(&mut self, part: Part<'_>) {
        if let Part::Block(block) = part {
            self.block(block);
        }
    }

    /// What takes the place of a statement that calls.
    fn call(&mut self, stmt: &Stmt) -> Option<Vec<Stmt>> {
        let (result, call) = match stmt {
            Stmt::Let {
                var,
                op: Op::Call(call),
            } => (Some(*var), call),
            Stmt::Do(Op::Call(call)) => (None, call),
            _ => return None,
        };
        if self.size > CALLER_LIMIT {
            return None;
        }
        let called = self.called(call)?;
        let body = (self.find)(&called)?;
        self.is_result(result, &body.function).then_some(())?;
        let bindings = self.bind(call, &body)?;
        self.size += size(&body.function.body);
        Some(self.splice(result, bindings, &body))
    }

    /// Memory that the body makes and gives is the call's result from the start.
    fn give_as(&self, result: Var, block: &mut Block) {
        let End::Yield(values) = &block.end else {
            return;
        };
        let Some(Operand::Place(given)) = values.first() else {
            return;
        };
        let (root, whole) = (given.root, given.path.is_empty());
        let makes = |stmt: &Stmt| matches!(stmt, Stmt::Let { var, .. } if *var == root);
        let is_memory = |var: Var| self.vars[var.0].class == Class::Root;
        let alike = self.vars[root.0].kind == self.vars[result.0].kind;
        if whole && is_memory(root) && is_memory(result) && alike && block.stmts.iter().any(makes) {
            block.end = End::Yield(Vec::new());
            vars_mut::block(block, &mut |var, _| {
                if *var == root {
                    *var = result;
                }
            });
        }
    }

    fn called<'c>(&self, call: &'c Call) -> Option<Called<'c>> {
        match &call.callee {
            Callee::Path(path) if path.qself.is_none() => {
                let plain = path.path.segments.iter().all(|s| s.arguments.is_none());
                let mut segments = path.path.segments.iter().filter(|_| plain);
                let (first, second) = (segments.next()?, segments.next());
                match second {
                    None => Some(Called::Free(&first.ident)),
                    Some(name) if first.ident == "Self" && segments.next().is_none() => {
                        Some(Called::Member(&name.ident))
                    }
                    Some(_) => None,
                }
            }
            Callee::Method {
                name,
                turbofish: None,
                ..
            } => {
                let receiver = bind::place(call.args.first()?)?;
                let is_self = receiver.path.is_empty() && Some(receiver.root) == self.this;
                is_self.then_some(Called::Member(name))
            }
            _ => None,
        }
    }

    /// Whether the call's result is of the kind that the body gives.
    fn is_result(&self, result: Option<Var>, body: &Function) -> bool {
        match (result, &body.result) {
            (Some(var), Some(kind)) => self.vars[var.0].kind == *kind,
            (Some(_), None) => false,
            (None, _) => true,
        }
    }

    /// The body under new names, its parameters bound.
    fn splice(
        &mut self,
        result: Option<Var>,
        bindings: Vec<(Var, Binding)>,
        body: &Body,
    ) -> Vec<Stmt> {
        let first = self.vars.len();
        self.vars.extend(body.function.vars.iter().cloned());
        let mut block = body.function.body.clone();
        vars_mut::block(&mut block, &mut |var, _| *var = Var(var.0 + first));
        let (mut lets, mut places) = (Vec::new(), Vec::new());
        for (param, binding) in bindings {
            let param = Var(param.0 + first);
            match binding {
                Binding::Place(place) => places.push((param, place)),
                Binding::Let(op, ty) => {
                    self.vars[param.0].ty = ty;
                    self.bound.insert(param);
                    lets.push(Stmt::Let { var: param, op });
                }
            }
        }
        bind::substitute(&mut block, &places);
        if let Some(result) = result {
            self.give_as(result, &mut block);
        }
        match result {
            Some(result) => self.bound.extend([result]),
            None => drop_results(&mut block),
        }
        lets.extend(block.stmts);
        lets.extend(yielded(result, block.end));
        lets
    }
}

/// What a body ends with becomes the call's result.
fn yielded(result: Option<Var>, end: End) -> Option<Stmt> {
    match (end, result) {
        (End::Yield(values), Some(var)) => {
            let op = Op::Use(values.into_iter().next()?);
            Some(Stmt::Let { var, op })
        }
        (End::Switch { on, arms }, result) => {
            let joins = result.into_iter().collect();
            Some(Stmt::Switch { on, arms, joins })
        }
        _ => None,
    }
}

/// A result that nobody takes.
fn drop_results(block: &mut Block) {
    match &mut block.end {
        End::Yield(values) => values.clear(),
        End::Switch { arms, .. } => arms.iter_mut().for_each(drop_results),
        End::Break(_) | End::Never(_) => {}
    }
}

fn size(block: &Block) -> usize {
    let mut count = block.stmts.len();
    each_inner(block, &mut |inner| count += size(inner));
    count
}

/// Bounds on loops are written in the function's own names.
fn has_limits(block: &Block) -> bool {
    let limited = |stmt: &Stmt| matches!(stmt, Stmt::Loop(l) if l.limit.is_some());
    let mut found = block.stmts.iter().any(limited);
    each_inner(block, &mut |inner| found |= has_limits(inner));
    found
}

fn each_inner(block: &Block, visit: &mut dyn FnMut(&Block)) {
    use crate::ir::parts::shared::{self, Part};
    let mut inner = |part: Part<'_>| {
        if let Part::Block(block) = part {
            visit(block);
        }
    };
    for stmt in &block.stmts {
        shared::of_stmt(stmt, &mut inner);
    }
    shared::of_end(&block.end, &mut inner);
}

/// Whether a part of memory is read under its own name: a part of something that nobody can change.
fn is_view(class: Class, kind: &Kind) -> bool {
    class == Class::Ref && matches!(kind, Kind::Slice(_) | Kind::Array(_))
}

impl Block {
    /// A block that does nothing.
    fn nothing() -> Self {
        Block {
            stmts: Vec::new(),
            end: End::Yield(Vec::<Operand>::new()),
        }
    }
}
