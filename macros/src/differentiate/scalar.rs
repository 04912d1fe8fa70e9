//! Definitions of values: the chain rule, with partial derivatives from the table.
//!
//! Original: `y = f(a, b)`. Adjoint: `d_a += d_y * ∂f/∂a`, `d_b += d_y * ∂f/∂b`.

use proc_macro2::{Span, TokenStream};
use quote::quote;

use super::{Reverser, Seed};
use crate::analyse::Interval;
use crate::ir::{
    BinOp, By, Capture, Class, Cmp, Cost, Float, Kind, Literal, Op, Opaque, Operand, Place,
    Spelling, Stmt, Var,
};
use crate::rules::{self, formula, Formula, Partial, Rule};

/// A call of a function of the table: what its formulas are over.
struct Primal<'a> {
    args: &'a [Operand],
    out: Var,
    kind: Kind,
    spelling: &'a Spelling,
}

impl<'f> Reverser<'f> {
    pub(super) fn reverse_let(&mut self, stmt: &'f Stmt, var: Var, op: &'f Op) {
        match op {
            Op::Call(call) => return self.reverse_call(stmt, Some(var), op, call),
            Op::Pop(place) => return self.reverse_pop(stmt, var, place),
            _ => {}
        }
        if !self.facts.is_active(var) {
            return;
        }
        match self.vars[var.0].class {
            Class::Value => {
                if let Some(d) = self.take_adjoint(var) {
                    self.reverse_value(var, op, d);
                }
            }
            _ => self.reverse_root(stmt, var, op),
        }
    }

    fn reverse_value(&mut self, var: Var, op: &'f Op, d: Operand) {
        match op {
            Op::Use(o) | Op::Attach { through: o, .. } => self.seed(o, &Seed::Float(d)),
            Op::Keep(p) => self.add_to_shadow(p, d, false),
            Op::Neg(o) if self.is_float(o) => self.chain(
                var,
                rules::lookup("neg"),
                std::slice::from_ref(o),
                d,
                &Spelling::Method,
            ),
            Op::Binary(bin, a, b) if self.is_float(a) && self.is_float(b) => {
                self.chain(
                    var,
                    rules::lookup(operator(*bin)),
                    &[a.clone(), b.clone()],
                    d,
                    &Spelling::Method,
                );
            }
            Op::Math {
                rule,
                spelling,
                args,
            } => self.chain(var, Some(*rule), args, d, spelling),
            Op::Cast(o, _) if self.is_float(o) => self.reverse_cast(o, d),
            Op::Neg(_) | Op::Binary(..) | Op::Cast(..) | Op::UnknownMath { .. } => {
                self.vjp_op(var, op, d)
            }
            _ => {}
        }
    }

    /// Whether an operand is a float of known kind in a value (or a literal).
    pub(super) fn is_float(&self, operand: &Operand) -> bool {
        match operand {
            Operand::Var(v) => self.vars[v.0].kind.is_float(),
            Operand::Literal(l) => l.kind.is_float(),
            Operand::Place(_) => false,
        }
    }

    /// `x as f32` of an `f64`: the cotangent is cast back.
    fn reverse_cast(&mut self, source: &Operand, d: Operand) {
        let kind = self.operand_kind(source);
        let ty: Option<syn::Type> = match &kind {
            Kind::Float(Float::F32) => Some(syn::parse_quote!(f32)),
            Kind::Float(Float::F64) => Some(syn::parse_quote!(f64)),
            _ => None,
        };
        let d = match ty {
            Some(ty) => self.define("d", kind, Op::Cast(d, Box::new(ty))),
            None => d,
        };
        self.seed(source, &Seed::Float(d));
    }

