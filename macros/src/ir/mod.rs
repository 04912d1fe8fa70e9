//! The intermediate representation: the whole language in one file.
//!
//! ```text
//! function  ::= params vars block                  the block yields the result (or nothing)
//! block     ::= stmt* end
//! end       ::= yield operand*                     to the construct that owns the block
//!             | break operand*                     results of the innermost loop
//!             | switch selector { block* }         in tail position: every arm ends by itself
//!             | never op                           diverges (panics)
//! stmt      ::= let var = op                       a value or a memory root, assigned once
//!             | store place operand                overwrites
//!             | add place operand                  place += operand (or -=)
//!             | compound place op operand          `place op= operand` of a kind that is not known
//!             | do op                              for its effect
//!             | switch selector { block* } -> var* arms yield the joins
//!             | loop head carried* { block } -> var*
//!             | (adjoint only) accumulate, vjp, push, unpack, replay
//! place     ::= root projection*                   root.field[index][lo..hi]…
//! operand   ::= value | place (read by value) | literal
//! ```
//!
//! *Values* are scalars in single assignment: floats, and inert things (integers, conditions, ranges, text). *Roots*
//! are memory: aggregates, anything of unknown kind, parameters behind references. Every float that is read from memory
//! is loaded into a value first. Exits are structured: `return`, `?`, `continue` and `break` out of the middle of a
//! block have become tail switches, and a `return` out of a loop is a `break` whose results say so.
//!
//! References stored in local variables do not exist here: lowering resolves `let r = &mut a[i]` to the place `a[i]`.
//!
//! The adjoint is written in the same language. There each root that takes part has a *shadow*: a place with the same
//! projections that holds its cotangent.

pub mod build;
pub mod constants;
pub mod parts;
pub mod print;
pub mod uses;
pub mod verify;
pub mod walk;

use proc_macro2::{Ident, Span, TokenStream};
use syn::{Expr, ExprPath, Item, Member, Path, Type};

use crate::rules::Rule;

/// A variable of a function: an index into [`Function::vars`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Var(pub usize);

/// A function in the IR, primal or adjoint.
#[derive(Clone, Debug)]
pub struct Function {
    pub vars: Vec<VarInfo>,
    pub params: Vec<Param>,
    pub body: Block,
    /// Kind of the result; `None` if the function returns `()`.
    pub result: Option<Kind>,
    /// Items the user declared inside the body, emitted first.
    pub items: Vec<Item>,
    /// Variables below this index are the primal's; what defines them is never rewritten.
    pub primal_vars: usize,
}

/// What is known of a variable.
#[derive(Clone, Debug)]
pub struct VarInfo {
    /// The user's name, or a hint (`t`, `d_x`); emission makes names unique.
    pub name: Ident,
    /// Whether the name is the user's.
    pub named: bool,
    pub kind: Kind,
    pub class: Class,
    /// The type the user wrote at the `let`, to be written again.
    pub ty: Option<Type>,
    /// Where the user wrote the operation that defines it: what the compiler says of its types is said there.
    pub span: Span,
}

/// How a variable lives.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Class {
    /// A scalar in single assignment.
    Value,
    /// Memory owned by a local variable or a by-value parameter.
    Root,
    /// Memory behind a `&` parameter (or a variable of reference type).
    Ref,
    /// Memory behind a `&mut` parameter.
    RefMut,
    /// The cotangent of a local root: memory of type `<T as Differentiable>::Cotangent`.
    Shadow,
    /// A parameter `d_x: impl Slot<…>`: cotangent of a parameter, wanted or not.
    Slot,
    /// A cotangent behind `&mut`, opened from the slot of an in-out parameter.
    Lent,
    /// A float being summed up for a callee (`Fresh`), lent as a slot.
    Fresh,
    /// A record of a block: a tuple, or `Branch` of tuples.
    Record,
    /// Storage of a loop's records.
    Store,
}

impl Class {
    /// Whether places may be rooted here.
    pub fn is_memory(self) -> bool {
        !matches!(
            self,
            Class::Value | Class::Fresh | Class::Record | Class::Store
        )
    }
}

