//! `syn` → IR.
//!
//! Every intermediate gets a name, every scalar local is assigned once, references are resolved to places, and exits
//! become tail switches. A construct is a file. Functions return `None` where the program point after them is not
//! reached, or where something was refused; refusals are collected, and lowering goes on with the next statement.

mod adaptors;
mod aggregate;
mod alternatives;
mod assigned;
mod assignment;
mod behind;
mod binding;
mod blind;
mod branch;
mod builder;
mod by_name;
mod call;
mod carried;
mod chains;
mod chosen;
mod closures;
mod collect;
mod collections;
mod constants;
mod constructors;
mod conversions;
mod counted;
mod counting;
mod ends;
mod entries;
mod exits;
mod expected;
mod expression;
mod families;
mod fill_array;
mod gathered;
mod gives;
mod handed;
mod held;
mod infer;
pub mod integers;
mod items;
mod iterate;
mod iterators;
mod join;
mod known;
mod lambda;
mod leaving;
mod let_chains;
mod looking;
mod loops;
mod macros;
mod made;
mod mapped;
mod matching;
mod method;
mod names;
mod opaque;
mod operator;
mod option_items;
mod options;
mod options_in_place;
mod options_of_two;
mod parameter;
mod passing;
mod pattern;
mod permute;
mod picks;
mod place;
mod positions;
mod prescan;
mod purity;
mod quantify;
mod queues;
mod ranges;
mod reduce;
mod references;
mod refutable;
mod reports;
mod resize;
pub mod results;
mod scope;
mod sequences;
mod spelled_out;
mod stages;
mod statement;
pub mod strings;
mod tables;
mod taken;
#[cfg(test)]
mod tests;
mod to_arrays;
pub mod tries;
mod tuple_parts;
mod types;
mod units;
mod unseen;
mod until_failure;
mod untyped;
mod variants;
mod vectors;
mod views;

use std::collections::{HashMap, HashSet};

use proc_macro2::{Ident, Span};
use quote::format_ident;
use syn::{Block as SynBlock, ReturnType, Signature, Type};

use crate::diagnostics::{Errors, Slug};
use crate::ir::{Class, End, Float, Function, Kind, Op, Operand, Place, Stmt, Var, VarInfo};
use builder::{Builder, Exit, Tail, Target};
pub use looking::unknown_macros;
use loops::{Frame, FrameKind};
pub use results::Results;
use scope::{Scope, Term};

/// A function to be lowered.
#[derive(Debug)]
pub struct Request<'a> {
    pub sig: &'a Signature,
    pub block: &'a SynBlock,
    /// Per parameter, `self` included: whether a gradient with respect to it may be asked for.
    pub active: &'a [bool],
    /// Where the runtime is found.
    pub tapeless: &'a syn::Path,
    /// Type parameters that stand for floats.
    pub reals: &'a [Ident],
    /// Those of them that are known for floats by a trait of the user's own.
    pub bare: &'a [Ident],
    /// The type whose method it is, where that is known.
    pub self_ty: Option<&'a Type>,
    /// What functions give whose signatures are seen.
    pub results: &'a Results,
    /// The references among the parameters that stand for variables around a closure.
    pub captures: &'a [bool],
}

/// Lowers a function; `None` if something was refused.
pub fn lower(request: &Request<'_>, errors: &mut Errors) -> Option<Function> {
    let refused = errors.count();
    let unit = types::kind_of_result(&request.sig.output, request.reals).is_none();
    let block = units::as_statements(request.block, unit);
    let block = leaving::written_out(block, &request.sig.output);
    let block = queues::as_vectors(block);
    let block = &tables::called_by_name(block, request.sig);
    let request = &Request { block, ..*request };
    let mut lowering = Lowering::new(request, errors);
    let params = lowering.parameters();
    lowering.builder.open();
    lowering.function_body();
    let draft = lowering.builder.take().close(Vec::new);
    let body = draft.seal(&mut |exit, _| End::Yield(exit.values));
    let Lowering {
        mut vars,
        items,
        result,
        errors,
        ..
    } = lowering;
    if errors.count() > refused {
        return None;
    }
    untyped::say(&mut vars, &body);
    let primal_vars = vars.len();
    Some(Function {
        vars,
        params,
        body,
        result,
        items,
        primal_vars,
        bare: request.bare.to_vec(),
    })
}

/// How deep expressions and blocks may nest.
const DEPTH: usize = 128;

