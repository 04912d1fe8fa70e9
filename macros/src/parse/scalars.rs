//! Type parameters that stand for floats.
//!
//! `T: Real` and `T: Float` do, unless these are traits of somebody else ([`float_traits`]). Of any other trait (`trait Scalar: Float + Debug {}`) the attribute sees the name alone, and
//! what the function does with the values. A parameter that is bounded by such a trait stands for a float if
//!
//! * the option `float(T)` says so; or
//! * the trait is named for numbers: `Scalar`, `GeoFloat`, `RealField`; or
//! * the function does with it what is done with numbers alone: [`evidence`](super::evidence).
//!
//! The siblings then ask for `T: tapeless::Scalar` besides.

use proc_macro2::Ident;
use syn::{Generics, Path};

use super::arguments::Options;
use super::float_traits;
use super::types::{self, bounds_of};

/// The type parameters in scope that stand for floats.
#[derive(Clone, Debug, Default)]
pub struct Scalars {
    /// All of them.
    pub all: Vec<Ident>,
    /// Those bounded by `Float` alone: the siblings add `Real`.
    pub promoted: Vec<Ident>,
    /// Those bounded by a trait of the user's own: the siblings add `Scalar`.
    pub bare: Vec<Ident>,
}

/// What the names of traits for numbers end with.
const NUMBERS: [&str; 8] = [
    "Float", "Floating", "Real", "Scalar", "Number", "Numeric", "Num", "Floats",
];

/// What may follow: `FloatExt`, `RealField`, `ScalarType`.
const ENDINGS: [&str; 11] = [
    "Type", "Trait", "Ext", "Like", "Core", "Const", "Ops", "Field", "Bound", "Bounds", "Value",
];

/// Traits that other types have, too, and that are seen through: their operators, or what they say besides.
const KNOWN: [&str; 12] = [
    "Num",
    "NumOps",
    "NumRef",
    "NumAssign",
    "NumAssignOps",
    "NumAssignRef",
    "RefNum",
    "NumCast",
    "ComplexFloat",
    "ComplexScalar",
    "ComplexField",
    "Differentiable",
];

impl Scalars {
    /// Those among the parameters of a function, and of the block around it. `shown` are those of which evidence is found.
    pub fn of(
        own: &Generics,
        outer: Option<&Generics>,
        options: &Options,
        shown: &[Ident],
    ) -> Scalars {
        let mut scalars = Scalars::default();
        let both = || [Some(own), outer].into_iter().flatten();
        let mut real = Vec::new();
        for generics in both() {
            let (reals, floats) = float_traits::reals(generics, options);
            real.extend(reals);
            scalars.promoted.extend(floats);
        }
        // A bound on the block may be strengthened on the function.
        scalars.promoted.retain(|name| !real.contains(name));
        let known = |name: &Ident| real.contains(name) || scalars.promoted.contains(name);
        let parameters = both().flat_map(types::type_params);
        let bare = parameters.filter(|name| {
            let named = both().any(|generics| bounds_of(generics, name).any(is_for_numbers));
            named || shown.contains(name)
        });
        let bare = options.floats.iter().chain(bare);
        for name in bare.filter(|name| !known(name)) {
            if !scalars.bare.contains(name) {
                scalars.bare.push(name.clone());
            }
        }
        scalars.all = real;
        scalars.all.extend(scalars.promoted.iter().cloned());
        scalars.all.extend(scalars.bare.iter().cloned());
        scalars
    }

    /// Leaves out, of those that a trait of the user's own bounds, the others.
    pub fn retain(&mut self, keep: impl Fn(&Ident) -> bool) {
        let (kept, others) = std::mem::take(&mut self.bare).into_iter().partition(keep);
        self.bare = kept;
        let others: Vec<Ident> = others;
        self.all.retain(|name| !others.contains(name));
    }
}

/// Whether the name of a trait is one for numbers.
fn is_for_numbers(path: &Path) -> bool {
    let Some(last) = path.segments.last() else {
        return false;
    };
    let name = last.ident.to_string();
    let words = words(&name);
    let is = |word: Option<&&str>, names: &[&str]| word.is_some_and(|word| names.contains(word));
    let ends = is(words.last(), &NUMBERS);
    let before = words
        .len()
        .checked_sub(2)
        .and_then(|index| words.get(index));
    !KNOWN.contains(&name.as_str()) && (ends || is(words.last(), &ENDINGS) && is(before, &NUMBERS))
}

/// `GeoFloat` as `Geo` and `Float`.
fn words(name: &str) -> Vec<&str> {
    let starts = name.char_indices().filter(|(_, c)| c.is_uppercase());
    let starts: Vec<usize> = starts.map(|(index, _)| index).collect();
    let ends = starts.iter().skip(1).copied().chain([name.len()]);
    let words = starts.iter().zip(ends);
    words
        .filter_map(|(start, end)| name.get(*start..end))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use syn::parse_quote;

    fn bare(item: &syn::ItemFn) -> Vec<String> {
        let scalars = Scalars::of(&item.sig.generics, None, &Options::default(), &[]);
        scalars.bare.iter().map(Ident::to_string).collect()
    }

    #[test]
    fn traits_for_numbers_are_known_by_name() {
        let item = parse_quote! {
            fn f<A: Scalar, B: Copy + geo::GeoFloat, C: RealField, D, E: FloatCore>() where D: MyNum {}
        };
        assert_eq!(bare(&item), ["A", "B", "C", "D", "E"]);
    }

    #[test]
    fn others_are_not() {
        let item = parse_quote! {
            fn f<A: Model, B: Num, C: Fn(f64) -> f64, D: ScalarFunction, E: ComplexField, F: Real, G: Float>() {}
        };
        assert!(bare(&item).is_empty());
    }
}