    fn chain(
        &mut self,
        out: Var,
        rule: Option<&'static Rule>,
        args: &[Operand],
        d: Operand,
        spelling: &Spelling,
    ) {
        let Some(rule) = rule else { return };
        let primal = Primal {
            args,
            out,
            kind: self.vars[out.0].kind.clone(),
            spelling,
        };
        for (index, arg) in args.iter().enumerate() {
            let Operand::Var(v) = arg else { continue };
            if !self.facts.is_active(*v) {
                continue;
            }
            if let Partial::Formula(formula) = partial(rule, args, index) {
                if let Some(c) = self.times(&d, &formula, &primal) {
                    let c = self.where_present(&d, c, &formula);
                    self.contribute(*v, c);
                }
            }
        }
    }

    /// Whether a cotangent is zero because of arms that were not taken.
    pub(super) fn may_be_absent(&self, d: &Operand) -> bool {
        d.var().is_some_and(|d| self.absent.contains(&d))
    }

    /// Whether a cotangent that may be absent is not; `None` if it never is.
    pub(super) fn is_present(&mut self, d: &Operand) -> Option<Operand> {
        let var = d.var().filter(|_| self.may_be_absent(d))?;
        let zero = Operand::number(0.0, self.vars[var.0].kind.clone());
        let is_there = Op::Compare(Cmp::Ne, d.clone(), zero);
        Some(self.define("c", Kind::Inert, is_there))
    }

    /// What a cotangent contributes by a rule; nothing if it is absent, although the derivative may be infinite there.
    fn where_present(&mut self, d: &Operand, product: Operand, partial: &Formula) -> Operand {
        let (true, Some(var)) = (self.may_be_absent(d), product.var()) else {
            return product;
        };
        let condition = match partial.is_polynomial() {
            true => None,
            false => self.is_present(d),
        };
        let product = match condition {
            None => product,
            Some(cond) => {
                let kind = self.vars[var.0].kind.clone();
                let select = Op::Select {
                    cond,
                    then: product,
                    otherwise: Operand::number(0.0, kind.clone()),
                };
                self.define("d", kind, select)
            }
        };
        self.absent.extend(product.var());
        product
    }

    /// `sin_cos`: a tuple of two results, each with its partial.
    pub(super) fn chain_pair(
        &mut self,
        out: Var,
        rule: &'static Rule,
        args: &[Operand],
        spelling: &Spelling,
    ) {
        let Some(Operand::Var(v)) = args.first() else {
            return;
        };
        let kind = self.vars[v.0].kind.clone();
        let primal = Primal {
            args,
            out,
            kind: kind.clone(),
            spelling,
        };
        for result in 0..rule.results {
            let part = part_of(out, result);
            let Some(shadow) = self.shadow_place(&part) else {
                return;
            };
            let Partial::Formula(formula) = rules::partial_of(rule, 0, result) else {
                continue;
            };
            let d = self.define("d", kind.clone(), Op::Use(Operand::Place(shadow)));
            if let Some(c) = self.times(&d, &formula, &primal) {
                self.contribute(*v, c);
            }
        }
    }

    /// `d * formula`, the multiplication moved to the leaves of selections, so that what is not selected does not even
    /// contribute a NaN. `None` is zero.
    fn times(&mut self, d: &Operand, formula: &Formula, primal: &Primal) -> Option<Operand> {
        let kind = primal.kind.clone();
        match formula {
            Formula::Num(n) if *n == 0.0 => None,
            Formula::Num(n) if *n == 1.0 => Some(d.clone()),
            Formula::Neg(inner) => {
                let product = self.times(d, inner, primal)?;
                Some(self.define("d", kind, Op::Neg(product)))
            }
            Formula::Num(n) if *n == -1.0 => Some(self.define("d", kind, Op::Neg(d.clone()))),
            Formula::Bin(BinOp::Div, a, b) => {
                let above = self.times(d, a, primal)?;
                let below = self.evaluate(b, primal);
                Some(self.define("d", kind, Op::Binary(BinOp::Div, above, below)))
            }
            Formula::Bin(BinOp::Mul, a, b) => {
                let left = self.times(d, a, primal)?;
                self.times(&left, b, primal)
            }
            Formula::Select {
                cond,
                then,
                otherwise,
            } => {
                let cond = self.compare(cond, primal);
                let zero = Operand::number(0.0, kind.clone());
                let then = self.times(d, then, primal).unwrap_or_else(|| zero.clone());
                let otherwise = self.times(d, otherwise, primal).unwrap_or(zero);
                Some(self.define(
                    "d",
                    kind,
                    Op::Select {
                        cond,
                        then,
                        otherwise,
                    },
                ))
            }
            _ => {
                let partial = self.evaluate(formula, primal);
                Some(self.define("d", kind, Op::Binary(BinOp::Mul, d.clone(), partial)))
            }
        }
    }

