//! Calls, and operators whose rule the compiler finds: reversed by their `_vjp`.
//!
//! Original: `y = g(a, &s.b)`. Adjoint: `g_vjp(a, &s.b, d_y, &mut d_a, &mut d_s.b)`, which runs `g` again and returns
//! `y`: so where `d_y` is known when the call is reached, it stands in place of the call.

use proc_macro2::Span;
use syn::Type;

use super::{address, plain, Plan, Reverser};
use crate::diagnostics::Slug;
use crate::ir::{
    Arg, BinOp, Block, Call, Callee, Class, End, Float, Kind, Op, Operand, Place, Selector, Stmt,
    Var, Vjp, VjpOf,
};
use crate::rules::has_pullback;

/// What becomes of the result of a `_vjp` call.
enum Given {
    /// It takes the place of the primal's.
    Wanted(Var),
    /// It is dropped; its type, if the user wrote it.
    Dropped(Option<Box<Type>>),
}

impl Given {
    const NOTHING: Given = Given::Dropped(None);
}

impl<'f> Reverser<'f> {
    pub(super) fn reverse_do(&mut self, stmt: &'f Stmt, op: &'f Op) {
        match op {
            Op::Call(call) => self.reverse_call(stmt, None, op, call),
            Op::Push(place, value) => self.reverse_push(stmt, place, value),
            _ => self.restore_written(stmt, op),
        }
    }

    /// Puts back what an operation without derivative wrote, if anybody reads it.
    fn restore_written(&mut self, stmt: &'f Stmt, op: &'f Op) {
        let at = self.facts.of(stmt).start;
        let roots: Vec<Var> = written(op)
            .into_iter()
            .filter(|r| self.must_save(*r, at))
            .collect();
        let saved = self.save_roots(stmt, op, roots);
        self.put_back(&saved);
    }

    /// Plans copies of whole roots before a statement; their names in the reverse sweep.
    fn save_roots(&mut self, stmt: &'f Stmt, op: &'f Op, roots: Vec<Var>) -> Vec<(Var, Var)> {
        let mut planned = Vec::new();
        let mut saved = Vec::new();
        for root in roots {
            let kind = match self.vars[root.0].kind.clone() {
                Kind::Slice(k) => Kind::Vec(k),
                kind => kind,
            };
            let old = self.fresh("old", kind, Class::Root);
            if let Op::Call(call) = op {
                self.vars[old.0].span = *self.saved_at.entry(root).or_insert(call.span);
            }
            planned.push((root, old));
            saved.push((root, self.recorded_name(old)));
        }
        if !planned.is_empty() {
            self.plan.insert(address(stmt), Plan::SaveRoots(planned));
        }
        saved
    }

    /// Stores saved copies, which are used up.
    fn put_back(&mut self, saved: &[(Var, Var)]) {
        for (root, old) in saved {
            let place = self.name_place(&Place::root(*root));
            self.push(Stmt::Store {
                place,
                value: Operand::Place(Place::root(*old)),
            });
        }
    }

    pub(super) fn reverse_call(
        &mut self,
        stmt: &'f Stmt,
        result: Option<Var>,
        op: &'f Op,
        call: &'f Call,
    ) {
        if result.is_none() && self.pull_back(stmt, op, call) {
            return;
        }
        let writes_active = call.args.iter().any(|a| self.is_written_active(a));
        let seed = match result {
            Some(v) if self.facts.is_active(v) => self.result_seed(v),
            _ => None,
        };
        if seed.is_none() && !writes_active {
            self.restore_written(stmt, op);
            return;
        }
        self.refuse_standard(call);
        if !writes_active {
            if let Some(seed) = &seed {
                if self.call_in_place(stmt, result, call, seed) {
                    return;
                }
            }
        }
        let seed = seed.or_else(|| self.absent_seed(result));
        let saved = self.undo_writes(stmt, op);
        let args = call.args.iter().map(|a| self.need_arg(a)).collect();
        let ty = result.and_then(|result| self.type_of_result(result));
        if ty.is_none() && self.is_into_unseen(call) {
            self.refuse(Slug::UnseenType, call.span, "what `into` makes");
        }
        let ty = ty.map(Box::new);
        self.vjp(
            VjpOf::of(&call.callee),
            &call.args,
            args,
            seed,
            Given::Dropped(ty),
            call.span,
        );
        self.put_back(&saved);
    }

    /// `x.into()`: the rule does not say of which type its result is, either; that of a float takes it from the cotangent.
    fn is_into_unseen(&self, call: &Call) -> bool {
        let of_float = match call.args.first() {
            Some(Arg::Value(Operand::Var(var))) => self.vars[var.0].kind.is_float(),
            _ => false,
        };
        matches!(&call.callee, Callee::Method { name, .. } if name == "into") && !of_float
    }

