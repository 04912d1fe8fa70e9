//! IR → tokens. Nothing fails here.
//!
//! The output reads like Rust written by hand: a value that is used once, by a statement before which nothing happens
//! to what it reads, stands where it is used ([`pending`]), and loops write their carried values in place ([`loops`]).
//! The order of floating-point operations is that of the IR.

mod adjoint;
mod aggregate;
mod bound;
mod branch;
mod call;
mod closure;
mod code;
mod disjoint;
mod expression;
mod gather;
mod growth;
mod guard;
mod halves;
pub mod item;
mod loops;
pub mod names;
mod nested;
mod opaque;
mod opened;
pub mod paths;
mod pending;
mod places;
mod room;
pub mod size;
mod slots;
mod statement;
mod storage;
pub mod storage_doc;
mod substitute;
#[cfg(test)]
mod tests;
mod while_loop;

use std::collections::HashSet;

use proc_macro2::{Ident, TokenStream};
use quote::{quote, ToTokens};

use crate::ir::uses::{self, Use};
use crate::ir::{Block, Callee, Class, Function, Proj, Stmt, Var, VarInfo, Vjp, VjpOf};
use crate::rules;
use names::Names;
use paths::Paths;
use pending::Pending;

/// What emission is told beside the function.
#[derive(Clone, Debug)]
pub struct Context {
    /// Where the crate `tapeless` is found.
    pub crate_path: syn::Path,
    /// The variables which the signature of `f_vjp` defines besides the primal's parameters, called as there: the
    /// cotangent of the result, and the slots.
    pub given: Vec<Var>,
    /// Names of constants around the function, which no variable may have.
    pub taken: HashSet<String>,
    /// Nothing may be allocated.
    pub no_alloc: bool,
    /// The result is a reference to a place.
    pub lends: bool,
}

