//! The language of the random programs: a small part of Rust, as a tree.
//!
//! ```text
//! program   ::= struct* function*               the last function is the entry
//! function  ::= param* result? block
//! block     ::= stmt* expr?
//! place     ::= name (index | field)*           read, written, borrowed
//! ```
//!
//! One kind of expression serves floats, integers, conditions and aggregates: the generator keeps types apart.

/// A program: the last function is the entry.
#[derive(Clone, Debug, Default)]
pub struct Program {
    pub structs: Vec<Struct>,
    pub functions: Vec<Function>,
}

impl Program {
    /// The function that is differentiated and run.
    pub fn entry(&self) -> &Function {
        &self.functions[self.functions.len() - 1]
    }
}

#[derive(Clone, Debug)]
pub struct Struct {
    pub name: String,
    pub fields: Vec<(String, Ty)>,
}

#[derive(Clone, Debug)]
pub struct Function {
    pub name: String,
    pub params: Vec<Param>,
    pub result: Ty,
    pub body: Block,
}

#[derive(Clone, Debug)]
pub struct Param {
    pub name: String,
    pub ty: Ty,
    pub pass: Pass,
    pub mutable: bool,
    /// How long the harness makes a slice.
    pub len: usize,
}

/// How a variable holds its contents.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Pass {
    Value,
    Ref,
    RefMut,
}

#[derive(Clone, PartialEq, Debug)]
pub enum Ty {
    Unit,
    Float,
    Int,
    Array(Box<Ty>, usize),
    Slice(Box<Ty>),
    Vec(Box<Ty>),
    Struct(usize),
    Tuple(Vec<Ty>),
    Option(Box<Ty>),
    Result(Box<Ty>),
}

#[derive(Clone, Debug, Default)]
pub struct Block {
    pub stmts: Vec<Stmt>,
    pub tail: Option<Box<Expr>>,
}

