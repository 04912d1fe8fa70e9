//! The same bodies over `f64`, differentiated, and over dual numbers: the gradients agree to the last digits.

use num_dual::{Dual64, DualNum};
use tapeless::differentiate;
use tapeless_tests::oracle::{agree, duals, points, EXACT};

/// Each body twice: as a differentiated function of a slice, and over dual numbers.
macro_rules! bodies {
    ($($name:ident in $domain:expr; |$x:ident| $body:block)*) => {$(
        #[test]
        fn $name() {
            #[differentiate]
            fn primal($x: &[f64]) -> f64 $body

            fn dual($x: &[Dual64]) -> Dual64 $body

            for at in points(&$domain, 7) {
                let (value, gradient) = primal_value_and_grad(&at);
                assert_eq!(value.to_bits(), primal(&at).to_bits());
                for (ours, exact) in gradient.iter().zip(duals(dual, &at)) {
                    assert!(agree(*ours, exact, value, EXACT), "at {at:?}: {gradient:?}, not {exact}");
                }
            }
        }
    )*};
}

bodies! {
    straight in [(-1.0, 1.0), (0.5, 2.0)]; |x| {
        let y = x[0].sin() * x[1];
        let z = (y * y + 1.0).sqrt() / x[1];
        z.exp() - y * z.ln() + x[0].powi(3)
    }

    branches in [(-2.0, 2.0), (-2.0, 2.0)]; |x| {
        let y = if x[0].real() > 0.0 { x[0] * x[1] } else { x[1].exp() };
        let z = match (y.real() > 1.0, x[1].real() > 0.0) {
            (true, _) => y.ln(),
            (false, true) => y * y,
            _ => y.sin() + x[0],
        };
        z * y
    }

    loops in [(0.1, 1.0), (0.1, 1.0), (0.1, 1.0)]; |x| {
        let mut state = x[0];
        for i in 0..x.len() {
            let step = state * x[i] + 0.5;
            if step.real() > 1.0 {
                state = step.tanh();
            } else {
                state *= x[i];
                state += 1.0;
            }
        }
        let mut count = 0;
        while state.real() < 5.0 && count < 20 {
            state = state * 1.5 + x[2];
            count += 1;
        }
        state.ln()
    }

    memory in [(0.1, 1.0), (0.1, 1.0), (0.1, 1.0)]; |x| {
        let mut a = [x[0], x[1], x[2], x[0] * x[1]];
        for i in 1..4 {
            a[i] = a[i] * a[i - 1] + a[3 - i].sin();
            a[i - 1] *= a[i];
        }
        a.swap(0, 2);
        a[0] * a[1] - a[2] / a[3]
    }

    exits in [(-1.0, 2.0), (0.1, 2.0)]; |x| {
        let mut sum = x[0] * 0.0;
        for i in 0..5 {
            sum += x[0] * x[1] * i as f64;
            if sum.real() > 6.0 {
                return sum.sqrt() * x[1];
            }
            if sum.real() < -3.0 {
                break;
            }
        }
        sum * sum + x[1].cos()
    }
}

/// What conditions look at.
trait RealPart {
    fn real(&self) -> f64;
}

impl RealPart for f64 {
    fn real(&self) -> f64 {
        *self
    }
}

impl RealPart for Dual64 {
    fn real(&self) -> f64 {
        self.re
    }
}
