//! The traits of an annotated module: their siblings are members, so that what implements them there has to have them.

use proc_macro2::{Ident, Span};
use syn::{Item, ItemImpl, Path};

use super::arguments::Options;

/// The traits that a module and the modules around it define.
#[derive(Clone, Default)]
pub struct Traits(Vec<Ident>);

impl Traits {
    /// Adds those among the items of a module.
    pub fn define(&mut self, items: &[Item]) {
        self.0.extend(items.iter().filter_map(|item| match item {
            Item::Trait(item) => Some(item.ident.clone()),
            _ => None,
        }));
    }

    /// The options for an implementation: as if it carried `in_trait`, if the trait is one of these.
    pub fn options(&self, item: &ItemImpl, options: &Options) -> Options {
        let of = item.trait_.as_ref().map(|(path, _)| path);
        let mut options = options.clone();
        if of.is_some_and(|path| self.has(path)) {
            options.in_trait = Some(Span::call_site());
        }
        options
    }

    /// `Trait`, or `super::Trait`
    fn has(&self, path: &Path) -> bool {
        let mut segments = path.segments.iter().rev();
        let here = segments
            .next()
            .is_some_and(|last| self.0.contains(&last.ident));
        here && segments.all(|segment| segment.ident == "super" || segment.ident == "self")
    }
}
