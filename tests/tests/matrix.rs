//! Every operation of the dense types: its rule against differences, the adjoint alone and the form
//! into a buffer against the rule; on the stack and on the heap.

use tapeless::check::finite_difference::central;
use tapeless::matrix::{DMatrix, DVector, Matrix, Vector};
use tapeless::nn::{init, Linear, Rng};
use tapeless::ops::{
    AddAssignVjp, AddVjp, DivAssignVjp, DivVjp, IndexVjp, MulAssignVjp, MulVjp, NegVjp,
    SubAssignVjp, SubVjp,
};
use tapeless::{Differentiable, Inactive, Parameters};

fn flat<P: Parameters<Scalar = f64>>(p: &P) -> Vec<f64> {
    let mut flat = vec![0.0; p.count()];
    p.write_flat(&mut flat);
    flat
}

/// Fixed irregular numbers with the shape of `p`.
fn filled<P: Parameters<Scalar = f64>>(mut p: P, seed: f64) -> P {
    let numbers: Vec<f64> = (1..=p.count())
        .map(|i| (i as f64 * 1.7 + seed).sin() * 1.3)
        .collect();
    p.read_flat(&numbers);
    p
}

#[track_caller]
fn assert_close(name: &str, got: &[f64], expected: &[f64]) {
    assert_eq!(got.len(), expected.len(), "{name}");
    for (i, (got, expected)) in got.iter().zip(expected).enumerate() {
        let scale = expected.abs().max(1.0);
        assert!(
            (got - expected).abs() <= 1e-7 * scale,
            "{name}[{i}]: {got} is not {expected}"
        );
    }
}

/// Compares what `vjp` adds to a cotangent of ones with differences of `⟨w, f⟩`.
#[track_caller]
fn check<P, Y>(name: &str, p: P, f: impl Fn(&P) -> Y, vjp: impl Fn(&P, Y, &mut P) -> Y)
where
    P: Parameters<Scalar = f64> + Differentiable<Cotangent = P> + Clone,
    Y: Parameters<Scalar = f64> + Differentiable<Cotangent = Y> + PartialEq + std::fmt::Debug,
{
    let p = filled(p, 0.3);
    let y = f(&p);
    let w = filled(y.zero_cotangent(), 2.1);
    let weights = flat(&w);
    let objective = |x: &[f64]| {
        let mut p = p.clone();
        p.read_flat(x);
        flat(&f(&p))
            .iter()
            .zip(&weights)
            .map(|(y, w)| y * w)
            .sum::<f64>()
    };
    let expected: Vec<f64> = central(objective, &flat(&p))
        .iter()
        .map(|d| d + 1.0)
        .collect();
    let mut d = p.zero_cotangent();
    d.read_flat(&vec![1.0; p.count()]);
    assert_eq!(vjp(&p, w, &mut d), y, "{name}: the rule's value");
    assert_close(name, &flat(&d), &expected);
}

/// All six forms of a method of two operands.
macro_rules! binary {
    ($x:expr, $a:expr; $($name:ident $into:ident $vjp:ident $pullback:ident $into_vjp:ident $into_pullback:ident;)*) => {$({
        let p = ($x, $a);
        check(stringify!($vjp), p.clone(), |(x, a)| x.$name(a), |(x, a), w, (d_x, d_a)| x.$vjp(a, w, d_x, d_a));
        check(stringify!($pullback), p.clone(), |(x, a)| x.$name(a), |(x, a), w, (d_x, d_a)| {
            let out = x.$name(a);
            x.$pullback(a, &out, w, d_x, d_a);
            out
        });
        check(stringify!($into_vjp), p, |(x, a)| x.$name(a), |(x, a), mut w, (d_x, d_a)| {
            let mut out = filled(w.clone(), 0.7);
            x.$into_vjp(a, &mut out, &mut *d_x, &mut *d_a, &mut w);
            assert!(flat(&w).iter().all(|&w| w == 0.0), "what was overwritten has no influence");
            x.$into_pullback(a, &out, d_x, d_a, Inactive);
            out
        });
    })*};
}

