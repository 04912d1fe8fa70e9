//! Kinds of the results of functions whose signatures are seen.

use std::collections::{HashMap, HashSet};

use syn::{Expr, ExprCall, ExprMethodCall, ExprPath, FnArg, Item, Signature, Type, UseTree};

use super::known::strip;
use super::{prescan, types, Lowering};
use crate::ir::{Float, Kind};

/// What calls by name alone give, and calls on `self` or `Self`.
#[derive(Clone, Debug, Default)]
pub struct Results {
    free: HashMap<String, Kind>,
    members: HashMap<String, Kind>,
    /// Functions without a result, called by their name alone or on `Self`.
    without: HashSet<String>,
    /// Members that take `self` by value.
    consuming: HashSet<String>,
    /// Fields of `self` that are sequences.
    sequences: HashSet<String>,
    /// What differentiated functions take, by their name alone or behind `Self::`.
    inputs: HashMap<String, Vec<Type>>,
    /// Of their arguments, which are functions that come with rules, and how many arguments these take; `self`
    /// counts behind `Self::`, and does not for calls as methods, `.name`.
    rules: HashMap<String, Vec<Option<usize>>>,
}

impl Results {
    /// Notes a function that is called by its name alone.
    pub fn add_free(&mut self, sig: &Signature) {
        note(&mut self.free, sig);
        if matches!(sig.output, syn::ReturnType::Default) {
            self.without.insert(sig.ident.to_string());
        }
    }

    /// Notes a function that is called on `self` or `Self`.
    pub fn add_member(&mut self, sig: &Signature) {
        note(&mut self.members, sig);
        if matches!(sig.output, syn::ReturnType::Default) {
            self.without.insert(format!("Self::{}", sig.ident));
        }
        let receiver = sig.receiver().map(|receiver| &receiver.kind);
        if let Some(syn::ReceiverKind::Value) = receiver {
            self.consuming.insert(sig.ident.to_string());
        }
    }

    /// Notes fields of `self` that are sequences.
    pub fn add_sequences(&mut self, fields: &HashSet<String>) {
        self.sequences.extend(fields.iter().cloned());
    }

    /// Whether a field of `self` is a sequence.
    pub fn is_sequence(&self, field: &str) -> bool {
        self.sequences.contains(field)
    }

    /// Notes what a differentiated function takes.
    pub fn add_inputs(&mut self, sig: &Signature, member: bool) {
        let ty = |input: &FnArg| match input {
            FnArg::Typed(typed) => Some((*typed.ty).clone()),
            FnArg::Receiver(_) => None,
        };
        let inputs: Option<Vec<Type>> = sig.inputs.iter().map(ty).collect();
        let name = match member {
            true => format!("Self::{}", sig.ident),
            false => sig.ident.to_string(),
        };
        let plain = sig.generics.params.is_empty();
        self.inputs
            .extend(inputs.filter(|_| plain).map(|inputs| (name, inputs)));
    }

    /// Notes which arguments of a differentiated function are functions with rules.
    pub fn add_rules(&mut self, name: String, rules: Vec<Option<usize>>) {
        self.rules.insert(name, rules);
    }

    /// How many arguments a function takes that comes with a rule, as an argument of the called function.
    pub(super) fn rule_at(&self, callee: &str, position: usize) -> Option<usize> {
        *self.rules.get(callee)?.get(position)?
    }

    /// Whether it is known which arguments of a function come with rules.
    pub(super) fn sees(&self, callee: &str) -> bool {
        self.rules.contains_key(callee)
    }

    /// What the function takes that a path names, if that is seen.
    pub fn inputs(&self, path: &ExprPath) -> Option<&Vec<Type>> {
        let inputs = self.inputs.get(&name_of(path));
        inputs.filter(|_| path.qself.is_none())
    }

    /// Whether a method with that name belongs to the type at hand.
    pub fn has_member(&self, name: &str) -> bool {
        self.members.contains_key(name)
    }

    /// Whether a function is seen that is called by this name alone.
    pub fn has_free(&self, name: &str) -> bool {
        self.free.contains_key(name)
    }