/// The state of lowering one function.
struct Lowering<'a> {
    request: &'a Request<'a>,
    errors: &'a mut Errors,
    vars: Vec<VarInfo>,
    traits: Vec<Traits>,
    /// What variables refer to that are names for parts of slices.
    parts: HashMap<Var, Place>,
    /// Copies of parts whose types are not seen.
    copies: HashSet<Var>,
    /// Local collections of what carries no floats.
    collections: HashMap<Var, held::Held>,
    /// What `x.into()` makes.
    converted: HashSet<Var>,
    scope: Scope,
    builder: Builder,
    items: Vec<syn::Item>,
    /// Kinds of the constants among the items, and of const generics.
    constants: HashMap<String, Kind>,
    /// Names whose variables must be memory, because a `&mut` to them is taken.
    borrowed: HashSet<String>,
    /// Names of variables that are gone through like slices.
    gone_through: HashSet<String>,
    /// Names that some pattern of the function binds.
    bound: HashSet<String>,
    /// Fields of parameters, as text, that are integers by how they are used.
    integers: HashSet<String>,
    /// Addresses of the `if`s and `match`es whose value is the function's result.
    tails: HashSet<usize>,
    /// Addresses of calls of which something is made, though a sequence's method of that name gives nothing.
    gives: HashSet<usize>,
    /// Inferred kinds by address of the expression, for the statement at hand.
    inferred: HashMap<usize, Kind>,
    /// Types that a `let` says of conversions, by address of the call.
    made: HashMap<usize, Type>,
    /// Variants that are written without their enum.
    variants: HashSet<String>,
    result: Option<Kind>,
    /// Loops, labelled blocks and closures we are in.
    frames: Vec<Frame>,
    frames_made: usize,
    depth: usize,
    /// A pattern that cannot fail is being bound.
    irrefutable: bool,
    /// A call is lowered whose result nobody reads.
    unread: bool,
}

/// What lowering alone knows of a variable.
#[derive(Clone, Copy, Debug, Default)]
struct Traits {
    /// Memory that may change after it was initialised.
    mutable: bool,
    /// The user's vector has references to its elements.
    refers: bool,
}

impl<'a> Lowering<'a> {
    fn new(request: &'a Request<'a>, errors: &'a mut Errors) -> Self {
        let constants = request
            .sig
            .generics
            .const_params()
            .map(|param| (param.ident.to_string(), Kind::Inert))
            .collect();
        let bound = prescan::bound(request.block);
        let integers = integers::fields(request.sig, request.block, &bound);
        Lowering {
            request,
            errors,
            vars: Vec::new(),
            traits: Vec::new(),
            parts: HashMap::new(),
            copies: HashSet::new(),
            collections: HashMap::new(),
            converted: HashSet::new(),
            scope: Scope::default(),
            builder: Builder::default(),
            items: Vec::new(),
            constants,
            borrowed: prescan::borrowed(request.block),
            gone_through: prescan::gone_through(request.block),
            bound,
            integers,
            tails: prescan::tails(request.block),
            gives: gives::calls(request.block),
            inferred: HashMap::new(),
            made: HashMap::new(),
            variants: variants::imported(request.block),
            result: expected::result_of(&request.sig.output, request.block, request.reals),
            frames: Vec::new(),
            frames_made: 0,
            depth: 0,
            irrefutable: false,
            unread: false,
        }
    }

    /// The body, whose value is the function's result.
    fn function_body(&mut self) {
        self.scope.enter();
        self.bind_parameters();
        self.check_integers();
        let want = self.result.clone().unwrap_or(Kind::Inert);
        let value = self.block(self.request.block, &want);
        if let Some(term) = value {
            self.return_term(term);
        } else if self.result.is_none() {
            self.exit(Target::Return, Vec::new());
        }
        self.scope.leave();
    }

    /// Leaves the function, or the closure that is being inlined, with a result.
    fn return_term(&mut self, term: Term) {
        if let Some(frame) = self
            .frames
            .iter()
            .rposition(|frame| frame.kind == FrameKind::Closure)
        {
            self.return_from_closure(frame, term);
            return;
        }
        let Some(want) = self.result.clone() else {
            self.exit(Target::Return, Vec::new());
            return;
        };
        if let Some(value) = self.operand_of(term, &want) {
            self.annotate_result(&value);
            self.exit(Target::Return, vec![value]);
        }
    }

