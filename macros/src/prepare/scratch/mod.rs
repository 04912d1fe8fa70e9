//! Memory that every iteration of a loop fills before it reads it.
//!
//! ```text
//! let mut t = vec![0.0; n];           for i in 0..m {
//! for i in 0..m {                         let mut t = scratch of n;
//!     for j in 0..n { t[j] = … }   →      for j in 0..n { t[j] = … }
//!     … t …                               … t …
//! }                                   }
//! ```
//!
//! No value goes from one iteration to the next through it, so it may as well be the iteration's own: then the iterations
//! are independent, and nothing that one overwrites has to be saved for the other. The allocation goes back out of the
//! loop when the adjoint is written ([`crate::simplify`]).

mod again;
mod fill;

use crate::analyse::extent::Extents;
use crate::analyse::{analyse, DefBy, Facts};
use crate::ir::parts::exclusive::{self, Part};
use crate::ir::uses;
use crate::ir::walk::vars;
use crate::ir::{Block, Class, Ctor, Function, Head, Kind, Loop, Op, Operand, Stmt, Var};

/// Moves scratch memory into the loops that fill it, and has as much of it as there are fillings.
pub(super) fn sink(function: &mut Function) {
    for root in 0..function.vars.len() {
        let root = Var(root);
        if let Some(into) = place_for(function, root) {
            move_into(function, root, into);
        }
    }
    again::separate(function);
}

/// The loop, counted in the order in which they stand, that a root can be moved into.
fn place_for(function: &Function, root: Var) -> Option<usize> {
    let info = &function.vars[root.0];
    let sequence = matches!(&info.kind, Kind::Vec(element) if element.is_float());
    if info.class != Class::Root || !sequence {
        return None;
    }
    let facts = analyse(function);
    if !is_blank(&facts, root) || facts.is_reshaped(root) {
        return None;
    }
    let extents = Extents {
        function,
        facts: &facts,
    };
    let mut loops = Vec::new();
    let total = mentions(&function.body, root);
    gather(&function.body, &mut loops);
    // Its definition is the one mention outside.
    let around = |l: &Loop| mentions(&l.body, root) + 1 == total && !is_inside(&facts, l, root);
    let found = loops
        .iter()
        .enumerate()
        .rev()
        .filter(|(_, l)| matches!(l.head, Head::Counted { .. }) && around(l));
    let mut found = found.filter(|(_, l)| fill::are_filled_first(&extents, &l.body.stmts, root));
    found.next().map(|(at, _)| at)
}

/// Whether the root is defined in the loop already.
fn is_inside(facts: &Facts, l: &Loop, root: Var) -> bool {
    facts.of_block(&l.body).contains(facts.defs[root.0].order)
}

/// `vec![0.0; n]`
fn is_blank(facts: &Facts, root: Var) -> bool {
    match facts.defs[root.0].by {
        DefBy::Let(Op::Aggregate(Ctor::VecRepeat, parts)) => {
            matches!(parts.first(), Some(Operand::Literal(_)))
        }
        _ => false,
    }
}

fn mentions(block: &Block, root: Var) -> usize {
    let mut count = 0;
    vars::block(block, &mut |var, _| count += usize::from(*var == root));
    count
}

/// All loops, those inside a loop after it.
fn gather<'b>(block: &'b Block, loops: &mut Vec<&'b Loop>) {
    for stmt in &block.stmts {
        if let Stmt::Loop(l) = stmt {
            loops.push(l);
        }
        uses::blocks(stmt)
            .into_iter()
            .for_each(|inner| gather(inner, loops));
    }
    uses::end_blocks(&block.end)
        .iter()
        .for_each(|arm| gather(arm, loops));
}

fn move_into(function: &mut Function, root: Var, into: usize) {
    let mut definition = None;
    take(&mut function.body, root, &mut definition);
    let mut count = into;
    if let Some(definition) = definition {
        put(&mut function.body, &mut count, &mut Some(definition));
    }
}

/// Takes the definition of a root out.
fn take(block: &mut Block, root: Var, definition: &mut Option<Stmt>) {
    let at = block.stmts.iter().position(|s| defines(s, root));
    if let Some(at) = at {
        let mut stmt = block.stmts.remove(at);
        if let Stmt::Let {
            op: Op::Aggregate(ctor, _),
            ..
        } = &mut stmt
        {
            *ctor = Ctor::Scratch;
        }
        *definition = Some(stmt);
        return;
    }
    inner_blocks(block, &mut |inner| take(inner, root, definition));
}

/// The blocks inside one.
fn inner_blocks(block: &mut Block, f: &mut dyn FnMut(&mut Block)) {
    let mut of_part = |part: Part<'_>| {
        if let Part::Block(inner) = part {
            f(inner);
        }
    };
    for stmt in &mut block.stmts {
        exclusive::of_stmt(stmt, &mut of_part);
    }
    exclusive::of_end(&mut block.end, &mut of_part);
}

fn defines(stmt: &Stmt, root: Var) -> bool {
    matches!(stmt, Stmt::Let { var, .. } if *var == root)
}

/// Puts a definition at the start of a loop's body.
fn put(block: &mut Block, count: &mut usize, definition: &mut Option<Stmt>) {
    for stmt in &mut block.stmts {
        match stmt {
            Stmt::Loop(l) => {
                if *count == 0 {
                    let definition = definition.take();
                    l.body.stmts.splice(0..0, definition);
                    *count = usize::MAX;
                    return;
                }
                *count -= 1;
                put(&mut l.body, count, definition);
            }
            stmt => exclusive::of_stmt(stmt, &mut |part| inner(part, count, definition)),
        }
        if definition.is_none() {
            return;
        }
    }
    exclusive::of_end(&mut block.end, &mut |part| inner(part, count, definition));
}

fn inner(part: Part<'_>, count: &mut usize, definition: &mut Option<Stmt>) {
    if let (Part::Block(block), true) = (part, definition.is_some()) {
        put(block, count, definition);
    }
}
