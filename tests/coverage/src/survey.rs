//! Everything in a crate that may be given an attribute, and where.

use std::collections::HashSet;
use std::ops::Range;
use std::path::PathBuf;

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::spanned::Spanned;
use syn::{
    Attribute, Generics, ImplItem, Item, ItemImpl, ItemTrait, ItemUse, Signature, TraitItem, Type,
    UseTree, Visibility,
};

use crate::eligible::{self, Class};
use crate::expand::{self, Written};
use crate::fetch::Package;
use crate::handed;
use crate::in_trait::{self, Choice, Traits};
use crate::modules::{self, is_compiled, Source};
use crate::shared;
use crate::strangers;
use crate::types::{Scope, Types};

/// Traits of the standard library that a type may implement any number of times.
const RULES: [&str; 14] = [
    "Add",
    "Sub",
    "Mul",
    "Div",
    "Rem",
    "Neg",
    "AddAssign",
    "SubAssign",
    "MulAssign",
    "DivAssign",
    "RemAssign",
    "Index",
    "From",
    "Into",
];

/// A function that gets the attribute.
pub struct Function {
    pub name: String,
    /// Names that a macro gives it elsewhere.
    pub aliases: Vec<String>,
    pub file: usize,
    pub span: Range<usize>,
    /// Where an attribute can be written.
    pub at: usize,
    pub class: Class,
    /// The block it is a member of.
    pub block: Option<usize>,
    /// Where `#[constant]` is written: parameters that carry no floats.
    pub constants: Vec<usize>,
    /// Type parameters of the block that are floats, as far as the signature mentions them.
    pub floats: Vec<String>,
    /// Type parameters that are floats by the option alone.
    pub said: Vec<String>,
    /// A method of the type has this name already, so the siblings have no names.
    pub taken: bool,
}

/// An `impl` block or a trait.
pub struct Block {
    pub file: usize,
    pub span: Range<usize>,
    pub at: usize,
    /// It is the definition of a trait.
    pub defines: bool,
    /// The type that it is of, and whether the methods are those of a trait.
    pub of: String,
    pub of_trait: bool,
    /// A macro writes it for this type more than once.
    pub repeated: bool,
    /// All its siblings would have others' names, so they get names of their own.
    pub renamed: bool,
    /// It implements an operator or a conversion, whose rule is a trait with the same parameters.
    pub has_rule: bool,
    /// It is of this trait of the crate, of which everything is seen.
    pub seen: Option<String>,
    /// It is of this trait of the crate, of which the siblings are members.
    pub in_trait: Option<String>,
    /// Type parameters that are floats by the option alone.
    pub said: Vec<String>,
    /// Methods that a trait declares without a body: name, and where.
    pub declared: Vec<(String, usize)>,
    /// Members that are left out, as they have nothing to differentiate: name, and where.
    pub others: Vec<(String, usize)>,
}

/// A struct or an enum that gets the derive.
pub struct Derived {
    pub name: String,
    pub file: usize,
    pub span: Range<usize>,
    pub at: usize,
    /// Where `#[constant]` is written: fields of other crates' types.
    pub constants: Vec<usize>,
}

/// A name that is imported.
pub struct Import {
    pub file: usize,
    /// After the `use` item.
    pub at: usize,
    pub name: String,
    /// The import of `{name}_vjp` beside it.
    pub text: String,
}

/// What was found in a crate.
pub struct Survey {
    pub files: Vec<(PathBuf, String)>,
    pub functions: Vec<Function>,
    pub blocks: Vec<Block>,
    pub derived: Vec<Derived>,
    pub imports: Vec<Import>,
    /// Imports of functions of `libm`, which get the attribute themselves: file, and where.
    pub of_libm: Vec<(usize, usize)>,
    /// Functions without an attribute: file, and where they end.
    pub left_alone: Vec<(usize, usize)>,
    /// Calls of macros that write functions.
    pub calls: Vec<Call>,
}

/// A call of a macro.
pub struct Call {
    pub file: usize,
    pub span: Range<usize>,
    /// The functions that the macro writes: file, and where they end.
    pub writes: Vec<(usize, usize)>,
}

impl Survey {
    /// Files of which nothing is known yet.
    fn of(sources: Vec<Source>) -> Survey {
        let files = sources.into_iter().map(|source| (source.path, source.text));
        Survey {
            files: files.collect(),
            functions: Vec::new(),
            blocks: Vec::new(),
            derived: Vec::new(),
            imports: Vec::new(),
            of_libm: Vec::new(),
            left_alone: Vec::new(),
            calls: Vec::new(),
        }
    }

