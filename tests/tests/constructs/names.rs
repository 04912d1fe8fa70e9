//! Names that could clash with generated ones, and names of every alphabet.

#![allow(non_snake_case, non_upper_case_globals)]

use tapeless::check::assert_gradient;
use tapeless::{constant, differentiate, Differentiable};

#[differentiate]
fn taken(x: f64, d_x: f64, out: f64, d_out: f64) -> f64 {
    let tape = x * d_x;
    let y = tape * out;
    let d_y = y.sin() * d_out;
    let d_tape = d_y * d_y;
    let slot = d_tape + y;
    let v1 = slot * tape;
    let t = v1 + x;
    let t_1 = t * t;
    let d_t = t_1 * d_out;
    d_t * v1 + d_tape
}

#[differentiate]
fn taken_in_branches(out: f64, record: f64) -> f64 {
    let branch = if out > record { out * record } else { record };
    let store = if branch > 1.0 {
        branch.exp()
    } else {
        branch * out
    };
    let d_store = store;
    store * d_store
}

#[differentiate]
fn r#raw(r#type: f64, r#match: f64) -> f64 {
    let r#fn = r#type * r#match;
    let r#loop = r#fn.exp();
    r#loop * r#type
}

#[derive(Clone, Copy, Differentiable)]
struct Raw {
    r#type: f64,
    r#in: [f64; 2],
}

#[differentiate]
fn raw_fields(r#struct: &Raw) -> f64 {
    let Raw { r#type, .. } = *r#struct;
    r#type * r#struct.r#in[0] * r#struct.r#type
}

#[differentiate]
fn UPPER(X: f64, Y: f64) -> f64 {
    let Z = X * Y;
    const LIMIT: f64 = 0.5;
    if Z > LIMIT {
        Z * X
    } else {
        Y
    }
}

#[differentiate]
fn größe(α: f64, 角度: f64) -> f64 {
    let λ = α * 角度.cos();
    let d_λ = λ * λ;
    λ + d_λ
}

#[differentiate]
fn underscores(_x: f64, __y: f64, _: f64) -> f64 {
    let _t = _x * __y;
    _t * _x
}

/// Shadows the prelude's own names.
mod hostile {
    #![allow(dead_code)]
    pub struct Option;
    pub struct Some;
    pub struct None;
    pub struct Vec;
    pub struct Result;
    pub enum Ok {}
    pub trait Slot {}
    pub trait Clone {}
    pub trait Copy {}
    pub mod core {}
    pub mod std {}
    pub mod alloc {}

    #[tapeless::differentiate]
    pub fn f(x: &[f64], k: f64, up: bool) -> f64 {
        let y = if up { x[0] * k } else { x[1] };
        let mut a = [y, k];
        a[0] *= y;
        a[0] * a[1]
    }
}

#[test]
fn names() {
    assert_gradient!(taken(0.5, 0.6, 0.7, 0.8));
    assert_gradient!(taken_in_branches(1.5, 0.6));
    assert_gradient!(taken_in_branches(0.5, 0.6));
    assert_gradient!(raw(0.5, 0.6));
    assert_gradient!(raw_fields(&Raw {
        r#type: 0.5,
        r#in: [1.5, 2.5]
    }));
    assert_gradient!(UPPER(1.5, 0.6));
    assert_gradient!(UPPER(0.5, 0.6));
    assert_gradient!(größe(0.5, 0.6));
    assert_gradient!(underscores(0.5, 0.6, 0.7));
    assert_gradient!(hostile::f(&[0.5, 0.6], 0.7, true));
}

macro_rules! declare {
    ($name:ident, $x:ident, $body:expr) => {
        #[differentiate]
        fn $name($x: f64) -> f64 {
            let y = $body;
            y * $x
        }
    };
}

declare!(by_macro, z, z.sin() * 2.0);

macro_rules! hygienic {
    ($name:ident, $k:literal) => {
        #[differentiate]
        fn $name(x: f64, v: &[f64]) -> f64 {
            let mut y = x * $k;
            if y > 0.0 {
                y *= v[0];
            }
            y * x
        }
    };
}

hygienic!(by_hygienic_macro, 3.0);

#[test]
fn inside_macros() {
    assert_gradient!(by_macro(0.5));
    assert_gradient!(by_hygienic_macro(0.5, &[2.0]));
}

const SCALE: f64 = 0.5;

fn twice(x: f64) -> f64 {
    2.0 * x
}

/// Each block has items of its own, by names that mean something else around it.
#[differentiate]
fn items_of_blocks(x: f64, n: usize) -> f64 {
    let first = SCALE * x.sin();
    let second = if x > 0.0 {
        const SCALE: f64 = 3.0;
        SCALE * x * x
    } else {
        const SCALE: f64 = -1.5;
        x * SCALE
    };
    let mut sum = second * constant(SCALE) + first;
    for i in 0..n {
        const SCALE: usize = 2;
        fn twice(i: usize) -> f64 {
            (SCALE * i) as f64
        }
        sum += x * twice(i);
        assert!(i < n + SCALE, "{i}");
    }
    match n {
        0 => {
            use core::f64::consts::PI as SCALE;
            sum * SCALE
        }
        _ => sum * SCALE,
    }
}

#[derive(Clone, Copy, Differentiable)]
struct Scaled {
    scale: f64,
}

/// Fields keep their names where a block gives the name to an item.
#[differentiate]
fn items_named_like_fields(s: Scaled, x: f64) -> f64 {
    let Scaled { scale } = s;
    let inner = {
        #[allow(non_upper_case_globals)]
        const scale: f64 = 4.0;
        let other = Scaled { scale };
        let grown = |by: f64| by * scale + s.scale;
        other.scale * x + grown(x)
    };
    inner * scale * constant(twice(1.0))
}

#[test]
fn names_of_items() {
    for x in [0.7, -0.7] {
        for n in [0, 1, 3] {
            assert_eq!(
                items_of_blocks_value_and_grad(x, n).0,
                items_of_blocks(x, n)
            );
            assert_gradient!(items_of_blocks(x, n));
        }
        assert_gradient!(items_named_like_fields(Scaled { scale: 1.3 }, x));
    }
}
