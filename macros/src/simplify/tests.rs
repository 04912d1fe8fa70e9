//! Short functions, before and after.

use quote::format_ident;

use std::collections::HashMap;

use super::arrays;
use super::identities::TABLE;
use super::simplify;
use crate::choices::Choices;
use crate::ir::*;

const F64: Kind = Kind::Float(Float::F64);

/// A function of `x` and `y` whose statements are all generated.
struct Builder {
    function: Function,
}

impl Builder {
    fn new() -> (Builder, Operand, Operand) {
        let body = Block {
            stmts: Vec::new(),
            end: End::Yield(Vec::new()),
        };
        let function = Function {
            vars: Vec::new(),
            params: Vec::new(),
            body,
            result: Some(F64),
            items: Vec::new(),
            primal_vars: 2,
            bare: Vec::new(),
        };
        let mut builder = Builder { function };
        let (x, y) = (builder.param("x"), builder.param("y"));
        (builder, x, y)
    }

    fn var(&mut self, name: &str, class: Class) -> Var {
        let info = VarInfo {
            name: format_ident!("{name}"),
            named: true,
            kind: F64,
            class,
            ty: None,
            span: proc_macro2::Span::call_site(),
        };
        self.function.vars.push(info);
        Var(self.function.vars.len() - 1)
    }

    fn param(&mut self, name: &str) -> Operand {
        let var = self.var(name, Class::Value);
        self.function.params.push(Param { var, active: true });
        Operand::Var(var)
    }

    fn push(&mut self, stmt: Stmt) {
        self.function.body.stmts.push(stmt);
    }

    /// Appends `let t = op`.
    fn op(&mut self, op: Op) -> Operand {
        let var = self.var("t", Class::Value);
        self.push(Stmt::Let { var, op });
        Operand::Var(var)
    }

    fn binary(&mut self, op: BinOp, left: &Operand, right: &Operand) -> Operand {
        self.op(Op::Binary(op, left.clone(), right.clone()))
    }

    /// Simplifies the function with this result, and gives its statements as text.
    fn yields(mut self, result: &Operand) -> String {
        self.function.body.end = End::Yield(vec![result.clone()]);
        let simplified = simplify(self.function, Choices::default(), true);
        assert_eq!(verify::adjoint(&simplified, &[]), Vec::<String>::new());
        let text = print::function(&simplified);
        let lines: Vec<&str> = text
            .lines()
            .filter_map(|line| line.strip_prefix("    "))
            .collect();
        lines.join("; ").replace("let ", "").replace(": f64", "")
    }
}

fn number(value: f64) -> Operand {
    Operand::number(value, F64)
}

/// What `x op y` becomes.
fn binary(
    op: BinOp,
    left: fn(&mut Builder, &Operand) -> Operand,
    right: fn(&mut Builder, &Operand) -> Operand,
) -> String {
    let (mut b, x, y) = Builder::new();
    let (left, right) = (left(&mut b, &x), right(&mut b, &y));
    let result = b.binary(op, &left, &right);
    b.yields(&result)
}

fn itself(_: &mut Builder, operand: &Operand) -> Operand {
    operand.clone()
}

fn minus(b: &mut Builder, operand: &Operand) -> Operand {
    b.op(Op::Neg(operand.clone()))
}

fn one(_: &mut Builder, _: &Operand) -> Operand {
    number(1.0)
}

fn zero(_: &mut Builder, _: &Operand) -> Operand {
    number(0.0)
}

fn minus_one(_: &mut Builder, _: &Operand) -> Operand {
    number(-1.0)
}

