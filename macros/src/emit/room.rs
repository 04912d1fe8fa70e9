//! Pushes that never make a store grow.
//!
//! A counted loop that cannot be left early makes one record per iteration. Room for all of them is made before it, and a
//! push that would have to grow the store cannot happen: it panics. That matters because the way out to the allocator is
//! a call that comes back: what the loop keeps in registers would be saved around it, and read again after it. (An LSTM
//! cell with seven values per record: 1.08 to 1.02 of the adjoint by hand.)
//!
//! ```text
//! storage_room!(records, n);
//! for i in 0..n { …; storage_push!(records, (…)); }
//! ```

use proc_macro2::TokenStream;
use quote::quote;

use super::Emitter;
use crate::ir::uses::{self, has_break};
use crate::ir::{Block, Capacity, Loop, Op, Stmt, Var};

/// The stores of a function that are vectors.
pub fn vectors(body: &Block, no_alloc: bool) -> Vec<Var> {
    let mut found = Vec::new();
    uses::each_stmt(body, &mut |stmt| {
        if let Stmt::Let {
            var,
            op: Op::NewStore(capacity),
        } = stmt
        {
            let grows = match capacity {
                Capacity::Vec(..) | Capacity::Shared(_) => true,
                Capacity::Bounded(..) => !no_alloc,
                Capacity::Array { .. } | Capacity::Checkpoints(..) => false,
            };
            found.extend(grows.then_some(*var));
        }
    });
    found
}

impl Emitter<'_> {
    /// Makes room for what the iterations of a loop push.
    pub fn make_room(&mut self, lines: &mut TokenStream, the_loop: &Loop) {
        let trips = the_loop.head.trips().filter(|_| !has_break(&the_loop.body));
        let Some(trips) = trips else { return };
        let mut stores = pushed_once(&the_loop.body);
        stores.retain(|store| self.vectors.contains(store));
        for store in stores {
            // The bounds are printed twice.
            self.flush(lines);
            let room = self.paths.private("storage_room");
            let (name, trips) = (self.names.of(store).clone(), self.trip_count(&trips));
            self.line(lines, quote!(#room!(#name, #trips);));
            self.roomy.push(store);
        }
    }

    /// The record of one iteration.
    pub fn push(&mut self, lines: &mut TokenStream, store: Var, values: &[Var]) {
        let record = self.record(values).tokens;
        let name = self.names.of(store).clone();
        let line = match self.roomy.contains(&store) {
            true => {
                let push = self.paths.private("storage_push");
                quote!(#push!(#name, #record);)
            }
            false => quote!(#name.push(#record);),
        };
        self.line(lines, line);
    }
}

/// The stores into which an iteration puts one record: what stands in no loop inside, and in no arm of a branch.
fn pushed_once(body: &Block) -> Vec<Var> {
    let mut all = Vec::new();
    uses::each_stmt(body, &mut |stmt| all.extend(pushed(stmt)));
    let direct = body.stmts.iter().filter_map(pushed);
    direct
        .filter(|store| all.iter().filter(|other| *other == store).count() == 1)
        .collect()
}

fn pushed(stmt: &Stmt) -> Option<Var> {
    match stmt {
        Stmt::Push { store, .. } => Some(*store),
        _ => None,
    }
}
