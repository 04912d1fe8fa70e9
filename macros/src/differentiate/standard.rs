//! Methods of options, results and sequences that nothing is known of: they have no rule, and no other crate can give them one, as
//! a type's own methods come before those of traits. What is constant may be handed to them.

use super::Reverser;
use crate::diagnostics::Slug;
use crate::ir::{Arg, Call, Callee, Kind, Operand};

/// Of options and results.
const OF_OPTIONS: [&str; 21] = [
    "and",
    "xor",
    "inspect",
    "inspect_err",
    "transpose",
    "unzip",
    "take_if",
    "get_or_insert_default",
    "map_or_default",
    "as_slice",
    "as_mut_slice",
    "as_pin_ref",
    "iter",
    "iter_mut",
    "into_iter",
    "err",
    "unwrap_err",
    "expect_err",
    "is_err_and",
    "insert",
    "unwrap_unchecked",
];

/// Of arrays, slices and vectors.
const OF_SEQUENCES: [&str; 33] = [
    "sort",
    "sort_unstable",
    "select_nth_unstable",
    "select_nth_unstable_by",
    "select_nth_unstable_by_key",
    "dedup",
    "dedup_by",
    "dedup_by_key",
    "drain",
    "splice",
    "split_off",
    "split",
    "split_mut",
    "splitn",
    "rsplit",
    "rsplitn",
    "split_inclusive",
    "chunk_by",
    "chunk_by_mut",
    "first_chunk",
    "first_chunk_mut",
    "last_chunk",
    "last_chunk_mut",
    "split_first_chunk",
    "split_last_chunk",
    "as_chunks",
    "as_rchunks",
    "as_array",
    "join",
    "repeat",
    "fill_with",
    "swap_with_slice",
    "into_boxed_slice",
];

impl Reverser<'_> {
    /// Refuses such a method of something active.
    pub(super) fn refuse_standard(&mut self, call: &Call) {
        let (Callee::Method { name, .. }, Some(receiver)) = (&call.callee, call.args.first())
        else {
            return;
        };
        let (names, what) = match self.kind_of_receiver(receiver) {
            Some(Kind::Option(_)) => (&OF_OPTIONS[..], "an option"),
            Some(Kind::Result(_)) => (&OF_OPTIONS[..], "a result"),
            Some(Kind::Array(_) | Kind::Slice(_) | Kind::Vec(_)) => {
                (&OF_SEQUENCES[..], "a slice or a vector")
            }
            _ => return,
        };
        if names.iter().any(|known| name == known) {
            let detail = format!("`{name}` of {what}");
            self.refuse(Slug::UnsupportedExpression, name.span(), &detail);
        }
    }

    fn kind_of_receiver(&self, receiver: &Arg) -> Option<Kind> {
        match receiver {
            Arg::Ref(place) | Arg::RefMut(place) | Arg::Receiver { place, .. } => {
                Some(self.kind_of(place))
            }
            Arg::Value(Operand::Place(place)) => Some(self.kind_of(place)),
            Arg::Value(Operand::Var(var)) => Some(self.vars[var.0].kind.clone()),
            _ => None,
        }
    }
}
