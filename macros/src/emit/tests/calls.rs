//! Calls and their reverse.

use proc_macro2::Span;
use quote::{format_ident, quote};
use syn::parse_quote;

use super::builder::*;
use crate::ir::*;

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
        dropped: false,
    };
    let receiver = || Arg::Receiver {
        place: at(s, vec![field("spring")]),
        mutable: false,
    };
    let vjp = |result, of, args, slots| {
        Stmt::Vjp(Box::new(Vjp {
            captured: 0,
            result,
            ty: None,
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
let mut d_t: ::tapeless::Fresh<::core::primitive::f64> = ::tapeless::Fresh::new();
let y = s
    .spring
    .energy_vjp(
        x,
        d_out,
        ::tapeless::__private::fit(
            ::tapeless::Slot::project(&mut d_s, |d_s| &mut d_s.spring),
        ),
        &mut d_t,
    );
::tapeless::Slot::add(&mut d_x, d_t.take_or_zero());
let (slot_1, slot_2) = ::tapeless::Slot::project2(
    &mut d_s,
    |d_s| (&mut d_s.a, &mut d_s.b),
);
let _ = geometry::dot_vjp::<
    3,
>(
    &s.a,
    &s.b,
    d_out,
    ::tapeless::__private::fit(slot_1),
    ::tapeless::__private::fit(slot_2),
);
let _ = ::tapeless::ops::MulVjp::mul_vjp(
    x,
    *s,
    d_out,
    ::tapeless::Inactive,
    ::tapeless::__private::fit(::tapeless::Slot::project(&mut d_s, |d_s| d_s)),
);
y";
    b.prints(stmts, vec![v(y)], expected);
}

#[test]
fn elements_are_lent_side_by_side() {
    let mut b = Builder::new();
    let pair = b.param("p", Kind::Unknown, Class::Ref);
    let d_out = b.d_out();
    let d_p = b.slot(0, Kind::Unknown);
    let element =
        |index: proc_macro2::TokenStream, name: &str| vec![Proj::Index(int(index)), field(name)];
    let paths = [
        element(quote!(1), "a"),
        element(quote!(0), "a"),
        element(quote!(1), "b"),
    ];
    let stmts = vec![Stmt::Vjp(Box::new(Vjp {
        captured: 0,
        result: None,
        ty: None,
        of: VjpOf::Call(Callee::Path(parse_quote!(g))),
        args: paths
            .iter()
            .map(|path| Arg::Ref(at(pair, path.clone())))
            .collect(),
        seed: Some(v(d_out)),
        slots: paths
            .iter()
            .map(|path| SlotArg::Shadow(at(d_p, path.clone())))
            .collect(),
        span: Span::call_site(),
    }))];
    let expected = "
let (slot_1, slot_2, slot_3) = ::tapeless::Slot::project3(
    &mut d_p,
    |d_p| {
        let rest_1 = &mut d_p[..];
        let (part_1, rest_1) = rest_1.split_at_mut(1);
        (&mut rest_1[0].a, &mut part_1[0].a, &mut rest_1[0].b)
    },
);
let _ = g_vjp(
    &p[1].a,
    &p[0].a,
    &p[1].b,
    d_out,
    ::tapeless::__private::fit(slot_1),
    ::tapeless::__private::fit(slot_2),
    ::tapeless::__private::fit(slot_3),
);";
    b.prints(stmts, vec![], expected);
}
