//! What a statement is made of: the one place that knows where in the IR operands, places, variables and blocks stand.
//!
//! A layer at a time: the parts of a statement, of an operation, of an end, of a place. Walks to any depth are written
//! on top of these, in [`super::walk`] (every variable), [`super::uses`] (what is read and written) and where the
//! adjoint is rewritten. The same text serves shared and exclusive references.

use super::*;

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

impl Capture {
    /// What an opaque expression does with a captured place.
    fn access(&self, cost: Cost) -> Access {
        match self.by {
            By::RefMut if cost.runs_once() => Access::Mutate,
            // An expression may borrow what it names (`x.len()`): captured places are not moved.
            By::RefMut | By::Ref | By::Value => Access::Borrow,
        }
    }
}

macro_rules! parts {
    ($module:ident, $($mutability:ident)?) => {
        /// Parts by reference.
        pub mod $module {
            use super::*;

            /// Something of which a piece of the IR is made.
            #[derive(Debug)]
            pub enum Part<'a> {
                /// An operand, evaluated where the piece stands.
                Operand(&'a $($mutability)? Operand),
                /// An operand that an opaque expression names, and what is done with it if it is a place.
                Captured(&'a $($mutability)? Operand, Access),
                /// What a loop gives when its head is exhausted: evaluated in the scope of its body.
                Exhausted(&'a $($mutability)? Operand),
                /// Memory.
                Place(&'a $($mutability)? Place, Access),
                /// A `Fresh`, a record, a store or a slot as a whole.
                Handle(&'a $($mutability)? Var, Access),
                /// A variable that is moved into a record.
                Moved(&'a $($mutability)? Var),
                /// A definition, for what follows or for a block inside.
                Def(&'a $($mutability)? Var),
                /// A block inside.
                Block(&'a $($mutability)? Block),
            }

            /// Receives the parts, in the order in which they are evaluated.
            pub type Visit<'v, 'a> = &'v mut dyn FnMut(Part<'a>);

            /// The parts of a statement.
            pub fn of_stmt<'a>(stmt: &'a $($mutability)? Stmt, f: Visit<'_, 'a>) {
                match stmt {
                    Stmt::Let { var, op } => {
                        of_op(op, f);
                        f(Part::Def(var));
                    }
                    Stmt::Do(op) => of_op(op, f),
                    Stmt::Store { place, value } | Stmt::Add { place, value, .. } | Stmt::Compound { place, value, .. } => {
                        f(Part::Operand(value));
                        f(Part::Place(place, Access::Mutate));
                    }
                    Stmt::Switch { on, arms, joins } => {
                        of_selector(on, f);
                        blocks(arms, f);
                        defs(joins, f);
                    }
                    Stmt::Loop(the_loop) => of_loop(the_loop, f),
                    Stmt::Accumulate { place, value } => {
                        f(Part::Place(value, Access::Borrow));
                        f(Part::Place(place, Access::Mutate));
                    }
                    Stmt::AccumulateEach { place, values: value } | Stmt::Unpop { place, item: value } => {
                        f(Part::Place(value, Access::Read));
                        f(Part::Place(place, Access::Mutate));
                    }
                    Stmt::Vjp(vjp) => of_vjp(vjp, f),
                    Stmt::Push { store, values } => {
                        moved(values, f);
                        f(Part::Handle(store, Access::Mutate));
                    }
                    Stmt::Unpack { record, vars } => {
                        f(Part::Handle(record, Access::Read));
                        defs(vars, f);
                    }
                    Stmt::Replay { record, arms, joins } => {
                        f(Part::Handle(record, Access::Read));
                        for (vars, arm) in arms {
                            defs(vars, f);
                            f(Part::Block(arm));
                        }
                        defs(joins, f);
                    }
                }
            }

            /// The parts of a loop.
            pub fn of_loop<'a>(the_loop: &'a $($mutability)? Loop, f: Visit<'_, 'a>) {
                let Loop { head, carried, body, exhausted, results, .. } = the_loop;
                let (mut inits, mut vars) = (Vec::new(), Vec::new());
                for Carried { var, init } in carried {
                    inits.push(init);
                    vars.push(var);
                }
                operands(inits, f);
                of_head(head, f);
                defs(vars, f);
                f(Part::Block(body));
                for operand in exhausted {
                    f(Part::Exhausted(operand));
                }
                defs(results, f);
            }

            fn of_head<'a>(head: &'a $($mutability)? Head, f: Visit<'_, 'a>) {
                match head {
                    Head::Counted { index, start, end, step, .. } => {
                        operands([start, end].into_iter().chain(step), f);
                        f(Part::Def(index));
                    }
                    Head::Chunks { index, chunk, of, size, .. } => {
                        f(Part::Operand(size));
                        f(Part::Place(of, Access::Borrow));
                        defs([index, chunk], f);
                    }
                    Head::Refill { index, along, vector, length } => {
                        f(Part::Operand(length));
                        let mut items = vec![index];
                        for (item, of) in along {
                            f(Part::Place(of, Access::Borrow));
                            items.push(item);
                        }
                        f(Part::Place(vector, Access::Mutate));
                        defs(items, f);
                    }
                    Head::Records { store, vars, above } => {
                        operands(above, f);
                        f(Part::Handle(store, Access::Mutate));
                        defs(vars, f);
                    }
                    Head::Forever => {}
                }
            }

            fn of_vjp<'a>(vjp: &'a $($mutability)? Vjp, f: Visit<'_, 'a>) {
                let Vjp { result, args, seed, slots, .. } = vjp;
                for arg in args {
                    of_arg(arg, f);
                }
                operands(seed, f);
                for slot in slots {
                    match slot {
                        SlotArg::Inactive | SlotArg::Constant | SlotArg::Rule(_) => {}
                        SlotArg::Fresh(var) => f(Part::Handle(var, Access::Mutate)),
                        SlotArg::Shadow(place) => f(Part::Place(place, Access::Mutate)),
                    }
                }
                defs(result, f);
            }

            /// The parts of a block's end.
            pub fn of_end<'a>(end: &'a $($mutability)? End, f: Visit<'_, 'a>) {
                match end {
                    End::Yield(values) | End::Break(values) => operands(values, f),
                    End::Switch { on, arms } => {
                        of_selector(on, f);
                        blocks(arms, f);
                    }
                    End::Never(op) => of_op(op, f),
                }
            }

            /// The parts of an operation.
            pub fn of_op<'a>(op: &'a $($mutability)? Op, f: Visit<'_, 'a>) {
                match op {
                    Op::Use(x) | Op::Neg(x) | Op::Cast(x, _) | Op::FromInt(x) => operands([x], f),
                    Op::Binary(_, left, right) | Op::Compare(_, left, right) | Op::Attach { value: left, through: right } => {
                        operands([left, right], f);
                    }
                    Op::Select { cond, then, otherwise } => operands([cond, then, otherwise], f),
                    Op::Math { args, .. } | Op::UnknownMath { args, .. } | Op::Aggregate(_, args) => operands(args, f),
                    Op::Call(call) => {
                        for arg in & $($mutability)? call.args {
                            of_arg(arg, f);
                        }
                    }
                    Op::Opaque(opaque) => {
                        let cost = opaque.cost;
                        for capture in & $($mutability)? opaque.captures {
                            let access = capture.access(cost);
                            f(Part::Captured(& $($mutability)? capture.operand, access));
                        }
                    }
                    Op::Pop(place) | Op::TakeLast(place) => f(Part::Place(place, Access::Mutate)),
                    Op::Zero(place) | Op::Keep(place) | Op::Borrow(place) => f(Part::Place(place, Access::Borrow)),
                    Op::Sum(place) => f(Part::Place(place, Access::Read)),
                    Op::Dot(places) => {
                        for place in places {
                            f(Part::Place(place, Access::Read));
                        }
                    }
                    Op::Push(place, value) | Op::Replace(place, value) | Op::Unwrap { shadow: place, otherwise: value } => {
                        f(Part::Operand(value));
                        f(Part::Place(place, Access::Mutate));
                    }
                    Op::Take { shadow, primal } => {
                        f(Part::Place(primal, Access::Borrow));
                        f(Part::Place(shadow, Access::Mutate));
                    }
                    Op::Open { slot, primal, .. } => {
                        f(Part::Handle(primal, Access::Borrow));
                        f(Part::Handle(slot, Access::Mutate));
                    }
                    Op::Settle(var) => f(Part::Handle(var, Access::Read)),
                    Op::Record(vars) | Op::Inject { vars, .. } => moved(vars, f),
                    Op::NewStore(capacity) => of_capacity(capacity, f),
                    Op::Hold(place, value) | Op::First(place, value) => {
                        f(Part::Operand(value));
                        f(Part::Place(place, Access::Mutate));
                    }
                    Op::Held { place, otherwise } => {
                        of_op(otherwise, f);
                        f(Part::Place(place, Access::Mutate));
                    }
                    Op::Reserve(store, factors) => {
                        for trips in factors {
                            of_trips(trips, f);
                        }
                        f(Part::Handle(store, Access::Mutate));
                    }
                    Op::Append(store, place) => {
                        f(Part::Place(place, Access::Borrow));
                        f(Part::Handle(store, Access::Mutate));
                    }
                    Op::Restore(store, place) => {
                        f(Part::Handle(store, Access::Mutate));
                        f(Part::Place(place, Access::Mutate));
                    }
                    Op::Recall(store, at, place) => {
                        f(Part::Operand(at));
                        f(Part::Handle(store, Access::Borrow));
                        f(Part::Place(place, Access::Mutate));
                    }
                    Op::Clear(store) => f(Part::Handle(store, Access::Mutate)),
                    Op::Mark(store) => f(Part::Handle(store, Access::Borrow)),
                    Op::Fresh => {}
                }
            }

            fn of_capacity<'a>(capacity: &'a $($mutability)? Capacity, f: Visit<'_, 'a>) {
                match capacity {
                    Capacity::Vec(trips, _) => {
                        if let Some(trips) = trips {
                            of_trips(trips, f);
                        }
                    }
                    Capacity::Bounded(bound, trips, _) => {
                        if let Bound::Like(place) = bound {
                            f(Part::Place(place, Access::Borrow));
                        }
                        if let Some(trips) = trips {
                            of_trips(trips, f);
                        }
                    }
                    Capacity::Checkpoints(_, trips, _) => f(Part::Operand(trips)),
                    Capacity::Array { .. } | Capacity::Shared(_) => {}
                }
            }

            fn of_trips<'a>(trips: &'a $($mutability)? TripCount, f: Visit<'_, 'a>) {
                let TripCount { start, end, .. } = trips;
                operands([start, end], f);
            }

            fn of_selector<'a>(on: &'a $($mutability)? Selector, f: Visit<'_, 'a>) {
                let (Selector::Bool(operand) | Selector::Index(operand)) = on;
                f(Part::Operand(operand));
            }

            fn of_arg<'a>(arg: &'a $($mutability)? Arg, f: Visit<'_, 'a>) {
                match arg {
                    Arg::Closure(_) => {}
                    Arg::Value(operand) => f(Part::Operand(operand)),
                    Arg::Ref(place) | Arg::Function { place, .. } | Arg::Receiver { place, mutable: false } => f(Part::Place(place, Access::Borrow)),
                    Arg::RefMut(place) | Arg::Receiver { place, mutable: true } => f(Part::Place(place, Access::Mutate)),
                }
            }

            /// The operands in a place's path.
            pub fn of_path<'a>(place: &'a $($mutability)? Place, f: Visit<'_, 'a>) {
                for projection in & $($mutability)? place.path {
                    match projection {
                        Proj::Index(operand) => f(Part::Operand(operand)),
                        Proj::Slice { lo, hi } => {
                            operands(lo, f);
                            operands(hi, f);
                        }
                        Proj::Field(_) | Proj::Deref | Proj::Payload(_) | Proj::Variant(_) => {}
                    }
                }
            }

            fn operands<'a>(operands: impl IntoIterator<Item = &'a $($mutability)? Operand>, f: Visit<'_, 'a>) {
                operands.into_iter().for_each(|operand| f(Part::Operand(operand)));
            }

            fn moved<'a>(vars: impl IntoIterator<Item = &'a $($mutability)? Var>, f: Visit<'_, 'a>) {
                vars.into_iter().for_each(|var| f(Part::Moved(var)));
            }

            fn defs<'a>(vars: impl IntoIterator<Item = &'a $($mutability)? Var>, f: Visit<'_, 'a>) {
                vars.into_iter().for_each(|var| f(Part::Def(var)));
            }

            fn blocks<'a>(blocks: impl IntoIterator<Item = &'a $($mutability)? Block>, f: Visit<'_, 'a>) {
                blocks.into_iter().for_each(|block| f(Part::Block(block)));
            }
        }
    };
}

parts!(shared,);
parts!(exclusive, mut);
