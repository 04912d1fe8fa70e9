//! The associated items of a trait's implementation, for siblings that stand outside of it; and associated types that are
//! floats, `type Scalar: Float;`, for those that stand in it or in the trait.

use syn::visit::Visit;
use syn::visit_mut::{self, VisitMut};
use syn::{
    Block, Expr, ExprMethodCall, ExprStruct, Generics, Ident, PatStruct, Path, PathArguments,
    TraitItem, Type,
};

use super::arguments::Options;
use super::function::Parts;
use super::scalars::Scalars;
use super::types;

/// The associated items of a trait's implementation, for siblings that stand outside it.
#[derive(Clone, Debug, Default)]
pub struct Associated {
    /// `type Name = Type;`
    pub types: Vec<(Ident, Type)>,
    /// What all of them stand for.
    pub all: Vec<Type>,
    /// The trait, for everything else that is spelled `Self::Name`.
    pub of: Option<Path>,
    /// The functions in it.
    pub functions: Vec<Ident>,
}

impl Associated {
    /// Spells out `Self::Name`, which means nothing outside the trait's implementation.
    pub fn substitute(&self, parts: &mut Parts) {
        if self.of.is_none() && self.types.is_empty() {
            return;
        }
        let mut spell = Spell(self);
        spell.visit_signature_mut(&mut parts.sig);
        if let Some(body) = &mut parts.body {
            spell.visit_block_mut(body);
            self.import(body);
        }
    }
}

impl Associated {
    /// In the implementation of a trait its methods are in scope without an import; in a block of its own they are not.
    /// A function that calls one of them needs it, unless the trait has a name there.
    fn import(&self, body: &mut Block) {
        let named = |of: &Path| of.segments.len() == 1 && of.leading_colon.is_none();
        let of = self.of.as_ref().filter(|of| !named(of));
        let Some(of) = of.filter(|of| self.calls(of, body)) else {
            return;
        };
        let mut bare = of.clone();
        for segment in &mut bare.segments {
            segment.arguments = syn::PathArguments::None;
        }
        let import: syn::Stmt = syn::parse_quote!(
            #[allow(unused_imports)]
            use #bare as _;
        );
        body.stmts.insert(0, import);
    }
}

impl Associated {
    /// Whether a body calls one of its methods. Those that it has from the trait alone, called on `self`, make an import
    /// only by a path that means the same in every edition.
    fn calls(&self, of: &Path, body: &Block) -> bool {
        struct Calls<'a> {
            functions: &'a [Ident],
            on_itself: bool,
            found: bool,
        }
        impl<'ast> Visit<'ast> for Calls<'_> {
            fn visit_expr_method_call(&mut self, call: &'ast ExprMethodCall) {
                let on_itself =
                    matches!(&*call.receiver, Expr::Path(path) if path.path.is_ident("self"));
                self.found |= self.on_itself && on_itself || self.functions.contains(&call.method);
                syn::visit::visit_expr_method_call(self, call);
            }
        }
        let mut scan = Calls {
            functions: &self.functions,
            on_itself: is_far(of),
            found: false,
        };
        scan.visit_block(body);
        scan.found
    }
}

/// Whether a path starts at a root, so that the trait may have no name where it is implemented.
fn is_far(path: &Path) -> bool {
    let first = path.segments.first().map(|first| first.ident.to_string());
    let rooted = matches!(first.as_deref(), Some("crate" | "self" | "super"));
    path.leading_colon.is_some() || rooted
}

/// An associated type of a trait that stands for a float, by its bounds.
#[derive(Clone, Debug)]
pub struct AssociatedFloat {
    pub name: Ident,
    /// `num_traits::Float` bounds it, or `Real`: else a trait of the user's own.
    pub is_real: bool,
}

impl AssociatedFloat {
    /// Those among the items of a trait.
    pub fn among(items: &[TraitItem], options: &Options) -> Vec<AssociatedFloat> {
        let types = items.iter().filter_map(|item| match item {
            TraitItem::Type(item) => Some((&item.ident, &item.bounds)),
            _ => None,
        });
        let (names, bounds): (Vec<_>, Vec<_>) = types.unzip();
        // They are bounded like type parameters.
        let generics: Generics = syn::parse_quote!(<#(#names: #bounds),*>);
        let scalars = Scalars::of(&generics, None, options, &[]);
        let floats = scalars.all.into_iter().map(|name| AssociatedFloat {
            is_real: !scalars.bare.contains(&name),
            name,
        });
        floats.collect()
    }

    /// Whether a type is `Self::Name` of this.
    pub fn is(&self, ty: &Type) -> bool {
        types::as_path(ty).is_some_and(|path| {
            let own = path.segments.len() == 2 && path.segments[0].ident == "Self";
            own && types::ends_with(path, &self.name.to_string())
        })
    }
}

struct Spell<'a>(&'a Associated);

impl VisitMut for Spell<'_> {
    fn visit_type_mut(&mut self, ty: &mut Type) {
        // `type Output = Self::Input;`, but no type that is its own.
        for _ in 0..self.0.types.len() {
            match types::as_path(ty).and_then(|path| self.known(path)) {
                Some(known) => *ty = known,
                None => break,
            }
        }
        visit_mut::visit_type_mut(self, ty);
    }

    /// `Self::Name { … }`
    fn visit_expr_struct_mut(&mut self, made: &mut ExprStruct) {
        self.spell_out(&mut made.path, made.qself.is_some());
        visit_mut::visit_expr_struct_mut(self, made);
    }

    fn visit_pat_struct_mut(&mut self, taken: &mut PatStruct) {
        self.spell_out(&mut taken.path, taken.qself.is_some());
        visit_mut::visit_pat_struct_mut(self, taken);
    }

    fn visit_item_mut(&mut self, _: &mut syn::Item) {}
}

impl Spell<'_> {
    /// The path of the type, as expressions and patterns write it: `Pair::<f64>`.
    fn spell_out(&self, path: &mut Path, qualified: bool) {
        let known = self.known(path).filter(|_| !qualified);
        let Some(mut known) = known.and_then(|ty| types::as_path(&ty).cloned()) else {
            return;
        };
        for segment in &mut known.segments {
            if let PathArguments::AngleBracketed(list) = &mut segment.arguments {
                list.colon2_token.get_or_insert_with(Default::default);
            }
        }
        *path = known;
    }

    fn known(&self, path: &Path) -> Option<Type> {
        let mut segments = path.segments.iter();
        let (this, name) = (segments.next()?, segments.next()?);
        if this.ident != "Self" || segments.next().is_some() {
            return None;
        }
        let known = self.0.types.iter().find(|(known, _)| *known == name.ident);
        known.map(|(_, ty)| ty.clone())
    }
}
