//! Walks over the IR: every variable of a statement, and which places it writes.
//!
//! One pair of walkers, by shared and by exclusive reference, written once.

use super::*;

/// What a variable is doing where it stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Role {
    /// Defined here.
    Def,
    /// Read as a value, or moved.
    Use,
    /// Root of a place.
    Root,
}

macro_rules! walker {
    ($module:ident, $($mutability:ident)?) => {
        /// Visits every occurrence of a variable, nested blocks included, in the order in which they stand.
        pub mod $module {
            use super::super::*;
            use super::Role;

            type F<'a> = &'a mut dyn FnMut(& $($mutability)? Var, Role);

            pub fn block(block: & $($mutability)? Block, f: F) {
                for s in & $($mutability)? block.stmts {
                    stmt(s, f);
                }
                end(& $($mutability)? block.end, f);
            }

            pub fn end(end: & $($mutability)? End, f: F) {
                match end {
                    End::Yield(operands) | End::Break(operands) => {
                        for o in operands {
                            operand(o, f);
                        }
                    }
                    End::Switch { on, arms } => {
                        selector(on, f);
                        for arm in arms {
                            block(arm, f);
                        }
                    }
                    End::Never(o) => op(o, f),
                }
            }

            fn selector(on: & $($mutability)? Selector, f: F) {
                match on {
                    Selector::Bool(o) | Selector::Index(o) => operand(o, f),
                }
            }

            pub fn stmt(stmt: & $($mutability)? Stmt, f: F) {
                match stmt {
                    Stmt::Let { var, op: o } => {
                        op(o, f);
                        f(var, Role::Def);
                    }
                    Stmt::Store { place: p, value } | Stmt::Add { place: p, value, .. } | Stmt::Compound { place: p, value, .. } => {
                        operand(value, f);
                        place(p, f);
                    }
                    Stmt::Do(o) => op(o, f),
                    Stmt::Switch { on, arms, joins } => {
                        selector(on, f);
                        for arm in arms {
                            block(arm, f);
                        }
                        defs(joins, f);
                    }
                    Stmt::Loop(l) => looped(l, f),
                    Stmt::Accumulate { place: p, value } | Stmt::AccumulateEach { place: p, values: value } | Stmt::Unpop { place: p, item: value } => {
                        place(value, f);
                        place(p, f);
                    }
                    Stmt::Vjp(v) => vjp(v, f),
                    Stmt::Push { store, values } => {
                        for v in values {
                            f(v, Role::Use);
                        }
                        f(store, Role::Root);
                    }
                    Stmt::Unpack { record, vars } => {
                        f(record, Role::Use);
                        defs(vars, f);
                    }
                    Stmt::Replay { record, arms, joins } => {
                        f(record, Role::Use);
                        for (vars, arm) in arms {
                            defs(vars, f);
                            block(arm, f);
                        }
                        defs(joins, f);
                    }
                }
            }

            fn defs(vars: & $($mutability)? Vec<Var>, f: F) {
                for v in vars {
                    f(v, Role::Def);
                }
            }

            fn looped(l: & $($mutability)? Loop, f: F) {
                for c in & $($mutability)? l.carried {
                    operand(& $($mutability)? c.init, f);
                }
                match & $($mutability)? l.head {
                    Head::Counted { index, start, end, step, .. } => {
                        operand(start, f);
                        operand(end, f);
                        if let Some(step) = step {
                            operand(step, f);
                        }
                        f(index, Role::Def);
                    }
                    Head::Forever => {}
                    Head::Records { store, vars } => {
                        f(store, Role::Root);
                        defs(vars, f);
                    }
                }
                for c in & $($mutability)? l.carried {
                    f(& $($mutability)? c.var, Role::Def);
                }
                block(& $($mutability)? l.body, f);
                for o in & $($mutability)? l.exhausted {
                    operand(o, f);
                }
                defs(& $($mutability)? l.results, f);
            }

            fn vjp(v: & $($mutability)? Vjp, f: F) {
                for a in & $($mutability)? v.args {
                    arg(a, f);
                }
                if let Some(seed) = & $($mutability)? v.seed {
                    operand(seed, f);
                }
                for s in & $($mutability)? v.slots {
                    match s {
                        SlotArg::Inactive => {}
                        SlotArg::Fresh(var) => f(var, Role::Root),
                        SlotArg::Shadow(p) => place(p, f),
                    }
                }
                if let Some(result) = & $($mutability)? v.result {
                    f(result, Role::Def);
                }
            }

            pub fn place(place: & $($mutability)? Place, f: F) {
                for proj in & $($mutability)? place.path {
                    match proj {
                        Proj::Index(o) => operand(o, f),
                        Proj::Slice { lo, hi } => {
                            if let Some(o) = lo {
                                operand(o, f);
                            }
                            if let Some(o) = hi {
                                operand(o, f);
                            }
                        }
                        Proj::Field(_) | Proj::Deref | Proj::Payload(_) | Proj::Variant(_) => {}
                    }
                }
                f(& $($mutability)? place.root, Role::Root);
            }

            pub fn operand(operand: & $($mutability)? Operand, f: F) {
                match operand {
                    Operand::Var(v) => f(v, Role::Use),
                    Operand::Place(p) => place(p, f),
                    Operand::Literal(_) => {}
                }
            }

            pub fn arg(arg: & $($mutability)? Arg, f: F) {
                match arg {
                    Arg::Value(o) => operand(o, f),
                    Arg::Ref(p) | Arg::RefMut(p) | Arg::Receiver { place: p, .. } => place(p, f),
                }
            }

            pub fn op(op: & $($mutability)? Op, f: F) {
                match op {
                    Op::Use(o) | Op::Neg(o) | Op::Cast(o, _) | Op::FromInt(o) => operand(o, f),
                    Op::Binary(_, a, b) | Op::Compare(_, a, b) => {
                        operand(a, f);
                        operand(b, f);
                    }
                    Op::Select { cond, then, otherwise } => {
                        operand(cond, f);
                        operand(then, f);
                        operand(otherwise, f);
                    }
                    Op::Math { args, .. } | Op::UnknownMath { args, .. } | Op::Aggregate(_, args) => {
                        for a in args {
                            operand(a, f);
                        }
                    }
                    Op::Call(call) => {
                        for a in & $($mutability)? call.args {
                            arg(a, f);
                        }
                    }
                    Op::Opaque(opaque) => {
                        for c in & $($mutability)? opaque.captures {
                            operand(& $($mutability)? c.operand, f);
                        }
                    }
                    Op::Pop(p) | Op::Zero(p) | Op::Keep(p) | Op::Borrow(p) | Op::Sum(p) | Op::TakeLast(p) => place(p, f),
                    Op::Replace(p, o) | Op::Push(p, o) => {
                        operand(o, f);
                        place(p, f);
                    }
                    Op::Take { shadow, primal } => {
                        place(shadow, f);
                        place(primal, f);
                    }
                    Op::Unwrap { shadow, primal } => {
                        place(shadow, f);
                        operand(primal, f);
                    }
                    Op::Open { slot, primal } => {
                        f(slot, Role::Root);
                        f(primal, Role::Root);
                    }
                    Op::Settle(v) => f(v, Role::Use),
                    Op::Record(vars) | Op::Inject { vars, .. } => {
                        for v in vars {
                            f(v, Role::Use);
                        }
                    }
                    Op::NewStore(Capacity::Vec(Some(trips), _)) => {
                        operand(& $($mutability)? trips.start, f);
                        operand(& $($mutability)? trips.end, f);
                    }
                    Op::NewStore(Capacity::Bounded(bound, trips, _)) => {
                        if let Bound::Like(p) = bound {
                            place(p, f);
                        }
                        if let Some(trips) = trips {
                            operand(& $($mutability)? trips.start, f);
                            operand(& $($mutability)? trips.end, f);
                        }
                    }
                    Op::NewStore(Capacity::Checkpoints(_, trips)) => operand(trips, f),
                    Op::NewStore(_) | Op::Fresh => {}
                }
            }
        }
    };
}