    /// The functions that the call of a macro writes.
    pub fn written_by(&self, call: usize) -> impl Iterator<Item = usize> + '_ {
        let writes = &self.calls[call].writes;
        let functions = self.functions.iter().enumerate();
        functions
            .filter(|(_, function)| writes.contains(&(function.file, function.span.end)))
            .map(|(index, _)| index)
    }

    /// The functions of that name in a trait that has the siblings, and in its implementations.
    pub fn methods_of<'a>(
        &'a self,
        of: &'a str,
        name: &'a str,
    ) -> impl Iterator<Item = usize> + 'a {
        let functions = self.functions.iter().enumerate();
        let inside = move |function: &Function| {
            let block = function.block.map(|block| &self.blocks[block]);
            block.is_some_and(|block| block.in_trait.as_deref() == Some(of))
        };
        functions
            .filter(move |(_, function)| function.name == name && inside(function))
            .map(|(index, _)| index)
    }

    /// The trait that a function's siblings are members of.
    pub fn trait_of(&self, function: usize) -> Option<&str> {
        let block = self.functions[function].block?;
        self.blocks[block].in_trait.as_deref()
    }
}

/// Reads a crate, where a choice has been made of the traits that get the attribute.
pub fn survey(package: &Package, choice: &Choice) -> Result<Survey, String> {
    let sources = modules::read(&package.root, &package.features)?;
    let all = expand::items(&sources, &package.features);
    let types = types(&all, &package.features);
    let mut traits_here = Traits::default();
    for written in &all {
        traits_here.read(&written.items);
    }
    let own = all
        .iter()
        .flat_map(|written| strangers::defined(&written.items));
    let own: HashSet<String> = own.collect();
    let mut walk = Walk {
        strangers: HashSet::new(),
        types: &types,
        features: &package.features,
        traits: &traits_here,
        file: 0,
        found: Survey::of(sources),
    };
    for written in &all {
        walk.file = written.file;
        walk.strangers = strangers::among(&written.items, &own);
        let before = walk.found.functions.len();
        walk.items(&written.items);
        walk.wrote(written, before);
    }
    shared::join(&mut walk.found);
    in_trait::settle(&mut walk.found, &traits_here, choice);
    Ok(walk.found)
}

fn types(all: &[Written], features: &[String]) -> Types {
    let mut types = Types::default();
    for written in all {
        define(&written.items, features, &mut types);
    }
    while all.iter().any(|written| traits(&written.items, &mut types)) {}
    types
}

fn define(items: &[Item], features: &[String], types: &mut Types) {
    for item in items {
        match item {
            Item::Mod(module) if is_compiled(&module.attrs, features) => {
                let inner = module.content.as_ref();
                define(
                    inner.map_or(&[], |(_, items)| items.as_slice()),
                    features,
                    types,
                );
            }
            item => types.define(item),
        }
    }
}

fn traits(items: &[Item], types: &mut Types) -> bool {
    let mut new = false;
    for item in items {
        new |= match item {
            Item::Trait(item) => types.define_trait(item),
            Item::Mod(module) => match &module.content {
                Some((_, items)) => traits(items, types),
                None => false,
            },
            _ => false,
        };
    }
    new
}

struct Walk<'a> {
    /// Traits named `Float` or `Real` that are somebody else's, in this file.
    strangers: HashSet<String>,
    types: &'a Types,
    features: &'a [String],
    traits: &'a Traits,
    file: usize,
    found: Survey,
}

