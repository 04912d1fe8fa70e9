//! Every operand of a statement, to be replaced.

use crate::ir::{
    Arg, Bound, Capacity, End, Head, Op, Operand, Place, Proj, Selector, SlotArg, Stmt, Var, Vjp,
};

/// Where a variable stands.
pub enum Spot<'a> {
    /// Anything may stand here.
    Operand(&'a mut Operand),
    /// Only a variable may.
    Var(&'a mut Var),
}

/// Receives the spots of a statement.
pub type Visit<'v> = &'v mut dyn FnMut(Spot<'_>);

/// The operands of a statement itself, without its blocks and without the results of a loop over its carried values.
pub fn of_stmt(stmt: &mut Stmt, visit: Visit<'_>) {
    match stmt {
        Stmt::Let { op, .. } | Stmt::Do(op) => of_op(op, visit),
        Stmt::Store { place, value }
        | Stmt::Add { place, value, .. }
        | Stmt::Compound { place, value, .. } => {
            of_operand(value, visit);
            of_place(place, visit);
        }
        Stmt::Switch { on, .. } => of_selector(on, visit),
        Stmt::Loop(the_loop) => {
            for carried in &mut the_loop.carried {
                of_operand(&mut carried.init, visit);
            }
            of_head(&mut the_loop.head, visit);
        }
        Stmt::Accumulate { place, value }
        | Stmt::AccumulateEach {
            place,
            values: value,
        }
        | Stmt::Unpop { place, item: value } => {
            of_place(value, visit);
            of_place(place, visit);
        }
        Stmt::Vjp(vjp) => of_vjp(vjp, visit),
        Stmt::Push { values, .. } => of_vars(values, visit),
        Stmt::Unpack { record, .. } | Stmt::Replay { record, .. } => visit(Spot::Var(record)),
    }
}

/// The operands of a block's end, without its arms.
pub fn of_end(end: &mut End, visit: Visit<'_>) {
    match end {
        End::Yield(operands) | End::Break(operands) => of_operands(operands, visit),
        End::Switch { on, .. } => of_selector(on, visit),
        End::Never(op) => of_op(op, visit),
    }
}

/// The operands in a list.
pub fn of_operands(operands: &mut [Operand], visit: Visit<'_>) {
    for operand in operands {
        of_operand(operand, visit);
    }
}

fn of_vars(vars: &mut [Var], visit: Visit<'_>) {
    for var in vars {
        visit(Spot::Var(var));
    }
}

fn of_head(head: &mut Head, visit: Visit<'_>) {
    if let Head::Counted {
        start, end, step, ..
    } = head
    {
        of_operand(start, visit);
        of_operand(end, visit);
        if let Some(step) = step {
            of_operand(step, visit);
        }
    }
}

fn of_selector(on: &mut Selector, visit: Visit<'_>) {
    let (Selector::Bool(operand) | Selector::Index(operand)) = on;
    of_operand(operand, visit);
}

fn of_vjp(vjp: &mut Vjp, visit: Visit<'_>) {
    for arg in &mut vjp.args {
        of_arg(arg, visit);
    }
    if let Some(seed) = &mut vjp.seed {
        of_operand(seed, visit);
    }
    for slot in &mut vjp.slots {
        if let SlotArg::Shadow(place) = slot {
            of_place(place, visit);
        }
    }
}

fn of_arg(arg: &mut Arg, visit: Visit<'_>) {
    match arg {
        Arg::Value(operand) => of_operand(operand, visit),
        Arg::Ref(place) | Arg::RefMut(place) | Arg::Receiver { place, .. } => {
            of_place(place, visit)
        }
    }
}

fn of_operand(operand: &mut Operand, visit: Visit<'_>) {
    if let Operand::Place(place) = operand {
        of_place(place, visit);
    } else {
        visit(Spot::Operand(operand));
    }
}

/// The indices in a place.
fn of_place(place: &mut Place, visit: Visit<'_>) {
    for projection in &mut place.path {
        match projection {
            Proj::Index(operand) => of_operand(operand, visit),
            Proj::Slice { lo, hi } => {
                for bound in [lo, hi].into_iter().flatten() {
                    of_operand(bound, visit);
                }
            }
            Proj::Field(_) | Proj::Deref | Proj::Payload(_) | Proj::Variant(_) => {}
        }
    }
}

/// The operands of an operation.
pub fn of_op(op: &mut Op, visit: Visit<'_>) {
    match op {
        Op::Use(operand) | Op::Neg(operand) | Op::Cast(operand, _) | Op::FromInt(operand) => {
            of_operand(operand, visit)
        }
        Op::Binary(_, left, right) | Op::Compare(_, left, right) => {
            of_operand(left, visit);
            of_operand(right, visit);
        }
        Op::Select {
            cond,
            then,
            otherwise,
        } => {
            for operand in [cond, then, otherwise] {
                of_operand(operand, visit);
            }
        }
        Op::Math { args, .. } | Op::UnknownMath { args, .. } | Op::Aggregate(_, args) => {
            of_operands(args, visit)
        }
        Op::Call(call) => call.args.iter_mut().for_each(|arg| of_arg(arg, visit)),
        Op::Opaque(opaque) => {
            opaque
                .captures
                .iter_mut()
                .for_each(|capture| of_operand(&mut capture.operand, visit));
        }
        Op::Pop(place)
        | Op::TakeLast(place)
        | Op::Zero(place)
        | Op::Keep(place)
        | Op::Borrow(place)
        | Op::Sum(place) => of_place(place, visit),
        Op::Replace(place, value) | Op::Push(place, value) => {
            of_operand(value, visit);
            of_place(place, visit);
        }
        Op::Take { shadow, primal } => {
            of_place(shadow, visit);
            of_place(primal, visit);
        }
        Op::Unwrap { shadow, primal } => {
            of_place(shadow, visit);
            of_operand(primal, visit);
        }
        Op::Record(vars) | Op::Inject { vars, .. } => of_vars(vars, visit),
        Op::NewStore(Capacity::Vec(Some(count), _)) => {
            of_operand(&mut count.start, visit);
            of_operand(&mut count.end, visit);
        }
        Op::NewStore(Capacity::Checkpoints(_, trips)) => of_operand(trips, visit),
        Op::NewStore(Capacity::Bounded(bound, trips, _)) => {
            if let Bound::Like(place) = bound {
                of_place(place, visit);
            }
            if let Some(count) = trips {
                of_operand(&mut count.start, visit);
                of_operand(&mut count.end, visit);
            }
        }
        Op::NewStore(_) | Op::Open { .. } | Op::Fresh | Op::Settle(_) => {}
    }
}
