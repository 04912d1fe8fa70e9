//! Where paths meet again: the values that blocks hand over, and exits out of the middle of things.
//!
//! Blocks that end in different ways (some fall through, some `return`, `break` or `continue`) hand over a code and
//! the values of every way out, with dummies for the ways not taken; a tail switch on the code goes on from there.

use proc_macro2::Ident;
use quote::quote;
use syn::{ExprReturn, Type};

use super::builder::{Draft, Exit, Region, Tail, Target};
use super::known::literal;
use super::scope::Term;
use super::Lowering;
use crate::ir::{
    Class, Ctor, Kind, Literal, Op, Operand, Place, Proj, Selector, Stmt, Var, Wrapper,
};

/// A value that is handed over.
#[derive(Clone, Debug, Default)]
pub struct Column {
    pub kind: Option<Kind>,
    pub name: Option<Ident>,
    pub ty: Option<Type>,
    pub mutable: bool,
}

impl Column {
    /// Learns from one of the operands that it is handed over as.
    pub fn join(&mut self, kind: Kind) {
        self.kind = Some(match self.kind.take() {
            Some(known) => known.join(&kind),
            None => kind,
        });
    }
}

/// One way out, with the columns of its values.
#[derive(Clone, Debug)]
pub struct Way {
    pub target: Target,
    pub columns: Vec<Column>,
}

/// The variables that receive what is handed over: a code if there are several ways, and the columns of each.
#[derive(Debug)]
pub struct Joins {
    ways: Vec<(Target, Vec<(Var, bool)>)>,
    code: Option<Var>,
}

impl Joins {
    /// All variables, in order.
    pub fn vars(&self) -> Vec<Var> {
        let columns = self
            .ways
            .iter()
            .flat_map(|(_, columns)| columns.iter().map(|(var, _)| *var));
        self.code.into_iter().chain(columns).collect()
    }

    /// Where the first way leads.
    pub fn leads_to(&self) -> Option<Target> {
        self.ways.first().map(|(target, _)| *target)
    }

    /// The variable that says which way was taken.
    pub fn code(&self) -> Option<Var> {
        self.code
    }

    /// What column `index` of the first way stands for afterwards.
    pub fn term(&self, index: usize) -> Option<Place> {
        let (_, columns) = self.ways.first()?;
        let (root, wrapped) = *columns.get(index)?;
        let path = if wrapped {
            vec![Proj::Payload(Wrapper::Some)]
        } else {
            Vec::new()
        };
        Some(Place { root, path })
    }
}

