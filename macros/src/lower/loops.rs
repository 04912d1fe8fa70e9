//! Loops: carried values, ways out, and labelled blocks, which are loops that run once.

use proc_macro2::Span;
use quote::{quote, ToTokens};
use syn::spanned::Spanned;
use syn::visit::Visit;
use syn::{
    Attribute, Expr, ExprBlock, ExprBreak, ExprContinue, ExprLoop, ExprWhile, Label, Lifetime,
};

use super::assigned::Assigned;
use super::builder::{LoopId, Tail, Target};
use super::known::{literal, strip};
use super::scope::{BindingId, Term};
use super::{purity, Lowering};
use crate::diagnostics::Slug;
use crate::ir::{Cost, Kind, Limit, Op, Opaque, Operand, Selector, Var};

/// A loop, a labelled block or a closure being lowered: what may be left by a jump.
#[derive(Debug)]
pub(super) struct Frame {
    pub id: LoopId,
    pub label: Option<String>,
    /// Bindings whose values are handed over at every jump.
    pub carried: Vec<BindingId>,
    /// Bindings without a value so far, which a `break` may hand over as well.
    pub late: Vec<BindingId>,
    pub kind: FrameKind,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum FrameKind {
    Loop,
    /// Over what an item of a flattened iterator holds: `continue` goes on with it, `break` leaves the loop around it.
    Inner,
    Block,
    /// `return` ends it.
    Closure,
}

/// What is known of a loop before its body is lowered.
pub(super) struct Plan {
    pub span: Span,
    pub name: String,
    pub label: Option<String>,
    pub limit: Option<Limit>,
    pub head: Heading,
    pub assigned: Vec<BindingId>,
    pub kind: FrameKind,
}

impl Plan {
    /// Bindings that go round as well.
    pub fn carry(&mut self, bindings: Vec<BindingId>) {
        for id in bindings {
            if !self.assigned.contains(&id) {
                self.assigned.push(id);
            }
        }
    }
}

/// What makes a loop go on, in the order of the user's iteration.
#[allow(clippy::large_enum_variant)] // One is made per loop.
pub(super) enum Heading {
    Counted {
        start: Operand,
        end: Operand,
        inclusive: bool,
        step: Option<Operand>,
        reverse: bool,
    },
    Forever,
}

/// A value that goes round: its binding, its variable in the body, its value before.
pub(super) type Round = (BindingId, Var, Operand);

impl Lowering<'_> {
    /// `loop { … }`
    pub(super) fn endless(&mut self, whole: &ExprLoop) -> Option<Term> {
        let assigned = self.assigned(|scan| scan.visit_block(&whole.body));
        let plan = self.plan(
            &whole.attrs,
            whole.label.as_ref(),
            whole.loop_token.span,
            "loop".into(),
            assigned,
        )?;
        self.run(plan, &mut |lowering, _| {
            lowering.block(&whole.body, &Kind::Inert).map(|_| ())
        })
    }

    /// Nothing comes behind this.
    pub(super) fn diverge(&mut self) -> Option<Term> {
        let opaque = Opaque {
            expr: syn::parse_quote!(::core::unreachable!()),
            captures: Vec::new(),
            cost: Cost::Once,
            effect: true,
        };
        self.builder.end(Tail::Never(Op::Opaque(Box::new(opaque))));
        None
    }

    /// `while c { … }`, `while let p = e { … }`
    pub(super) fn while_loop(&mut self, whole: &ExprWhile) -> Option<Term> {
        if !matches!(strip(&whole.cond), Expr::Let(_)) && purity::has_let(&whole.cond) {
            return self.while_chain(whole);
        }
        let assigned = self.assigned(|scan: &mut Assigned| {
            scan.visit_expr(&whole.cond);
            scan.visit_block(&whole.body);
        });
        let name = format!("while {}", whole.cond.to_token_stream());
        let plan = self.plan(
            &whole.attrs,
            whole.label.as_ref(),
            whole.while_token.span,
            name,
            assigned,
        )?;
        self.run(plan, &mut |lowering, _| {
            lowering.loop_condition(&whole.cond)?;
            lowering.block(&whole.body, &Kind::Inert).map(|_| ())
        })
    }

    /// Breaks the innermost loop unless the condition holds; binds what it binds.
    pub(super) fn loop_condition(&mut self, condition: &Expr) -> Option<()> {
        let (on, bound) = match strip(condition) {
            Expr::Let(condition) => {
                let scrutinee = self.scrutinee(&condition.expr)?;
                (
                    self.test(&condition.expr, &scrutinee, &condition.pat)?,
                    Some((&condition.pat, scrutinee)),
                )
            }
            condition => (self.inert_operand(condition)?, None),
        };
        self.switch(
            Selector::Bool(on),
            2,
            &Kind::Inert,
            &mut |lowering, arm| match arm {
                0 => Some(lowering.unit()),
                _ => lowering.leave_innermost(),
            },
        )?;
        match bound {
            Some((pat, scrutinee)) => self.bind(pat, scrutinee),
            None => Some(()),
        }
    }

    pub(super) fn leave_innermost(&mut self) -> Option<Term> {
        self.leave(self.frames.len().checked_sub(1)?)
    }

