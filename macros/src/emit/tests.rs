//! Rust text from IR built by hand.

use proc_macro2::Span;
use quote::{format_ident, quote};
use syn::parse_quote;

use super::{body, Context};
use crate::ir::*;

/// Builds functions.
struct Builder {
    function: Function,
    d_out: Option<Var>,
    slots: Vec<Option<Var>>,
}

const F64: Kind = Kind::Float(Float::F64);

impl Builder {
    fn new() -> Builder {
        let body = Block {
            stmts: Vec::new(),
            end: End::Yield(Vec::new()),
        };
        let function = Function {
            vars: Vec::new(),
            params: Vec::new(),
            body,
            result: None,
            items: Vec::new(),
            primal_vars: 0,
        };
        Builder {
            function,
            d_out: None,
            slots: Vec::new(),
        }
    }

    fn var(&mut self, name: &str, kind: Kind, class: Class) -> Var {
        self.function.vars.push(VarInfo {
            name: format_ident!("{name}"),
            kind,
            class,
            ty: None,
        });
        Var(self.function.vars.len() - 1)
    }

    fn param(&mut self, name: &str, kind: Kind, class: Class) -> Var {
        let var = self.var(name, kind, class);
        self.function.params.push(Param { var, active: true });
        var
    }

    fn d_out(&mut self) -> Var {
        let var = self.var("d_out", F64, Class::Value);
        self.d_out = Some(var);
        var
    }

    /// The slot of parameter number `param`.
    fn slot(&mut self, param: usize, kind: Kind) -> Var {
        let param_var = self.function.params[param].var;
        let name = format!("d_{}", self.function.vars[param_var.0].name);
        let var = self.var(&name, kind, Class::Slot);
        self.slots.resize(param, None);
        self.slots.push(Some(var));
        var
    }

    fn value(&mut self, name: &str) -> Var {
        self.var(name, F64, Class::Value)
    }

    fn inert(&mut self, name: &str) -> Var {
        self.var(name, Kind::Inert, Class::Value)
    }

