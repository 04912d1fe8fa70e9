//! Iterator chains, and the loops over them.

use super::{Feature, Generator};
use crate::syntax::{Adaptor, Chain, End, Expr, Pass, Shape, Source, Stmt, Ty};

/// What the items are.
#[derive(Clone, Debug, PartialEq)]
enum Item {
    /// `&f64`
    Shared,
    /// `&mut f64`
    Unique,
    Value(Ty),
    /// `&[f64]` of that length.
    Window(usize),
    Pair(Box<Item>, Box<Item>),
}

/// A chain without its end.
struct Stream {
    source: Source,
    adaptors: Vec<Adaptor>,
    item: Item,
    /// Knows its length, and its end.
    exact: bool,
    /// The variables borrowed.
    borrowed: Vec<usize>,
    /// The width of floats is left to inference.
    open: bool,
}

impl Generator {
    /// `for x in a.iter() { … }` and the like.
    pub(super) fn stream_loop(&mut self, out: &mut Vec<Stmt>) {
        let Some(mut stream) = self.stream(true) else {
            return self.compound(out);
        };
        self.adapt(&mut stream);
        let unique = has_unique(&stream.item);
        if !keeps_closures_out(&stream.adaptors) {
            // They borrow what they mention as long as the loop runs.
            let visible = self.visible();
            stream.borrowed.extend(visible.iter().map(|var| var.id));
        }
        let pattern = self.shape(&stream.item, &mut Vec::new());
        let label = self.enter_loop(false);
        let body = self.scoped(|generator| {
            match unique {
                true => generator.hidden.extend(&stream.borrowed),
                false => generator.frozen.extend(&stream.borrowed),
            }
            generator.bind_shape(&pattern, &stream.item, stream.open);
            generator.body(4)
        });
        self.around.pop();
        let Stream {
            source, adaptors, ..
        } = stream;
        let head = Box::new(Chain {
            source,
            adaptors,
            end: End::Head,
        });
        out.push(Stmt::For {
            label,
            pattern,
            head,
            body,
        });
    }

    /// A chain that ends in a float.
    pub(super) fn reduction(&mut self) -> Option<Expr> {
        let mut stream = self.stream(false)?;
        self.adapt(&mut stream);
        if self.one_in(4) {
            let start = Box::new(Expr::Num(self.pick(&[0.0, 1.0, 0.5])));
            let name = self.name(&Ty::Float, &[]);
            let mut taken = vec![name.clone()];
            let shape = self.shape(&stream.item, &mut taken);
            let body = self.scoped(|generator| {
                generator.bind_shape(&shape, &stream.item, stream.open);
                let mut var = generator.var(&name, Ty::Float, Pass::Value, false);
                var.open = true;
                generator.scope.push(var);
                Box::new(generator.float(2))
            });
            return Some(finish(stream, End::Fold(start, name, shape, body)));
        }
        self.make_floats(&mut stream);
        let max = self.has(Feature::Math) && self.one_in(5);
        if max && stream.item == Item::Value(Ty::Float) {
            let only = Source::Iter(root_of(&stream));
            let sure = matches!(stream.source, Source::Iter(_)) && keeps_items(&stream.adaptors);
            if sure {
                stream.source = only;
                return Some(finish(stream, End::Max));
            }
        }
        let end = if self.one_in(5) {
            End::Product
        } else {
            End::Sum
        };
        Some(finish(stream, end))
    }

    /// A chain that collects floats, at least one.
    pub(super) fn collected(&mut self) -> Option<Expr> {
        let mut stream = self.stream(false)?;
        if !matches!(stream.source, Source::Iter(_)) {
            return None;
        }
        match self.rng.u32(..3) {
            0 => stream.push(Adaptor::Rev),
            1 => self.enumerate(&mut stream),
            _ => {}
        }
        self.make_floats(&mut stream);
        if stream.item == Item::Shared {
            stream.push(Adaptor::Copied);
        }
        Some(finish(stream, End::Collect))
    }

    /// Maps items to floats, if they are none.
    fn make_floats(&mut self, stream: &mut Stream) {
        let float = matches!(stream.item, Item::Shared | Item::Value(Ty::Float));
        if !float || self.rng.bool() {
            self.map(stream);
        }
        if stream.item == Item::Shared && self.rng.bool() {
            stream.push(Adaptor::Copied);
            stream.item = Item::Value(Ty::Float);
        }
    }

