//! Loops over iterators: `for`, and the methods that end a chain.

use proc_macro2::Ident;
use quote::{quote, ToTokens};
use syn::visit::Visit;
use syn::{Expr, ExprForLoop, ExprMethodCall, ReturnType};

use super::iterators::{Chain, Source};
use super::known::{literal, strip};
use super::loops::{Heading, Plan};
use super::picks::Order;
use super::positions::zero;
use super::scope::{Binding, BindingId, Term};
use super::{type_of_float, Lowering};
use crate::diagnostics::Slug;
use crate::ir::{BinOp, Kind, Operand, Proj};

/// What takes items from an iterator that goes on behind them.
const TAKING: &[&str] = &[
    "next",
    "nth",
    "find",
    "find_map",
    "position",
    "any",
    "all",
    "by_ref",
    "try_fold",
    "try_for_each",
];

impl Lowering<'_> {
    /// `for p in e { … }`
    pub(super) fn for_loop(&mut self, each: &ExprForLoop) -> Option<Term> {
        if let Some(option) = self.option_gone_through(&each.expr) {
            return self.for_option(each, option);
        }
        self.gather_for(&each.expr, &each.body)?;
        let chain = match self.lent_constant(each) {
            Some(constant) => self.parsed(|lowering| lowering.iterable(&constant))?,
            None => self.iterable(&each.expr)?,
        };
        let assigned = self.assigned(|scan| {
            scan.visit_expr(&each.expr);
            scan.visit_expr_for_loop(each);
        });
        let name = format!(
            "for {} in {}",
            each.pat.to_token_stream(),
            each.expr.to_token_stream()
        );
        let plan = self.plan(
            &each.attrs,
            each.label.as_ref(),
            each.for_token.span,
            name,
            assigned,
        )?;
        self.each(&chain, plan, false, &mut |lowering, item, _| {
            lowering.bind_irrefutable(&each.pat, item)?;
            lowering.block(&each.body, &Kind::Inert).map(|_| ())
        })
    }

    /// How to count through a sequence, and what the index is a position of (`None`: it is the item itself).
    pub(super) fn heading<'s>(
        &mut self,
        source: &'s Source,
        positions: bool,
    ) -> Option<(Heading, Option<&'s Source>)> {
        if !positions {
            match source {
                Source::Range { .. } => {
                    return Some((self.range_heading(source, None, false)?, None))
                }
                Source::StepBy(inner, step) => match &**inner {
                    Source::Range { .. } => {
                        return Some((self.range_heading(inner, Some(step.clone()), false)?, None))
                    }
                    Source::Rev(inner) if matches!(**inner, Source::Range { .. }) => {
                        return Some((self.range_heading(inner, Some(step.clone()), true)?, None));
                    }
                    _ => {}
                },
                Source::Rev(inner) if matches!(**inner, Source::Range { .. }) => {
                    return Some((self.range_heading(inner, None, true)?, None));
                }
                Source::Rev(inner) => {
                    let end = self.bound(inner)?;
                    let head = Heading::Counted {
                        start: zero(),
                        end,
                        inclusive: false,
                        step: None,
                        reverse: true,
                    };
                    return Some((head, Some(inner)));
                }
                _ => {}
            }
        }
        let end = self.bound(source)?;
        Some((
            Heading::Counted {
                start: zero(),
                end,
                inclusive: false,
                step: None,
                reverse: false,
            },
            Some(source),
        ))
    }

    pub(super) fn range_heading(
        &mut self,
        range: &Source,
        step: Option<Operand>,
        reverse: bool,
    ) -> Option<Heading> {
        let Source::Range {
            start,
            end,
            inclusive,
            ..
        } = range
        else {
            return None;
        };
        let end = end.clone().unwrap_or_else(unbounded);
        Some(Heading::Counted {
            start: start.clone(),
            end,
            inclusive: *inclusive,
            step,
            reverse,
        })
    }

    pub(super) fn bound(&mut self, source: &Source) -> Option<Operand> {
        Some(self.length(source)?.unwrap_or_else(unbounded))
    }

    /// A chain as an expression: its end, or an iterator to be bound to a name.
    pub(super) fn chain(&mut self, call: &ExprMethodCall, want: &Kind) -> Option<Term> {
        let name = call.method.to_string();
        let arguments: Vec<&Expr> = call.args.iter().collect();
        if TAKING.contains(&name.as_str()) && self.is_whole_range(&call.receiver) {
            return self.refuse_adaptor(call);
        }
        self.gather_for_end(&call.receiver, &name)?;
        match (name.as_str(), arguments.as_slice()) {
            ("sum", []) => self.reduce(call, BinOp::Add, want),
            ("product", []) => self.reduce(call, BinOp::Mul, want),
            ("fold", [init, function]) => self.fold(call, init, function, want),
            ("for_each", [function]) => self.for_each(call, function),
            ("min_by" | "max_by", [compare]) => {
                let compare = self.function(compare)?;
                self.best(call, &Order::By(compare), name == "min_by")
            }
            ("min_by_key" | "max_by_key", [key]) => {
                let key = self.function(key)?;
                self.best(call, &Order::OfKeys(key), name == "min_by_key")
            }
            ("min" | "max", []) => self.best(call, &Order::Own, name == "min"),
            ("collect", []) => self.collect(call, want),
            ("last" | "next" | "nth" | "find" | "find_map", _) => self.picked(call, &arguments),
            ("reduce", [function]) => self.reduce_items(call, function, want),
            ("any", [test]) => self.decide(call, test, true),
            ("all", [test]) => self.decide(call, test, false),
            ("position", [test]) => self.position_of(call, test),
            ("rposition", [test]) => self.chain(&last_position(call, test), want),
            ("count", []) => self.count(call),
            ("peek", []) => self.peek(call),
            ("next_if", [test]) => self.next_if(call, test),
            ("partition", [test]) => self.partition(call, test, want),
            ("unzip", []) => self.unzip(call, want),
            _ => {
                let expr = Expr::MethodCall(call.clone());
                let chain = self.parsed(|lowering| lowering.iterable(&expr))?;
                Some(Term::Chain(chain.into()))
            }
        }
    }

    /// Whether an expression is a variable with a range in it, which is not followed as an iterator.
    fn is_whole_range(&self, expr: &Expr) -> bool {
        let Expr::Path(path) = strip(expr) else {
            return false;
        };
        let term = path.path.get_ident().and_then(|name| self.scope.term(name));
        matches!(term, Some(Term::Value(_) | Term::Place(_)))
    }

    /// One of the items. A slice among them is no value that an option could hold.
    fn picked(&mut self, call: &ExprMethodCall, arguments: &[&Expr]) -> Option<Term> {
        let name = call.method.to_string();
        let term = match (name.as_str(), arguments) {
            ("last", []) => self.pick(call, None, true),
            ("nth", [position]) => self.pick(call, Some(position), false),
            ("find" | "find_map", [function]) => self.find(call, function),
            _ => self.pick(call, None, false),
        }?;
        let item = match &term {
            Term::Maybe { payload, .. } if is_inside_an_option(payload) => {
                self.kind_of_term(payload)
            }
            Term::Maybe { .. } => Kind::Unknown,
            whole => self.kind_of_term(whole).payload(),
        };
        if matches!(item, Kind::Slice(_)) {
            let what = "one part of a slice, taken out of an iterator over parts,";
            return self.refuse(Slug::UnsupportedExpression, call.method.span(), what);
        }
        Some(term)
    }

    /// The loop that ends a chain.
    pub(super) fn ending(
        &mut self,
        call: &ExprMethodCall,
        carried: Vec<BindingId>,
    ) -> Option<(Chain, Plan)> {
        let chain = self.iterable(&call.receiver)?;
        let mut plan = self.end_plan(call)?;
        plan.carry(carried);
        Some((chain, plan))
    }

    /// The plan of such a loop.
    pub(super) fn end_plan(&mut self, call: &ExprMethodCall) -> Option<Plan> {
        let assigned = self.assigned(|scan| scan.visit_expr_method_call(call));
        let name = call.to_token_stream().to_string();
        self.plan(&[], None, call.method.span(), name, assigned)
    }

    /// A variable of ours that a loop carries.
    pub(super) fn hidden(&mut self, name: &str, init: Operand, kind: &Kind) -> BindingId {
        let name = Ident::new(name, proc_macro2::Span::call_site());
        // A method may be called on a number before anything else says which float it is.
        let ty = match &init {
            Operand::Literal(_) => type_of_float(kind),
            _ => None,
        };
        let binding = Binding {
            name,
            term: Some(Term::Value(init)),
            kind: kind.clone(),
            ty,
            mutable: true,
        };
        self.scope.hide(binding)
    }

    pub(super) fn hidden_value(&self, id: BindingId) -> Option<Operand> {
        match self.scope.binding(id)?.term.as_ref()? {
            Term::Value(value) => Some(value.clone()),
            _ => None,
        }
    }

    pub(super) fn for_each(&mut self, call: &ExprMethodCall, function: &Expr) -> Option<Term> {
        let (chain, plan) = self.ending(call, Vec::new())?;
        let function = self.function(&for_its_effect(function))?;
        self.each(&chain, plan, false, &mut |lowering, item, _| {
            lowering.applied(&function, item).map(|_| ())
        })
    }
}