impl Walk<'_> {
    /// Remembers which functions were found because a macro is called.
    fn wrote(&mut self, written: &Written, before: usize) {
        let found = &self.found.functions[before..];
        let writes = found
            .iter()
            .map(|f| (f.file, f.span.end))
            .collect::<Vec<_>>();
        if let Some((file, span)) = written.call.clone() {
            self.found.calls.push(Call { file, span, writes });
        }
    }

    fn items(&mut self, items: &[Item]) {
        for item in items {
            self.item(item);
        }
    }

    fn compiled(&self, attrs: &[Attribute]) -> bool {
        is_compiled(attrs, self.features)
    }

    fn item(&mut self, item: &Item) {
        match item {
            Item::Mod(module) if self.compiled(&module.attrs) => {
                if let Some((_, items)) = &module.content {
                    self.items(items);
                }
            }
            Item::Fn(item) if self.compiled(&item.attrs) => {
                let at = start(&item.vis, &item.sig);
                let span = item.span().byte_range();
                self.function(&item.sig, span, at, None, &Scope::default());
            }
            Item::Impl(item) if self.compiled(&item.attrs) => self.implementation(item),
            Item::Trait(item) if self.compiled(&item.attrs) => self.definition(item),
            Item::Use(item) if self.compiled(&item.attrs) => self.import(item),
            Item::Struct(def) if self.compiled(&def.attrs) => {
                let at = start_of(&def.vis, def.struct_token.span);
                let fields = def.fields.iter().collect();
                self.derive(
                    &def.ident,
                    &def.generics,
                    def.span().byte_range(),
                    at,
                    fields,
                );
            }
            Item::Enum(def) if self.compiled(&def.attrs) => {
                let at = start_of(&def.vis, def.enum_token.span);
                let fields = def.variants.iter().flat_map(|v| v.fields.iter()).collect();
                self.derive(
                    &def.ident,
                    &def.generics,
                    def.span().byte_range(),
                    at,
                    fields,
                );
            }
            _ => {}
        }
    }

    fn implementation(&mut self, item: &ItemImpl) {
        let block = self.found.blocks.len();
        let path = item.trait_.as_ref().map(|(path, _)| path);
        let name = path.and_then(|path| Some(&path.segments.last()?.ident));
        let seen = name.and_then(|name| self.traits.named(name));
        self.found.blocks.push(Block {
            file: self.file,
            span: item.span().byte_range(),
            at: item.modifiers_start(),
            defines: false,
            of: item.self_ty.to_token_stream().to_string(),
            of_trait: item.trait_.is_some(),
            repeated: false,
            renamed: false,
            has_rule: name.is_some_and(|name| RULES.iter().any(|known| name == known)),
            in_trait: seen.clone(),
            seen,
            said: strangers::bounded(&item.generics, &self.strangers),
            declared: Vec::new(),
            others: Vec::new(),
        });
        let mut scope = self.scope(&item.generics, Some((*item.self_ty).clone()));
        scope.associated = associated(item);
        for member in &item.items {
            if let ImplItem::Fn(member) = member {
                let at = start(&member.vis, &member.sig);
                let span = member.span().byte_range();
                self.member(&member.attrs, &member.sig, span, at, block, &scope);
            }
        }
    }

    fn definition(&mut self, item: &ItemTrait) {
        let block = self.found.blocks.len();
        self.found.blocks.push(Block {
            file: self.file,
            span: item.span().byte_range(),
            at: start_of(&item.vis, item.trait_token.span),
            defines: true,
            of: item.ident.to_string(),
            of_trait: true,
            repeated: false,
            renamed: false,
            has_rule: false,
            in_trait: self.traits.named(&item.ident),
            seen: self.traits.named(&item.ident),
            said: strangers::bounded(&item.generics, &self.strangers),
            declared: Vec::new(),
            others: Vec::new(),
        });
        let scope = self.scope(&item.generics, self.implementor(&item.ident));
        for member in &item.items {
            match member {
                TraitItem::Fn(member) if member.default.is_some() => {
                    let at = start(&Visibility::Inherited, &member.sig);
                    let span = member.span().byte_range();
                    self.member(&member.attrs, &member.sig, span, at, block, &scope);
                }
                TraitItem::Fn(member) if self.compiled(&member.attrs) => {
                    let at = start(&Visibility::Inherited, &member.sig);
                    let name = member.sig.ident.to_string();
                    self.found.blocks[block].declared.push((name, at));
                }
                _ => {}
            }
        }
    }

    fn scope(&self, generics: &Generics, this: Option<Type>) -> Scope {
        Scope {
            floats: self.types.floats(generics),
            open: self.types.open(generics),
            this,
            associated: Vec::new(),
        }
    }

    /// What `Self` is in a trait: one of the types that implement it, if all of them carry floats.
    fn implementor(&self, of: &syn::Ident) -> Option<Type> {
        let all = self.traits.implementors(of);
        let carries =
            |(generics, ty): &(Generics, Type)| self.types.carries(ty, &self.scope(generics, None));
        all.iter()
            .all(carries)
            .then(|| Some(all.first()?.1.clone()))?
    }

    fn member(
        &mut self,
        attrs: &[Attribute],
        sig: &Signature,
        span: Range<usize>,
        at: usize,
        block: usize,
        scope: &Scope,
    ) {
        let taken = self.compiled(attrs) && self.function(sig, span, at, Some(block), scope);
        if !taken {
            let name = sig.ident.to_string();
            self.found.blocks[block].others.push((name, at));
        }
    }

    fn function(
        &mut self,
        sig: &Signature,
        span: Range<usize>,
        at: usize,
        block: Option<usize>,
        outer: &Scope,
    ) -> bool {
        let mut scope = outer.clone();
        scope.floats.extend(self.types.floats(&sig.generics));
        scope.open.extend(self.types.open(&sig.generics));
        let class = match eligible::classify(sig, self.types, &scope) {
            Class::Inert if self.follows_others(sig, block, &scope) => Class::Beside,
            class => class,
        };
        if class == Class::Beside {
            scope = scope.opened();
        }
        // The siblings of what implements or defines a trait would be members of it.
        let of_trait = block.is_some_and(|block| self.found.blocks[block].of_trait);
        if class == Class::Neither || (class == Class::Inert && of_trait) {
            self.found.left_alone.push((self.file, span.end));
            return false;
        }
        let said = self.said(sig, block);
        let function = Function {
            said,
            name: sig.ident.to_string(),
            aliases: Vec::new(),
            file: self.file,
            span,
            at,
            class,
            block,
            constants: self.constant_parameters(sig, &scope, class),
            floats: mentioned(&outer.floats, sig.to_token_stream()),
            taken: false,
        };
        self.found.functions.push(function);
        true
    }

    /// Whether the member of a trait, implemented for a type without floats, has the siblings that it has for other types:
    /// of that type from floats, or the other way round.
    fn follows_others(&self, sig: &Signature, block: Option<usize>, scope: &Scope) -> bool {
        let block = block.map(|block| &self.found.blocks[block]);
        let implements = block.is_some_and(|block| block.seen.is_some() && !block.defines);
        let (Some(this), syn::ReturnType::Type(_, given)) = (&scope.this, &sig.output) else {
            return false;
        };
        let own: Type = syn::parse_quote!(Self);
        let gives_own = **given == *this || **given == own;
        let taken = sig.receiver().is_some() && self.types.is_made_of_floats(given, scope);
        implements && !self.types.carries(this, scope) && (gives_own || taken)
    }

    /// Type parameters of a function that are floats by the option alone; its block names them, too.
    fn said(&mut self, sig: &Signature, block: Option<usize>) -> Vec<String> {
        let mut said = strangers::bounded(&sig.generics, &self.strangers);
        if let Some(block) = block {
            let known = &mut self.found.blocks[block].said;
            let outer = mentioned(known, sig.to_token_stream());
            known.extend(said.iter().cloned());
            known.sort();
            known.dedup();
            said.extend(outer);
        }
        said
    }

    /// Parameters of named types without floats: the attribute could not know. Functions come with their rules,
    /// unless nothing flows at all.
    fn constant_parameters(&self, sig: &Signature, scope: &Scope, class: Class) -> Vec<usize> {
        let mut constants = Vec::new();
        for input in &sig.inputs {
            let Some(ty) = eligible::ty(input, scope) else {
                continue;
            };
            let constant = is_opaque(&ty) && !self.types.carries(&ty, scope);
            let rule = class != Class::Inert && handed::is_function(&ty, &sig.generics);
            if constant && !rule {
                constants.push(input.span().byte_range().start);
            }
        }
        constants
    }

    fn derive(
        &mut self,
        name: &syn::Ident,
        generics: &Generics,
        span: Range<usize>,
        at: usize,
        fields: Vec<&syn::Field>,
    ) {
        let name = name.to_string();
        // What tells cases apart, without anything inside, is asked for where a function gives it beside floats.
        let tells = fields.is_empty() && generics.params.is_empty();
        if !tells && !self.types.is_differentiable(&name) {
            return;
        }
        // A type parameter may stand for floats: the cotangent is generic then.
        let parameters = generics.type_params();
        let scope = Scope {
            floats: parameters.map(|param| param.ident.to_string()).collect(),
            ..Scope::default()
        };
        let foreign =
            |field: &&syn::Field| is_opaque(&field.ty) && !self.types.carries(&field.ty, &scope);
        let constants = fields
            .into_iter()
            .filter(foreign)
            .map(field_start)
            .collect();
        self.found.derived.push(Derived {
            name,
            file: self.file,
            span,
            at,
            constants,
        });
    }

    fn import(&mut self, item: &ItemUse) {
        if is_of_libm(item) {
            let at = start_of(&item.vis, item.use_token.span);
            self.found.of_libm.push((self.file, at));
            return;
        }
        let mut names = Vec::new();
        let prefix = item.leading_colon.map_or("", |_| "::").to_owned();
        leaves(&item.tree, prefix, &mut names);
        let vis = item.vis.to_token_stream();
        for (name, path) in names {
            let text = format!(" #[allow(unused_imports)] {vis} use {path};");
            self.found.imports.push(Import {
                file: self.file,
                at: item.span().byte_range().end,
                name,
                text,
            });
        }
    }
}