/// What the macro knows of a type.
#[derive(Clone, PartialEq, Debug)]
pub enum Kind {
    Float(Float),
    /// Carries no float: integers, `bool`, `char`, text, ranges, …
    Inert,
    Array(Box<Kind>),
    Slice(Box<Kind>),
    Vec(Box<Kind>),
    Tuple(Vec<Kind>),
    Option(Box<Kind>),
    /// The kind of `Ok`; errors are inert.
    Result(Box<Kind>),
    /// Anything else: what can be done with it is found by the compiler, through the runtime's traits.
    Unknown,
}

/// Which float.
#[derive(Clone, PartialEq, Debug)]
pub enum Float {
    /// A literal of open width: `f32` or `f64`, the compiler decides.
    Open,
    F32,
    F64,
    /// A type parameter bounded by `Real` or `Float`.
    Generic(Ident),
}

/// A parameter of the primal.
#[derive(Clone, Debug)]
pub struct Param {
    /// `Value` for floats and inert scalars, else a root, `Ref` or `RefMut`.
    pub var: Var,
    /// A gradient with respect to it may be asked for.
    pub active: bool,
}

/// Statements and an end.
#[derive(Clone, Debug)]
pub struct Block {
    pub stmts: Vec<Stmt>,
    pub end: End,
}

/// How a block ends.
#[derive(Clone, Debug)]
pub enum End {
    /// Hands values to the construct that owns the block: joins of a switch, the next iteration's carried values, the
    /// function's result.
    Yield(Vec<Operand>),
    /// Leaves the innermost loop with its results.
    Break(Vec<Operand>),
    /// A switch in tail position; its arms end as this block may end.
    Switch { on: Selector, arms: Vec<Block> },
    /// Diverges.
    Never(Op),
}

/// What a switch branches on.
#[derive(Clone, Debug)]
pub enum Selector {
    /// Two arms: true, false.
    Bool(Operand),
    /// As many arms as there are: an inert value 0, 1, … (`u32`).
    Index(Operand),
}

#[derive(Clone, Debug)]
pub enum Stmt {
    /// Defines a value (`Class::Value`) or initialises a root.
    Let {
        var: Var,
        op: Op,
    },
    /// `place = value`.
    Store {
        place: Place,
        value: Operand,
    },
    /// `place += value`, or `-=`. On a slot's place: only if wanted.
    Add {
        place: Place,
        value: Operand,
        negate: bool,
    },
    /// `place op= value` where the kinds are not known (primal only).
    Compound {
        place: Place,
        op: BinOp,
        value: Operand,
        span: Span,
    },
    /// For its effect: asserts, printing, calls without result.
    Do(Op),
    Switch {
        on: Selector,
        arms: Vec<Block>,
        joins: Vec<Var>,
    },
    Loop(Box<Loop>),

    // Only in adjoints:
    /// `Cotangent::accumulate(&mut place, &value)`.
    Accumulate {
        place: Place,
        value: Place,
    },
    /// The reverse of a call, operator or cast whose rule the compiler finds.
    Vjp(Box<Vjp>),
    /// `store.push((values…))`: the record of one iteration.
    Push {
        store: Var,
        values: Vec<Var>,
    },
    /// Accumulates every element of `values` into `place`.
    AccumulateEach {
        place: Place,
        values: Place,
    },
    /// What `pop` took off is pushed again, if it was something.
    Unpop {
        place: Place,
        item: Place,
    },
    /// `let (vars…) = record;`
    Unpack {
        record: Var,
        vars: Vec<Var>,
    },
    /// Branches on the arm that a [`Op::Inject`] recorded, binding its variables.
    Replay {
        record: Var,
        arms: Vec<(Vec<Var>, Block)>,
        joins: Vec<Var>,
    },
}

/// A counted or endless loop.
#[derive(Clone, Debug)]
pub struct Loop {
    /// Where it stands in the user's code, for messages and `loop` names.
    pub span: Span,
    /// How messages call it: `for i in 0..n`, shortened.
    pub name: String,
    pub head: Head,
    /// Values that change from iteration to iteration; the body yields the next ones.
    pub carried: Vec<Carried>,
    pub body: Block,
    /// Results if the head is exhausted, over the carried values (empty for `Forever`).
    pub exhausted: Vec<Operand>,
    pub results: Vec<Var>,
    pub limit: Option<Limit>,
}

