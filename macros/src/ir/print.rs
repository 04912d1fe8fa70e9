//! The IR as text, for snapshots and for reading.
//!
//! ```text
//! fn(x: f64, a: &[f64]) -> f64 {
//!     let t: f64 = a[0]
//!     let y: f64 = t * sin(x)
//!     yield y
//! }
//! ```

use std::collections::HashMap;

use quote::ToTokens;
use syn::Member;

use super::{
    Arg, BinOp, Block, By, Call, Callee, Capacity, Class, Cmp, Ctor, End, Float, Function, Head,
    Kind, Loop, Op, Opaque, Operand, Place, Proj, Selector, SlotArg, Stmt, Var, Vjp, VjpOf,
    Wrapper,
};

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
            Stmt::Compound { place, op, value } => {
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
            Head::Records { store, vars } => {
                format!("records ({}) of {}", self.list(vars), self.name(*store))
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

    fn operand(&self, operand: &Operand) -> String {
        match operand {
            Operand::Var(var) => self.name(*var),
            Operand::Place(place) => self.place(place),
            Operand::Literal(literal) => literal.tokens.to_string(),
        }
    }

    fn place(&self, place: &Place) -> String {
        let mut text = self.name(place.root);
        for projection in &place.path {
            match projection {
                Proj::Field(Member::Named(name)) => text.push_str(&format!(".{name}")),
                Proj::Field(Member::Unnamed(index)) => text.push_str(&format!(".{}", index.index)),
                Proj::Index(index) => text.push_str(&format!("[{}]", self.operand(index))),
                Proj::Slice { lo, hi } => {
                    let bound = |operand: &Option<Operand>| {
                        operand.as_ref().map(|operand| self.operand(operand))
                    };
                    text.push_str(&format!(
                        "[{}..{}]",
                        bound(lo).unwrap_or_default(),
                        bound(hi).unwrap_or_default()
                    ));
                }
                Proj::Deref => text = format!("(*{text})"),
                Proj::Payload(wrapper) => text.push_str(&format!("!{}", wrapper_name(*wrapper))),
            }
        }
        text
    }

    fn op(&self, op: &Op) -> String {
        match op {
            Op::Use(operand) => self.operand(operand),
            Op::Neg(operand) => format!("-{}", self.operand(operand)),
            Op::Binary(op, left, right) => {
                format!(
                    "{} {} {}",
                    self.operand(left),
                    symbol(*op),
                    self.operand(right)
                )
            }
            Op::Math { rule, args, .. } => format!("{}({})", rule.name, self.operands(args)),
            Op::UnknownMath { name, args } => format!("?{name}({})", self.operands(args)),
            Op::Cast(operand, ty) => {
                format!("{} as {}", self.operand(operand), ty.to_token_stream())
            }
            Op::Call(call) => self.call(call),
            Op::Aggregate(ctor, parts) => self.aggregate(ctor, parts),
            Op::Pop(place) => format!("pop {}", self.place(place)),
            Op::TakeLast(place) => format!("take last {}", self.place(place)),
            Op::Push(place, value) => format!("push {} {}", self.place(place), self.operand(value)),
            Op::Opaque(opaque) => self.opaque(opaque),
            other => self.adjoint_op(other),
        }
    }

    fn adjoint_op(&self, op: &Op) -> String {
        match op {
            Op::Zero(place) => format!("zero {}", self.place(place)),
            Op::Replace(place, value) => {
                format!("replace {} with {}", self.place(place), self.operand(value))
            }
            Op::Take { shadow, primal } => {
                format!("take {} like {}", self.place(shadow), self.place(primal))
            }
            Op::Keep(place) => format!("keep {}", self.place(place)),
            Op::Sum(place) => format!("sum {}", self.place(place)),
            Op::FromInt(n) => format!("float {}", self.operand(n)),
            Op::Unwrap { shadow, primal } => {
                format!(
                    "unwrap {} like {}",
                    self.place(shadow),
                    self.operand(primal)
                )
            }
            Op::Compare(cmp, left, right) => {
                format!(
                    "{} {} {}",
                    self.operand(left),
                    comparison(*cmp),
                    self.operand(right)
                )
            }
            Op::Select {
                cond,
                then,
                otherwise,
            } => format!(
                "select {} ? {} : {}",
                self.operand(cond),
                self.operand(then),
                self.operand(otherwise)
            ),
            Op::Open { slot, primal } => {
                format!("open {} like {}", self.name(*slot), self.name(*primal))
            }
            Op::Fresh => "fresh".to_string(),
            Op::Settle(var) => format!("settle {}", self.name(*var)),
            Op::Record(vars) => format!("record ({})", self.list(vars)),
            Op::Inject { arm, arms, vars } => {
                format!("inject {arm} of {arms} ({})", self.list(vars))
            }
            Op::NewStore(Capacity::Array(len, _)) => format!("store [{len}]"),
            Op::NewStore(Capacity::Vec(Some(count), _)) => {
                let dots = if count.inclusive { "..=" } else { ".." };
                format!(
                    "store for {}{dots}{}",
                    self.operand(&count.start),
                    self.operand(&count.end)
                )
            }
            Op::NewStore(Capacity::Vec(None, _)) => "store".to_string(),
            _ => String::new(),
        }
    }

    fn aggregate(&self, ctor: &Ctor, parts: &[Operand]) -> String {
        let list = self.operands(parts);
        match ctor {
            Ctor::Array => format!("[{list}]"),
            Ctor::Repeat(len) => format!("[{list}; {len}]"),
            Ctor::Tuple => format!("({list})"),
            Ctor::TupleStruct(path) => format!("{}({list})", path.to_token_stream()),
            Ctor::Wrap(wrapper) => format!("{}({list})", wrapper_name(*wrapper)),
            Ctor::Nothing => "None".to_string(),
            Ctor::Vec => format!("vec![{list}]"),
            Ctor::VecRepeat => format!("vec![{}]", list.replacen(", ", "; ", 1)),
            Ctor::Struct {
                path,
                members,
                base,
            } => {
                let named = members
                    .iter()
                    .map(|member| format!("{}: ", member.to_token_stream()));
                let prefixes = named.chain(base.then(|| "..".to_string()));
                let parts: Vec<String> = prefixes
                    .zip(parts)
                    .map(|(prefix, part)| prefix + &self.operand(part))
                    .collect();
                format!("{} {{ {} }}", path.to_token_stream(), parts.join(", "))
            }
        }
    }

    fn opaque(&self, opaque: &Opaque) -> String {
        let captures: Vec<String> = (opaque.captures.iter())
            .map(|capture| {
                let by = match capture.by {
                    By::Value => "",
                    By::Ref => "&",
                    By::RefMut => "&mut ",
                };
                format!("{} = {by}{}", capture.name, self.operand(&capture.operand))
            })
            .collect();
        let once = if opaque.cost == super::Cost::Once {
            "once "
        } else {
            ""
        };
        format!(
            "{once}`{}` [{}]",
            opaque.expr.to_token_stream(),
            captures.join(", ")
        )
    }

    fn call(&self, call: &Call) -> String {
        let args: Vec<String> = call.args.iter().map(|arg| self.arg(arg)).collect();
        format!("{}({})", callee(&call.callee), args.join(", "))
    }

    fn arg(&self, arg: &Arg) -> String {
        match arg {
            Arg::Value(operand) => self.operand(operand),
            Arg::Ref(place) => format!("&{}", self.place(place)),
            Arg::RefMut(place) => format!("&mut {}", self.place(place)),
            Arg::Receiver {
                place,
                mutable: false,
            } => format!("self {}", self.place(place)),
            Arg::Receiver {
                place,
                mutable: true,
            } => format!("self mut {}", self.place(place)),
        }
    }

    fn vjp(&self, vjp: &Vjp) -> String {
        let name = match &vjp.of {
            VjpOf::Call(of) => callee(of),
            VjpOf::Binary(op) => symbol(*op).to_string(),
            VjpOf::Compound(op) => format!("{}=", symbol(*op)),
            VjpOf::Neg => "neg".to_string(),
            VjpOf::Math(name) => name.to_string(),
            VjpOf::Cast(ty) => format!("as {}", ty.to_token_stream()),
        };
        let args: Vec<String> = vjp.args.iter().map(|arg| self.arg(arg)).collect();
        let seed = vjp
            .seed
            .as_ref()
            .map(|seed| format!("; {}", self.operand(seed)))
            .unwrap_or_default();
        let slots: Vec<String> = vjp.slots.iter().map(|slot| self.slot(slot)).collect();
        let result = self.binding(vjp.result.as_slice());
        format!(
            "{result}vjp {name}({}{seed}; {})",
            args.join(", "),
            slots.join(", ")
        )
    }

    fn slot(&self, slot: &SlotArg) -> String {
        match slot {
            SlotArg::Inactive => "_".to_string(),
            SlotArg::Fresh(var) => self.name(*var),
            SlotArg::Shadow(place) => self.place(place),
        }
    }
}

fn callee(of: &Callee) -> String {
    match of {
        Callee::Path(path) => path.to_token_stream().to_string().replace(" :: ", "::"),
        Callee::Method { name, .. } => format!(".{name}"),
    }
}

fn wrapper_name(wrapper: Wrapper) -> &'static str {
    match wrapper {
        Wrapper::Some => "Some",
        Wrapper::Ok => "Ok",
        Wrapper::Err => "Err",
    }
}

/// The operator of a comparison.
pub fn comparison(cmp: Cmp) -> &'static str {
    match cmp {
        Cmp::Lt => "<",
        Cmp::Le => "<=",
        Cmp::Gt => ">",
        Cmp::Ge => ">=",
        Cmp::Eq => "==",
        Cmp::Ne => "!=",
    }
}

/// The operator itself.
pub fn symbol(op: BinOp) -> &'static str {
    match op {
        BinOp::Add => "+",
        BinOp::Sub => "-",
        BinOp::Mul => "*",
        BinOp::Div => "/",
        BinOp::Rem => "%",
    }
}
