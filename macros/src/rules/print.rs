//! Formulas as text, for rustdoc and for messages.

use super::formula::{Condition, Formula};
use crate::ir::{BinOp, Cmp};

/// How strongly the outermost operator of a text binds.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
enum Binding {
    Choice,
    Sum,
    Product,
    Sign,
    Atom,
}

/// The formula in Rust's notation over the arguments and the result, given as texts that bind like atoms.
///
/// `text(&partial_of_tanh, &["x"], "y")` is `1.0 - y * y`.
pub fn text(formula: &Formula, args: &[&str], out: &str) -> String {
    Names { args, out }.print(formula).0
}

struct Names<'a> {
    args: &'a [&'a str],
    out: &'a str,
}

impl Names<'_> {
    fn print(&self, formula: &Formula) -> (String, Binding) {
        match formula {
            Formula::Arg(index) | Formula::Count(index) => {
                (self.arg(*index).to_owned(), Binding::Atom)
            }
            Formula::Out => (self.out.to_owned(), Binding::Atom),
            Formula::Part(index) => (format!("{}.{index}", self.out), Binding::Atom),
            Formula::Num(value) if *value < 0.0 => (format!("{value:?}"), Binding::Sign),
            Formula::Num(value) => (format!("{value:?}"), Binding::Atom),
            Formula::Const(constant) => (constant.name.to_owned(), Binding::Atom),
            Formula::Neg(inner) => (
                format!("-{}", self.within(inner, Binding::Sign)),
                Binding::Sign,
            ),
            Formula::Bin(op, left, right) => self.operation(*op, left, right),
            Formula::Call(rule, args) => (self.call(rule.name, args), Binding::Atom),
            Formula::PowI {
                base,
                exponent,
                less,
            } => {
                let base = self.within(base, Binding::Atom);
                (
                    format!("{base}.powi({} - {less})", self.arg(*exponent)),
                    Binding::Atom,
                )
            }
            Formula::Select {
                cond,
                then,
                otherwise,
            } => (self.choice(cond, then, otherwise), Binding::Choice),
        }
    }

    fn arg(&self, index: usize) -> &str {
        self.args.get(index).copied().unwrap_or("_")
    }

    fn within(&self, formula: &Formula, at_least: Binding) -> String {
        let (text, binding) = self.print(formula);
        if binding < at_least {
            format!("({text})")
        } else {
            text
        }
    }

    fn operation(&self, op: BinOp, left: &Formula, right: &Formula) -> (String, Binding) {
        let (symbol, own, to_the_right) = match op {
            BinOp::Add => ("+", Binding::Sum, Binding::Sum),
            BinOp::Sub => ("-", Binding::Sum, Binding::Product),
            BinOp::Mul => ("*", Binding::Product, Binding::Sign),
            BinOp::Div => ("/", Binding::Product, Binding::Sign),
            BinOp::Rem => ("%", Binding::Product, Binding::Sign),
        };
        (
            format!(
                "{} {symbol} {}",
                self.within(left, own),
                self.within(right, to_the_right)
            ),
            own,
        )
    }

    fn call(&self, name: &str, args: &[Formula]) -> String {
        let Some((receiver, others)) = args.split_first() else {
            return format!("{name}()");
        };
        let others: Vec<String> = others.iter().map(|arg| self.print(arg).0).collect();
        format!(
            "{}.{name}({})",
            self.within(receiver, Binding::Atom),
            others.join(", ")
        )
    }

    fn choice(&self, cond: &Condition, then: &Formula, otherwise: &Formula) -> String {
        let (left, right) = (
            self.within(&cond.left, Binding::Sum),
            self.within(&cond.right, Binding::Sum),
        );
        let (then, otherwise) = (self.print(then).0, self.print(otherwise).0);
        format!(
            "if {left} {} {right} {{ {then} }} else {{ {otherwise} }}",
            comparison(cond.op)
        )
    }
}

fn comparison(op: Cmp) -> &'static str {
    match op {
        Cmp::Lt => "<",
        Cmp::Le => "<=",
        Cmp::Gt => ">",
        Cmp::Ge => ">=",
        Cmp::Eq => "==",
        Cmp::Ne => "!=",
    }
}
