//! Cotangents of unknown type that are only summed up and handed on: no zero is made for them to begin with.
//!
//! `let mut d_t = Gather::new(&t); … mul_vjp(…, &mut d_t); … g_vjp(…, d_t.settle(), …)`
//!
//! It borrows the value for the case that it has to make a zero after all. A value that is moved away meanwhile has its
//! zero made at once: `let mut d_t = Sum::new(&t); …`

use crate::ir::uses::{self, Access, Use};
use crate::ir::{
    Block, Class, End, Function, Kind, Op, Operand, Place, SlotArg, Stmt, Var, Vjp, VjpOf,
};

/// When the zero is made that such a cotangent may need.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gathered {
    /// When it is asked for.
    Late,
    /// At once: the value does not stay as it is.
    Early,
}

/// Which variables are such cotangents.
pub fn gathered(function: &Function) -> Vec<Option<Gathered>> {
    let mut census = Census::new(function);
    uses::of_block(&function.body, &mut |used| census.count(used));
    census.block(&function.body);
    if let End::Yield(values) = &function.body.end {
        values.iter().for_each(|value| census.result(value));
    }
    census.finish()
}

/// What is done with each variable.
struct Census<'f> {
    function: &'f Function,
    /// The value whose cotangent a variable is.
    primal: Vec<Option<Var>>,
    /// Its uses.
    uses: Vec<usize>,
    /// Those which a sum allows.
    sums: Vec<usize>,
    /// Among them those which hand it on.
    settled: Vec<usize>,
    /// Uses that change a variable or move out of it.
    disturbed: Vec<usize>,
}

impl<'f> Census<'f> {
    fn new(function: &'f Function) -> Self {
        let none = vec![0; function.vars.len()];
        Census {
            function,
            primal: vec![None; none.len()],
            uses: none.clone(),
            sums: none.clone(),
            settled: none.clone(),
            disturbed: none,
        }
    }

    fn count(&mut self, used: Use<'_>) {
        let var = used.var().0;
        self.uses[var] += 1;
        let borrowed = matches!(used, Use::Place(_, Access::Borrow));
        self.disturbed[var] += usize::from(!borrowed);
    }

    /// The result is handed over when all cotangents have been.
    fn result(&mut self, value: &Operand) {
        if let Operand::Place(place) = value {
            let count = &mut self.disturbed[place.root.0];
            *count = count.saturating_sub(1);
        }
    }

    fn block(&mut self, block: &Block) {
        block.stmts.iter().for_each(|stmt| self.stmt(stmt));
        uses::end_blocks(&block.end)
            .iter()
            .for_each(|arm| self.block(arm));
    }

    fn stmt(&mut self, stmt: &Stmt) {
        match stmt {
            Stmt::Let {
                var,
                op: Op::Zero(primal),
            } if self.is_candidate(*var, primal) => {
                self.primal[var.0] = Some(primal.root);
            }
            Stmt::Accumulate { place, .. } => self.sum(place),
            Stmt::Vjp(vjp) => self.vjp(vjp),
            _ => {}
        }
        uses::blocks(stmt)
            .into_iter()
            .for_each(|inner| self.block(inner));
    }

    fn is_candidate(&self, shadow: Var, primal: &Place) -> bool {
        let info = &self.function.vars[primal.root.0];
        self.function.vars[shadow.0].class == Class::Shadow
            && primal.path.is_empty()
            && (&info.kind, info.class) == (&Kind::Unknown, Class::Root)
    }

    fn vjp(&mut self, vjp: &Vjp) {
        let in_out = matches!(vjp.of, VjpOf::Compound(_));
        for (arg, slot) in vjp.args.iter().zip(&vjp.slots) {
            let written = in_out || arg.is_written();
            if let (SlotArg::Shadow(place), false) = (slot, written) {
                self.sum(place);
            }
        }
        if let Some(Operand::Place(place)) = &vjp.seed {
            self.sum(place);
            self.settled[place.root.0] += usize::from(place.path.is_empty());
        }
    }

    fn sum(&mut self, place: &Place) {
        self.sums[place.root.0] += usize::from(place.path.is_empty());
    }

    fn finish(self) -> Vec<Option<Gathered>> {
        let gathered = |(var, primal): (usize, &Option<Var>)| {
            let is_sum = self.uses[var] == self.sums[var] && self.settled[var] == 1;
            let primal = (*primal).filter(|_| is_sum)?;
            Some(match self.disturbed[primal.0] {
                0 => Gathered::Late,
                _ => Gathered::Early,
            })
        };
        self.primal.iter().enumerate().map(gathered).collect()
    }
}
