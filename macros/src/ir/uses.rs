//! What a statement reads, writes and defines, without the blocks inside it.

use super::{
    Arg, Block, Bound, By, Capacity, Capture, Carried, Cost, End, Head, Loop, Op, Operand, Place,
    Proj, Selector, SlotArg, Stmt, Var, Vjp,
};

/// One use of a variable.
#[derive(Clone, Copy, Debug)]
pub enum Use<'a> {
    /// A variable named as an operand.
    Var(Var),
    /// A variable that an opaque expression names, once or more.
    Captured(Var),
    /// Memory.
    Place(&'a Place, Access),
    /// A `Fresh`, a record, a store or a slot as a whole.
    Handle(Var, Access),
}

/// What is done with memory.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Access {
    /// Read by value: copied or moved.
    Read,
    /// Lent as `&`.
    Borrow,
    /// Changed, or lent as `&mut`.
    Mutate,
}

/// Receives the uses of a statement.
pub type Sink<'s, 'a> = &'s mut dyn FnMut(Use<'a>);

impl<'a> Use<'a> {
    /// The variable that is used: the root, of a place.
    pub fn var(self) -> Var {
        match self {
            Use::Var(var) | Use::Captured(var) | Use::Handle(var, _) => var,
            Use::Place(place, _) => place.root,
        }
    }

    /// Whether the use may change what the variable holds.
    pub fn mutates(self) -> bool {
        matches!(
            self,
            Use::Place(_, Access::Mutate) | Use::Handle(_, Access::Mutate)
        )
    }
}

/// Uses of a statement itself. What its blocks use is not among them, nor what it defines; the heads of loops, their
/// initial values and the results over the carried values are.
pub fn of_stmt<'a>(stmt: &'a Stmt, sink: Sink<'_, 'a>) {
    match stmt {
        Stmt::Let { op, .. } | Stmt::Do(op) => of_op(op, sink),
        Stmt::Store { place, value }
        | Stmt::Add { place, value, .. }
        | Stmt::Compound { place, value, .. } => {
            of_operand(value, sink);
            of_place(place, Access::Mutate, sink);
        }
        Stmt::Switch { on, .. } => of_selector(on, sink),
        Stmt::Loop(the_loop) => {
            of_head(the_loop, sink);
            the_loop
                .exhausted
                .iter()
                .for_each(|operand| of_operand(operand, sink));
        }
        Stmt::AccumulateEach { place, values } => {
            of_place(values, Access::Read, sink);
            of_place(place, Access::Mutate, sink);
        }
        Stmt::Unpop { place, item } => {
            of_place(item, Access::Read, sink);
            of_place(place, Access::Mutate, sink);
        }
        Stmt::Accumulate { place, value } => {
            of_place(value, Access::Borrow, sink);
            of_place(place, Access::Mutate, sink);
        }
        Stmt::Vjp(vjp) => of_vjp(vjp, sink),
        Stmt::Push { store, values } => {
            values.iter().for_each(|&var| sink(Use::Var(var)));
            sink(Use::Handle(*store, Access::Mutate));
        }
        Stmt::Unpack { record, .. } | Stmt::Replay { record, .. } => {
            sink(Use::Handle(*record, Access::Read))
        }
    }
}

/// Uses of a loop on entry: the initial values and the head.
pub fn of_head<'a>(the_loop: &'a Loop, sink: Sink<'_, 'a>) {
    for Carried { init, .. } in &the_loop.carried {
        of_operand(init, sink);
    }
    match &the_loop.head {
        Head::Counted {
            start, end, step, ..
        } => {
            [start, end]
                .into_iter()
                .chain(step)
                .for_each(|operand| of_operand(operand, sink));
        }
        Head::Records { store, .. } => sink(Use::Handle(*store, Access::Mutate)),
        Head::Forever => {}
    }
}

fn of_vjp<'a>(vjp: &'a Vjp, sink: Sink<'_, 'a>) {
    vjp.args.iter().for_each(|arg| of_arg(arg, sink));
    vjp.seed.iter().for_each(|seed| of_operand(seed, sink));
    for slot in &vjp.slots {
        match slot {
            SlotArg::Inactive => {}
            SlotArg::Fresh(var) => sink(Use::Handle(*var, Access::Mutate)),
            SlotArg::Shadow(place) => of_place(place, Access::Mutate, sink),
        }
    }
}

