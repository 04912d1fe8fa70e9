//! Vectors that every iteration makes anew, of a length that does not change: made once, before the loop.
//!
//! What every iteration starts from zero is filled with it; scratch memory is filled by the iteration itself.

use std::collections::HashSet;

use proc_macro2::{Ident, Span};
use syn::parse_quote;

use crate::ir::parts::exclusive;
use crate::ir::parts::shared::{self, Part};
use crate::ir::parts::Access;
use crate::ir::uses;
use crate::ir::walk::defined_in;
use crate::ir::{
    Block, By, Capture, Cost, Ctor, Function, Loop, Op, Opaque, Operand, Place, Proj, Stmt, Var,
};

/// Moves what can be moved out of the function's loops.
pub fn out_of_loops(function: &mut Function) {
    block(&mut function.body);
}

fn block(of: &mut Block) {
    for mut stmt in std::mem::take(&mut of.stmts) {
        exclusive::of_stmt(&mut stmt, &mut inner);
        if let Stmt::Loop(l) = &mut stmt {
            let moved = made_in(l);
            of.stmts.extend(moved);
        }
        of.stmts.push(stmt);
    }
    exclusive::of_end(&mut of.end, &mut inner);
}

fn inner(part: exclusive::Part<'_>) {
    if let exclusive::Part::Block(of) = part {
        block(of);
    }
}

/// Takes the vectors out that a loop's body makes.
fn made_in(the_loop: &mut Loop) -> Vec<Stmt> {
    let mut inside = defined_in(&the_loop.body);
    inside.extend(uses::defined_in_body(the_loop));
    let body = &mut the_loop.body;
    let gone = taken_away(body, None);
    let mut moved = Vec::new();
    for mut stmt in std::mem::take(&mut body.stmts) {
        match vector(&stmt, &inside).filter(|(var, _)| !gone.contains(var)) {
            Some((var, blank)) => {
                body.stmts.extend(blank.map(|blank| fill(var, blank)));
                forget_contents(&mut stmt);
                moved.push(stmt);
            }
            None => body.stmts.push(stmt),
        }
    }
    moved
}

/// Whoever takes a vector further out need not fill it again.
fn forget_contents(stmt: &mut Stmt) {
    if let Stmt::Let {
        op: Op::Aggregate(ctor, _),
        ..
    } = stmt
    {
        *ctor = Ctor::Scratch;
    }
}

/// A vector of a length from outside, and what it is filled with if that matters.
fn vector(stmt: &Stmt, inside: &HashSet<Var>) -> Option<(Var, Option<Operand>)> {
    let Stmt::Let {
        var,
        op: Op::Aggregate(ctor @ (Ctor::VecRepeat | Ctor::Scratch), parts),
    } = stmt
    else {
        return None;
    };
    let [blank @ Operand::Literal(_), length] = &parts[..] else {
        return None;
    };
    let is_outside = match length {
        Operand::Var(length) => !inside.contains(length),
        Operand::Literal(_) => true,
        Operand::Place(_) => false,
    };
    let blank = matches!(ctor, Ctor::VecRepeat).then(|| blank.clone());
    is_outside.then_some((*var, blank))
}

/// `var.fill(blank)`
fn fill(var: Var, blank: Operand) -> Stmt {
    let capture = |name: &str, operand, by| Capture {
        name: Ident::new(name, Span::call_site()),
        operand,
        by,
    };
    // As a slice: its length stays what it is.
    let all = Place::root(var).then(Proj::Slice { lo: None, hi: None });
    Stmt::Do(Op::Opaque(Box::new(Opaque {
        expr: parse_quote!(vector.fill(blank)),
        captures: vec![
            capture("vector", Operand::Place(all), By::RefMut),
            capture("blank", blank, By::Value),
        ],
        cost: Cost::Once,
        effect: true,
    })))
}

/// The roots that a block moves somewhere else as wholes, or that something else takes the place of. `but`: what is moved
/// into the records of this store does not count.
pub(super) fn taken_away(body: &Block, but: Option<Var>) -> HashSet<Var> {
    let mut gone = HashSet::new();
    in_block(body, but, &mut gone);
    gone
}

fn in_block(body: &Block, but: Option<Var>, gone: &mut HashSet<Var>) {
    for stmt in &body.stmts {
        match stmt {
            Stmt::Push { store, .. } if Some(*store) == but => continue,
            Stmt::Store { place, .. } => note(place, gone),
            _ => {}
        }
        shared::of_stmt(stmt, &mut |part| in_part(part, but, gone));
    }
    shared::of_end(&body.end, &mut |part| in_part(part, but, gone));
}

fn in_part(part: Part<'_>, but: Option<Var>, gone: &mut HashSet<Var>) {
    match part {
        Part::Operand(Operand::Place(place)) | Part::Exhausted(Operand::Place(place)) => {
            note(place, gone)
        }
        // What is lent as a whole may come back longer.
        Part::Place(place, Access::Read | Access::Mutate) => note(place, gone),
        Part::Captured(Operand::Place(place), Access::Mutate) => note(place, gone),
        Part::Moved(var) | Part::Handle(var, _) => drop(gone.insert(*var)),
        Part::Block(block) => in_block(block, but, gone),
        _ => {}
    }
}

/// A root that is used as a whole.
fn note(place: &Place, gone: &mut HashSet<Var>) {
    if place.path.is_empty() {
        gone.insert(place.root);
    }
}
