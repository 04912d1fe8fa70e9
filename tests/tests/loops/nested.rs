//! Loops in loops.

use tapeless::differentiate;

#[differentiate]
fn independent(a: &[[f64; 3]], x: &[f64; 3]) -> f64 {
    let mut loss = 0.0;
    for row in a {
        let mut s = 0.0;
        for j in 0..3 {
            s += row[j] * x[j];
        }
        loss += s.sin() * s;
    }
    loss
}

#[differentiate]
fn carried_inside(x: &[f64], k: f64, n: usize) -> f64 {
    let mut loss = 0.0;
    for v in x {
        let mut y = *v;
        for _ in 0..n {
            y = (y * k).sin() + v;
        }
        loss += y * y;
    }
    loss
}

#[differentiate]
fn carried_outside(x: &[f64], k: f64, n: usize) -> f64 {
    let mut y = k;
    for _ in 0..n {
        let mut s = 0.0;
        for v in x {
            s += v * y;
        }
        y = s.tanh() + k;
    }
    y
}

#[differentiate]
fn triangular(x: &[f64], k: f64) -> f64 {
    let mut y = k;
    for i in 0..x.len() {
        for j in 0..i {
            y = y * x[i] + x[j];
            for l in j..i {
                y = (y * x[l]).sin();
            }
        }
        y *= k;
    }
    y
}

#[differentiate]
fn branches(x: &[f64], k: f64, n: usize) -> f64 {
    let mut y = k;
    for i in 0..n {
        if i % 2 == 0 {
            for v in x {
                if *v > 0.0 {
                    y = y * v + k;
                } else {
                    y -= v * v;
                }
            }
        } else {
            let mut j = 0;
            while j < i {
                y = y.sin();
                j += 1;
            }
        }
    }
    y
}

#[differentiate]
fn matrix(a: &[[f64; 3]; 3], b: &[[f64; 3]; 3], n: usize) -> f64 {
    let mut c = *a;
    for _ in 0..n {
        let mut d = [[0.0; 3]; 3];
        for i in 0..3 {
            for j in 0..3 {
                for k in 0..3 {
                    d[i][j] += c[i][k] * b[k][j];
                }
            }
        }
        c = d;
    }
    c[0][0] * c[1][2] + c[2][1]
}

#[differentiate]
fn in_sequence(x: &[f64], k: f64) -> f64 {
    let mut y = k;
    for v in x {
        y = y * v + 1.0;
    }
    let mean = y / (x.len() + 1) as f64;
    let mut spread = 0.0;
    for v in x {
        spread += (v - mean) * (v - mean);
    }
    for v in x.iter().rev() {
        y = (y + v * spread).cos();
    }
    y * spread
}

#[test]
fn nested() {
    let a = [[0.5, -0.3, 1.2], [0.7, 0.4, -0.6], [-0.2, 0.9, 0.3]];
    let b = [[0.1, 0.8, -0.4], [0.6, 0.2, 0.7], [0.5, -0.9, 0.3]];
    let x = [0.5, -0.3, 1.2, 0.7];
    for n in [0, 1, 2, 4] {
        check!(
            carried_inside,
            carried_inside_value_and_grad,
            (&x[..n], 0.7, 3)
        );
        check!(carried_inside, carried_inside_value_and_grad, (&x, 0.7, n));
        check!(
            carried_outside,
            carried_outside_value_and_grad,
            (&x[..n], 0.7, 3)
        );
        check!(
            carried_outside,
            carried_outside_value_and_grad,
            (&x, 0.7, n)
        );
        check!(triangular, triangular_value_and_grad, (&x[..n], 0.7));
        check!(branches, branches_value_and_grad, (&x, 0.7, n));
        check!(branches, branches_value_and_grad, (&x[..n], 0.7, 3));
        check!(matrix, matrix_value_and_grad, (&a, &b, n));
        check!(in_sequence, in_sequence_value_and_grad, (&x[..n], 0.7));
    }
    for n in [0, 1, 3] {
        let (value, (d_a, d_x)) = independent_value_and_grad(&a[..n], &[0.3, 0.4, 0.5]);
        assert_eq!(
            value.to_bits(),
            independent(&a[..n], &[0.3, 0.4, 0.5]).to_bits()
        );
        assert_eq!(d_a.len(), n);
        assert_eq!(d_x == [0.0; 3], n == 0);
    }
}