    fn compare(&mut self, cond: &formula::Condition, primal: &Primal) -> Operand {
        let left = self.evaluate(&cond.left, primal);
        let right = self.evaluate(&cond.right, primal);
        if let (
            Operand::Literal(Literal { value: Some(a), .. }),
            Operand::Literal(Literal { value: Some(b), .. }),
        ) = (&left, &right)
        {
            return Operand::Literal(truth(cond.op.holds(*a, *b)));
        }
        self.define("c", Kind::Inert, Op::Compare(cond.op, left, right))
    }

    /// The value of a formula.
    fn evaluate(&mut self, formula: &Formula, primal: &Primal) -> Operand {
        let kind = primal.kind.clone();
        match formula {
            Formula::Arg(index) => match primal.args.get(*index) {
                Some(arg) => self.need_operand(arg),
                None => Operand::number(0.0, kind),
            },
            Formula::Out => Operand::Var(self.need(primal.out)),
            Formula::Part(index) => {
                let place = self.need_place(&part_of(primal.out, *index));
                self.define("t", kind, Op::Use(Operand::Place(place)))
            }
            Formula::Count(index) => self.count(*index, primal),
            Formula::Num(n) => Operand::number(*n, kind),
            Formula::Const(constant) => Operand::number(constant.value, kind),
            Formula::Neg(inner) => {
                let inner = self.evaluate(inner, primal);
                self.define("t", kind, Op::Neg(inner))
            }
            Formula::Bin(op, a, b) => {
                let a = self.evaluate(a, primal);
                let b = self.evaluate(b, primal);
                self.define("t", kind, Op::Binary(*op, a, b))
            }
            Formula::Call(rule, args) => {
                if let Some(same) = self.evaluated(rule, args, primal) {
                    return Operand::Var(same);
                }
                let args = args.iter().map(|a| self.evaluate(a, primal)).collect();
                self.define(
                    "t",
                    kind,
                    Op::Math {
                        rule,
                        spelling: self.derived(primal),
                        args,
                    },
                )
            }
            Formula::PowI {
                base,
                exponent,
                less,
            } => self.power(base, *exponent, *less, primal),
            Formula::Select {
                cond,
                then,
                otherwise,
            } => {
                let cond = self.compare(cond, primal);
                let then = self.evaluate(then, primal);
                let otherwise = self.evaluate(otherwise, primal);
                self.define(
                    "t",
                    kind,
                    Op::Select {
                        cond,
                        then,
                        otherwise,
                    },
                )
            }
        }
    }

    /// How a derivative spells its functions: as the primal spelled its own, unless they are those of a trait that need not
    /// have others.
    fn derived(&self, primal: &Primal) -> Spelling {
        match &primal.kind {
            Kind::Float(Float::Generic(name)) if self.primal.bare.contains(name) => {
                Spelling::Runtime
            }
            _ => primal.spelling.clone(),
        }
    }

    /// What a formula calls, where the primal has called it by now: the cosine beside a sine.
    fn evaluated(&mut self, rule: &Rule, args: &[Formula], primal: &Primal) -> Option<Var> {
        let arg = |formula: &Formula| match formula {
            Formula::Arg(index) => primal.args.get(*index).cloned(),
            _ => None,
        };
        let args: Option<Vec<Operand>> = args.iter().map(arg).collect();
        let innermost = self.scopes.last()?.interval;
        let before = self.facts.defs[primal.out.0].order;
        let order = |var: Var| self.facts.defs[var.0].order;
        // Beside the call, or before it in a block around.
        let is_there = |(var, block): &&(Var, Interval)| {
            *block == innermost || block.contains(before) && order(*var) < before
        };
        let results = self.facts.evaluated.results(rule.name, &args?);
        let same = results.iter().find(is_there)?.0;
        Some(self.need(same))
    }

