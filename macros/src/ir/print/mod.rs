//! The IR as text, for snapshots and for reading.
//!
//! ```text
//! fn(x: f64, a: &[f64]) -> f64 {
//!     let t: f64 = a[0]
//!     let y: f64 = t * sin(x)
//!     yield y
//! }
//! ```

#![cfg_attr(
    not(test),
    allow(dead_code, reason = "for snapshots, and for whoever debugs")
)]

mod operation;

use std::collections::HashMap;

use super::{Block, Class, End, Float, Function, Head, Kind, Loop, Operand, Selector, Stmt, Var};
pub use operation::{comparison, symbol};

/// A function as text.
pub fn function(function: &Function) -> String {
    let mut printer = Printer {
        names: names(function),
        function,
        out: String::new(),
        depth: 1,
    };
    let params: Vec<String> = function
        .params
        .iter()
        .map(|param| printer.parameter(param))
        .collect();
    let result = function
        .result
        .as_ref()
        .map(|kind| format!(" -> {}", self::kind(kind)));
    printer.block(&function.body);
    format!(
        "fn({}){} {{\n{}}}\n",
        params.join(", "),
        result.unwrap_or_default(),
        printer.out
    )
}

/// A kind as text.
pub fn kind(of: &Kind) -> String {
    match of {
        Kind::Float(Float::Open) => "float".to_string(),
        Kind::Float(Float::F32) => "f32".to_string(),
        Kind::Float(Float::F64) => "f64".to_string(),
        Kind::Float(Float::Generic(name)) => name.to_string(),
        Kind::Inert => "inert".to_string(),
        Kind::Array(item) => format!("[{}; _]", kind(item)),
        Kind::Slice(item) => format!("[{}]", kind(item)),
        Kind::Vec(item) => format!("Vec<{}>", kind(item)),
        Kind::Tuple(items) => format!(
            "({})",
            items.iter().map(kind).collect::<Vec<_>>().join(", ")
        ),
        Kind::Option(item) => format!("Option<{}>", kind(item)),
        Kind::Result(item) => format!("Result<{}>", kind(item)),
        Kind::Function => "fn".to_string(),
        Kind::Unknown => "?".to_string(),
    }
}

/// Names by variable: the hint, made unique by a number where it repeats.
fn names(function: &Function) -> Vec<String> {
    let mut seen: HashMap<String, usize> = HashMap::new();
    let mut unique = |hint: String| {
        let count = seen.entry(hint.clone()).or_default();
        *count += 1;
        match *count {
            1 => hint,
            n => format!("{hint}#{n}"),
        }
    };
    function
        .vars
        .iter()
        .map(|var| unique(var.name.to_string()))
        .collect()
}

struct Printer<'f> {
    names: Vec<String>,
    function: &'f Function,
    out: String,
    depth: usize,
}

