//! What the cotangents are called in the signature of `f_vjp`: `d_out` and, for a parameter `x`, `d_x`.
//!
//! A constant that the body mentions keeps its name to itself, for no variable may be called like a constant.

use std::collections::HashSet;

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::format_ident;
use syn::ext::IdentExt;
use syn::visit::{self, Visit};
use syn::{Block, ExprPath, Macro, PatIdent};

use super::signature::Param;

/// Names the slot of each parameter, that of a parameter `out` with room for the cotangent of the result; gives the name
/// of that.
pub fn name(params: &mut [Param], body: Option<&Block>) -> Ident {
    let mut taken = mentioned(body);
    for param in params.iter() {
        taken.remove(&param.name.to_string());
    }
    let seed = free("d_out".to_string(), &taken);
    taken.insert(seed.clone());
    for param in params {
        let name = free(format!("d_{}", param.name.unraw()), &taken);
        param.slot = format_ident!("{name}");
        let span = Span::mixed_site().located_at(param.name.span());
        param.slot.set_span(span);
    }
    Ident::new(&seed, Span::mixed_site())
}

fn free(mut name: String, taken: &HashSet<String>) -> String {
    while taken.contains(&name) {
        name.push('_');
    }
    name
}

/// The names that a body mentions and does not bind itself.
fn mentioned(body: Option<&Block>) -> HashSet<String> {
    let mut scan = Mentioned::default();
    body.into_iter().for_each(|body| scan.visit_block(body));
    scan.names.retain(|name| !scan.bound.contains(name));
    scan.names
}

#[derive(Default)]
struct Mentioned {
    names: HashSet<String>,
    bound: HashSet<String>,
}

impl<'ast> Visit<'ast> for Mentioned {
    fn visit_expr_path(&mut self, path: &'ast ExprPath) {
        let name = path.path.get_ident().map(ToString::to_string);
        self.names.extend(name);
    }

    fn visit_pat_ident(&mut self, pat: &'ast PatIdent) {
        self.bound.insert(pat.ident.to_string());
        visit::visit_pat_ident(self, pat);
    }

    fn visit_macro(&mut self, mac: &'ast Macro) {
        self.tokens(mac.tokens.clone());
    }
}

impl Mentioned {
    fn tokens(&mut self, tokens: TokenStream) {
        for tree in tokens {
            match tree {
                TokenTree::Ident(name) => {
                    self.names.insert(name.to_string());
                }
                TokenTree::Group(group) => self.tokens(group.stream()),
                _ => {}
            }
        }
    }
}