    /// An integer argument in the float type.
    fn count(&mut self, index: usize, primal: &Primal) -> Operand {
        match primal.args.get(index) {
            Some(Operand::Literal(Literal { value: Some(n), .. })) => {
                Operand::number(*n, primal.kind.clone())
            }
            Some(arg) => {
                let n = self.need_operand(arg);
                self.define("n", primal.kind.clone(), Op::FromInt(n))
            }
            None => Operand::number(0.0, primal.kind.clone()),
        }
    }

    /// `base.powi(n - less)`
    fn power(&mut self, base: &Formula, exponent: usize, less: i32, primal: &Primal) -> Operand {
        let kind = primal.kind.clone();
        let n = match primal.args.get(exponent) {
            Some(Operand::Literal(Literal { value: Some(n), .. })) => {
                let n = *n - f64::from(less);
                match n as i64 {
                    0 => return Operand::number(1.0, kind),
                    1 => return self.evaluate(base, primal),
                    n => Operand::Literal(integer(n)),
                }
            }
            Some(arg) => {
                let arg = self.need_operand(arg);
                self.less(arg, less)
            }
            None => return Operand::number(1.0, kind),
        };
        let base = self.evaluate(base, primal);
        let Some(rule) = rules::lookup("powi") else {
            return base;
        };
        self.define(
            "t",
            kind,
            Op::Math {
                rule,
                spelling: self.derived(primal),
                args: vec![base, n],
            },
        )
    }

    /// `n.saturating_sub(less)`
    fn less(&mut self, n: Operand, less: i32) -> Operand {
        let name = proc_macro2::Ident::new("n", Span::mixed_site());
        let less = proc_macro2::Literal::i32_unsuffixed(less);
        let expr: syn::Expr = syn::parse_quote!(i32::saturating_sub(#name, #less));
        let captures = vec![Capture {
            name,
            operand: n,
            by: By::Value,
        }];
        self.define(
            "n",
            Kind::Inert,
            Op::Opaque(Box::new(Opaque {
                expr,
                captures,
                cost: Cost::Cheap,
                effect: false,
            })),
        )
    }
}

/// The partial derivative from the table; of `1 / x` it is `−y²`, which takes the result alone.
fn partial(rule: &'static Rule, args: &[Operand], index: usize) -> Partial {
    if rule.name == "div" && index == 1 && args[0].is_number(1.0) {
        let square = Formula::Bin(BinOp::Mul, Box::new(Formula::Out), Box::new(Formula::Out));
        return Partial::Formula(Formula::Neg(Box::new(square)));
    }
    rules::partial(rule, index)
}

fn integer(n: i64) -> Literal {
    let digits = proc_macro2::Literal::i64_unsuffixed(n.abs());
    let tokens: TokenStream = if n < 0 {
        quote!(-#digits)
    } else {
        quote!(#digits)
    };
    Literal {
        tokens,
        kind: Kind::Inert,
        value: Some(n as f64),
    }
}

/// A condition that is known now.
fn truth(holds: bool) -> Literal {
    Literal {
        tokens: quote!(#holds),
        kind: Kind::Inert,
        value: Some(f64::from(u8::from(holds))),
    }
}

fn decided(cond: &Operand) -> Option<bool> {
    match cond {
        Operand::Literal(l) => l.value.map(|v| v != 0.0),
        _ => None,
    }
}

fn part_of(tuple: Var, index: usize) -> Place {
    Place::root(tuple).then(crate::ir::Proj::Field(syn::Member::Unnamed(index.into())))
}

fn operator(op: BinOp) -> &'static str {
    match op {
        BinOp::Add => "add",
        BinOp::Sub => "sub",
        BinOp::Mul => "mul",
        BinOp::Div => "div",
        BinOp::Rem => "rem",
    }
}