/// `rposition(test)` from the end: `enumerate().rev()`, until one is found.
fn last_position(call: &ExprMethodCall, test: &Expr) -> ExprMethodCall {
    let items = &call.receiver;
    let (at, item) = (
        Ident::new("__position", call.method.span()),
        Ident::new("__item", call.method.span()),
    );
    let holds: Expr = match strip(test) {
        Expr::Closure(closure) if closure.inputs.len() == 1 => {
            let (pattern, body) = (&closure.inputs[0], &closure.body);
            syn::parse_quote!({ let #pattern = #item; #body })
        }
        function => syn::parse_quote!(#function(#item)),
    };
    syn::parse_quote! {
        #items.enumerate().rev().find_map(|(#at, #item)| if #holds { Some(#at) } else { None })
    }
}

/// The closure with a statement for its body: a call in it may be of a method without result.
fn for_its_effect(function: &Expr) -> Expr {
    let mut function = strip(function).clone();
    if let Expr::Closure(closure) = &mut function {
        let body = closure.body.clone();
        if closure.output == ReturnType::Default && !matches!(*body, Expr::Block(_)) {
            *closure.body = syn::parse_quote!({ #body; });
        }
    }
    function
}

/// A bound that is never reached.
fn unbounded() -> Operand {
    literal(&quote!(::core::primitive::usize::MAX), Kind::Inert, None)
}

fn is_inside_an_option(term: &Term) -> bool {
    let (Term::Place(place) | Term::Fresh(place) | Term::Ref { place, .. }) = term else {
        return false;
    };
    let mut steps = place.path.iter();
    steps.any(|step| matches!(step, Proj::Payload(_)))
}