/// All six forms of a method of one operand and perhaps some numbers.
macro_rules! unary {
    ($x:expr; $($name:ident $into:ident $vjp:ident $pullback:ident $into_vjp:ident $into_pullback:ident $(($p:expr))?;)*) => {$({
        check(stringify!($vjp), $x, |x| x.$name($($p)?), |x, w, d_x| x.$vjp($($p,)? w, d_x $(, { let _ = $p; Inactive })?));
        check(stringify!($pullback), $x, |x| x.$name($($p)?), |x, w, d_x| {
            let out = x.$name($($p)?);
            x.$pullback($($p,)? &out, w, d_x $(, { let _ = $p; Inactive })?);
            out
        });
        check(stringify!($into_vjp), $x, |x| x.$name($($p)?), |x, mut w, d_x| {
            let mut out = filled(w.clone(), 0.7);
            x.$into_vjp($($p,)? &mut out, &mut *d_x, $({ let _ = $p; Inactive },)? &mut w);
            assert!(flat(&w).iter().all(|&w| w == 0.0), "what was overwritten has no influence");
            x.$into_pullback($($p,)? &out, d_x, $({ let _ = $p; Inactive },)? Inactive);
            out
        });
    })*};
}

/// The same table for the types of the stack and of the heap.
macro_rules! everywhere {
    ($check:ident!($stack:expr, $heap:expr) $($rows:tt)*) => {
        $check! { $stack; $($rows)* }
        $check! { $heap; $($rows)* }
    };
}

#[test]
fn activations() {
    everywhere! { unary!(Matrix::<f64, 3, 4>::zeros(), DMatrix::<f64>::zeros(3, 4))
        relu relu_into relu_vjp relu_pullback relu_into_vjp relu_into_pullback;
        sigmoid sigmoid_into sigmoid_vjp sigmoid_pullback sigmoid_into_vjp sigmoid_into_pullback;
        tanh tanh_into tanh_vjp tanh_pullback tanh_into_vjp tanh_into_pullback;
        gelu gelu_into gelu_vjp gelu_pullback gelu_into_vjp gelu_into_pullback;
        gelu_tanh gelu_tanh_into gelu_tanh_vjp gelu_tanh_pullback gelu_tanh_into_vjp gelu_tanh_into_pullback;
        silu silu_into silu_vjp silu_pullback silu_into_vjp silu_into_pullback;
        softplus softplus_into softplus_vjp softplus_pullback softplus_into_vjp softplus_into_pullback;
        mish mish_into mish_vjp mish_pullback mish_into_vjp mish_into_pullback;
        hardtanh hardtanh_into hardtanh_vjp hardtanh_pullback hardtanh_into_vjp hardtanh_into_pullback;
        leaky_relu leaky_relu_into leaky_relu_vjp leaky_relu_pullback leaky_relu_into_vjp leaky_relu_into_pullback (0.2);
        elu elu_into elu_vjp elu_pullback elu_into_vjp elu_into_pullback (0.7);
        softmax softmax_into softmax_vjp softmax_pullback softmax_into_vjp softmax_into_pullback;
        log_softmax log_softmax_into log_softmax_vjp log_softmax_pullback log_softmax_into_vjp log_softmax_into_pullback;
    }
    everywhere! { unary!(Vector::<f64, 5>::zeros(), DVector::<f64>::zeros(5))
        gelu gelu_into gelu_vjp gelu_pullback gelu_into_vjp gelu_into_pullback;
        softmax softmax_into softmax_vjp softmax_pullback softmax_into_vjp softmax_into_pullback;
    }
}

#[test]
fn parameters_of_activations() {
    let x = filled(Vector::<f64, 6>::zeros(), 0.3);
    check(
        "leaky_relu",
        0.2,
        |&s| x.leaky_relu(s),
        |&s, w, d| x.leaky_relu_vjp(s, w, Inactive, d),
    );
    check(
        "elu",
        0.7,
        |&a| x.elu(a),
        |&a, w, d| x.elu_vjp(a, w, Inactive, d),
    );
    check(
        "scale",
        0.7,
        |&a| x.scale(a),
        |&a, w, d| x.scale_vjp(a, w, Inactive, d),
    );
}