#[test]
fn identities_shorten() {
    use BinOp::{Add, Div, Mul, Sub};
    assert_eq!(binary(Mul, itself, one), "yield x");
    assert_eq!(binary(Mul, one, itself), "yield y");
    assert_eq!(binary(Div, itself, one), "yield x");
    assert_eq!(binary(Mul, itself, minus_one), "t = -x; yield t");
    assert_eq!(binary(Add, zero, itself), "yield y");
    assert_eq!(binary(Sub, zero, itself), "t = -y; yield t");
    assert_eq!(binary(Add, itself, minus), "t#2 = x - y; yield t#2");
    assert_eq!(binary(Add, minus, itself), "t#2 = y - x; yield t#2");
    assert_eq!(binary(Sub, itself, minus), "t#2 = x + y; yield t#2");
    assert_eq!(
        binary(Sub, minus, itself),
        "t#3 = x + y; t#2 = -t#3; yield t#2"
    );
    assert_eq!(binary(Mul, minus, minus), "t#5 = x * y; yield t#5");
    assert_eq!(binary(Mul, zero, itself), "t = 0.0 * y; yield t");
}

#[test]
fn numbers_are_folded_where_that_is_exact() {
    let (mut b, x, _) = Builder::new();
    let scaled = b.binary(BinOp::Mul, &x, &number(100.0));
    let twice = b.binary(BinOp::Mul, &scaled, &number(2.0));
    let thrice = b.binary(BinOp::Mul, &twice, &number(0.3));
    assert_eq!(
        b.yields(&thrice),
        "t#2 = x * 200.0; t#3 = t#2 * 0.3; yield t#3"
    );
}

#[test]
fn what_is_computed_twice_is_shared() {
    let (mut b, x, y) = Builder::new();
    let (first, second) = (b.binary(BinOp::Mul, &x, &y), b.binary(BinOp::Mul, &y, &x));
    let sum = b.binary(BinOp::Add, &first, &second);
    assert_eq!(b.yields(&sum), "t = x * y; t#3 = 2.0 * t; yield t#3");
}

#[test]
fn common_powers_of_two_are_multiplied_with_once() {
    let (mut b, x, y) = Builder::new();
    let first = b.binary(BinOp::Mul, &number(2.0), &x);
    let inner = b.binary(BinOp::Mul, &y, &number(2.0));
    let second = b.binary(BinOp::Mul, &inner, &y);
    let sum = b.binary(BinOp::Sub, &first, &second);
    assert_eq!(
        b.yields(&sum),
        "t = x; t#2 = y; t#3 = t#2 * y; d = t - t#3; t#4 = 2.0 * d; yield t#4"
    );
}

#[test]
fn other_factors_and_those_that_others_read_stay() {
    let (mut b, x, y) = Builder::new();
    let thrice = b.binary(BinOp::Mul, &number(3.0), &x);
    let again = b.binary(BinOp::Mul, &number(3.0), &y);
    let sum = b.binary(BinOp::Add, &thrice, &again);
    assert_eq!(
        b.yields(&sum),
        "t = 3.0 * x; t#2 = 3.0 * y; t#3 = t + t#2; yield t#3"
    );
    let (mut b, x, y) = Builder::new();
    let twice = b.binary(BinOp::Mul, &number(2.0), &x);
    let product = b.binary(BinOp::Mul, &number(2.0), &y);
    let sum = b.binary(BinOp::Add, &twice, &product);
    let both = b.binary(BinOp::Div, &sum, &twice);
    assert_eq!(
        b.yields(&both),
        "t = 2.0 * x; t#2 = 2.0 * y; t#3 = t + t#2; t#4 = t#3 / t; yield t#4"
    );
}

#[test]
fn one_reciprocal_serves_all_quotients() {
    let (mut b, x, y) = Builder::new();
    let first = b.binary(BinOp::Div, &x, &y);
    let second = b.binary(BinOp::Div, &first, &y);
    assert_eq!(
        b.yields(&second),
        "inverse = 1.0 / y; t = x * inverse; t#2 = t * inverse; yield t#2"
    );
}

#[test]
fn what_is_divided_and_multiplied_by_one_value_stays() {
    let (mut b, x, y) = Builder::new();
    let quotient = b.binary(BinOp::Div, &x, &y);
    let again = b.binary(BinOp::Mul, &y, &quotient);
    assert_eq!(b.yields(&again), "yield x");
}

