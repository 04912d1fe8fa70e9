//! Values go past memory: what has just been written to a place is not read from it again.
//!
//! ```text
//! y[i] = old;     … y[i] …                      y[i] = old;             … old …
//! d[i] += a;      let x = take(d[i]);      ⇒    let s = d[i];           let x = s + a;
//! …               d[i] += b;                    …                       d[i] = b;
//! ```
//!
//! The compiler does not see to it itself where an index may be out of bounds in between: memory has to be as written then.
//! Only one pass over each block, and only what stands in it: a loop's next iteration begins anew.

use super::blank::stored;
use super::share::place_text;
use super::{inner_blocks, last_blocks};
use crate::ir::parts::exclusive::{self, Part};
use crate::ir::uses::{self, Use};
use crate::ir::{
    BinOp, Block, Class, Function, Kind, Op, Operand, Place, Proj, Stmt, Var, VarInfo,
};

/// Hands values on without memory in the reverse sweep.
pub fn hand_on(function: &mut Function) {
    let mut pass = PastMemory {
        primal: function.primal_vars,
        vars: std::mem::take(&mut function.vars),
        out: Vec::new(),
        known: Vec::new(),
    };
    pass.block(&mut function.body);
    function.vars = pass.vars;
}

struct PastMemory {
    primal: usize,
    vars: Vec<VarInfo>,
    /// The statements of this block so far; those that turned out to be superfluous are gone.
    out: Vec<Option<Stmt>>,
    /// What is known of memory at this point.
    known: Vec<Known>,
}

/// What the last write to a place left there.
struct Known {
    place: Place,
    text: String,
    content: Content,
    /// The statement that wrote it.
    at: usize,
    /// Whether anybody may have read it since.
    read: bool,
}

#[derive(Clone)]
enum Content {
    /// This value.
    Is(Operand),
    /// What was there before, and this value more or less.
    Plus { value: Operand, negate: bool },
}

impl PastMemory {
    fn block(&mut self, of: &mut Block) {
        let outer = (
            std::mem::take(&mut self.out),
            std::mem::take(&mut self.known),
        );
        for mut stmt in std::mem::take(&mut of.stmts) {
            inner_blocks(&mut stmt, &mut |inner| self.block(inner));
            self.read_past(&mut stmt);
            self.stmt(stmt);
        }
        last_blocks(&mut of.end, &mut |arm| self.block(arm));
        of.stmts = std::mem::take(&mut self.out)
            .into_iter()
            .flatten()
            .collect();
        (self.out, self.known) = outer;
    }

    fn stmt(&mut self, stmt: Stmt) {
        match stmt {
            Stmt::Store { place, value } if self.is_ours(&place, &value) => {
                self.write(place, value);
            }
            Stmt::Add {
                place,
                value,
                negate,
            } if self.is_cotangent(&place) && self.is_ours(&place, &value) => {
                self.add(place, value, negate);
            }
            Stmt::Let {
                var,
                op: Op::Take { shadow, primal },
            } if self.is_cotangent(&shadow) && self.vars[var.0].kind.is_float() => {
                self.take(var, shadow, primal);
            }
            other => {
                self.note(&other);
                self.out.push(Some(other));
            }
        }
    }

    /// Reads of the reverse sweep become the value that is known to be there.
    fn read_past(&self, stmt: &mut Stmt) {
        let ours = match stmt {
            Stmt::Let { var, op } => var.0 >= self.primal && !matches!(op, Op::Opaque(_)),
            // The primal's additions have places of the primal.
            Stmt::Add { place, .. } => place.root.0 >= self.primal,
            _ => false,
        };
        if !ours {
            return;
        }
        exclusive::of_stmt(stmt, &mut |part| {
            let Part::Operand(operand) = part else { return };
            let Operand::Place(place) = operand else {
                return;
            };
            if let Some(Content::Is(value)) = self.find(place).map(|known| &known.content) {
                *operand = value.clone();
            }
        });
    }

    fn add(&mut self, place: Place, value: Operand, negate: bool) {
        let blank = self.find(&place).filter(|known| known.is_zero());
        let Some(zero) = blank.map(|known| (known.at, known.read)) else {
            let content = Content::Plus {
                value: value.clone(),
                negate,
            };
            let add = Stmt::Add {
                place: place.clone(),
                value,
                negate,
            };
            return self.wrote(place, content, add);
        };
        self.forget_unread(zero);
        for stmt in stored(place, value, negate, &mut self.vars) {
            match stmt {
                Stmt::Store { place, value } => self.wrote_value(place, value),
                negated => self.out.push(Some(negated)),
            }
        }
    }

    /// `place = value`: what was written there before is gone.
    fn write(&mut self, place: Place, value: Operand) {
        let before = self.find(&place).map(|known| (known.at, known.read));
        if let Some(before) = before.filter(|_| self.is_cotangent(&place)) {
            self.forget_unread(before);
        }
        self.wrote_value(place, value);
    }