#[test]
fn products() {
    macro_rules! products {
        ($a:expr, $b:expr, $c:expr, $v:expr, $u:expr) => {
            binary! { $a, $b; matmul matmul_into matmul_vjp matmul_pullback matmul_into_vjp matmul_into_pullback; }
            binary! { $a, $a; matmul_t matmul_t_into matmul_t_vjp matmul_t_pullback matmul_t_into_vjp matmul_t_into_pullback; }
            binary! { $a, $c; t_matmul t_matmul_into t_matmul_vjp t_matmul_pullback t_matmul_into_vjp t_matmul_into_pullback; }
            binary! { $a, $v; matvec matvec_into matvec_vjp matvec_pullback matvec_into_vjp matvec_into_pullback; }
            binary! { $a, $u; t_matvec t_matvec_into t_matvec_vjp t_matvec_pullback t_matvec_into_vjp t_matvec_into_pullback; }
            binary! { $v, $u; outer outer_into outer_vjp outer_pullback outer_into_vjp outer_into_pullback; }
        };
    }
    products!(
        Matrix::<f64, 2, 5>::zeros(),
        Matrix::<f64, 5, 4>::zeros(),
        Matrix::<f64, 2, 3>::zeros(),
        Vector::<f64, 5>::zeros(),
        Vector::<f64, 2>::zeros()
    );
    products!(
        DMatrix::<f64>::zeros(2, 5),
        DMatrix::<f64>::zeros(5, 4),
        DMatrix::<f64>::zeros(2, 3),
        DVector::<f64>::zeros(5),
        DVector::<f64>::zeros(2)
    );
}

/// Large enough for the packed kernels, where a feature brings them, and with ragged edges.
#[test]
fn large_products_agree_with_small_ones() {
    let (a, b) = (DMatrix::zeros(37, 41), DMatrix::zeros(41, 29));
    let (a, b) = (filled(a, 0.1), filled(b, 0.2));
    let plain = DMatrix::from_fn(37, 29, |i, j| (0..41).map(|k| a[(i, k)] * b[(k, j)]).sum());
    assert_close("matmul", a.matmul(&b).as_slice(), plain.as_slice());
    assert_close(
        "matmul_t",
        a.matmul_t(&b.transpose()).as_slice(),
        plain.as_slice(),
    );
    assert_close(
        "t_matmul",
        a.transpose().t_matmul(&b).as_slice(),
        plain.as_slice(),
    );
    let mut d_b = filled(b.clone(), 0.9);
    let before = d_b.clone();
    a.matmul_vjp(&b, plain.clone(), Inactive, &mut d_b);
    let expected = before + a.transpose() * &plain;
    assert_close("accumulated", d_b.as_slice(), expected.as_slice());
}

#[test]
fn elementwise_and_reductions() {
    macro_rules! methods {
        ($x:expr) => {
            binary! { $x, $x;
                hadamard hadamard_into hadamard_vjp hadamard_pullback hadamard_into_vjp hadamard_into_pullback;
                dropout dropout_into dropout_vjp dropout_pullback dropout_into_vjp dropout_into_pullback;
            }
            check("sum", $x, |x| x.sum(), |x, w, d| x.sum_vjp(w, d));
            check("mean", $x, |x| x.mean(), |x, w, d| x.mean_vjp(w, d));
            check("norm_squared", $x, |x| x.norm_squared(), |x, w, d| x.norm_squared_vjp(w, d));
            check("scale", $x, |x| x.scale(1.5), |x, w, d| x.scale_vjp(1.5, w, d, Inactive));
            check("dot", ($x, $x), |(x, y)| x.dot(y), |(x, y), w, (d_x, d_y)| x.dot_vjp(y, w, d_x, d_y));
        };
    }
    methods!(Matrix::<f64, 2, 3>::zeros());
    methods!(DVector::<f64>::zeros(11));
    let transpose = Matrix::<f64, 2, 3>::zeros();
    check(
        "transpose",
        transpose,
        |x| x.transpose(),
        |x, w, d| x.transpose_vjp(w, d),
    );
    let transpose = DMatrix::<f64>::zeros(2, 3);
    check(
        "transpose",
        transpose,
        |x| x.transpose(),
        |x, w, d| x.transpose_vjp(w, d),
    );
}