#[test]
fn what_comparisons_look_at_is_still_rounded_twice() {
    let (mut b, x, y) = Builder::new();
    let quotient = b.binary(BinOp::Div, &x, &y);
    let again = b.binary(BinOp::Mul, &quotient, &y);
    let less = b.op(Op::Compare(Cmp::Lt, again, y));
    assert_eq!(
        b.yields(&less),
        "t = x / y; t#2 = t * y; t#3 = t#2 < y; yield t#3"
    );
}

#[test]
fn selections_by_numbers_are_decided() {
    let (mut b, x, y) = Builder::new();
    let cond = b.op(Op::Compare(Cmp::Eq, number(2.0), number(0.0)));
    let chosen = b.op(Op::Select {
        cond,
        then: x,
        otherwise: y,
    });
    assert_eq!(b.yields(&chosen), "yield y");
}

/// A loop that sums, and one that does nothing else but compute what nobody reads.
#[test]
fn loops_without_effect_vanish() {
    let (mut b, x, y) = Builder::new();
    let (index, carried, result) = (
        b.var("i", Class::Value),
        b.var("s", Class::Value),
        b.var("r", Class::Value),
    );
    let next = b.var("t", Class::Value);
    let sum = Op::Binary(BinOp::Add, Operand::Var(carried), x);
    let bound = |text: &str| {
        Operand::Literal(Literal {
            tokens: text.parse().unwrap(),
            kind: Kind::Inert,
            value: None,
        })
    };
    b.push(Stmt::Loop(Box::new(Loop {
        span: proc_macro2::Span::call_site(),
        name: "for".to_string(),
        head: Head::Counted {
            index,
            start: bound("0"),
            end: bound("9"),
            inclusive: false,
            step: None,
            reverse: false,
            backwards: false,
        },
        carried: vec![Carried {
            var: carried,
            init: number(0.0),
        }],
        body: Block {
            stmts: vec![Stmt::Let { var: next, op: sum }],
            end: End::Yield(vec![Operand::Var(next)]),
        },
        exhausted: vec![Operand::Var(carried)],
        results: vec![result],
        limit: None,
    })));
    let needed = Builder {
        function: b.function.clone(),
    };
    assert_eq!(b.yields(&y), "yield y");
    let text = needed.yields(&Operand::Var(result));
    assert_eq!(
        text,
        "r = for i in 0..9 with s = 0.0 {;     t = s + x;     yield t; } exhausted s; yield r"
    );
}

#[test]
fn fields_that_nobody_takes_off_a_store_are_not_put_there() {
    let (mut b, x, _) = Builder::new();
    let store = b.var("records", Class::Store);
    let op = Op::NewStore(Capacity::Shared(proc_macro2::Span::call_site()));
    b.push(Stmt::Let { var: store, op });
    let square = b.op(Op::Binary(BinOp::Mul, x.clone(), x.clone()));
    let values: Vec<Var> = [square, x.clone()]
        .iter()
        .filter_map(Operand::var)
        .collect();
    b.push(Stmt::Push { store, values });
    let vars = vec![b.var("a", Class::Value), b.var("b", Class::Value)];
    let read = Operand::Var(vars[1]);
    b.push(Stmt::Unpack {
        record: store,
        vars,
    });
    let text = b.yields(&read);
    assert!(
        text.ends_with("push records (x); (b) = unpack records; yield b"),
        "{text}"
    );
}

#[test]
fn joins_that_nobody_reads_are_dropped() {
    let (mut b, x, y) = Builder::new();
    let joins = vec![b.var("a", Class::Value), b.var("b", Class::Value)];
    let taken = Operand::Var(joins[1]);
    let arm = |first: &Operand, second: &Operand| Block {
        stmts: Vec::new(),
        end: End::Yield(vec![first.clone(), second.clone()]),
    };
    let cond = b.op(Op::Compare(Cmp::Lt, x.clone(), y.clone()));
    b.push(Stmt::Switch {
        on: Selector::Bool(cond),
        arms: vec![arm(&x, &y), arm(&y, &x)],
        joins,
    });
    assert_eq!(
        b.yields(&taken),
        "t = x < y; b = if t {;     yield y; } else {;     yield x; }; yield b"
    );
}

