//! Takes this crate's own attributes off what is re-emitted, and checks that they stand where they mean something.

use syn::visit_mut::{self, VisitMut};
use syn::{Attribute, Block, Expr, FnArg, Item, Signature};

use crate::diagnostics::{Errors, Slug};

/// Whether the attribute is `#[constant]`.
pub fn is_constant(attr: &Attribute) -> bool {
    attr.path()
        .segments
        .last()
        .is_some_and(|last| last.ident == "constant")
}

/// Whether the attribute bounds what a loop stores.
pub fn is_limit(attr: &Attribute) -> bool {
    attr.path().is_ident("max_iters") || attr.path().is_ident("checkpoints")
}

/// Whether the item carries an attribute macro of this crate, which will expand by itself.
pub fn has_its_own(attrs: &[Attribute]) -> bool {
    let last = |attr: &Attribute| {
        attr.path()
            .segments
            .last()
            .map(|last| last.ident.to_string())
    };
    let ours = |attr| matches!(last(attr).as_deref(), Some("differentiate" | "derivative"));
    attrs.iter().any(ours)
}

/// Removes `#[constant]` and says whether it was there.
pub fn take_constant(attrs: &mut Vec<Attribute>, errors: &mut Errors) -> bool {
    let before = attrs.len();
    for attr in attrs.iter().filter(|attr| is_constant(attr)) {
        if attr.meta.require_path_only().is_err() {
            errors.refuse_tokens(Slug::MisplacedConstant, attr, "");
        }
    }
    attrs.retain(|attr| !is_constant(attr));
    attrs.len() < before
}

/// Removes our attributes from a function that is re-emitted.
pub fn function(attrs: &mut Vec<Attribute>, sig: &mut Signature, block: Option<&mut Block>) {
    attrs.retain(|attr| !is_constant(attr) && !is_limit(attr));
    for input in &mut sig.inputs {
        let attrs = match input {
            FnArg::Receiver(receiver) => &mut receiver.attrs,
            FnArg::Typed(typed) => &mut typed.attrs,
        };
        attrs.retain(|attr| !is_constant(attr));
    }
    if let Some(block) = block {
        Strip.visit_block_mut(block);
    }
}

/// Refuses our attributes where they do not belong; items inside the body are not ours.
pub fn check(block: &mut Block, errors: &mut Errors) {
    Check { errors }.visit_block_mut(block);
}

struct Strip;

impl VisitMut for Strip {
    fn visit_attributes_mut(&mut self, attrs: &mut Vec<Attribute>) {
        attrs.retain(|attr| !is_constant(attr) && !is_limit(attr));
    }

    fn visit_item_mut(&mut self, _: &mut Item) {}
}

struct Check<'a> {
    errors: &'a mut Errors,
}

impl VisitMut for Check<'_> {
    fn visit_attributes_mut(&mut self, attrs: &mut Vec<Attribute>) {
        for attr in attrs.iter() {
            if is_limit(attr) {
                let name = attr.path().get_ident().map(|name| format!("`#[{name}]`"));
                self.errors
                    .refuse_tokens(Slug::MisplacedLimit, attr, &name.unwrap_or_default());
            } else if is_constant(attr) {
                self.errors.refuse_tokens(Slug::MisplacedConstant, attr, "");
            }
        }
        attrs.retain(|attr| !is_constant(attr) && !is_limit(attr));
    }

    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        let kept = match expr {
            Expr::ForLoop(inner) => take_limits(&mut inner.attrs, self.errors),
            Expr::While(inner) => take_limits(&mut inner.attrs, self.errors),
            Expr::Loop(inner) => take_limits(&mut inner.attrs, self.errors),
            _ => Vec::new(),
        };
        visit_mut::visit_expr_mut(self, expr);
        match expr {
            Expr::ForLoop(inner) => inner.attrs.extend(kept),
            Expr::While(inner) => inner.attrs.extend(kept),
            Expr::Loop(inner) => inner.attrs.extend(kept),
            _ => {}
        }
    }

    fn visit_item_mut(&mut self, _: &mut Item) {}
}

/// Takes the well-formed limits of a loop out, so that what is left is misplaced.
fn take_limits(attrs: &mut Vec<Attribute>, errors: &mut Errors) -> Vec<Attribute> {
    let (limits, rest) = std::mem::take(attrs).into_iter().partition(is_limit);
    *attrs = rest;
    let mut kept: Vec<Attribute> = limits;
    kept.retain(|attr| {
        let well_formed = attr.parse_args::<Expr>().is_ok();
        if !well_formed {
            errors.refuse_tokens(Slug::MisplacedLimit, attr, "this attribute");
        }
        well_formed
    });
    kept.drain(1.min(kept.len())..).for_each(|attr| {
        errors.refuse_tokens(Slug::MisplacedLimit, attr, "a second bound");
    });
    kept
}