impl Printer<'_> {
    fn line(&mut self, text: &str) {
        self.out.push_str(&"    ".repeat(self.depth));
        self.out.push_str(text);
        self.out.push('\n');
    }

    fn name(&self, var: Var) -> String {
        self.names
            .get(var.0)
            .cloned()
            .unwrap_or_else(|| format!("v{}?", var.0))
    }

    fn list(&self, vars: &[Var]) -> String {
        vars.iter()
            .map(|&var| self.name(var))
            .collect::<Vec<_>>()
            .join(", ")
    }

    fn operands(&self, operands: &[Operand]) -> String {
        operands
            .iter()
            .map(|operand| self.operand(operand))
            .collect::<Vec<_>>()
            .join(", ")
    }

    /// `root a: [f64; _]`
    fn declaration(&self, var: Var) -> String {
        let Some(info) = self.function.vars.get(var.0) else {
            return self.name(var);
        };
        let class = match info.class {
            Class::Value => "",
            Class::Root => "root ",
            Class::Ref => "ref ",
            Class::RefMut => "ref mut ",
            Class::Shadow => "shadow ",
            Class::Slot => "slot ",
            Class::Lent => "lent ",
            Class::Fresh => return format!("fresh {}", self.name(var)),
            Class::Record => return format!("record {}", self.name(var)),
            Class::Store => return format!("store {}", self.name(var)),
        };
        format!("{class}{}: {}", self.name(var), kind(&info.kind))
    }

    fn parameter(&self, param: &super::Param) -> String {
        let constant = if param.active { "" } else { "constant " };
        format!("{constant}{}", self.declaration(param.var))
    }

    fn block(&mut self, block: &Block) {
        for stmt in &block.stmts {
            self.stmt(stmt);
        }
        match &block.end {
            End::Yield(operands) if operands.is_empty() => {}
            End::Yield(operands) => self.line(&format!("yield {}", self.operands(operands))),
            End::Break(operands) => {
                self.line(format!("break {}", self.operands(operands)).trim_end())
            }
            End::Never(op) => self.line(&format!("never {}", self.op(op))),
            End::Switch { on, arms } => self.switch("then ", on, arms),
        }
    }

    fn inner(&mut self, block: &Block) {
        self.depth += 1;
        self.block(block);
        self.depth -= 1;
    }

    fn stmt(&mut self, stmt: &Stmt) {
        match stmt {
            Stmt::Let { var, op } => {
                self.line(&format!("let {} = {}", self.declaration(*var), self.op(op)))
            }
            Stmt::Switch { on, arms, joins } => {
                let joins = self.binding(joins);
                self.switch(&joins, on, arms);
            }
            Stmt::Loop(the_loop) => self.the_loop(the_loop),
            Stmt::Replay {
                record,
                arms,
                joins,
            } => {
                self.line(&format!(
                    "{}replay {} {{",
                    self.binding(joins),
                    self.name(*record)
                ));
                for (vars, block) in arms {
                    self.line(&format!("({}) =>", self.list(vars)));
                    self.inner(block);
                }
                self.line("}");
            }
            other => {
                let text = self.simple(other);
                self.line(&text);
            }
        }
    }

    /// A statement without blocks, on one line.
    fn simple(&self, stmt: &Stmt) -> String {
        match stmt {
            Stmt::Store { place, value } => {
                format!("{} = {}", self.place(place), self.operand(value))
            }
            Stmt::Add {
                place,
                value,
                negate,
            } => {
                format!(
                    "{} {}= {}",
                    self.place(place),
                    if *negate { "-" } else { "+" },
                    self.operand(value)
                )
            }
            Stmt::Compound {
                place, op, value, ..
            } => {
                format!(
                    "{} ?{}= {}",
                    self.place(place),
                    symbol(*op),
                    self.operand(value)
                )
            }
            Stmt::AccumulateEach { place, values } => {
                format!("{} += each {}", self.place(place), self.place(values))
            }
            Stmt::Unpop { place, item } => {
                format!("unpop {} {}", self.place(place), self.place(item))
            }
            Stmt::Accumulate { place, value } => {
                format!("accumulate {} += {}", self.place(place), self.place(value))
            }
            Stmt::Push { store, values } => {
                format!("push {} ({})", self.name(*store), self.list(values))
            }
            Stmt::Unpack { record, vars } => {
                format!("let ({}) = unpack {}", self.list(vars), self.name(*record))
            }
            Stmt::Vjp(vjp) => self.vjp(vjp),
            Stmt::Do(op) => format!("do {}", self.op(op)),
            Stmt::Let { .. } | Stmt::Switch { .. } | Stmt::Loop(_) | Stmt::Replay { .. } => {
                String::new()
            }
        }
    }

    fn binding(&self, vars: &[Var]) -> String {
        if vars.is_empty() {
            return String::new();
        }
        let vars: Vec<String> = vars.iter().map(|&var| self.declaration(var)).collect();
        format!("let {} = ", vars.join(", "))
    }

    fn switch(&mut self, before: &str, on: &Selector, arms: &[Block]) {
        match on {
            Selector::Bool(condition) => {
                self.line(&format!("{before}if {} {{", self.operand(condition)))
            }
            Selector::Index(index) => {
                self.line(&format!("{before}match {} {{", self.operand(index)))
            }
        }
        for (position, arm) in arms.iter().enumerate() {
            match on {
                Selector::Bool(_) if position == 0 => {}
                Selector::Bool(_) => self.line("} else {"),
                Selector::Index(_) => self.line(&format!("{position} =>")),
            }
            self.inner(arm);
        }
        self.line("}");
    }

    fn the_loop(&mut self, the_loop: &Loop) {
        let head = match &the_loop.head {
            Head::Forever => "loop".to_string(),
            Head::Chunks {
                index,
                chunk,
                of,
                size,
                backwards,
            } => format!(
                "for {}, {} in chunks of {} of {}{}",
                self.name(*index),
                self.name(*chunk),
                self.operand(size),
                self.place(of),
                if *backwards { " backwards" } else { "" }
            ),
            Head::Refill {
                index,
                along,
                vector,
                length,
            } => {
                let along = along.iter();
                let along: String = along
                    .map(|(item, of)| format!(", {} along {}", self.name(*item), self.place(of)))
                    .collect();
                format!(
                    "refill {} of {}[..{}]{along}",
                    self.name(*index),
                    self.place(vector),
                    self.operand(length)
                )
            }
            Head::Records { store, vars, above } => {
                let above = above.as_ref().map(|mark| self.operand(mark));
                let above = above.map_or_else(String::new, |mark| format!(" above {mark}"));
                format!(
                    "records ({}) of {}{above}",
                    self.list(vars),
                    self.name(*store)
                )
            }
            Head::Counted {
                index,
                start,
                end,
                inclusive,
                step,
                reverse,
                backwards,
            } => format!(
                "for {} in {}{}{}{}{}{}",
                self.name(*index),
                self.operand(start),
                if *inclusive { "..=" } else { ".." },
                self.operand(end),
                step.as_ref()
                    .map(|step| format!(" step {}", self.operand(step)))
                    .unwrap_or_default(),
                if *reverse { " reversed" } else { "" },
                if *backwards { " backwards" } else { "" },
            ),
        };
        let carried: Vec<String> = (the_loop.carried.iter())
            .map(|carried| {
                format!(
                    "{} = {}",
                    self.declaration(carried.var),
                    self.operand(&carried.init)
                )
            })
            .collect();
        let carried = if carried.is_empty() {
            String::new()
        } else {
            format!(" with {}", carried.join(", "))
        };
        self.line(&format!(
            "{}{head}{carried} {{",
            self.binding(&the_loop.results)
        ));
        self.inner(&the_loop.body);
        let exhausted = self.operands(&the_loop.exhausted);
        self.line(&if exhausted.is_empty() {
            "}".to_string()
        } else {
            format!("}} exhausted {exhausted}")
        });
    }
}
