//! Operations.

use proc_macro2::{Ident, Span, TokenStream};
use syn::{ExprPath, Member, Type};

use super::{Call, Opaque, Operand, Place, Var, Wrapper};
use crate::rules::Rule;

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
    /// A cotangent of an `Option` or `Result` unwrapped; where it is `None`, a cotangent made for that, a number, or zero
    /// shaped like a primal payload.
    Unwrap {
        shadow: Place,
        otherwise: Operand,
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
    /// Adds to an element of a slot to which nothing has been added before.
    First(Place, Operand),
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
    /// By the function of the runtime, for whatever is a scalar (adjoint only).
    Runtime,
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