/// Those of the names that are among the tokens.
fn mentioned(names: &[String], tokens: TokenStream) -> Vec<String> {
    let mut found = Vec::new();
    for token in tokens {
        match token {
            TokenTree::Ident(ident) => found.push(ident.to_string()),
            TokenTree::Group(group) => found.extend(mentioned(names, group.stream())),
            _ => {}
        }
    }
    let named = names.iter().filter(|name| found.contains(name));
    named.cloned().collect()
}

/// What `Self::Output` and the like stand for in an implementation.
fn associated(item: &ItemImpl) -> Vec<(String, Type)> {
    let types = item.items.iter().filter_map(|member| match member {
        ImplItem::Type(member) => Some((member.ident.to_string(), member.ty.clone())),
        _ => None,
    });
    types.collect()
}

/// `use libm::{exp, log};`
fn is_of_libm(item: &ItemUse) -> bool {
    let inside = |step: &syn::UsePath| !matches!(&*step.tree, UseTree::Glob(_) | UseTree::Path(_));
    matches!(&item.tree, UseTree::Path(step) if step.ident == "libm" && inside(step))
}

/// `path::f_vjp` for every name that is imported.
fn leaves(tree: &UseTree, prefix: String, names: &mut Vec<(String, String)>) {
    match tree {
        UseTree::Path(path) => leaves(&path.tree, format!("{prefix}{}::", path.ident), names),
        UseTree::Group(group) => {
            for tree in &group.items {
                leaves(tree, prefix.clone(), names);
            }
        }
        UseTree::Name(name) => {
            let text = format!("{prefix}{}_vjp", name.ident);
            names.push((name.ident.to_string(), text));
        }
        UseTree::Rename(name) => {
            let text = format!("{prefix}{}_vjp as {}_vjp", name.ident, name.rename);
            names.push((name.ident.to_string(), text));
        }
        UseTree::Glob(_) => {}
    }
}