#[derive(Clone, Debug)]
pub struct Carried {
    pub var: Var,
    pub init: Operand,
}

/// What makes a loop go on.
#[allow(clippy::large_enum_variant, reason = "one per loop")]
#[derive(Clone, Debug)]
pub enum Head {
    /// `for index in start..end`, its order reversed by `reverse`, every `step`-th of those;
    /// `backwards` (adjoint only) walks the resulting sequence from its end. All inert operands.
    Counted {
        index: Var,
        start: Operand,
        end: Operand,
        inclusive: bool,
        step: Option<Operand>,
        reverse: bool,
        backwards: bool,
    },
    /// Through the whole chunks of so many elements of memory that does not change: `for (index, chunk) in
    /// of.chunks_exact(size).enumerate()`, or from the last to the first (adjoint only).
    Chunks {
        index: Var,
        chunk: Var,
        of: Place,
        size: Operand,
        backwards: bool,
    },
    /// Until a `break`.
    Forever,
    /// Pops the records of `store`, last first, until there are no more than `above` (adjoint only).
    Records {
        store: Var,
        vars: Vec<Var>,
        above: Option<Operand>,
    },
}

/// The user's bound on what a loop stores.
#[derive(Clone, Debug)]
pub enum Limit {
    MaxIters(Expr),
    Checkpoints(Expr),
}

/// A path in memory.
#[derive(Clone, Debug)]
pub struct Place {
    pub root: Var,
    pub path: Vec<Proj>,
}

#[derive(Clone, Debug)]
pub enum Proj {
    Field(Member),
    Index(Operand),
    /// `[lo..hi]`
    Slice {
        lo: Option<Operand>,
        hi: Option<Operand>,
    },
    /// `*place` written by the user on a box.
    Deref,
    /// What is inside `Some`, `Ok` (known to be that variant here).
    Payload(Wrapper),
    /// A field of a variant of a user's enum (known to be that variant here).
    Variant(Box<Variant>),
}

impl Proj {
    /// Whether two steps certainly lead to the same place.
    pub fn is_same(&self, other: &Proj) -> bool {
        let equal = |a: &Option<Operand>, b: &Option<Operand>| match (a, b) {
            (Some(a), Some(b)) => a.is_same(b),
            (a, b) => a.is_none() && b.is_none(),
        };
        match (self, other) {
            (Proj::Field(Member::Named(a)), Proj::Field(Member::Named(b))) => a == b,
            (Proj::Field(Member::Unnamed(a)), Proj::Field(Member::Unnamed(b))) => a == b,
            (Proj::Index(a), Proj::Index(b)) => a.is_same(b),
            (Proj::Slice { lo, hi }, Proj::Slice { lo: l, hi: h }) => equal(lo, l) && equal(hi, h),
            (Proj::Deref, Proj::Deref) => true,
            (Proj::Payload(a), Proj::Payload(b)) => a == b,
            _ => false,
        }
    }

    /// Where a slice is split into `[..middle]`, this step, and `[middle..]`, the other.
    pub fn middle<'p>(&'p self, other: &'p Proj) -> Option<&'p Operand> {
        match (self, other) {
            (
                Proj::Slice {
                    lo: None,
                    hi: Some(hi),
                },
                Proj::Slice {
                    lo: Some(lo),
                    hi: None,
                },
            ) => hi.is_same(lo).then_some(hi),
            _ => None,
        }
    }

    /// The index, if it is a number.
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "an index that was written as a number"
    )]
    pub fn literal_index(&self) -> Option<usize> {
        let Proj::Index(Operand::Literal(literal)) = self else {
            return None;
        };
        let value = literal.value.map(|value| value as usize);
        value.or_else(|| {
            let text = literal.tokens.to_string();
            text.trim_end_matches("usize").parse().ok()
        })
    }
}

/// A field of a variant: the variant as the user's pattern names it, the field.
#[derive(Clone, Debug)]
pub struct Variant {
    pub path: Path,
    pub member: Member,
}

