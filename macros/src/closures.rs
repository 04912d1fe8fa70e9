//! Closures that are handed to functions: each is a small function, taken through the stages by itself.

use crate::analyse;
use crate::choices::Choices;
use crate::diagnostics::{Errors, Slug};
use crate::differentiate;
use crate::ir::{Function, Rule};
use crate::prepare::prepare;
use crate::simplify::simplify;

/// The rule of a closure, given as a function of what it captures and of its arguments. `wanted` are the captures into
/// which cotangents flow.
pub fn rule(
    choices: Choices,
    primal: &Function,
    wanted: &[bool],
    errors: &mut Errors,
) -> Option<Rule> {
    let inputs = std::iter::repeat(&true);
    adjoint(choices, primal, wanted.iter().chain(inputs), errors)
}

/// The value of a closure alone, with nothing around it that only a derivative needs.
pub fn value(choices: Choices, primal: &Function, errors: &mut Errors) -> Option<Function> {
    let nothing = std::iter::repeat(&false);
    adjoint(choices, primal, nothing, errors).map(|rule| rule.function)
}

fn adjoint<'w>(
    choices: Choices,
    primal: &Function,
    active: impl Iterator<Item = &'w bool>,
    errors: &mut Errors,
) -> Option<Rule> {
    let mut primal = primal.clone();
    for (param, active) in primal.params.iter_mut().zip(active) {
        param.active = *active;
    }
    let before = errors.count();
    for span in analyse::given(&primal) {
        errors.refuse(Slug::FunctionPointer, span);
    }
    prepare(choices, &mut primal);
    let facts = analyse::analyse(&primal);
    let adjoint = differentiate::adjoint(choices, &primal, &facts, errors)?;
    (errors.count() == before).then(|| Rule {
        function: simplify(adjoint.function, choices, true),
        d_out: adjoint.d_out,
        slots: adjoint.slots,
    })
}
