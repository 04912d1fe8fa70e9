//! Iterator chains.

use super::Printer;
use crate::syntax::{Adaptor, Chain, End, Expr, Shape, Source};

impl Printer<'_> {
    pub(super) fn chain(&mut self, chain: &Chain) {
        let alone = chain.adaptors.is_empty() && matches!(chain.end, End::Head);
        match (&chain.source, alone) {
            (Source::Range(..), false) => {
                self.push("(");
                self.source(&chain.source);
                self.push(")");
            }
            (Source::Into(place), false) => {
                self.place(place);
                self.push(".into_iter()");
            }
            _ => self.source(&chain.source),
        }
        for adaptor in &chain.adaptors {
            self.adaptor(adaptor);
        }
        self.end(&chain.end);
    }

    fn source(&mut self, source: &Source) {
        match source {
            Source::Range(lo, hi, inclusive) => {
                self.operand(lo);
                self.push(if *inclusive { "..=" } else { ".." });
                self.operand(hi);
            }
            Source::Iter(place) => {
                self.place(place);
                self.push(".iter()");
            }
            Source::IterMut(place) => {
                self.place(place);
                self.push(".iter_mut()");
            }
            Source::Into(place) => self.place(place),
            Source::Borrowed(place) => {
                self.push("&");
                self.place(place);
            }
            Source::Windows(place, len) => {
                self.place(place);
                self.push(&format!(".windows({len})"));
            }
            Source::ChunksExact(place, len) => {
                self.place(place);
                self.push(&format!(".chunks_exact({len})"));
            }
        }
    }

    fn adaptor(&mut self, adaptor: &Adaptor) {
        match adaptor {
            Adaptor::Copied => self.push(".copied()"),
            Adaptor::Enumerate => self.push(".enumerate()"),
            Adaptor::Rev => self.push(".rev()"),
            Adaptor::Skip(count) => self.push(&format!(".skip({count})")),
            Adaptor::Take(count) => self.push(&format!(".take({count})")),
            Adaptor::StepBy(step) => self.push(&format!(".step_by({step})")),
            Adaptor::Zip(source, copied) => {
                self.push(".zip(");
                self.source(source);
                self.push(if *copied { ".copied())" } else { ")" });
            }
            Adaptor::Chain(source) => {
                self.push(".chain(");
                self.source(source);
                self.push(")");
            }
            Adaptor::Map(shape, body) => self.closure(".map(|", shape, body),
            Adaptor::Filter(shape, body) => self.closure(".filter(|&", shape, body),
            Adaptor::TakeWhile(shape, body) => self.closure(".take_while(|&", shape, body),
            Adaptor::SkipWhile(shape, body) => self.closure(".skip_while(|&", shape, body),
        }
    }

    fn closure(&mut self, open: &str, shape: &Shape, body: &Expr) {
        self.push(open);
        self.shape(shape);
        self.push("| ");
        self.expression(body);
        self.push(")");
    }

    fn end(&mut self, end: &End) {
        match end {
            End::Head => {}
            End::Sum => self.push(".sum::<f64>()"),
            End::Product => self.push(".product::<f64>()"),
            End::Max => self.push(".fold(f64::NEG_INFINITY, f64::max)"),
            End::Collect => self.push(".collect::<Vec<f64>>()"),
            End::Fold(start, name, shape, body) => {
                self.push(".fold(");
                self.expression(start);
                self.push(&format!(", |{name}, "));
                self.shape(shape);
                self.push("| ");
                self.expression(body);
                self.push(")");
            }
        }
    }

    pub(super) fn shape(&mut self, shape: &Shape) {
        match shape {
            Shape::Ref(name) => self.push(&format!("&{name}")),
            Shape::Kept(name) | Shape::Value(name, _) | Shape::Window(name) => self.push(name),
            Shape::Pair(first, second) => {
                self.push("(");
                self.shape(first);
                self.push(", ");
                self.shape(second);
                self.push(")");
            }
        }
    }
}