impl Lowering<'_> {
    /// The ways out of some drafts, beside those to `own`.
    pub(super) fn ways_out<'d>(
        &self,
        drafts: impl Iterator<Item = &'d Draft>,
        own: &[Target],
    ) -> Vec<Way> {
        let mut ways: Vec<Way> = Vec::new();
        for draft in drafts {
            draft.exits(&mut |exit| {
                if own.contains(&exit.target) {
                    return;
                }
                let found = ways.iter().position(|way| way.target == exit.target);
                let at = found.unwrap_or_else(|| {
                    let columns = vec![Column::default(); exit.values.len()];
                    ways.push(Way {
                        target: exit.target,
                        columns,
                    });
                    ways.len() - 1
                });
                for (column, value) in ways[at].columns.iter_mut().zip(&exit.values) {
                    column.join(self.kind_of_operand(value));
                }
            });
        }
        ways
    }

    /// Makes the variables for some ways, the one that goes on first.
    pub(super) fn joins(&mut self, ways: Vec<Way>) -> Joins {
        let several = ways.len() > 1;
        let code = several.then(|| self.fresh("exit", Kind::Inert, Class::Value));
        let ways = ways
            .into_iter()
            .map(|way| {
                let vars = way
                    .columns
                    .into_iter()
                    .map(|column| self.column(column, several))
                    .collect();
                (way.target, vars)
            })
            .collect();
        Joins { ways, code }
    }

    pub(super) fn column(&mut self, column: Column, several: bool) -> (Var, bool) {
        let kind = column.kind.unwrap_or(Kind::Unknown);
        let scalar = kind.is_scalar();
        let wrapped = several && !scalar;
        let class = if scalar { Class::Value } else { Class::Root };
        let kind = if wrapped {
            Kind::Option(Box::new(kind))
        } else {
            kind
        };
        let var = match column.name {
            Some(name) => self.named(name, kind, class),
            None => self.fresh("t", kind, class),
        };
        if !wrapped {
            self.vars[var.0].ty = column.ty;
        }
        self.traits[var.0].mutable = column.mutable;
        (var, wrapped)
    }

    /// The operands that one exit hands over to all columns.
    pub(super) fn row(&mut self, joins: &Joins, exit: Exit, stmts: &mut Vec<Stmt>) -> Vec<Operand> {
        let mut row = Vec::new();
        let way = joins
            .ways
            .iter()
            .position(|(target, _)| *target == exit.target)
            .unwrap_or(0);
        if joins.code.is_some() {
            row.push(code_literal(way));
        }
        let mut values = exit.values.into_iter();
        for (index, (_, columns)) in joins.ways.iter().enumerate() {
            for (var, wrapped) in columns {
                let value = if index == way { values.next() } else { None };
                row.push(self.cell(*var, *wrapped, value, stmts));
            }
        }
        row
    }

    pub(super) fn cell(
        &mut self,
        var: Var,
        wrapped: bool,
        value: Option<Operand>,
        stmts: &mut Vec<Stmt>,
    ) -> Operand {
        let kind = self.info(var).kind.clone();
        let op = match (value, wrapped) {
            (Some(value), true) => Op::Aggregate(Ctor::Wrap(Wrapper::Some), vec![value]),
            (None, true) => return literal(&quote!(::core::option::Option::None), kind, None),
            (Some(Operand::Place(place)), false) if kind.is_scalar() => {
                Op::Use(Operand::Place(place))
            }
            (Some(value), false) => return value,
            (None, false) => return dummy(kind),
        };
        let class = if kind.is_scalar() {
            Class::Value
        } else {
            Class::Root
        };
        let var = self.fresh("t", kind, class);
        stmts.push(Stmt::Let { var, op });
        match class {
            Class::Value => Operand::Var(var),
            _ => Operand::Place(Place {
                root: var,
                path: Vec::new(),
            }),
        }
    }

    /// Goes on with the first way; the others leave.
    pub(super) fn dispatch(&mut self, joins: &Joins) {
        let Some(code) = joins.code else { return };
        let others = self.leaving(joins, 1);
        self.builder.descend(
            Selector::Index(Operand::Var(code)),
            others,
            0,
            Region::default(),
        );
    }

    /// Jumps by all ways from the `first` on.
    pub(super) fn leaving(&self, joins: &Joins, first: usize) -> Vec<Draft> {
        let ways = joins.ways.iter().skip(first);
        ways.map(|(target, columns)| {
            let values =
                columns
                    .iter()
                    .map(|(var, wrapped)| match (self.info(*var).class, wrapped) {
                        (Class::Value, _) => Operand::Var(*var),
                        (_, true) => Operand::Place(Place {
                            root: *var,
                            path: vec![Proj::Payload(Wrapper::Some)],
                        }),
                        (_, false) => Operand::Place(Place {
                            root: *var,
                            path: Vec::new(),
                        }),
                    });
            let exit = Exit {
                target: *target,
                values: values.collect(),
            };
            Draft {
                stmts: Vec::new(),
                tail: Tail::Exit(exit),
            }
        })
        .collect()
    }

    /// What a column of the first way stands for.
    pub(super) fn term_of_column(&self, joins: &Joins, index: usize) -> Option<Term> {
        let place = joins.term(index)?;
        Some(match self.info(place.root).class {
            Class::Value => Term::Value(Operand::Var(place.root)),
            _ if place.path.is_empty() => Term::Fresh(place),
            _ => Term::Place(place),
        })
    }

    /// `return e`
    pub(super) fn return_expression(&mut self, ret: &ExprReturn) -> Option<Term> {
        let want = self.result.clone().unwrap_or(Kind::Inert);
        let term = match &ret.expr {
            Some(expr) => self.term(expr, &want)?,
            None => self.unit(),
        };
        self.return_term(term);
        None
    }
}

fn code_literal(code: usize) -> Operand {
    let tokens = proc_macro2::Literal::u32_suffixed(code as u32);
    literal(&tokens, Kind::Inert, Some(code as f64))
}

/// A value nobody will read.
fn dummy(kind: Kind) -> Operand {
    match kind {
        Kind::Float(_) => Operand::Literal(Literal::number(0.0, kind)),
        kind => literal(&quote!(::core::default::Default::default()), kind, None),
    }
}