    /// Leaves a loop.
    pub(super) fn leave(&mut self, frame: usize) -> Option<Term> {
        let values = self.break_values(frame)?;
        let target = Target::Break(self.frames.get(frame)?.id);
        self.exit(target, values);
        None
    }

    /// Skips to the next iteration of the innermost loop.
    pub(super) fn skip_iteration(&mut self) -> Option<Term> {
        let frame = self.frames.len().checked_sub(1)?;
        let values = self.jump_values(frame)?;
        let target = Target::Continue(self.frames.get(frame)?.id);
        self.exit(target, values);
        None
    }

    /// `'a: { … break 'a v; … }`
    pub(super) fn labelled_block(&mut self, whole: &ExprBlock, want: &Kind) -> Option<Term> {
        let label = whole.label.as_ref().map(label_name);
        let assigned = self.assigned(|scan| scan.visit_block(&whole.block));
        self.once(FrameKind::Block, label, assigned, &mut |lowering| {
            lowering.block(&whole.block, want)
        })
    }

    /// `break`, `break 'a v`
    pub(super) fn break_expression(&mut self, jump: &ExprBreak) -> Option<Term> {
        let value = match &jump.expr {
            Some(expr) => {
                let term = self.term(expr, &Kind::Unknown)?;
                Some(self.operand_of(term, &Kind::Unknown)?)
            }
            None => None,
        };
        let mut frame = self.frame(jump.label.as_ref(), jump.break_token.span)?;
        while self.frames.get(frame)?.kind == FrameKind::Inner {
            frame = frame.checked_sub(1)?;
        }
        let mut values = self.break_values(frame)?;
        values.extend(value);
        let target = Target::Break(self.frames.get(frame)?.id);
        self.exit(target, values);
        None
    }

    /// `continue`, `continue 'a`
    pub(super) fn continue_expression(&mut self, jump: &ExprContinue) -> Option<Term> {
        let frame = self.frame(jump.label.as_ref(), jump.continue_token.span)?;
        let values = self.jump_values(frame)?;
        let target = Target::Continue(self.frames.get(frame)?.id);
        self.exit(target, values);
        None
    }

    /// The frame a jump refers to.
    pub(super) fn frame(&mut self, label: Option<&Lifetime>, span: Span) -> Option<usize> {
        let found = match label {
            Some(label) => {
                let name = label.ident.to_string();
                self.frames
                    .iter()
                    .rposition(|frame| frame.label.as_ref() == Some(&name))
            }
            None => self
                .frames
                .iter()
                .rposition(|frame| matches!(frame.kind, FrameKind::Loop | FrameKind::Inner)),
        };
        match found {
            Some(found) => Some(found),
            None => self.refuse(Slug::UnsupportedExpression, span, "this jump"),
        }
    }

    /// The values that the next iteration gets.
    pub(super) fn jump_values(&mut self, frame: usize) -> Option<Vec<Operand>> {
        let carried = self.frames.get(frame)?.carried.clone();
        self.current_values(carried)
    }

    /// The values that a jump behind a frame hands over.
    pub(super) fn break_values(&mut self, frame: usize) -> Option<Vec<Operand>> {
        let frame = self.frames.get(frame)?;
        let bindings = frame.carried.iter().chain(&frame.late).copied().collect();
        self.current_values(bindings)
    }

    pub(super) fn current_values(&mut self, bindings: Vec<BindingId>) -> Option<Vec<Operand>> {
        let values = bindings.into_iter().map(|id| {
            match self
                .scope
                .binding(id)
                .and_then(|binding| binding.term.clone())
            {
                Some(term) => self.handed_over(term),
                None => Some(literal(
                    &quote!(::core::default::Default::default()),
                    Kind::Unknown,
                    None,
                )),
            }
        });
        values.collect()
    }

    pub(super) fn plan(
        &mut self,
        attrs: &[Attribute],
        label: Option<&Label>,
        span: Span,
        name: String,
        assigned: Vec<BindingId>,
    ) -> Option<Plan> {
        let limit = self.limit(attrs)?;
        let mut name: String = name.chars().take(40).collect();
        if name.len() >= 40 {
            name.push('…');
        }
        Some(Plan {
            span,
            name,
            label: label.map(label_name),
            limit,
            head: Heading::Forever,
            assigned,
            kind: FrameKind::Loop,
        })
    }

    /// `#[max_iters(N)]`, `#[checkpoints(N)]`
    pub(super) fn limit(&mut self, attrs: &[Attribute]) -> Option<Option<Limit>> {
        let mut limit = None;
        for attr in attrs {
            let make = match attr
                .path()
                .segments
                .last()
                .map(|last| last.ident.to_string())
                .as_deref()
            {
                Some("max_iters") => Limit::MaxIters,
                Some("checkpoints") => Limit::Checkpoints,
                _ => continue,
            };
            match attr.parse_args::<Expr>() {
                Ok(bound) => limit = Some(make(bound)),
                Err(_) => {
                    return self.refuse(
                        Slug::MisplacedLimit,
                        attr.span(),
                        &Self::shown(attr.path()),
                    )
                }
            }
        }
        Some(limit)
    }
}

/// The name of a label.
pub(super) fn label_name(label: &Label) -> String {
    label.name.ident.to_string()
}
