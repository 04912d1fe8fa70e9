//! Arrays made element by element: `array::from_fn(f)`, `array.map(f)`.

use proc_macro2::{Ident, Span};
use syn::spanned::Spanned;
use syn::{Expr, ExprCall, ExprMethodCall};

use super::iterators::Function;
use super::positions::zero;
use super::scope::Term;
use super::Lowering;
use crate::ir::{By, Capture, Class, Cost, Kind, Op, Opaque, Operand, Place, Proj, Stmt, Var};

/// Makes the expression of an array whose elements are all `blank`.
type Blank<'b> = dyn Fn(&Expr) -> Expr + 'b;

impl Lowering<'_> {
    /// `core::array::from_fn(f)`
    pub(super) fn array_from(&mut self, call: &ExprCall, want: &Kind) -> Option<Term> {
        let function = self.function(call.args.first()?)?;
        let path = &call.func;
        self.filled(
            (&Expr::Call(call.clone()), call.span()),
            want,
            &|blank| syn::parse_quote!(#path(|_| #blank)),
            None,
            &function,
        )
    }

    /// `array.map(f)`
    pub(super) fn map_array(&mut self, call: &ExprMethodCall, want: &Kind) -> Option<Term> {
        let function = self.function(call.args.first()?)?;
        let place = self.place(&call.receiver)?;
        self.filled(
            (&Expr::MethodCall(call.clone()), call.method.span()),
            want,
            &|blank| syn::parse_quote!(mapped.each_ref().map(|_| #blank)),
            Some(place),
            &function,
        )
    }

    /// An array of which every element is written: the function of its position, or of the element of another one.
    fn filled(
        &mut self,
        (whole, span): (&Expr, Span),
        want: &Kind,
        make: &Blank<'_>,
        from: Option<Place>,
        function: &Function,
    ) -> Option<Term> {
        let want = match want {
            Kind::Array(element) => (**element).clone(),
            _ => Kind::Unknown,
        };
        let first = self.made_whole(whole, &want);
        let array = self.fresh("made", Kind::Array(Box::new(want.clone())), Class::Root);
        self.traits[array.0].mutable = true;
        self.builder.reserve(array);
        let length = self.length_of_place(from.as_ref().unwrap_or(&Place::root(array)))?;
        let mut found = want.clone();
        self.counted_loop(zero(), length, "array", span, &mut |lowering, at| {
            let item = match &from {
                Some(from) => Term::Place(from.clone().then(Proj::Index(at.clone()))),
                None => Term::Value(at.clone()),
            };
            let made = lowering.applied_for(function, vec![item], &want)?;
            let value = lowering.operand_of(made, &want)?;
            found = found.clone().join(&lowering.kind_of_operand(&value));
            let place = Place::root(array).then(Proj::Index(at));
            lowering.builder.push(Stmt::Store { place, value });
            Some(())
        })?;
        match first.filter(|_| found == Kind::Unknown) {
            Some(made) => self.builder.fill(array, Op::Opaque(Box::new(made))),
            None => self.define_blank(array, found, make, from),
        }
        Some(Term::Fresh(Place::root(array)))
    }

    /// The array as the user makes it: elements of which no blank is known are there before they are written.
    fn made_whole(&mut self, whole: &Expr, element: &Kind) -> Option<Opaque> {
        let pure = *element == Kind::Unknown && self.is_pure(whole);
        pure.then(|| self.captured(whole, Cost::Once, false))?
    }

    fn define_blank(&mut self, array: Var, element: Kind, make: &Blank<'_>, from: Option<Place>) {
        let named = |name: &str, operand| Capture {
            name: Ident::new(name, Span::call_site()),
            operand,
            by: By::Value,
        };
        let mapped = from.map(|place| named("mapped", Operand::Place(place)));
        let blank = named("blank", self.default_of(&element));
        let opaque = Opaque {
            expr: make(&syn::parse_quote!(blank)),
            captures: mapped.into_iter().chain([blank]).collect(),
            cost: Cost::Once,
            effect: false,
        };
        self.vars[array.0].kind = Kind::Array(Box::new(element));
        self.builder.fill(array, Op::Opaque(Box::new(opaque)));
    }
}
