//! Values, opaque expressions, slots.

use quote::quote;
use syn::parse_quote;

use super::builder::*;
use crate::ir::*;

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
    ::tapeless::__private::add_to(&mut d_s.k, &(d_out * k));
    ::tapeless::__private::add_to(&mut d_s.m, &(-d_out));
}
k";
    let mut b = b;
    b.function.primal_vars = 4;
    b.prints(stmts, vec![v(k)], expected);
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
        Stmt::Do(statement(
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
