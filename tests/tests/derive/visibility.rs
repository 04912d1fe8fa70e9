//! What is seen, under which name.

use tapeless::Differentiable;

use crate::flat_forms;

mod renamed {
    pub(super) mod nested {
        pub(crate) use tapeless as runtime;
    }

    #[derive(super::Differentiable, Clone)]
    #[differentiable(cotangent = Gradient, crate = nested::runtime)]
    pub(super) struct r#Type {
        pub(super) r#fn: f64,
        hidden: Option<f64>,
        callback: fn(f64) -> f64,
        table: [Option<fn()>; 2],
    }

    pub(super) fn value() -> Type {
        Type {
            r#fn: 1.0,
            hidden: Some(2.0),
            callback: f64::sqrt,
            table: [None; 2],
        }
    }

    impl Type {
        pub(super) fn call(&self) -> f64 {
            assert!(self.table[0].is_none());
            (self.callback)(self.r#fn) + self.hidden.unwrap_or(0.0)
        }
    }
}

#[test]
fn options_and_raw_names() {
    let mut value = renamed::value();
    let d: renamed::Gradient = value.zero_cotangent();
    assert_eq!(d.r#fn, 0.0);
    assert_eq!(
        format!("{d:?}"),
        "Gradient { fn: 0.0, hidden: Some(0.0), callback: (), table: () }"
    );
    assert_eq!(flat_forms(&mut value), [1.0, 2.0]);
    assert_eq!(value.call(), 3.0);
}

/// A public module: everything in it is documented.
pub mod public {
    use tapeless::Differentiable;

    #[derive(Clone, Copy, Debug, Differentiable)]
    struct Private(f64);

    /// Of a private type, privately.
    #[derive(Clone, Copy, Debug, Differentiable)]
    pub struct Outer<T> {
        /// Seen.
        pub seen: T,
        unseen: Private,
    }

    /// Variants.
    #[derive(Clone, Copy, Debug, Differentiable)]
    #[non_exhaustive]
    #[allow(non_camel_case_types)]
    pub enum choice {
        /// One.
        one {
            /// Its field.
            value: f64,
        },
        /// Two.
        Two(f64, f64),
    }

    /// Makes one.
    pub fn outer() -> Outer<f64> {
        Outer {
            seen: 1.0,
            unseen: Private(2.0),
        }
    }

    impl<T> Outer<T> {
        /// What is not seen.
        pub fn unseen(&self) -> f64 {
            self.unseen.0
        }
    }
}

#[test]
fn visibility_and_privacy() {
    let mut outer = public::outer();
    assert_eq!(flat_forms(&mut outer), [1.0, 2.0]);
    assert_eq!(outer.unseen(), 2.0);
    let d: public::OuterCotangent<f64> = outer.zero_cotangent();
    assert_eq!(d.seen, 0.0);
    let d = public::choice::Two(1.0, 2.0).zero_cotangent();
    assert!(matches!(d, public::choiceCotangent::Two(..)));
}

/// A public type of which all floats are those of a private one.
pub mod outside {
    use tapeless::Differentiable;

    #[derive(Clone, Debug, Differentiable)]
    enum Model {
        Flat(f64),
        Curved { by: f64, more: Vec<f64> },
    }

    #[derive(Clone, Copy, Debug, Differentiable)]
    enum Mode {
        Fast,
    }

    /// What is seen of it.
    #[derive(Clone, Debug, Differentiable)]
    pub struct Prepared {
        mode: Mode,
        model: Model,
        others: Vec<Model>,
    }

    /// Nothing but the private type.
    #[derive(Clone, Debug, Differentiable)]
    pub struct Only {
        model: Model,
    }

    /// A value.
    pub fn prepared() -> Prepared {
        let curved = Model::Curved {
            by: 1.0,
            more: vec![2.0, 3.0],
        };
        let _ = Only {
            model: curved.clone(),
        }
        .model;
        Prepared {
            mode: Mode::Fast,
            model: curved,
            others: vec![Model::Flat(4.0)],
        }
    }
}

#[test]
fn floats_of_a_private_type() {
    let mut value = outside::prepared();
    assert_eq!(flat_forms(&mut value), [1.0, 2.0, 3.0, 4.0]);
    fn floats<P: tapeless::Parameters<Scalar = f64>>(value: &P) -> usize {
        value.count()
    }
    assert_eq!(floats(&value), 4);
}
