//! Programs as Rust source.

mod chain;
mod expression;
mod harness;
mod statement;

use std::fmt::Write;

use crate::syntax::{Block, Expr, Function, Param, Pass, Program, Ty};
pub use harness::harness;

/// The structs and functions of a program, annotated.
pub fn program(program: &Program) -> String {
    let mut out = String::new();
    for definition in &program.structs {
        let _ = writeln!(
            out,
            "#[derive(Differentiable, Clone, Copy, Debug)]\npub struct {} {{",
            definition.name
        );
        for (name, ty) in &definition.fields {
            let _ = writeln!(out, "    pub {name}: {},", type_name(program, ty));
        }
        out.push_str("}\n\n");
    }
    for function in &program.functions {
        out.push_str(&self::function(program, function));
    }
    out
}

fn function(program: &Program, function: &Function) -> String {
    let params: Vec<String> = function
        .params
        .iter()
        .map(|param| parameter(program, param))
        .collect();
    let result = match &function.result {
        Ty::Unit => String::new(),
        ty => format!(" -> {}", type_name(program, ty)),
    };
    let mut printer = Printer {
        program,
        out: String::new(),
        depth: 0,
    };
    printer.block(&function.body);
    format!(
        "#[differentiate]\npub fn {}({}){result} {}\n\n",
        function.name,
        params.join(", "),
        printer.out
    )
}

fn parameter(program: &Program, param: &Param) -> String {
    let mutable = if param.mutable { "mut " } else { "" };
    let pass = match param.pass {
        Pass::Value => "",
        Pass::Ref => "&",
        Pass::RefMut => "&mut ",
    };
    format!(
        "{mutable}{}: {pass}{}",
        param.name,
        type_name(program, &param.ty)
    )
}

/// A type as written.
pub fn type_name(program: &Program, ty: &Ty) -> String {
    match ty {
        Ty::Unit => "()".into(),
        Ty::Float => "f64".into(),
        Ty::Int => "usize".into(),
        Ty::Array(item, len) => format!("[{}; {len}]", type_name(program, item)),
        Ty::Slice(item) => format!("[{}]", type_name(program, item)),
        Ty::Vec(item) => format!("Vec<{}>", type_name(program, item)),
        Ty::Struct(index) => program.structs[*index].name.clone(),
        Ty::Tuple(parts) => {
            let parts: Vec<String> = parts.iter().map(|ty| type_name(program, ty)).collect();
            format!("({})", parts.join(", "))
        }
        Ty::Option(inner) => format!("Option<{}>", type_name(program, inner)),
        Ty::Result(inner) => format!("Result<{}, u8>", type_name(program, inner)),
    }
}

/// Text being written.
struct Printer<'p> {
    program: &'p Program,
    out: String,
    depth: usize,
}

impl Printer<'_> {
    fn push(&mut self, text: &str) {
        self.out.push_str(text);
    }

    fn line(&mut self) {
        self.out.push('\n');
        let depth = self.depth;
        self.out.extend(std::iter::repeat_n("    ", depth));
    }

    fn block(&mut self, block: &Block) {
        self.push("{");
        self.depth += 1;
        for stmt in &block.stmts {
            self.line();
            self.statement(stmt);
        }
        if let Some(tail) = &block.tail {
            self.line();
            self.expression(tail);
        }
        self.depth -= 1;
        self.line();
        self.push("}");
    }

    fn list<T>(&mut self, parts: &[T], mut each: impl FnMut(&mut Self, &T)) {
        for (index, part) in parts.iter().enumerate() {
            if index > 0 {
                self.push(", ");
            }
            each(self, part);
        }
    }

    fn expressions(&mut self, parts: &[Expr]) {
        self.list(parts, |printer, part| printer.expression(part));
    }
}
