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

/// Guards and conditions whose closures bind names that are read beside them.
mod a_name_bound_in_a_guard {
    use tapeless::{assert_gradient, differentiate};

    #[differentiate]
    fn guarded(b: &[f64], c: f64) -> f64 {
        match b.len() {
            j if b
                .windows(2)
                .take_while(|&b| (j as f64) > b[0] * c)
                .fold(0.5, |t, b| t * b[0])
                > b[0] =>
            {
                c * b[1]
            }
            _ => c * c,
        }
    }

    #[differentiate]
    fn shadowed(a: &[f64], t: f64) -> f64 {
        let mut s = 0.0;
        for u in a.iter() {
            let d = *u;
            let u = match a.len() % 4 {
                _ if a.iter().map(|y| *u * y).map(|u| u - t).fold(-9.0, f64::max) >= 0.6 => d * t,
                _ => d * d,
            };
            s += u;
        }
        s
    }

    #[test]
    fn by_differences() {
        for b in [[0.4, 0.7, 0.3], [-0.2, 1.9, 0.8]] {
            assert_gradient!(guarded(&b, 1.3));
            assert_gradient!(shadowed(&b, 0.2));
        }
    }
}

/// A method on a product that began with a number and met only other open numbers.
mod a_product_of_what_is_folded {
    use tapeless::{assert_gradient, differentiate};

    #[differentiate]
    fn folded(a: &[f32], t: f32) -> f32 {
        t * a.iter().fold(0.4, |d, x| {
            x + a
                .chunks_exact(2)
                .take_while(|b| b[0] > 0.0)
                .map(|_| d)
                .product::<f32>()
                .powi(3)
        })
    }

    #[test]
    fn by_differences() {
        assert_gradient!(folded(&[0.3, 0.6, 0.2, 0.1], 0.9));
    }
}

/// `&mut` handed over where `&` is asked for: what is behind it is read in the same call.
mod an_exclusive_reference_that_is_only_read {
    use tapeless::{differentiate, Differentiable};

    #[derive(Clone, Differentiable)]
    struct Pair {
        k: f64,
        rest: f64,
    }

    #[differentiate]
    fn read(p: &Pair, x: f64) -> f64 {
        p.k * x + p.rest
    }

    #[differentiate]
    fn scaled(p: &mut Pair) -> f64 {
        p.k *= read(p, p.k);
        read(p, p.rest * p.k)
    }

    #[test]
    fn by_hand() {
        let mut p = Pair { k: 0.7, rest: 1.3 };
        let mut d = PairCotangent { k: 0.0, rest: 0.0 };
        let value = scaled_vjp(&mut p, 1.0, &mut d);
        // k' = k³ + k·r, and the value is k'²·r + r.
        let (k, r) = (0.7, 1.3);
        let after = k * (k * k + r);
        assert_eq!(p.k, after);
        assert!((value - (after * after * r + r)).abs() < 1e-14);
        assert!((d.k - 2.0 * after * r * (3.0 * k * k + r)).abs() < 1e-13);
        assert!((d.rest - (2.0 * after * r * k + after * after + 1.0)).abs() < 1e-13);
    }
}

/// `..` among the places of a destructuring assignment.
mod the_rest_of_a_destructuring_assignment {
    use tapeless::{assert_gradient, differentiate};

    #[differentiate]
    fn ends(x: f64, y: f64) -> f64 {
        let (mut a, mut b, c);
        (a, .., b) = (x, y, 2.0, x * y);
        (.., c) = (x, x, y.sin());
        [a, ..] = [a * b, 1.0, 2.0];
        (b, ..) = (a + b, 3);
        a + 2.0 * b + 3.0 * c
    }

    #[test]
    fn by_differences() {
        assert_gradient!(ends(0.7, -1.2));
        let (x, y): (f64, f64) = (0.7, -1.2);
        let (first, last) = (x * (x * y), x * y);
        assert_eq!(
            ends_value_and_grad(x, y).0,
            first + 2.0 * (first + last) + 3.0 * y.sin()
        );
    }
}

mod a_name_bound_again_behind_a_reference {
    use tapeless::check::assert_gradient;
    use tapeless::differentiate;

    /// The inner `a` is a reference, the outer one a number.
    #[differentiate]
    fn folded(xs: &[f64], ys: &[f64], k: f64) -> f64 {
        xs.iter().fold(0.5, |total, &a| {
            let above = ys.iter().map(|a| (*a % 0.7) * (total * (*a))).sum::<f64>() > a * 0.1;
            if above {
                total * a + k
            } else {
                total - a * k
            }
        })
    }

    #[test]
    fn gradients() {
        assert_gradient!(folded(&[0.3, -0.8, 1.4], &[0.5, 1.9], 0.7));
        assert_gradient!(folded(&[0.3, 2.8, 1.4], &[-0.5, 0.9], 0.7));
    }
}
