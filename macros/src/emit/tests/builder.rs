//! Builds functions by hand.

use proc_macro2::Span;
use quote::{format_ident, quote};
use syn::{parse_quote, Member};

use crate::emit::{body, Context};
use crate::ir::*;

pub struct Builder {
    pub function: Function,
    d_out: Option<Var>,
    slots: Vec<Option<Var>>,
}

pub const F64: Kind = Kind::Float(Float::F64);

impl Builder {
    /// An empty function.
    pub fn new() -> Builder {
        let body = Block {
            stmts: Vec::new(),
            end: End::Yield(Vec::new()),
        };
        let function = Function {
            vars: Vec::new(),
            params: Vec::new(),
            body,
            result: None,
            items: Vec::new(),
            primal_vars: 0,
            bare: Vec::new(),
        };
        Builder {
            function,
            d_out: None,
            slots: Vec::new(),
        }
    }

    /// A new variable.
    pub fn var(&mut self, name: &str, kind: Kind, class: Class) -> Var {
        self.function.vars.push(VarInfo {
            name: format_ident!("{name}"),
            named: true,
            kind,
            class,
            ty: None,
            span: Span::call_site(),
        });
        Var(self.function.vars.len() - 1)
    }

    /// A new parameter.
    pub fn param(&mut self, name: &str, kind: Kind, class: Class) -> Var {
        let var = self.var(name, kind, class);
        self.function.params.push(Param { var, active: true });
        var
    }

    /// The cotangent of the result.
    pub fn d_out(&mut self) -> Var {
        let var = self.var("d_out", F64, Class::Value);
        self.d_out = Some(var);
        var
    }

    /// The slot of parameter number `param`.
    pub fn slot(&mut self, param: usize, kind: Kind) -> Var {
        let param_var = self.function.params[param].var;
        let name = format!("d_{}", self.function.vars[param_var.0].name);
        let var = self.var(&name, kind, Class::Slot);
        self.slots.resize(param, None);
        self.slots.push(Some(var));
        var
    }

    /// A new float.
    pub fn value(&mut self, name: &str) -> Var {
        self.var(name, F64, Class::Value)
    }

    /// A new inert value.
    pub fn inert(&mut self, name: &str) -> Var {
        self.var(name, Kind::Inert, Class::Value)
    }

    /// Asserts that the function is well formed and prints as `expected`.
    pub fn prints(mut self, stmts: Vec<Stmt>, end: Vec<Operand>, expected: &str) {
        self.function.result = end.first().map(|_| F64);
        self.function.body = Block {
            stmts,
            end: End::Yield(end),
        };
        self.prints_itself(expected);
    }

    /// The same, of a body that is there already.
    pub fn prints_itself(self, expected: &str) {
        let given: Vec<Var> = self
            .d_out
            .into_iter()
            .chain(self.slots.iter().copied().flatten())
            .collect();
        assert_eq!(
            verify::adjoint(&self.function, &given),
            Vec::<String>::new()
        );
        let context = Context {
            crate_path: parse_quote!(::tapeless),
            given,
            taken: Default::default(),
            no_alloc: false,
            lends: false,
        };
        let body = body(&self.function, &context);
        let file = match syn::parse2(quote!(fn f() { #body })) {
            Ok(file) => prettyplease::unparse(&file),
            Err(error) => panic!("{error}: {body}"),
        };
        let inside: Vec<&str> = file.lines().collect();
        let inside: Vec<&str> = inside[1..inside.len() - 1]
            .iter()
            .map(|line| &line[4..])
            .collect();
        assert_eq!(inside.join("\n"), expected.trim());
    }
}

pub fn v(var: Var) -> Operand {
    Operand::Var(var)
}

pub fn num(value: f64) -> Operand {
    Operand::Literal(Literal {
        tokens: quote!(),
        kind: F64,
        value: Some(value),
    })
}

pub fn int(tokens: proc_macro2::TokenStream) -> Operand {
    Operand::Literal(Literal {
        tokens,
        kind: Kind::Inert,
        value: None,
    })
}

pub fn bin(op: BinOp, left: Operand, right: Operand) -> Op {
    Op::Binary(op, left, right)
}

pub fn define(var: Var, op: Op) -> Stmt {
    Stmt::Let { var, op }
}

pub fn at(root: Var, path: Vec<Proj>) -> Place {
    Place { root, path }
}

pub fn field(name: &str) -> Proj {
    Proj::Field(Member::Named(format_ident!("{name}")))
}

pub fn load(root: Var, path: Vec<Proj>) -> Op {
    Op::Use(Operand::Place(at(root, path)))
}

pub fn add(root: Var, path: Vec<Proj>, value: Operand) -> Stmt {
    Stmt::Add {
        place: at(root, path),
        value,
        negate: false,
    }
}

pub fn opaque(expr: syn::Expr, captures: Vec<(&str, Operand, By)>) -> Op {
    let captures = captures.into_iter().map(|(name, operand, by)| Capture {
        name: format_ident!("{name}"),
        operand,
        by,
    });
    Op::Opaque(Box::new(Opaque {
        expr,
        captures: captures.collect(),
        cost: Cost::Cheap,
        effect: false,
    }))
}

/// The same as a statement.
pub fn statement(expr: syn::Expr, captures: Vec<(&str, Operand, By)>) -> Op {
    match opaque(expr, captures) {
        Op::Opaque(mut opaque) => {
            opaque.effect = true;
            Op::Opaque(opaque)
        }
        other => other,
    }
}

pub fn math(name: &str, args: Vec<Operand>) -> Op {
    Op::Math {
        rule: crate::rules::lookup(name).unwrap(),
        spelling: Spelling::Method,
        args,
    }
}

pub fn count(index: Var, start: Operand, end: Operand) -> Head {
    Head::Counted {
        index,
        start,
        end,
        inclusive: false,
        step: None,
        reverse: false,
        backwards: false,
    }
}

pub fn looped(
    head: Head,
    carried: Vec<(Var, Operand)>,
    body: Block,
    exhausted: Vec<Operand>,
    results: Vec<Var>,
) -> Stmt {
    Stmt::Loop(Box::new(Loop {
        span: Span::call_site(),
        name: "for".to_string(),
        head,
        carried: carried
            .into_iter()
            .map(|(var, init)| Carried { var, init })
            .collect(),
        body,
        exhausted,
        results,
        limit: None,
    }))
}
