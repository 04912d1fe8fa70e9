//! What runs of a program are compared by: rows of floats, and the trait that reads and writes them.

use crate::syntax::{Param, Pass, Program, Ty};

/// Stands for a missing value in a row.
pub const MISSING: f64 = 1e300;

/// How many floats a value of a type has; slices are `len` long.
pub fn count(program: &Program, ty: &Ty, len: usize) -> usize {
    match ty {
        Ty::Float => 1,
        Ty::Array(item, len) => len * count(program, item, 0),
        Ty::Slice(item) | Ty::Vec(item) => len * count(program, item, 0),
        Ty::Struct(index) => {
            let fields = program.structs[*index].fields.iter();
            fields.map(|(_, ty)| count(program, ty, 0)).sum()
        }
        Ty::Tuple(parts) => parts.iter().map(|ty| count(program, ty, 0)).sum(),
        Ty::Option(inner) | Ty::Result(inner) => count(program, inner, 0),
        Ty::Unit | Ty::Int => 0,
    }
}

/// How many floats and integers go into the entry.
pub fn inputs(program: &Program) -> (usize, usize) {
    let params = &program.entry().params;
    let floats = params
        .iter()
        .map(|param| count(program, &param.ty, param.len))
        .sum();
    (
        floats,
        params.iter().filter(|param| param.ty == Ty::Int).count(),
    )
}

/// Whether a parameter's contents come back.
pub fn in_out(param: &Param) -> bool {
    param.pass == Pass::RefMut
}

/// One call of a sibling.
#[derive(Clone, Debug)]
pub struct Check {
    pub what: &'static str,
    /// The cotangents of all outputs, in order.
    pub weights: Vec<f64>,
    /// All outputs, in order.
    pub values: Vec<f64>,
    /// Per input float the derivative, if it was asked for.
    pub gradient: Vec<Option<f64>>,
}

/// What a program and its siblings returned at a point.
#[derive(Clone, Debug, Default)]
pub struct Run {
    pub plain: Vec<f64>,
    pub checks: Vec<Check>,
}

/// Hands out floats.
pub struct Reader<'a> {
    floats: &'a [f64],
    at: usize,
}

impl<'a> Reader<'a> {
    /// From the start; after the last comes the first again.
    pub fn new(floats: &'a [f64]) -> Self {
        Reader { floats, at: 0 }
    }

    /// The next float.
    pub fn float(&mut self) -> f64 {
        let next = self.floats[self.at % self.floats.len()];
        self.at += 1;
        next
    }

    /// The next value.
    pub fn read<T: Flat>(&mut self) -> T {
        T::read(self)
    }

    /// The next values.
    pub fn list<T: Flat>(&mut self, len: usize) -> Vec<T> {
        (0..len).map(|_| T::read(self)).collect()
    }
}

/// A value as floats in a row.
pub trait Flat {
    fn read(from: &mut Reader<'_>) -> Self;
    fn write(&self, out: &mut Vec<f64>);
}

/// The floats of a value.
pub fn flat(value: &impl Flat) -> Vec<f64> {
    let mut out = Vec::new();
    value.write(&mut out);
    out
}

impl Flat for f64 {
    fn read(from: &mut Reader<'_>) -> Self {
        from.float()
    }
    fn write(&self, out: &mut Vec<f64>) {
        out.push(*self);
    }
}

/// Single precision, as far as it goes.
impl Flat for f32 {
    fn read(from: &mut Reader<'_>) -> Self {
        from.float() as f32
    }
    fn write(&self, out: &mut Vec<f64>) {
        out.push(f64::from(*self));
    }
}

impl Flat for () {
    fn read(_: &mut Reader<'_>) -> Self {}
    fn write(&self, _: &mut Vec<f64>) {}
}

/// An integer field is always 2.
impl Flat for usize {
    fn read(_: &mut Reader<'_>) -> Self {
        2
    }
    fn write(&self, _: &mut Vec<f64>) {}
}

impl<T: Flat, const N: usize> Flat for [T; N] {
    fn read(from: &mut Reader<'_>) -> Self {
        std::array::from_fn(|_| T::read(from))
    }
    fn write(&self, out: &mut Vec<f64>) {
        self.iter().for_each(|part| part.write(out));
    }
}

impl<T: Flat> Flat for Vec<T> {
    fn read(_: &mut Reader<'_>) -> Self {
        panic!("how long?")
    }
    fn write(&self, out: &mut Vec<f64>) {
        self.iter().for_each(|part| part.write(out));
    }
}

impl<A: Flat, B: Flat> Flat for (A, B) {
    fn read(from: &mut Reader<'_>) -> Self {
        (A::read(from), B::read(from))
    }
    fn write(&self, out: &mut Vec<f64>) {
        self.0.write(out);
        self.1.write(out);
    }
}

impl<T: Flat> Flat for Option<T> {
    fn read(from: &mut Reader<'_>) -> Self {
        Some(T::read(from))
    }
    fn write(&self, out: &mut Vec<f64>) {
        match self {
            Some(value) => value.write(out),
            None => out.push(MISSING),
        }
    }
}

impl<T: Flat, E> Flat for Result<T, E> {
    fn read(from: &mut Reader<'_>) -> Self {
        Ok(T::read(from))
    }
    fn write(&self, out: &mut Vec<f64>) {
        match self {
            Ok(value) => value.write(out),
            Err(_) => out.push(MISSING),
        }
    }
}
