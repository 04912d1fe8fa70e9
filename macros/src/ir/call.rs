//! Calls, their reverses, and expressions that are printed as they were written.

use proc_macro2::{Ident, Span, TokenStream};
use syn::{Expr, ExprPath, ReturnType, Type};

use super::{BinOp, Function, Operand, Place, Var};

#[derive(Clone, Debug)]
pub struct Call {
    pub callee: Callee,
    /// For a method, the receiver first; then what closures among the arguments capture.
    pub args: Vec<Arg>,
    /// How many of the last arguments are captures.
    pub captured: usize,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub enum Callee {
    Path(ExprPath),
    /// The same as a statement, of a function whose signature is not seen: a result that it may have is dropped.
    Dropped(ExprPath),
    Method {
        name: Ident,
        turbofish: Option<TokenStream>,
        /// As a statement, of a method whose signature is not seen: a result that it may have is dropped.
        dropped: bool,
    },
    /// A function that the function is handed, the first argument.
    Handed,
    /// An operator on operands of which some are references, of kinds that are not known.
    Operator(Operator),
}

/// An operator as a function of its arguments.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Operator {
    Neg,
    Binary(BinOp),
    /// `place op= rhs`; the first argument is `RefMut`.
    Compound(BinOp),
}

#[derive(Clone, Debug)]
pub enum Arg {
    Value(Operand),
    Ref(Place),
    RefMut(Place),
    /// A function that the function is handed, as it is handed on.
    Function {
        place: Place,
        on: HandedOn,
    },
    /// `|x| k * x`; what it captures is among the last arguments.
    Closure(Box<Lambda>),
    /// The receiver of a method, borrowed as the method likes; `mutable` if the method may change it.
    Receiver {
        place: Place,
        mutable: bool,
    },
}

/// A closure that is handed to a function: a function of what it captures, and of its own arguments.
#[derive(Clone, Debug)]
pub struct Lambda {
    /// The types of its own arguments, where the user wrote them, and of its result.
    pub inputs: Vec<Option<Type>>,
    pub output: ReturnType,
    pub by: HandedOn,
    pub primal: Function,
    /// Its value alone.
    pub value: Function,
    /// What it captures, until the call has all its arguments.
    pub captures: Vec<Arg>,
    /// Where its captures begin among the arguments of the call, and how many there are.
    pub captured: (usize, usize),
}

impl Lambda {
    /// Its own captures among those of its call, which has so many arguments that are written.
    pub fn among(&self, written: usize) -> std::ops::Range<usize> {
        let first = self.captured.0 - written;
        first..first + self.captured.1
    }
}

/// The rule of a closure: the parameters are those of the closure, then the cotangent of the result, then the slots.
#[derive(Clone, Debug)]
pub struct Rule {
    pub function: Function,
    pub d_out: Option<Var>,
    pub slots: Vec<Option<Var>>,
}

/// How a function is handed on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum HandedOn {
    /// `f`
    Value,
    /// `&f`
    Ref,
    /// `&mut f`
    RefMut,
    /// `&mut *f`
    Again,
}

impl Arg {
    /// Whether a rule stands in the place of its slot.
    pub fn has_rule(&self) -> bool {
        matches!(self, Arg::Function { .. } | Arg::Closure(_))
    }

    /// Whether the call may change what it is given.
    pub fn is_written(&self) -> bool {
        matches!(self, Arg::RefMut(_) | Arg::Receiver { mutable: true, .. })
    }
}

/// An inert expression printed as it was written, its local variables replaced.
#[derive(Clone, Debug)]
pub struct Opaque {
    pub expr: Expr,
    pub captures: Vec<Capture>,
    pub cost: Cost,
    /// Whether `expr` is a statement macro or another expression of type `()`, to be printed with a semicolon.
    pub effect: bool,
}

/// A user's variable inside an opaque expression.
#[derive(Clone, Debug)]
pub struct Capture {
    pub name: Ident,
    pub operand: Operand,
    pub by: By,
}

/// What the user's variable is, seen from its place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum By {
    Value,
    Ref,
    RefMut,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Cost {
    /// May be evaluated again in the reverse sweep: arithmetic, comparisons, `len`.
    Cheap,
    /// Has effects or may be long: evaluated once.
    Once,
    /// Calls a function that is not known by name: evaluated once, and nothing active may go into it.
    Given,
}

impl Cost {
    /// Whether it must not be evaluated again.
    pub fn runs_once(self) -> bool {
        self != Cost::Cheap
    }
}

/// The reverse of something whose rule the compiler finds: runs it again, and adds to the slots.
#[derive(Clone, Debug)]
pub struct Vjp {
    /// Receives the primal result, where it is wanted (called in place of the primal).
    pub result: Option<Var>,
    /// The type of a result that is not wanted, as the user wrote it: the cotangent alone need not tell it.
    pub ty: Option<Type>,
    pub of: VjpOf,
    pub args: Vec<Arg>,
    /// How many of the last arguments are what closures capture.
    pub captured: usize,
    /// The cotangent of the result: a value, a shadow (moved), `None` if there is no result.
    pub seed: Option<Operand>,
    /// One per argument.
    pub slots: Vec<SlotArg>,
    pub span: Span,
}

impl Call {
    /// A call with these arguments, and with what the closures among them capture.
    pub fn new(callee: Callee, mut args: Vec<Arg>, span: Span) -> Call {
        let mut captures = Vec::new();
        let written = args.len();
        for arg in &mut args {
            if let Arg::Closure(lambda) = arg {
                lambda.captured = (written + captures.len(), lambda.captures.len());
                captures.append(&mut lambda.captures);
            }
        }
        let captured = captures.len();
        args.extend(captures);
        Call {
            callee,
            args,
            captured,
            span,
        }
    }
}

impl Vjp {
    /// The rules of the closures that are handed over.
    pub fn rules(&self) -> impl Iterator<Item = &Rule> {
        self.slots.iter().filter_map(|slot| match slot {
            SlotArg::Rule(rule) => Some(&**rule),
            _ => None,
        })
    }

    /// Whether it runs the call on memory of the primal that the call changes.
    pub fn changes_primal(&self) -> bool {
        self.args.iter().any(Arg::is_written)
    }
}

#[allow(clippy::large_enum_variant, reason = "one per reversed call")]
#[derive(Clone, Debug)]
pub enum VjpOf {
    Call(Callee),
    /// A method that has its adjoint alone, from what it left in its buffer.
    Pullback(Callee),
    Binary(BinOp),
    /// `place op= rhs`; the first argument is `RefMut`, the first slot in-out.
    Compound(BinOp),
    Neg,
    /// A method of the table on a receiver of unknown kind.
    Math(Ident),
    Cast(Type),
}

impl VjpOf {
    /// The rule of what is called.
    pub fn of(callee: &Callee) -> Self {
        match callee {
            Callee::Operator(Operator::Neg) => VjpOf::Neg,
            Callee::Operator(Operator::Binary(op)) => VjpOf::Binary(*op),
            Callee::Operator(Operator::Compound(op)) => VjpOf::Compound(*op),
            callee => VjpOf::Call(callee.clone()),
        }
    }
}

/// Where the cotangent of an argument goes.
#[derive(Clone, Debug)]
pub enum SlotArg {
    Inactive,
    /// Stands for a constant that the call may write: a callee for which it is active must not be given it in silence.
    Constant,
    /// `&mut fresh`
    Fresh(Var),
    /// The rule of a closure.
    Rule(Box<Rule>),
    /// A place in a shadow, a slot or a lent cotangent. Places of one call never overlap.
    Shadow(Place),
}
