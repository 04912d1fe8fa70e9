//! Expressions in the making: tokens, how tightly they bind, and what they read.

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::{BinOp as SynBinOp, Expr};

use super::paths::located;
use crate::ir::{BinOp, Var};

/// How tightly an expression binds, loosest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Level {
    /// Closures, ranges, blocks, `if`, `match`: always in parentheses inside another expression.
    Low,
    Or,
    And,
    Compare,
    Add,
    Mul,
    Cast,
    Unary,
    Atom,
}

/// An expression.
#[derive(Clone, Debug)]
pub struct Code {
    pub tokens: TokenStream,
    pub level: Level,
    /// How many operations it nests.
    pub size: usize,
    /// Memory and variables it reads that may change.
    pub reads: Vec<Var>,
    /// If it is `var op rest`: for `var op= rest`.
    pub update: Option<Update>,
}

/// `var op rest`
#[derive(Clone, Debug)]
pub struct Update {
    pub var: Var,
    pub op: BinOp,
    pub rest: TokenStream,
}

impl Code {
    /// An expression that reads nothing.
    pub fn new(tokens: TokenStream, level: Level) -> Code {
        Code {
            tokens,
            level,
            size: 0,
            reads: Vec::new(),
            update: None,
        }
    }

    /// An expression that never needs parentheses.
    pub fn atom(tokens: TokenStream) -> Code {
        Code::new(tokens, Level::Atom)
    }

    /// The tokens, in parentheses if they bind less tightly than `level`.
    pub fn at(&self, level: Level) -> TokenStream {
        let tokens = &self.tokens;
        if self.level < level {
            quote!((#tokens))
        } else {
            tokens.clone()
        }
    }

    /// Says that this expression contains those.
    pub fn over<'c>(mut self, parts: impl IntoIterator<Item = &'c Code>) -> Code {
        for part in parts {
            self.size += part.size + 1;
            for var in &part.reads {
                if !self.reads.contains(var) {
                    self.reads.push(*var);
                }
            }
        }
        self
    }

    /// Says that this expression reads a variable that may change.
    pub fn reading(mut self, var: Var) -> Code {
        if !self.reads.contains(&var) {
            self.reads.push(var);
        }
        self
    }
}

/// The level of an operator, and its token.
pub fn operator(op: BinOp) -> (Level, TokenStream) {
    match op {
        BinOp::Add => (Level::Add, quote!(+)),
        BinOp::Sub => (Level::Add, quote!(-)),
        BinOp::Mul => (Level::Mul, quote!(*)),
        BinOp::Div => (Level::Mul, quote!(/)),
        BinOp::Rem => (Level::Mul, quote!(%)),
    }
}

/// `left op right`
pub fn between(op: BinOp, span: Span, left: &Code, right: &Code) -> Code {
    let (level, symbol) = operator(op);
    let symbol = located(&symbol, span);
    let tighter = if level == Level::Add {
        Level::Mul
    } else {
        Level::Cast
    };
    let (before, after) = (left.at(level), right.at(tighter));
    Code::new(quote!(#before #symbol #after), level).over([left, right])
}

/// The operator of a compound assignment.
pub fn compound(op: BinOp) -> TokenStream {
    match op {
        BinOp::Add => quote!(+=),
        BinOp::Sub => quote!(-=),
        BinOp::Mul => quote!(*=),
        BinOp::Div => quote!(/=),
        BinOp::Rem => quote!(%=),
    }
}

/// How tightly an expression of the user binds.
pub fn level_of(expr: &Expr) -> Level {
    match expr {
        Expr::Binary(binary) => level_of_binary(&binary.op),
        Expr::Cast(_) => Level::Cast,
        Expr::Unary(_) | Expr::Reference(_) => Level::Unary,
        Expr::Array(_)
        | Expr::Call(_)
        | Expr::Field(_)
        | Expr::Group(_)
        | Expr::Index(_)
        | Expr::Macro(_)
        | Expr::MethodCall(_)
        | Expr::Paren(_)
        | Expr::Path(_)
        | Expr::Repeat(_)
        | Expr::Tuple(_) => Level::Atom,
        Expr::Lit(literal) => level_of_tokens(&literal.lit),
        _ => Level::Low,
    }
}

fn level_of_binary(op: &SynBinOp) -> Level {
    match op {
        SynBinOp::Add(_) | SynBinOp::Sub(_) => Level::Add,
        SynBinOp::Mul(_) | SynBinOp::Div(_) | SynBinOp::Rem(_) => Level::Mul,
        SynBinOp::And(_) => Level::And,
        SynBinOp::Or(_) => Level::Or,
        SynBinOp::Eq(_)
        | SynBinOp::Ne(_)
        | SynBinOp::Lt(_)
        | SynBinOp::Le(_)
        | SynBinOp::Gt(_)
        | SynBinOp::Ge(_) => Level::Compare,
        _ => Level::Low,
    }
}

/// How tightly a literal or a constant binds: a sign makes it a negation.
pub fn level_of_tokens(tokens: &impl quote::ToTokens) -> Level {
    let text = tokens.to_token_stream().to_string();
    if text.starts_with('-') {
        Level::Unary
    } else if text.starts_with('<') || !text.contains([' ', '+', '*', '/']) || is_path(&text) {
        Level::Atom
    } else {
        Level::Low
    }
}

fn is_path(text: &str) -> bool {
    text.chars()
        .all(|letter| letter.is_alphanumeric() || matches!(letter, '_' | ':' | ' '))
}
