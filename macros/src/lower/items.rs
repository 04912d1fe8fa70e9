//! What kind the items of an iterator chain will have, found without lowering it.
//!
//! A sum starts with a number before its first item is seen: the number has to be of the items' kind.

use syn::{Expr, ExprClosure, ExprMethodCall, Pat};

use super::known::strip;
use super::scope::{Binding, Term};
use super::types::kind_of;
use super::Lowering;
use crate::ir::Kind;

impl Lowering<'_> {
    /// The kind of the items of a chain.
    pub(super) fn kind_of_items(&mut self, chain: &Expr) -> Kind {
        match strip(chain) {
            Expr::Range(_) => Kind::Inert,
            Expr::MethodCall(call) => self.kind_of_link(call),
            Expr::Path(path) if self.is_named_chain(path) => Kind::Unknown,
            sequence => self.infer(sequence).element(),
        }
    }

    fn is_named_chain(&self, path: &syn::ExprPath) -> bool {
        let term = path.path.get_ident().and_then(|name| self.scope.term(name));
        matches!(term, Some(Term::Chain(_)))
    }

    fn kind_of_link(&mut self, call: &ExprMethodCall) -> Kind {
        let name = call.method.to_string();
        let before = |lowering: &mut Self| lowering.kind_of_items(&call.receiver);
        match (name.as_str(), call.args.first()) {
            ("iter" | "iter_mut", None) | ("drain", Some(_)) => {
                self.infer(&call.receiver).element()
            }
            ("windows" | "chunks" | "chunks_exact" | "chunks_mut" | "chunks_exact_mut", _) => {
                let element = self.infer(&call.receiver).element();
                Kind::Slice(Box::new(element))
            }
            ("enumerate", None) => Kind::Tuple(vec![Kind::Inert, before(self)]),
            ("zip", Some(other)) => {
                let left = before(self);
                Kind::Tuple(vec![left, self.kind_of_items(other)])
            }
            ("map", Some(function)) => {
                let item = before(self);
                self.kind_of_mapped(function, item)
            }
            (
                "into_iter" | "copied" | "cloned" | "rev" | "skip" | "take" | "filter" | "step_by"
                | "chain" | "take_while" | "skip_while" | "inspect" | "by_ref" | "peekable",
                _,
            ) => before(self),
            _ => Kind::Unknown,
        }
    }

    /// The kind of a closure's result, its parameter being of a kind.
    fn kind_of_mapped(&mut self, function: &Expr, item: Kind) -> Kind {
        match strip(function) {
            Expr::Closure(closure) if closure.inputs.len() == 1 => self.kind_of_body(closure, item),
            _ => Kind::Unknown,
        }
    }

    fn kind_of_body(&mut self, closure: &ExprClosure, item: Kind) -> Kind {
        if let syn::ReturnType::Type(_, ty) = &closure.output {
            return kind_of(ty, self.request.reals);
        }
        self.scope.enter();
        self.suppose(&closure.inputs[0], item);
        let kind = self.parsed(|lowering| lowering.infer(&closure.body));
        self.scope.leave();
        kind
    }

    /// Declares the names of a pattern, with the kinds that the parts of a value of some kind have.
    fn suppose(&mut self, pat: &Pat, kind: Kind) {
        match pat {
            Pat::Ident(ident) => {
                self.scope.declare(Binding {
                    name: ident.ident.clone(),
                    term: None,
                    kind,
                    ty: None,
                    mutable: false,
                });
            }
            Pat::Reference(inner) => self.suppose(&inner.pat, kind),
            Pat::Paren(inner) => self.suppose(&inner.pat, kind),
            Pat::Type(typed) => {
                let kind = kind_of(&typed.ty, self.request.reals).join(&kind);
                self.suppose(&typed.pat, kind);
            }
            Pat::Tuple(tuple) => {
                for (index, part) in tuple.elems.iter().enumerate() {
                    self.suppose(part, kind.member(&syn::Member::from(index)));
                }
            }
            pat => self.declare_names(pat, None),
        }
    }
}
