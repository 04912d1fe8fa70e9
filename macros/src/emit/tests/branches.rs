//! Switches and records of arms.

use syn::parse_quote;

use super::builder::*;
use crate::ir::*;

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
fn early_exits_are_guards() {
    let mut b = Builder::new();
    let x = b.param("x", F64, Class::Value);
    let (c, e, t) = (b.inert("t"), b.inert("t"), b.value("y"));
    b.function.primal_vars = 9;
    let leaf = |stmts, value| Block {
        stmts,
        end: End::Yield(vec![value]),
    };
    let inner = Block {
        stmts: vec![
            define(t, math("sqrt", vec![v(x)])),
            define(
                e,
                opaque(parse_quote!(x > 9.0), vec![("x", v(x), By::Value)]),
            ),
        ],
        end: End::Switch {
            on: Selector::Bool(v(e)),
            arms: vec![leaf(vec![], v(t)), leaf(vec![], num(3.0))],
        },
    };
    b.function.result = Some(F64);
    b.function.body = Block {
        stmts: vec![define(
            c,
            opaque(parse_quote!(x < 0.0), vec![("x", v(x), By::Value)]),
        )],
        end: End::Switch {
            on: Selector::Bool(v(c)),
            arms: vec![leaf(vec![], num(0.0)), inner],
        },
    };
    let expected = "
if x < 0.0 {
    return 0.0;
}
let y = x.sqrt();
if x > 9.0 { y } else { 3.0 }";
    b.prints_itself(expected);
}
