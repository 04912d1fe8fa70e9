//! What becomes of the fields of records: who takes a field off a store decides whether it is put there.

use std::collections::{HashMap, HashSet};

use crate::ir::uses::{self, blocks, end_blocks};
use crate::ir::{Block, Class, Function, Head, Op, Stmt, Var};

/// The stores that are known whole: all that happens to them is that records are pushed and taken off.
pub struct Fields {
    records: HashMap<Var, Record>,
}

/// Of a store, the variables of each field at all places that take records off.
#[derive(Default)]
struct Record {
    pushed: usize,
    takers: Vec<Vec<Var>>,
    /// Its records are not all alike, or it is used in other ways.
    is_open: bool,
}

impl Record {
    fn has(&mut self, fields: usize) {
        self.is_open |= !self.takers.is_empty() && self.takers.len() != fields;
        self.takers.resize(fields, Vec::new());
    }
}

impl Fields {
    pub fn of(function: &Function) -> Fields {
        let is_store = |var: &Var| function.vars[var.0].class == Class::Store;
        let mut fields = Fields {
            records: HashMap::new(),
        };
        fields.block(&function.body);
        let mut others = HashSet::new();
        note_others(&function.body, &mut others);
        fields.records.retain(|store, record| {
            let is_known = !record.is_open && record.pushed > 0 && is_store(store);
            is_known && !record.takers.iter().any(Vec::is_empty) && !others.contains(store)
        });
        fields
    }

    /// The variables that take each field of the records of a store; `None` if that is not known.
    pub fn takers(&self, store: Var) -> Option<&[Vec<Var>]> {
        Some(&self.records.get(&store)?.takers)
    }

    /// The same, where the records are put there in one place.
    pub fn of_one_push(&self, store: Var) -> Option<&[Vec<Var>]> {
        let record = self.records.get(&store)?;
        (record.pushed == 1).then_some(&record.takers)
    }

    fn block(&mut self, block: &Block) {
        for stmt in &block.stmts {
            self.stmt(stmt);
            blocks(stmt).into_iter().for_each(|inner| self.block(inner));
        }
        end_blocks(&block.end)
            .iter()
            .for_each(|arm| self.block(arm));
    }

    fn stmt(&mut self, stmt: &Stmt) {
        match stmt {
            Stmt::Push { store, values } => {
                let record = self.records.entry(*store).or_default();
                record.has(values.len());
                record.pushed += 1;
            }
            Stmt::Unpack { record, vars } => self.taken(*record, vars),
            Stmt::Loop(l) => {
                if let Head::Records { store, vars, .. } = &l.head {
                    self.taken(*store, vars);
                }
            }
            _ => {}
        }
    }

    fn taken(&mut self, store: Var, vars: &[Var]) {
        let record = self.records.entry(store).or_default();
        record.has(vars.len());
        for (takers, var) in record.takers.iter_mut().zip(vars) {
            takers.push(*var);
        }
    }
}

/// What is used by other statements than those that know of records.
fn note_others(block: &Block, others: &mut HashSet<Var>) {
    for stmt in &block.stmts {
        let except = match stmt {
            Stmt::Push { store, .. } | Stmt::Do(Op::Reserve(store, _)) => Some(*store),
            Stmt::Let {
                op: Op::Mark(store),
                ..
            } => Some(*store),
            Stmt::Unpack { record, .. } => Some(*record),
            Stmt::Loop(l) => match &l.head {
                Head::Records { store, .. } => Some(*store),
                _ => None,
            },
            _ => None,
        };
        uses::of_stmt(stmt, &mut |used| {
            if Some(used.var()) != except {
                others.insert(used.var());
            }
        });
        blocks(stmt)
            .into_iter()
            .for_each(|inner| note_others(inner, others));
    }
    uses::of_end(&block.end, &mut |used| {
        others.insert(used.var());
    });
    end_blocks(&block.end)
        .iter()
        .for_each(|arm| note_others(arm, others));
}
