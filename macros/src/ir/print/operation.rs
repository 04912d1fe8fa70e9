//! Operands, places and operations as text.

use quote::ToTokens;
use syn::Member;

use super::Printer;
use crate::ir::{
    Arg, BinOp, Bound, By, Call, Callee, Capacity, Cmp, Ctor, Op, Opaque, Operand, Operator, Place,
    Proj, SlotArg, TripCount, Vjp, VjpOf, Wrapper,
};

impl Printer<'_> {
    /// An operand.
    pub fn operand(&self, operand: &Operand) -> String {
        match operand {
            Operand::Var(var) => self.name(*var),
            Operand::Place(place) => self.place(place),
            Operand::Literal(literal) => literal.tokens.to_string(),
        }
    }

    /// `root.field[index]`, `root!Some` for what is inside.
    pub fn place(&self, place: &Place) -> String {
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
                Proj::Variant(variant) => {
                    let (path, member) = (&variant.path, &variant.member);
                    let path = quote::quote!(#path).to_string().replace(' ', "");
                    text.push_str(&format!("!{path}.{}", quote::quote!(#member)));
                }
            }
        }
        text
    }

    /// An operation.
    pub fn op(&self, op: &Op) -> String {
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
            Op::Attach { value, through } => {
                format!("{} through {}", self.operand(value), self.operand(through))
            }
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
            Op::Borrow(place) => format!("borrow {}", self.place(place)),
            Op::Sum(place) => format!("sum {}", self.place(place)),
            Op::Dot(places) => {
                let places: Vec<String> = places.iter().map(|place| self.place(place)).collect();
                format!("dot {}", places.join(", "))
            }
            Op::FromInt(n) => format!("float {}", self.operand(n)),
            Op::Unwrap { shadow, otherwise } => {
                format!(
                    "unwrap {} like {}",
                    self.place(shadow),
                    self.operand(otherwise)
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
            Op::Open {
                slot,
                primal,
                resized,
            } => {
                let length = if *resized { " with its length" } else { "" };
                let (slot, primal) = (self.name(*slot), self.name(*primal));
                format!("open {slot} like {primal}{length}")
            }
            Op::Hold(place, value) => {
                format!("hold {} = {}", self.place(place), self.operand(value))
            }
            Op::Held { place, otherwise } => {
                let otherwise = self.op(otherwise);
                format!("held {} else {otherwise}", self.place(place))
            }
            Op::First(place, value) => {
                format!("first {} += {}", self.place(place), self.operand(value))
            }
            Op::Fresh => "fresh".to_string(),
            Op::Settle(var) => format!("settle {}", self.name(*var)),
            Op::Record(vars) => format!("record ({})", self.list(vars)),
            Op::Inject { arm, arms, vars } => {
                format!("inject {arm} of {arms} ({})", self.list(vars))
            }
            Op::NewStore(Capacity::Array { len, exit, .. }) => {
                format!("store [{len}{}]", if *exit { " + exit" } else { "" })
            }
            Op::NewStore(Capacity::Vec(Some(count), _)) => {
                format!("store for {}", self.trips(count))
            }
            Op::NewStore(Capacity::Shared(_)) => "shared store".to_string(),
            Op::Reserve(store, factors) => {
                let factors: Vec<String> = factors.iter().map(|trips| self.trips(trips)).collect();
                format!("reserve {} ({})", self.name(*store), factors.join(", "))
            }
            Op::Mark(store) => format!("mark {}", self.name(*store)),
            Op::Append(store, place) => {
                format!("append {} {}", self.name(*store), self.place(place))
            }
            Op::Restore(store, place) => {
                format!("restore {} from {}", self.place(place), self.name(*store))
            }
            Op::Recall(store, at, place) => {
                let (at, store) = (self.operand(at), self.name(*store));
                format!("recall {} from {store} at {at}", self.place(place))
            }
            Op::Clear(store) => format!("clear {}", self.name(*store)),
            Op::NewStore(Capacity::Vec(None, _)) => "store".to_string(),
            Op::NewStore(Capacity::Bounded(Bound::Constant(n), ..)) => {
                format!("store at most [{n}]")
            }
            Op::NewStore(Capacity::Bounded(Bound::Like(place), ..)) => {
                format!("store like {}", self.place(place))
            }
            Op::NewStore(Capacity::Checkpoints(limit, trips, _)) => {
                format!("checkpoints [{limit}] of {}", self.operand(trips))
            }
            _ => String::new(),
        }
    }

    fn trips(&self, count: &TripCount) -> String {
        let dots = if count.inclusive { "..=" } else { ".." };
        let (start, end) = (self.operand(&count.start), self.operand(&count.end));
        format!("{start}{dots}{end}")
    }

    fn aggregate(&self, ctor: &Ctor, parts: &[Operand]) -> String {
        let list = self.operands(parts);
        match ctor {
            Ctor::Array => format!("[{list}]"),
            Ctor::Repeat(len) => format!("[{list}; {len}]"),
            Ctor::Tuple => format!("({list})"),
            Ctor::TupleStruct { path, .. } | Ctor::Boxed(path) => {
                format!("{}({list})", path.to_token_stream())
            }
            Ctor::Wrap(wrapper) => format!("{}({list})", wrapper_name(*wrapper)),
            Ctor::Nothing => "None".to_string(),
            Ctor::Vec => format!("vec![{list}]"),
            Ctor::Scratch => format!("scratch[{}]", list.replacen(", ", "; ", 1)),
            Ctor::VecRepeat => format!("vec![{}]", list.replacen(", ", "; ", 1)),
            Ctor::Struct {
                path,
                members,
                borrowed,
                base,
                ..
            } => {
                let named = members.iter().zip(borrowed).map(|(member, borrowed)| {
                    let sign = if *borrowed { "&" } else { "" };
                    format!("{}: {sign}", member.to_token_stream())
                });
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
        let once = if opaque.cost.runs_once() { "once " } else { "" };
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
            Arg::Closure(_) => "closure".to_string(),
            Arg::Function { place, .. } => format!("fn {}", self.place(place)),
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

    /// `vjp g(a, b; d_out; slot_a, slot_b)`
    pub fn vjp(&self, vjp: &Vjp) -> String {
        let name = match &vjp.of {
            VjpOf::Call(of) => callee(of),
            VjpOf::Pullback(of) => format!("pullback of {}", callee(of)),
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
            SlotArg::Constant => "constant".to_string(),
            SlotArg::Rule(_) => "rule".to_string(),
            SlotArg::Fresh(var) => self.name(*var),
            SlotArg::Shadow(place) => self.place(place),
        }
    }
}

fn callee(of: &Callee) -> String {
    match of {
        Callee::Path(path) | Callee::Dropped(path) => {
            path.to_token_stream().to_string().replace(" :: ", "::")
        }
        Callee::Method { name, .. } => format!(".{name}"),
        Callee::Handed => "handed".to_string(),
        Callee::Operator(Operator::Neg) => "neg".to_string(),
        Callee::Operator(Operator::Binary(op)) => symbol(*op).to_string(),
        Callee::Operator(Operator::Compound(op)) => format!("{}=", symbol(*op)),
    }
}

fn wrapper_name(wrapper: Wrapper) -> &'static str {
    match wrapper {
        Wrapper::Some => "Some",
        Wrapper::Ok => "Ok",
        Wrapper::Err => "Err",
        Wrapper::Either => "Either",
        Wrapper::Failure => "Failure",
        Wrapper::Leaving => "Leaving",
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