/// Uses of the end itself, without those of its arms.
pub fn of_end<'a>(end: &'a End, sink: Sink<'_, 'a>) {
    match end {
        End::Yield(operands) | End::Break(operands) => operands
            .iter()
            .for_each(|operand| of_operand(operand, sink)),
        End::Switch { on, .. } => of_selector(on, sink),
        End::Never(op) => of_op(op, sink),
    }
}

/// Uses of an operation.
pub fn of_op<'a>(op: &'a Op, sink: Sink<'_, 'a>) {
    match op {
        Op::Use(operand) | Op::Neg(operand) | Op::Cast(operand, _) => of_operand(operand, sink),
        Op::Binary(_, left, right) | Op::Compare(_, left, right) => [left, right]
            .into_iter()
            .for_each(|operand| of_operand(operand, sink)),
        Op::Math { args, .. } | Op::UnknownMath { args, .. } | Op::Aggregate(_, args) => {
            args.iter().for_each(|operand| of_operand(operand, sink));
        }
        Op::Call(call) => call.args.iter().for_each(|arg| of_arg(arg, sink)),
        Op::Pop(place) | Op::TakeLast(place) => of_place(place, Access::Mutate, sink),
        Op::Push(place, value) => {
            of_operand(value, sink);
            of_place(place, Access::Mutate, sink);
        }
        Op::Opaque(opaque) => opaque
            .captures
            .iter()
            .for_each(|capture| of_capture(capture, opaque.cost, sink)),
        Op::Zero(place) | Op::Keep(place) | Op::Borrow(place) => {
            of_place(place, Access::Borrow, sink)
        }
        Op::Replace(place, value) => {
            of_operand(value, sink);
            of_place(place, Access::Mutate, sink);
        }
        Op::Select {
            cond,
            then,
            otherwise,
        } => {
            for operand in [cond, then, otherwise] {
                of_operand(operand, sink);
            }
        }
        Op::Unwrap { shadow, primal } => {
            of_operand(primal, sink);
            of_place(shadow, Access::Mutate, sink);
        }
        Op::Sum(place) => of_place(place, Access::Read, sink),
        Op::FromInt(n) => of_operand(n, sink),
        Op::Take { shadow, primal } => {
            of_place(primal, Access::Borrow, sink);
            of_place(shadow, Access::Mutate, sink);
        }
        Op::Open { slot, primal } => {
            sink(Use::Handle(*primal, Access::Borrow));
            sink(Use::Handle(*slot, Access::Mutate));
        }
        Op::Fresh => {}
        Op::Settle(var) => sink(Use::Handle(*var, Access::Read)),
        Op::Record(vars) | Op::Inject { vars, .. } => {
            vars.iter().for_each(|&var| sink(Use::Var(var)))
        }
        Op::NewStore(capacity) => of_capacity(capacity, sink),
    }
}

fn of_capture<'a>(capture: &'a Capture, cost: Cost, sink: Sink<'_, 'a>) {
    let access = match capture.by {
        By::RefMut if cost == Cost::Once => Access::Mutate,
        // An expression may borrow what it names (`x.len()`): captured places are not moved.
        By::RefMut | By::Ref | By::Value => Access::Borrow,
    };
    match &capture.operand {
        Operand::Place(place) => of_place(place, access, sink),
        Operand::Var(var) => sink(Use::Captured(*var)),
        Operand::Literal(_) => {}
    }
}

fn of_capacity<'a>(capacity: &'a Capacity, sink: Sink<'_, 'a>) {
    match capacity {
        Capacity::Vec(Some(count), _) => {
            of_operand(&count.start, sink);
            of_operand(&count.end, sink);
        }
        Capacity::Checkpoints(_, trips) => of_operand(trips, sink),
        Capacity::Bounded(bound, trips, _) => {
            if let Bound::Like(place) = bound {
                of_place(place, Access::Borrow, sink);
            }
            if let Some(trips) = trips {
                of_operand(&trips.start, sink);
                of_operand(&trips.end, sink);
            }
        }
        Capacity::Array(..) | Capacity::Vec(None, _) => {}
    }
}

