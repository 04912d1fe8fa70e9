//! Variables, and the places that can be reached from them.

use super::Generator;
use crate::syntax::{Expr, Op, Pass, Place, Proj, Ty};

/// A variable in scope.
#[derive(Clone, Debug)]
pub struct Var {
    pub id: usize,
    pub name: String,
    pub ty: Ty,
    pub pass: Pass,
    pub mutable: bool,
    /// A float whose width only inference will tell: no methods on it.
    pub open: bool,
    /// What an integer is known to be below.
    pub below: Below,
    /// How many elements a slice or vector surely has.
    pub len: usize,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Below {
    Nothing,
    Number(usize),
    /// The length of that variable.
    Len(usize),
}

/// A loop around the statement at hand.
#[derive(Clone, Debug)]
pub struct Around {
    pub label: &'static str,
    pub labelled: bool,
    /// It breaks with a float.
    pub value: bool,
}

const FLOATS: &[&str] = &[
    "x", "y", "z", "u", "t", "h", "s", "d_x", "out", "d_out", "total",
];
const LISTS: &[&str] = &["a", "b", "c", "w", "v", "x", "d_a"];
const INTS: &[&str] = &["i", "j", "k", "m", "n"];

impl Generator {
    pub(super) fn var(&mut self, name: &str, ty: Ty, pass: Pass, mutable: bool) -> Var {
        self.counter += 1;
        Var {
            id: self.counter,
            name: name.to_string(),
            ty,
            pass,
            mutable,
            open: false,
            below: Below::Nothing,
            len: 1,
        }
    }

    /// A name for a variable of a type; shadowing is welcome, repetition in `taken` is not.
    pub(super) fn name(&mut self, ty: &Ty, taken: &[String]) -> String {
        let pool = match ty {
            Ty::Float => FLOATS,
            Ty::Int => INTS,
            _ => LISTS,
        };
        loop {
            let name = self.pick(pool).to_string();
            if !taken.contains(&name) {
                return name;
            }
            if self.one_in(8) {
                self.counter += 1;
                return format!("{name}{}", self.counter);
            }
        }
    }

    /// What can be seen: the last variable of each name, unless it may not be mentioned.
    pub(super) fn visible(&self) -> Vec<Var> {
        let mut seen: Vec<&str> = Vec::new();
        let mut visible = Vec::new();
        for var in self.scope.iter().rev() {
            if seen.contains(&var.name.as_str()) {
                continue;
            }
            seen.push(&var.name);
            if !self.hidden.contains(&var.id) {
                visible.push(var.clone());
            }
        }
        visible
    }

    pub(super) fn writable(&self) -> Vec<Var> {
        let mut vars = self.visible();
        vars.retain(|var| match var.pass {
            _ if self.frozen.contains(&var.id) => false,
            Pass::Value => var.mutable,
            Pass::Ref => false,
            Pass::RefMut => true,
        });
        vars
    }

    fn carries(&self, ty: &Ty) -> bool {
        match ty {
            Ty::Float => true,
            Ty::Array(item, _) | Ty::Slice(item) | Ty::Vec(item) => self.carries(item),
            Ty::Struct(_) => true,
            Ty::Tuple(parts) => parts.iter().any(|part| self.carries(part)),
            _ => false,
        }
    }

    /// A float that can be read, and whether its width is open.
    pub(super) fn readable_float(&mut self) -> Option<(Place, bool)> {
        let vars = self.visible();
        self.float_of(vars, false)
    }

    /// A float that can be written.
    pub(super) fn writable_float(&mut self) -> Option<(Place, bool)> {
        let vars = self.writable();
        self.float_of(vars, true)
    }

    /// A place inside of a variable that is written: an index of a vector may not mention the vector.
    fn place_to_write(&mut self, var: &Var, writing: bool) -> Place {
        let hide = writing && matches!(var.ty, Ty::Vec(_));
        if hide {
            self.hidden.push(var.id);
        }
        let place = self.place(var);
        if hide {
            self.hidden.pop();
        }
        place
    }

    fn float_of(&mut self, mut vars: Vec<Var>, writing: bool) -> Option<(Place, bool)> {
        vars.retain(|var| self.carries(&var.ty));
        if vars.is_empty() {
            return None;
        }
        // Recent variables are likelier, so that values are used.
        let first = self.rng.usize(..vars.len());
        let index = self.rng.usize(..=first);
        let var = vars.swap_remove(index);
        let open = var.open;
        Some((self.place_to_write(&var, writing), open))
    }