    fn map(&mut self, stream: &mut Stream) {
        let shape = self.shape(&stream.item, &mut Vec::new());
        let (item, open) = (stream.item.clone(), stream.open);
        let body = self.scoped(|generator| {
            generator.bind_shape(&shape, &item, open);
            generator.simply(|generator| generator.float(2))
        });
        stream.open |= self.open(&body);
        stream.push(Adaptor::Map(shape, body));
        stream.item = Item::Value(Ty::Float);
    }

    fn enumerate(&mut self, stream: &mut Stream) {
        stream.push(Adaptor::Enumerate);
        let item = Box::new(stream.item.clone());
        stream.item = Item::Pair(Box::new(Item::Value(Ty::Int)), item);
    }

    /// Where the items come from.
    fn stream(&mut self, head: bool) -> Option<Stream> {
        let unique = head && self.one_in(3);
        let vars = if unique {
            self.writable()
        } else {
            self.visible()
        };
        let lists = self.lists(vars);
        if lists.is_empty() || (!head && self.one_in(6)) {
            return (!head).then(|| self.integers());
        }
        let (var, place, ty) = self.pick(&lists);
        let owned = var.pass == Pass::Value && matches!(ty, Ty::Array(..)) && place.path.is_empty();
        let (source, item) = match self.rng.u32(..8) {
            _ if unique => (Source::IterMut(place), Item::Unique),
            0 if owned && head => (Source::Into(place), Item::Value(Ty::Float)),
            1 if head && place.path.is_empty() && var.pass == Pass::Value => {
                (Source::Borrowed(place), Item::Shared)
            }
            2 => (Source::Windows(place, 2), Item::Window(2)),
            3 => (Source::ChunksExact(place, 2), Item::Window(2)),
            _ => (Source::Iter(place), Item::Shared),
        };
        Some(Stream {
            source,
            adaptors: Vec::new(),
            item,
            exact: true,
            borrowed: vec![var.id],
            open: var.open,
        })
    }

    fn integers(&mut self) -> Stream {
        let high = match self.rng.bool() {
            true => Expr::Int(self.rng.usize(1..5)),
            false => self.bound(4),
        };
        Stream {
            source: Source::Range(Expr::Int(0), high, false),
            adaptors: Vec::new(),
            item: Item::Value(Ty::Int),
            exact: true,
            borrowed: Vec::new(),
            open: false,
        }
    }

    /// Adds adaptors.
    fn adapt(&mut self, stream: &mut Stream) {
        if matches!(stream.source, Source::Borrowed(_) | Source::Into(_)) {
            return;
        }
        for _ in 0..self.rng.usize(..3) {
            match self.rng.u32(..10) {
                0 => self.enumerate(stream),
                1 if stream.exact => stream.push(Adaptor::Rev),
                2 => stream.push(Adaptor::Skip(self.rng.usize(..2))),
                3 => stream.push(Adaptor::Take(self.rng.usize(1..4))),
                4 => stream.push(Adaptor::StepBy(2)),
                5 if stream.item == Item::Shared => {
                    stream.push(Adaptor::Copied);
                    stream.item = Item::Value(Ty::Float);
                }
                6 => self.zip(stream),
                7 if self.has(Feature::Chain) && !has_unique(&stream.item) => self.map(stream),
                8 if self.has(Feature::Chain) && !has_unique(&stream.item) => self.filter(stream),
                9 if self.has(Feature::Chain) && !has_unique(&stream.item) => self.filter(stream),
                _ => self.chained(stream),
            }
        }
    }

    fn zip(&mut self, stream: &mut Stream) {
        // Beside `iter_mut` the same list may not be read.
        let unique = has_unique(&stream.item);
        let mut vars = self.visible();
        vars.retain(|var| !unique || !stream.borrowed.contains(&var.id));
        let lists = self.lists(vars);
        if lists.is_empty() {
            return;
        }
        let (var, place, _) = self.pick(&lists);
        let copied = self.one_in(3);
        let item = if copied {
            Item::Value(Ty::Float)
        } else {
            Item::Shared
        };
        stream.borrowed.push(var.id);
        stream.open |= var.open;
        stream.push(Adaptor::Zip(Source::Iter(place), copied));
        stream.item = Item::Pair(Box::new(stream.item.clone()), Box::new(item));
    }

