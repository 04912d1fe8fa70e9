//! The type that the derive stands on, read once.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, ToTokens};
use syn::ext::IdentExt;
use syn::visit_mut::VisitMut;
use syn::{Attribute, Data, DeriveInput, Fields, Generics, Index, Member, Type, Visibility};

use super::itself::WithoutSelf;
use super::kept;
use super::options::{self, Options};
use super::shape::{Scope, Shape};
use crate::diagnostics::{Errors, Slug};

/// A struct or enum.
pub struct Item {
    /// Its name.
    pub ident: Ident,
    /// Its visibility, which its cotangent shares.
    pub visibility: Visibility,
    /// Its generics.
    pub generics: Generics,
    /// Whether it is an enum.
    pub is_enum: bool,
    /// The variants; of a struct, the one.
    pub variants: Vec<Variant>,
    /// The cotangent's name.
    pub cotangent: Ident,
    /// The cotangent's generics.
    pub kept: Generics,
    /// `T: Differentiable` for what the cotangent's type depends on.
    pub bounds: Vec<TokenStream>,
    /// Attributes that the cotangent shares.
    pub shared: Vec<Attribute>,
    /// The path of the runtime.
    pub krate: TokenStream,
}

/// A variant of an enum, or a struct.
pub struct Variant {
    /// The variant's name; a struct has none.
    pub ident: Option<Ident>,
    /// Whether the fields have names.
    pub named: bool,
    /// The fields in order.
    pub fields: Vec<Field>,
}

/// A field.
pub struct Field {
    /// Its name or number.
    pub member: Member,
    /// The visibility of its cotangent.
    pub visibility: Visibility,
    /// Its type, without `Self`.
    pub ty: Type,
    /// What that type shows.
    pub shape: Shape,
}

