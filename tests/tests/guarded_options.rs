//! Guards that read what is inside of an option in parts.
use tapeless::{assert_gradient, differentiate, Differentiable};
#[differentiate]
fn last(xs: &[f64], tol: f64) -> f64 {
    let mut out = 0.0;
    let mut group: Vec<f64> = vec![];
    for p in xs {
        match group.last() {
            Some(&l) if p - l > tol => {
                out += l * tol;
                group.clear();
            }
            Some(l) if *l > 1.0 => out += l * l,
            None => out += tol,
            _ => {}
        }
        group.push(*p);
    }
    out
}
#[differentiate]
fn merged(a: &[f64], b: &[f64]) -> f64 {
    let (mut x, mut y) = (a.iter().peekable(), b.iter().peekable());
    let mut s = 0.0;
    let mut w = 1.0;
    loop {
        let v = match (x.peek(), y.peek()) {
            (Some(p), Some(q)) if p <= q => x.next().unwrap(),
            (Some(_), None) => x.next().unwrap(),
            (_, Some(_)) => y.next().unwrap(),
            (None, None) => break,
        };
        s += v * v * w;
        w *= 0.9;
    }
    s
}
#[differentiate]
fn valued(xs: &[f64], k: f64) -> f64 {
    let m = match xs.first() {
        Some(x) if *x > k => x * k,
        Some(x) => x + k,
        None => k * k,
    };
    let n = match xs.iter().copied().find(|v| *v < 0.0) {
        Some(v) if v < -1.0 => return v * k,
        Some(v) => v * v,
        None => 1.0,
    };
    m * n
}
#[differentiate]
fn got(xs: &[f64], i: usize, k: f64) -> f64 {
    match (xs.get(i), xs.get(i + 1)) {
        (Some(a), Some(b)) if b > a => (b - a) * k,
        (Some(a), Some(b)) => a * b,
        (Some(a), None) => a * k,
        _ => k,
    }
}
#[test]
fn gradients() {
    for xs in [
        &[][..],
        &[0.4],
        &[1.4, 0.3, -0.8, 0.9],
        &[0.3, 1.2, -1.5, 0.7, 2.0],
    ] {
        assert_gradient!(last(xs, 0.31));
        assert_gradient!(merged(xs, &[0.35, 0.6]));
        assert_gradient!(merged(xs, &[]));
        assert_gradient!(valued(xs, 0.7));
        for i in 0..4 {
            assert_gradient!(got(xs, i, 0.3));
        }
    }
}

#[derive(Clone, Copy, Debug, Differentiable)]
struct Job {
    t: f64,
    cost: f64,
}

/// Patterns that look at what is inside.
#[differentiate]
fn envelope(jobs: &[Job], k: f64) -> f64 {
    let mut sum = 0.0;
    for i in 0..jobs.len() {
        sum += match jobs.get(i + 1) {
            Some(next) if next.t > jobs[i].t => (next.t - jobs[i].t) * next.cost * k,
            Some(Job { cost, .. }) => cost * k,
            None => k,
        };
    }
    match jobs.last() {
        Some(Job { t, .. }) if *t > 1.0 => sum * t,
        Some(job) if job.cost < 0.0 => -sum,
        _ => sum,
    }
}

#[derive(Clone, Copy, Debug, Differentiable)]
enum Token {
    Number(f64),
    Plus,
    Times,
}

#[differentiate]
fn parsed(tokens: &[Token], k: f64) -> f64 {
    let mut tokens = tokens.iter();
    let (mut sum, mut product) = (0.0, k);
    loop {
        match tokens.next() {
            Some(Token::Number(v)) => product *= v,
            _ => return sum,
        }
        match tokens.next() {
            Some(Token::Plus) => {
                sum += product;
                product = 1.0;
            }
            Some(Token::Times) => {}
            Some(Token::Number(v)) if *v > 0.0 => sum -= v,
            _ => return sum + product,
        }
    }
}

#[test]
fn what_is_inside() {
    let jobs = [(0.1, 0.4), (0.3, 0.2), (1.4, 0.9), (1.2, -0.3)];
    let jobs = jobs.map(|(t, cost)| Job { t, cost });
    for n in 0..=4 {
        assert_gradient!(envelope(&jobs[..n], 0.7));
    }
    use Token::{Number, Plus, Times};
    let sum = [
        Number(0.3),
        Times,
        Number(0.7),
        Plus,
        Number(0.2),
        Number(0.5),
    ];
    for n in 0..=6 {
        let slope = parsed_grad(&sum[..n], 0.8).1;
        let difference = (parsed(&sum[..n], 0.9) - parsed(&sum[..n], 0.7)) / 0.2;
        assert!((slope - difference).abs() < 1e-9);
    }
}

/// Methods of two options, and of two results.
#[differentiate]
fn of_two(a: Option<f64>, b: Option<f64>, c: f64) -> f64 {
    let either = a.xor(b).unwrap_or(c);
    let second = a.and(b).map_or(c, |x| x * x);
    either * second
}
#[differentiate]
fn of_two_results(a: Result<f64, u8>, b: Result<f64, u8>, c: f64) -> Option<f64> {
    a.and(b).ok().map(|x| x * c)
}
/// Nothing flows through what is constant.
#[differentiate(wrt(x))]
fn of_constants(#[constant] a: Option<f64>, b: Option<usize>, x: f64) -> f64 {
    let seen = a.inspect(|a| assert!(*a > 0.0));
    match (seen.xor(None), b.xor(None)) {
        (Some(k), Some(n)) => k * x.powi(n as i32),
        _ => x,
    }
}
#[test]
fn two_options() {
    let g = |a, b| of_two_grad(a, b, 5.0);
    assert_eq!(g(None, None), (None, None, 10.0));
    assert_eq!(g(Some(2.0), None), (Some(5.0), None, 2.0));
    assert_eq!(g(None, Some(3.0)), (None, Some(5.0), 3.0));
    assert_eq!(g(Some(2.0), Some(3.0)), (Some(0.0), Some(30.0), 9.0));
    let g = |a, b| of_two_results_grad(a, b, 5.0);
    assert_eq!(g(Err(1), Ok(3.0)), None);
    assert_eq!(g(Ok(2.0), Err(1)), None);
    assert_eq!(g(Ok(2.0), Ok(3.0)), Some((Some(0.0), Some(5.0), 3.0)));
    assert_eq!(of_constants_grad(Some(2.0), Some(3), 1.5), 13.5);
    assert_eq!(of_constants_grad(None, Some(3), 1.5), 1.0);
}
