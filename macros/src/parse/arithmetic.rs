//! What generic code asks of its types in place of being floats: `T: Copy + Mul<f64, Output = T> + Add<Output = T>`.

use quote::ToTokens;
use syn::{
    parse_quote, BoundLifetimes, GenericArgument, GenericParam, Generics, PathArguments,
    TraitBound, Type, TypeParamBound, WherePredicate,
};

use super::types;

/// `X: Mul<R, Output = O>`, less the output.
#[derive(Clone, Debug)]
pub struct Arithmetic {
    /// `for<'a>`
    pub lifetimes: Option<BoundLifetimes>,
    /// `X`
    pub of: Type,
    /// `Mul<R>`
    pub operator: syn::Path,
    /// `R`
    pub operand: Option<Type>,
    /// Whether there is a result: not of an assignment.
    pub has_output: bool,
}

/// The traits of `core::ops` that are bounds, and what traits of `num_traits` stand for.
const OPERATORS: [&str; 6] = ["Add", "Sub", "Mul", "Div", "Rem", "Neg"];
const ASSIGNMENTS: [&str; 5] = [
    "AddAssign",
    "SubAssign",
    "MulAssign",
    "DivAssign",
    "RemAssign",
];
const ABOVE: [(&str, &[&str]); 6] = [
    ("Zero", &["Add"]),
    ("One", &["Mul"]),
    ("Num", &["Add", "Sub", "Mul", "Div", "Rem"]),
    ("NumOps", &["Add", "Sub", "Mul", "Div", "Rem"]),
    ("Signed", &["Add", "Sub", "Mul", "Div", "Rem", "Neg"]),
    ("NumAssign", &["Add", "Sub", "Mul", "Div", "Rem"]),
];

/// The operators that generics ask for.
pub fn of(generics: &Generics) -> Vec<Arithmetic> {
    let mut found = Vec::new();
    for param in &generics.params {
        if let GenericParam::Type(param) = param {
            let name = &param.ident;
            let of: Type = parse_quote!(#name);
            let bounds = param.bounds.iter();
            bounds.for_each(|bound| note(None, &of, bound, &mut found));
        }
    }
    let clauses = generics.where_clause.iter();
    for predicate in clauses.flat_map(|clause| &clause.predicates) {
        if let WherePredicate::Type(predicate) = predicate {
            let (lifetimes, of) = (predicate.lifetimes.as_ref(), &predicate.bounded_ty);
            let bounds = predicate.bounds.iter();
            bounds.for_each(|bound| note(lifetimes, of, bound, &mut found));
        }
    }
    found
}

fn note(
    lifetimes: Option<&BoundLifetimes>,
    of: &Type,
    bound: &TypeParamBound,
    found: &mut Vec<Arithmetic>,
) {
    let TypeParamBound::Trait(bound) = bound else {
        return;
    };
    let Some(last) = bound.path.segments.last() else {
        return;
    };
    let name = last.ident.to_string();
    let known = |names: &[&str]| names.contains(&name.as_str());
    let arithmetic = |operator: syn::Path, operand, has_output| Arithmetic {
        lifetimes: lifetimes.or(bound.lifetimes.as_ref()).cloned(),
        of: of.clone(),
        operator,
        operand,
        has_output,
    };
    if known(&OPERATORS) || known(&ASSIGNMENTS) {
        let (operator, operand) = without_output(bound);
        found.push(arithmetic(operator, operand, known(&OPERATORS)));
    } else if let Some((_, below)) = ABOVE.iter().find(|(above, _)| *above == name) {
        if matches!(last.arguments, PathArguments::None) {
            let operators = below.iter().map(|name| {
                let name = quote::format_ident!("{name}");
                arithmetic(parse_quote!(::core::ops::#name), None, true)
            });
            found.extend(operators);
        }
    }
}

/// `Mul<R, Output = O>` as `Mul<R>`, and `R`.
fn without_output(bound: &TraitBound) -> (syn::Path, Option<Type>) {
    let mut path = bound.path.clone();
    let operand = types::argument(&path, 0).cloned();
    if let Some(last) = path.segments.last_mut() {
        last.arguments = match &operand {
            Some(operand) => {
                let operand = GenericArgument::Type(operand.clone());
                PathArguments::AngleBracketed(parse_quote!(<#operand>))
            }
            None => PathArguments::None,
        };
    }
    (path, operand)
}

impl Arithmetic {
    /// The bounds that its rule needs, for a type whose values take part: `X: MulVjp<R>`, and what that asks of the types
    /// in it. What an operator is given is needed again.
    pub fn rules(&self, tapeless: &syn::Path) -> Vec<WherePredicate> {
        let (lifetimes, of, operator) = (&self.lifetimes, &self.of, &self.operator);
        let Some(last) = operator.segments.last() else {
            return Vec::new();
        };
        let (rule, arguments) = (quote::format_ident!("{}Vjp", last.ident), &last.arguments);
        let mut all: Vec<WherePredicate> = vec![
            parse_quote!(#lifetimes #of: #tapeless::ops::#rule #arguments + ::core::clone::Clone),
        ];
        if let Some(operand) = &self.operand {
            all.push(
                parse_quote!(#lifetimes #operand: #tapeless::Differentiable + ::core::clone::Clone),
            );
        }
        if self.has_output {
            all.push(parse_quote!(
                #lifetimes <#of as #operator>::Output: #tapeless::Differentiable + ::core::clone::Clone
            ));
        }
        all
    }

    /// Whether it is an operator of one of these types, or of references to them.
    pub fn is_of(&self, types: &[Type]) -> bool {
        let of = match &self.of {
            Type::Reference(reference) => &*reference.elem,
            of => of,
        };
        let text = of.to_token_stream().to_string();
        types
            .iter()
            .any(|ty| ty.to_token_stream().to_string() == text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operators_are_found_among_the_bounds() {
        let generics: syn::ItemFn = parse_quote! {
            fn f<T: Copy + Add<Output = T>, U: Num>() where T: ops::Mul<U, Output = V>, for<'a> &'a T: Sub<T> {}
        };
        let found = of(&generics.sig.generics);
        let texts = found.iter().map(|found| {
            let (of, operator) = (found.of.to_token_stream(), &found.operator);
            format!("{of}: {}", operator.to_token_stream()).replace(' ', "")
        });
        let texts: Vec<String> = texts.filter(|text| !text.starts_with('U')).collect();
        assert_eq!(texts, ["T:Add", "T:ops::Mul<U>", "&'aT:Sub<T>"]);
        assert_eq!(found.len(), 8);
    }
}
