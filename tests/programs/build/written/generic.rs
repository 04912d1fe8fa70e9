//! `f64` becomes a type parameter: `fn f<T: Real>(x: T) -> T`, `struct S<T>`. Literals are `T::from(0.5).unwrap()`,
//! conversions go through `num_traits`.

use std::collections::HashSet;

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{format_ident, quote, ToTokens};
use syn::visit_mut::{self, VisitMut};
use syn::{parse_quote, BinOp, Expr, ExprMethodCall, ExprStruct, File, Item, Macro, Type};

use super::{expressions, functions, import, in_macro, lists, mentions, structs};

/// Makes every function and struct of a program generic; `false` if it uses what `num_traits` has not.
pub fn rewrite(file: &mut File) -> bool {
    if mentions(&file.to_token_stream().to_string(), &["rem_euclid"]) {
        return false;
    }
    expressions(file, convert);
    let names = generic_structs(file);
    Named { names: &names }.visit_file_mut(file);
    structs(file, |item| {
        if names.contains(&item.ident) {
            item.ident = generic_name(&item.ident);
            item.generics = parse_quote!(<T>);
            *item = syn::parse2(over_t(item.to_token_stream())).expect("a struct");
        }
    });
    functions(file, |function| {
        function.sig.generics = parse_quote!(<T: Real>);
        *function = syn::parse2(over_t(function.to_token_stream())).expect("a function");
    });
    lists(file, &mut |items| name_again(items, &names));
    import(
        file,
        &parse_quote!(
            use tapeless::Real;
        ),
    );
    true
}

/// `x as f64`, `x as usize`, of a float, and constants.
fn convert(expr: &mut Expr) {
    let is = |ty: &Type, name: &str| matches!(ty, Type::Path(path) if path.path.is_ident(name));
    match expr {
        Expr::Cast(cast) if is(&cast.ty, "f64") => {
            let inner = &cast.expr;
            *expr = parse_quote!(f64::from(#inner).unwrap());
        }
        Expr::Cast(cast) if is(&cast.ty, "usize") => {
            let inner = &cast.expr;
            *expr = parse_quote!(#inner.to_usize().unwrap_or(0));
        }
        Expr::Path(path)
            if path
                .path
                .segments
                .last()
                .is_some_and(|s| s.ident == "NEG_INFINITY") =>
        {
            *expr = parse_quote!(f64::neg_infinity());
        }
        // An operator of a type parameter borrows what it changes before it looks at the other side.
        Expr::Binary(binary) if is_compound(&binary.op) && reads_memory(&binary.right) => {
            let (place, op, value) = (&binary.left, &binary.op, &binary.right);
            *expr = parse_quote!({ let given = #value; #place #op given; });
        }
        Expr::MethodCall(call) if is_total(call) && gives_references(&call.receiver) => {
            let iterator = &call.receiver;
            *call.receiver = parse_quote!(#iterator.copied());
        }
        _ => {}
    }
}

fn is_total(call: &ExprMethodCall) -> bool {
    call.method == "sum" || call.method == "product"
}

fn is_compound(op: &BinOp) -> bool {
    op.to_token_stream().to_string().ends_with('=')
        && !matches!(
            op,
            BinOp::Eq(_) | BinOp::Ne(_) | BinOp::Le(_) | BinOp::Ge(_)
        )
}

fn reads_memory(value: &Expr) -> bool {
    mentions(&value.to_token_stream().to_string(), &["{", "[", "("])
}

/// Whether an iterator hands out references: only numbers themselves are summed whatever their type.
fn gives_references(iterator: &Expr) -> bool {
    match iterator {
        Expr::MethodCall(call) => match call.method.to_string().as_str() {
            "iter" => true,
            "map" | "copied" | "into_iter" => false,
            _ => gives_references(&call.receiver),
        },
        _ => false,
    }
}

/// The structs with floats in them, directly or not.
fn generic_structs(file: &mut File) -> HashSet<Ident> {
    let mut names = HashSet::from([format_ident!("f64")]);
    loop {
        let known = names.len();
        structs(file, |item| {
            let fields = item.fields.to_token_stream();
            let inside = flat(fields);
            if inside.iter().any(|ident| names.contains(ident)) {
                names.insert(item.ident.clone());
            }
        });
        if names.len() == known {
            names.remove(&format_ident!("f64"));
            return names;
        }
    }
}

fn flat(tokens: TokenStream) -> Vec<Ident> {
    let idents = tokens.into_iter().flat_map(|token| match token {
        TokenTree::Ident(ident) => vec![ident],
        TokenTree::Group(group) => flat(group.stream()),
        _ => Vec::new(),
    });
    idents.collect()
}

fn generic_name(name: &Ident) -> Ident {
    format_ident!("{name}Over")
}

/// `S` is `SOver<T>` as a type, and `SOver` where it is built.
struct Named<'n> {
    names: &'n HashSet<Ident>,
}

impl VisitMut for Named<'_> {
    fn visit_type_mut(&mut self, ty: &mut Type) {
        visit_mut::visit_type_mut(self, ty);
        if let Type::Path(path) = ty {
            if let Some(name) = path
                .path
                .get_ident()
                .filter(|name| self.names.contains(name))
            {
                let name = generic_name(name);
                *ty = parse_quote!(#name<T>);
            }
        }
    }

    fn visit_macro_mut(&mut self, mac: &mut Macro) {
        in_macro(mac, |expr| self.visit_expr_mut(expr));
    }

    fn visit_expr_struct_mut(&mut self, value: &mut ExprStruct) {
        visit_mut::visit_expr_struct_mut(self, value);
        if let Some(name) = value
            .path
            .get_ident()
            .filter(|name| self.names.contains(name))
        {
            value.path = generic_name(name).into();
        }
    }
}

/// The tokens with `T` for `f64`, in macros too.
fn over_t(tokens: TokenStream) -> TokenStream {
    let each = tokens.into_iter().map(|token| match token {
        TokenTree::Ident(ident) if ident == "f64" => quote!(T),
        TokenTree::Literal(literal) if literal.to_string().contains('.') => {
            quote!(T::from(#literal).unwrap())
        }
        TokenTree::Group(group) => {
            let inside = over_t(group.stream());
            proc_macro2::Group::new(group.delimiter(), inside).to_token_stream()
        }
        token => token.to_token_stream(),
    });
    each.collect()
}

/// `type S = SOver<f64>;`, for the harness.
fn name_again(items: &mut Vec<Item>, names: &HashSet<Ident>) {
    let here = items.iter().filter_map(|item| match item {
        Item::Struct(item) => names.iter().find(|name| item.ident == generic_name(name)),
        _ => None,
    });
    let aliases: Vec<Item> = here
        .flat_map(|name| {
            let (whole, generic) = (format_ident!("{name}Cotangent"), generic_name(name));
            let cotangent = format_ident!("{generic}Cotangent");
            let items: [Item; 2] = [
                parse_quote!(pub type #name = #generic<f64>;),
                parse_quote!(pub type #whole = #cotangent<f64>;),
            ];
            items
        })
        .collect();
    items.extend(aliases);
}