    fn take(&mut self, var: Var, shadow: Place, primal: Place) {
        let kind = self.vars[var.0].kind.clone();
        let zero = Operand::number(0.0, kind.clone());
        let known = self.find(&shadow);
        let (op, before) = match known.map(|k| (k.content.clone(), (k.at, k.read))) {
            Some((Content::Is(value), before)) => (Op::Use(value), before),
            Some((Content::Plus { value, negate }, before @ (_, false))) => {
                let sum = self.fresh(kind);
                let read = Op::Use(Operand::Place(shadow.clone()));
                self.out.push(Some(Stmt::Let { var: sum, op: read }));
                let op = if negate { BinOp::Sub } else { BinOp::Add };
                (Op::Binary(op, Operand::Var(sum), value), before)
            }
            _ => {
                let place = shadow.clone();
                let op = Op::Take { shadow, primal };
                return self.wrote(place, Content::Is(zero), Stmt::Let { var, op });
            }
        };
        self.forget_unread(before);
        self.out.push(Some(Stmt::Let { var, op }));
        self.wrote_value(shadow, zero);
    }

    fn wrote_value(&mut self, place: Place, value: Operand) {
        let content = Content::Is(value.clone());
        let store = Stmt::Store {
            place: place.clone(),
            value,
        };
        self.wrote(place, content, store);
    }

    fn wrote(&mut self, place: Place, content: Content, by: Stmt) {
        self.forget(&place);
        let text = place_text(&place);
        let at = self.out.len();
        self.out.push(Some(by));
        self.known.extend(text.map(|text| Known {
            place,
            text,
            content,
            at,
            read: false,
        }));
    }

    /// Nobody has read what the statement left in memory.
    fn forget_unread(&mut self, (at, read): (usize, bool)) {
        if read {
            return;
        }
        self.out[at] = match self.out[at].take() {
            Some(Stmt::Let {
                var,
                op: Op::Take { shadow, .. },
            }) => Some(Stmt::Let {
                var,
                op: Op::Use(Operand::Place(shadow)),
            }),
            _ => None,
        };
    }

    /// What any other statement reads and changes.
    fn note(&mut self, stmt: &Stmt) {
        let leaves = uses::blocks(stmt).into_iter().any(uses::has_break);
        self.known.iter_mut().for_each(|known| known.read |= leaves);
        uses::of_stmt(stmt, &mut |used| self.note_use(used));
        for inner in uses::blocks(stmt) {
            uses::of_block(inner, &mut |used| self.note_use(used));
        }
    }

    fn note_use(&mut self, used: Use<'_>) {
        let root = used.var();
        match used {
            Use::Place(place, _) if used.mutates() => self.forget(place),
            Use::Place(place, _) => {
                let opaque = self.is_opaque(root);
                let overlapping = |known: &&mut Known| known.place.may_overlap(place, opaque);
                let all = self.known.iter_mut().filter(overlapping);
                all.for_each(|known| known.read = true);
            }
            Use::Var(_) | Use::Captured(_) | Use::Handle(..) => {
                self.known.retain(|known| known.place.root != root);
            }
        }
    }

    /// Nothing is known of a place any more.
    fn forget(&mut self, place: &Place) {
        let opaque = self.is_opaque(place.root);
        self.known
            .retain(|known| !known.place.may_overlap(place, opaque));
    }

    fn find(&self, place: &Place) -> Option<&Known> {
        let of_root = |known: &&Known| known.place.root == place.root;
        let mut candidates = self.known.iter().filter(of_root).peekable();
        candidates.peek()?;
        let text = place_text(place)?;
        candidates.find(|known| known.text == text)
    }

    fn is_opaque(&self, root: Var) -> bool {
        self.vars[root.0].kind == Kind::Unknown
    }

    /// Whether a place in memory that nothing else names gets a float that has a name.
    fn is_ours(&self, place: &Place, value: &Operand) -> bool {
        let named = match value {
            Operand::Var(var) => {
                let info = &self.vars[var.0];
                info.class == Class::Value && info.kind.is_float()
            }
            Operand::Literal(literal) => literal.kind.is_float(),
            Operand::Place(_) => false,
        };
        let class = self.vars[place.root.0].class;
        let own = matches!(class, Class::Root | Class::RefMut) && is_plain(place);
        named && (own || self.is_cotangent(place))
    }

    fn is_cotangent(&self, place: &Place) -> bool {
        let class = self.vars[place.root.0].class;
        matches!(class, Class::Shadow | Class::Lent) && is_plain(place)
    }

    fn fresh(&mut self, kind: Kind) -> Var {
        self.vars.push(VarInfo::new("d", kind, Class::Value));
        Var(self.vars.len() - 1)
    }
}

/// Whether a place is there whatever the values: what is inside an option is there only sometimes.
fn is_plain(place: &Place) -> bool {
    let plain = |step: &Proj| matches!(step, Proj::Field(_) | Proj::Index(_) | Proj::Slice { .. });
    place.path.iter().all(plain)
}

impl Known {
    fn is_zero(&self) -> bool {
        matches!(&self.content, Content::Is(value) if value.is_number(0.0))
    }
}
