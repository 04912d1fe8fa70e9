//! Operations that only adjoints have.

use proc_macro2::{Span, TokenStream};
use quote::quote;

use super::code::{Code, Level};
use super::places::inner_kind;
use super::{paths, Emitter};
use crate::ir::{Class, Float, Kind, Op, Operand, Place, Proj, Wrapper};

impl Emitter<'_> {
    /// `Slot::hold(&mut d_x, i, value)` or `Slot::held(&mut d_x, i, || value)`
    fn held(&mut self, method: &str, place: &Place, value: &TokenStream) -> Code {
        let (method, slot) = (self.paths.slot(method), self.names.of(place.root));
        let index = match place.path.as_slice() {
            [Proj::Index(index)] => self.operand(index).tokens,
            _ => TokenStream::new(),
        };
        Code::atom(quote!(#method(&mut #slot, #index, #value)))
    }

    /// An operation that only adjoints have, as an expression.
    pub fn adjoint_op(&mut self, op: &Op, span: Span) -> Code {
        match op {
            Op::Zero(place) => self.zero(place),
            Op::Replace(place, value) => {
                let (value, place) = (self.operand(value), self.borrow_mut(place));
                let reads_itself = value.reads.iter().any(|var| place.reads.contains(var));
                let (replace, place, value) = (paths::replace(), place.tokens, value.tokens);
                // Both borrow the same memory: then the value is read first.
                Code::atom(match reads_itself {
                    true => quote!(match #value { value => #replace(#place, value) }),
                    false => quote!(#replace(#place, #value)),
                })
            }
            Op::Take { shadow, primal } => self.take(shadow, primal),
            Op::Borrow(place) => self.borrow(place),
            Op::Keep(place) => {
                let borrowed = self.borrow(place).tokens;
                if matches!(self.kind(place), Kind::Slice(_)) {
                    let keep = self.paths.private("keep_slice");
                    // Where there is no `alloc`, the refusal lands on the slice.
                    let keep = quote!(#keep!(#borrowed));
                    return Code::atom(paths::located(&keep, self.info(place.root).name.span()));
                }
                // What cannot be copied is said where it is needed again.
                let keep = paths::located(&self.paths.private("keep"), span);
                let borrowed = paths::located(&borrowed, span);
                Code::atom(quote!(#keep(#borrowed)))
            }
            Op::Unwrap { shadow, otherwise } => self.unwrap(shadow, otherwise),
            Op::Sum(shadow) => self.sum(shadow),
            Op::Dot(slices) => {
                let slices: Vec<Code> = slices.iter().map(|slice| self.borrow(slice)).collect();
                let (dot, parts) = (self.paths.private("dot"), slices.iter().map(|s| &s.tokens));
                Code::atom(quote!(#dot(#(#parts),*))).over(&slices)
            }
            Op::Compare(cmp, left, right) => self.compare(*cmp, left, right),
            Op::Select {
                cond,
                then,
                otherwise,
            } => {
                let parts = [cond, then, otherwise].map(|operand| self.operand(operand));
                let [cond, then, otherwise] = parts.each_ref().map(|code| &code.tokens);
                Code::new(quote!(if #cond { #then } else { #otherwise }), Level::Low).over(&parts)
            }
            Op::Hold(place, value) => {
                let value = self.operand(value);
                self.held("hold", place, &value.tokens)
            }
            Op::Held { place, otherwise } => {
                let otherwise = self.op(otherwise, Span::call_site()).tokens;
                self.held("held", place, &quote!(|| #otherwise))
            }
            Op::First(place, value) => {
                let value = self.operand(value);
                self.held("first", place, &value.tokens)
            }
            Op::Fresh => {
                let fresh = self.paths.root("Fresh");
                Code::atom(quote!(#fresh::new()))
            }
            Op::Settle(var) => {
                let name = self.names.of(*var);
                Code::atom(quote!(#name.take_or_zero()))
            }
            Op::Record(vars) => self.record(vars),
            Op::Inject { arm, arms, vars } => {
                let record = self.record(vars);
                let tokens = self.branch(*arm, *arms, record.tokens.clone());
                Code::atom(tokens).over([&record])
            }
            Op::NewStore(capacity) => self.store(capacity),
            Op::Reserve(store, factors) => self.reserve(*store, factors),
            Op::Append(store, place) => {
                let (store, place) = (self.names.of(*store), self.borrow(place).tokens);
                Code::atom(quote!(#store.extend_from_slice(#place)))
            }
            Op::Restore(store, place) => {
                let (store, place) = (self.names.of(*store), self.borrow_mut(place).tokens);
                let restore = self.paths.private("storage_restore");
                Code::atom(quote!(#restore!(#store, #place)))
            }
            Op::Recall(store, at, place) => {
                let (store, at) = (self.names.of(*store), self.operand(at));
                let place = self.borrow_mut(place).tokens;
                let (recall, at) = (self.paths.private("storage_recall"), at.tokens);
                Code::atom(quote!(#recall!(#store, #at, #place)))
            }
            Op::Clear(store) => {
                let store = self.names.of(*store);
                Code::atom(quote!(#store.clear()))
            }
            Op::Mark(store) => {
                let store = self.names.of(*store);
                Code::atom(quote!(#store.len()))
            }
            // Handled by the statement that defines the variable, or above.
            _ => Code::atom(TokenStream::new()),
        }
    }

    /// The zero cotangent of a primal place.
    fn zero(&mut self, primal: &Place) -> Code {
        if matches!(
            self.kind(primal),
            Kind::Float(Float::Open | Float::F32 | Float::F64)
        ) {
            return Code::atom(paths::zero());
        }
        let (zero, place) = (self.paths.private("zero"), self.borrow(primal));
        let tokens = &place.tokens;
        // A type without cotangents is reported where the user named the variable.
        let call = paths::located(&quote!(#zero(#tokens)), self.info(primal.root).name.span());
        Code::atom(call).over([&place])
    }

    fn take(&mut self, shadow: &Place, primal: &Place) -> Code {
        match self.kind(primal) {
            // Such a type need not have a default.
            Kind::Float(Float::Generic(float)) if self.function.bare.contains(&float) => {
                let zero = self.paths.literal(&float, &paths::zero());
                let (replace, shadow) = (paths::replace(), self.borrow_mut(shadow).tokens);
                return Code::atom(quote!(#replace(#shadow, #zero)));
            }
            Kind::Float(_) => {
                let (take, shadow) = (paths::take(), self.borrow_mut(shadow).tokens);
                return Code::atom(quote!(#take(#shadow)));
            }
            _ => {}
        }
        let (replace, zero) = (paths::replace(), self.zero(primal).tokens);
        let shadow = self.borrow_mut(shadow).tokens;
        Code::atom(quote!(#replace(#shadow, #zero)))
    }

    /// Takes the cotangent out of its `Option`, so that it is `None`, which is zero, when it is written again.
    fn unwrap(&mut self, shadow: &Place, otherwise: &Operand) -> Code {
        let shadow = self.borrow_mut(shadow);
        let zero = match otherwise {
            Operand::Place(place) if self.info(place.root).class == Class::Shadow => {
                self.operand(otherwise)
            }
            Operand::Place(place) => self.zero(place),
            Operand::Var(var) => self.zero(&Place::root(*var)),
            literal => self.operand(literal),
        };
        let (some, none, take) = (
            paths::wrapper(Wrapper::Some),
            paths::none(),
            paths::take_option(),
        );
        let (from, otherwise, inside) = (&shadow.tokens, &zero.tokens, self.names.local("inside"));
        let tokens = quote!(match #take(#from) { #some(#inside) => #inside, #none => #otherwise });
        Code::new(tokens, Level::Low).over([&shadow, &zero])
    }

    /// The sum of a cotangent's elements, which are floats.
    fn sum(&mut self, shadow: &Place) -> Code {
        let (elements, fold) = (self.receiver(shadow, false), paths::iterator("fold"));
        let zero = match inner_kind(
            self.kind(shadow),
            &Proj::Index(Operand::Place(shadow.clone())),
        ) {
            Kind::Float(Float::Generic(float)) => self.paths.literal(&float, &paths::zero()),
            _ => paths::zero(),
        };
        let (from, sum, part) = (
            &elements.tokens,
            self.names.local("sum"),
            self.names.local("part"),
        );
        Code::atom(quote!(#fold(#from.iter(), #zero, |#sum, #part| #sum + *#part)))
            .over([&elements])
    }

    /// An integer as a float of this kind.
    pub fn float_of(&mut self, count: &Operand, kind: &Kind) -> Code {
        let count = self.operand(count);
        let tokens = count.at(Level::Cast);
        match kind {
            Kind::Float(Float::Generic(float)) => {
                Code::atom(self.paths.literal(float, &quote!(#tokens as f64))).over([&count])
            }
            Kind::Float(Float::F32) => {
                Code::new(quote!(#tokens as f32), Level::Cast).over([&count])
            }
            Kind::Float(Float::F64) => {
                Code::new(quote!(#tokens as f64), Level::Cast).over([&count])
            }
            _ => {
                let scalar = self.paths.root("Scalar");
                Code::atom(quote!(#scalar::__lit(#tokens as f64))).over([&count])
            }
        }
    }
}