    /// `Ok(x)` alone does not say which error there could have been, nor `point(x, y)` which unit a phantom of the type
    /// stands for: the signature does.
    fn annotate_result(&mut self, value: &Operand) {
        let (Operand::Place(place), ReturnType::Type(_, ty)) = (value, &self.request.sig.output)
        else {
            return;
        };
        let made_here = place.path.is_empty() && !self.vars[place.root.0].named;
        let open = match self.info(place.root).kind {
            Kind::Option(_) | Kind::Result(_) => true,
            Kind::Unknown if types::has_arguments(ty) => true,
            // `x.into()` does not say what it makes.
            _ => self.converted.contains(&place.root),
        };
        if made_here && open {
            self.vars[place.root.0].ty.get_or_insert((**ty).clone());
        }
    }

    /// Ends the region at hand.
    fn exit(&mut self, target: Target, values: Vec<Operand>) {
        self.builder.end(Tail::Exit(Exit { target, values }));
    }

    /// Refuses what stands at `span`.
    fn refuse<T>(&mut self, slug: Slug, span: Span, detail: &str) -> Option<T> {
        self.errors.refuse_with(slug, span, detail);
        None
    }

    /// A new variable without a user's name.
    fn fresh(&mut self, hint: &str, kind: Kind, class: Class) -> Var {
        let var = self.named(format_ident!("{hint}"), kind, class);
        self.vars[var.0].named = false;
        var
    }

    /// A new variable of the user.
    fn named(&mut self, name: Ident, kind: Kind, class: Class) -> Var {
        let var = Var(self.vars.len());
        self.vars.push(VarInfo {
            name,
            named: true,
            kind,
            class,
            ty: None,
            span: Span::call_site(),
        });
        self.traits.push(Traits::default());
        var
    }

    /// `let t = op;` a value if the kind is scalar, else memory.
    fn define(&mut self, op: Op, kind: Kind) -> Term {
        if kind.is_scalar() {
            let var = self.fresh("t", kind, Class::Value);
            self.builder.push(Stmt::Let { var, op });
            Term::Value(Operand::Var(var))
        } else {
            let var = self.fresh("t", kind, Class::Root);
            if let Op::Keep(place) | Op::Use(Operand::Place(place)) = &op {
                if !place.path.is_empty() {
                    self.copies.insert(var);
                }
            }
            self.builder.push(Stmt::Let { var, op });
            Term::Fresh(Place {
                root: var,
                path: Vec::new(),
            })
        }
    }

    /// The same, of an operation that stands at `span`.
    fn define_at(&mut self, span: Span, op: Op, kind: Kind) -> Term {
        let term = self.define(op, kind);
        if let Term::Value(Operand::Var(var)) | Term::Fresh(Place { root: var, .. }) = term {
            self.vars[var.0].span = span;
        }
        term
    }

    /// The same, where the kind is surely scalar.
    fn define_value(&mut self, op: Op, kind: Kind) -> Operand {
        let var = self.fresh("t", kind, Class::Value);
        self.builder.push(Stmt::Let { var, op });
        Operand::Var(var)
    }

    /// `let t = value;` in memory.
    fn define_root(&mut self, value: Operand) -> Place {
        let kind = self.kind_of_operand(&value);
        let root = self.fresh("t", kind, Class::Root);
        self.builder.push(Stmt::Let {
            var: root,
            op: Op::Use(value),
        });
        Place {
            root,
            path: Vec::new(),
        }
    }

    fn info(&self, var: Var) -> &VarInfo {
        &self.vars[var.0]
    }

    /// The kind of an operand.
    fn kind_of_operand(&self, operand: &Operand) -> Kind {
        match operand {
            Operand::Var(var) => self.info(*var).kind.clone(),
            Operand::Place(place) => self.kind_of_place(place),
            Operand::Literal(literal) => literal.kind.clone(),
        }
    }

    /// The kind of what a term stands for.
    fn kind_of_term(&self, term: &Term) -> Kind {
        match term {
            Term::Value(operand) => self.kind_of_operand(operand),
            Term::Fresh(place) | Term::Place(place) | Term::Ref { place, .. } => {
                self.kind_of_place(place)
            }
            Term::Tuple(parts) => {
                Kind::Tuple(parts.iter().map(|part| self.kind_of_term(part)).collect())
            }
            Term::Maybe { payload, .. } => Kind::Option(Box::new(self.kind_of_term(payload))),
            Term::Closure(_) | Term::Chain(_) => Kind::Unknown,
        }
    }
}

/// The type to write where a literal alone would not say which float it is.
fn type_of_float(kind: &Kind) -> Option<Type> {
    match kind {
        Kind::Float(Float::F32) => Some(syn::parse_quote!(f32)),
        Kind::Float(Float::F64) => Some(syn::parse_quote!(f64)),
        _ => None,
    }
}
