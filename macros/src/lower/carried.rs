//! What goes round in a loop, and what is handed over behind it.

use proc_macro2::Span;
use quote::quote;

use super::builder::{Draft, Exit, LoopId, Tail, Target};
use super::exits::{Column, Joins, Way};
use super::known::literal;
use super::loops::Frame;
use super::loops::FrameKind;
use super::loops::Heading;
use super::loops::Plan;
use super::loops::Round;
use super::scope::{Binding, BindingId, Term};
use super::Lowering;
use crate::diagnostics::Slug;
use crate::ir::{Block, Carried, Class, End, Head, Kind, Loop, Operand, Selector, Stmt, Var};

impl Lowering<'_> {
    /// Which of the assigned bindings have no value yet.
    pub(super) fn late(&self, assigned: &[BindingId]) -> Vec<BindingId> {
        let uninitialised = |id: &BindingId| {
            self.scope
                .binding(*id)
                .is_some_and(|binding| binding.term.is_none())
        };
        assigned.iter().copied().filter(uninitialised).collect()
    }

    /// Which of the assigned bindings are values that go round, and the variables that hold them in the body.
    pub(super) fn carry(&mut self, assigned: &[BindingId]) -> Vec<Round> {
        let mut carried = Vec::new();
        for &id in assigned {
            let Some(binding) = self.scope.binding(id) else {
                continue;
            };
            let Some(Term::Value(init)) = binding.term.clone() else {
                continue;
            };
            let (name, ty) = (binding.name.clone(), binding.ty.clone());
            let kind = self.kind_of_operand(&init).join(&binding.kind);
            let var = self.named(name, kind, Class::Value);
            self.vars[var.0].ty = ty;
            carried.push((id, var, init));
        }
        carried
    }

    /// Lowers a loop; its value, unless control does not get past it.
    pub(super) fn run(
        &mut self,
        plan: Plan,
        body: &mut dyn FnMut(&mut Self, Option<Var>) -> Option<()>,
    ) -> Option<Term> {
        let refusals = self.errors.count();
        let mark = self.scope.mark();
        let late = self.late(&plan.assigned);
        let carried = self.carry(&plan.assigned);
        let (head, counted) = self.head(plan.head);
        let index = match &head {
            Head::Counted { index, .. } => Some(*index),
            _ => None,
        };
        let bindings: Vec<BindingId> = carried.iter().map(|(id, ..)| *id).collect();
        let id = self.push_frame(plan.kind, plan.label, bindings.clone(), late.clone());
        for (id, var, _) in &carried {
            self.scope
                .assign(*id, Some(Term::Value(Operand::Var(*var))));
        }
        self.builder.open();
        self.scope.enter();
        let went = body(self, index);
        self.scope.leave();
        if !self.builder.ended() && went.is_some() {
            self.skip_iteration();
        }
        let draft = self.builder.take().close(Vec::new);
        self.frames.pop();
        let changed = self.scope.undo(mark);
        if self.errors.count() > refusals {
            return None;
        }
        let bindings: Vec<BindingId> = bindings.into_iter().chain(late).collect();
        self.check_carried(&changed, &bindings, plan.span)?;
        self.learn_carried(&draft, id, &carried);
        let columns = self.columns_of(&bindings, &carried);
        let ways = self.ways_of_loop(&draft, id, columns, counted);
        let (block, joins, exhausted) = self.seal_loop(draft, id, ways, &carried, counted);
        let carried_values = carried
            .iter()
            .map(|(_, var, init)| Carried {
                var: *var,
                init: init.clone(),
            })
            .collect();
        self.builder.push(Stmt::Loop(Box::new(Loop {
            span: plan.span,
            name: plan.name,
            head,
            carried: carried_values,
            body: block,
            exhausted,
            results: joins.vars(),
            limit: plan.limit,
        })));
        self.after_loop(&joins, id, &bindings)
    }

    pub(super) fn head(&mut self, heading: Heading) -> (Head, bool) {
        match heading {
            Heading::Forever => (Head::Forever, false),
            Heading::Counted {
                start,
                end,
                inclusive,
                step,
                reverse,
            } => {
                let index = self.fresh("i", Kind::Inert, Class::Value);
                (
                    Head::Counted {
                        index,
                        start,
                        end,
                        inclusive,
                        step,
                        reverse,
                        backwards: false,
                    },
                    true,
                )
            }
        }
    }

    pub(super) fn push_frame(
        &mut self,
        kind: FrameKind,
        label: Option<String>,
        carried: Vec<BindingId>,
        late: Vec<BindingId>,
    ) -> LoopId {
        self.frames_made += 1;
        let id = self.frames_made;
        self.frames.push(Frame {
            id,
            label,
            carried,
            late,
            kind,
        });
        id
    }

    /// Whatever else changed in the body cannot go round.
    pub(super) fn check_carried(
        &mut self,
        changed: &[(BindingId, Option<Term>)],
        known: &[BindingId],
        span: Span,
    ) -> Option<()> {
        for (id, _) in changed {
            let Some(binding) = self.scope.binding(*id).filter(|_| !known.contains(id)) else {
                continue;
            };
            let detail = format!(
                "`{}` refers to different places in different iterations",
                binding.name
            );
            let slug = match binding.term {
                Some(Term::Ref { mutable: true, .. }) => Slug::StoredReference,
                _ => Slug::MovingReference,
            };
            let span = match slug {
                Slug::MovingReference => binding.name.span(),
                _ => span,
            };
            return self.refuse(slug, span, &detail);
        }
        Some(())
    }

    /// Kinds that only the body tells.
    pub(super) fn learn_carried(&mut self, draft: &Draft, id: LoopId, carried: &[Round]) {
        let mut kinds: Vec<Kind> = carried
            .iter()
            .map(|(_, var, _)| self.info(*var).kind.clone())
            .collect();
        draft.exits(&mut |exit| {
            if exit.target == Target::Continue(id) {
                for (kind, value) in kinds.iter_mut().zip(&exit.values) {
                    *kind = kind.clone().join(&self.kind_of_operand(value));
                }
            }
        });
        for ((_, var, _), kind) in carried.iter().zip(kinds) {
            self.vars[var.0].kind = kind;
        }
    }

    /// The ways out of a loop, its own end first (if it can be reached).
    pub(super) fn ways_of_loop(
        &self,
        draft: &Draft,
        id: LoopId,
        mut columns: Vec<Column>,
        counted: bool,
    ) -> Vec<Way> {
        let own = Target::Break(id);
        let mut reached = counted;
        draft.exits(&mut |exit| {
            if exit.target == own {
                reached = true;
                columns.resize(exit.values.len(), Column::default());
                for (column, value) in columns.iter_mut().zip(&exit.values) {
                    column.join(self.kind_of_operand(value));
                }
            }
        });
        let mut ways = Vec::new();
        if reached {
            ways.push(Way {
                target: own,
                columns,
            });
        }
        ways.extend(self.ways_out(
            std::iter::once(draft),
            &[own, Target::Continue(id), Target::Fall],
        ));
        ways
    }

    pub(super) fn columns_of(&self, bindings: &[BindingId], carried: &[Round]) -> Vec<Column> {
        let columns = bindings.iter().enumerate().map(|(position, id)| {
            let Some(binding) = self.scope.binding(*id) else {
                return Column::default();
            };
            let kind = carried
                .get(position)
                .map(|(_, var, _)| self.info(*var).kind.clone());
            let (name, ty) = (Some(binding.name.clone()), binding.ty.clone());
            Column {
                kind: kind.or(Some(binding.kind.clone())),
                name,
                ty,
                mutable: binding.mutable,
            }
        });
        columns.collect()
    }

    pub(super) fn seal_loop(
        &mut self,
        draft: Draft,
        id: LoopId,
        ways: Vec<Way>,
        carried: &[Round],
        counted: bool,
    ) -> (Block, Joins, Vec<Operand>) {
        let joins = self.joins(ways);
        let block = draft.seal(&mut |exit: Exit, stmts: &mut Vec<Stmt>| {
            if exit.target == Target::Continue(id) {
                let values = exit.values.into_iter().zip(carried);
                End::Yield(
                    values
                        .map(|(value, (_, var, _))| self.cell(*var, false, Some(value), stmts))
                        .collect(),
                )
            } else {
                End::Break(self.row(&joins, exit, stmts))
            }
        });
        let exhausted = match counted {
            true => {
                let values = carried
                    .iter()
                    .map(|(_, var, _)| Operand::Var(*var))
                    .collect();
                self.row(
                    &joins,
                    Exit {
                        target: Target::Break(id),
                        values,
                    },
                    &mut Vec::new(),
                )
            }
            false => Vec::new(),
        };
        (block, joins, exhausted)
    }

    /// Goes on behind a loop (or block): what was carried has its last value.
    pub(super) fn after_loop(
        &mut self,
        joins: &Joins,
        id: LoopId,
        bindings: &[BindingId],
    ) -> Option<Term> {
        if joins.leads_to() != Some(Target::Break(id)) {
            self.leave_by_all(joins);
            return None;
        }
        self.dispatch(joins);
        for (position, binding) in bindings.iter().enumerate() {
            let term = match self.term_of_column(joins, position) {
                Some(Term::Fresh(place)) => Some(Term::Place(place)),
                term => term,
            };
            self.scope.assign(*binding, term);
        }
        Some(
            self.term_of_column(joins, bindings.len())
                .unwrap_or_else(|| self.unit()),
        )
    }

    /// A block that runs once and may be left in the middle with a value: a switch with one arm.
    pub(super) fn once(
        &mut self,
        kind: FrameKind,
        label: Option<String>,
        assigned: Vec<BindingId>,
        body: &mut dyn FnMut(&mut Self) -> Option<Term>,
    ) -> Option<Term> {
        let refusals = self.errors.count();
        let mark = self.scope.mark();
        let passes = |id: &BindingId| {
            matches!(
                self.scope.binding(*id),
                Some(Binding {
                    term: Some(Term::Value(_)) | None,
                    ..
                })
            )
        };
        let bindings: Vec<BindingId> = assigned.into_iter().filter(passes).collect();
        let id = self.push_frame(kind, label, bindings.clone(), Vec::new());
        self.builder.open();
        let value = body(self);
        if let (false, Some(term)) = (self.builder.ended(), value) {
            self.leave_with(self.frames.len().checked_sub(1)?, term);
        }
        let draft = self.builder.take().close(Vec::new);
        self.frames.pop();
        self.scope.undo(mark);
        if self.errors.count() > refusals {
            return None;
        }
        let columns = self.columns_of(&bindings, &[]);
        let ways = self.ways_of_loop(&draft, id, columns, false);
        let joins = self.joins(ways);
        let block = draft.seal(&mut |exit: Exit, stmts: &mut Vec<Stmt>| {
            End::Yield(self.row(&joins, exit, stmts))
        });
        let on = Selector::Index(literal(&quote!(0u32), Kind::Inert, Some(0.0)));
        self.builder.push(Stmt::Switch {
            on,
            arms: vec![block],
            joins: joins.vars(),
        });
        self.after_loop(&joins, id, &bindings)
    }

    /// Jumps behind a frame with a value.
    pub(super) fn leave_with(&mut self, frame: usize, term: Term) -> Option<()> {
        let mut values = self.break_values(frame)?;
        values.push(self.operand_of(term, &Kind::Unknown)?);
        let target = Target::Break(self.frames.get(frame)?.id);
        self.exit(target, values);
        Some(())
    }

    /// Behind a loop that only ends by leaving something around it, or not at all.
    pub(super) fn leave_by_all(&mut self, joins: &Joins) {
        let mut drafts = self.leaving(joins, 0);
        match joins.code() {
            Some(code) => self.builder.end(Tail::Switch {
                on: Selector::Index(Operand::Var(code)),
                arms: drafts,
            }),
            None => match drafts.pop() {
                Some(draft) => self.builder.end(draft.tail),
                None => drop(self.diverge()),
            },
        }
    }
}
