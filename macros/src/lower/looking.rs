//! Macros of unknown meaning whose value nobody asks for: `should!(x > 0.0);`.
//!
//! What such a macro could do to the function is change, move or shadow a variable that it is given, or leave. The call is
//! put where the compiler refuses all of these, and then it has only looked:
//!
//! ```text
//! macro_rules! may_only_look { ($($one:ident)*) => { ($(&$one,)*) }; }
//! fn looks<T>(look: impl Fn() -> (T, MayOnlyLook) + Sync) { look(); }
//! looks(|| { should!(x > 0.0); (may_only_look!(x), MayOnlyLook) })
//! ```
//!
//! A write needs more than `Fn`, one through a cell more than `Sync`; a `return` or `?` has another type, `break` no loop;
//! and of a variable that shadows the one handed in no reference can be returned. The references are made by a macro, too,
//! as what stands for a variable elsewhere may be a place behind the name.
//!
//! A function that gives a `Result` or an `Option` can be left by the failure, of which nothing flows back: then the
//! closure gives a `Result<(T, MayOnlyLook), E>`, and a failure is handed on as by `?`.
//!
//! What it is not given it can take the place of by an item alone, `const x: f64 = 2.0;`. So variables that are read
//! afterwards are bound behind the call, `match () { x => {} }`, which they cannot be if they have become constants.

use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::token::Brace;
use syn::visit::Visit;
use syn::{
    Block, Expr, ExprBlock, ExprMacro, GenericArgument, Item, Macro, PathArguments, ReturnType,
    Stmt as SynStmt, StmtMacro, Type,
};

use super::loops::FrameKind;
use super::macros::is_known;
use super::names::free_names;
use super::types::kind_of;
use super::Lowering;
use crate::ir::{By, Capture, Cost, Kind, Op, Opaque, Stmt};

impl Lowering<'_> {
    /// A macro call that may only look at what it is given; `None` if that cannot be made sure of.
    pub(super) fn let_look(&mut self, mac: &Macro, rest: &[SynStmt]) -> Option<()> {
        let defined_here = |item: &Item| matches!(item, Item::Macro(_));
        if self.items.iter().any(defined_here) {
            return None;
        }
        let mut mac = mac.clone();
        let later = self.read_behind(&mac, rest);
        mac.tokens = renamed(mac.tokens);
        match self.may_fail_with() {
            None => {
                let opaque = self.handed_to_look(&mac, |given| looked(&mac, given, &later))?;
                self.builder.push(Stmt::Do(Op::Opaque(Box::new(opaque))));
            }
            Some(failure) => {
                let opaque = self.handed_to_look(&mac, |given| {
                    looked_or_failed(&mac, given, &later, &failure)
                })?;
                let term = self.define(Op::Opaque(Box::new(opaque)), Kind::Inert);
                let result = self.left_by();
                self.tried(term, &Kind::Inert, &result)?;
            }
        }
        Some(())
    }

    /// The result of the function, if it may be a failure and this is not inside a closure, which would be left instead.
    fn may_fail_with(&self) -> Option<Type> {
        let closed = |frame: &super::loops::Frame| frame.kind == FrameKind::Closure;
        let ReturnType::Type(_, ty) = &self.request.sig.output else {
            return None;
        };
        let may_fail = matches!(
            kind_of(ty, self.request.reals),
            Kind::Option(_) | Kind::Result(_)
        );
        (may_fail && !self.frames.iter().any(closed)).then(|| (**ty).clone())
    }

    /// The call with what it is given, of which it writes nothing.
    fn handed_to_look(
        &mut self,
        mac: &Macro,
        look: impl Fn(&[Ident]) -> Option<Expr>,
    ) -> Option<Opaque> {
        let receiver = self.receiver_in(mac);
        let mut given = self.given_to(mac);
        given.extend(receiver.iter().map(|capture| capture.name.clone()));
        let mut opaque = self.captured(&look(&given)?, Cost::Once, true)?;
        opaque.captures.extend(receiver);
        for capture in &mut opaque.captures {
            if capture.by == By::RefMut {
                capture.by = By::Ref;
            }
        }
        Some(opaque)
    }

    /// `self` under a name that can be bound around the call.
    fn receiver_in(&mut self, mac: &Macro) -> Option<Capture> {
        let name = names_in(mac).into_iter().find(|name| name == RECEIVER)?;
        let term = self.scope.term_named("self")?.clone();
        let (operand, by) = self.capture(term, &name)?;
        Some(Capture { name, operand, by })
    }

    /// The variables that are read behind a macro which is not given them.
    fn read_behind(&self, mac: &Macro, rest: &[SynStmt]) -> Vec<Ident> {
        let given = names_in(mac);
        let block = Block {
            brace_token: Brace::default(),
            stmts: rest.to_vec(),
        };
        let block = Expr::Block(ExprBlock {
            attrs: Vec::new(),
            label: None,
            block,
        });
        let mut names = free_names(&block).read;
        names.retain(|name| self.scope.term(name).is_some() && !given.contains(name));
        names.retain(|name| name != "self");
        names
    }

    /// The variables of the function that a macro is given.
    fn given_to(&self, mac: &Macro) -> Vec<Ident> {
        let mut names = names_in(mac);
        names.retain(|name| self.scope.term(name).is_some());
        names
    }
}

