//! Every path that generated code names.
//!
//! Paths start with `::core` or with the path of this crate, and resolve where the attribute stands: in any module,
//! without a prelude, in every edition.

use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use quote::{format_ident, quote_spanned};
use syn::ext::IdentExt;
use syn::Member;

use crate::ir::{BinOp, Wrapper};

/// Builds paths.
#[derive(Clone, Debug)]
pub struct Paths {
    root: syn::Path,
}

/// Tokens that resolve where the attribute stands.
macro_rules! at_call_site {
    ($($tokens:tt)*) => { quote_spanned!(Span::call_site()=> $($tokens)*) };
}

impl Paths {
    /// Paths of a crate that is found at `root`.
    pub fn new(root: &syn::Path) -> Paths {
        Paths { root: root.clone() }
    }

    /// `::tapeless::name`
    pub fn root(&self, name: &str) -> TokenStream {
        let (root, name) = (&self.root, Ident::new(name, Span::call_site()));
        at_call_site!(#root::#name)
    }

    /// `::tapeless::__private::name`
    pub fn private(&self, name: &str) -> TokenStream {
        let (root, name) = (&self.root, Ident::new(name, Span::call_site()));
        at_call_site!(#root::__private::#name)
    }

    /// `::tapeless::Slot::name`
    pub fn slot(&self, name: &str) -> TokenStream {
        let (slot, name) = (self.root("Slot"), Ident::new(name, Span::call_site()));
        at_call_site!(#slot::#name)
    }

    /// `::tapeless::Cotangent::accumulate`
    pub fn accumulate(&self) -> TokenStream {
        let cotangent = self.root("Cotangent");
        at_call_site!(#cotangent::accumulate)
    }

    /// `::tapeless::__private::vec`, the macro.
    pub fn vec(&self) -> TokenStream {
        let alloc = self.private("alloc");
        at_call_site!(#alloc::vec)
    }

    /// A number of a generic float: `<T as ::tapeless::Scalar>::__lit(2.0)`.
    pub fn literal(&self, float: &Ident, number: &TokenStream) -> TokenStream {
        let scalar = self.root("Scalar");
        at_call_site!(<#float as #scalar>::__lit(#number))
    }

    /// A scalar function of whatever is a scalar: `::tapeless::__private::functions::sin`.
    pub fn function(&self, name: &Ident) -> TokenStream {
        let functions = self.private("functions");
        at_call_site!(#functions::#name)
    }

    /// `::tapeless::ops::MulVjp::mul_vjp`
    pub fn operator_vjp(&self, op: BinOp) -> TokenStream {
        let (camel, snake) = operator_names(op);
        self.rule(&format!("{camel}Vjp"), &format!("{snake}_vjp"))
    }

    /// `::tapeless::ops::MulAssignVjp::mul_assign_vjp`
    pub fn compound_vjp(&self, op: BinOp) -> TokenStream {
        let (camel, snake) = operator_names(op);
        self.rule(&format!("{camel}AssignVjp"), &format!("{snake}_assign_vjp"))
    }

    /// `::tapeless::ops::NegVjp::neg_vjp`
    pub fn neg_vjp(&self) -> TokenStream {
        self.rule("NegVjp", "neg_vjp")
    }

    fn rule(&self, of: &str, method: &str) -> TokenStream {
        let (root, of, method) = (&self.root, format_ident!("{of}"), format_ident!("{method}"));
        at_call_site!(#root::ops::#of::#method)
    }

    /// The extension traits that give scalar methods on receivers of unknown type their rules.
    pub fn scalar_rules(&self) -> TokenStream {
        let imports =
            ["RealVjp", "IntegerVjp", "SignedVjp", "ConvertVjp"].map(|name| self.private(name));
        at_call_site!(#(#[allow(unused_imports)] use #imports as _;)*)
    }

    /// The traits that hold the rules of `From` and `Into`.
    pub fn conversion_rules(&self) -> TokenStream {
        let root = &self.root;
        at_call_site!(#[allow(unused_imports)] use #root::ops::{FromVjp as _, IntoVjp as _};)
    }

    /// The trait that holds the rules of operators spelled out as methods.
    pub fn operator_rules(&self) -> TokenStream {
        let rules = self.private("OperatorVjp");
        at_call_site!(#[allow(unused_imports)] use #rules as _;)
    }

    /// The traits that hold the rules of methods of sequences and options.
    pub fn sequence_rules(&self) -> TokenStream {
        let traits = [
            "SequenceVjp",
            "MapArrayVjp",
            "MapOptionVjp",
            "TryIntoVjp",
            "TryFromVjp",
        ];
        let traits = traits.map(|name| self.private(name));
        at_call_site!(#(#[allow(unused_imports)] use #traits as _;)*)
    }

    /// What makes a wrapped value of what is inside.
    pub fn wrap(&self, kind: Wrapper) -> TokenStream {
        let (of, method) = match kind {
            Wrapper::Either => ("Success", "success"),
            Wrapper::Failure => ("Failure", "again"),
            Wrapper::Leaving => ("Leave", "leave"),
            known => return wrapper(known),
        };
        let (of, method) = (self.private(of), Ident::new(method, Span::call_site()));
        at_call_site!(#of::#method)
    }

    /// What takes out of an option or a result, whichever it is, what is inside.
    pub fn unwrap(&self, kind: Wrapper) -> TokenStream {
        let of = self.private("Attempt");
        match kind.is_failure() {
            true => at_call_site!(#of::failure),
            false => at_call_site!(#of::payload),
        }
    }

    /// A rule of a function that may have a result which is dropped, called without its `d_out`.
    pub fn filled(&self, rule: &TokenStream) -> TokenStream {
        let dropped = self.private("dropped");
        at_call_site!(({
            use #dropped::*;
            #dropped::Dropped(#rule).filled(|| #dropped::nothing())
        }))
    }

    /// The traits that find the elements and the fields of a field's cotangent.
    pub fn elements(&self) -> TokenStream {
        let traits = ["ElementsAt", "ElementsPart"];
        let traits = traits.map(|name| self.private(name));
        at_call_site!(#(#[allow(unused_imports)] use #traits as _;)*)
    }
}

/// A value that has these fields, without contents: tuples have all the fields before them, too.
pub fn names(members: &[&Member]) -> TokenStream {
    let last = members.iter().map(|member| match member {
        Member::Unnamed(index) => Some(index.index as usize),
        Member::Named(_) => None,
    });
    match last.max().flatten() {
        Some(last) => {
            let units = vec![at_call_site!(()); last + 1];
            at_call_site!({
                #[allow(dead_code)] struct Names(#(#units),*);
                Names(#(#units),*)
            })
        }
        None => at_call_site!({
            #[allow(dead_code)] struct Names { #(#members: ()),* }
            Names { #(#members: ()),* }
        }),
    }
}

/// The same tokens, resolved as they are, but reported as standing at `span`.
pub fn located(tokens: &TokenStream, span: Span) -> TokenStream {
    let move_tree = |mut tree: TokenTree| {
        if let TokenTree::Group(group) = &tree {
            tree = Group::new(group.delimiter(), located(&group.stream(), span)).into();
        }
        tree.set_span(tree.span().located_at(span));
        tree
    };
    tokens.clone().into_iter().map(move_tree).collect()
}

/// `Some`, `Ok` or `Err`, in full, as patterns name them.
pub fn wrapper(wrapper: Wrapper) -> TokenStream {
    match wrapper {
        Wrapper::Err => at_call_site!(::core::result::Result::Err),
        Wrapper::Ok => at_call_site!(::core::result::Result::Ok),
        _ => at_call_site!(::core::option::Option::Some),
    }
}

/// `None`, in full.
pub fn none() -> TokenStream {
    at_call_site!(::core::option::Option::None)
}

/// `::core::mem::replace`
pub fn replace() -> TokenStream {
    at_call_site!(::core::mem::replace)
}

/// `::core::mem::take`
pub fn take() -> TokenStream {
    at_call_site!(::core::mem::take)
}

/// `::core::option::Option::take`
pub fn take_option() -> TokenStream {
    at_call_site!(::core::option::Option::take)
}

/// `::core::unreachable!()`
pub fn unreachable() -> TokenStream {
    at_call_site!(::core::unreachable!())
}

/// A method of iterators, which need no prelude: `::core::iter::Iterator::rev`.
pub fn iterator(method: &str) -> TokenStream {
    let method = Ident::new(method, Span::call_site());
    at_call_site!(::core::iter::Iterator::#method)
}

/// `0.0`
pub fn zero() -> TokenStream {
    number(0.0, false)
}

/// A number as an expression: it round-trips and always has a decimal point; the infinities and NaN have names.
pub fn number(value: f64, single: bool) -> TokenStream {
    let float = Ident::new(if single { "f32" } else { "f64" }, Span::call_site());
    if value.is_nan() {
        return at_call_site!(::core::#float::NAN);
    }
    if value.is_infinite() {
        let name = Ident::new(
            if value > 0.0 {
                "INFINITY"
            } else {
                "NEG_INFINITY"
            },
            Span::call_site(),
        );
        return at_call_site!(::core::#float::#name);
    }
    let magnitude = proc_macro2::Literal::f64_unsuffixed(value.abs());
    if value.is_sign_negative() {
        at_call_site!(-#magnitude)
    } else {
        at_call_site!(#magnitude)
    }
}

/// The name of a scalar method's rule: `sin_vjp`.
pub fn method_vjp(method: &Ident) -> Ident {
    Ident::new(&format!("{}_vjp", method.unraw()), method.span())
}

fn operator_names(op: BinOp) -> (&'static str, &'static str) {
    match op {
        BinOp::Add => ("Add", "add"),
        BinOp::Sub => ("Sub", "sub"),
        BinOp::Mul => ("Mul", "mul"),
        BinOp::Div => ("Div", "div"),
        BinOp::Rem => ("Rem", "rem"),
    }
}
