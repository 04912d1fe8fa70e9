//! Checks that a function keeps the rules of the IR.
//!
//! * Each variable is defined once, before it is used, in the same block or in one around it.
//! * Blocks yield as many operands as their owner takes: joins, carried values, the result.
//! * `break` stands in loops only, in tail position, and carries the loop's results.
//! * Places are rooted in memory.
//! * A primal has no forms of adjoints.

use super::uses::{self, Use};
use super::{Block, Class, End, Function, Head, Loop, Op, Selector, Stmt, Var};

/// Faults of a primal function, as sentences; none if it is well formed.
pub fn primal(function: &Function) -> Vec<String> {
    check(function, &[], true)
}

/// Faults of an adjoint function. `given` are the variables that its signature defines besides the primal's
/// parameters: the seed and the slots.
pub fn adjoint(function: &Function, given: &[Var]) -> Vec<String> {
    check(function, given, false)
}

fn check(function: &Function, given: &[Var], primal: bool) -> Vec<String> {
    let mut verifier = Verifier {
        function,
        state: vec![State::Unseen; function.vars.len()],
        faults: Vec::new(),
        primal,
    };
    for var in function
        .params
        .iter()
        .map(|param| param.var)
        .chain(given.iter().copied())
    {
        verifier.define(var);
    }
    let owner = Owner {
        yields: usize::from(function.result.is_some()),
        breaks: None,
    };
    verifier.block(&function.body, owner);
    verifier.faults
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    Unseen,
    InScope,
    /// Defined in a block that is over.
    Gone,
}

/// What may end a block: how many operands it yields, and how many leave the loop around it.
#[derive(Clone, Copy)]
struct Owner {
    yields: usize,
    breaks: Option<usize>,
}

struct Verifier<'f> {
    function: &'f Function,
    state: Vec<State>,
    faults: Vec<String>,
    primal: bool,
}