#[test]
fn losses() {
    macro_rules! pairs {
        ($x:expr; $($name:ident $vjp:ident $(($c:expr))?;)*) => {$(
            check(stringify!($name), ($x, filled($x, 4.0)), |(p, t)| p.$name(t $(, $c)?), |(p, t), w, (d_p, d_t)| {
                p.$vjp(t, $($c,)? w, d_p, d_t $(, { let _ = $c; Inactive })?)
            });
        )*};
    }
    everywhere! { pairs!(Matrix::<f64, 3, 4>::zeros(), DVector::<f64>::zeros(9))
        mse mse_vjp; l1 l1_vjp; huber huber_vjp (0.4); smooth_l1 smooth_l1_vjp (0.4);
        bce_with_logits bce_with_logits_vjp; hinge hinge_vjp;
    }
    let (p, t) = (
        filled(Vector::<f64, 6>::zeros(), 0.3),
        filled(Vector::<f64, 6>::zeros(), 4.0),
    );
    check(
        "delta",
        0.4,
        |&c| p.huber(&t, c),
        |&c, w, d| p.huber_vjp(&t, c, w, Inactive, Inactive, d),
    );
    check(
        "beta",
        0.4,
        |&c| p.smooth_l1(&t, c),
        |&c, w, d| p.smooth_l1_vjp(&t, c, w, Inactive, Inactive, d),
    );
}

#[test]
fn cross_entropy() {
    let labels = [2, 0, 1];
    let p = (DMatrix::<f64>::zeros(3, 4), 0.0);
    check(
        "smoothed",
        p,
        |(x, s)| x.cross_entropy_with_logits(&labels, *s),
        |(x, s), w, (d_x, d_s)| x.cross_entropy_with_logits_vjp(&labels, *s, w, d_x, Inactive, d_s),
    );
    let p = Vector::<f64, 4>::zeros();
    check(
        "one",
        p,
        |x| x.softmax_cross_entropy(3),
        |x, w, d| x.softmax_cross_entropy_vjp(3, w, d, Inactive),
    );
    // More classes than are kept on the stack.
    let p = DMatrix::<f64>::zeros(3, 100);
    check(
        "many",
        p,
        |x| x.softmax_cross_entropy(&labels),
        |x, w, d| x.softmax_cross_entropy_vjp(&labels, w, d, Inactive),
    );
}

#[test]
fn layers() {
    macro_rules! layers {
        ($x:expr, $w:expr, $b:expr) => {
            check("linear", ($x, $w, $b), |(x, w, b)| x.linear(w, b), |(x, w, b), d_y, (d_x, d_w, d_b)| {
                x.linear_vjp(w, b, d_y, d_x, d_w, d_b)
            });
            check("linear_relu", ($x, $w, $b), |(x, w, b)| x.linear_relu(w, b), |(x, w, b), mut d_y, (d_x, d_w, d_b)| {
                let mut y = d_y.clone();
                x.linear_relu_into_vjp(w, b, &mut y, d_x, d_w, d_b, &mut d_y);
                y
            });
            binary! { Linear { weight: $w, bias: $b }, $x;
                forward forward_into forward_vjp forward_pullback forward_into_vjp forward_into_pullback;
                forward_relu forward_relu_into forward_relu_vjp forward_relu_pullback forward_relu_into_vjp forward_relu_into_pullback;
            }
        };
    }
    layers!(
        Matrix::<f64, 2, 3>::zeros(),
        Matrix::<f64, 4, 3>::zeros(),
        Vector::<f64, 4>::zeros()
    );
    layers!(
        Vector::<f64, 3>::zeros(),
        Matrix::<f64, 4, 3>::zeros(),
        Vector::<f64, 4>::zeros()
    );
    layers!(
        DMatrix::<f64>::zeros(2, 3),
        DMatrix::<f64>::zeros(4, 3),
        DVector::<f64>::zeros(4)
    );
    layers!(
        DVector::<f64>::zeros(3),
        DMatrix::<f64>::zeros(4, 3),
        DVector::<f64>::zeros(4)
    );
}

