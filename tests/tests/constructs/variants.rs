//! Enums with parameters, variants brought in by `use`, boxes, and the methods of options that come from calls.

use shapes::Shape::*;
use shapes::*;
use tapeless::{assert_gradient, differentiate, Differentiable, Real, Slot};

mod shapes {
    use tapeless::Differentiable;

    #[derive(Differentiable, Clone, Debug)]
    pub enum Shape {
        Circle(f64),
        Rect { w: f64, h: f64 },
        Empty,
    }

    #[derive(Differentiable, Clone, Debug)]
    pub enum Either<L, R> {
        Left(L),
        Right(R),
    }

    #[derive(Differentiable, Clone, Debug, PartialEq)]
    pub enum Tree {
        Leaf(f64),
        Node(Box<Tree>, Box<Tree>),
    }
}

#[differentiate]
fn area(s: &Shape, k: f64) -> f64 {
    match s {
        Circle(r) => r * r * k,
        Rect { w, h } => w * h * k,
        Empty => k,
    }
}

#[differentiate]
fn either(e: &Either<f64, [f64; 2]>, k: f64) -> f64 {
    match e {
        Either::Left(x) => x * k,
        Either::Right([a, b]) => a * b * k,
    }
}

#[differentiate]
fn built(x: f64, k: f64) -> f64 {
    let s = if x > 0.0 {
        Circle(x * k)
    } else {
        Rect { w: x, h: k }
    };
    match s {
        Circle(r) => r * r,
        Rect { w, h } => w * h,
        Empty => 0.0,
    }
}

#[differentiate]
fn tree(t: &Tree, k: f64) -> f64 {
    match t {
        Tree::Leaf(x) => x * k,
        Tree::Node(a, b) => tree(a, k) * tree(b, k),
    }
}

#[differentiate]
fn generic<T: Real>(e: &Either<T, T>, k: T) -> T {
    match e {
        Either::Left(x) => *x * k,
        Either::Right(x) => *x / k,
    }
}

fn lookup(x: f64) -> Option<f64> {
    if x > 0.0 {
        Some(x * x)
    } else {
        None
    }
}
fn lookup_vjp(x: f64, d: Option<f64>, mut s: impl Slot<f64>) -> Option<f64> {
    if let (Some(s), Some(d)) = (s.get(), d) {
        if x > 0.0 {
            *s += 2.0 * x * d;
        }
    }
    lookup(x)
}

#[differentiate]
fn mapped(x: f64, k: f64) -> f64 {
    lookup(x).map(|v| v * k).unwrap_or(k)
}
#[differentiate]
fn chained(x: f64, k: f64) -> f64 {
    lookup(x)
        .and_then(|v| lookup(v - 1.0))
        .map_or(k, |v: f64| v * k)
}
#[differentiate]
fn else_called(x: f64, k: f64) -> f64 {
    lookup(x).unwrap_or_else(|| k * k)
        + if lookup(x).is_some_and(|v| v > 1.0) {
            k
        } else {
            0.0
        }
}
#[differentiate]
fn to_result(x: f64, k: f64) -> Result<f64, String> {
    let v = lookup(x).ok_or("no")?;
    let w = lookup(v).ok_or_else(|| format!("no {}", 1))?;
    Ok(v * w * k)
}
#[differentiate]
fn filtered(x: f64, k: f64) -> f64 {
    let o = Some(x * k).filter(|v| *v > 0.5);
    o.or(Some(k)).unwrap()
        + o.map_or_else(|| k, |v| v * v)
        + Some(x).zip(Some(k)).map(|(a, b)| a * b).unwrap()
}
#[differentiate]
fn taken(x: f64, k: f64) -> f64 {
    let mut o = Some(x * k);
    let a = o.take().unwrap_or(0.0);
    let b = o.unwrap_or(k);
    let mut p = None;
    let q = *p.get_or_insert(x);
    let old = p.replace(k);
    a * b + q * old.unwrap() * p.unwrap()
}

#[derive(Differentiable, Clone, Copy, Debug)]
struct P {
    a: f64,
    b: f64,
    c: f64,
}
#[differentiate]
fn updated(p: P, k: f64) -> f64 {
    let q = P { a: p.b * k, ..p };
    q.a * q.b * q.c
}
#[differentiate]
fn boxed(x: f64, k: f64) -> f64 {
    let b = Box::new(x * k);
    let mut c = Box::new([x, k]);
    c[0] *= *b;
    *b * c[0] + c[1]
}

#[test]
fn variants_by_name_alone() {
    let (value, (d, k)) = area_value_and_grad(&Circle(2.0), 3.0);
    assert_eq!((value, k), (12.0, 4.0));
    assert!(matches!(d, ShapeCotangent::Circle(r) if r == 12.0));
    let (value, (d, k)) = area_value_and_grad(&Rect { w: 2.0, h: 5.0 }, 3.0);
    assert_eq!((value, k), (30.0, 10.0));
    assert!(matches!(d, ShapeCotangent::Rect { w, h } if (w, h) == (15.0, 6.0)));
    assert_eq!(area_value_and_grad(&Empty, 3.0).0, 3.0);
    assert_gradient!(built(0.3, 0.7));
    assert_gradient!(built(-0.3, 0.7));
}

#[test]
fn parameters_of_enums() {
    let (value, (d, k)) = either_value_and_grad(&Either::Right([2.0, 3.0]), 3.0);
    assert_eq!((value, k), (18.0, 6.0));
    assert!(matches!(d, EitherCotangent::Right([a, b]) if (a, b) == (9.0, 6.0)));
    let (value, (d, k)) = generic_value_and_grad(&Either::Right(2.0), 4.0);
    assert_eq!((value, k), (0.5, -0.125));
    assert!(matches!(d, EitherCotangent::Right(r) if r == 0.25));
    assert_eq!(generic_value_and_grad(&Either::Left(2.0), 4.0).1 .1, 2.0);
    assert_eq!(either_value_and_grad(&Either::Left(2.0), 4.0).0, 8.0);
}

#[test]
fn recursion_through_boxes() {
    let tree = Tree::Node(Box::new(Tree::Leaf(2.0)), Box::new(Tree::Leaf(3.0)));
    let (value, (d, k)) = tree_value_and_grad(&tree, 2.0);
    assert_eq!((value, k), (24.0, 24.0));
    let TreeCotangent::Node(a, b) = d else {
        panic!("a node's cotangent is a node");
    };
    assert!(
        matches!((*a, *b), (TreeCotangent::Leaf(x), TreeCotangent::Leaf(y)) if (x, y) == (12.0, 8.0))
    );
}

#[test]
fn methods_of_options_agree() {
    for x in [0.3, 1.7, -0.3] {
        assert_gradient!(mapped(x, 0.7));
        assert_gradient!(chained(x, 0.7));
        assert_gradient!(else_called(x, 0.7));
        assert_gradient!(filtered(x, 0.7));
        assert_gradient!(taken(x, 0.7));
        assert_gradient!(boxed(x, 0.7));
    }
    let (value, (dx, dk)) = to_result_value_and_grad(0.5, 2.0).unwrap();
    assert_eq!((value, dx, dk), (0.03125, 0.375, 0.015625));
    assert_eq!(to_result_value_and_grad(-0.5, 2.0), Err("no".to_string()));
}

#[test]
fn what_is_updated_is_overwritten() {
    let (_, (d, k)) = updated_value_and_grad(
        P {
            a: 1.0,
            b: 2.0,
            c: 3.0,
        },
        0.5,
    );
    assert_eq!((d.a, d.b, d.c, k), (0.0, 6.0, 2.0, 12.0));
}