    /// A float inside of a variable.
    pub(super) fn place(&mut self, var: &Var) -> Place {
        let mut place = root(var);
        let mut ty = var.ty.clone();
        loop {
            let proj = match &ty {
                Ty::Array(_, len) => Proj::Index(self.index(*len)),
                Ty::Slice(_) | Ty::Vec(_) => Proj::Index(self.dynamic_index(var, &place)),
                Ty::Struct(_) | Ty::Tuple(_) => self.field(&ty),
                _ => return place,
            };
            ty = self.inside(&ty, &proj);
            place.path.push(proj);
        }
    }

    /// The type behind a projection.
    pub(super) fn inside(&self, ty: &Ty, proj: &Proj) -> Ty {
        match (ty, proj) {
            (Ty::Array(item, _) | Ty::Slice(item) | Ty::Vec(item), _) => (**item).clone(),
            (Ty::Struct(index), Proj::Field(field, _)) => {
                self.program.structs[*index].fields[*field].1.clone()
            }
            (Ty::Tuple(parts), Proj::Field(field, _)) => parts[*field].clone(),
            other => panic!("no such projection: {other:?}"),
        }
    }

    fn field(&mut self, ty: &Ty) -> Proj {
        let fields: Vec<(String, Ty)> = match ty {
            Ty::Struct(index) => self.program.structs[*index].fields.clone(),
            Ty::Tuple(parts) => {
                let numbered = parts.iter().enumerate();
                numbered
                    .map(|(index, ty)| (index.to_string(), ty.clone()))
                    .collect()
            }
            other => panic!("no fields: {other:?}"),
        };
        let floats: Vec<usize> = (0..fields.len())
            .filter(|index| self.carries(&fields[*index].1))
            .collect();
        let field = self.pick(&floats);
        Proj::Field(field, fields[field].0.clone())
    }

    /// An index below a number.
    pub(super) fn index(&mut self, len: usize) -> Expr {
        let known: Vec<Var> = self
            .visible()
            .into_iter()
            .filter(|var| matches!(var.below, Below::Number(below) if below <= len))
            .collect();
        if !known.is_empty() && !self.one_in(3) {
            let var = self.pick(&known);
            return Expr::Place(root(&var));
        }
        if self.rng.bool() || known.is_empty() && self.one_in(3) {
            return Expr::Int(self.rng.usize(..len));
        }
        let int = self.int(1);
        Expr::Bin(Op::Rem, Box::new(int), Box::new(Expr::Int(len)))
    }

    fn dynamic_index(&mut self, var: &Var, place: &Place) -> Expr {
        let known: Vec<Var> = self
            .visible()
            .into_iter()
            .filter(|int| int.below == Below::Len(var.id))
            .collect();
        if !known.is_empty() && !self.one_in(3) {
            let var = self.pick(&known);
            return Expr::Place(root(&var));
        }
        if self.rng.bool() || self.hidden.contains(&var.id) || !place.path.is_empty() {
            return Expr::Int(self.rng.usize(..var.len));
        }
        let int = self.int(1);
        Expr::Bin(Op::Rem, Box::new(int), Box::new(Expr::Len(place.clone())))
    }

    /// Lists of floats that can be seen: with their place and, if known, length.
    pub(super) fn lists(&self, vars: Vec<Var>) -> Vec<(Var, Place, Ty)> {
        let mut found = Vec::new();
        for var in vars {
            let mut place = root(&var);
            place.deref = false;
            match var.ty.clone() {
                Ty::Struct(index) => {
                    let fields = self.program.structs[index].fields.iter().enumerate();
                    for (number, (name, ty)) in fields {
                        let mut place = place.clone();
                        place.path.push(Proj::Field(number, name.clone()));
                        found.push((var.clone(), place, ty.clone()));
                    }
                }
                ty => found.push((var, place, ty)),
            }
        }
        found.retain(|(_, _, ty)| list_of_floats(ty));
        found
    }
}

/// Whether it is a row of floats.
pub(super) fn list_of_floats(ty: &Ty) -> bool {
    match ty {
        Ty::Array(item, _) | Ty::Slice(item) | Ty::Vec(item) => **item == Ty::Float,
        _ => false,
    }
}

/// The place that a variable is: `*x` for a reference to a scalar.
pub(super) fn root(var: &Var) -> Place {
    Place {
        deref: var.pass != Pass::Value && matches!(var.ty, Ty::Float | Ty::Int),
        root: var.name.clone(),
        path: Vec::new(),
    }
}
