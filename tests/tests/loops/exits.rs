//! `while`, `loop`, `break`, `continue`, labels, early returns, `while let`, `let else`.

use tapeless::differentiate;

#[differentiate]
fn newton(a: f64) -> f64 {
    let mut x = a;
    while (x * x - a).abs() > 1e-13 * a {
        x = 0.5 * (x + a / x);
    }
    x
}

#[differentiate]
fn counted(x: f64, n: usize) -> f64 {
    let mut i = 0;
    let mut y = x;
    while i < n {
        y = (y * x).sin() + 1.0;
        i += 1;
    }
    y
}

#[differentiate]
fn broken_with_value(x: f64, limit: f64) -> f64 {
    let mut y = x;
    let mut n = 0;
    let z = loop {
        if y > limit {
            break y * x;
        }
        if n > 20 {
            break y;
        }
        y = y * 1.5 + x;
        n += 1;
    };
    z + y
}

#[differentiate]
fn continued(x: &[f64], k: f64) -> f64 {
    let mut y = k;
    for &v in x {
        if v < 0.0 {
            continue;
        }
        y = y * v + k;
        if y > 10.0 {
            y = y.ln();
            continue;
        }
        y += v;
    }
    y
}

#[differentiate]
fn broken(x: &[f64], k: f64) -> f64 {
    let mut y = k;
    for &v in x {
        y = y * v + k;
        if v > 1.0 {
            y *= k;
            break;
        }
        y = y.sin();
    }
    y
}

#[differentiate]
fn labelled(x: f64, n: usize) -> f64 {
    let mut y = x;
    'outer: for i in 0..n {
        for j in 0..n {
            if j > i {
                y *= x;
                continue 'outer;
            }
            if i * j > 7 {
                break 'outer;
            }
            y = (y + (i + j) as f64).sqrt();
        }
        y += x;
    }
    y
}

#[differentiate]
fn block(x: f64, n: usize) -> f64 {
    let y = 'search: {
        let mut y = x;
        for i in 0..n {
            y = y * y + 0.1 * x;
            if y > 2.0 {
                break 'search y * i as f64;
            }
        }
        x - y
    };
    y * x
}

#[differentiate]
fn returned(x: &[f64], k: f64) -> f64 {
    let mut y = k;
    for (i, &v) in x.iter().enumerate() {
        y = y * v + k;
        for j in 0..i {
            if y > 1.5 {
                return y * x[j];
            }
            y += v * k;
        }
    }
    y.sin()
}

#[differentiate]
fn returned_from_while(x: f64, n: usize) -> f64 {
    let mut y = x;
    let mut i = 0;
    while i < n {
        if y > 5.0 {
            return y.ln();
        }
        y += y * x;
        i += 1;
    }
    y
}

#[differentiate]
fn popped(x: &[f64], k: f64) -> f64 {
    let mut stack = x.to_vec();
    let mut y = k;
    while let Some(v) = stack.pop() {
        if v > 1.0 {
            stack.push(v * 0.4 * k);
        }
        y = y * v + k;
    }
    y
}

#[differentiate]
fn let_else(x: &[f64], k: f64) -> f64 {
    let mut y = k;
    for i in 0..x.len() {
        let Some(&next) = x.get(i + 1) else {
            y *= 3.0;
            break;
        };
        y = (y * next).sin() + x[i];
    }
    let Some(last) = x.last() else {
        return k * k;
    };
    y * last
}

#[differentiate]
fn fallible(x: &[f64], k: f64) -> Option<f64> {
    let mut y = k;
    for i in 0..4 {
        y = y * x.get(i)? + k;
    }
    Some(y)
}

#[differentiate]
fn bisected(a: f64) -> f64 {
    let (mut low, mut high) = (0.0, a);
    for _ in 0..30 {
        let middle = 0.5 * (low + high);
        if middle * middle > 2.0 {
            high = middle;
        } else {
            low = middle;
        }
    }
    high * a
}

#[differentiate]
fn once(x: f64) -> f64 {
    let mut y = x;
    loop {
        y = y * y;
        break;
    }
    while false {
        y *= 7.0;
    }
    y
}

#[test]
fn exits() {
    check!(newton, newton_value_and_grad, (2.0));
    check!(newton, newton_value_and_grad, (9.5));
    check!(once, once_value_and_grad, (1.7));
    // Along the branches taken, `high` is a fixed share of `a`, although the root does not move.
    let (value, slope) = bisected_value_and_grad(2.0);
    assert_eq!(value.to_bits(), bisected(2.0).to_bits());
    assert!((slope - value).abs() < 1e-12);
    for n in [0, 1, 2, 5, 9] {
        check!(counted, counted_value_and_grad, (0.7, n));
        check!(labelled, labelled_value_and_grad, (0.7, n));
        check!(block, block_value_and_grad, (0.7, n));
        check!(block, block_value_and_grad, (1.3, n));
        check!(
            returned_from_while,
            returned_from_while_value_and_grad,
            (0.7, n)
        );
    }
    for limit in [0.0, 1.0, 30.0, 1e9] {
        check!(
            broken_with_value,
            broken_with_value_value_and_grad,
            (0.7, limit)
        );
    }
}

#[test]
fn exits_from_sequences() {
    let x = [0.5, -0.3, 1.2, 0.7, 2.5, 1.1];
    for n in 0..=x.len() {
        check!(continued, continued_value_and_grad, (&x[..n], 0.7));
        check!(broken, broken_value_and_grad, (&x[..n], 0.7));
        check!(returned, returned_value_and_grad, (&x[..n], 0.7));
        check!(popped, popped_value_and_grad, (&x[..n], 0.7));
        check!(let_else, let_else_value_and_grad, (&x[..n], 0.7));
        let (mut d_x, mut d_k) = (vec![0.0; n], 0.0);
        let value = fallible_vjp(&x[..n], 0.7, Some(1.0), &mut d_x, &mut d_k);
        assert_eq!(value, fallible(&x[..n], 0.7));
        assert_eq!(d_k == 0.0, n < 4);
    }
}

/// An arm from which there is no way on.
#[differentiate]
fn stuck(x: f64) -> f64 {
    #![allow(clippy::empty_loop)]
    if x > 1e9 {
        loop {}
    } else {
        x * x
    }
}

#[differentiate(wrt(x))]
fn surely(x: f64, y: Result<f64, core::convert::Infallible>) -> f64 {
    match y {
        Ok(y) => y * x * x,
        Err(never) => match never {},
    }
}

#[test]
fn no_way_on() {
    assert_eq!(stuck_value_and_grad(3.0), (9.0, 6.0));
    assert_eq!(surely_value_and_grad(3.0, Ok(2.0)), (18.0, 12.0));
}
