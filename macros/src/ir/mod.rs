//! The intermediate representation: the whole language.
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
mod call;
pub mod constants;
mod operation;
pub mod parts;
mod place;
pub mod print;
mod statement;
pub mod uses;
pub mod verify;
pub mod walk;

use proc_macro2::{Ident, Span};
use syn::{Item, Type};

pub use call::*;
pub use operation::*;
pub use place::*;
pub use statement::*;

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
    /// The float types that have functions of a trait of the user's own: derivatives have the runtime's.
    pub bare: Vec<Ident>,
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
    /// A function that the function is handed: it is called and handed on, and its slot is its rule.
    Function,
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
    /// A type parameter that stands for a float.
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