    /// The type of a result that is dropped, as far as it is seen.
    fn type_of_result(&self, result: Var) -> Option<Type> {
        let info = &self.vars[result.0];
        let float = match info.kind {
            Kind::Float(Float::F32) => Some(syn::parse_quote!(f32)),
            Kind::Float(Float::F64) => Some(syn::parse_quote!(f64)),
            _ => None,
        };
        info.ty.clone().or(float)
    }

    /// Original: `x.m_into(a, &mut out)`
    /// Adjoint: `x.m_into_pullback(a, &out, d_x, d_a, d_out)`
    ///
    /// Reads what the call left in its buffer, so what it overwrote is put back after it, if anybody reads that.
    fn pull_back(&mut self, stmt: &'f Stmt, op: &'f Op, call: &'f Call) -> bool {
        let Callee::Method { name, .. } = &call.callee else {
            return false;
        };
        let buffer = call.args.iter().filter(|a| matches!(a, Arg::RefMut(_)));
        let mut written = call.args.iter().filter(|a| self.is_written_active(a));
        let single = buffer.count() == 1
            && matches!(
                (written.next(), written.next()),
                (Some(Arg::RefMut(_)), None)
            );
        if !single || !has_pullback(&plain(name)) {
            return false;
        }
        let args = call.args.iter().map(|a| self.need_arg(a)).collect();
        let of = VjpOf::Pullback(call.callee.clone());
        self.vjp(of, &call.args, args, None, Given::NOTHING, call.span);
        self.restore_written(stmt, op);
        true
    }

    fn is_written_active(&self, arg: &Arg) -> bool {
        match arg {
            Arg::RefMut(p) => self.facts.is_active(p.root),
            // What a method changes is only of interest if somebody looks at it afterwards.
            Arg::Receiver {
                place,
                mutable: true,
            } => self.facts.is_active(place.root),
            _ => false,
        }
    }

    /// The cotangent of a call's result, if anything flows back into it.
    fn result_seed(&mut self, result: Var) -> Option<Operand> {
        if self.vars[result.0].class == Class::Value {
            return self.take_adjoint(result);
        }
        let shadow = self.shadows.get(&result).copied()?;
        Some(Operand::Place(Place::root(shadow)))
    }

    /// A zero for a result into which nothing flows, of a call that must be reversed for what it writes.
    fn absent_seed(&mut self, result: Option<Var>) -> Option<Operand> {
        let result = result?;
        let info = &self.vars[result.0];
        match (&info.kind, info.class) {
            (Kind::Inert, _) => Some(unit()),
            (kind, Class::Value) => Some(Operand::number(0.0, kind.clone())),
            _ => {
                let named = self.need_root(result);
                let zero = self.fresh("d", Kind::Unknown, Class::Shadow);
                let op = Op::Zero(Place::root(named));
                self.push(Stmt::Let { var: zero, op });
                Some(Operand::Place(Place::root(zero)))
            }
        }
    }

    /// Calls the `_vjp` in the forward sweep, in place of the function, if the seed is there by then and nothing that
    /// the call reads is overwritten later.
    fn call_in_place(
        &mut self,
        stmt: &'f Stmt,
        result: Option<Var>,
        call: &'f Call,
        seed: &Operand,
    ) -> bool {
        let at = self.facts.of(stmt).start;
        let fused = self.scopes.last().is_some_and(|s| s.fused);
        let scalar = seed.var().is_some();
        let lasting = call.args.iter().all(|a| match a {
            Arg::Ref(p)
            | Arg::RefMut(p)
            | Arg::Function { place: p, .. }
            | Arg::Receiver { place: p, .. }
            | Arg::Value(Operand::Place(p)) => {
                !self.facts.written_between(p.root, at, u32::MAX) && !self.shadow_is_late(p)
            }
            Arg::Value(_) | Arg::Closure(_) => true,
        });
        if !fused || !scalar || !lasting {
            return false;
        }
        let Some(mut stmts) = self.hoist(std::slice::from_ref(seed), at) else {
            return false;
        };
        self.streams.push(Default::default());
        let args = call.args.iter().map(|arg| self.in_place_arg(arg)).collect();
        let sums = self.vjp_with(
            VjpOf::of(&call.callee),
            &call.args,
            args,
            Some(seed.clone()),
            result.map_or(Given::NOTHING, Given::Wanted),
            call.span,
        );
        stmts.extend(self.streams.pop().unwrap_or_default().into_stmts());
        self.plan.insert(address(stmt), Plan::InPlace(stmts));
        for (var, sum) in sums {
            self.born.insert(sum, at);
            self.contribute(var, Operand::Var(sum));
        }
        true
    }