fn of_selector<'a>(on: &'a Selector, sink: Sink<'_, 'a>) {
    let (Selector::Bool(operand) | Selector::Index(operand)) = on;
    of_operand(operand, sink);
}

fn of_arg<'a>(arg: &'a Arg, sink: Sink<'_, 'a>) {
    match arg {
        Arg::Value(operand) => of_operand(operand, sink),
        Arg::Ref(place)
        | Arg::Receiver {
            place,
            mutable: false,
        } => of_place(place, Access::Borrow, sink),
        Arg::RefMut(place)
        | Arg::Receiver {
            place,
            mutable: true,
        } => of_place(place, Access::Mutate, sink),
    }
}

/// Uses of an operand.
pub fn of_operand<'a>(operand: &'a Operand, sink: Sink<'_, 'a>) {
    match operand {
        Operand::Var(var) => sink(Use::Var(*var)),
        Operand::Place(place) => of_place(place, Access::Read, sink),
        Operand::Literal(_) => {}
    }
}

/// Uses of a place: its indices, then its root.
pub fn of_place<'a>(place: &'a Place, access: Access, sink: Sink<'_, 'a>) {
    for projection in &place.path {
        match projection {
            Proj::Index(operand) => of_operand(operand, sink),
            Proj::Slice { lo, hi } => lo
                .iter()
                .chain(hi)
                .for_each(|operand| of_operand(operand, sink)),
            Proj::Field(_) | Proj::Deref | Proj::Payload(_) | Proj::Variant(_) => {}
        }
    }
    sink(Use::Place(place, access));
}

/// What a statement defines for the statements after it in its block.
pub fn defined(stmt: &Stmt) -> &[Var] {
    match stmt {
        Stmt::Let { var, .. } => std::slice::from_ref(var),
        Stmt::Switch { joins, .. } | Stmt::Replay { joins, .. } => joins,
        Stmt::Loop(the_loop) => &the_loop.results,
        Stmt::Vjp(vjp) => vjp.result.as_slice(),
        Stmt::Unpack { vars, .. } => vars,
        Stmt::Store { .. }
        | Stmt::Add { .. }
        | Stmt::Compound { .. }
        | Stmt::Do(_)
        | Stmt::Accumulate { .. }
        | Stmt::Unpop { .. }
        | Stmt::AccumulateEach { .. }
        | Stmt::Push { .. } => &[],
    }
}

/// What a loop defines for its own body.
pub fn defined_in_body(the_loop: &Loop) -> Vec<Var> {
    let mut vars: Vec<Var> = the_loop.carried.iter().map(|carried| carried.var).collect();
    match &the_loop.head {
        Head::Counted { index, .. } => vars.push(*index),
        Head::Records { vars: popped, .. } => vars.extend(popped),
        Head::Forever => {}
    }
    vars
}

/// The blocks inside a statement.
pub fn blocks(stmt: &Stmt) -> Vec<&Block> {
    match stmt {
        Stmt::Switch { arms, .. } => arms.iter().collect(),
        Stmt::Replay { arms, .. } => arms.iter().map(|(_, block)| block).collect(),
        Stmt::Loop(the_loop) => vec![&the_loop.body],
        _ => Vec::new(),
    }
}

/// The arms of a tail switch.
pub fn end_blocks(end: &End) -> &[Block] {
    match end {
        End::Switch { arms, .. } => arms,
        _ => &[],
    }
}

/// Every use in a block and in the blocks inside it.
pub fn of_block<'a>(block: &'a Block, sink: Sink<'_, 'a>) {
    for stmt in &block.stmts {
        of_stmt(stmt, sink);
        for inner in blocks(stmt) {
            of_block(inner, sink);
        }
    }
    of_end(&block.end, sink);
    for arm in end_blocks(&block.end) {
        of_block(arm, sink);
    }
}
