//! How blocks end, and switches.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::Lifetime;

use super::code::{compound, Code, Level};
use super::Emitter;
use crate::ir::{Block, Carried, Class, End, Operand, Selector, Var};

/// Where a block's end goes.
#[derive(Clone, Copy)]
pub struct Exit<'a> {
    pub yields: Yields<'a>,
    /// The label which a `break` with results needs where the loop itself cannot have results.
    pub label: Option<&'a Lifetime>,
}

/// What becomes of what a block yields.
#[derive(Clone, Copy)]
pub enum Yields<'a> {
    /// It is the value of the block.
    Value,
    /// It is the value of the function.
    Result,
    /// The same, in the middle of it: `return`.
    Return,
    /// It is assigned to the carried values of the loop.
    Next(&'a [Carried]),
}

impl Exit<'_> {
    /// The body of a function.
    pub const FUNCTION: Exit<'static> = Exit {
        yields: Yields::Result,
        label: None,
    };

    /// An arm of a switch whose value goes on.
    pub const ARM: Exit<'static> = Exit {
        yields: Yields::Value,
        label: None,
    };
}

impl Emitter<'_> {
    /// The end of a block.
    pub fn end(&mut self, lines: &mut TokenStream, end: &End, exit: Exit<'_>) {
        match end {
            End::Yield(operands) => match exit.yields {
                Yields::Value => self.value(lines, operands, false),
                Yields::Result => self.result(lines, operands, false),
                Yields::Return => self.result(lines, operands, true),
                Yields::Next(carried) => self.next(lines, carried, operands),
            },
            End::Break(operands) => {
                let value = self.tuple(operands);
                let label = exit.label.filter(|_| !operands.is_empty());
                self.flush(lines);
                self.line(lines, quote!(break #label #value;));
            }
            End::Switch { on, arms } => {
                let head = self.selector(lines, on);
                let arms = arms.iter().map(|arm| self.block(arm, exit)).collect();
                let switch = arrange(on, &head, arms);
                self.line(lines, switch);
            }
            End::Never(op) => {
                let tokens = self.op(op, Span::call_site()).tokens;
                self.flush(lines);
                self.line(lines, tokens);
            }
        }
    }

    /// What the function returns: of a place that it lends, a reference.
    fn result(&mut self, lines: &mut TokenStream, operands: &[Operand], early: bool) {
        let [Operand::Place(place)] = operands else {
            return self.value(lines, operands, early);
        };
        let holds_reference = place.path.is_empty() && self.class(place.root) == Class::Root;
        if !self.context.lends || holds_reference {
            return self.value(lines, operands, early);
        }
        let part = self.borrow(place).tokens;
        self.flush(lines);
        let line = if early { quote!(return #part;) } else { part };
        self.line(lines, line);
    }

    fn value(&mut self, lines: &mut TokenStream, operands: &[Operand], early: bool) {
        let value = self.tuple(operands);
        self.flush(lines);
        self.line(lines, if early { quote!(return #value;) } else { value });
    }

    /// Operands as one expression: nothing, a value, or a tuple.
    pub fn tuple(&mut self, operands: &[Operand]) -> TokenStream {
        let list = self.list(operands).tokens;
        if operands.len() > 1 {
            quote!((#list))
        } else {
            list
        }
    }

    /// `c = …;` for each carried value that changes; all at once if one of them is read after its assignment.
    fn next(&mut self, lines: &mut TokenStream, carried: &[Carried], operands: &[Operand]) {
        let mut changes: Vec<(Var, Code)> = Vec::new();
        for (carried, operand) in carried.iter().zip(operands) {
            let storage = self.storage(carried.var);
            if !matches!(operand, Operand::Var(var) if self.storage(*var) == storage) {
                changes.push((storage, self.operand(operand)));
            }
        }
        self.flush(lines);
        let clash = (1..changes.len()).any(|at| {
            changes[..at]
                .iter()
                .any(|(var, _)| changes[at].1.reads.contains(var))
        });
        if clash {
            let names: Vec<Ident> = changes.iter().map(|(var, _)| self.names.of(*var)).collect();
            let values = changes.iter().map(|(_, code)| &code.tokens);
            let assignment = quote!((#(#names),*) = (#(#values),*););
            return self.line(lines, assignment);
        }
        for (var, code) in &changes {
            let assignment = self.assignment(*var, code);
            self.line(lines, assignment);
        }
    }

    fn assignment(&mut self, var: Var, code: &Code) -> TokenStream {
        let (name, tokens) = (self.names.of(var), &code.tokens);
        match &code.update {
            Some(update) if update.var == var => {
                let (symbol, rest) = (compound(update.op), &update.rest);
                quote!(#name #symbol #rest;)
            }
            _ => quote!(#name = #tokens;),
        }
    }

    /// `let (a, b) = if c { …; (x, y) } else { … };`
    pub fn switch(
        &mut self,
        lines: &mut TokenStream,
        on: &Selector,
        arms: &[Block],
        joins: &[Var],
    ) {
        let head = self.selector(lines, on);
        let arms = arms.iter().map(|arm| self.block(arm, Exit::ARM)).collect();
        let switch = arrange(on, &head, arms);
        self.bind(lines, joins, switch);
    }

    /// Original: an arm that was recorded.
    /// Reverse: `match record { Branch::First((a, b)) => { … } Branch::Rest((c,)) => { … } }`
    pub fn replay(
        &mut self,
        lines: &mut TokenStream,
        record: Var,
        arms: &[(Vec<Var>, Block)],
        joins: &[Var],
    ) {
        let record = self.var(record).tokens;
        self.flush(lines);
        let mut cases = TokenStream::new();
        for (arm, (vars, block)) in arms.iter().enumerate() {
            let vars = self.pattern(vars);
            let pattern = self.branch(arm, arms.len(), vars);
            let block = self.block(block, Exit::ARM);
            cases.extend(quote!(#pattern => { #block }));
        }
        self.bind(lines, joins, quote!(match #record { #cases }));
    }

    /// Binds the results of a construct, if it has any.
    pub fn bind(&mut self, lines: &mut TokenStream, vars: &[Var], construct: TokenStream) {
        let statement = match vars {
            [] => construct,
            [var] => {
                let (pattern, ty) = (self.declared(*var), &self.info(*var).ty);
                let ty = ty.as_ref().map(|ty| quote!(: #ty));
                quote!(let #pattern #ty = #construct;)
            }
            all => {
                let pattern = self.pattern(all);
                quote!(let #pattern = #construct;)
            }
        };
        self.line(lines, statement);
    }

    /// Takes what is branched on, and prints everything that waits: arms are blocks of their own.
    pub fn selector(&mut self, lines: &mut TokenStream, on: &Selector) -> Code {
        let (Selector::Bool(operand) | Selector::Index(operand)) = on;
        let code = self.operand(operand);
        self.flush(lines);
        self.close_groups(lines);
        code
    }
}

/// `if c { … } else { … }`, `match i { 0 => { … } _ => { … } }`
fn arrange(on: &Selector, head: &Code, arms: Vec<TokenStream>) -> TokenStream {
    let tokens = &head.tokens;
    match (on, arms.as_slice()) {
        (Selector::Bool(_), [yes, no]) if no.is_empty() => quote!(if #tokens { #yes }),
        (Selector::Bool(_), [yes, no]) if yes.is_empty() => {
            let otherwise = negated(head);
            quote!(if #otherwise { #no })
        }
        (Selector::Bool(_), [yes, no]) => quote!(if #tokens { #yes } else { #no }),
        (_, arms) => {
            let last = arms.len().saturating_sub(1);
            let cases = arms.iter().enumerate().map(|(position, arm)| {
                let position = proc_macro2::Literal::usize_unsuffixed(position);
                quote!(#position => { #arm })
            });
            let (cases, otherwise) = (cases.take(last), arms.last());
            quote!(match #tokens { #(#cases)* _ => { #otherwise } })
        }
    }
}

/// `!c`
pub fn negated(condition: &Code) -> TokenStream {
    let tokens = condition.at(Level::Unary);
    quote!(!#tokens)
}
