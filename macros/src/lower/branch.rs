//! `if`, `match`, and the forms built on them: `let else`, `?`, `&&` and `||` with effects.

use quote::quote;
use syn::{Expr, ExprBinary, ExprIf, ExprLet, Local, LocalInit};

use super::builder::Region;
use super::known::strip;
use super::scope::{BindingId, Mark, Term};
use super::{alternatives, purity, refutable, Lowering};
use crate::ir::{Kind, Selector};

/// An arm that has been lowered.
pub(super) struct Arm {
    pub(super) region: Region,
    pub(super) term: Option<Term>,
    pub(super) changes: Vec<(BindingId, Option<Term>)>,
}

impl Arm {
    /// Whether some path leaves the switch for elsewhere.
    fn leaves(&self) -> bool {
        self.region.has_exits()
    }
}

/// Where a switch stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Position {
    /// Its value is the function's result.
    Tail,
    Inside,
}

impl Lowering<'_> {
    /// `if c { … } else { … }`
    pub(super) fn if_expression(&mut self, branch: &ExprIf, want: &Kind) -> Option<Term> {
        let otherwise = branch.else_branch.as_ref().map(|(_, expr)| &**expr);
        if let Expr::Let(condition) = strip(&branch.cond) {
            return self.if_let(condition, branch, otherwise, want);
        }
        if purity::has_let(&branch.cond) {
            return self.if_chain(branch, want);
        }
        let condition = self.inert_operand(&branch.cond)?;
        let place = self.stands(branch as *const ExprIf as usize);
        self.switch_at(
            place,
            Selector::Bool(condition),
            2,
            want,
            &mut |lowering, arm| match (arm, otherwise) {
                (0, _) => lowering.block(&branch.then_branch, want),
                (_, Some(otherwise)) => lowering.term(otherwise, want),
                (_, None) => Some(lowering.unit()),
            },
        )
    }

    pub(super) fn if_let(
        &mut self,
        condition: &ExprLet,
        branch: &ExprIf,
        otherwise: Option<&Expr>,
        want: &Kind,
    ) -> Option<Term> {
        if alternatives::has_any(&condition.pat) {
            return self.if_let_either(condition, branch, otherwise, want);
        }
        let scrutinee = self.scrutinee(&condition.expr)?;
        let on = self.test(&condition.expr, &scrutinee, &condition.pat)?;
        let place = self.stands(branch as *const ExprIf as usize);
        self.switch_at(
            place,
            Selector::Bool(on),
            2,
            want,
            &mut |lowering, arm| match (arm, otherwise) {
                (0, _) => {
                    lowering.bind(&condition.pat, scrutinee.clone())?;
                    lowering.block(&branch.then_branch, want)
                }
                (_, Some(otherwise)) => lowering.term(otherwise, want),
                (_, None) => Some(lowering.unit()),
            },
        )
    }

    /// `let pat = e else { … };`
    pub(super) fn let_else(
        &mut self,
        local: &Local,
        init: &LocalInit,
        otherwise: &Expr,
    ) -> Option<()> {
        let scrutinee = self.scrutinee(&init.expr)?;
        let pat = refutable::untyped(&local.pat);
        let on = self.test(&init.expr, &scrutinee, pat)?;
        self.switch(
            Selector::Bool(on),
            2,
            &Kind::Inert,
            &mut |lowering, arm| match arm {
                0 => Some(lowering.unit()),
                _ => lowering.term(otherwise, &Kind::Inert),
            },
        )?;
        self.bind(&local.pat, scrutinee)
    }

    /// `a && b`, `a || b` whose right side must be lowered.
    pub(super) fn short_circuit(&mut self, binary: &ExprBinary) -> Option<Term> {
        let left = self.inert_operand(&binary.left)?;
        let and = matches!(binary.op, syn::BinOp::And(_));
        self.switch(
            Selector::Bool(left),
            2,
            &Kind::Inert,
            &mut |lowering, arm| {
                if (arm == 0) == and {
                    lowering.inert_operand(&binary.right).map(Term::Value)
                } else {
                    Some(Term::Value(lowering.inert_literal(if and {
                        quote!(false)
                    } else {
                        quote!(true)
                    })))
                }
            },
        )
    }

    /// Lowers the arms of a switch and joins what they did.
    pub(super) fn switch(
        &mut self,
        on: Selector,
        count: usize,
        want: &Kind,
        lower: &mut dyn FnMut(&mut Self, usize) -> Option<Term>,
    ) -> Option<Term> {
        self.switch_at(Position::Inside, on, count, want, lower)
    }

    pub(super) fn stands(&self, address: usize) -> Position {
        match self.tails.contains(&address) {
            true => Position::Tail,
            false => Position::Inside,
        }
    }

    pub(super) fn switch_at(
        &mut self,
        position: Position,
        on: Selector,
        count: usize,
        want: &Kind,
        lower: &mut dyn FnMut(&mut Self, usize) -> Option<Term>,
    ) -> Option<Term> {
        let refusals = self.errors.count();
        let mark = self.scope.mark();
        let arms: Vec<Arm> = (0..count)
            .map(|index| self.arm(mark, index, lower))
            .collect();
        if self.errors.count() > refusals {
            return None;
        }
        let falling = arms.iter().filter(|arm| !arm.region.ended()).count();
        match falling {
            0 => self.all_leave(on, arms),
            1 => self.one_falls(on, arms),
            _ if position == Position::Tail && arms.iter().any(Arm::leaves) => {
                self.all_return(on, arms)
            }
            _ => self.meet(on, arms, want),
        }
    }

    pub(super) fn arm(
        &mut self,
        mark: Mark,
        index: usize,
        lower: &mut dyn FnMut(&mut Self, usize) -> Option<Term>,
    ) -> Arm {
        self.builder.open();
        self.scope.enter();
        let term = lower(self, index);
        self.scope.leave();
        let changes = self.scope.undo(mark);
        Arm {
            region: self.builder.take(),
            term,
            changes,
        }
    }

    pub(super) fn all_leave(&mut self, on: Selector, arms: Vec<Arm>) -> Option<Term> {
        let arms = arms
            .into_iter()
            .map(|arm| arm.region.close(Vec::new))
            .collect();
        self.builder.end(super::builder::Tail::Switch { on, arms });
        None
    }

    /// At the end of the function, where arms leave in the middle, every arm returns by itself.
    pub(super) fn all_return(&mut self, on: Selector, arms: Vec<Arm>) -> Option<Term> {
        let mut drafts = Vec::with_capacity(arms.len());
        for arm in arms {
            self.builder.reopen(arm.region);
            if let (false, Some(term)) = (self.builder.ended(), arm.term) {
                self.return_term(term);
            }
            drafts.push(self.builder.take().close(Vec::new));
        }
        self.builder
            .end(super::builder::Tail::Switch { on, arms: drafts });
        None
    }

    /// Goes on inside the one arm that falls through.
    pub(super) fn one_falls(&mut self, on: Selector, arms: Vec<Arm>) -> Option<Term> {
        let mut others = Vec::new();
        let mut going_on = None;
        for (index, arm) in arms.into_iter().enumerate() {
            if arm.region.ended() {
                others.push(arm.region.close(Vec::new));
            } else {
                going_on = Some((index, arm));
            }
        }
        let (hole, arm) = going_on?;
        for (id, term) in arm.changes {
            self.scope.assign(id, term);
        }
        self.builder.descend(on, others, hole, arm.region);
        arm.term
    }
}
