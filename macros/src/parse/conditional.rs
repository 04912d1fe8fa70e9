//! `#[cfg(…)]` inside a body. The macro cannot evaluate the condition, so the body is read once under the condition and
//! once under its negation, and both readings are emitted, each under what it assumes.

use proc_macro2::TokenStream;
use quote::quote;
use syn::visit_mut::{self, VisitMut};
use syn::{Arm, Attribute, Block, Expr, FieldValue, Item, Stmt};

/// A reading of a body.
#[derive(Clone, Debug)]
pub struct Reading {
    /// What it assumes: the argument of a `#[cfg(…)]`.
    pub condition: TokenStream,
    pub body: Block,
}

/// More conditions than this in one body are refused: the readings double with each.
const LIMIT: usize = 6;

/// All readings of a body; none if it has no conditions, `Err` with the condition that is one too many.
pub fn readings(body: &Block) -> Result<Vec<Reading>, TokenStream> {
    let mut open: Vec<Vec<Assumption>> = vec![Vec::new()];
    let mut done = Vec::new();
    while let Some(assumptions) = open.pop() {
        let mut body = body.clone();
        let mut resolve = Resolve {
            assumptions: &assumptions,
            unknown: None,
        };
        resolve.visit_block_mut(&mut body);
        match resolve.unknown {
            Some(condition) if assumptions.len() == LIMIT => return Err(condition),
            Some(condition) => {
                for holds in [false, true] {
                    let mut more = assumptions.clone();
                    more.push(Assumption {
                        condition: condition.clone(),
                        holds,
                    });
                    open.push(more);
                }
            }
            None if assumptions.is_empty() => {}
            None => done.push(Reading {
                condition: all(&assumptions),
                body,
            }),
        }
    }
    Ok(done)
}

#[derive(Clone)]
struct Assumption {
    condition: TokenStream,
    holds: bool,
}

fn all(assumptions: &[Assumption]) -> TokenStream {
    let each = assumptions
        .iter()
        .map(|Assumption { condition, holds }| match holds {
            true => quote!(#condition),
            false => quote!(not(#condition)),
        });
    quote!(all(#(#each),*))
}

/// Drops what does not hold, and the attributes of what does.
struct Resolve<'a> {
    assumptions: &'a [Assumption],
    unknown: Option<TokenStream>,
}

impl Resolve<'_> {
    /// Whether the thing with these attributes is kept.
    fn keep(&mut self, attrs: &mut Vec<Attribute>) -> bool {
        let mut kept = true;
        attrs.retain(|attr| {
            let Some(condition) = condition(attr) else {
                return true;
            };
            match self.decide(&condition) {
                Some(holds) => kept &= holds,
                None => _ = self.unknown.get_or_insert(positive(condition)),
            }
            false
        });
        kept
    }

    fn decide(&self, condition: &TokenStream) -> Option<bool> {
        let text = condition.to_string();
        self.assumptions.iter().find_map(|assumption| {
            let known = &assumption.condition;
            if known.to_string() == text {
                return Some(assumption.holds);
            }
            (quote!(not(#known)).to_string() == text).then_some(!assumption.holds)
        })
    }
}

fn condition(attr: &Attribute) -> Option<TokenStream> {
    let list = attr
        .path()
        .is_ident("cfg")
        .then(|| attr.meta.require_list().ok())??;
    Some(list.tokens.clone())
}

/// `c` of `not(c)`, so that the two are known to be each other's negation.
fn positive(condition: TokenStream) -> TokenStream {
    match syn::parse2::<syn::MetaList>(condition.clone()) {
        Ok(list) if list.path.is_ident("not") => list.tokens,
        _ => condition,
    }
}

impl VisitMut for Resolve<'_> {
    fn visit_block_mut(&mut self, block: &mut Block) {
        block.stmts.retain_mut(|stmt| match stmt {
            Stmt::Local(local) => self.keep(&mut local.attrs),
            Stmt::Macro(stmt) => self.keep(&mut stmt.attrs),
            Stmt::Expr(expr, _) => attrs_of(expr).is_none_or(|attrs| self.keep(attrs)),
            Stmt::Item(_) => true,
        });
        visit_mut::visit_block_mut(self, block);
    }

    fn visit_expr_match_mut(&mut self, expr: &mut syn::ExprMatch) {
        expr.arms.retain_mut(|Arm { attrs, .. }| self.keep(attrs));
        visit_mut::visit_expr_match_mut(self, expr);
    }

    fn visit_expr_struct_mut(&mut self, expr: &mut syn::ExprStruct) {
        let fields = std::mem::take(&mut expr.fields);
        let kept = |mut field: FieldValue| self.keep(&mut field.attrs).then_some(field);
        expr.fields = fields.into_iter().filter_map(kept).collect();
        visit_mut::visit_expr_struct_mut(self, expr);
    }

    fn visit_item_mut(&mut self, _: &mut Item) {}
}

/// The attributes of an expression in statement position.
fn attrs_of(expr: &mut Expr) -> Option<&mut Vec<Attribute>> {
    Some(match expr {
        Expr::Assign(expr) => &mut expr.attrs,
        Expr::Binary(expr) => &mut expr.attrs,
        Expr::Block(expr) => &mut expr.attrs,
        Expr::Call(expr) => &mut expr.attrs,
        Expr::ForLoop(expr) => &mut expr.attrs,
        Expr::If(expr) => &mut expr.attrs,
        Expr::Loop(expr) => &mut expr.attrs,
        Expr::Macro(expr) => &mut expr.attrs,
        Expr::Match(expr) => &mut expr.attrs,
        Expr::MethodCall(expr) => &mut expr.attrs,
        Expr::Return(expr) => &mut expr.attrs,
        Expr::While(expr) => &mut expr.attrs,
        Expr::Break(expr) => &mut expr.attrs,
        Expr::Continue(expr) => &mut expr.attrs,
        Expr::Path(expr) => &mut expr.attrs,
        Expr::Lit(expr) => &mut expr.attrs,
        Expr::Paren(expr) => &mut expr.attrs,
        Expr::Unary(expr) => &mut expr.attrs,
        Expr::Unsafe(expr) => &mut expr.attrs,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use quote::ToTokens;
    use syn::parse_quote;

    #[test]
    fn a_condition_and_its_negation_make_two_readings() {
        let body: Block = parse_quote!({
            #[cfg(feature = "a")]
            let y = x;
            #[cfg(not(feature = "a"))]
            let y = 2.0 * x;
            y
        });
        let readings = readings(&body).unwrap_or_default();
        let text: Vec<String> = readings
            .iter()
            .map(|reading| {
                format!(
                    "{} => {}",
                    reading.condition,
                    reading.body.to_token_stream()
                )
            })
            .collect();
        assert_eq!(
            text,
            [
                "all (feature = \"a\") => { let y = x ; y }",
                "all (not (feature = \"a\")) => { let y = 2.0 * x ; y }"
            ]
        );
    }

    #[test]
    fn a_body_without_conditions_has_no_readings() {
        assert!(readings(&parse_quote!({ x })).is_ok_and(|readings| readings.is_empty()));
    }
}