    fn of_path(&self, path: &ExprPath) -> Option<&Kind> {
        if path.qself.is_some() {
            return None;
        }
        let mut segments = path.path.segments.iter();
        let (first, second) = (segments.next()?, segments.next());
        match second {
            None => self.free.get(&first.ident.to_string()),
            Some(name) if first.ident == "Self" && segments.next().is_none() => {
                self.members.get(&name.ident.to_string())
            }
            Some(_) => None,
        }
    }
}

/// A path as text.
pub(super) fn name_of(path: &ExprPath) -> String {
    let segments = path.path.segments.iter();
    let names: Vec<String> = segments.map(|segment| segment.ident.to_string()).collect();
    names.join("::")
}

/// References are not results that the pipeline knows, and the caller's type parameters are others: of unknown kind.
fn note(table: &mut HashMap<String, Kind>, sig: &Signature) {
    let syn::ReturnType::Type(_, ty) = &sig.output else {
        return;
    };
    let kind = types::kind_of(ty, &[]);
    let is_known = !matches!(**ty, Type::Reference(_)) && is_plain(&kind);
    let kind = if is_known { kind } else { Kind::Unknown };
    table.insert(sig.ident.to_string(), kind);
}

/// Whether a kind is known to the last part. An option or result is left in parts where it is made.
fn is_plain(kind: &Kind) -> bool {
    match kind {
        Kind::Float(Float::F32 | Float::F64) | Kind::Inert => true,
        Kind::Array(inner) | Kind::Vec(inner) => is_plain(inner),
        Kind::Tuple(parts) => parts.iter().all(is_plain),
        _ => false,
    }
}

impl Lowering<'_> {
    /// What the signature of the called function says, where it is seen.
    pub(super) fn result_of_call(&self, call: &ExprCall) -> Option<Kind> {
        let Expr::Path(path) = strip(&call.func) else {
            return None;
        };
        if let Some(array) = self.array_of_slice(call) {
            return Some(array);
        }
        if self.is_shadowed(path) {
            return None;
        }
        self.request.results.of_path(path).cloned()
    }

    /// The same of a method called on `self`.
    pub(super) fn result_of_method(&self, call: &ExprMethodCall) -> Option<Kind> {
        let Expr::Path(path) = strip(&call.receiver) else {
            return None;
        };
        let name = call.method.to_string();
        let kind = self.request.results.members.get(&name)?;
        path.path.is_ident("self").then(|| kind.clone())
    }

    /// Whether a method takes its receiver by value: `self`, or a variable that holds one of the same type.
    pub(super) fn is_consumed(&self, call: &ExprMethodCall) -> bool {
        let Expr::Path(receiver) = strip(&call.receiver) else {
            return false;
        };
        let Some(name) = receiver.path.get_ident() else {
            return false;
        };
        let consuming = &self.request.results.consuming;
        consuming.contains(&call.method.to_string())
            && (name == "self" || prescan::holds_self(self.request.block, name))
    }

    /// Whether a call surely has a result.
    pub(super) fn has_result(&self, expr: &Expr) -> bool {
        match strip(expr) {
            Expr::Call(call) => self.result_of_call(call).is_some(),
            Expr::MethodCall(call) => self.result_of_method(call).is_some(),
            _ => false,
        }
    }

    /// Whether a call of a function surely has none.
    pub(super) fn is_without_result(&self, expr: &Expr) -> bool {
        let Expr::Call(call) = strip(expr) else {
            return false;
        };
        let Expr::Path(path) = strip(&call.func) else {
            return false;
        };
        let segments = path.path.segments.iter();
        let name: Vec<String> = segments.map(|part| part.ident.to_string()).collect();
        path.qself.is_none()
            && !self.is_shadowed(path)
            && self.request.results.without.contains(&name.join("::"))
    }

    /// Whether a function's name stands for something of the body itself.
    pub(super) fn is_shadowed(&self, path: &ExprPath) -> bool {
        let Some(name) = path.path.get_ident() else {
            return false;
        };
        let anonymous = |item: &Item| matches!(item, Item::Use(item) if is_anonymous(&item.tree));
        !self.items.iter().all(anonymous) || self.scope.find(name).is_some()
    }
}

/// `path::Trait as _`, which names nothing.
fn is_anonymous(tree: &UseTree) -> bool {
    match tree {
        UseTree::Path(path) => is_anonymous(&path.tree),
        UseTree::Rename(renamed) => renamed.rename == "_",
        _ => false,
    }
}
