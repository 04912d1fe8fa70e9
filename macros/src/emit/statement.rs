//! Blocks and statements.

use proc_macro2::TokenStream;
use quote::{quote, ToTokens};

use super::branch::Exit;
use super::code::{compound, Code, Level};
use super::gather::Gathered;
use super::paths::located;
use super::Emitter;
use crate::ir::{BinOp, Block, Class, Float, Kind, Op, Operand, Place, Stmt, Var};

impl Emitter<'_> {
    /// Statements and end of a block, without braces.
    pub fn block(&mut self, block: &Block, exit: Exit<'_>) -> TokenStream {
        let mut lines = TokenStream::new();
        let around = std::mem::take(&mut self.groups);
        self.continue_with(&mut lines, block, exit);
        self.groups = around;
        lines
    }

    /// The same, behind what has been printed already.
    pub fn continue_with(&mut self, lines: &mut TokenStream, block: &Block, exit: Exit<'_>) {
        let mut block = block;
        loop {
            self.statements(lines, &block.stmts);
            self.close_groups(lines);
            match self.guard(lines, &block.end, exit) {
                Some(rest) => block = rest,
                None => return self.end(lines, &block.end, exit),
            }
        }
    }

    /// Statements, of which the last values may still wait for their use.
    pub fn statements(&mut self, lines: &mut TokenStream, stmts: &[Stmt]) {
        for stmt in stmts {
            self.before(lines, stmt);
            self.stmt(lines, stmt);
        }
    }

    fn stmt(&mut self, lines: &mut TokenStream, stmt: &Stmt) {
        match stmt {
            Stmt::Let {
                var,
                op:
                    Op::Open {
                        slot,
                        primal,
                        resized,
                    },
            } => self.open(lines, *var, [*slot, *primal], *resized),
            Stmt::Let {
                var,
                op: Op::Zero(primal),
            } if self.gathered[var.0].is_some() => self.gather_over(lines, *var, primal),
            Stmt::Let { var, op } => {
                let code = match op {
                    Op::FromInt(count) => self.float_of(count, &self.info(*var).kind),
                    op => self.op(op, self.info(*var).span),
                };
                self.define(lines, *var, op, code);
            }
            Stmt::Store { place, value } => self.update(lines, place, quote!(=), value),
            Stmt::Add {
                place,
                value,
                negate,
            } => self.add(lines, place, value, *negate),
            Stmt::Compound {
                place,
                op,
                value,
                span,
            } => {
                let symbol = located(&compound(*op), *span);
                self.update(lines, place, symbol, value)
            }
            Stmt::Do(_) => self.effect(lines, stmt),
            Stmt::Switch { on, arms, joins } => self.switch(lines, on, arms, joins),
            Stmt::Loop(the_loop) => self.the_loop(lines, the_loop),
            Stmt::Accumulate { place, value } => self.accumulate(lines, place, value),
            Stmt::AccumulateEach { place, values } => self.accumulate_each(lines, place, values),
            Stmt::Unpop { place, item } => {
                self.flush_readers(lines, place.root);
                let (item, name) = (
                    self.operand(&Operand::Place(item.clone())).tokens,
                    self.names.local("item"),
                );
                let some = super::paths::wrapper(crate::ir::Wrapper::Some);
                let place = self.grown(place);
                self.line(
                    lines,
                    quote!(if let #some(#name) = #item { #place.push(#name); }),
                );
            }
            Stmt::Vjp(vjp) => self.vjp(lines, vjp),
            Stmt::Push { store, values } => self.push(lines, *store, values),
            Stmt::Unpack { record, vars } if self.class(*record) == Class::Store => {
                let (store, last) = (self.names.of(*record), self.names.local("last"));
                let some = super::paths::wrapper(crate::ir::Wrapper::Some);
                let pattern = self.pattern(vars);
                let pop = quote!(match #store.pop() { #some(#last) => #last, _ => ::core::unreachable!() });
                self.line(lines, quote!(let #pattern = #pop;));
            }
            Stmt::Unpack { record, vars } => {
                let (record, pattern) = (self.var(*record).tokens, self.pattern(vars));
                self.line(lines, quote!(let #pattern = #record;));
            }
            Stmt::Replay {
                record,
                arms,
                joins,
            } => self.replay(lines, *record, arms, joins),
        }
    }

    /// `let mut d_t = Gather::new(&t);`
    fn gather_over(&mut self, lines: &mut TokenStream, sum: Var, primal: &Place) {
        let gather = match self.gathered[sum.0] {
            Some(Gathered::Early) => self.paths.private("Sum"),
            _ => self.paths.private("Gather"),
        };
        let primal = self.borrow(primal).tokens;
        self.print_let(lines, sum, &Code::atom(quote!(#gather::new(#primal))));
    }

    /// `let mut x: T = …;`
    pub fn print_let(&mut self, lines: &mut TokenStream, var: Var, code: &Code) {
        let pattern = self.declared(var);
        let written = self.info(var).ty.as_ref().map(|ty| quote!(: #ty));
        let ty = written.or_else(|| self.type_of_fresh(var));
        let tokens = &code.tokens;
        self.line(lines, quote!(let #pattern #ty = #tokens;));
    }

    /// `: ::tapeless::Fresh<f64>` where that is known: a callee whose parameter is constant takes any slot.
    fn type_of_fresh(&self, var: Var) -> Option<TokenStream> {
        let info = self.info(var);
        let float = match &info.kind {
            Kind::Float(Float::F32) => quote!(::core::primitive::f32),
            Kind::Float(Float::F64) => quote!(::core::primitive::f64),
            Kind::Float(Float::Generic(name)) => quote!(#name),
            _ => return None,
        };
        let fresh = self.paths.root("Fresh");
        (info.class == Class::Fresh).then(|| quote!(: #fresh<#float>))
    }

    /// A variable where it is defined, with `mut` if it needs it; `_` if nobody uses it.
    pub fn declared(&mut self, var: Var) -> TokenStream {
        if self.uses[var.0] == 0 {
            return quote!(_);
        }
        let name = self.names.of(var);
        let owned = matches!(
            self.class(var),
            Class::Root | Class::Shadow | Class::Fresh | Class::Store
        );
        let popped = self.class(var) == Class::Store;
        if self.carried[var.0] || popped || (owned && self.mutated[var.0]) {
            quote!(mut #name)
        } else {
            name.to_token_stream()
        }
    }

    /// Variables where they are defined: a tuple, always.
    pub fn pattern(&mut self, vars: &[Var]) -> TokenStream {
        let vars: Vec<TokenStream> = vars.iter().map(|&var| self.declared(var)).collect();
        match vars.as_slice() {
            [one] => quote!((#one,)),
            all => quote!((#(#all),*)),
        }
    }

    /// `place op= value;`
    fn update(
        &mut self,
        lines: &mut TokenStream,
        place: &Place,
        symbol: TokenStream,
        value: &Operand,
    ) {
        if matches!(self.kind(place), Kind::Slice(_)) {
            return self.overwrite(lines, place, value);
        }
        let value = self.operand(value).tokens;
        let target = self.place_mut(place).tokens;
        self.flush_readers(lines, place.root);
        self.line(lines, quote!(#target #symbol #value;));
    }

    /// The elements of a slice are overwritten by those of a vector.
    fn overwrite(&mut self, lines: &mut TokenStream, place: &Place, value: &Operand) {
        let value = match value {
            Operand::Place(from) => self.borrow(from).tokens,
            other => self.operand(other).tokens,
        };
        let target = self.receiver(place, true).tokens;
        self.flush_readers(lines, place.root);
        self.line(lines, quote!(#target.clone_from_slice(#value);));
    }

    /// Original: a use of `place`.
    /// Adjoint: `place += value;`
    fn add(&mut self, lines: &mut TokenStream, place: &Place, value: &Operand, negate: bool) {
        if self.class(place.root) == Class::Slot {
            return self.add_to_slot(lines, place, value, negate);
        }
        let target = self.place_mut(place);
        self.flush_readers(lines, place.root);
        let addition = self.addition(place, target, value, negate);
        self.line(lines, addition);
    }

    /// `target += value;`, or through the trait where it is not known that the target is a float.
    pub fn addition(
        &mut self,
        place: &Place,
        target: Code,
        value: &Operand,
        negate: bool,
    ) -> TokenStream {
        let value = self.operand(value);
        if matches!(self.kind(place), Kind::Float(_)) {
            let symbol = compound(if negate { BinOp::Sub } else { BinOp::Add });
            let (target, value) = (target.tokens, value.tokens);
            return quote!(#target #symbol #value;);
        }
        let sign = negate.then(|| quote!(-));
        let (accumulate, target) = (self.paths.private("add_to"), target.at(Level::Unary));
        let value = value.at(Level::Unary);
        let value = if negate {
            quote!((#sign #value))
        } else {
            value
        };
        quote!(#accumulate(&mut #target, &#value);)
    }

    /// Adjoint: `Cotangent::accumulate(&mut place, &value);`
    fn accumulate(&mut self, lines: &mut TokenStream, place: &Place, value: &Place) {
        if self.class(place.root) == Class::Slot {
            return self.accumulate_to_slot(place, value);
        }
        self.flush_readers(lines, place.root);
        if self.gathered[place.root.0].is_some() {
            let (sum, value) = (self.names.of(place.root), self.borrow(value).tokens);
            return self.line(lines, quote!(#sum.accumulate(#value);));
        }
        let (accumulate, place, value) = (
            self.paths.private("add_to"),
            self.borrow_mut(place).tokens,
            self.borrow(value).tokens,
        );
        self.line(lines, quote!(#accumulate(#place, #value);));
    }
}