    /// Whether a place's shadow only comes into being in the reverse sweep.
    pub(super) fn shadow_is_late(&self, place: &Place) -> bool {
        self.facts.is_active(place.root)
            && (self.is_local_shadow_late(place.root)
                || self.is_shadow_initialised_late(place.root))
    }

    fn is_local_shadow_late(&self, root: Var) -> bool {
        !self.has_early_slot(root) && self.changes_shape(root)
    }

    /// Whether the shadow was declared by its first contribution, somewhere in the reverse sweep.
    fn is_shadow_initialised_late(&self, root: Var) -> bool {
        let declared_early = self
            .scopes
            .iter()
            .any(|s| s.early_shadows.contains_key(&root));
        !self.has_early_slot(root) && self.shadows.contains_key(&root) && !declared_early
    }

    /// A parameter whose shadow is there from the start.
    fn has_early_slot(&self, root: Var) -> bool {
        self.primal.params.iter().any(|p| p.var == root) && !self.slots.contains_key(&root)
    }

    /// An argument of a call that is made here.
    fn in_place_arg(&mut self, arg: &Arg) -> Arg {
        let Arg::Value(operand) = arg else {
            return arg.clone();
        };
        if let Some((clone, copy)) = self.cloned_string(operand, operand.clone()) {
            self.push(clone);
            return Arg::Value(copy);
        }
        let mut operand = operand.clone();
        let mut kept = Vec::new();
        self.keep_operand(&mut operand, &mut kept);
        kept.into_iter().for_each(|stmt| self.push(stmt));
        Arg::Value(operand)
    }

    /// Arguments of a call under the names that hold in the reverse sweep.
    fn need_arg(&mut self, arg: &Arg) -> Arg {
        match arg {
            Arg::Value(o) => Arg::Value(self.need_value_arg(o)),
            Arg::Ref(p) => Arg::Ref(self.need_place(p)),
            Arg::RefMut(p) => Arg::RefMut(self.need_place(p)),
            Arg::Closure(_) => arg.clone(),
            Arg::Function { place, on } => Arg::Function {
                place: self.need_place(place),
                on: *on,
            },
            Arg::Receiver { place, mutable } => Arg::Receiver {
                place: self.need_place(place),
                mutable: *mutable,
            },
        }
    }

    /// An argument by value; what a local variable owns may be asked for again, so it is cloned.
    fn need_value_arg(&mut self, operand: &Operand) -> Operand {
        let named = self.need_operand(operand);
        if let Some((clone, copy)) = self.cloned_string(operand, named.clone()) {
            self.push(clone);
            return copy;
        }
        let Operand::Place(place) = &named else {
            return named;
        };
        let copied = matches!(self.kind_of(place), Kind::Float(_) | Kind::Inert);
        if copied || self.vars[place.root.0].class != Class::Root {
            return named;
        }
        let copy = self.fresh("copy", self.kind_of(place), Class::Root);
        self.push(Stmt::Let {
            var: copy,
            op: Op::Keep(place.clone()),
        });
        Operand::Place(Place::root(copy))
    }

    /// Before the reverse of a call that writes: the places hold again what they held before the call. Hands out the
    /// copies that are to be put back once more afterwards, because an earlier part of the program reads them.
    fn undo_writes(&mut self, stmt: &'f Stmt, op: &'f Op) -> Vec<(Var, Var)> {
        let at = self.facts.of(stmt).start;
        let saved = self.save_roots(stmt, op, written(op));
        let mut again = Vec::new();
        for (root, old) in saved {
            self.found.reads.insert((root, self.position, None));
            let mut source = old;
            if self.must_save(root, at) {
                source = self.fresh_like(old);
                self.push(Stmt::Let {
                    var: source,
                    op: Op::Keep(Place::root(old)),
                });
                again.push((root, old));
            }
            self.put_back(&[(root, source)]);
        }
        again
    }

