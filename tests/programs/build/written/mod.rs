//! The same programs written otherwise: with type parameters, with methods, with enums of their own. What they compute
//! stays the same, so the same harness runs them and the same duals say what is right.

pub mod enums;
pub mod generic;
pub mod methods;
pub mod single;

use proc_macro2::TokenTree;
use quote::{quote, ToTokens};
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, File, Item, ItemFn, ItemStruct, ItemUse, Macro};

/// Every function of a program, in modules too.
pub fn functions(file: &mut File, each: impl FnMut(&mut ItemFn)) {
    struct Functions<F>(F);
    impl<F: FnMut(&mut ItemFn)> VisitMut for Functions<F> {
        fn visit_item_fn_mut(&mut self, function: &mut ItemFn) {
            (self.0)(function);
        }
    }
    Functions(each).visit_file_mut(file);
}

/// Every struct of a program.
pub fn structs(file: &mut File, each: impl FnMut(&mut ItemStruct)) {
    struct Structs<F>(F);
    impl<F: FnMut(&mut ItemStruct)> VisitMut for Structs<F> {
        fn visit_item_struct_mut(&mut self, item: &mut ItemStruct) {
            (self.0)(item);
        }
    }
    Structs(each).visit_file_mut(file);
}

/// The lists of items of a program: its own and those of its modules.
pub fn lists(file: &mut File, each: &mut impl FnMut(&mut Vec<Item>)) {
    fn go(items: &mut Vec<Item>, each: &mut impl FnMut(&mut Vec<Item>)) {
        for item in items.iter_mut() {
            if let Item::Mod(module) = item {
                if let Some((_, items)) = &mut module.content {
                    go(items, each);
                }
            }
        }
        each(items);
    }
    go(&mut file.items, each);
}

/// Whether the text of a program has a word of which this way of writing knows no other.
pub fn mentions(source: &str, words: &[&str]) -> bool {
    words.iter().any(|word| source.contains(word))
}

/// Puts an import beside the functions.
pub fn import(file: &mut File, import: &ItemUse) {
    lists(file, &mut |items| {
        if items.iter().any(|item| matches!(item, Item::Fn(_))) {
            items.insert(0, Item::Use(import.clone()));
        }
    });
}

/// Visits every expression from the inside out.
pub fn expressions(file: &mut File, each: impl FnMut(&mut Expr)) {
    struct Expressions<F>(F);
    impl<F: FnMut(&mut Expr)> VisitMut for Expressions<F> {
        fn visit_expr_mut(&mut self, expr: &mut Expr) {
            visit_mut::visit_expr_mut(self, expr);
            (self.0)(expr);
        }

        fn visit_type_mut(&mut self, _: &mut syn::Type) {}

        fn visit_macro_mut(&mut self, mac: &mut Macro) {
            in_macro(mac, |expr| self.visit_expr_mut(expr));
        }
    }
    Expressions(each).visit_file_mut(file);
}

/// The expressions inside of a `vec![…]`, which are tokens to `syn`.
pub fn in_macro(mac: &mut Macro, mut each: impl FnMut(&mut Expr)) {
    let inside = &mac.tokens;
    let Ok(mut array) = syn::parse2::<Expr>(quote!([#inside])) else {
        return;
    };
    each(&mut array);
    if let Some(TokenTree::Group(group)) = array.to_token_stream().into_iter().next() {
        mac.tokens = group.stream();
    }
}
