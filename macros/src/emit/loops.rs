//! Loops.
//!
//! Carried values are variables assigned at the end of each iteration. A carried value that starts as one of the loop
//! around it, which nobody else reads, *is* that variable; so is a result which is its last value.

use proc_macro2::TokenStream;
use quote::{format_ident, quote, ToTokens};
use syn::Lifetime;

use super::branch::{Exit, Yields};
use super::code::{Code, Level};
use super::{paths, while_loop, Emitter};
use crate::ir::uses::{self, has_break};
use crate::ir::{Block, Carried, Float, Head, Kind, Limit, Loop, Operand, Place, Stmt, Var};
use crate::lower::integers::{is_wide, WIDE};

impl Emitter<'_> {
    /// `let mut c = init; for i in lo..hi { …; c = …; }`
    pub fn the_loop(&mut self, lines: &mut TokenStream, the_loop: &Loop) {
        if let Head::Refill { .. } = &the_loop.head {
            let around = self.enter_loop();
            self.refill(lines, the_loop);
            self.inside = around;
            return;
        }
        self.keep_bound(lines, the_loop);
        let around = self.enter_loop();
        self.carry(lines, the_loop, around);
        self.make_room(lines, the_loop);
        let head = self.head(lines, &the_loop.head);
        self.flush(lines);
        self.close_groups(lines);
        if let Some(shape) = while_loop::recognise(the_loop) {
            let construct = self.while_loop(the_loop, &shape, next_iteration(the_loop, None));
            self.line(lines, construct);
            self.lasting(lines, the_loop, shape.results, around);
        } else if has_break(&the_loop.body) {
            self.broken(lines, the_loop, &head);
        } else {
            let body = self.block(&the_loop.body, next_iteration(the_loop, None));
            self.line(lines, quote!(#head { #body }));
            self.lasting(lines, the_loop, &the_loop.exhausted, around);
        }
        self.inside = around;
    }

    /// `refill(&mut v, n, |i| …);`, or `refill_along(&mut v, a[..n].iter().zip(&b[..n]).map(|(a, b)| …));`
    fn refill(&mut self, lines: &mut TokenStream, the_loop: &Loop) {
        let Head::Refill {
            index,
            along,
            vector,
            length,
        } = &the_loop.head
        else {
            return;
        };
        let (vector, length) = (self.place(vector).tokens, self.operand(length).tokens);
        let walk = self.walk(along);
        self.flush(lines);
        self.close_groups(lines);
        let index = walk.is_none().then(|| self.declared(*index));
        let body = self.block(&the_loop.body, Exit::ARM);
        let line = match walk {
            Some((walk, items)) => {
                let refill = self.paths.private("refill_along");
                quote!(#refill(&mut #vector, ::core::iter::Iterator::map(#walk, |#items| { #body }));)
            }
            None => {
                let refill = self.paths.private("refill");
                quote!(#refill(&mut #vector, #length, |#index| { #body });)
            }
        };
        self.line(lines, line);
    }

    /// Clones of the elements of vectors side by side, and the pattern that takes them.
    fn walk(&mut self, along: &[(Var, Place)]) -> Option<(TokenStream, TokenStream)> {
        let each = along.iter().map(|(item, of)| {
            let of = self.receiver(of, false).tokens;
            let item = self.declared(*item).to_token_stream();
            (quote!(::core::iter::Iterator::cloned(#of.iter())), item)
        });
        let each: Vec<_> = each.collect();
        each.into_iter().reduce(|(walk, items), (next, item)| {
            let walk = quote!(::core::iter::Iterator::zip(#walk, #next));
            (walk, quote!((#items, #item)))
        })
    }

    /// `bounded(trips, N, "for …");` under `#[max_iters(N)]`, where the number of trips is known: there may be no store
    /// that would overflow.
    fn keep_bound(&mut self, lines: &mut TokenStream, the_loop: &Loop) {
        let (Some(Limit::MaxIters(limit)), Head::Counted { .. }) =
            (&the_loop.limit, &the_loop.head)
        else {
            return;
        };
        if has_break(&the_loop.body) {
            return;
        }
        // The bounds are printed twice.
        self.flush(lines);
        let (range, name) = (self.range(&the_loop.head), &the_loop.name);
        let (bounded, size_hint) = (self.paths.private("bounded"), paths::iterator("size_hint"));
        self.line(
            lines,
            quote!(#bounded(#size_hint(&(#range)).0, #limit, #name);),
        );
    }

    /// Numbers the loop, and gives the number of the one around it.
    fn enter_loop(&mut self) -> usize {
        self.loops += 1;
        std::mem::replace(&mut self.inside, self.loops)
    }

    /// `let (r, s) = loop { … break (a, b); … };`, or a labelled block around a loop that may be exhausted.
    fn broken(&mut self, lines: &mut TokenStream, the_loop: &Loop, head: &TokenStream) {
        let labelled = !the_loop.results.is_empty() && !matches!(the_loop.head, Head::Forever);
        let label = labelled.then(|| self.names.label());
        let body = self.block(&the_loop.body, next_iteration(the_loop, label.as_ref()));
        let mut construct = quote!(#head { #body });
        if let Some(label) = &label {
            let exhausted = self.tuple(&the_loop.exhausted);
            construct = quote!(#label: { #construct #exhausted });
        }
        self.bind(lines, &the_loop.results, construct);
    }

    /// Defines the carried values, where they are not variables of the loop around already.
    fn carry(&mut self, lines: &mut TokenStream, the_loop: &Loop, around: usize) {
        for carried in &the_loop.carried {
            match self.continued(&carried.init, around) {
                Some(variable) => self.share(carried.var, variable),
                None => {
                    let init = self.operand(&carried.init);
                    self.carried[carried.var.0] = true;
                    self.print_first(lines, carried, &init);
                }
            }
            self.home[carried.var.0] = self.inside;
        }
    }

    /// `let mut c = init;`, with its type where the first value is an expression that may not have one by itself.
    fn print_first(&mut self, lines: &mut TokenStream, carried: &Carried, init: &Code) {
        let info = self.info(carried.var);
        let open = matches!(&carried.init, Operand::Literal(literal) if literal.value.is_none());
        let ty = match &info.kind {
            _ if !open || info.ty.is_some() => None,
            Kind::Float(Float::F32) => Some(format_ident!("f32")),
            Kind::Float(Float::F64) => Some(format_ident!("f64")),
            Kind::Float(Float::Generic(name)) => Some(name.clone()),
            _ => None,
        };
        match ty {
            None => self.print_let(lines, carried.var, init),
            Some(ty) => {
                let (pattern, tokens) = (self.declared(carried.var), &init.tokens);
                self.line(lines, quote!(let #pattern: #ty = #tokens;));
            }
        }
    }

    /// The variable that a carried value goes on with: one of the loop around, of the same iteration, which nobody
    /// else reads.
    fn continued(&self, init: &Operand, around: usize) -> Option<Var> {
        let Operand::Var(var) = init else { return None };
        let storage = self.storage(*var);
        let only = self.uses[var.0] == self.final_uses[var.0] + 1 && self.home[var.0] == around;
        (self.carried[storage.0] && only).then_some(storage)
    }

    fn share(&mut self, var: Var, storage: Var) {
        self.alias[var.0] = Some(storage);
        self.names.alias(var, storage);
    }

    /// Results that are the last carried values need no variables of their own.
    fn lasting(
        &mut self,
        lines: &mut TokenStream,
        the_loop: &Loop,
        last: &[Operand],
        around: usize,
    ) {
        for (result, last) in the_loop.results.iter().zip(last) {
            let carried = last
                .var()
                .filter(|var| the_loop.carried.iter().any(|carried| carried.var == *var));
            if let Some(var) = carried {
                let storage = self.storage(var);
                self.share(*result, storage);
                self.home[result.0] = around;
            } else {
                let code = self.operand(last);
                self.print_let(lines, *result, &code);
            }
        }
    }

    /// `for i in lo..hi`, `loop`, `while let Some((a, b)) = store.pop()`
    fn head(&mut self, lines: &mut TokenStream, head: &Head) -> TokenStream {
        match head {
            Head::Forever => quote!(loop),
            Head::Records { store, vars, above } => {
                self.flush(lines);
                let above = above.as_ref().map(|mark| self.operand(mark).tokens);
                let (store, pattern) = (self.names.of(*store), self.pattern(vars));
                let some = paths::wrapper(crate::ir::Wrapper::Some);
                let popped = match above {
                    None => quote!(#store.pop()),
                    Some(mark) => {
                        let above = self.paths.private("storage_above");
                        quote!(#above!(#store, #mark))
                    }
                };
                quote!(while let #some(#pattern) = #popped)
            }
            Head::Chunks {
                index,
                chunk,
                of,
                size,
                backwards,
            } => {
                let of = self.receiver(of, false).at(Level::Atom);
                let size = self.operand(size).tokens;
                let mut chunks = quote!(#of.chunks_exact(#size));
                let mut pattern = self.declared(*chunk);
                if self.uses[index.0] > 0 {
                    let (enumerate, index) = (paths::iterator("enumerate"), self.declared(*index));
                    (chunks, pattern) = (quote!(#enumerate(#chunks)), quote!((#index, #pattern)));
                }
                if *backwards {
                    let rev = paths::iterator("rev");
                    chunks = quote!(#rev(#chunks));
                }
                quote!(for #pattern in #chunks)
            }
            // Printed by itself.
            Head::Refill { .. } => TokenStream::new(),
            Head::Counted { index, .. } => {
                let (range, index) = (self.range(head), self.declared(*index));
                quote!(for #index in #range)
            }
        }
    }

    /// The sequence of a counted loop.
    fn range(&mut self, head: &Head) -> TokenStream {
        let Head::Counted {
            start,
            end,
            inclusive,
            step,
            reverse,
            backwards,
            ..
        } = head
        else {
            return TokenStream::new();
        };
        let wide = self.is_wide(start) || self.is_wide(end);
        let (start, end) = (self.operand(start).at(Level::Or), self.operand(end));
        let range = match (inclusive, step) {
            // Only a half-open range knows its length, from which stepping backwards starts.
            (true, Some(_)) if *backwards && !wide => {
                let end = end.at(Level::Add);
                quote!(#start..#end + 1)
            }
            (true, _) => with_end(&start, &quote!(..=), &end),
            (false, _) => with_end(&start, &quote!(..), &end),
        };
        let (rev, step_by) = (paths::iterator("rev"), paths::iterator("step_by"));
        let Some(step) = step else {
            return if reverse == backwards {
                range
            } else {
                quote!(#rev(#range))
            };
        };
        let step = self.operand(step).tokens;
        let forth = if *reverse {
            quote!(#rev(#range))
        } else {
            range
        };
        if *backwards && wide {
            let stepped_back = self.paths.private("stepped_back");
            return quote!(#stepped_back(#forth, #step));
        }
        let stepped = quote!(#step_by(#forth, #step));
        if *backwards {
            quote!(#rev(#stepped))
        } else {
            stepped
        }
    }
}

impl Emitter<'_> {
    /// Whether an integer is known to be of a type whose ranges do not know their length.
    fn is_wide(&self, bound: &Operand) -> bool {
        match bound {
            Operand::Var(var) => {
                let ty = &self.info(*var).ty;
                ty.as_ref().is_some_and(is_wide)
            }
            Operand::Literal(literal) => {
                let text = literal.tokens.to_string();
                WIDE.iter().any(|wide| text.ends_with(wide))
            }
            Operand::Place(_) => false,
        }
    }
}

fn with_end(start: &TokenStream, dots: &TokenStream, end: &Code) -> TokenStream {
    let end = end.at(Level::Or);
    quote!(#start #dots #end)
}

fn next_iteration<'l>(the_loop: &'l Loop, label: Option<&'l Lifetime>) -> Exit<'l> {
    Exit {
        yields: Yields::Next(&the_loop.carried),
        label,
    }
}

/// Counts, for each carried value, how often it is a result of its own loop.
pub fn count_final_uses(block: &Block, counts: &mut [usize]) {
    for stmt in &block.stmts {
        if let Stmt::Loop(the_loop) = stmt {
            let carried = |var: &Var| the_loop.carried.iter().any(|carried| carried.var == *var);
            let shape = while_loop::recognise(the_loop);
            let last = shape.map_or(the_loop.exhausted.as_slice(), |shape| shape.results);
            for var in last.iter().filter_map(Operand::var).filter(carried) {
                counts[var.0] += 1;
            }
        }
        uses::blocks(stmt)
            .into_iter()
            .for_each(|inner| count_final_uses(inner, counts));
    }
    uses::end_blocks(&block.end)
        .iter()
        .for_each(|arm| count_final_uses(arm, counts));
}