/// The body of `f_vjp`: statements and the tail expression.
pub fn body(adjoint: &Function, context: &Context) -> TokenStream {
    let mut emitter = Emitter::new(adjoint, context);
    let items = nested::items(adjoint, context);
    let imports =
        |of: &dyn Fn(&Vjp) -> bool, tokens: TokenStream| calls(&adjoint.body, of).then_some(tokens);
    let scalars = imports(&is_scalar_rule, emitter.paths.scalar_rules());
    let operators = imports(&is_operator_method, emitter.paths.operator_rules());
    let conversions = imports(&is_from_or_into, emitter.paths.conversion_rules());
    let sequences = imports(&is_of_sequences, emitter.paths.sequence_rules());
    let params = emitter.mutable_params();
    let block = emitter.block(&adjoint.body, branch::Exit::FUNCTION);
    let elements = emitter.elements.then(|| emitter.paths.elements());
    let imports = quote!(#scalars #operators #conversions #sequences #elements);
    quote!(#(#items)* #imports #params #block)
}

/// Walks the function and collects tokens.
struct Emitter<'f> {
    function: &'f Function,
    context: &'f Context,
    names: Names,
    paths: Paths,
    no_alloc: bool,
    /// How often each variable is used; names in opaque expressions count twice.
    uses: Vec<usize>,
    /// How often each carried value is the result of its own loop.
    final_uses: Vec<usize>,
    /// Which variables are later versions of a user's variable.
    versions: Vec<bool>,
    /// Which variables are changed after their definition.
    mutated: Vec<bool>,
    /// Which values are assigned in every iteration of a loop.
    carried: Vec<bool>,
    /// The loop in whose body carried values, and results that share their storage, are variables.
    home: Vec<usize>,
    /// The loop around, by its number; 0 is the function.
    inside: usize,
    /// How many loops have been entered.
    loops: usize,
    /// Variables that share the storage of another one.
    alias: Vec<Option<Var>>,
    /// Cotangents that are only summed up and handed on.
    gathered: Vec<Option<gather::Gathered>>,
    /// Whether elements of fields have been printed, which takes an import.
    elements: bool,
    pending: Pending,
    /// Stores that are vectors, and those of them in which there is room for what is pushed.
    vectors: Vec<Var>,
    roomy: Vec<Var>,
    /// Additions to slots that are being gathered. Inside, the name of the slot is that of its cotangent.
    groups: Vec<(Var, TokenStream)>,
}

/// Whether a cotangent is looked into by a method that takes it as `&mut`.
fn opens_variant(function: &Function, used: &Use<'_>) -> bool {
    match used {
        Use::Place(place, _) => {
            let cotangent = matches!(
                function.vars[place.root.0].class,
                Class::Shadow | Class::Lent | Class::Slot
            );
            cotangent
                && place
                    .path
                    .iter()
                    .any(|proj| matches!(proj, Proj::Variant(_)))
        }
        _ => false,
    }
}

impl<'f> Emitter<'f> {
    fn new(function: &'f Function, context: &'f Context) -> Emitter<'f> {
        let count = function.vars.len();
        let (mut uses, mut mutated) = (vec![0; count], vec![false; count]);
        uses::of_block(&function.body, &mut |used: Use<'f>| {
            let var = used.var().0;
            uses[var] += if matches!(used, Use::Captured(_)) {
                2
            } else {
                1
            };
            mutated[var] |= used.mutates() || opens_variant(function, &used);
        });
        let mut final_uses = vec![0; count];
        loops::count_final_uses(&function.body, &mut final_uses);
        let names = Names::new(function, &context.given, &context.taken);
        Emitter {
            function,
            context,
            names,
            paths: Paths::new(&context.crate_path),
            no_alloc: context.no_alloc,
            uses,
            final_uses,
            versions: versions(function),
            mutated,
            carried: vec![false; count],
            home: vec![0; count],
            inside: 0,
            loops: 0,
            alias: vec![None; count],
            gathered: gather::gathered(function),
            elements: false,
            pending: Pending::default(),
            vectors: room::vectors(&function.body, context.no_alloc),
            roomy: Vec::new(),
            groups: Vec::new(),
        }
    }

    fn info(&self, var: Var) -> &'f VarInfo {
        &self.function.vars[var.0]
    }

    fn class(&self, var: Var) -> Class {
        self.info(var).class
    }

    /// Whether a name in the output stands for something that may change.
    fn changes(&self, var: Var) -> bool {
        self.carried[var.0] || self.class(var) != Class::Value
    }

    /// The variable whose storage this one has.
    fn storage(&self, mut var: Var) -> Var {
        while let Some(target) = self.alias[var.0] {
            var = target;
        }
        var
    }

    /// By-value parameters that the body changes: `let mut x = x;`.
    fn mutable_params(&mut self) -> TokenStream {
        let mut lines = TokenStream::new();
        for param in &self.function.params {
            if self.class(param.var) != Class::Root || !self.mutated[param.var.0] {
                continue;
            }
            let name = self.names.of(param.var);
            let ours = if name == "self" {
                self.names.local("this")
            } else {
                name.clone()
            };
            lines.extend(quote!(let mut #ours = #name;));
            self.names.rename(param.var, ours);
        }
        lines
    }

    /// Appends a statement, after the additions that have been gathered.
    fn line(&mut self, lines: &mut TokenStream, statement: impl ToTokens) {
        self.close_groups(lines);
        statement.to_tokens(lines);
    }
}

/// Which variables have a name that one before them has.
fn versions(function: &Function) -> Vec<bool> {
    let mut seen = HashSet::new();
    function
        .vars
        .iter()
        .map(|info| !seen.insert(&info.name))
        .collect()
}

/// Whether a block needs a trait that holds rules for receivers of unknown type.
fn calls(block: &Block, rule: &dyn Fn(&Vjp) -> bool) -> bool {
    let of_stmt = |stmt: &Stmt| match stmt {
        Stmt::Vjp(vjp) => rule(vjp),
        other => uses::blocks(other)
            .into_iter()
            .any(|block| calls(block, rule)),
    };
    let ends = uses::end_blocks(&block.end);
    block.stmts.iter().any(of_stmt) || ends.iter().any(|block| calls(block, rule))
}

/// `x.rem(y)`, whatever `x` is.
fn is_operator_method(vjp: &Vjp) -> bool {
    matches!(&vjp.of, VjpOf::Call(Callee::Method { name, .. }) if is_operator(&name.to_string()))
}

fn is_operator(method: &str) -> bool {
    matches!(method, "add" | "sub" | "mul" | "div" | "rem" | "neg")
}

/// `S::from(x)`, `x.into()`
fn is_from_or_into(vjp: &Vjp) -> bool {
    called(vjp).is_some_and(|name| name == "from" || name == "into")
}

/// `x.swap(i, j)`, `x.map(f)`, `x.try_into()`, whatever `x` is.
fn is_of_sequences(vjp: &Vjp) -> bool {
    const METHODS: [&str; 5] = ["swap", "to_vec", "map", "try_into", "try_from"];
    called(vjp).is_some_and(|name| METHODS.iter().any(|method| name == method))
}

fn is_scalar_rule(vjp: &Vjp) -> bool {
    let to_number = |name: &Ident| name == "to_f64" || name == "to_f32";
    matches!(vjp.of, VjpOf::Math(_)) || called(vjp).is_some_and(to_number) || is_of_alias(vjp)
}

/// `Scalar::abs(x)`: the name of the type may be another one for that of floats.
fn is_of_alias(vjp: &Vjp) -> bool {
    let VjpOf::Call(Callee::Path(path)) = &vjp.of else {
        return false;
    };
    let mut names = path.path.segments.iter().rev();
    let name = names.next().map(|step| step.ident.to_string());
    let owner = names.next().map(|step| step.ident.to_string());
    let is_type = owner.is_some_and(|owner| owner.starts_with(char::is_uppercase));
    is_type && name.is_some_and(|name| rules::lookup(&name).is_some())
}

/// The name of what is called.
fn called(vjp: &Vjp) -> Option<&Ident> {
    match &vjp.of {
        VjpOf::Call(Callee::Method { name, .. }) => Some(name),
        VjpOf::Call(Callee::Path(path)) => Some(&path.path.segments.last()?.ident),
        _ => None,
    }
}

fn is_conversion(function: &str) -> bool {
    matches!(
        function,
        "from" | "from_f64" | "from_f32" | "into" | "to_f64" | "to_f32"
    )
}