walker!(vars,);
walker!(vars_mut, mut);

/// The places that a statement itself writes or may write, without those of nested blocks.
pub fn writes(stmt: &Stmt, f: &mut dyn FnMut(&Place)) {
    match stmt {
        Stmt::Store { place, .. } | Stmt::Add { place, .. } | Stmt::Compound { place, .. } => {
            f(place)
        }
        Stmt::Let { op, .. } | Stmt::Do(op) => op_writes(op, f),
        _ => {}
    }
}

/// The places that an operation writes.
pub fn op_writes(op: &Op, f: &mut dyn FnMut(&Place)) {
    match op {
        Op::Call(call) => call.args.iter().for_each(|a| match a {
            Arg::RefMut(p)
            | Arg::Receiver {
                place: p,
                mutable: true,
            } => f(p),
            _ => {}
        }),
        Op::Opaque(o) => o.captures.iter().for_each(|c| match &c.operand {
            Operand::Place(p) if c.by == By::RefMut => f(p),
            _ => {}
        }),
        Op::Pop(p) | Op::Push(p, _) | Op::Replace(p, _) | Op::TakeLast(p) => f(p),
        _ => {}
    }
}

/// The blocks directly inside a statement.
pub fn blocks(stmt: &Stmt) -> Vec<&Block> {
    match stmt {
        Stmt::Switch { arms, .. } => arms.iter().collect(),
        Stmt::Loop(l) => vec![&l.body],
        Stmt::Replay { arms, .. } => arms.iter().map(|(_, b)| b).collect(),
        _ => Vec::new(),
    }
}
