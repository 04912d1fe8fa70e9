//! Statements.

use super::expression::sign;
use super::{type_name, Printer};
use crate::syntax::{Expr, Pattern, Stmt};

impl Printer<'_> {
    pub(super) fn statement(&mut self, stmt: &Stmt) {
        match stmt {
            Stmt::Let { pattern, ty, init } => {
                self.push("let ");
                self.pattern(pattern);
                if let Some(ty) = ty {
                    let ty = type_name(self.program, ty);
                    self.push(&format!(": {ty}"));
                }
                if let Some(init) = init {
                    self.push(" = ");
                    self.expression(init);
                }
                self.push(";");
            }
            Stmt::LetRef {
                name,
                place,
                mutable,
            } => {
                let sign = if *mutable { "&mut " } else { "&" };
                self.push(&format!("let {name} = {sign}"));
                self.place(place);
                self.push(";");
            }
            Stmt::Assign(place, value) => {
                self.place(place);
                self.push(" = ");
                self.expression(value);
                self.push(";");
            }
            Stmt::Compound(place, op, value) => {
                self.place(place);
                self.push(&format!(" {}= ", sign(*op)));
                self.expression(value);
                self.push(";");
            }
            Stmt::Do(expr) => {
                self.expression(expr);
                let ends_itself = matches!(
                    expr,
                    Expr::If(..)
                        | Expr::Match(..)
                        | Expr::IfSome(..)
                        | Expr::Block(_)
                        | Expr::Loop(..)
                );
                if !ends_itself {
                    self.push(";");
                }
            }
            Stmt::Swap(place, first, second) => {
                self.place(place);
                self.push(".swap(");
                self.expression(first);
                self.push(", ");
                self.expression(second);
                self.push(");");
            }
            Stmt::Push(place, value) => {
                self.place(place);
                self.push(".push(");
                self.expression(value);
                self.push(");");
            }
            other => self.flow(other),
        }
    }

    fn flow(&mut self, stmt: &Stmt) {
        match stmt {
            Stmt::For {
                label,
                pattern,
                head,
                body,
            } => {
                self.label(*label);
                self.push("for ");
                self.shape(pattern);
                self.push(" in ");
                self.chain(head);
                self.push(" ");
                self.block(body);
            }
            Stmt::While { label, cond, body } => {
                self.label(*label);
                self.push("while ");
                self.expression(cond);
                self.push(" ");
                self.block(body);
            }
            Stmt::Break(label, value) => {
                self.leave("break", *label);
                if let Some(value) = value {
                    self.push(" ");
                    self.operand(value);
                }
                self.push(";");
            }
            Stmt::Continue(label) => {
                self.leave("continue", *label);
                self.push(";");
            }
            Stmt::Return(value) => {
                self.push("return ");
                self.expression(value);
                self.push(";");
            }
            Stmt::LetElse {
                wrapper,
                name,
                init,
                otherwise,
            } => {
                self.push(&format!("let {wrapper}({name}) = "));
                self.expression(init);
                self.push(" else ");
                self.block(otherwise);
                self.push(";");
            }
            other => panic!("printed elsewhere: {other:?}"),
        }
    }

    fn leave(&mut self, word: &str, label: Option<&str>) {
        self.push(word);
        if let Some(label) = label {
            self.push(&format!(" '{label}"));
        }
    }

    fn pattern(&mut self, pattern: &Pattern) {
        match pattern {
            Pattern::Name { name, mutable } => {
                self.push(if *mutable { "mut " } else { "" });
                self.push(name);
            }
            Pattern::Wild => self.push("_"),
            Pattern::Tuple(parts) => {
                self.push("(");
                self.list(parts, |printer, part| printer.pattern(part));
                self.push(")");
            }
        }
    }
}