    /// The reverse of an operation on operands of unknown kind.
    pub(super) fn vjp_op(&mut self, var: Var, op: &'f Op, seed: Operand) {
        let (of, operands): (VjpOf, Vec<&Operand>) = match op {
            Op::Neg(o) => (VjpOf::Neg, vec![o]),
            Op::Binary(bin, a, b) => (VjpOf::Binary(*bin), vec![a, b]),
            Op::Cast(o, ty) => (VjpOf::Cast((**ty).clone()), vec![o]),
            Op::UnknownMath { name, args } => (VjpOf::Math(name.clone()), args.iter().collect()),
            Op::Math { rule, args, .. } => (
                VjpOf::Math(proc_macro2::Ident::new(rule.name, Span::call_site())),
                args.iter().collect(),
            ),
            _ => return,
        };
        let primal: Vec<Arg> = operands.iter().map(|o| Arg::Value((*o).clone())).collect();
        let args = primal.iter().map(|a| self.need_arg(a)).collect();
        let span = self.vars[var.0].span;
        self.vjp(of, &primal, args, Some(seed), Given::NOTHING, span);
    }

    /// The reverse of `place op= value`: runs on a copy of what the place held, and turns the place's cotangent from that
    /// of the new contents into that of the old.
    pub(super) fn vjp_compound(
        &mut self,
        old: Operand,
        place: &'f Place,
        (op, span): (BinOp, Span),
        value: &'f Operand,
    ) {
        let held = self.fresh("held", self.kind_of(place), Class::Root);
        self.push(Stmt::Let {
            var: held,
            op: Op::Use(old),
        });
        let args = vec![
            Arg::RefMut(Place::root(held)),
            Arg::Value(self.need_value_arg(value)),
        ];
        let primal = [Arg::RefMut(place.clone()), Arg::Value(value.clone())];
        self.vjp(
            VjpOf::Compound(op),
            &primal,
            args,
            None,
            Given::NOTHING,
            span,
        );
    }

    /// Appends a `_vjp` call and lets the sums for its scalar arguments flow on.
    fn vjp(
        &mut self,
        of: VjpOf,
        primal: &[Arg],
        args: Vec<Arg>,
        seed: Option<Operand>,
        result: Given,
        span: Span,
    ) {
        let sums = self.vjp_with(of, primal, args, seed, result, span);
        for (var, sum) in sums {
            self.contribute(var, Operand::Var(sum));
        }
    }

    /// Appends a `_vjp` call; hands out what was summed for each scalar argument.
    fn vjp_with(
        &mut self,
        of: VjpOf,
        primal: &[Arg],
        args: Vec<Arg>,
        seed: Option<Operand>,
        result: Given,
        span: Span,
    ) -> Vec<(Var, Var)> {
        let mut slots = self.slots_for(primal, &args, span);
        std::mem::take(&mut slots.before)
            .into_iter()
            .for_each(|s| self.push(s));
        let (result, ty) = match result {
            Given::Wanted(var) => (Some(var), None),
            Given::Dropped(ty) => (None, ty.map(|ty| *ty)),
        };
        let condition = seed.as_ref().filter(|_| result.is_none());
        let condition = condition.and_then(|d| self.is_present(d));
        let call = Stmt::Vjp(Box::new(Vjp {
            result,
            ty,
            captured: primal.len() - written_args(primal),
            of,
            args,
            seed,
            slots: slots.slots,
            span,
        }));
        self.push(match condition {
            Some(condition) => only_if(condition, call),
            None => call,
        });
        for (place, spill) in slots.spills {
            self.push(Stmt::Accumulate {
                place,
                value: Place::root(spill),
            });
        }
        let mut sums = Vec::new();
        for (var, fresh) in slots.sums {
            let name = self.d_name(var);
            let sum = self.fresh(&name, self.vars[var.0].kind.clone(), Class::Value);
            self.push(Stmt::Let {
                var: sum,
                op: Op::Settle(fresh),
            });
            sums.push((var, sum));
        }
        sums
    }
}

/// `if condition { stmt }`
fn only_if(condition: Operand, stmt: Stmt) -> Stmt {
    let arm = |stmts| Block {
        stmts,
        end: End::Yield(Vec::new()),
    };
    Stmt::Switch {
        on: Selector::Bool(condition),
        arms: vec![arm(vec![stmt]), arm(Vec::new())],
        joins: Vec::new(),
    }
}

/// How many arguments are written at a call: behind them stands what closures capture.
fn written_args(args: &[Arg]) -> usize {
    let captures = args.iter().filter_map(|arg| match arg {
        Arg::Closure(lambda) => Some(lambda.captured.1),
        _ => None,
    });
    args.len() - captures.sum::<usize>()
}

fn unit() -> Operand {
    Operand::Literal(crate::ir::Literal {
        tokens: quote::quote!(()),
        kind: Kind::Inert,
        value: None,
    })
}

/// The roots that an operation may write, each once.
fn written(op: &Op) -> Vec<Var> {
    let mut roots = Vec::new();
    crate::ir::walk::op_writes(op, &mut |place| {
        if !roots.contains(&place.root) {
            roots.push(place.root);
        }
    });
    roots
}