impl Item {
    /// Reads the input of the derive. What is refused is read as if it carried no floats.
    pub fn read(input: &DeriveInput, errors: &mut Errors) -> Item {
        let options = Options::read(&input.attrs, errors);
        let parameters: Vec<Ident> = input
            .generics
            .type_params()
            .map(|t| t.ident.clone())
            .collect();
        let variants = variants(input, &parameters, errors);
        let shapes = || {
            variants
                .iter()
                .flat_map(|v| &v.fields)
                .map(|field| &field.shape)
        };
        let cotangents = shapes().map(|shape| {
            let shape = shape.cotangent(&options.krate, &TokenStream::new());
            quote!(#shape,)
        });
        Item {
            ident: input.ident.clone(),
            visibility: input.vis.clone(),
            generics: input.generics.clone(),
            is_enum: matches!(input.data, Data::Enum(_)),
            cotangent: (options.cotangent)
                .unwrap_or_else(|| format_ident!("{}Cotangent", input.ident)),
            kept: kept::generics(&input.generics, &cotangents.collect()),
            bounds: kept::differentiable(shapes(), &parameters, &options.krate),
            shared: options::shared(&input.attrs),
            krate: options.krate,
            variants,
        }
    }

    /// Every field of every variant.
    pub fn fields(&self) -> impl Iterator<Item = &Field> {
        self.variants.iter().flat_map(|variant| &variant.fields)
    }

    /// Whether there is nothing in it at all, so that its cotangent is `()`.
    pub fn is_inert(&self) -> bool {
        self.fields().next().is_none()
    }

    /// The cotangent's type, with its generics as arguments.
    pub fn cotangent_type(&self) -> TokenStream {
        let (name, (_, arguments, _)) = (&self.cotangent, self.kept.split_for_impl());
        quote!(#name #arguments)
    }

    /// The cotangent's type of a field.
    pub fn cotangent_of(&self, field: &Field) -> TokenStream {
        field.shape.cotangent(&self.krate, &self.cotangent_type())
    }

    /// Takes `scrutinee` apart: an arm per variant, or a `let` where there is only one. `otherwise`
    /// is the last arm, for pairs of different variants.
    pub fn take_apart(
        &self,
        scrutinee: TokenStream,
        arm: impl Fn(&Variant) -> (TokenStream, TokenStream),
        otherwise: Option<TokenStream>,
    ) -> TokenStream {
        let arms = self.variants.iter().map(arm);
        if !self.is_enum {
            return arms
                .map(|(pattern, body)| quote!(let #pattern = #scrutinee; #body))
                .collect();
        }
        let arms = arms.map(|(pattern, body)| quote!(#pattern => { #body }));
        let otherwise = otherwise.filter(|_| self.variants.len() > 1);
        let otherwise = otherwise.map(|body| quote!(_ => #body));
        quote!(match #scrutinee { #(#arms)* #otherwise })
    }
}

impl Variant {
    /// `Type::Variant { field: prefix_field, … }`, for the fields that are wanted.
    pub fn pattern(
        &self,
        ty: &dyn ToTokens,
        prefix: &str,
        wanted: impl Fn(&Field) -> bool,
    ) -> TokenStream {
        let path = self.path(ty);
        let fields = self
            .fields
            .iter()
            .filter(|field| wanted(field))
            .map(|field| {
                let (member, name) = (&field.member, field.binding(prefix));
                quote!(#member: #name,)
            });
        quote!(#path { #(#fields)* .. })
    }

    /// `Type::Variant`, or `Type`.
    pub fn path(&self, ty: &dyn ToTokens) -> TokenStream {
        match &self.ident {
            Some(variant) => quote!(#ty::#variant),
            None => ty.to_token_stream(),
        }
    }
}

impl Field {
    /// The local variable for this field of `prefix`. No expression of the user's stands beside it.
    pub fn binding(&self, prefix: &str) -> Ident {
        match &self.member {
            Member::Named(name) => {
                format_ident!("{prefix}_{}", name.unraw(), span = Span::call_site())
            }
            Member::Unnamed(index) => {
                format_ident!("{prefix}_{}", index.index, span = Span::call_site())
            }
        }
    }
}

fn variants(input: &DeriveInput, parameters: &[Ident], errors: &mut Errors) -> Vec<Variant> {
    let (name, (_, arguments, _)) = (&input.ident, input.generics.split_for_impl());
    let Ok(itself) = syn::parse2(quote!(#name #arguments)) else {
        return Vec::new();
    };
    let scope = Scope {
        itself: &itself,
        parameters,
    };
    match &input.data {
        Data::Struct(data) => vec![variant(None, &data.fields, &input.vis, &scope, errors)],
        Data::Enum(data) => {
            for each in &data.variants {
                options::refuse_on_variant(&each.attrs, errors);
            }
            let variants = data.variants.iter();
            variants
                .map(|each| {
                    let inherited = Visibility::Inherited;
                    let mut variant =
                        variant(Some(&each.ident), &each.fields, &input.vis, &scope, errors);
                    (variant.fields.iter_mut()).for_each(|f| f.visibility = inherited.clone());
                    variant
                })
                .collect()
        }
        Data::Union(data) => {
            errors.refuse(Slug::DeriveUnion, data.union_token.span);
            Vec::new()
        }
    }
}

fn variant(
    ident: Option<&Ident>,
    fields: &Fields,
    around: &Visibility,
    scope: &Scope<'_>,
    errors: &mut Errors,
) -> Variant {
    let named = matches!(fields, Fields::Named(_));
    let fields = fields.iter().enumerate();
    Variant {
        ident: ident.cloned(),
        named,
        fields: fields
            .map(|(index, each)| field(index, each, around, scope, errors))
            .collect(),
    }
}

fn field(
    index: usize,
    field: &syn::Field,
    around: &Visibility,
    scope: &Scope<'_>,
    errors: &mut Errors,
) -> Field {
    let mut ty = field.ty.clone();
    WithoutSelf(scope.itself).visit_type_mut(&mut ty);
    let shape = match options::is_constant(&field.attrs, errors) {
        true => Shape::Inert,
        false => Shape::of(&ty, scope, errors),
    };
    let member = match &field.ident {
        Some(name) => Member::Named(name.clone()),
        None => Member::Unnamed(Index::from(index)),
    };
    Field {
        member,
        visibility: visibility(&field.vis, around),
        ty,
        shape,
    }
}

/// A field's cotangent is seen where the field is seen. In a private struct that is wherever the
/// struct itself is seen, so that `pub` says the same.
fn visibility(field: &Visibility, around: &Visibility) -> Visibility {
    match (field, around) {
        (Visibility::Inherited, Visibility::Inherited) => Visibility::Public(Default::default()),
        (field, _) => field.clone(),
    }
}
