//! Loops.

use proc_macro2::Span;
use quote::quote;
use syn::parse_quote;

use super::builder::*;
use crate::ir::*;

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
for _ in 0..n {
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
fn a_loop_left_at_its_head_is_a_while_loop() {
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
while y > 1.0 {
    y = 0.5 * y;
}
y";
    b.prints(stmts, vec![v(r)], expected);
}

#[test]
fn an_endless_loop_is_broken_out_of() {
    let mut b = Builder::new();
    let x = b.param("x", F64, Class::Value);
    let (y, c, t, r) = (b.value("y"), b.inert("t"), b.value("half"), b.value("r"));
    b.function.primal_vars = 9;
    let done = Block {
        stmts: vec![],
        end: End::Break(vec![v(t)]),
    };
    let go_on = Block {
        stmts: vec![],
        end: End::Yield(vec![v(t)]),
    };
    let block = Block {
        stmts: vec![
            define(t, bin(BinOp::Mul, num(0.5), v(y))),
            define(
                c,
                opaque(parse_quote!(half > 1.0), vec![("half", v(t), By::Value)]),
            ),
        ],
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
    let half = 0.5 * y;
    if half > 1.0 {
        y = half;
    } else {
        break half;
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
                above: None,
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
::tapeless::__private::storage_room!(
    store, ::core::iter::Iterator::size_hint(& (0..n)).0
);
for _ in 0..n {
    ::tapeless::__private::storage_push!(store, (1.0,));
}
while let ::core::option::Option::Some((w,)) = store.pop() {
    ::tapeless::Slot::add(&mut d_n, w);
}";
    b.prints(stmts, vec![], expected);
}
