//! What carries floats, as far as the syntax of one crate tells.

use std::collections::{HashMap, HashSet};

use syn::{
    Fields, GenericArgument, GenericParam, Generics, Item, ItemTrait, Path, PathArguments, Type,
    TypeParamBound, TypePath, UseTree, WherePredicate,
};

/// The types and traits of a crate, by name.
#[derive(Default)]
pub struct Types {
    /// Fields of structs and of enums, and what an alias stands for.
    fields: HashMap<String, Vec<Type>>,
    /// Their type parameters.
    parameters: HashMap<String, Vec<String>>,
    /// Names that stand for another type.
    aliases: HashSet<String>,
    /// Names under which types are imported.
    renamed: HashMap<String, String>,
    /// Traits that stand for floats.
    float_traits: HashSet<String>,
}

/// The names that stand for something at one place.
#[derive(Clone, Default)]
pub struct Scope {
    /// Type parameters that are floats.
    pub floats: Vec<String>,
    /// Type parameters that may be: nothing says that they are not.
    pub open: Vec<String>,
    /// What `Self` stands for.
    pub this: Option<Type>,
    /// What `Self::Output` and the like stand for.
    pub associated: Vec<(String, Type)>,
}

impl Scope {
    /// As if what may be a float were one.
    pub fn opened(&self) -> Scope {
        let mut scope = self.clone();
        scope.floats.append(&mut scope.open);
        scope
    }

    /// What `Self::Name` or `<Self as Trait>::Name` stands for.
    fn associated(&self, ty: &TypePath) -> Option<&Type> {
        let of_self = match &ty.qself {
            Some(qself) => last(&qself.ty).is_some_and(|name| name == "Self"),
            None => ty.path.segments.len() == 2 && ty.path.segments[0].ident == "Self",
        };
        let name = &ty.path.segments.last()?.ident;
        let mut known = self.associated.iter().filter(|_| of_self);
        known.find(|(known, _)| name == known).map(|(_, ty)| ty)
    }
}

/// Traits that only floats have.
const FLOAT_TRAITS: [&str; 5] = ["Float", "FloatCore", "Real", "RealField", "FloatConst"];

/// Containers of which the first argument counts.
const CONTAINERS: [&str; 4] = ["Vec", "Box", "Option", "Result"];

impl Types {
    /// Reads the definitions among these items.
    pub fn define(&mut self, item: &Item) {
        match item {
            Item::Struct(item) => self.insert(&item.ident, &item.generics, fields(&item.fields)),
            Item::Enum(item) => {
                let all = item.variants.iter().flat_map(|v| fields(&v.fields));
                self.insert(&item.ident, &item.generics, all.collect());
            }
            Item::Type(item) => {
                self.aliases.insert(item.ident.to_string());
                self.insert(&item.ident, &item.generics, vec![(*item.ty).clone()]);
            }
            Item::Use(item) => self.rename(&item.tree),
            _ => {}
        }
    }

    /// `use crate::Name as Other`: another name for the same.
    fn rename(&mut self, tree: &UseTree) {
        match tree {
            UseTree::Path(path) => self.rename(&path.tree),
            UseTree::Group(group) => group.items.iter().for_each(|tree| self.rename(tree)),
            UseTree::Rename(name) => {
                let (new, old) = (name.rename.to_string(), name.ident.to_string());
                self.renamed.insert(new, old);
            }
            UseTree::Name(_) | UseTree::Glob(_) => {}
        }
    }

    /// Remembers traits that have a trait of floats above them; called until nothing is new.
    pub fn define_trait(&mut self, item: &ItemTrait) -> bool {
        let name = item.ident.to_string();
        self.is_float_bound(item.supertraits.iter()) && self.float_traits.insert(name)
    }

    fn insert(&mut self, name: &syn::Ident, generics: &Generics, fields: Vec<Type>) {
        let parameters = generics.type_params().map(|p| p.ident.to_string());
        let known = self.parameters.entry(name.to_string()).or_default();
        known.extend(parameters);
        // Two modules may have types of one name: what either has counts.
        self.fields
            .entry(name.to_string())
            .or_default()
            .extend(fields);
    }

