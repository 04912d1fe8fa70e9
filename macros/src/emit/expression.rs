//! Operations as expressions.

use proc_macro2::{Span, TokenStream};
use quote::{quote, ToTokens};
use syn::Ident;

use super::code::{between, level_of_tokens, Code, Level, Update};
use super::paths::{self, located};
use super::Emitter;
use crate::ir::print::comparison;
use crate::ir::{BinOp, Class, Cmp, Float, Kind, Literal, Op, Operand, Place, Spelling, Var};
use crate::rules::{libm_name, Rule};

impl Emitter<'_> {
    /// An operand: a name, an expression that waited for its use, a place, a literal.
    pub fn operand(&mut self, operand: &Operand) -> Code {
        match operand {
            Operand::Var(var) => self.var(*var),
            Operand::Place(place) => self.read(place),
            Operand::Literal(literal) => self.literal(literal),
        }
    }

    /// A variable as an operand.
    pub fn var(&mut self, var: Var) -> Code {
        if let Some(code) = self.pending.take(var) {
            return code;
        }
        if matches!(self.class(var), Class::Ref | Class::RefMut) {
            return self.place(&Place {
                root: var,
                path: Vec::new(),
            });
        }
        let code = Code::atom(self.names.of(var).to_token_stream());
        let storage = self.storage(var);
        if self.changes(storage) {
            code.reading(storage)
        } else {
            code
        }
    }

    /// The operands, separated by commas.
    pub fn list(&mut self, operands: &[Operand]) -> Code {
        let codes: Vec<Code> = operands
            .iter()
            .map(|operand| self.operand(operand))
            .collect();
        let tokens = codes.iter().map(|code| &code.tokens);
        Code::atom(quote!(#(#tokens),*)).over(&codes)
    }

    fn literal(&mut self, literal: &Literal) -> Code {
        let number = match literal.value {
            Some(value) if literal.tokens.is_empty() || is_nameless(&literal.tokens) => {
                paths::number(value, matches!(literal.kind, Kind::Float(Float::F32)))
            }
            _ => literal.tokens.clone(),
        };
        match (&literal.kind, literal.value) {
            (Kind::Float(Float::Generic(float)), Some(value)) => {
                Code::atom(self.paths.literal(float, &paths::number(value, false)))
            }
            _ => {
                let level = level_of_tokens(&number);
                Code::new(number, level)
            }
        }
    }

    /// An operation as an expression; its operator stands at `span`.
    pub fn op(&mut self, op: &Op, span: Span) -> Code {
        match op {
            Op::Use(operand) => self.operand(operand),
            Op::Neg(operand) => self.neg(operand, span),
            Op::Binary(op, left, right) => self.binary(*op, left, right, span),
            Op::Math {
                rule,
                spelling,
                args,
            } => self.math(rule, spelling, args),
            Op::UnknownMath { name, args } => self.method(name, args),
            Op::Cast(operand, ty) => {
                // Only what is `Copy` can be cast: where it is read in memory, it is left there.
                let operand = match operand {
                    Operand::Place(place) => self.place(place),
                    operand => self.operand(operand),
                };
                let tokens = operand.at(Level::Cast);
                Code::new(quote!(#tokens as #ty), Level::Cast).over([&operand])
            }
            Op::Call(call) => self.call(call),
            Op::Aggregate(ctor, parts) => self.aggregate(ctor, parts),
            Op::Pop(place) => {
                let place = self.receiver(place, true).tokens;
                Code::atom(quote!(#place.pop()))
            }
            Op::Push(place, value) => {
                let value = self.operand(value).tokens;
                let place = self.receiver(place, true).tokens;
                Code::atom(quote!(#place.push(#value)))
            }
            Op::TakeLast(place) => {
                let (place, last) = (self.grown(place), self.names.local("last"));
                let (some, none) = (paths::wrapper(crate::ir::Wrapper::Some), paths::none());
                let tokens = quote!(match #place.pop() { #some(#last) => #last, #none => ::core::unreachable!() });
                Code::new(tokens, Level::Low)
            }
            Op::Opaque(opaque) => self.opaque(opaque),
            other => self.adjoint_op(other, span),
        }
    }

    fn neg(&mut self, operand: &Operand, span: Span) -> Code {
        let operand = self.operand(operand);
        let tokens = if operand.tokens.to_string().starts_with('-') {
            operand.at(Level::Atom)
        } else {
            operand.at(Level::Unary)
        };
        let minus = located(&quote!(-), span);
        Code::new(quote!(#minus #tokens), Level::Unary).over([&operand])
    }

    fn binary(&mut self, op: BinOp, left: &Operand, right: &Operand, span: Span) -> Code {
        let var = match left {
            Operand::Var(var) => Some(self.storage(*var)).filter(|var| self.carried[var.0]),
            _ => None,
        };
        let (left, right) = (self.operand(left), self.operand(right));
        let mut code = between(op, span, &left, &right);
        code.update = var.map(|var| Update {
            var,
            op,
            rest: right.tokens,
        });
        code
    }

    /// A comparison of floats.
    pub fn compare(&mut self, cmp: Cmp, left: &Operand, right: &Operand) -> Code {
        let (left, right) = (self.operand(left), self.operand(right));
        // `a as usize < b` would open a list of generic arguments.
        let left_level = if left.level == Level::Cast {
            Level::Atom
        } else {
            Level::Add
        };
        let (before, after) = (left.at(left_level), right.at(Level::Add));
        let symbol: TokenStream = comparison(cmp).parse().unwrap_or_default();
        Code::new(quote!(#before #symbol #after), Level::Compare).over([&left, &right])
    }

    /// A scalar function, spelled as the user spelled its own.
    fn math(&mut self, rule: &Rule, spelling: &Spelling, args: &[Operand]) -> Code {
        let name = Ident::new(rule.name, Span::call_site());
        let function = match spelling {
            Spelling::Method => None,
            Spelling::Path(prefix) => Some(quote!(#prefix #name)),
            Spelling::Libm { prefix, single } => libm_name(rule, *single).map(|name| {
                let name = Ident::new(&name, Span::call_site());
                quote!(#prefix #name)
            }),
            Spelling::Runtime => Some(self.paths.function(&name)),
        };
        let Some(function) = function else {
            return self.method(&name, args);
        };
        let list = self.list(args);
        let tokens = &list.tokens;
        Code::atom(quote!(#function(#tokens))).over([&list])
    }

    /// `receiver.name(rest)`
    fn method(&mut self, name: &Ident, args: &[Operand]) -> Code {
        let Some((receiver, rest)) = args.split_first() else {
            return Code::atom(name.to_token_stream());
        };
        let receiver = match receiver {
            Operand::Literal(literal) => self.literal_receiver(literal),
            Operand::Place(place) => self.receiver(place, false),
            other => self.operand(other),
        };
        let (before, rest) = (receiver.at(Level::Atom), self.list(rest));
        let list = &rest.tokens;
        Code::atom(quote!(#before.#name(#list))).over([&receiver, &rest])
    }

    /// A literal of open width has no methods: it is given its type.
    fn literal_receiver(&mut self, literal: &Literal) -> Code {
        let code = self.literal(literal);
        let ty = match literal.kind {
            Kind::Float(Float::F32) => "f32",
            Kind::Float(Float::F64 | Float::Open) => "f64",
            _ => return code,
        };
        let ty = Ident::new(ty, Span::call_site());
        match syn::parse2::<syn::LitFloat>(code.tokens.clone()) {
            Ok(number) if number.suffix().is_empty() => {
                let number =
                    syn::LitFloat::new(&format!("{}_{ty}", number.base10_digits()), number.span());
                Code::atom(number.to_token_stream())
            }
            _ => code,
        }
    }
}

/// What the infinities and NaN print as, where they are not given by name.
fn is_nameless(tokens: &TokenStream) -> bool {
    matches!(
        tokens.to_string().as_str(),
        "inf" | "-inf" | "- inf" | "NaN" | "-NaN" | "- NaN"
    )
}
