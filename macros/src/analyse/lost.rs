//! Gradients that would be lost: active values written into constant places.

use super::activity;
use crate::ir::{Class, Function, Kind, Var};

/// The constant `&mut` parameters that an active value is written into, be it by a call.
pub fn lost(function: &Function) -> Vec<Var> {
    let open = |var: &Var| {
        let info = &function.vars[var.0];
        info.class == Class::RefMut && info.kind != Kind::Inert
    };
    let constants = function.params.iter().filter(|param| !param.active);
    let mut constants = constants.map(|param| param.var).filter(open).peekable();
    if constants.peek().is_none() {
        return Vec::new();
    }
    let varied = activity::varied(function);
    constants.filter(|var| varied[var.0]).collect()
}