impl Verifier<'_> {
    fn name(&self, var: Var) -> String {
        match self.function.vars.get(var.0) {
            Some(info) => format!("`{}` (v{})", info.name, var.0),
            None => format!("v{}", var.0),
        }
    }

    fn fault(&mut self, text: String) {
        self.faults.push(text);
    }

    fn expect(&mut self, holds: bool, text: impl FnOnce() -> String) {
        if !holds {
            self.fault(text());
        }
    }

    fn define(&mut self, var: Var) {
        let name = self.name(var);
        match self.state.get_mut(var.0) {
            None => self.fault(format!("{name} does not exist")),
            Some(state @ State::Unseen) => *state = State::InScope,
            Some(_) => self.fault(format!("{name} is defined twice")),
        }
        let adjoint_only = !matches!(
            self.class(var),
            Class::Value | Class::Root | Class::Ref | Class::RefMut
        );
        self.expect(!(self.primal && adjoint_only), || {
            format!("{name} has a class of adjoints")
        });
    }

    fn class(&self, var: Var) -> Class {
        self.function
            .vars
            .get(var.0)
            .map_or(Class::Value, |info| info.class)
    }

    /// Checks a block and forgets what it defined.
    fn block(&mut self, block: &Block, owner: Owner) {
        let mut local = Vec::new();
        for stmt in &block.stmts {
            self.stmt(stmt);
            for &var in uses::defined(stmt) {
                self.define(var);
                local.push(var);
            }
        }
        self.end(&block.end, owner);
        self.forget(&local);
    }

    fn forget(&mut self, vars: &[Var]) {
        for var in vars {
            if let Some(state) = self.state.get_mut(var.0) {
                *state = State::Gone;
            }
        }
    }

    fn stmt(&mut self, stmt: &Stmt) {
        match stmt {
            Stmt::Loop(the_loop) => return self.the_loop(the_loop),
            Stmt::Let { op, .. } | Stmt::Do(op) => self.primal_op(op),
            Stmt::Accumulate { .. }
            | Stmt::Unpop { .. }
            | Stmt::AccumulateEach { .. }
            | Stmt::Vjp(_)
            | Stmt::Push { .. }
            | Stmt::Unpack { .. }
            | Stmt::Replay { .. } => {
                self.expect(!self.primal, || {
                    "a statement of adjoints in a primal".to_string()
                });
            }
            _ => {}
        }
        self.used(|sink| uses::of_stmt(stmt, sink));
        self.arms(stmt);
    }

    fn arms(&mut self, stmt: &Stmt) {
        match stmt {
            Stmt::Switch { on, arms, joins } => {
                self.count_arms(on, arms);
                // A `break` under a statement would leave more than its own block.
                arms.iter().for_each(|arm| {
                    self.block(
                        arm,
                        Owner {
                            yields: joins.len(),
                            breaks: None,
                        },
                    )
                });
            }
            Stmt::Replay { arms, joins, .. } => {
                for (vars, arm) in arms {
                    vars.iter().for_each(|&var| self.define(var));
                    self.block(
                        arm,
                        Owner {
                            yields: joins.len(),
                            breaks: None,
                        },
                    );
                    self.forget(vars);
                }
            }
            _ => {}
        }
    }

    fn count_arms(&mut self, on: &Selector, arms: &[Block]) {
        let right = match on {
            Selector::Bool(_) => arms.len() == 2,
            Selector::Index(_) => !arms.is_empty(),
        };
        self.expect(right, || format!("a switch with {} arms", arms.len()));
    }

    fn the_loop(&mut self, the_loop: &Loop) {
        let results = the_loop.results.len();
        let exhausts = !matches!(the_loop.head, Head::Forever);
        let wanted = if exhausts { results } else { 0 };
        let found = the_loop.exhausted.len();
        self.expect(found == wanted, || {
            format!(
                "`{}` has {found} results when exhausted, not {wanted}",
                the_loop.name
            )
        });
        let later = matches!(
            the_loop.head,
            Head::Records { .. } | Head::Chunks { .. } | Head::Refill { .. }
        );
        self.expect(!(self.primal && later), || {
            "a loop over records or chunks, or a refill, in a primal".to_string()
        });
        self.used(|sink| uses::of_head(the_loop, sink));
        let inside = uses::defined_in_body(the_loop);
        inside.iter().for_each(|&var| self.define(var));
        self.used(|sink| {
            the_loop
                .exhausted
                .iter()
                .for_each(|operand| uses::of_operand(operand, sink))
        });
        self.block(
            &the_loop.body,
            Owner {
                yields: match the_loop.head {
                    Head::Refill { .. } => 1,
                    _ => the_loop.carried.len(),
                },
                breaks: Some(results),
            },
        );
        self.forget(&inside);
    }

    fn end(&mut self, end: &End, owner: Owner) {
        self.used(|sink| uses::of_end(end, sink));
        match end {
            End::Yield(operands) => self.expect(operands.len() == owner.yields, || {
                format!(
                    "a block yields {} operands, not {}",
                    operands.len(),
                    owner.yields
                )
            }),
            End::Break(operands) => match owner.breaks {
                None => {
                    self.fault("a break that is not in tail position of a loop's body".to_string())
                }
                Some(results) => self.expect(operands.len() == results, || {
                    format!("a break with {} results, not {results}", operands.len())
                }),
            },
            End::Switch { on, arms } => {
                self.count_arms(on, arms);
                arms.iter().for_each(|arm| self.block(arm, owner));
            }
            End::Never(op) => self.primal_op(op),
        }
    }

    fn primal_op(&mut self, op: &Op) {
        let adjoint_only = matches!(
            op,
            Op::Zero(_)
                | Op::Replace(..)
                | Op::Take { .. }
                | Op::Unwrap { .. }
                | Op::Open { .. }
                | Op::Fresh
                | Op::Settle(_)
                | Op::Record(_)
                | Op::Inject { .. }
                | Op::NewStore(_)
                | Op::Hold(..)
                | Op::Held { .. }
                | Op::First(..)
                | Op::Reserve(..)
                | Op::Mark(_)
                | Op::Append(..)
                | Op::Restore(..)
                | Op::Recall(..)
                | Op::Clear(_)
        );
        self.expect(!(self.primal && adjoint_only), || {
            "an operation of adjoints in a primal".to_string()
        });
    }

    fn used<'a>(&mut self, walk: impl FnOnce(uses::Sink<'_, 'a>)) {
        walk(&mut |used| self.one_use(used));
    }

    fn one_use(&mut self, used: Use<'_>) {
        let var = used.var();
        let state = self.state.get(var.0).copied().unwrap_or(State::Unseen);
        let name = self.name(var);
        match state {
            State::InScope => {}
            State::Unseen => self.fault(format!("{name} is used before it is defined")),
            State::Gone => self.fault(format!("{name} is used outside its block")),
        }
        let memory = self.class(var).is_memory();
        let rooted = !matches!(used, Use::Place(..)) || memory;
        self.expect(rooted, || {
            format!("{name} is the root of a place but not memory")
        });
    }
}