#[test]
fn operators() {
    macro_rules! operators {
        ($a:expr) => {
            check(
                "+",
                ($a, $a),
                |(a, b)| a + b,
                |(a, b), w, (d_a, d_b)| AddVjp::add_vjp(a, b, w, d_a, d_b),
            );
            check(
                "-",
                ($a, $a),
                |(a, b)| a - b,
                |(a, b), w, (d_a, d_b)| SubVjp::sub_vjp(a, b, w, d_a, d_b),
            );
            check(
                "* s",
                ($a, 0.0),
                |(a, s)| a * *s,
                |(a, s), w, (d_a, d_s)| MulVjp::mul_vjp(a, *s, w, d_a, d_s),
            );
            check(
                "s *",
                (0.0, $a),
                |(s, a)| *s * a,
                |(s, a), w, (d_s, d_a)| MulVjp::mul_vjp(*s, a, w, d_s, d_a),
            );
            check(
                "/ s",
                ($a, 0.0),
                |(a, s)| a / *s,
                |(a, s), w, (d_a, d_s)| DivVjp::div_vjp(a, *s, w, d_a, d_s),
            );
            check("-", $a, |a| -a, |a, w, d_a| NegVjp::neg_vjp(a, w, d_a));
        };
    }
    operators!(Matrix::<f64, 2, 3>::zeros());
    operators!(Vector::<f64, 3>::zeros());
    operators!(DMatrix::<f64>::zeros(2, 3));
    operators!(DVector::<f64>::zeros(3));
    let product = (Matrix::<f64, 2, 3>::zeros(), Matrix::<f64, 3, 2>::zeros());
    check(
        "*",
        product,
        |(a, b)| *a * *b,
        |(a, b), w, (d_a, d_b)| MulVjp::mul_vjp(*a, *b, w, d_a, d_b),
    );
    let product = (DMatrix::<f64>::zeros(2, 3), DVector::<f64>::zeros(3));
    check(
        "*",
        product,
        |(a, b)| a * b,
        |(a, b), w, (d_a, d_b)| MulVjp::mul_vjp(a, b, w, d_a, d_b),
    );
}

/// A compound assignment as a function of the old value and the operand.
macro_rules! assigned {
    ($p:expr; $($vjp:ident: $method:ident $symbol:tt $([$deref:tt])?;)*) => {$(
        check(
            stringify!($method),
            $p,
            |(a, b)| { let mut a = a.clone(); a $symbol $($deref)? b; a },
            |(a, b), w, (d_a, d_b)| {
                let (mut a, mut d) = (a.clone(), w);
                $vjp::$method(&mut a, $($deref)? b, &mut d, d_b);
                *d_a += d;
                a
            },
        );
    )*};
}

#[test]
fn compound_assignments() {
    everywhere! { assigned!(
        (Matrix::<f64, 2, 3>::zeros(), Matrix::<f64, 2, 3>::zeros()),
        (DVector::<f64>::zeros(3), DVector::<f64>::zeros(3))
    )
        AddAssignVjp: add_assign_vjp +=;
        SubAssignVjp: sub_assign_vjp -=;
    }
    everywhere! { assigned!((Vector::<f64, 3>::zeros(), 0.0), (DMatrix::<f64>::zeros(2, 3), 0.0))
        MulAssignVjp: mul_assign_vjp *= [*];
        DivAssignVjp: div_assign_vjp /= [*];
    }
}

#[test]
fn elements() {
    check(
        "m[(1, 2)]",
        Matrix::<f64, 2, 3>::zeros(),
        |a| a[(1, 2)],
        |a, w, d| *a.index_vjp((1, 2), w, d),
    );
    check(
        "v[3]",
        DVector::<f64>::zeros(4),
        |a| a[3],
        |a, w, d| *a.index_vjp(3, w, d),
    );
}

#[test]
fn constructors() {
    check(
        "Vector",
        [0.0; 3],
        |&a| Vector::new(a),
        |&a, w, d| Vector::new_vjp(a, w, d),
    );
    check(
        "Matrix",
        [[0.0; 3]; 2],
        |&a| Matrix::new(a),
        |&a, w, d| Matrix::new_vjp(a, w, d),
    );
    let data = || vec![0.0; 6];
    check(
        "DVector",
        data(),
        |a| DVector::new(a.clone()),
        |a, w, d| DVector::new_vjp(a.clone(), w, d),
    );
    check(
        "DMatrix",
        data(),
        |a| DMatrix::from_vec(2, 3, a.clone()),
        |a, w, d| DMatrix::from_vec_vjp(2, 3, a.clone(), w, Inactive, Inactive, d),
    );
}