/// Types that the attribute takes to carry floats because it cannot see through them.
fn is_opaque(ty: &Type) -> bool {
    match ty {
        Type::Reference(ty) => is_opaque(&ty.elem),
        Type::Slice(ty) => is_opaque(&ty.elem),
        Type::Array(ty) => is_opaque(&ty.elem),
        Type::Paren(ty) => is_opaque(&ty.elem),
        Type::Tuple(ty) => ty.elems.iter().any(is_opaque),
        Type::Path(path) => path.path.segments.last().is_some_and(|last| {
            let name = last.ident.to_string();
            let std = [
                "str",
                "bool",
                "char",
                "String",
                "PhantomData",
                "usize",
                "isize",
            ];
            let integer = name.len() <= 4 && name.starts_with(['i', 'u']);
            !std.contains(&name.as_str()) && !integer
        }),
        Type::ImplTrait(_) | Type::TraitObject(_) => true,
        _ => false,
    }
}

fn field_start(field: &syn::Field) -> usize {
    match (&field.vis, &field.ident) {
        (Visibility::Inherited, Some(name)) => name.span().byte_range().start,
        (Visibility::Inherited, None) => field.ty.span().byte_range().start,
        (vis, _) => vis.span().byte_range().start,
    }
}

/// Where a function starts after its attributes.
fn start(vis: &Visibility, sig: &Signature) -> usize {
    start_of(vis, sig.span())
}

fn start_of(vis: &Visibility, otherwise: proc_macro2::Span) -> usize {
    match vis {
        Visibility::Inherited => otherwise.byte_range().start,
        vis => vis.span().byte_range().start,
    }
}

/// Where an `impl` starts after its attributes.
trait Start {
    fn modifiers_start(&self) -> usize;
}

impl Start for ItemImpl {
    fn modifiers_start(&self) -> usize {
        let mut bare = self.clone();
        bare.attrs.clear();
        bare.items.clear();
        let first = bare.to_token_stream().into_iter().next();
        first.map_or(0, |token| token.span().byte_range().start)
    }
}
