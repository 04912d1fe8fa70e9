//! Whole functions that combine what the other tests take one by one, in every way that they can be differentiated:
//! function by function and as a module that sees through its calls; with arrays, with vectors and with checkpoints for
//! what their loops store. Against central differences, at all lengths including none.

use std::panic::catch_unwind;

use tapeless_tests::oracle::{agree, differences, BY_DIFFERENCES};

/// The functions as they are; each annotated by itself, its loops bounded; each with few saved states; and as modules.
/// A test of each.
macro_rules! under_each_bound {
    ($functions:ident: $(($f:ident, $gradient:ident))*) => {
        $functions!(plain [] [] []);
        $functions!(bounded [] [#[tapeless::differentiate]] [#[max_iters(20)]]);
        $functions!(saved [] [#[tapeless::differentiate]] [#[checkpoints(2)]]);
        $functions!(seen [#[tapeless::differentiate]] [] []);
        $functions!(seen_saved [#[tapeless::differentiate]] [] [#[checkpoints(2)]]);

        $(
            #[test]
            fn $f() {
                crate::compare(
                    plain::$f,
                    &[
                        ("bounded", bounded::$gradient),
                        ("saved", saved::$gradient),
                        ("seen", seen::$gradient),
                        ("seen, saved", seen_saved::$gradient),
                    ],
                );
            }
        )*
    };
}

mod exits;
mod in_place;
mod structures;
mod sums;
mod vectors;

/// Of some floats and a small number, which decides where loops are left, which elements are touched.
type Function = fn(&[f64], usize) -> f64;
/// Its value and gradient.
type Gradient = fn(&[f64], usize) -> (f64, Vec<f64>);

/// How many floats.
const LENGTHS: [usize; 6] = [0, 1, 2, 3, 5, 8];

/// Floats at irregular distances, so that none are equal.
fn input(len: usize, number: usize) -> Vec<f64> {
    let share = |index: usize| ((index + 2) as f64).sqrt() * (number as f64 + 2.7);
    (0..len)
        .map(|index| 2.4 * share(index).fract() - 0.9)
        .collect()
}

fn compare(f: Function, gradients: &[(&str, Gradient)]) {
    let mut compared = 0;
    for len in LENGTHS {
        for n in 0..6 {
            let x = &input(len, n);
            // Some take at least one float: their gradients panic as they do.
            let value = catch_unwind(|| f(x, n)).ok();
            let slopes = value.map(|_| differences(|x| f(x, n), x));
            for (way, gradient) in gradients {
                let found = catch_unwind(|| gradient(x, n)).ok();
                let same =
                    value.map(f64::to_bits) == found.as_ref().map(|(value, _)| value.to_bits());
                assert!(same, "{way} at {x:?}, {n}: {found:?}, not {value:?}");
                if let (Some(slopes), Some((value, found))) = (&slopes, &found) {
                    assert_eq!(slopes.len(), found.len(), "{way} at {x:?}, {n}");
                    let close = |(a, b): (&f64, &f64)| agree(*a, *b, *value, 10.0 * BY_DIFFERENCES);
                    let all = slopes.iter().zip(found).all(close);
                    assert!(all, "{way} at {x:?}, {n}: {found:?}, not {slopes:?}");
                    compared += 1;
                }
            }
        }
    }
    assert!(compared >= 100, "only {compared} points could be compared");
}