#[test]
fn memory_that_nobody_reads_is_not_written() {
    let (mut b, x, y) = Builder::new();
    let root = b.var("d_a", Class::Shadow);
    b.push(Stmt::Let {
        var: root,
        op: Op::Zero(Place::root(Var(0))),
    });
    b.push(Stmt::Add {
        place: Place::root(root),
        value: x,
        negate: false,
    });
    assert_eq!(b.yields(&y), "yield y");
}

#[test]
fn additions_to_one_place_are_gathered() {
    let (mut b, x, y) = Builder::new();
    let root = b.var("d_a", Class::Shadow);
    let add = |value: &Operand, negate| Stmt::Add {
        place: Place::root(root),
        value: value.clone(),
        negate,
    };
    b.push(Stmt::Let {
        var: root,
        op: Op::Use(number(0.0)),
    });
    b.push(add(&x, false));
    b.push(add(&x, false));
    b.push(add(&y, true));
    let read = b.op(Op::Use(Operand::Place(Place::root(root))));
    b.push(add(&y, false));
    assert_eq!(
        b.yields(&read),
        "shadow d_a = 0.0; d = 2.0 * x; d#2 = d - y; d_a += d#2; t = d_a; d_a += y; yield t"
    );
}

#[test]
fn rows_say_what_becomes_of_special_values() {
    for row in TABLE {
        assert!(!row.note.is_empty(), "{} has no note", row.law);
    }
}

#[test]
fn terms_are_paired_by_sign_from_the_last() {
    let (mut b, x, y) = Builder::new();
    let products: Vec<Operand> = (0..4)
        .map(|n| b.binary(BinOp::Mul, &x, &number(f64::from(n) + 2.0)))
        .collect();
    let first = b.binary(BinOp::Sub, &y, &products[0]);
    let inner = b.binary(BinOp::Sub, &products[1], &products[2]);
    let second = b.binary(BinOp::Sub, &first, &inner);
    let all = b.binary(BinOp::Add, &second, &products[3]);
    let text = b.yields(&all);
    let sums = text.split("t#4 = x * 5.0; ").nth(1);
    assert_eq!(
        sums,
        Some("d = t#4 - t#2; d#2 = t#3 - t; d#3 = d + d#2; t#8 = d#3 + y; yield t#8")
    );
}

#[test]
fn what_is_used_twice_or_read_from_memory_stays_a_sum_of_its_own() {
    let (mut b, x, y) = Builder::new();
    let root = b.var("d_a", Class::Shadow);
    b.push(Stmt::Let {
        var: root,
        op: Op::Use(x.clone()),
    });
    let cell = Operand::Place(Place::root(root));
    let read = b.binary(BinOp::Sub, &y, &cell);
    b.push(Stmt::Store {
        place: Place::root(root),
        value: y.clone(),
    });
    let twice = b.binary(BinOp::Sub, &x, &y);
    let sum = b.binary(BinOp::Add, &read, &twice);
    let product = b.binary(BinOp::Mul, &sum, &twice);
    let result = b.binary(BinOp::Mul, &product, &cell);
    let text = b.yields(&result);
    assert!(text.contains("t = y - d_a; d_a = y;"), "{text}");
    assert!(text.contains("t#2 = x - y; t#3 = t + t#2;"), "{text}");
}

#[test]
fn additions_to_all_elements_become_one() {
    let slots = |elements: &[(usize, bool)]| {
        let (mut b, x, y) = Builder::new();
        let slot = b.var("d_v", Class::Slot);
        b.function.vars[slot.0].kind = Kind::Array(Box::new(F64));
        for &(element, negate) in elements {
            b.push(Stmt::Add {
                place: Place {
                    root: slot,
                    path: vec![Proj::Index(Operand::number(element as f64, Kind::Inert))],
                },
                value: x.clone(),
                negate,
            });
        }
        b.function.body.end = End::Yield(vec![y]);
        let lengths = HashMap::from([(slot, 2)]);
        let found = arrays::add_at_once(&mut b.function, &lengths);
        (found.len(), print::function(&b.function))
    };
    let (found, text) = slots(&[(1, true), (0, false)]);
    assert_eq!(found, 1);
    assert!(text.contains("= -x") && text.contains("[x, d]"), "{text}");
    for partly in [
        &[(1, true)][..],
        &[(0, false), (0, true)],
        &[(0, false), (1, false), (1, true)],
    ] {
        assert_eq!(slots(partly).0, 0);
    }
}