#[test]
fn floats_in_order() {
    let mut p = (Matrix::new([[1.0, 2.0], [3.0, 4.0]]), Vector::new([5.0]));
    assert_eq!(flat(&p), [1.0, 2.0, 3.0, 4.0, 5.0]);
    let mut runs = vec![];
    let d = p;
    p.visit(&d, |run, d| runs.push((run.to_vec(), d.len())));
    assert_eq!(runs, [(vec![1.0, 2.0, 3.0, 4.0], 4), (vec![5.0], 1)]);
    let mut layer = Linear {
        weight: DMatrix::zeros(2, 2),
        bias: DVector::zeros(1),
    };
    layer.read_flat(&[1.0, 2.0, 3.0, 4.0, 5.0]);
    assert_eq!(layer.bias.0, [5.0]);
    assert_eq!(flat(&layer), [1.0, 2.0, 3.0, 4.0, 5.0]);
}

macro_rules! refused {
    ($($test:ident: $message:literal, $body:expr;)*) => {$(
        #[test]
        #[should_panic(expected = $message)]
        fn $test() {
            let _ = $body;
        }
    )*};
}

refused! {
    mismatched_product: "matmul: 2×3 with 2×3", {
        let a = DMatrix::<f64>::zeros(2, 3);
        a.matmul(&a)
    };
    mismatched_buffer: "matmul_into: 2×3 with 3×1 does not go into 2×2", {
        let a = DMatrix::<f64>::zeros(2, 3);
        a.matmul_into(&DMatrix::zeros(3, 1), &mut DMatrix::zeros(2, 2))
    };
    mismatched_sum: "add: 2×3 does not go with 3×2", {
        DMatrix::<f64>::zeros(2, 3) + DMatrix::zeros(3, 2)
    };
    mismatched_layer: "linear: 5×3 with 4×2", {
        DMatrix::<f64>::zeros(5, 3).linear(&DMatrix::zeros(4, 2), &DVector::zeros(4))
    };
    mismatched_bias: "linear_relu: weights of 4 rows with a bias of length 2", {
        DMatrix::<f64>::zeros(5, 3).linear_relu(&DMatrix::zeros(4, 3), &DVector::zeros(2))
    };
    mismatched_labels: "2×3 logits with 1 labels", {
        DMatrix::<f64>::zeros(2, 3).softmax_cross_entropy(&[0])
    };
    no_such_class: "no class 3 among 3", {
        DMatrix::<f64>::zeros(2, 3).softmax_cross_entropy(&[0, 3])
    };
    mismatched_slot: "2×2 does not go with 3×3", {
        let x = DMatrix::<f64>::zeros(2, 2);
        x.tanh_vjp(x.clone(), &mut DMatrix::zeros(3, 3))
    };
}

#[test]
fn initialisers_have_their_spread() {
    let mut rng = Rng::with_seed(7);
    let mut w = DMatrix::<f64>::zeros(200, 300);
    let deviation = |w: &DMatrix<f64>| (w.norm_squared() / 60_000.0 - w.mean().powi(2)).sqrt();
    let near = |w: &DMatrix<f64>, expected: f64| {
        assert!(
            (deviation(w) / expected - 1.0).abs() < 0.02,
            "{} is not {expected}",
            deviation(w)
        );
    };
    init::kaiming_uniform(&mut w, &mut rng);
    near(&w, (2.0_f64 / 300.0).sqrt());
    init::kaiming_normal(&mut w, &mut rng);
    near(&w, (2.0_f64 / 300.0).sqrt());
    init::xavier_uniform(&mut w, 1.0, &mut rng);
    near(&w, (2.0_f64 / 500.0).sqrt());
    init::xavier_normal(&mut w, 1.0, &mut rng);
    near(&w, (2.0_f64 / 500.0).sqrt());
    init::pytorch(&mut w, &mut DVector::zeros(200), &mut rng);
    near(&w, (1.0_f64 / 900.0).sqrt());
    assert!(w
        .as_slice()
        .iter()
        .all(|w| w.abs() <= 300.0_f64.sqrt().recip()));
}

#[test]
fn a_seed_is_a_seed() {
    let draw = || {
        let mut w = Matrix::<f32, 3, 3>::zeros();
        init::normal(&mut w, 0.0, 1.0, &mut Rng::with_seed(3));
        w
    };
    assert_eq!(draw(), draw());
}
