//! Operations as expressions.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned, ToTokens};
use syn::{Ident, Member};

use super::code::{level_of_tokens, operator, Code, Level, Update};
use super::places::inner_kind;
use super::{paths, Emitter};
use crate::ir::print::comparison;
use crate::ir::{
    BinOp, Capacity, Class, Cmp, Ctor, Float, Kind, Literal, Op, Operand, Place, Proj, Spelling,
    TripCount, Var, Wrapper,
};
use crate::rules::{libm_name, Rule};

impl Emitter<'_> {
    /// An operand: a name, an expression that waited for its use, a place, a literal.
    pub fn operand(&mut self, operand: &Operand) -> Code {
        match operand {
            Operand::Var(var) => self.var(*var),
            Operand::Place(place) => self.place(place),
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

    /// An operation as an expression.
    pub fn op(&mut self, op: &Op) -> Code {
        match op {
            Op::Use(operand) => self.operand(operand),
            Op::Neg(operand) => self.neg(operand),
            Op::Binary(op, left, right) => self.binary(*op, left, right),
            Op::Math {
                rule,
                spelling,
                args,
            } => self.math(rule, spelling, args),
            Op::UnknownMath { name, args } => self.method(name, args),
            Op::Cast(operand, ty) => {
                let operand = self.operand(operand);
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
                let (place, last) = (self.receiver(place, true).tokens, self.names.local("last"));
                let (some, none) = (paths::wrapper(crate::ir::Wrapper::Some), paths::none());
                let tokens = quote!(match #place.pop() { #some(#last) => #last, #none => ::core::unreachable!() });
                Code::new(tokens, Level::Low)
            }
            Op::Opaque(opaque) => self.opaque(opaque),
            other => self.adjoint_op(other),
        }
    }

    fn neg(&mut self, operand: &Operand) -> Code {
        let operand = self.operand(operand);
        let tokens = if operand.tokens.to_string().starts_with('-') {
            operand.at(Level::Atom)
        } else {
            operand.at(Level::Unary)
        };
        Code::new(quote!(-#tokens), Level::Unary).over([&operand])
    }

    fn binary(&mut self, op: BinOp, left: &Operand, right: &Operand) -> Code {
        let (level, symbol) = operator(op);
        let var = match left {
            Operand::Var(var) => Some(self.storage(*var)).filter(|var| self.carried[var.0]),
            _ => None,
        };
        let (left, right) = (self.operand(left), self.operand(right));
        let tighter = if level == Level::Add {
            Level::Mul
        } else {
            Level::Cast
        };
        let (before, after) = (left.at(level), right.at(tighter));
        let mut code = Code::new(quote!(#before #symbol #after), level).over([&left, &right]);
        code.update = var.map(|var| Update {
            var,
            op,
            rest: right.tokens,
        });
        code
    }

    fn compare(&mut self, cmp: Cmp, left: &Operand, right: &Operand) -> Code {
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

    /// An aggregate from its parts.
    fn aggregate(&mut self, ctor: &Ctor, parts: &[Operand]) -> Code {
        if let Ctor::Struct {
            path,
            members,
            base,
        } = ctor
        {
            return self.structure(path, members, *base, parts);
        }
        if matches!(ctor, Ctor::VecRepeat) {
            return self.repeated_vec(parts);
        }
        let list = self.list(parts);
        let tokens = &list.tokens;
        let aggregate = match ctor {
            Ctor::Array => quote!([#tokens]),
            Ctor::Repeat(len) => quote!([#tokens; #len]),
            Ctor::Tuple if parts.len() == 1 => quote!((#tokens,)),
            Ctor::Tuple => quote!((#tokens)),
            Ctor::TupleStruct(path) => quote!(#path(#tokens)),
            Ctor::Wrap(wrapper) => {
                let wrapper = paths::wrapper(*wrapper);
                quote!(#wrapper(#tokens))
            }
            Ctor::Nothing => paths::none(),
            Ctor::Vec => {
                let vec = self.paths.vec();
                quote!(#vec![#tokens])
            }
            Ctor::VecRepeat | Ctor::Struct { .. } => TokenStream::new(),
        };
        Code::atom(aggregate).over([&list])
    }

    fn repeated_vec(&mut self, parts: &[Operand]) -> Code {
        let vec = self.paths.vec();
        let parts: Vec<Code> = parts.iter().map(|part| self.operand(part)).collect();
        let tokens = parts.iter().map(|part| &part.tokens);
        Code::atom(quote!(#vec![#(#tokens);*])).over(&parts)
    }

    fn structure(
        &mut self,
        path: &syn::ExprPath,
        members: &[Member],
        base: bool,
        parts: &[Operand],
    ) -> Code {
        let codes: Vec<Code> = parts.iter().map(|part| self.operand(part)).collect();
        let named = members.iter().zip(&codes).map(|(member, code)| {
            let tokens = &code.tokens;
            quote!(#member: #tokens)
        });
        let rest = codes.last().filter(|_| base).map(|code| {
            let tokens = &code.tokens;
            quote!(..#tokens)
        });
        let fields = named.chain(rest);
        Code::new(quote!(#path { #(#fields),* }), Level::Low).over(&codes)
    }

    fn adjoint_op(&mut self, op: &Op) -> Code {
        match op {
            Op::Zero(place) => self.zero(place),
            Op::Replace(place, value) => {
                let (value, place) = (self.operand(value), self.borrow_mut(place));
                let (replace, place, value) = (paths::replace(), place.tokens, value.tokens);
                Code::atom(quote!(#replace(#place, #value)))
            }
            Op::Take { shadow, primal } => self.take(shadow, primal),
            Op::Keep(place) => {
                let unsized_slice = matches!(self.kind(place), Kind::Slice(_));
                let keep = self.paths.private(if unsized_slice { "keep_slice" } else { "keep" });
                let place = self.borrow(place).tokens;
                Code::atom(quote!(#keep(#place)))
            }
            Op::Unwrap { shadow, primal } => self.unwrap(shadow, primal),
            Op::Sum(shadow) => self.sum(shadow),
            Op::Compare(cmp, left, right) => self.compare(*cmp, left, right),
            Op::Select {
                cond,
                then,
                otherwise,
            } => {
                let parts = [cond, then, otherwise].map(|operand| self.operand(operand));
                let [cond, then, otherwise] = parts.each_ref().map(|code| &code.tokens);
                Code::new(quote!(if #cond { #then } else { #otherwise }), Level::Low).over(&parts)
            }
            Op::Fresh => {
                let fresh = self.paths.root("Fresh");
                Code::atom(quote!(#fresh::new()))
            }
            Op::Settle(var) => {
                let name = self.names.of(*var);
                Code::atom(quote!(#name.take_or_zero()))
            }
            Op::Record(vars) => self.record(vars),
            Op::Inject { arm, arms, vars } => {
                let record = self.record(vars);
                let tokens = self.branch(*arm, *arms, record.tokens.clone());
                Code::atom(tokens).over([&record])
            }
            Op::NewStore(capacity) => self.store(capacity),
            // Handled by the statement that defines the variable, or above.
            _ => Code::atom(TokenStream::new()),
        }
    }

    /// The zero cotangent of a primal place.
    fn zero(&mut self, primal: &Place) -> Code {
        if matches!(
            self.kind(primal),
            Kind::Float(Float::Open | Float::F32 | Float::F64)
        ) {
            return Code::atom(paths::zero());
        }
        let (zero, place) = (self.paths.private("zero"), self.borrow(primal));
        let tokens = &place.tokens;
        Code::atom(quote!(#zero(#tokens))).over([&place])
    }

    fn take(&mut self, shadow: &Place, primal: &Place) -> Code {
        if matches!(self.kind(primal), Kind::Float(_)) {
            let (take, shadow) = (paths::take(), self.borrow_mut(shadow).tokens);
            return Code::atom(quote!(#take(#shadow)));
        }
        let (replace, zero) = (paths::replace(), self.zero(primal).tokens);
        let shadow = self.borrow_mut(shadow).tokens;
        Code::atom(quote!(#replace(#shadow, #zero)))
    }

    fn unwrap(&mut self, shadow: &Place, primal: &Operand) -> Code {
        let shadow = self.place(shadow);
        let zero = match primal {
            Operand::Place(place) => self.zero(place),
            Operand::Var(var) => self.zero(&Place::root(*var)),
            Operand::Literal(_) => Code::atom(paths::zero()),
        };
        let (some, none) = (paths::wrapper(Wrapper::Some), paths::none());
        let (from, otherwise, inside) = (&shadow.tokens, &zero.tokens, self.names.local("inside"));
        let tokens = quote!(match #from { #some(#inside) => #inside, #none => #otherwise });
        Code::new(tokens, Level::Low).over([&shadow, &zero])
    }

    /// The sum of a cotangent's elements, which are floats.
    fn sum(&mut self, shadow: &Place) -> Code {
        let (elements, fold) = (self.receiver(shadow, false), paths::iterator("fold"));
        let zero = match inner_kind(
            self.kind(shadow),
            &Proj::Index(Operand::Place(shadow.clone())),
        ) {
            Kind::Float(Float::Generic(float)) => self.paths.literal(&float, &paths::zero()),
            _ => paths::zero(),
        };
        let (from, sum, part) = (
            &elements.tokens,
            self.names.local("sum"),
            self.names.local("part"),
        );
        Code::atom(quote!(#fold(#from.iter(), #zero, |#sum, #part| #sum + *#part)))
            .over([&elements])
    }

    /// An integer as a float of this kind.
    pub fn float_of(&mut self, count: &Operand, kind: &Kind) -> Code {
        let count = self.operand(count);
        let tokens = count.at(Level::Cast);
        match kind {
            Kind::Float(Float::Generic(float)) => {
                Code::atom(self.paths.literal(float, &quote!(#tokens as f64))).over([&count])
            }
            Kind::Float(Float::F32) => {
                Code::new(quote!(#tokens as f32), Level::Cast).over([&count])
            }
            Kind::Float(Float::F64) => {
                Code::new(quote!(#tokens as f64), Level::Cast).over([&count])
            }
            _ => {
                let real = self.paths.root("Real");
                Code::atom(quote!(#real::__lit(#tokens as f64))).over([&count])
            }
        }
    }

    /// A tuple of variables.
    pub fn record(&mut self, vars: &[Var]) -> Code {
        let codes: Vec<Code> = vars.iter().map(|&var| self.var(var)).collect();
        let tokens = codes.iter().map(|code| &code.tokens);
        let tuple = if codes.len() == 1 {
            quote!((#(#tokens,)*))
        } else {
            quote!((#(#tokens),*))
        };
        Code::atom(tuple).over(&codes)
    }

    /// Variant `arm` of `arms`: `Branch::Rest(Branch::First(record))`. Serves as a pattern too.
    pub fn branch(&self, arm: usize, arms: usize, record: TokenStream) -> TokenStream {
        let branch = self.paths.private("Branch");
        let last = arm + 1 >= arms;
        let innermost = if last {
            record
        } else {
            quote!(#branch::First(#record))
        };
        let depth = if last { arms.saturating_sub(1) } else { arm };
        (0..depth).fold(innermost, |inner, _| quote!(#branch::Rest(#inner)))
    }

    fn store(&mut self, capacity: &Capacity) -> Code {
        match capacity {
            Capacity::Array(len, name) => {
                let stack = self.paths.private("Stack");
                Code::atom(quote!(#stack::<_, { #len }>::new(#name)))
            }
            Capacity::Vec(count, span) => {
                let count = match count {
                    Some(count) => self.trip_count(count),
                    None => quote!(0),
                };
                // The span of the loop: where there is no `alloc`, the refusal lands on it.
                let vec = self.paths.private("storage_vec");
                Code::atom(quote_spanned!(*span=> #vec!(#count)))
            }
        }
    }

    /// How often a counted loop runs, whatever integers it counts with.
    fn trip_count(&mut self, count: &TripCount) -> TokenStream {
        let (start, end) = (self.operand(&count.start), self.operand(&count.end));
        let (start, end) = (start.at(Level::Or), end.at(Level::Or));
        let dots = if count.inclusive {
            quote!(..=)
        } else {
            quote!(..)
        };
        let size_hint = paths::iterator("size_hint");
        quote!(#size_hint(&(#start #dots #end)).0)
    }
}

/// What the infinities and NaN print as, where they are not given by name.
fn is_nameless(tokens: &TokenStream) -> bool {
    matches!(
        tokens.to_string().as_str(),
        "inf" | "-inf" | "- inf" | "NaN" | "-NaN" | "- NaN"
    )
}
