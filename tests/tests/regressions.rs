//! Small programs that once went wrong, each named after its fault. The random programs found them.

use tapeless::differentiate;

#[differentiate]
fn literal_bounds_leave_the_integer_type_open(x: f64) -> f64 {
    let mut s = 0.0;
    for i in (0..4).skip(1) {
        s += x * i as f64;
    }
    for _ in (1..=4).step_by(2) {
        s = s * x;
    }
    s
}

#[test]
fn literal_bounds() {
    // 6 x³
    let (value, dx) = literal_bounds_leave_the_integer_type_open_value_and_grad(2.0);
    assert_eq!((value, dx), (48.0, 72.0));
}

#[differentiate]
fn product_of_ends(head: &[f64], all: &[f64]) -> f64 {
    head[0] * all[all.len() - 1]
}

#[differentiate]
fn a_mutable_slice_is_passed_beside_a_part_of_it(x: &mut [f64]) -> f64 {
    x[0] *= 2.0;
    product_of_ends(&x[..1], x)
}

#[test]
fn a_mutable_slice_is_coerced() {
    let (value, dx) = a_mutable_slice_is_passed_beside_a_part_of_it_value_and_grad(&mut [3.0, 5.0]);
    assert_eq!((value, dx), (30.0, vec![10.0, 6.0]));
}

#[differentiate]
fn an_assignment_inside_of_vec(x: f64) -> f64 {
    let mut s = x;
    for _ in 0..2 {
        let squares = vec![
            {
                s *= x;
                s
            };
            1
        ];
        s += squares[0];
    }
    s
}

#[test]
fn assignments_inside_of_vec() {
    // s → 2 s x, twice: 4 x³
    let (value, dx) = an_assignment_inside_of_vec_value_and_grad(1.5);
    assert_eq!((value, dx), (13.5, 27.0));
}

/// A compound assignment whose right side reads what it overwrites.
mod squared_in_place {
    use tapeless::{assert_gradient, differentiate, Differentiable};

    #[derive(Clone, Copy, Differentiable)]
    pub struct Pair {
        pub k: f64,
        pub rest: f64,
    }

    #[differentiate]
    fn behind_a_reference(s: &mut Pair) -> f64 {
        s.k *= s.k;
        s.rest / (s.k + 0.4)
    }

    #[differentiate]
    fn owned(s: Pair, x: f64) -> f64 {
        let mut a = s;
        a.k *= a.k;
        a.k += x;
        a.k += a.k;
        a.rest -= a.k;
        a.rest /= a.rest * a.k;
        a.k * a.rest
    }

    #[differentiate]
    fn again(s: Pair, rounds: usize) -> f64 {
        let mut a = s;
        for _ in 0..rounds {
            a.k *= a.k;
            a.k += a.rest;
        }
        a.k
    }

    #[test]
    fn by_differences() {
        let s = Pair { k: 0.7, rest: 1.9 };
        assert_gradient!(owned(s, 0.3));
        for rounds in 0..4 {
            assert_gradient!(again(s, rounds));
        }
        let (mut after, mut d) = (s, PairCotangent { k: 0.25, rest: 0.5 });
        let value = behind_a_reference_vjp(&mut after, 1.0, &mut d);
        let (square, below) = (s.k * s.k, s.k * s.k + 0.4);
        assert_eq!(
            (value, after.k, after.rest),
            (s.rest / below, square, s.rest)
        );
        let d_square = 0.25 - s.rest / (below * below);
        assert!((d.k - 2.0 * s.k * d_square).abs() < 1e-14);
        assert!((d.rest - 0.5 - 1.0 / below).abs() < 1e-14);
    }
}

/// A closure in a condition binds a name that stands for something else around it.
mod a_name_bound_in_a_condition {
    use tapeless::{assert_gradient, differentiate, Differentiable};

    #[derive(Clone, Differentiable)]
    struct Row {
        w: [f64; 3],
    }

    #[differentiate]
    fn filtered(v: &Row, c: f64) -> f64 {
        let mut s = 0.0;
        for &z in v.w.iter().filter(|&&x| {
            v.w.windows(2).all(|w| w[0] * x.abs() <= 0.6)
                && (if v.w.windows(2).fold(0.5, |_, w| w.iter().product::<f64>()) <= 0.6 {
                    x
                } else {
                    -x
                }) > c
        }) {
            s += z * z;
        }
        s
    }

    #[test]
    fn by_differences() {
        let row = Row {
            w: [0.4, 0.9, -0.3],
        };
        assert_gradient!(filtered(&row, 0.1));
        assert_gradient!(filtered(&row, -5.0));
    }
}