#[test]
fn cotangents_of_local_arrays_are_taken_apart() {
    let element = |root: Var, index: f64| Place {
        root,
        path: vec![Proj::Index(Operand::number(index, Kind::Inert))],
    };
    let built = |whole: bool| {
        let (mut b, x, y) = Builder::new();
        let (primal, root) = (b.var("u", Class::Root), b.var("d_u", Class::Shadow));
        for array in [primal, root] {
            b.function.vars[array.0].kind = Kind::Array(Box::new(F64));
        }
        b.push(Stmt::Let {
            var: primal,
            op: Op::Aggregate(Ctor::Array, vec![x.clone(), y.clone()]),
        });
        b.push(Stmt::Let {
            var: root,
            op: Op::Zero(Place::root(primal)),
        });
        for (value, negate) in [(&x, false), (&y, true)] {
            b.push(Stmt::Add {
                place: element(root, 0.0),
                value: value.clone(),
                negate,
            });
        }
        let first = b.op(Op::Use(Operand::Place(element(root, 0.0))));
        let second = b.op(Op::Use(Operand::Place(element(root, 1.0))));
        let sum = b.binary(BinOp::Add, &first, &second);
        if whole {
            b.push(Stmt::Accumulate {
                place: Place::root(root),
                value: Place::root(primal),
            });
            let third = b.op(Op::Use(Operand::Place(element(root, 1.0))));
            return b.yields(&third);
        }
        b.yields(&sum)
    };
    assert_eq!(built(false), "d = x - y; yield d");
    assert!(built(true).contains("shadow d_u"));
}

/// An arm takes over the whole cotangent and reads its elements; a use of the copy as a whole leaves both alone.
#[test]
fn cotangents_that_arms_take_over_are_taken_apart() {
    let element = |root: Var| Place {
        root,
        path: vec![Proj::Index(Operand::number(0.0, Kind::Inert))],
    };
    let built = |whole: bool| {
        let (mut b, x, y) = Builder::new();
        let names = [
            ("u", Class::Root),
            ("d_u", Class::Shadow),
            ("d_v", Class::Shadow),
        ];
        let [primal, root, taken] = names.map(|(name, class)| b.var(name, class));
        for array in [primal, root, taken] {
            b.function.vars[array.0].kind = Kind::Array(Box::new(F64));
        }
        let (read, join) = (b.var("read", Class::Value), b.var("join", Class::Value));
        b.push(Stmt::Let {
            var: primal,
            op: Op::Aggregate(Ctor::Array, vec![x.clone(), y.clone()]),
        });
        b.push(Stmt::Let {
            var: root,
            op: Op::Zero(Place::root(primal)),
        });
        b.push(Stmt::Add {
            place: element(root),
            value: x.clone(),
            negate: false,
        });
        let mut stmts = vec![Stmt::Let {
            var: taken,
            op: Op::Use(Operand::Place(Place::root(root))),
        }];
        if whole {
            stmts.push(Stmt::Accumulate {
                place: Place::root(taken),
                value: Place::root(primal),
            });
        }
        stmts.push(Stmt::Let {
            var: read,
            op: Op::Use(Operand::Place(element(taken))),
        });
        let arm = |stmts, value| Block {
            stmts,
            end: End::Yield(vec![value]),
        };
        b.push(Stmt::Switch {
            on: Selector::Bool(y.clone()),
            arms: vec![arm(stmts, Operand::Var(read)), arm(Vec::new(), y.clone())],
            joins: vec![join],
        });
        b.yields(&Operand::Var(join))
    };
    let (apart, left) = (built(false), built(true));
    assert!(!apart.contains("d_u") && !apart.contains("d_v"), "{apart}");
    assert!(left.contains("d_u") && left.contains("d_v"), "{left}");
}