/// Enums of the standard library that the macro knows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Wrapper {
    Some,
    Ok,
    /// Its payload is inert.
    Err,
    /// `Some` or `Ok`: the macro does not know whether it is an option or a result.
    Either,
}

#[derive(Clone, Debug)]
pub enum Operand {
    Var(Var),
    /// Reads by value: copies or moves. Floats of known kind are loaded into values instead.
    Place(Place),
    Literal(Literal),
}

/// A literal, a constant, or another expression over nothing local.
#[derive(Clone, Debug)]
pub struct Literal {
    pub tokens: TokenStream,
    pub kind: Kind,
    /// Its value, where the macro knows it.
    pub value: Option<f64>,
}

/// A comparison.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum Cmp {
    Lt,
    Le,
    Gt,
    Ge,
    Eq,
    Ne,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum BinOp {
    Add,
    Sub,
    Mul,
    Div,
    Rem,
}

#[derive(Clone, Debug)]
pub enum Op {
    /// A copy, a move, a load.
    Use(Operand),
    Neg(Operand),
    Binary(BinOp, Operand, Operand),
    /// A function of the table of rules on floats of known kind.
    Math {
        rule: &'static Rule,
        spelling: Spelling,
        args: Vec<Operand>,
    },
    /// The same by method on a receiver of unknown kind.
    UnknownMath {
        name: Ident,
        args: Vec<Operand>,
    },
    Cast(Operand, Box<Type>),
    Call(Box<Call>),
    Aggregate(Ctor, Vec<Operand>),
    /// `vec.push(value)`
    Push(Place, Operand),
    /// `vec.pop()`: an `Option`.
    Pop(Place),
    /// A clone of a place: the user's `x.clone()`, or of what is needed again.
    Keep(Place),
    /// `&place[lo..hi]` of memory behind a `&` parameter: a name for a part that is only read. Its shadow is the part of
    /// the shadow.
    Borrow(Place),
    /// An inert expression, as written.
    Opaque(Box<Opaque>),
    /// `value`, whose adjoint goes to `through` instead, which is worth the same (primal only).
    Attach {
        value: Operand,
        through: Operand,
    },

    // Only in adjoints:
    /// `zero_cotangent` of a primal place.
    Zero(Place),
    /// `mem::replace(&mut place, value)`: saves what a store overwrites.
    Replace(Place, Operand),
    /// Moves a cotangent out of its place and leaves zero, shaped like the primal place (a literal zero for floats).
    Take {
        shadow: Place,
        primal: Place,
    },
    /// Opens the slot of an in-out parameter: `SlotMut::open(&mut slot, &*primal, &mut spare)`. `resized`: a vector whose
    /// length may have changed; the cotangent gets that of the final contents.
    Open {
        slot: Var,
        primal: Var,
        resized: bool,
    },
    /// A cotangent of an `Option` or `Result` unwrapped, zero (shaped like the primal payload) where it is `None`.
    Unwrap {
        shadow: Place,
        primal: Operand,
    },
    /// The last element of a vector, taken off; there is one.
    TakeLast(Place),
    /// The sum of the elements of a cotangent: what flows into the part of `[part; n]`.
    Sum(Place),
    /// The sum of the products of the elements of two slices.
    Dot(Vec<Place>),
    /// An integer in the float type that is expected here.
    FromInt(Operand),
    /// A comparison of floats.
    Compare(Cmp, Operand, Operand),
    /// `if cond { then } else { otherwise }` on values that cost nothing.
    Select {
        cond: Operand,
        then: Operand,
        otherwise: Operand,
    },
    /// `Fresh::new()`
    Fresh,
    /// What was added to a `Fresh`, or zero.
    Settle(Var),
    /// A tuple of variables, moved.
    Record(Vec<Var>),
    /// Variant `arm` of `arms` of a `Branch` around a tuple of variables.
    Inject {
        arm: usize,
        arms: usize,
        vars: Vec<Var>,
    },
    /// Empty storage for the records of a loop.
    NewStore(Capacity),
    /// Writes a value to a place in a slot, if nothing else is there.
    Hold(Place, Operand),
    /// Takes out of the place what was held there; else the operation.
    Held {
        place: Place,
        otherwise: Box<Op>,
    },
    /// Makes room in a store that several runs of a loop share, when the first of them begins: for the product of the trip
    /// counts, the loop's own being the last, if it is known.
    Reserve(Var, Vec<TripCount>),
    /// How many records a store has.
    Mark(Var),
    /// Puts copies of a vector's elements into a store.
    Append(Var, Place),
    /// Takes the last elements off a store, and overwrites a vector with them.
    Restore(Var, Place),
    /// Overwrites a vector with the elements of a store that stand at a position and after it.
    Recall(Var, Operand, Place),
    /// Empties a store.
    Clear(Var),
}

