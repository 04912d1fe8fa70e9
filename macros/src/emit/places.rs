//! Places: `x`, `*x`, `x.f[i]`, `(*match &x { Some(v) => v, … })`.

use proc_macro2::TokenStream;
use quote::{format_ident, quote, ToTokens};
use syn::Member;

use super::code::{Code, Level};
use super::{paths, Emitter};
use crate::ir::{Class, Kind, Operand, Place, Proj, Variant, Wrapper};

impl Emitter<'_> {
    /// A place as an expression, to be read or lent.
    pub fn place(&mut self, place: &Place) -> Code {
        self.place_for(place, false)
    }

    /// A place that is read by value: moved, if it cannot be copied.
    pub fn read(&mut self, place: &Place) -> Code {
        let owned = matches!(self.class(place.root), Class::Root | Class::Shadow);
        match place.path.split_last() {
            Some((Proj::Payload(wrapper), path)) if owned => {
                let base = self.read(&Place {
                    root: place.root,
                    path: path.to_vec(),
                });
                let cotangent = self.class(place.root) == Class::Shadow;
                self.moved_payload(&base, *wrapper, cotangent).over([&base])
            }
            _ => self.place(place),
        }
    }

    /// A place as an expression, to be written or lent as `&mut`.
    pub fn place_mut(&mut self, place: &Place) -> Code {
        self.place_for(place, true)
    }

    fn place_for(&mut self, place: &Place, mutable: bool) -> Code {
        let name = self.names.of(place.root);
        let root = self.storage(place.root);
        let code = Code::atom(name.to_token_stream()).reading(root);
        if place.path.is_empty() {
            return if self.is_reference(place) {
                dereferenced(code)
            } else {
                code
            };
        }
        let cotangent = matches!(
            self.class(place.root),
            Class::Shadow | Class::Slot | Class::Lent
        );
        let unseen = cotangent && self.info(place.root).kind == Kind::Unknown;
        if self.is_reference(place) {
            return self.follow_behind(code, &place.path, mutable, cotangent, unseen);
        }
        self.follow(code, &place.path, mutable, cotangent, unseen)
    }

    /// A part of the cotangent of a root, whose slot is open under the name of the root.
    pub fn inside_open(&mut self, place: &Place) -> Code {
        let code = Code::atom(self.names.of(place.root).to_token_stream());
        let unseen = self.info(place.root).kind == Kind::Unknown;
        self.follow_behind(code, &place.path, true, true, unseen)
    }

    /// Follows a path from a name that is a reference. A payload is found behind it by borrowing anew, lest the name
    /// have to be `mut`.
    fn follow_behind(
        &mut self,
        code: Code,
        path: &[Proj],
        mutable: bool,
        cotangent: bool,
        unseen: bool,
    ) -> Code {
        let code = match path.first() {
            Some(Proj::Payload(_) | Proj::Variant(_)) => {
                Code::atom(dereferenced(code.clone()).tokens).over([&code])
            }
            // What the user dereferences is behind the reference.
            Some(Proj::Deref) => {
                let behind = dereferenced(code.clone()).tokens;
                Code::atom(quote!((#behind))).over([&code])
            }
            // What is lent once more is the memory, not the name.
            Some(Proj::Index(_) | Proj::Slice { .. }) if unseen && mutable => {
                Code::atom(dereferenced(code.clone()).tokens).over([&code])
            }
            _ => code,
        };
        self.follow(code, path, mutable, cotangent, unseen)
    }

    /// Whether the name of the root is a reference to what the place means.
    fn is_reference(&self, place: &Place) -> bool {
        matches!(
            self.class(place.root),
            Class::Ref | Class::RefMut | Class::Lent
        )
    }

    /// The same in a cotangent; `unseen` if nothing is known of its type: it is that of a field, or of a user's type.
    pub fn project_in(&mut self, code: Code, path: &[Proj], unseen: bool) -> Code {
        self.follow_from(code, path, (true, true), unseen, unseen)
    }

    /// Follows a path from an expression, which may be a reference: fields and elements are found behind it.
    pub fn project(&mut self, code: Code, path: &[Proj], mutable: bool, cotangent: bool) -> Code {
        self.follow(code, path, mutable, cotangent, false)
    }

    fn follow(
        &mut self,
        code: Code,
        path: &[Proj],
        mutable: bool,
        cotangent: bool,
        unseen: bool,
    ) -> Code {
        self.follow_from(code, path, (mutable, cotangent), unseen, false)
    }

    /// The same from what is `unseen`, or even a part of a user's type.
    fn follow_from(
        &mut self,
        mut code: Code,
        path: &[Proj],
        (mutable, cotangent): (bool, bool),
        mut unseen: bool,
        mut in_field: bool,
    ) -> Code {
        for projection in path {
            let base = code.at(Level::Atom);
            let inside = match projection {
                Proj::Field(member) if in_field && mutable && cotangent => {
                    self.part_of_field(&code, member)
                }
                // A field may be a constant, and a user's type may have an index of its own.
                Proj::Index(_) | Proj::Slice { .. } if unseen && mutable && cotangent => {
                    self.element_of_field(&code, projection)
                }
                Proj::Field(member) => Code::atom(quote!(#base.#member)).over([&code]),
                Proj::Deref => Code::atom(quote!((*#base))).over([&code]),
                Proj::Payload(_) if unseen && mutable && cotangent => self.payload_of_field(&code),
                Proj::Payload(wrapper) => self
                    .payload(&code, *wrapper, mutable, cotangent)
                    .over([&code]),
                Proj::Variant(variant) => self
                    .variant(&code, variant, mutable, cotangent)
                    .over([&code]),
                Proj::Index(index) => {
                    let index = self.operand(index);
                    let tokens = &index.tokens;
                    Code::atom(quote!(#base[#tokens])).over([&code, &index])
                }
                Proj::Slice { lo, hi } => {
                    let (lo, hi) = (self.bound(lo), self.bound(hi));
                    let (from, to) = (lo.at(Level::Or), hi.at(Level::Or));
                    Code::atom(quote!(#base[#from..#to])).over([&code, &lo, &hi])
                }
            };
            in_field |= matches!(projection, Proj::Field(_));
            unseen |= in_field;
            code = inside;
        }
        code
    }

    /// `*Elements(&mut d.field).part({ struct Names { k: () } Names { k: () } }, |part| &mut part.k)`
    fn part_of_field(&mut self, field: &Code, member: &Member) -> Code {
        let (base, elements) = (field.at(Level::Unary), self.paths.private("Elements"));
        let (part, names) = (self.names.local("part"), paths::names(&[member]));
        self.elements = true;
        let step = quote!(|#part| &mut #part.#member);
        Code::new(
            quote!(*#elements(&mut #base).part(#names, #step)),
            Level::Unary,
        )
        .over([field])
    }

    /// `Elements(&mut d.field).parts2(names, |part| (&mut part.k, &mut part.l))`
    pub fn parts_of_field(&mut self, field: &Code, members: &[&Member]) -> TokenStream {
        let (base, elements) = (field.at(Level::Unary), self.paths.private("Elements"));
        let (part, names) = (self.names.local("part"), paths::names(members));
        self.elements = true;
        let several = format_ident!("parts{}", members.len());
        quote!(#elements(&mut #base).#several(#names, |#part| (#(&mut #part.#members),*)))
    }

    /// `*Elements(&mut d.field).at(i)`
    fn element_of_field(&mut self, field: &Code, projection: &Proj) -> Code {
        let (base, elements) = (field.at(Level::Unary), self.paths.private("Elements"));
        let at = match projection {
            Proj::Index(index) => self.operand(index),
            Proj::Slice { lo, hi } => {
                let (lo, hi) = (self.bound(lo), self.bound(hi));
                let (from, to) = (lo.at(Level::Or), hi.at(Level::Or));
                Code::new(quote!(#from..#to), Level::Low).over([&lo, &hi])
            }
            _ => return field.clone(),
        };
        self.elements = true;
        let tokens = &at.tokens;
        Code::new(quote!(*#elements(&mut #base).at(#tokens)), Level::Unary).over([field, &at])
    }

    /// `*Elements(&mut d.field).inside()`
    fn payload_of_field(&mut self, field: &Code) -> Code {
        let (base, elements) = (field.at(Level::Unary), self.paths.private("Elements"));
        Code::new(quote!(*#elements(&mut #base).inside()), Level::Unary).over([field])
    }

    fn bound(&mut self, bound: &Option<Operand>) -> Code {
        bound.as_ref().map_or_else(
            || Code::atom(TokenStream::new()),
            |operand| self.operand(operand),
        )
    }

    /// What is inside a wrapper which is known to be that variant. The cotangent of a `Result` is an `Option`.
    fn payload(&mut self, base: &Code, wrapper: Wrapper, mutable: bool, cotangent: bool) -> Code {
        if wrapper == Wrapper::Either && !cotangent {
            // Options and results both iterate over what is inside.
            let (place, iter) = (
                base.at(Level::Atom),
                if mutable {
                    quote!(iter_mut)
                } else {
                    quote!(iter)
                },
            );
            return Code::atom(quote!((*#place.#iter().next().unwrap())));
        }
        if wrapper == Wrapper::Failure {
            let (place, failure) = (base.at(Level::Unary), self.paths.unwrap(wrapper));
            let keep = self.paths.private("keep");
            return Code::atom(quote!(#failure(#keep(&#place))));
        }
        let variant = paths::wrapper(if cotangent { Wrapper::Some } else { wrapper });
        let borrow = if mutable { quote!(&mut) } else { quote!(&) };
        let (inside, place, never) = (
            self.names.local("inside"),
            base.at(Level::Unary),
            paths::unreachable(),
        );
        Code::atom(quote!((*match #borrow #place { #variant(#inside) => #inside, _ => #never })))
    }

    /// What is inside a wrapper, taken out of it.
    fn moved_payload(&mut self, base: &Code, wrapper: Wrapper, cotangent: bool) -> Code {
        if matches!(wrapper, Wrapper::Either | Wrapper::Failure) && !cotangent {
            let (place, unwrap) = (&base.tokens, self.paths.unwrap(wrapper));
            return Code::atom(quote!(#unwrap(#place)));
        }
        let variant = paths::wrapper(if cotangent { Wrapper::Some } else { wrapper });
        let (inside, place, never) = (
            self.names.local("inside"),
            &base.tokens,
            paths::unreachable(),
        );
        Code::new(
            quote!(match #place { #variant(#inside) => #inside, _ => #never }),
            Level::Low,
        )
    }

    /// A field of a variant which is known to be there. The type of a cotangent cannot be named here: a method that the
    /// derive macro writes finds the variant.
    fn variant(&mut self, base: &Code, variant: &Variant, mutable: bool, cotangent: bool) -> Code {
        let Variant { path, member } = variant;
        let borrow = if mutable { quote!(&mut) } else { quote!(&) };
        let (inside, never) = (self.names.local("inside"), paths::unreachable());
        if !cotangent {
            let place = base.at(Level::Unary);
            return Code::atom(quote!((*match #borrow #place {
                #path { #member: #inside, .. } => #inside,
                _ => #never,
            })));
        }
        let (place, some) = (base.at(Level::Low), paths::wrapper(Wrapper::Some));
        let name = path.segments.last().map(|last| &last.ident);
        let method = name.map(|name| format_ident!("__variant_{}", name));
        Code::atom(quote!((*match (#place).#method() {
            #some(#inside) => #inside.#member,
            _ => #never,
        })))
    }

    /// `&place`
    pub fn borrow(&mut self, place: &Place) -> Code {
        if place.path.is_empty() && self.class(place.root) == Class::Ref {
            let root = self.storage(place.root);
            return Code::atom(self.names.of(place.root).to_token_stream()).reading(root);
        }
        let code = self.place(place);
        let tokens = code.at(Level::Unary);
        Code::new(quote!(&#tokens), Level::Unary).over([&code])
    }

    /// `&mut place`
    pub fn borrow_mut(&mut self, place: &Place) -> Code {
        let code = self.place_mut(place);
        let tokens = code.at(Level::Unary);
        Code::new(quote!(&mut #tokens), Level::Unary).over([&code])
    }

    /// A receiver: method calls borrow it by themselves.
    pub fn receiver(&mut self, place: &Place, mutable: bool) -> Code {
        if place.path.is_empty() {
            let root = self.storage(place.root);
            return Code::atom(self.names.of(place.root).to_token_stream()).reading(root);
        }
        let part = self.place_for(place, mutable);
        Code::atom(part.at(Level::Atom)).over([&part])
    }

    /// What is known of the kind of a place.
    pub fn kind(&self, place: &Place) -> Kind {
        let root = self.info(place.root).kind.clone();
        place.path.iter().fold(root, inner_kind)
    }
}

fn dereferenced(code: Code) -> Code {
    let tokens = &code.tokens;
    Code::new(quote!(*#tokens), Level::Unary).over([&code])
}

/// What is known of the kind of a part.
pub fn inner_kind(kind: Kind, projection: &Proj) -> Kind {
    match (kind, projection) {
        (Kind::Array(item) | Kind::Slice(item) | Kind::Vec(item), Proj::Index(_)) => *item,
        (Kind::Array(item) | Kind::Slice(item) | Kind::Vec(item), Proj::Slice { .. }) => {
            Kind::Slice(item)
        }
        (Kind::Option(item) | Kind::Result(item), Proj::Payload(_)) => *item,
        (Kind::Tuple(items), Proj::Field(syn::Member::Unnamed(index))) => items
            .get(index.index as usize)
            .cloned()
            .unwrap_or(Kind::Unknown),
        _ => Kind::Unknown,
    }
}