    /// The type parameters that are floats.
    pub fn floats(&self, generics: &Generics) -> Vec<String> {
        let mut names = Vec::new();
        for parameter in &generics.params {
            if let GenericParam::Type(parameter) = parameter {
                if self.is_float_bound(parameter.bounds.iter()) {
                    names.push(parameter.ident.to_string());
                }
            }
        }
        let clauses = generics.where_clause.iter().flat_map(|c| &c.predicates);
        for predicate in clauses {
            if let WherePredicate::Type(predicate) = predicate {
                let bounded = self.is_float_bound(predicate.bounds.iter());
                names.extend(last(&predicate.bounded_ty).filter(|_| bounded));
            }
        }
        names
    }

    /// The type parameters that could stand for floats: those that have operators, or an order.
    pub fn open(&self, generics: &Generics) -> Vec<String> {
        let mut names = Vec::new();
        for parameter in generics.type_params() {
            if parameter.bounds.iter().any(is_arithmetic) {
                names.push(parameter.ident.to_string());
            }
        }
        let clauses = generics.where_clause.iter().flat_map(|c| &c.predicates);
        for predicate in clauses {
            if let WherePredicate::Type(predicate) = predicate {
                let bounded = predicate.bounds.iter().any(is_arithmetic);
                let operands = predicate.bounds.iter().flat_map(operands);
                names.extend(last(&predicate.bounded_ty).filter(|_| bounded));
                names.extend(operands.filter_map(last));
            }
        }
        let parameter = |name: &String| generics.type_params().any(|p| p.ident == name);
        names.retain(parameter);
        names
    }

    fn is_float_bound<'a>(&self, mut bounds: impl Iterator<Item = &'a TypeParamBound>) -> bool {
        bounds.any(|bound| match bound {
            TypeParamBound::Trait(bound) => bound.path.segments.last().is_some_and(|last| {
                let name = last.ident.to_string();
                FLOAT_TRAITS.contains(&name.as_str()) || self.float_traits.contains(&name)
            }),
            _ => false,
        })
    }

    /// Whether a value of this type has floats in it.
    pub fn carries(&self, ty: &Type, scope: &Scope) -> bool {
        self.has(ty, scope, true, 0)
    }

    /// Whether a value of this type is made of floats: no structs.
    pub fn is_made_of_floats(&self, ty: &Type, scope: &Scope) -> bool {
        self.has(ty, scope, false, 0)
    }

    fn has(&self, ty: &Type, scope: &Scope, structs: bool, depth: usize) -> bool {
        let inner = |ty: &Type| depth < 12 && self.has(ty, scope, structs, depth + 1);
        match ty {
            Type::Paren(ty) => inner(&ty.elem),
            Type::Group(ty) => inner(&ty.elem),
            Type::Reference(ty) => inner(&ty.elem),
            Type::Array(ty) => inner(&ty.elem),
            Type::Slice(ty) => inner(&ty.elem),
            Type::Tuple(ty) => ty.elems.iter().any(inner),
            Type::Path(path) => match scope.associated(path) {
                Some(ty) => inner(ty),
                None => self.named(&path.path, scope, structs, depth + 1),
            },
            _ => false,
        }
    }

    fn named(&self, path: &Path, scope: &Scope, structs: bool, depth: usize) -> bool {
        let Some(segment) = path.segments.last() else {
            return false;
        };
        let name = segment.ident.to_string();
        if name == "f32" || name == "f64" || scope.floats.contains(&name) {
            return true;
        }
        let inner = |ty: &Type| depth < 12 && self.has(ty, scope, structs, depth + 1);
        if CONTAINERS.contains(&name.as_str()) {
            return arguments(path).first().is_some_and(|ty| inner(ty));
        }
        match (&scope.this, name.as_str()) {
            (Some(this), "Self") => structs && inner(this),
            _ => self.local(path, &name, scope, structs, depth),
        }
    }

    /// A type of this crate, with the type parameters that its arguments make floats.
    fn local(&self, path: &Path, name: &str, scope: &Scope, structs: bool, depth: usize) -> bool {
        let name = match self.renamed.get(name) {
            Some(old) if !self.fields.contains_key(name) => old,
            _ => name,
        };
        let (Some(fields), Some(parameters)) = (self.fields.get(name), self.parameters.get(name))
        else {
            return false;
        };
        if (!structs && !self.aliases.contains(name)) || depth > 12 {
            return false;
        }
        let arguments = arguments(path);
        let float = |index: usize| match arguments.get(index) {
            Some(ty) => self.has(ty, scope, structs, depth + 1),
            None => true,
        };
        let floats = parameters
            .iter()
            .enumerate()
            .filter(|(index, _)| float(*index));
        let inside = Scope {
            floats: floats.map(|(_, name)| name.clone()).collect(),
            ..Scope::default()
        };
        fields
            .iter()
            .any(|ty| self.has(ty, &inside, structs, depth + 1))
    }

    /// Whether the name is of a type of this crate that carries floats.
    pub fn is_differentiable(&self, name: &str) -> bool {
        let path = Path::from(quote::format_ident!("{name}"));
        self.local(&path, name, &Scope::default(), true, 0)
    }
}