/// How much a loop stores.
#[derive(Clone, Debug)]
pub enum Capacity {
    /// At most so many records, in an array; the name of the loop is for the overrun message. `exit`: and one more for
    /// the pass that only leaves.
    Array {
        len: TokenStream,
        exit: bool,
        name: String,
    },
    /// So many records are expected (`None`: not known), in a `Vec`.
    Vec(Option<TripCount>, Span),
    /// The records of all runs of a loop inside others, in a `Vec`.
    Shared(Span),
    /// At most so many records; expected are so many. In an array where nothing may be allocated, else in a `Vec`. The
    /// name of the loop is for the overrun message.
    Bounded(Bound, Option<TripCount>, String),
    /// At most so many saved states, of a loop that runs as often as the operand says and stands there.
    Checkpoints(TokenStream, Operand, Span),
}

/// A number that the compiler knows.
#[derive(Clone, Debug)]
pub enum Bound {
    /// A constant.
    Constant(TokenStream),
    /// The length of an array.
    Like(Place),
}

/// Trip count of a counted loop, as an expression over operands.
#[derive(Clone, Debug)]
pub struct TripCount {
    pub start: Operand,
    pub end: Operand,
    pub inclusive: bool,
}

/// How the user spelled a scalar function, so that derivatives can be spelled alike.
#[derive(Clone, Debug)]
pub enum Spelling {
    /// `x.sin()`
    Method,
    /// `f64::sin(x)`, `T::sin(x)`, `num_traits::Float::sin(x)`: everything before the last segment, with `::`.
    Path(TokenStream),
    /// `libm::sin(x)`, `libm::sinf(x)`: the prefix with `::`, and whether the names take an `f`.
    Libm { prefix: TokenStream, single: bool },
}

/// How an aggregate is built from its parts.
#[derive(Clone, Debug)]
pub enum Ctor {
    Array,
    /// `[part; len]`
    Repeat(TokenStream),
    Tuple,
    /// `Path { member: part, … }`; with `base` the last part is `..base`. A part that is `borrowed` stands there as a
    /// reference: its value is the member's all the same.
    Struct {
        path: ExprPath,
        members: Vec<Member>,
        borrowed: Vec<bool>,
        base: bool,
        variant: bool,
    },
    /// `Path(part, …)`
    TupleStruct {
        path: ExprPath,
        variant: bool,
    },
    Wrap(Wrapper),
    /// `None`
    Nothing,
    /// `Box::new(part)`
    Boxed(ExprPath),
    /// `vec![part, …]`
    Vec,
    /// `vec![part; len]`, the second part
    VecRepeat,
    /// The same, filled before anything reads it: what it holds at first does not matter.
    Scratch,
}

#[derive(Clone, Debug)]
pub struct Call {
    pub callee: Callee,
    /// For a method, the receiver first.
    pub args: Vec<Arg>,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub enum Callee {
    Path(ExprPath),
    Method {
        name: Ident,
        turbofish: Option<TokenStream>,
    },
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
    /// The receiver of a method, borrowed as the method likes; `mutable` if the method may change it.
    Receiver {
        place: Place,
        mutable: bool,
    },
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
    /// The cotangent of the result: a value, a shadow (moved), `None` if there is no result.
    pub seed: Option<Operand>,
    /// One per argument.
    pub slots: Vec<SlotArg>,
    pub span: Span,
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
    /// A place in a shadow, a slot or a lent cotangent. Places of one call never overlap.
    Shadow(Place),
}