/// Whether there are statements among those of a body that are calls of macros of unknown meaning.
pub fn unknown_macros(body: &Block) -> bool {
    let mut found = Unknown(false);
    found.visit_block(body);
    found.0
}

struct Unknown(bool);

impl<'ast> Visit<'ast> for Unknown {
    fn visit_stmt_macro(&mut self, statement: &'ast StmtMacro) {
        let last = statement.mac.path.segments.last();
        self.0 |= last.is_some_and(|last| !is_known(&last.ident.to_string()));
    }
}

const RECEIVER: &str = "self_";

/// The tokens with another name for `self`.
fn renamed(tokens: TokenStream) -> TokenStream {
    let other = |token| match token {
        TokenTree::Ident(name) if name == "self" => Ident::new(RECEIVER, name.span()).into(),
        TokenTree::Group(group) => {
            let mut inner = Group::new(group.delimiter(), renamed(group.stream()));
            inner.set_span(group.span());
            inner.into()
        }
        token => token,
    };
    tokens.into_iter().map(other).collect()
}

fn names_in(mac: &Macro) -> Vec<Ident> {
    let expr = Expr::Macro(ExprMacro {
        attrs: Vec::new(),
        mac: mac.clone(),
    });
    free_names(&expr).read
}

fn looked(mac: &Macro, given: &[Ident], later: &[Ident]) -> Option<Expr> {
    let later = still_variables(later);
    syn::parse2(quote_spanned!(at(mac)=> {
        struct MayOnlyLook;
        fn looks<T>(
            look: impl ::core::ops::Fn() -> (T, MayOnlyLook) + ::core::marker::Sync,
        ) {
            look();
        }
        macro_rules! may_only_look {
            ($($one:ident)*) => { ($(&$one,)*) };
        }
        looks(|| { #mac; #later (may_only_look!(#(#given)*), MayOnlyLook) })
    }))
    .ok()
}

/// The same in a function that gives a `Result` or an `Option`.
fn looked_or_failed(mac: &Macro, given: &[Ident], later: &[Ident], failure: &Type) -> Option<Expr> {
    let later = still_variables(later);
    let closure = with_payload(failure, syn::parse_quote!((_, MayOnlyLook)))?;
    let (path, success, error) = match failure {
        Type::Path(path) if path.path.segments.last()?.ident == "Option" => {
            (quote!(::core::option::Option), quote!(Some), None)
        }
        _ => (
            quote!(::core::result::Result),
            quote!(Ok),
            Some(quote!(, E)),
        ),
    };
    syn::parse2(quote_spanned!(at(mac)=> {
        struct MayOnlyLook;
        fn looks<T #error>(
            look: impl ::core::ops::Fn() -> #path<(T, MayOnlyLook) #error> + ::core::marker::Sync,
        ) -> #path<() #error> {
            look().map(|_| ())
        }
        macro_rules! may_only_look {
            ($($one:ident)*) => { ($(&$one,)*) };
        }
        looks(|| -> #closure {
            #mac;
            #later
            #path::#success((may_only_look!(#(#given)*), MayOnlyLook))
        })
    }))
    .ok()
}

/// Names that would not be bound anew if there were constants of the same names.
fn still_variables(names: &[Ident]) -> TokenStream {
    quote!(#(#[allow(unused, nonstandard_style, clippy::all)] match () { #names => {} })*)
}

/// Where the macro stands: there the compiler says what it does more than look.
fn at(mac: &Macro) -> Span {
    Span::mixed_site().located_at(mac.path.span())
}

/// `Result<f64, E>` with another payload.
fn with_payload(ty: &Type, payload: Type) -> Option<Type> {
    let mut ty = ty.clone();
    let Type::Path(path) = &mut ty else {
        return None;
    };
    let PathArguments::AngleBracketed(arguments) = &mut path.path.segments.last_mut()?.arguments
    else {
        return None;
    };
    match arguments.args.first_mut()? {
        GenericArgument::Type(first) => *first = payload,
        _ => return None,
    }
    Some(ty)
}
