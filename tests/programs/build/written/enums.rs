//! `Option` becomes an enum of the program's own with the payload in a field: `Perhaps::Full { value }`.

use quote::{format_ident, ToTokens};
use syn::visit_mut::{self, VisitMut};
use syn::{parse_quote, Expr, File, Item, ItemFn, Macro, Pat, ReturnType, Type};

use super::{functions, in_macro, lists, mentions};

/// Writes the enum and its uses; `false` if the program has no options, or hands one out.
pub fn rewrite(file: &mut File) -> bool {
    let source = file.to_token_stream().to_string();
    let both = mentions(&source, &["Result <"]) && mentions(&source, &["unwrap_or"]);
    if both || !mentions(&source, &["Option <"]) {
        return false;
    }
    let mut entry = false;
    functions(file, |function| entry = returns_option(function));
    if entry {
        return false;
    }
    functions(file, |function| {
        let mut uses = Uses {
            propagates: returns_option(function),
        };
        uses.visit_item_fn_mut(function);
    });
    lists(file, &mut define);
    true
}

fn returns_option(function: &ItemFn) -> bool {
    matches!(&function.sig.output, ReturnType::Type(_, ty) if is_option(ty))
}

fn is_option(ty: &Type) -> bool {
    matches!(ty, Type::Path(path) if path.path.segments.last().is_some_and(|s| s.ident == "Option"))
}

/// The enum, before the functions that use it.
fn define(items: &mut Vec<Item>) {
    if items.iter().any(|item| matches!(item, Item::Fn(_))) {
        let definition = parse_quote! {
            #[derive(Differentiable, Clone, Copy, Debug)]
            pub enum Perhaps<P> {
                Full { value: P },
                Empty,
            }
        };
        items.insert(0, definition);
    }
}

struct Uses {
    /// `?` leaves a function that returns an option.
    propagates: bool,
}

impl VisitMut for Uses {
    fn visit_type_mut(&mut self, ty: &mut Type) {
        visit_mut::visit_type_mut(self, ty);
        if let (true, Type::Path(path)) = (is_option(ty), ty) {
            if let Some(last) = path.path.segments.last_mut() {
                last.ident = format_ident!("Perhaps");
            }
        }
    }

    fn visit_macro_mut(&mut self, mac: &mut Macro) {
        in_macro(mac, |expr| self.visit_expr_mut(expr));
    }

    fn visit_pat_mut(&mut self, pat: &mut Pat) {
        visit_mut::visit_pat_mut(self, pat);
        if let Pat::TupleStruct(some) = &*pat {
            if some.path.is_ident("Some") {
                let inside = &some.elems[0];
                *pat = parse_quote!(Perhaps::Full { value: #inside });
            }
        }
    }

    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        visit_mut::visit_expr_mut(self, expr);
        match &*expr {
            Expr::Path(path) if path.path.is_ident("None") => *expr = parse_quote!(Perhaps::Empty),
            Expr::Call(call) if call.func.to_token_stream().to_string() == "Some" => {
                let inside = &call.args[0];
                *expr = parse_quote!(Perhaps::Full { value: #inside });
            }
            Expr::Try(tried) if self.propagates => {
                let inside = &tried.expr;
                *expr = parse_quote! {
                    (match #inside {
                        Perhaps::Full { value } => value,
                        Perhaps::Empty => return Perhaps::Empty,
                    })
                };
            }
            Expr::MethodCall(call) if call.method == "unwrap_or" => {
                let (inside, default) = (&call.receiver, &call.args[0]);
                *expr = parse_quote! {
                    (match #inside {
                        Perhaps::Full { value } => value,
                        Perhaps::Empty => #default,
                    })
                };
            }
            _ => {}
        }
    }
}
