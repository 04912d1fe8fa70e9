//! Constructs that no stage could differentiate, told by their names alone.

use syn::visit::{self, Visit};
use syn::{
    Block, Expr, ExprCall, ExprMethodCall, Ident, Item, Macro, Stmt, Type, UseGlob, UseTree,
};

use super::signature::Param;
use super::types;
use crate::diagnostics::{Errors, Slug};

/// Methods that are refused wherever they are called.
const METHODS: &[(&str, Slug)] = &[
    ("par_iter", Slug::ParallelIterator),
    ("par_iter_mut", Slug::ParallelIterator),
    ("into_par_iter", Slug::ParallelIterator),
    ("par_chunks", Slug::ParallelIterator),
    ("par_chunks_exact", Slug::ParallelIterator),
    ("par_bridge", Slug::ParallelIterator),
    ("borrow_mut", Slug::InteriorMutability),
];

/// Functions that make a float of bits, whose gradient would be lost; of literals they make constants.
const BITS: &[&str] = &[
    "from_bits",
    "from_be_bytes",
    "from_le_bytes",
    "from_ne_bytes",
];

/// Macros that are refused by name.
const ASSEMBLY: &[&str] = &["asm", "naked_asm", "global_asm"];

/// Refuses what can never be differentiated in a body.
pub fn check(block: &Block, params: &[Param], errors: &mut Errors) {
    let dynamic = params.iter().filter(|param| is_dyn(param.referent()));
    let mut check = Check {
        dynamic: dynamic.map(|param| &param.name).collect(),
        active: params
            .iter()
            .filter(|param| param.is_active())
            .map(|param| &param.name)
            .collect(),
        errors,
    };
    visit::visit_block(&mut check, block);
}

fn is_dyn(ty: &Type) -> bool {
    match types::peel(ty) {
        Type::TraitObject(_) => true,
        ty => types::as_path(ty)
            .filter(|path| types::ends_with(path, "Box"))
            .and_then(|path| types::argument(path, 0))
            .is_some_and(is_dyn),
    }
}

struct Check<'a> {
    dynamic: Vec<&'a Ident>,
    active: Vec<&'a Ident>,
    errors: &'a mut Errors,
}

impl<'ast> Visit<'ast> for Check<'_> {
    /// A block inside the body: its items are moved to the head of the body, where names that a module brings in would hide
    /// others. An enum brings in its variants.
    fn visit_block(&mut self, block: &'ast Block) {
        for stmt in &block.stmts {
            if let Stmt::Item(Item::Use(item)) = stmt {
                let star = all_of_module(&item.tree);
                star.into_iter()
                    .for_each(|star| self.errors.refuse_tokens(Slug::InnerGlob, star, ""));
            }
        }
        visit::visit_block(self, block);
    }

    fn visit_expr_method_call(&mut self, call: &'ast ExprMethodCall) {
        let name = call.method.to_string();
        if let Some((name, slug)) = METHODS.iter().find(|(method, _)| *method == name) {
            self.errors
                .refuse_with(*slug, call.method.span(), &format!("`{name}`"));
        } else if self.is_dynamic(&call.receiver) && call.args.iter().any(|arg| self.is_active(arg))
        {
            self.errors.refuse(Slug::DynCall, call.method.span());
        }
        visit::visit_expr_method_call(self, call);
    }

    fn visit_expr_call(&mut self, call: &'ast ExprCall) {
        if let Expr::Path(function) = &*call.func {
            if types::ends_with(&function.path, "constant") {
                return;
            }
            let bits = BITS
                .iter()
                .any(|name| types::ends_with(&function.path, name));
            if bits && !call.args.iter().all(|arg| matches!(arg, Expr::Lit(_))) {
                self.errors
                    .refuse_tokens(Slug::BitOperation, &function.path, "");
            }
        }
        visit::visit_expr_call(self, call);
    }

    fn visit_macro(&mut self, mac: &'ast Macro) {
        if ASSEMBLY
            .iter()
            .any(|name| types::ends_with(&mac.path, name))
        {
            self.errors
                .refuse_tokens(Slug::InlineAssembly, &mac.path, "");
        }
    }

    fn visit_item(&mut self, _: &'ast Item) {}
}

/// The `*` of `m::*`.
fn all_of_module(tree: &UseTree) -> Option<&UseGlob> {
    match tree {
        UseTree::Path(step) => match &*step.tree {
            UseTree::Glob(star) => {
                let is_type = step.ident.to_string().starts_with(char::is_uppercase);
                (!is_type).then_some(star)
            }
            tree => all_of_module(tree),
        },
        UseTree::Group(group) => group.items.iter().find_map(all_of_module),
        UseTree::Glob(star) => Some(star),
        _ => None,
    }
}

impl Check<'_> {
    fn is_dynamic(&self, receiver: &Expr) -> bool {
        match receiver {
            Expr::Path(path) => self.dynamic.iter().any(|name| path.path.is_ident(*name)),
            _ => false,
        }
    }

    /// Whether an active parameter is mentioned.
    fn is_active(&self, arg: &Expr) -> bool {
        let tokens = quote::ToTokens::to_token_stream(arg);
        types::says(tokens, &|ident| self.active.contains(&ident))
    }
}
