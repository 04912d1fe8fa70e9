//! Names of generated code.
//!
//! The user's parameters keep their identifiers. Everything else is resolved where the macro stands, so that no
//! variable of ours is ever taken for one of the user's; and each name is spelled once, so that a reader is not
//! misled either. Names of ours are numbered: `let t = …` would not compile where the user has a constant `t`, which no
//! macro can see.

use std::collections::{HashMap, HashSet};

use proc_macro2::{Ident, Span};
use syn::ext::IdentExt;
use syn::Lifetime;

use crate::ir::{constants, Function, Var, VarInfo};

/// The sibling of a function: `g_vjp` for `g`. It keeps the span, so that what is missing is reported at `g`.
pub fn sibling(function: &Ident, suffix: &str) -> Ident {
    Ident::new(&format!("{}_{suffix}", function.unraw()), function.span())
}

/// The same text, resolved where the macro stands.
fn hygienic(name: &Ident) -> Ident {
    let mut name = name.clone();
    name.set_span(Span::mixed_site().located_at(name.span()));
    name
}

/// The name of each variable of a function, and of the few that emission adds. Names are given when they are first
/// printed: what is printed where it is used takes none.
pub struct Names {
    hints: Vec<Ident>,
    /// Whether the user, or the name of a cotangent, says what a variable is called.
    known: Vec<bool>,
    idents: Vec<Option<Ident>>,
    taken: HashMap<String, usize>,
    labels: usize,
}

impl Names {
    /// Names for the variables of a function. `given` are those which the signature of `f_vjp` defines besides the
    /// primal's parameters: they are called as they are. `taken` are constants that the function does not mention.
    pub fn new(function: &Function, given: &[Var], taken: &HashSet<String>) -> Names {
        let mut names = Names {
            hints: function.vars.iter().map(|info| info.name.clone()).collect(),
            known: function.vars.iter().map(is_known).collect(),
            idents: vec![None; function.vars.len()],
            taken: HashMap::new(),
            labels: 0,
        };
        for constant in constants::named(function)
            .into_iter()
            .chain(taken.iter().cloned())
        {
            names.taken.insert(constant, 0);
        }
        for var in given {
            names.fix(*var, hygienic(&function.vars[var.0].name));
        }
        for param in &function.params {
            names.fix(param.var, function.vars[param.var.0].name.clone());
        }
        names
    }

    fn fix(&mut self, var: Var, name: Ident) {
        self.taken.insert(name.to_string(), 0);
        self.idents[var.0] = Some(name);
    }

    /// The name of a variable.
    pub fn of(&mut self, var: Var) -> Ident {
        if let Some(Some(name)) = self.idents.get(var.0) {
            return name.clone();
        }
        let Some(hint) = self.hints.get(var.0).cloned() else {
            return Ident::new("d_out", Span::mixed_site());
        };
        let name = match self.known[var.0] {
            true => self.unique(&hint),
            false => self.numbered(&hint),
        };
        self.idents[var.0] = Some(name.clone());
        name
    }

    /// Gives a variable the name of another one.
    pub fn alias(&mut self, var: Var, target: Var) {
        let name = self.of(target);
        self.rename(var, name);
    }

    /// Gives a variable a name.
    pub fn rename(&mut self, var: Var, name: Ident) {
        if let Some(place) = self.idents.get_mut(var.0) {
            *place = Some(name);
        }
    }

    /// A name that no variable has, and no constant: with a number.
    fn numbered(&mut self, hint: &Ident) -> Ident {
        self.taken.entry(hint.to_string()).or_default();
        self.unique(hint)
    }

    /// A name that no variable has.
    pub fn unique(&mut self, hint: &Ident) -> Ident {
        let hint_text = hint.to_string();
        let base = match hint_text.as_str() {
            // These have no raw form.
            "self" | "Self" | "super" | "crate" | "_" => "this".to_string(),
            _ => hint.unraw().to_string(),
        };
        let text = self.untaken(&base);
        let raw = text == base && hint_text.starts_with("r#");
        let ident = if raw {
            Ident::new_raw(&text, hint.span())
        } else {
            Ident::new(&text, hint.span())
        };
        hygienic(&ident)
    }

    /// `base`, or `base_1`, `base_2`, …
    fn untaken(&mut self, base: &str) -> String {
        let mut text = base.to_string();
        while self.taken.contains_key(&text) {
            let count = self.taken.entry(base.to_string()).or_default();
            *count += 1;
            text = format!("{base}_{count}");
        }
        self.taken.insert(text.clone(), 0);
        text
    }

    /// A name for something that is no variable of the function.
    pub fn local(&mut self, hint: &str) -> Ident {
        self.numbered(&Ident::new(hint, Span::mixed_site()))
    }

    /// A label for a loop.
    pub fn label(&mut self) -> Lifetime {
        self.labels += 1;
        let text = if self.labels == 1 {
            "'out".to_string()
        } else {
            format!("'out_{}", self.labels)
        };
        Lifetime::new(&text, Span::mixed_site())
    }
}

/// Whether a variable's name is the user's, or made of one.
fn is_known(info: &VarInfo) -> bool {
    info.named || info.name.to_string().starts_with("d_")
}