/// Traits that floats have, and other types too.
const ARITHMETIC: [&str; 13] = [
    "Add",
    "Sub",
    "Mul",
    "Div",
    "Rem",
    "Neg",
    "Num",
    "NumOps",
    "NumAssign",
    "Signed",
    "Zero",
    "One",
    "PartialOrd",
];

fn is_arithmetic(bound: &TypeParamBound) -> bool {
    named(bound).is_some_and(|path| {
        let last = path.segments.last();
        last.is_some_and(|last| ARITHMETIC.iter().any(|name| last.ident == name))
    })
}

/// The types in `Mul<R, Output = O>`.
fn operands(bound: &TypeParamBound) -> Vec<&Type> {
    let path = named(bound).filter(|_| is_arithmetic(bound));
    let last = path.and_then(|path| path.segments.last());
    let Some(PathArguments::AngleBracketed(list)) = last.map(|last| &last.arguments) else {
        return Vec::new();
    };
    let types = list.args.iter().filter_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        GenericArgument::AssocType(output) => Some(&output.ty),
        _ => None,
    });
    types.collect()
}

fn named(bound: &TypeParamBound) -> Option<&Path> {
    match bound {
        TypeParamBound::Trait(bound) => Some(&bound.path),
        _ => None,
    }
}

/// The types of fields.
pub fn fields(fields: &Fields) -> Vec<Type> {
    fields.iter().map(|field| field.ty.clone()).collect()
}

fn last(ty: &Type) -> Option<String> {
    match ty {
        Type::Path(path) => path.path.get_ident().map(ToString::to_string),
        _ => None,
    }
}

fn arguments(path: &Path) -> Vec<&Type> {
    let Some(PathArguments::AngleBracketed(list)) = path.segments.last().map(|s| &s.arguments)
    else {
        return Vec::new();
    };
    let types = list.args.iter().filter_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    });
    types.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn types(text: &str) -> Types {
        let file = syn::parse_file(text).unwrap();
        let mut types = Types::default();
        file.items.iter().for_each(|item| types.define(item));
        types
    }

    #[test]
    fn renamed_types_are_what_they_are() {
        let types = types("struct Average { last: f64 } use crate::{Average as Mean, Count as _};");
        let scope = Scope::default();
        assert!(types.has(&syn::parse_quote!(Mean), &scope, true, 0));
        assert!(!types.has(&syn::parse_quote!(Other), &scope, true, 0));
    }

    #[test]
    fn floats_are_found_inside_structs() {
        let types =
            types("struct P<T> { x: T } struct Q { p: Vec<P<f64>>, n: usize } struct N(u8);");
        let carries = |ty: &str| types.carries(&syn::parse_str(ty).unwrap(), &Scope::default());
        assert!(carries("&[f64; 3]") && carries("Q") && carries("P<f32>"));
        assert!(!carries("N") && !carries("P<u8>") && !carries("Unknown"));
    }

    #[test]
    fn results_are_not_structs() {
        let types = types("struct Q { x: f64 } type Y = f64;");
        let made =
            |ty: &str| types.is_made_of_floats(&syn::parse_str(ty).unwrap(), &Scope::default());
        assert!(made("f64") && made("Result<(f64, u8), E>") && made("Vec<Y>"));
        assert!(!made("Q") && !made("usize"));
    }

    #[test]
    fn associated_types_stand_for_others() {
        let scope = Scope {
            associated: vec![("Output".into(), syn::parse_quote!(f64))],
            ..Scope::default()
        };
        let made =
            |ty: &str| Types::default().is_made_of_floats(&syn::parse_str(ty).unwrap(), &scope);
        assert!(made("Self::Output") && made("<Self as Mul>::Output"));
        assert!(!made("Self::Error") && !made("T::Output"));
    }
}