#[derive(Clone, Debug)]
pub enum Stmt {
    Let {
        pattern: Pattern,
        ty: Option<Ty>,
        init: Option<Expr>,
    },
    /// `let r = &mut place;`
    LetRef {
        name: String,
        place: Place,
        mutable: bool,
    },
    Assign(Place, Expr),
    Compound(Place, Op, Expr),
    Do(Expr),
    For {
        label: Option<&'static str>,
        pattern: Shape,
        head: Box<Chain>,
        body: Block,
    },
    While {
        label: Option<&'static str>,
        cond: Expr,
        body: Block,
    },
    Break(Option<&'static str>, Option<Expr>),
    Continue(Option<&'static str>),
    Return(Expr),
    /// `let Some(x) = e else { …; leaves };`
    LetElse {
        /// `Some` or `Ok`
        wrapper: &'static str,
        name: String,
        init: Expr,
        otherwise: Block,
    },
    /// `a.swap(i, j);`
    Swap(Place, Expr, Expr),
    /// `v.push(x);`
    Push(Place, Expr),
}

#[derive(Clone, Debug)]
pub enum Pattern {
    Name { name: String, mutable: bool },
    Tuple(Vec<Pattern>),
    Wild,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Op {
    Add,
    Sub,
    Mul,
    Div,
    Rem,
}

#[derive(Clone, Debug)]
pub enum Expr {
    Num(f64),
    Int(usize),
    /// Read by value.
    Place(Place),
    Neg(Box<Expr>),
    Bin(Op, Box<Expr>, Box<Expr>),
    Math {
        name: &'static str,
        path: bool,
        args: Vec<Expr>,
    },
    Cmp(&'static str, Box<Expr>, Box<Expr>),
    And(Box<Expr>, Box<Expr>),
    Or(Box<Expr>, Box<Expr>),
    Not(Box<Expr>),
    /// An integer as `f64`.
    Cast(Box<Expr>),
    /// A float as `usize`.
    Trunc(Box<Expr>),
    If(Box<Expr>, Block, Option<Block>),
    Match(Box<Expr>, Vec<Arm>),
    /// `if let Some(x) = e { … } else { … }`
    IfSome(Box<Expr>, String, Block, Block),
    Block(Block),
    Loop(Option<&'static str>, Block),
    Call(usize, Vec<Arg>),
    Array(Vec<Expr>),
    Repeat(Box<Expr>, usize),
    /// `vec![part; len]`
    VecRepeat(Box<Expr>, Box<Expr>),
    /// `Vec::new()`
    VecNew,
    Tuple(Vec<Expr>),
    Struct(usize, Vec<Expr>),
    /// `S { field: part, ..base }`
    Update(usize, Vec<(usize, Expr)>, Place),
    Some(Box<Expr>),
    None,
    Ok(Box<Expr>),
    Err,
    Len(Place),
    Chain(Box<Chain>),
    Try(Box<Expr>),
    /// `e.unwrap_or(d)`
    UnwrapOr(Box<Expr>, Box<Expr>),
    /// `place.clone()`, `place.to_vec()`
    Clone(Place),
}

#[derive(Clone, Debug)]
pub struct Arm {
    pub pattern: IntPattern,
    pub guard: Option<Expr>,
    pub body: Block,
}

#[derive(Clone, Debug)]
pub enum IntPattern {
    Lits(Vec<usize>),
    /// `lo..=hi`
    Range(usize, usize),
    Bind(String),
    Wild,
}

#[derive(Clone, Debug)]
pub struct Place {
    /// `*name`: the variable is a reference to a scalar.
    pub deref: bool,
    pub root: String,
    pub path: Vec<Proj>,
}

#[derive(Clone, Debug)]
pub enum Proj {
    Index(Expr),
    /// Number and name.
    Field(usize, String),
}

#[derive(Clone, Debug)]
pub enum Arg {
    Value(Expr),
    Ref(Place, Bounds),
    RefMut(Place, Bounds),
    /// `name`, a variable that is a reference already; whether it is `&mut` (a reborrow).
    Pass(String, bool),
}

/// Which part of a slice: `[lo..hi]`.
pub type Bounds = Option<(Option<usize>, Option<usize>)>;

/// An iterator chain.
#[derive(Clone, Debug)]
pub struct Chain {
    pub source: Source,
    pub adaptors: Vec<Adaptor>,
    pub end: End,
}

#[derive(Clone, Debug)]
pub enum Source {
    Range(Expr, Expr, bool),
    Iter(Place),
    IterMut(Place),
    /// The array itself, `for x in a`.
    Into(Place),
    /// `&a` at the head of a `for`.
    Borrowed(Place),
    Windows(Place, usize),
    ChunksExact(Place, usize),
}

#[derive(Clone, Debug)]
pub enum Adaptor {
    Copied,
    Enumerate,
    Rev,
    Skip(usize),
    Take(usize),
    StepBy(usize),
    Zip(Source, bool),
    Chain(Source),
    Map(Shape, Expr),
    Filter(Shape, Expr),
    TakeWhile(Shape, Expr),
    SkipWhile(Shape, Expr),
}

#[derive(Clone, Debug)]
pub enum End {
    /// At the head of a `for`.
    Head,
    Sum,
    Product,
    Fold(Box<Expr>, String, Shape, Box<Expr>),
    /// `fold(f64::NEG_INFINITY, f64::max)`
    Max,
    Collect,
}

/// What a closure or a `for` takes apart: the items of a chain with their names.
#[derive(Clone, PartialEq, Debug)]
pub enum Shape {
    /// `&x`, of a reference to a float.
    Ref(String),
    /// `x`, a reference (used as `*x`).
    Kept(String),
    /// `x`, a float or an integer.
    Value(String, Ty),
    /// `w`, a slice.
    Window(String),
    Pair(Box<Shape>, Box<Shape>),
}
