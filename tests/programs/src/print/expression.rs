//! Expressions, with as few parentheses as are easy to get right.

use super::Printer;
use crate::syntax::{Arg, Bounds, Expr, IntPattern, Op, Place, Proj};

impl Printer<'_> {
    pub(super) fn expression(&mut self, expr: &Expr) {
        match expr {
            Expr::Num(value) => self.push(&format!("{value:?}")),
            Expr::Int(value) => self.push(&value.to_string()),
            Expr::Place(place) => self.place(place),
            Expr::Neg(inner) => {
                self.push("-");
                self.operand(inner);
            }
            Expr::Bin(op, left, right) => self.infix(sign(*op), left, right),
            Expr::Math { name, path, args } => self.math(name, *path, args),
            Expr::Cmp(name, left, right) => self.infix(name, left, right),
            Expr::And(left, right) => self.infix("&&", left, right),
            Expr::Or(left, right) => self.infix("||", left, right),
            Expr::Not(inner) => {
                self.push("!");
                self.operand(inner);
            }
            Expr::Cast(inner) => {
                self.operand(inner);
                self.push(" as f64");
            }
            Expr::Trunc(inner) => {
                self.operand(inner);
                self.push(" as usize");
            }
            Expr::If(..) | Expr::Match(..) | Expr::IfSome(..) => self.branch(expr),
            Expr::Block(block) => self.block(block),
            Expr::Loop(label, body) => {
                self.label(*label);
                self.push("loop ");
                self.block(body);
            }
            Expr::Call(callee, args) => {
                let name = self.program.functions[*callee].name.clone();
                self.push(&name);
                self.push("(");
                self.list(args, |printer, arg| printer.argument(arg));
                self.push(")");
            }
            Expr::Chain(chain) => self.chain(chain),
            Expr::Try(inner) => self.suffixed(inner, "?"),
            Expr::UnwrapOr(inner, default) => {
                self.operand(inner);
                self.push(".unwrap_or(");
                self.expression(default);
                self.push(")");
            }
            Expr::Len(place) => {
                self.place(place);
                self.push(".len()");
            }
            Expr::Clone(place) => {
                self.place(place);
                self.push(".to_vec()");
            }
            other => self.aggregate(other),
        }
    }

    fn aggregate(&mut self, expr: &Expr) {
        match expr {
            Expr::Array(parts) => {
                self.push("[");
                self.expressions(parts);
                self.push("]");
            }
            Expr::Tuple(parts) => {
                self.push("(");
                self.expressions(parts);
                self.push(")");
            }
            Expr::Repeat(part, len) => {
                self.push("[");
                self.expression(part);
                self.push(&format!("; {len}]"));
            }
            Expr::VecRepeat(part, len) => {
                self.push("vec![");
                self.expression(part);
                self.push("; ");
                self.expression(len);
                self.push("]");
            }
            Expr::VecNew => self.push("Vec::new()"),
            Expr::Struct(index, parts) => {
                let definition = self.program.structs[*index].clone();
                self.push(&format!("{} {{ ", definition.name));
                for ((name, _), part) in definition.fields.iter().zip(parts) {
                    self.push(&format!("{name}: "));
                    self.expression(part);
                    self.push(", ");
                }
                self.push("}");
            }
            Expr::Update(index, parts, base) => {
                let definition = self.program.structs[*index].clone();
                self.push(&format!("{} {{ ", definition.name));
                for (field, part) in parts {
                    self.push(&format!("{}: ", definition.fields[*field].0));
                    self.expression(part);
                    self.push(", ");
                }
                self.push("..");
                self.place(base);
                self.push(" }");
            }
            Expr::Some(inner) => self.wrapped("Some(", inner),
            Expr::Ok(inner) => self.wrapped("Ok(", inner),
            Expr::None => self.push("None"),
            Expr::Err => self.push("Err(1)"),
            other => panic!("not an aggregate: {other:?}"),
        }
    }

    fn wrapped(&mut self, open: &str, inner: &Expr) {
        self.push(open);
        self.expression(inner);
        self.push(")");
    }

    fn suffixed(&mut self, inner: &Expr, suffix: &str) {
        self.operand(inner);
        self.push(suffix);
    }

    fn infix(&mut self, sign: &str, left: &Expr, right: &Expr) {
        self.operand(left);
        self.push(&format!(" {sign} "));
        self.operand(right);
    }

    /// In parentheses where it is more than an atom.
    pub(super) fn operand(&mut self, expr: &Expr) {
        let dereferenced = |place: &Place| place.deref;
        let open = match expr {
            Expr::Neg(_)
            | Expr::Bin(..)
            | Expr::Cmp(..)
            | Expr::And(..)
            | Expr::Or(..)
            | Expr::Not(_)
            | Expr::Cast(_)
            | Expr::Trunc(_)
            | Expr::If(..)
            | Expr::Match(..)
            | Expr::IfSome(..)
            | Expr::Block(_)
            | Expr::Loop(..) => true,
            Expr::Place(place) => dereferenced(place),
            _ => false,
        };
        if open {
            self.push("(");
        }
        self.expression(expr);
        if open {
            self.push(")");
        }
    }

    fn math(&mut self, name: &str, path: bool, args: &[Expr]) {
        if path {
            self.push(&format!("f64::{name}("));
            self.expressions(args);
        } else {
            self.operand(&args[0]);
            self.push(&format!(".{name}("));
            self.expressions(&args[1..]);
        }
        self.push(")");
    }

    fn branch(&mut self, expr: &Expr) {
        match expr {
            Expr::If(cond, then, otherwise) => {
                self.push("if ");
                self.expression(cond);
                self.push(" ");
                self.block(then);
                let Some(otherwise) = otherwise else { return };
                self.push(" else ");
                match (&otherwise.tail, otherwise.stmts.is_empty()) {
                    (Some(tail), true) if matches!(**tail, Expr::If(..)) => self.branch(tail),
                    _ => self.block(otherwise),
                }
            }
            Expr::IfSome(tried, name, then, otherwise) => {
                self.push(&format!("if let Some({name}) = "));
                self.expression(tried);
                self.push(" ");
                self.block(then);
                self.push(" else ");
                self.block(otherwise);
            }
            Expr::Match(on, arms) => {
                self.push("match ");
                self.expression(on);
                self.push(" {");
                self.depth += 1;
                for arm in arms {
                    self.line();
                    self.arm(arm);
                }
                self.depth -= 1;
                self.line();
                self.push("}");
            }
            other => panic!("not a branch: {other:?}"),
        }
    }

    fn arm(&mut self, arm: &crate::syntax::Arm) {
        let pattern = match &arm.pattern {
            IntPattern::Lits(lits) => {
                let lits: Vec<String> = lits.iter().map(usize::to_string).collect();
                lits.join(" | ")
            }
            IntPattern::Range(lo, hi) => format!("{lo}..={hi}"),
            IntPattern::Bind(name) => name.clone(),
            IntPattern::Wild => "_".into(),
        };
        self.push(&pattern);
        if let Some(guard) = &arm.guard {
            self.push(" if ");
            self.expression(guard);
        }
        self.push(" => ");
        match (&arm.body.tail, arm.body.stmts.is_empty()) {
            (Some(tail), true) => {
                self.expression(tail);
                self.push(",");
            }
            _ => self.block(&arm.body),
        }
    }

    pub(super) fn place(&mut self, place: &Place) {
        if place.deref {
            self.push("*");
        }
        self.push(&place.root);
        for proj in &place.path {
            match proj {
                Proj::Index(index) => {
                    self.push("[");
                    self.expression(index);
                    self.push("]");
                }
                Proj::Field(_, name) => self.push(&format!(".{name}")),
            }
        }
    }

    fn argument(&mut self, arg: &Arg) {
        match arg {
            Arg::Value(expr) => self.expression(expr),
            Arg::Ref(place, bounds) => self.borrow("&", place, *bounds),
            Arg::RefMut(place, bounds) => self.borrow("&mut ", place, *bounds),
            Arg::Pass(name, _) => self.push(name),
        }
    }

    fn borrow(&mut self, sign: &str, place: &Place, bounds: Bounds) {
        self.push(sign);
        self.place(place);
        if let Some((lo, hi)) = bounds {
            let text = |bound: Option<usize>| bound.map_or(String::new(), |at| at.to_string());
            self.push(&format!("[{}..{}]", text(lo), text(hi)));
        }
    }

    pub(super) fn label(&mut self, label: Option<&str>) {
        if let Some(label) = label {
            self.push(&format!("'{label}: "));
        }
    }
}

pub(super) fn sign(op: Op) -> &'static str {
    match op {
        Op::Add => "+",
        Op::Sub => "-",
        Op::Mul => "*",
        Op::Div => "/",
        Op::Rem => "%",
    }
}
