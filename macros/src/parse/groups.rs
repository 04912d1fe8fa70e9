//! What a `macro_rules!` hands in as `$x:expr` stands in delimiters that nobody sees. Those of tokens that come out of a
//! procedural macro are not heeded when they are parsed again: `$a * $b` would lose its meaning. So they are made visible
//! where they matter.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::ToTokens;
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, ExprParen, ImplItem, Item, Macro, TraitItem};

/// The item with parentheses where invisible delimiters say what belongs together.
pub fn visible(item: TokenStream) -> TokenStream {
    if !has_invisible(item.clone()) {
        return item;
    }
    if let Ok(mut parsed) = syn::parse2::<Item>(item.clone()) {
        Visible.visit_item_mut(&mut parsed);
        return parsed.into_token_stream();
    }
    if let Ok(mut parsed) = syn::parse2::<ImplItem>(item.clone()) {
        Visible.visit_impl_item_mut(&mut parsed);
        return parsed.into_token_stream();
    }
    if let Ok(mut parsed) = syn::parse2::<TraitItem>(item.clone()) {
        Visible.visit_trait_item_mut(&mut parsed);
        return parsed.into_token_stream();
    }
    item
}

fn has_invisible(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Group(group) => {
            group.delimiter() == Delimiter::None || has_invisible(group.stream())
        }
        _ => false,
    })
}

struct Visible;

impl VisitMut for Visible {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        operands(expr).into_iter().for_each(delimit);
        visit_mut::visit_expr_mut(self, expr);
    }

    fn visit_macro_mut(&mut self, mac: &mut Macro) {
        mac.tokens = delimited(std::mem::take(&mut mac.tokens));
    }
}

/// The operands of an expression whose meaning depends on what belongs together.
fn operands(expr: &mut Expr) -> Vec<&mut Expr> {
    match expr {
        Expr::Binary(binary) => vec![&mut *binary.left, &mut *binary.right],
        Expr::Unary(unary) => vec![&mut *unary.expr],
        Expr::Cast(cast) => vec![&mut *cast.expr],
        Expr::MethodCall(call) => vec![&mut *call.receiver],
        Expr::Field(field) => vec![&mut *field.base],
        Expr::Index(index) => vec![&mut *index.expr],
        Expr::Call(call) => vec![&mut *call.func],
        Expr::Try(tried) => vec![&mut *tried.expr],
        Expr::Reference(reference) => vec![&mut *reference.expr],
        Expr::Range(range) => range
            .start
            .as_deref_mut()
            .into_iter()
            .chain(range.end.as_deref_mut())
            .collect(),
        _ => Vec::new(),
    }
}

/// `$x` becomes `($x)`, if it is more than one word.
fn delimit(operand: &mut Expr) {
    let Expr::Group(group) = operand else { return };
    if is_compound(&group.expr) {
        let paren_token = syn::token::Paren(group.group_token.span);
        *operand = Expr::Paren(ExprParen {
            attrs: Vec::new(),
            paren_token,
            expr: group.expr.clone(),
        });
    }
}

fn is_compound(expr: &Expr) -> bool {
    match expr {
        Expr::Group(group) => is_compound(&group.expr),
        Expr::Lit(_)
        | Expr::Path(_)
        | Expr::Paren(_)
        | Expr::MethodCall(_)
        | Expr::Call(_)
        | Expr::Field(_)
        | Expr::Index(_)
        | Expr::Array(_)
        | Expr::Tuple(_)
        | Expr::Macro(_) => false,
        _ => true,
    }
}

/// The same in the input of a macro, whose syntax is not known.
fn delimited(tokens: TokenStream) -> TokenStream {
    let visible = tokens.into_iter().map(|token| {
        let TokenTree::Group(group) = &token else {
            return token;
        };
        let stream = delimited(group.stream());
        let compound = group.delimiter() == Delimiter::None
            && syn::parse2::<Expr>(group.stream()).is_ok_and(|expr| is_compound(&expr));
        let delimiter = match compound {
            true => Delimiter::Parenthesis,
            false => group.delimiter(),
        };
        let mut visible = Group::new(delimiter, stream);
        visible.set_span(group.span());
        TokenTree::Group(visible)
    });
    visible.collect()
}