    fn chained(&mut self, stream: &mut Stream) {
        if stream.item != Item::Shared {
            return;
        }
        let vars = self.visible();
        let lists = self.lists(vars);
        if lists.is_empty() {
            return;
        }
        let (var, place, _) = self.pick(&lists);
        stream.borrowed.push(var.id);
        stream.open |= var.open;
        stream.exact = false;
        stream.push(Adaptor::Chain(Source::Iter(place)));
    }

    fn filter(&mut self, stream: &mut Stream) {
        let shape = self.shape(&stream.item, &mut Vec::new());
        let (item, open) = (stream.item.clone(), stream.open);
        let cond = self.scoped(|generator| {
            generator.bind_shape(&shape, &item, open);
            generator.simply(|generator| generator.cond(0))
        });
        stream.exact = false;
        stream.push(match self.rng.u32(..4) {
            0 => Adaptor::TakeWhile(shape, cond),
            1 => Adaptor::SkipWhile(shape, cond),
            _ => Adaptor::Filter(shape, cond),
        });
    }

    /// Names for items.
    fn shape(&mut self, item: &Item, taken: &mut Vec<String>) -> Shape {
        let ty = match item {
            Item::Pair(first, second) => {
                let first = Box::new(self.shape(first, taken));
                return Shape::Pair(first, Box::new(self.shape(second, taken)));
            }
            Item::Value(ty) => ty.clone(),
            Item::Window(_) => Ty::Slice(Box::new(Ty::Float)),
            _ => Ty::Float,
        };
        let name = self.name(&ty, taken);
        taken.push(name.clone());
        match item {
            Item::Shared if self.rng.bool() => Shape::Ref(name),
            Item::Shared | Item::Unique => Shape::Kept(name),
            Item::Window(_) => Shape::Window(name),
            _ => Shape::Value(name, ty),
        }
    }

    fn bind_shape(&mut self, shape: &Shape, item: &Item, open: bool) {
        let (name, ty, pass) = match (shape, item) {
            (Shape::Pair(first, second), Item::Pair(one, two)) => {
                self.bind_shape(first, one, open);
                return self.bind_shape(second, two, open);
            }
            (Shape::Ref(name), _) => (name, Ty::Float, Pass::Value),
            (Shape::Kept(name), Item::Unique) => (name, Ty::Float, Pass::RefMut),
            (Shape::Kept(name), _) => (name, Ty::Float, Pass::Ref),
            (Shape::Value(name, ty), _) => (name, ty.clone(), Pass::Value),
            (Shape::Window(name), _) => (name, Ty::Slice(Box::new(Ty::Float)), Pass::Ref),
            other => panic!("no such shape: {other:?}"),
        };
        let mut var = self.var(name, ty, pass, false);
        // Elements of a list whose width is open are open too.
        var.open = open;
        if let Item::Window(len) = item {
            var.len = *len;
        }
        self.scope.push(var);
    }
}

impl Stream {
    fn push(&mut self, adaptor: Adaptor) {
        self.adaptors.push(adaptor);
    }
}

fn has_unique(item: &Item) -> bool {
    match item {
        Item::Unique => true,
        Item::Pair(first, second) => has_unique(first) || has_unique(second),
        _ => false,
    }
}

/// Whether what comes in comes out, though changed.
fn keeps_items(adaptors: &[Adaptor]) -> bool {
    adaptors.iter().all(|adaptor| {
        matches!(
            adaptor,
            Adaptor::Copied | Adaptor::Enumerate | Adaptor::Rev | Adaptor::Map(..)
        )
    })
}

/// Whether no adaptor has a closure.
fn keeps_closures_out(adaptors: &[Adaptor]) -> bool {
    !adaptors.iter().any(|adaptor| {
        matches!(
            adaptor,
            Adaptor::Map(..)
                | Adaptor::Filter(..)
                | Adaptor::TakeWhile(..)
                | Adaptor::SkipWhile(..)
        )
    })
}

fn root_of(stream: &Stream) -> crate::syntax::Place {
    match &stream.source {
        Source::Iter(place) | Source::Windows(place, _) | Source::ChunksExact(place, _) => {
            place.clone()
        }
        Source::IterMut(place) | Source::Into(place) | Source::Borrowed(place) => place.clone(),
        Source::Range(..) => super::integer::named("none"),
    }
}

fn finish(stream: Stream, end: End) -> Expr {
    let Stream {
        source, adaptors, ..
    } = stream;
    Expr::Chain(Box::new(Chain {
        source,
        adaptors,
        end,
    }))
}
