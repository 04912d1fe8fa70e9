//! Loops against dual numbers: the same source, once for floats and once for duals.

use num_dual::{Dual64, DualNum};
use tapeless_tests::oracle::{agree, duals, EXACT};

macro_rules! functions {
    ($float:ident $(, #[$attribute:meta])?) => {
        $(#[$attribute])?
        pub fn horner(x: &[$float], k: $float) -> $float {
            let mut y = k;
            for v in x.iter().rev() {
                y = y * *v + k * k;
            }
            y
        }

        $(#[$attribute])?
        pub fn relaxed(x: &[$float], k: $float) -> $float {
            let mut a = [k, k * k, k.sin(), k.cos(), k];
            let mut step = 0;
            while step < 2 * x.len() {
                for i in 1..x.len() {
                    a[i] = (a[i - 1] * x[i] + a[i]).tanh();
                }
                a[step % 5] *= k;
                step += 1;
            }
            a[0] * a[1] + a[2] * a[3] + a[4]
        }

        $(#[$attribute])?
        pub fn likelihood(x: &[$float], k: $float) -> $float {
            let mut total = k;
            for v in x {
                let d = *v - k;
                total += (d * d).exp() / (d * d + 1.0);
            }
            total.ln() * k
        }

        /// Steep enough to amplify every error.
        $(#[$attribute])?
        pub fn chaotic(x: &[$float], k: $float) -> $float {
            let mut s = (k, k);
            for v in x {
                s = (s.0 * s.1 + *v, s.1 + s.0.cos());
                s = (s.0 * s.1, s.1 + s.0.cos());
            }
            s.0 + s.1
        }

        $(#[$attribute])?
        pub fn with_exits(x: &[$float], k: $float) -> $float {
            let mut y = k;
            'outer: for i in 0..x.len() {
                for j in 0..x.len() {
                    if (i + j) % 3 == 2 {
                        continue 'outer;
                    }
                    if i * j == 4 {
                        break 'outer;
                    }
                    y = (y * x[j] + x[i]).sin();
                }
                if i == 3 {
                    return y * k;
                }
            }
            y.exp()
        }
    };
}

mod floats {
    use tapeless::differentiate;
    functions!(f64, #[differentiate]);
}

mod dual {
    use super::*;
    functions!(Dual64);
}

macro_rules! against_duals {
    ($($f:ident, $gradient:ident;)*) => {$(
        #[test]
        fn $f() {
            let x = [0.5, -0.3, 1.2, 0.7, 0.4];
            for n in 0..=x.len() {
                let (value, (mut found, d_k)) = floats::$gradient(&x[..n], 0.8);
                assert_eq!(value.to_bits(), floats::$f(&x[..n], 0.8).to_bits());
                found.push(d_k);
                let mut at = x[..n].to_vec();
                at.push(0.8);
                let expected = duals(|at| dual::$f(&at[..n], at[n]), &at);
                for (a, b) in found.iter().zip(&expected) {
                    assert!(agree(*a, *b, value, EXACT), "{found:?} but duals say {expected:?}");
                }
            }
        }
    )*};
}

against_duals! {
    horner, horner_value_and_grad;
    relaxed, relaxed_value_and_grad;
    likelihood, likelihood_value_and_grad;
    chaotic, chaotic_value_and_grad;
    with_exits, with_exits_value_and_grad;
}
