//! Products that a loop of the reverse sweep adds up to one number are added up in lanes before it.
//!
//! ```text
//! for i in 0..n {                               if 0 < n { d_x[j] += dot(&d[..n], &w[..n]); }
//!     d_x[j] += d[i] * w[i];              ⇒     for i in 0..n {
//!     d_w[i] += d[i] * x[j];                        d_w[i] += d[i] * x[j];
//! }                                             }
//! ```
//!
//! One sum in order is a chain: an addition waits for the one before, and keeps the rest of the loop from being done for
//! several elements at once. Rust may not reorder a sum of floats, we may where it is a cotangent's. A loop that is left
//! with nothing to do goes away.

mod at_once;
mod elements;

use super::{dead, inner_blocks, last_blocks};
use crate::ir::{
    BinOp, Block, Class, Float, Function, Kind, Loop, Op, Operand, Place, Proj, Stmt, Var, VarInfo,
};

pub use at_once::if_any;
pub use elements::{carried_term, elements, uncarry, Elements, Uncarried};

/// Splits such sums off.
pub fn of_products(function: &mut Function) {
    let mut pass = Lanes {
        primal: function.primal_vars,
        vars: std::mem::take(&mut function.vars),
        found: false,
    };
    pass.block(&mut function.body);
    function.vars = pass.vars;
    if pass.found {
        dead::remove(function);
    }
}

struct Lanes {
    primal: usize,
    vars: Vec<VarInfo>,
    found: bool,
}

/// Where a loop adds up.
#[derive(Clone, Copy)]
enum Sum {
    /// In that statement.
    Added(usize),
    /// In the value that it carries there.
    Carried(usize),
}

/// What is multiplied and added up: elements of two slices, and numbers that are the same for all.
struct Product {
    kind: Kind,
    elements: Vec<Place>,
    scales: Vec<Operand>,
}

impl Lanes {
    fn block(&mut self, of: &mut Block) {
        for mut stmt in std::mem::take(&mut of.stmts) {
            inner_blocks(&mut stmt, &mut |inner| self.block(inner));
            if let Stmt::Loop(l) = &mut stmt {
                while let Some(sum) = self.split_off(l) {
                    of.stmts.extend(sum);
                    self.found = true;
                }
            }
            of.stmts.push(stmt);
        }
        last_blocks(&mut of.end, &mut |arm| self.block(arm));
    }

    /// Takes one sum out of a loop: the statements that compute it at once.
    fn split_off(&mut self, l: &mut Loop) -> Option<[Stmt; 2]> {
        let elements = elements(l)?;
        let sums = (0..l.body.stmts.len()).map(Sum::Added);
        let carried = (0..l.carried.len()).map(Sum::Carried);
        let (sum, product) = sums.chain(carried).find_map(|sum| {
            let product = match sum {
                Sum::Added(at) => self.added(&elements, &l.body.stmts[at]),
                Sum::Carried(position) => self.carried(&elements, l, position),
            };
            Some((sum, product?))
        })?;
        let range = (elements.lo.clone(), elements.hi.clone());
        match sum {
            Sum::Added(at) => match l.body.stmts.remove(at) {
                Stmt::Add { place, negate, .. } => self.at_once(product, range, (place, negate)),
                _ => None,
            },
            Sum::Carried(position) => self.carried_at_once(product, range, l, position),
        }
    }

    /// What a statement adds, if it is products of elements, to one place that nothing else in the loop looks at.
    fn added(&self, elements: &Elements<'_>, stmt: &Stmt) -> Option<Product> {
        let Stmt::Add { place, value, .. } = stmt else {
            return None;
        };
        let class = self.vars[place.root.0].class;
        let is_cotangent = matches!(class, Class::Shadow | Class::Slot | Class::Lent);
        let once = elements.mentions(place.root) == 1 && elements.is_same_throughout(place);
        (is_cotangent && once).then(|| self.product(elements, value))?
    }

    /// What a loop adds to a value that it carries and does nothing else with.
    fn carried(&self, elements: &Elements<'_>, l: &Loop, position: usize) -> Option<Product> {
        let (_, term) = carried_term(elements, l, position)?;
        let ours = l.carried[position].var.0 >= self.primal;
        ours.then(|| self.product(elements, term))?
    }

    /// The factors of a float, if two of them are elements.
    fn product(&self, elements: &Elements<'_>, value: &Operand) -> Option<Product> {
        let mut product = Product {
            kind: self.kind_of(value),
            elements: Vec::new(),
            scales: Vec::new(),
        };
        let found = is_plain_float(&product.kind)
            && self.factor(elements, value, &mut product)
            && product.elements.len() == 2;
        found.then_some(product)
    }

    /// Whether a value is made of factors that are known.
    fn factor(&self, elements: &Elements<'_>, value: &Operand, product: &mut Product) -> bool {
        let Operand::Var(var) = value else {
            product.scales.push(value.clone());
            return matches!(value, Operand::Literal(_));
        };
        match elements.definition(*var) {
            None => {
                product.scales.push(value.clone());
                !elements.defined.contains(var)
            }
            Some(Op::Binary(BinOp::Mul, left, right)) => {
                self.factor(elements, left, product) && self.factor(elements, right, product)
            }
            Some(Op::Use(Operand::Place(place))) => {
                product.elements.push(place.clone());
                self.is_element(elements, place) && elements.is_as_before(*var, place)
            }
            Some(Op::Take { shadow, .. }) => {
                product.elements.push(shadow.clone());
                self.is_element(elements, shadow) && elements.is_as_before(*var, shadow)
            }
            _ => false,
        }
    }

    /// Whether a place is the element of this iteration in a sequence of floats.
    fn is_element(&self, elements: &Elements<'_>, place: &Place) -> bool {
        let Some((Proj::Index(at), path)) = place.path.split_last() else {
            return false;
        };
        let sequence = Place {
            root: place.root,
            path: path.to_vec(),
        };
        let ours = self.vars[place.root.0].class != Class::Slot;
        let kind = self.kind(&sequence);
        let floats = matches!(&kind, Kind::Slice(of) | Kind::Vec(of) | Kind::Array(of) if is_plain_float(of));
        let here = at.var() == Some(elements.index) && elements.is_same_throughout(&sequence);
        ours && floats && here
    }

    fn kind(&self, place: &Place) -> Kind {
        let root = self.vars[place.root.0].kind.clone();
        place.path.iter().fold(root, |kind, proj| kind.part(proj))
    }

    fn kind_of(&self, operand: &Operand) -> Kind {
        match operand {
            Operand::Var(var) => self.vars[var.0].kind.clone(),
            Operand::Place(place) => self.kind(place),
            Operand::Literal(literal) => literal.kind.clone(),
        }
    }

    fn fresh(&mut self, name: &str, kind: Kind) -> Var {
        self.vars.push(VarInfo::new(name, kind, Class::Value));
        Var(self.vars.len() - 1)
    }
}

fn is_plain_float(kind: &Kind) -> bool {
    matches!(kind, Kind::Float(Float::F64 | Float::F32 | Float::Open))
}
