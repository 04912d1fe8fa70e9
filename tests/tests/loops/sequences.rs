//! `for` over slices, arrays and vectors, by value and by reference.

use tapeless::differentiate;

#[differentiate]
fn slice(x: &[f64], k: f64) -> f64 {
    let mut y = k;
    for v in x {
        y = y * v + k;
    }
    for &v in x {
        y += v * v;
    }
    for v in x.iter() {
        y = y.sin() + *v;
    }
    y
}

#[differentiate]
fn array(x: [f64; 3], k: f64) -> f64 {
    let mut y = k;
    for v in x {
        y = y * v + k;
    }
    for v in &x {
        y += v * y;
    }
    y
}

#[differentiate]
fn of_array_reference(x: &[f64; 3], k: f64) -> f64 {
    let mut y = k;
    for v in x {
        y = y * v + k;
    }
    for v in *x {
        y = (y + v).sin();
    }
    y
}

#[differentiate]
fn vector(x: Vec<f64>, k: f64) -> f64 {
    let mut y = k;
    for v in &x {
        y = y * v + k;
    }
    for v in x {
        y = y.cos() * v;
    }
    y
}

#[differentiate]
fn literal(a: f64, b: f64) -> f64 {
    let mut y = 1.0;
    for v in [a, b, a * b, 2.0] {
        y = y * v + a;
    }
    for k in [1, 2, 3] {
        y += a * f64::from(k);
    }
    y
}

#[differentiate]
fn mutable(x: &[f64], k: f64) -> f64 {
    let mut a = x.to_vec();
    for v in &mut a {
        *v = *v * *v * k;
    }
    for v in a.iter_mut() {
        *v += k;
    }
    for (i, v) in a.iter_mut().enumerate() {
        *v *= i as f64 + k;
    }
    let mut y = 0.0;
    for v in a {
        y = y * k + v;
    }
    y
}

#[differentiate]
fn pairs(x: &[(f64, f64)], k: f64) -> f64 {
    let mut y = k;
    for &(a, b) in x {
        y = y * a + b;
    }
    for (a, b) in x {
        y += a * b * k;
    }
    y
}

#[differentiate]
fn zipped(x: &[f64], w: &[f64]) -> f64 {
    let mut y = 0.0;
    for (i, (a, b)) in x.iter().zip(w).enumerate() {
        y = (y * a + b).sin() + i as f64;
    }
    for pair in x.windows(2) {
        y += (pair[1] - pair[0]) * y;
    }
    for chunk in w.chunks(2) {
        y *= chunk[0];
    }
    y
}

#[differentiate]
fn rows(m: &[[f64; 2]; 3], x: &[f64; 2]) -> f64 {
    let mut y: f64 = 1.0;
    for row in m {
        let mut s = 0.0;
        for (a, b) in row.iter().zip(x) {
            s += a * b;
        }
        y = y.tanh() + s * s;
    }
    y
}

#[differentiate]
fn integers(x: f64, steps: &[i32], on: &[bool]) -> f64 {
    let mut y = x;
    for (&n, &on) in steps.iter().zip(on) {
        if on {
            y = y.powi(n) + x;
        }
    }
    y
}

#[test]
fn sequences() {
    for n in [0, 1, 2, 5] {
        let x = &[0.5, -0.3, 1.2, 0.7, -1.1][..n];
        let w = &[0.9, 1.3, -1.2, 0.4, 0.1][..n];
        check!(slice, slice_value_and_grad, (x, 0.7));
        check!(vector, vector_value_and_grad, (x.to_vec(), 0.7));
        check!(mutable, mutable_value_and_grad, (x, 0.7));
        check!(zipped, zipped_value_and_grad, (x, w));
        let steps = &[2, 3, 1, 0, 2][..n];
        check!(
            integers,
            integers_value_and_grad,
            (0.7, steps, &[true, false, true, true, true])
        );
    }
    check!(array, array_value_and_grad, ([0.5, 0.6, -0.7], 0.8));
    check!(
        of_array_reference,
        of_array_reference_value_and_grad,
        (&[0.5, 0.6, -0.7], 0.8)
    );
    check!(literal, literal_value_and_grad, (0.5, 0.6));
    check!(
        rows,
        rows_value_and_grad,
        (&[[0.5, 0.6], [0.7, -0.8], [0.9, 1.0]], &[0.3, 0.4])
    );
    let (_, (d, _)) = pairs_value_and_grad(&[(0.5, 0.25), (2.0, 4.0)], 1.0);
    assert_eq!(d, [(2.25, 2.5), (4.75, 3.0)]);
}
