//! Calls by path: functions of the table, constructors, conversions, and everything that follows the protocol.

use quote::quote;
use syn::punctuated::Punctuated;
use syn::{Expr, ExprCall, ExprPath, Token};

use super::known::{classify, strip, Known};
use super::made::{maker, refused_maker};
use super::names::free_names;
use super::results::name_of;
use super::scope::Term;
use super::Lowering;
use crate::diagnostics::Slug;
use crate::ir::{Arg, Call, Callee, Class, Cost, Float, Kind, Op, Operand, Place, Proj, Spelling};
use crate::rules::Rule;

/// Types that are written through shared references. What they are made of is active where this is asked.
const CELLS: [&str; 5] = ["Cell", "RefCell", "OnceCell", "Mutex", "RwLock"];

/// The cell that `Cell::new` makes.
fn cell(path: &syn::Path) -> Option<&'static str> {
    let mut names = path.segments.iter().rev().map(|segment| &segment.ident);
    let (made, owner) = (names.next()?, names.next()?);
    let found = CELLS.iter().find(|name| owner == **name)?;
    (made == "new").then_some(*found)
}

impl Lowering<'_> {
    /// A call of a local closure, or of a function handed in as a parameter: without floats among its arguments that is
    /// a constant.
    pub(super) fn local_call(
        &mut self,
        callee: &Term,
        call: &ExprCall,
        want: &Kind,
    ) -> Option<Term> {
        match callee {
            Term::Closure(closure) => self.closure_call(closure, call, want),
            term if self.is_handed(term) => self.handed_call(term, call, want),
            _ if call.args.iter().all(|arg| self.infer(arg) == Kind::Inert) => {
                self.opaque(&Expr::Call(call.clone()), want.clone(), Cost::Once)
            }
            _ => self.given_call(call, want),
        }
    }

    /// A call of a function that is not known by its name. What goes into it may still turn out to be constant.
    fn given_call(&mut self, call: &ExprCall, want: &Kind) -> Option<Term> {
        self.opaque(&Expr::Call(call.clone()), want.clone(), Cost::Given)
    }

    /// A call by path.
    pub(super) fn call(&mut self, call: &ExprCall, want: &Kind) -> Option<Term> {
        let Expr::Path(path) = strip(&call.func) else {
            return self.given_call(call, want);
        };
        if let Some(name) = path.path.get_ident() {
            if let Some(term) = self.scope.term(name).cloned() {
                return self.local_call(&term, call, want);
            }
        }
        if let Some((remainder, quotient)) = self.remainder_and_quotient(path, call) {
            return self.parsed(|lowering| {
                let remainder = lowering.term(&remainder, &Kind::Unknown)?;
                let quotient = lowering.opaque(&quotient, Kind::Inert, Cost::Once)?;
                Some(Term::Tuple(vec![remainder, quotient]))
            });
        }
        match classify(&path.path, self.request.reals) {
            _ if self.is_imported_constant(call) => {
                self.confirm_constant(&path.path);
                self.constant(call, want)
            }
            Known::Math {
                rule,
                spelling,
                kind,
            } => self.math(rule, spelling, kind, &call.args, want),
            Known::Constant => self.constant(call, want),
            Known::Wrap(wrapper) => self.wrap(wrapper, call, want),
            Known::TupleStruct if want.is_float() || self.is_function(path, call) => {
                self.protocol_call(path, call, want)
            }
            Known::TupleStruct => self.tuple_struct(path, call, want),
            Known::NewVec => {
                let kind = match want {
                    Kind::Vec(_) => want.clone(),
                    _ => Kind::Vec(Box::new(Kind::Unknown)),
                };
                self.opaque(&Expr::Call(call.clone()), kind, Cost::Cheap)
            }
            Known::Number(kind) => self.opaque(&Expr::Call(call.clone()), kind, Cost::Cheap),
            Known::Inert => self.opaque(&Expr::Call(call.clone()), Kind::Inert, Cost::Once),
            Known::FromFn => self.array_from(call, want),
            Known::Boxed => self.boxed(path, call),
            Known::Memory => self.memory_function(path, call, want),
            Known::Other => self
                .conversion(path, call)
                .or_else(|| self.protocol_call(path, call, want)),
        }
    }

    /// `libm::remquo(a, b)` as `libm::remainder(a, b)`, which `libm` defines by it, and `libm::remquo(a, b).1`.
    fn remainder_and_quotient(&self, path: &ExprPath, call: &ExprCall) -> Option<(Expr, Expr)> {
        let mut names = path.path.segments.iter().rev().map(|step| &step.ident);
        let (function, of) = (names.next()?, names.next()?);
        let (Some(a), Some(b), 2) = (call.args.first(), call.args.last(), call.args.len()) else {
            return None;
        };
        let remainder = match function.to_string().as_str() {
            "remquo" => "remainder",
            "remquof" => "remainderf",
            _ => return None,
        };
        let again = of == "libm" && self.is_pure(a) && self.is_pure(b);
        let mut part = path.clone();
        part.path.segments.last_mut()?.ident = syn::Ident::new(remainder, function.span());
        again.then(|| {
            let quotient = syn::parse_quote!(#path(#a, #b).1);
            (syn::parse_quote!(#part(#a, #b)), quotient)
        })
    }

    /// Whether a name that is written like a type's is the name of a function.
    fn is_function(&self, path: &ExprPath, call: &ExprCall) -> bool {
        self.is_bound(&path.path) || self.result_of_call(call).is_some() || lends(call)
    }

    /// `let F = F(x);`: what is called is a function, since no pattern could bind the name of a tuple struct.
    fn is_bound(&self, path: &syn::Path) -> bool {
        let name = path.get_ident().map(ToString::to_string);
        name.is_some_and(|name| self.bound.contains(&name))
    }

    /// A function of the table whose arguments are scalars.
    pub(super) fn math<'e>(
        &mut self,
        rule: &'static Rule,
        spelling: Spelling,
        kind: Option<Kind>,
        arguments: impl IntoIterator<Item = &'e Expr>,
        want: &Kind,
    ) -> Option<Term> {
        let arguments: Vec<&Expr> = arguments.into_iter().collect();
        let mut kind = kind.unwrap_or(Kind::Unknown);
        let mut spelling = spelling;
        if self.is_bare(&kind)
            || arguments.iter().any(|argument| {
                let kind = self.infer(argument);
                self.is_bare(&kind)
            })
        {
            spelling = self.without_references(spelling, &arguments)?;
        }
        for argument in &arguments {
            if let float @ Kind::Float(_) = self.infer(argument) {
                kind = kind.join(&float);
            }
        }
        let mut operands = Vec::with_capacity(arguments.len());
        for argument in arguments {
            let want = if kind == Kind::Unknown {
                &Kind::Float(Float::Open)
            } else {
                &kind
            };
            operands.push(self.operand(argument, want)?);
        }
        let kind = kind.join(want);
        let kind = if kind.is_float() {
            kind
        } else {
            Kind::Float(Float::Open)
        };
        let spelling = match (spelling, operands.first()) {
            (Spelling::Method, Some(receiver)) => self.spelled(receiver, &kind),
            (other, _) => other,
        };
        Some(self.define_math(rule, spelling, operands, kind))
    }

    /// Whether a kind is that of a float with functions of a trait of the user's own.
    fn is_bare(&self, kind: &Kind) -> bool {
        matches!(kind, Kind::Float(Float::Generic(name)) if self.request.bare.contains(name))
    }

    /// Functions of such a trait may take references: as a method, one finds its receiver.
    fn without_references(&mut self, spelling: Spelling, arguments: &[&Expr]) -> Option<Spelling> {
        let refers = |argument: &&&Expr| matches!(strip(argument), Expr::Reference(_));
        if let Some(argument) = arguments.iter().skip(1).find(refers) {
            return self.unsupported(
                argument,
                "a reference that a function of a trait for numbers takes",
            );
        }
        Some(match arguments.first().filter(refers) {
            Some(_) => Spelling::Method,
            None => spelling,
        })
    }

    /// A number whose width only the user's own types around it tell has no methods: `f64::abs(x)`.
    fn spelled(&self, receiver: &Operand, kind: &Kind) -> Spelling {
        let open = matches!(receiver, Operand::Var(_))
            && self.kind_of_operand(receiver) == Kind::Float(Float::Open);
        match kind {
            Kind::Float(Float::F64) if open => Spelling::Path(quote!(f64::)),
            Kind::Float(Float::F32) if open => Spelling::Path(quote!(f32::)),
            _ => Spelling::Method,
        }
    }

    /// `let t = rule(args);`
    pub(super) fn define_math(
        &mut self,
        rule: &'static Rule,
        spelling: Spelling,
        args: Vec<Operand>,
        kind: Kind,
    ) -> Term {
        let kind = match rule.name {
            "sin_cos" => Kind::Tuple(vec![kind.clone(), kind]),
            _ => kind,
        };
        self.define(
            Op::Math {
                rule,
                spelling,
                args,
            },
            kind,
        )
    }

    /// A call reversed through `g_vjp`.
    pub(super) fn protocol_call(
        &mut self,
        path: &ExprPath,
        call: &ExprCall,
        want: &Kind,
    ) -> Option<Term> {
        let last = path.path.segments.last()?;
        if last.ident.to_string().ends_with("_grad") {
            return self.refuse(
                Slug::GradientOfGradient,
                last.ident.span(),
                &format!("`{}`", last.ident),
            );
        }
        let inert = call.args.iter().all(|arg| self.infer(arg) == Kind::Inert);
        if let Some(cell) = cell(&path.path).filter(|_| !inert) {
            return self.refuse(
                Slug::InteriorMutability,
                last.ident.span(),
                &format!("a `{cell}`"),
            );
        }
        if maker(call).is_some() {
            return self
                .made_iterator(call)
                .map(|chain| Term::Chain(chain.into()));
        }
        if let Some(source) = refused_maker(&path.path).filter(|_| !inert) {
            let detail = format!("`iter::{source}`");
            return self.refuse(Slug::UnsupportedAdaptor, last.ident.span(), &detail);
        }
        let mut args = Vec::with_capacity(call.args.len());
        let callee = match self.is_shadowed(path) {
            true => String::new(),
            false => name_of(path),
        };
        for (position, argument) in call.args.iter().enumerate() {
            args.push(self.argument_of(&callee, position, argument)?);
        }
        self.coerce_shared(&mut args, &call.args);
        let span = last.ident.span();
        let seen = self.result_of_call(call).unwrap_or(Kind::Unknown);
        let kind = seen.join(want);
        let call = Call::new(Callee::Path(path.clone()), args, span);
        Some(self.define(Op::Call(Box::new(call)), kind))
    }

    /// A `&mut` variable handed over by name beside another borrow of it, or before it is read, is coerced to `&`:
    /// nothing else would have passed the borrow checker. The arguments as they are written are the last of `args`.
    pub(super) fn coerce_shared(&self, args: &mut [Arg], written: &Punctuated<Expr, Token![,]>) {
        let borrowed = |arg: &Arg| match arg {
            Arg::Ref(place) | Arg::RefMut(place) => Some(place.root),
            _ => None,
        };
        let roots: Vec<_> = args.iter().filter_map(borrowed).collect();
        let receivers = args.len() - written.len();
        for (position, arg) in args.iter_mut().enumerate() {
            let Arg::RefMut(place) = arg else { continue };
            let whole = place.path.is_empty() && self.info(place.root).class == Class::RefMut;
            let beside = roots.iter().filter(|root| **root == place.root).count() > 1;
            let read = position >= receivers && read_behind(written, position - receivers);
            if whole && (beside || read) {
                *arg = Arg::Ref(place.clone());
            }
        }
    }

    /// An argument of a call, of a function that may be seen: then it is known which arguments come with rules.
    pub(super) fn argument_of(
        &mut self,
        callee: &str,
        position: usize,
        argument: &Expr,
    ) -> Option<Arg> {
        let unread = std::mem::take(&mut self.unread);
        let results = self.request.results;
        let arity = results.rule_at(callee, position);
        let arg = match arity.and_then(|arity| self.surely_handed(argument, arity)) {
            Some(closure) => self.lambda_of(argument, &closure),
            None if unread || results.sees(callee) => self.argument(argument),
            None => self
                .likely_handed(argument)
                .or_else(|| self.argument(argument)),
        };
        self.unread = unread;
        arg
    }

    /// An argument of a call: by value, or a borrowed place.
    pub(super) fn argument(&mut self, argument: &Expr) -> Option<Arg> {
        if let Some(function) = self.function_argument(argument) {
            return function;
        }
        if let Some(function) = self.item_argument(argument) {
            return Some(function);
        }
        match strip(argument) {
            Expr::Reference(reference) if self.is_string(&reference.expr) => {
                let text = self.opaque(argument, Kind::Inert, Cost::Cheap)?;
                self.operand_of(text, &Kind::Inert).map(Arg::Value)
            }
            expr if self.is_closure(expr) => self.closure_argument(expr),
            Expr::Reference(reference) => {
                let mutable = reference.mutability.is_some();
                let place = self.borrow(&reference.expr, mutable)?;
                if place.path.is_empty() && self.traits[place.root.0].refers {
                    let what = "a vector of references that is handed to a function";
                    return self.unsupported(argument, what);
                }
                Some(if mutable {
                    Arg::RefMut(place)
                } else {
                    Arg::Ref(place)
                })
            }
            expr if self.makes_string(expr) => self.text_argument(expr),
            expr => match self.term(expr, &Kind::Unknown)? {
                Term::Ref {
                    place,
                    mutable: false,
                } => Some(Arg::Ref(place)),
                Term::Ref {
                    place,
                    mutable: true,
                } => Some(Arg::RefMut(place)),
                Term::Maybe { payload, .. } if matches!(*payload, Term::Ref { .. }) => self
                    .unsupported(
                        expr,
                        "an option of a reference that is handed to a function",
                    ),
                Term::Chain(_) => {
                    self.unsupported(expr, "an iterator that is handed to a function")
                }
                Term::Place(place) if self.is_kept_slice(&place) => {
                    let whole = Proj::Slice { lo: None, hi: None };
                    Some(Arg::Ref(place.then(whole)))
                }
                term => Some(Arg::Value(self.operand_of(term, &Kind::Unknown)?)),
            },
        }
    }

    /// Whether a place holds a reference to a slice, as `rows[i]` of `rows: &[&[f64]]` does: the cotangent of what stands
    /// there is a vector, and what is handed over is a slice of it.
    fn is_kept_slice(&self, place: &Place) -> bool {
        let sliced = matches!(place.path.last(), None | Some(Proj::Slice { .. }));
        let of_slice = matches!(self.kind_of_place(place), Kind::Slice(_));
        of_slice && !sliced && !self.may_change(place.root)
    }

    /// The place that `&expr` or `&mut expr` borrows.
    pub(super) fn borrow(&mut self, expr: &Expr, mutable: bool) -> Option<Place> {
        if !mutable && self.is_of_constant(expr) {
            return self.lent(expr);
        }
        let place = self.place(expr)?;
        if mutable {
            self.traits[place.root.0].mutable = true;
        }
        Some(place)
    }
}

/// Whether an argument is a name that arguments behind it mention.
fn read_behind(written: &Punctuated<Expr, Token![,]>, position: usize) -> bool {
    let Some(Expr::Path(path)) = written.get(position).map(strip) else {
        return false;
    };
    let Some(name) = path.path.get_ident() else {
        return false;
    };
    let mentions = |argument: &Expr| {
        let names = free_names(argument);
        names.read.contains(name) && !names.bound.contains(&name.to_string())
    };
    written.iter().skip(position + 1).any(mentions)
}

/// `Mimas(&info)`: a struct is not built of references to floats here, so this is a function with a capital letter.
fn lends(call: &ExprCall) -> bool {
    let borrows = |argument: &Expr| match strip(argument) {
        Expr::Reference(reference) => !matches!(strip(&reference.expr), Expr::Lit(_)),
        _ => false,
    };
    call.args.iter().any(borrows)
}
