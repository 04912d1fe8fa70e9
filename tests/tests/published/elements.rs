//! Elements of a field's sequence, of which the macro sees neither type nor length; and macros that only look.

use tapeless::{differentiate, Differentiable};

#[derive(Differentiable)]
struct Table {
    cdf: Vec<f64>,
    pmf: [f64; 3],
}

#[differentiate]
impl Table {
    fn at(&self, k: u64) -> f64 {
        *self.cdf.get(k as usize).unwrap_or(&1.0) * 2.0
    }

    fn mass(&self, k: usize, x: f64) -> f64 {
        self.pmf.get(k).copied().unwrap_or(x) * x
    }
}

#[test]
fn elements_that_may_not_be_there() {
    let table = Table {
        cdf: vec![0.25, 0.75],
        pmf: [0.5, 0.25, 0.25],
    };
    assert_eq!(table.at_grad(1).cdf, [0.0, 2.0]);
    assert_eq!(table.at_value_and_grad(2).0, 2.0);
    assert_eq!(table.at_grad(2).cdf, [0.0, 0.0]);
    let (d_table, dx) = table.mass_grad(2, 3.0);
    assert_eq!((d_table.pmf, dx), ([0.0, 0.0, 3.0], 0.25));
    let (d_table, dx) = table.mass_grad(3, 3.0);
    assert_eq!((d_table.pmf, dx), ([0.0; 3], 6.0));
}

macro_rules! relative_eq {
    ($a:expr, $b:expr) => {
        (($a) - ($b)).abs() <= 1e-9 * ($a).abs()
    };
}

#[differentiate]
fn settled(x: &mut f64, next: f64) -> bool {
    let done = relative_eq!(*x, next);
    *x = next;
    done
}

#[differentiate]
fn square_root(a: f64) -> f64 {
    let mut x = a;
    for _ in 0..60 {
        let next = 0.5 * (x + a / x);
        if settled(&mut x, next) {
            break;
        }
    }
    x
}

#[test]
fn comparisons_by_macro() {
    let (value, da) = square_root_value_and_grad(4.0);
    assert!((value - 2.0).abs() < 1e-12 && (da - 0.25).abs() < 1e-9);
}