    /// Asserts that the function is well formed and prints as `expected`.
    fn prints(mut self, stmts: Vec<Stmt>, end: Vec<Operand>, expected: &str) {
        let given: Vec<Var> = self
            .d_out
            .into_iter()
            .chain(self.slots.iter().copied().flatten())
            .collect();
        self.function.result = end.first().map(|_| F64);
        self.function.body = Block {
            stmts,
            end: End::Yield(end),
        };
        assert_eq!(
            verify::adjoint(&self.function, &given),
            Vec::<String>::new()
        );
        let context = Context {
            crate_path: parse_quote!(::tapeless),
            given,
        };
        let body = body(&self.function, &context);
        let file = match syn::parse2(quote!(fn f() { #body })) {
            Ok(file) => prettyplease::unparse(&file),
            Err(error) => panic!("{error}: {body}"),
        };
        let inside: Vec<&str> = file.lines().collect();
        let inside: Vec<&str> = inside[1..inside.len() - 1]
            .iter()
            .map(|line| &line[4..])
            .collect();
        assert_eq!(inside.join("\n"), expected.trim());
    }
}

fn v(var: Var) -> Operand {
    Operand::Var(var)
}

fn num(value: f64) -> Operand {
    Operand::Literal(Literal {
        tokens: quote!(),
        kind: F64,
        value: Some(value),
    })
}

fn int(tokens: proc_macro2::TokenStream) -> Operand {
    Operand::Literal(Literal {
        tokens,
        kind: Kind::Inert,
        value: None,
    })
}

fn bin(op: BinOp, left: Operand, right: Operand) -> Op {
    Op::Binary(op, left, right)
}

fn define(var: Var, op: Op) -> Stmt {
    Stmt::Let { var, op }
}

fn at(root: Var, path: Vec<Proj>) -> Place {
    Place { root, path }
}

fn field(name: &str) -> Proj {
    Proj::Field(Member::Named(format_ident!("{name}")))
}

fn load(root: Var, path: Vec<Proj>) -> Op {
    Op::Use(Operand::Place(at(root, path)))
}

fn add(root: Var, path: Vec<Proj>, value: Operand) -> Stmt {
    Stmt::Add {
        place: at(root, path),
        value,
        negate: false,
    }
}

fn opaque(expr: syn::Expr, captures: Vec<(&str, Operand, By)>) -> Op {
    let captures = captures.into_iter().map(|(name, operand, by)| Capture {
        name: format_ident!("{name}"),
        operand,
        by,
    });
    Op::Opaque(Box::new(Opaque {
        expr,
        captures: captures.collect(),
        cost: Cost::Cheap,
        effect: false,
    }))
}

fn math(name: &str, args: Vec<Operand>) -> Op {
    Op::Math {
        rule: crate::rules::lookup(name).unwrap(),
        spelling: Spelling::Method,
        args,
    }
}

fn count(index: Var, start: Operand, end: Operand) -> Head {
    Head::Counted {
        index,
        start,
        end,
        inclusive: false,
        step: None,
        reverse: false,
        backwards: false,
    }
}

fn looped(
    head: Head,
    carried: Vec<(Var, Operand)>,
    body: Block,
    exhausted: Vec<Operand>,
    results: Vec<Var>,
) -> Stmt {
    Stmt::Loop(Box::new(Loop {
        span: Span::call_site(),
        name: "for".to_string(),
        head,
        carried: carried
            .into_iter()
            .map(|(var, init)| Carried { var, init })
            .collect(),
        body,
        exhausted,
        results,
        limit: None,
    }))
}

use syn::Member;

#[test]
fn a_value_used_once_stands_where_it_is_used() {
    let mut b = Builder::new();
    let (x, y) = (
        b.param("x", F64, Class::Value),
        b.param("y", F64, Class::Value),
    );
    let d_x = b.slot(0, F64);
    let (t, u, w) = (b.value("t"), b.value("t"), b.value("t"));
    let stmts = vec![
        define(t, bin(BinOp::Sub, v(x), v(y))),
        define(u, bin(BinOp::Sub, v(y), v(t))),
        define(w, math("sin", vec![v(u)])),
        add(d_x, vec![], num(-2.0)),
    ];
    b.prints(
        stmts,
        vec![v(w)],
        "::tapeless::Slot::add(&mut d_x, -2.0);\n(y - (x - y)).sin()",
    );
}

#[test]
fn what_is_read_is_read_before_it_changes() {
    let mut b = Builder::new();
    let a = b.param("a", Kind::Slice(Box::new(F64)), Class::RefMut);
    let (t, u) = (b.value("t"), b.value("t"));
    let element = || vec![Proj::Index(int(quote!(0)))];
    let stmts = vec![
        define(t, load(a, element())),
        define(u, bin(BinOp::Mul, v(t), num(0.5))),
        Stmt::Store {
            place: at(a, element()),
            value: num(1.0),
        },
    ];
    b.prints(stmts, vec![v(u)], "let t = a[0] * 0.5;\na[0] = 1.0;\nt");
}

#[test]
fn slots_are_added_to_in_one_go() {
    let mut b = Builder::new();
    let s = b.param("s", Kind::Unknown, Class::Ref);
    let d_out = b.d_out();
    let d_s = b.slot(0, Kind::Unknown);
    let (k, t) = (b.value("k"), b.value("t"));
    let stmts = vec![
        define(k, load(s, vec![field("k")])),
        define(t, bin(BinOp::Mul, v(d_out), v(k))),
        add(d_s, vec![field("k")], v(t)),
        Stmt::Add {
            place: at(d_s, vec![field("m")]),
            value: v(d_out),
            negate: true,
        },
    ];
    let expected = "
let k = s.k;
if let ::core::option::Option::Some(d_s) = ::tapeless::Slot::get(&mut d_s) {
    ::tapeless::Cotangent::accumulate(&mut d_s.k, &(d_out * k));
    ::tapeless::Cotangent::accumulate(&mut d_s.m, &(-d_out));
}
k";
    let mut b = b;
    b.function.primal_vars = 4;
    b.prints(stmts, vec![v(k)], expected);
}

#[test]
fn a_switch_yields_its_joins() {
    let mut b = Builder::new();
    let x = b.param("x", F64, Class::Value);
    let (c, y, t) = (b.inert("c"), b.value("y"), b.value("t"));
    let arm = |value: Operand, stmts| Block {
        stmts,
        end: End::Yield(vec![value]),
    };
    let stmts = vec![
        define(
            c,
            opaque(parse_quote!(x > 0.0), vec![("x", v(x), By::Value)]),
        ),
        Stmt::Switch {
            on: Selector::Bool(v(c)),
            arms: vec![
                arm(v(t), vec![define(t, math("ln", vec![v(x)]))]),
                arm(num(0.0), vec![]),
            ],
            joins: vec![y],
        },
    ];
    b.prints(
        stmts,
        vec![v(y)],
        "let y = if x > 0.0 { x.ln() } else { 0.0 };\ny",
    );
}

#[test]
fn nested_loops_share_their_accumulator() {
    let mut b = Builder::new();
    let x = b.param("x", Kind::Slice(Box::new(F64)), Class::Ref);
    let n = b.param("n", Kind::Inert, Class::Value);
    let (i, j, total, inner) = (
        b.inert("i"),
        b.inert("j"),
        b.value("total"),
        b.value("total"),
    );
    let (t, u, result, last) = (
        b.value("t"),
        b.value("t"),
        b.value("total"),
        b.value("total"),
    );
    let index = opaque(
        parse_quote!(i * n + j),
        vec![
            ("i", v(i), By::Value),
            ("n", v(n), By::Value),
            ("j", v(j), By::Value),
        ],
    );
    let at_index = b.inert("t");
    let inside = Block {
        stmts: vec![
            define(at_index, index),
            define(t, load(x, vec![Proj::Index(v(at_index))])),
            define(u, bin(BinOp::Add, v(inner), v(t))),
        ],
        end: End::Yield(vec![v(u)]),
    };
    let within = looped(
        count(j, int(quote!(0)), v(n)),
        vec![(inner, v(total))],
        inside,
        vec![v(inner)],
        vec![result],
    );
    let outside = Block {
        stmts: vec![within],
        end: End::Yield(vec![v(result)]),
    };
    let stmts = vec![looped(
        count(i, int(quote!(0)), v(n)),
        vec![(total, num(0.0))],
        outside,
        vec![v(total)],
        vec![last],
    )];
    let expected = "
let mut total = 0.0;
for i in 0..n {
    for j in 0..n {
        total += x[i * n + j];
    }
}
total";
    b.prints(stmts, vec![v(last)], expected);
}

#[test]
fn carried_values_that_read_each_other_change_at_once() {
    let mut b = Builder::new();
    let n = b.param("n", Kind::Inert, Class::Value);
    let (i, p, q, t, last) = (
        b.inert("i"),
        b.value("p"),
        b.value("q"),
        b.value("t"),
        b.value("r"),
    );
    let block = Block {
        stmts: vec![define(t, bin(BinOp::Add, v(p), v(q)))],
        end: End::Yield(vec![v(q), v(t)]),
    };
    let stmts = vec![looped(
        count(i, int(quote!(0)), v(n)),
        vec![(p, num(0.0)), (q, num(1.0))],
        block,
        vec![v(p)],
        vec![last],
    )];
    let expected = "
let mut p = 0.0;
let mut q = 1.0;
for _i in 0..n {
    (p, q) = (q, p + q);
}
p";
    b.prints(stmts, vec![v(last)], expected);
}

#[test]
fn a_break_out_of_a_counted_loop_has_a_label() {
    let mut b = Builder::new();
    let x = b.param("x", F64, Class::Value);
    let (i, c, r) = (b.inert("i"), b.inert("t"), b.value("r"));
    let done = Block {
        stmts: vec![],
        end: End::Break(vec![v(x)]),
    };
    let go_on = Block {
        stmts: vec![],
        end: End::Yield(vec![]),
    };
    let block = Block {
        stmts: vec![define(
            c,
            opaque(parse_quote!(i > 3), vec![("i", v(i), By::Value)]),
        )],
        end: End::Switch {
            on: Selector::Bool(v(c)),
            arms: vec![done, go_on],
        },
    };
    let stmts = vec![looped(
        count(i, int(quote!(0)), int(quote!(9))),
        vec![],
        block,
        vec![num(0.0)],
        vec![r],
    )];
    let expected = "
let r = 'out: {
    for i in 0..9 {
        if i > 3 {
            break 'out x;
        }
    }
    0.0
};
r";
    b.prints(stmts, vec![v(r)], expected);
}

#[test]
fn an_endless_loop_is_broken_out_of() {
    let mut b = Builder::new();
    let x = b.param("x", F64, Class::Value);
    let (y, c, t, r) = (b.value("y"), b.inert("t"), b.value("t"), b.value("r"));
    let done = Block {
        stmts: vec![],
        end: End::Break(vec![v(y)]),
    };
    let go_on = Block {
        stmts: vec![define(t, bin(BinOp::Mul, num(0.5), v(y)))],
        end: End::Yield(vec![v(t)]),
    };
    let block = Block {
        stmts: vec![define(
            c,
            opaque(parse_quote!(y > 1.0), vec![("y", v(y), By::Value)]),
        )],
        end: End::Switch {
            on: Selector::Bool(v(c)),
            arms: vec![go_on, done],
        },
    };
    let stmts = vec![looped(
        Head::Forever,
        vec![(y, v(x))],
        block,
        vec![],
        vec![r],
    )];
    let expected = "
let mut y = x;
let r = loop {
    if y > 1.0 {
        y = 0.5 * y;
    } else {
        break y;
    }
};
r";
    b.prints(stmts, vec![v(r)], expected);
}

#[test]
fn records_are_pushed_and_popped() {
    let mut b = Builder::new();
    let n = b.param("n", Kind::Inert, Class::Value);
    let store = b.var("store", Kind::Unknown, Class::Store);
    let (i, t, w) = (b.inert("i"), b.value("w"), b.value("w"));
    let d_x = b.slot(0, F64);
    let trips = TripCount {
        start: int(quote!(0)),
        end: v(n),
        inclusive: false,
    };
    let forward = Block {
        stmts: vec![
            define(t, Op::Use(num(1.0))),
            Stmt::Push {
                store,
                values: vec![t],
            },
        ],
        end: End::Yield(vec![]),
    };
    let reverse = Block {
        stmts: vec![add(d_x, vec![], v(w))],
        end: End::Yield(vec![]),
    };
    let stmts = vec![
        define(
            store,
            Op::NewStore(Capacity::Vec(Some(trips), Span::call_site())),
        ),
        looped(
            count(i, int(quote!(0)), v(n)),
            vec![],
            forward,
            vec![],
            vec![],
        ),
        looped(
            Head::Records {
                store,
                vars: vec![w],
            },
            vec![],
            reverse,
            vec![],
            vec![],
        ),
    ];
    let expected = "
let mut store = ::tapeless::__private::storage_vec!(
    ::core::iter::Iterator::size_hint(& (0..n)).0
);
for _i in 0..n {
    store.push((1.0,));
}
while let ::core::option::Option::Some((w,)) = store.pop() {
    ::tapeless::Slot::add(&mut d_n, w);
}";
    b.prints(stmts, vec![], expected);
}

#[test]
fn arms_are_recorded_and_replayed() {
    let mut b = Builder::new();
    let (x, c) = (
        b.param("x", F64, Class::Value),
        b.param("c", Kind::Inert, Class::Value),
    );
    let d_x = b.slot(0, F64);
    let record = b.var("record", Kind::Unknown, Class::Record);
    let (r0, r1, old) = (
        b.var("t", Kind::Unknown, Class::Record),
        b.var("t", Kind::Unknown, Class::Record),
        b.value("old"),
    );
    let inject = |arm, vars, to| Block {
        stmts: vec![define(to, Op::Inject { arm, arms: 2, vars })],
        end: End::Yield(vec![v(to)]),
    };
    let empty = Block {
        stmts: vec![],
        end: End::Yield(vec![]),
    };
    let adding = Block {
        stmts: vec![add(d_x, vec![], v(old))],
        end: End::Yield(vec![]),
    };
    let stmts = vec![
        Stmt::Switch {
            on: Selector::Bool(v(c)),
            arms: vec![inject(0, vec![x], r0), inject(1, vec![], r1)],
            joins: vec![record],
        },
        Stmt::Replay {
            record,
            arms: vec![(vec![old], adding), (vec![], empty)],
            joins: vec![],
        },
    ];
    let expected = "
let record = if c {
    ::tapeless::__private::Branch::First((x,))
} else {
    ::tapeless::__private::Branch::Rest(())
};
match record {
    ::tapeless::__private::Branch::First((old,)) => {
        ::tapeless::Slot::add(&mut d_x, old);
    }
    ::tapeless::__private::Branch::Rest(()) => {}
}";
    b.prints(stmts, vec![], expected);
}

#[test]
fn calls_are_reversed_by_their_siblings() {
    let mut b = Builder::new();
    let (s, x) = (
        b.param("s", Kind::Unknown, Class::Ref),
        b.param("x", F64, Class::Value),
    );
    let d_out = b.d_out();
    let (d_s, d_x) = (b.slot(0, Kind::Unknown), b.slot(1, F64));
    let (fresh, y) = (b.var("d_t", F64, Class::Fresh), b.value("y"));
    let t = b.value("t");
    let method = Callee::Method {
        name: format_ident!("energy"),
        turbofish: None,
    };
    let receiver = || Arg::Receiver {
        place: at(s, vec![field("spring")]),
        mutable: false,
    };
    let vjp = |result, of, args, slots| {
        Stmt::Vjp(Box::new(Vjp {
            result,
            of,
            args,
            seed: Some(v(d_out)),
            slots,
            span: Span::call_site(),
        }))
    };
    let stmts = vec![
        define(fresh, Op::Fresh),
        vjp(
            Some(y),
            VjpOf::Call(method),
            vec![receiver(), Arg::Value(v(x))],
            vec![
                SlotArg::Shadow(at(d_s, vec![field("spring")])),
                SlotArg::Fresh(fresh),
            ],
        ),
        define(t, Op::Settle(fresh)),
        add(d_x, vec![], v(t)),
        vjp(
            None,
            VjpOf::Call(Callee::Path(parse_quote!(geometry::dot::<3>))),
            vec![
                Arg::Ref(at(s, vec![field("a")])),
                Arg::Ref(at(s, vec![field("b")])),
            ],
            vec![
                SlotArg::Shadow(at(d_s, vec![field("a")])),
                SlotArg::Shadow(at(d_s, vec![field("b")])),
            ],
        ),
        vjp(
            None,
            VjpOf::Binary(BinOp::Mul),
            vec![Arg::Value(v(x)), Arg::Value(Operand::Place(at(s, vec![])))],
            vec![SlotArg::Inactive, SlotArg::Shadow(at(d_s, vec![]))],
        ),
    ];
    let expected = "
let mut d_t = ::tapeless::Fresh::new();
let y = s
    .spring
    .energy_vjp(
        x,
        d_out,
        ::tapeless::Slot::project(&mut d_s, |d_s| &mut d_s.spring),
        &mut d_t,
    );
::tapeless::Slot::add(&mut d_x, d_t.take_or_zero());
let (slot, slot_1) = ::tapeless::Slot::project2(
    &mut d_s,
    |d_s| (&mut d_s.a, &mut d_s.b),
);
let _ = geometry::dot_vjp::<3>(&s.a, &s.b, d_out, slot, slot_1);
let _ = ::tapeless::ops::MulVjp::mul_vjp(
    x,
    *s,
    d_out,
    ::tapeless::Inactive,
    ::tapeless::Slot::project(&mut d_s, |d_s| d_s),
);
y";
    b.prints(stmts, vec![v(y)], expected);
}

#[test]
fn opaque_expressions_keep_their_shape() {
    let mut b = Builder::new();
    let x = b.param("x", F64, Class::Value);
    let (w, c) = (b.value("v"), b.inert("c"));
    let expr = parse_quote!(list.iter().any(|v| *v > w * 2.0) && ok!("{w}") || w < x);
    let stmts = vec![
        define(w, bin(BinOp::Add, v(x), num(1.0))),
        define(
            c,
            opaque(expr, vec![("w", v(w), By::Value), ("x", v(x), By::Value)]),
        ),
        Stmt::Do(opaque(
            parse_quote!(assert!(c)),
            vec![("c", v(c), By::Value)],
        )),
    ];
    b.prints(
        stmts,
        vec![],
        "
let v = x + 1.0;
let c = {
    let w = v;
    list.iter().any(|v| *v > w * 2.0) && ok!(\"{w}\") || w < x
};
assert!(c);",
    );
}
