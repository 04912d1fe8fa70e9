//! Functions that are handed functions, and come with the rules of these: wherever caller and callee stand, each carries
//! the attribute by itself. The oracles are differences, and the same function with nothing handed over.

#![allow(
    clippy::needless_borrows_for_generic_args,
    clippy::redundant_closure,
    reason = "how functions are handed over is what is tested"
)]

use tapeless::check::assert_gradient;
use tapeless::{differentiate, Differentiable, Inactive, Slot};

// What is handed functions.

#[differentiate]
fn solve(f: impl Fn(f64) -> f64, x: f64) -> f64 {
    let y = f(x * x);
    y * f(0.5) + f(y)
}

#[differentiate]
fn newton<F, G>(f: F, df: &G, start: f64, n: usize) -> f64
where
    F: Fn(f64) -> f64,
    G: Fn(f64) -> f64,
{
    let mut x = start;
    for _ in 0..n {
        let y = f(x);
        if y.abs() < 1e-12 {
            break;
        }
        x -= y / df(x);
    }
    x
}

#[differentiate]
fn trapezoid(f: &dyn Fn(f64) -> f64, a: f64, b: f64, n: usize) -> f64 {
    let dx = (b - a) / n as f64;
    let inner: f64 = (1..n).map(|k| f(a + k as f64 * dx)).sum();
    dx * (inner + (f(a) + f(b)) / 2.0)
}

#[differentiate]
fn settle<F: Fn(f64) -> f64>(f: &F, x: f64, stop: &dyn Fn(f64) -> bool) -> f64 {
    let mut y = x;
    let mut n = 0;
    while !stop(y) && n < 20 {
        y = 0.5 * (y + f(y));
        n += 1;
    }
    y
}

#[differentiate]
fn twice(f: fn(f64) -> f64, x: f64) -> f64 {
    f(f(x)) * x
}

#[differentiate]
fn of_two(f: impl Fn(f64, f64) -> f64, x: f64) -> f64 {
    f(x, x * x) * f(2.0, x)
}

#[differentiate]
fn along(f: impl Fn(&[f64], usize) -> f64, x: &[f64], t: f64) -> f64 {
    let mut y = vec![0.0; x.len()];
    for i in 0..x.len() {
        y[i] = x[i] + t * x[0];
    }
    f(&y, 3) * t + f(x, 1)
}

#[differentiate]
fn of_pair(f: impl Fn([f64; 2]) -> (f64, f64), x: f64) -> f64 {
    let (a, b) = f([x, x * x]);
    let (c, _) = f([a, b]);
    a * b + c
}

#[differentiate]
fn steps(f: impl Fn(f64, &[f64]) -> Vec<f64>, y0: &[f64], h: f64, n: usize) -> f64 {
    let mut y = y0.to_vec();
    for i in 0..n {
        let dy = f(i as f64 * h, &y);
        for j in 0..y.len() {
            y[j] += h * dy[j];
        }
    }
    y[0] * y[1]
}

#[differentiate]
fn adaptive(f: &impl Fn(f64) -> f64, a: f64, b: f64, depth: usize) -> f64 {
    let m = 0.5 * (a + b);
    let (whole, halves) = ((b - a) * f(m), 0.5 * (b - a) * (f(a) + f(b)));
    if depth == 0 || (whole - halves).abs() < 1e-3 {
        return whole;
    }
    adaptive(f, a, m, depth - 1) + adaptive(f, m, b, depth - 1)
}

#[differentiate]
fn boxed(f: Box<dyn Fn(f64) -> f64>, x: f64) -> f64 {
    f(x) * x + f(x * 2.0)
}

#[differentiate]
fn once(f: impl FnOnce(f64) -> f64, x: f64) -> f64 {
    f(x) * x
}

#[differentiate]
fn changing(mut f: impl FnMut(f64) -> f64, x: f64) -> f64 {
    let y = f(x);
    y * f(y)
}

#[differentiate]
fn lent(f: &mut dyn FnMut(f64) -> f64, x: f64) -> f64 {
    let y = f(x);
    y * f(y) + changing(f, y)
}

#[differentiate]
fn copied<F: Fn(f64) -> f64 + Copy>(f: F, x: f64, n: usize) -> f64 {
    if n == 0 {
        return f(x);
    }
    copied(f, f(x), n - 1) * x
}

#[differentiate]
fn handed_on(f: impl Fn(f64) -> f64, x: f64) -> f64 {
    let first = solve(&f, x * 2.0);
    first * x + solve(f, first)
}

#[differentiate]
fn within(f: impl Fn(f64) -> f64, k: f64, x: f64) -> f64 {
    solve(|t| f(t * k) * t, x) + f(k)
}

#[differentiate]
fn generic<T: tapeless::Real>(f: impl Fn(T) -> T, x: T) -> T {
    f(x) * x + f(T::one())
}

#[differentiate]
fn renamed(f: impl Fn(f64) -> f64, x: f64) -> f64 {
    let g = f;
    let h = &g;
    g(x) * h(x * x)
}

#[differentiate]
fn only_handed(f: impl Fn(f64) -> f64, n: usize) -> f64 {
    (0..n).map(|i| f(i as f64)).sum()
}

// What hands them over.

#[differentiate]
fn captures(k: f64, x: f64) -> f64 {
    solve(|t| (k * t).sin() + t * x, x) * k
}

#[differentiate]
fn two_closures(k: f64, y: f64) -> f64 {
    newton(|x| k * x * x - y, &|x| 2.0 * k * x, 1.0, 8) * k
}

#[differentiate]
fn nested(k: f64, b: f64) -> f64 {
    trapezoid(&|u| trapezoid(&|v| u * v * v * k, 0.0, u, 4), 0.0, b, 5)
}

#[differentiate]
fn in_loops(k: f64, x: f64) -> f64 {
    let mut sum = 0.0;
    for i in 0..4 {
        let c = k * i as f64;
        let g = |t: f64| c * t + k;
        if i % 2 == 0 {
            sum += 0.1 * handed_on(|t| (g(t) * t).sin(), x);
        } else {
            sum += 0.1 * solve(&g, sum.sin());
        }
    }
    let mut rounds = 0;
    while rounds < 3 {
        sum = 0.1 * solve(|t| t * sum.cos(), k) + 0.2;
        rounds += 1;
    }
    sum
}

#[differentiate]
fn overwritten(x: f64, ys: &[f64]) -> f64 {
    let mut a = x.sin();
    let mut memory = [x, 2.0, ys[0]];
    let first = solve(|t| a * t * memory[2] + memory[0], x);
    a *= 2.0 * first;
    memory[2] = a * x;
    memory[0] = 0.5;
    let second = solve(|t| t * memory[2] * ys[1], a * 0.1);
    first * a + second
}

#[differentiate]
fn with_a_predicate(k: f64, x: f64) -> f64 {
    settle(&|t: f64| (k * t).cos(), x, &|t| t > 100.0 * k)
}

#[differentiate]
fn by_name(x: f64) -> f64 {
    twice(f64::sin, x) + of_two(f64::hypot, x) + solve(f64::exp, x)
}

#[differentiate]
fn typed(k: f64, x: f64) -> f64 {
    solve(|t: f64| t * t, x) * k + solve(|t: f64| -> f64 { t.exp() }, k)
}

#[differentiate]
fn of_slices(w: &[f64], x: f64) -> f64 {
    along(|p: &[f64], n| p[0] * w[1] + p[1] * n as f64 * w[0], w, x)
}

#[differentiate]
fn of_pairs(k: f64, x: f64) -> f64 {
    of_pair(|[a, b]| (a * k + b, a.sin() * b), x)
}

#[differentiate]
fn lotka_volterra(p: &[f64; 3], y0: &[f64], h: f64) -> f64 {
    let rates =
        |_t: f64, y: &[f64]| vec![p[0] * y[0] - p[1] * y[0] * y[1], y[0] * y[1] - p[2] * y[1]];
    steps(rates, y0, h, 5)
}

#[differentiate]
fn of_every_sort(k: f64, x: f64) -> f64 {
    adaptive(&|t: f64| (t * k).sin(), k, x, 6)
        + once(|t| t * k, x)
        + changing(|t| t * k, x)
        + lent(&mut |t| t * k, x)
        + copied(|t| t * k, x, 3)
        + within(|t: f64| k * t.exp(), k, x)
        + only_handed(|t| (t * k).cos() * x, 4)
        + renamed(|t| (t * k).sin(), x)
}

#[differentiate]
fn with_arms(k: f64, x: f64) -> f64 {
    solve(
        |t| {
            if t < 0.3 {
                return k * t;
            }
            let mut y = t;
            for i in 0..3 {
                y = (y * k).sin() + i as f64 * x;
            }
            match y > 1.0 {
                true => y.ln(),
                false => y * y,
            }
        },
        x,
    )
}

#[differentiate]
fn of_any_float<T: tapeless::Real>(k: T, x: T) -> T {
    generic(|t: T| k * t.sin(), x) + generic(|t| (k * t).exp(), x)
}

#[derive(Differentiable, Clone, Debug, PartialEq)]
struct Gas {
    density: f64,
    parts: usize,
}

#[differentiate]
impl Gas {
    fn work(&self, from: f64, to: f64) -> f64 {
        trapezoid(&|v| self.density * to / v, from, to, self.parts)
    }

    fn fold(&self, f: impl Fn(&Gas, f64) -> f64, x: f64) -> f64 {
        f(self, x) * f(self, self.density)
    }

    fn each(f: impl Fn(f64) -> f64, x: f64) -> f64 {
        f(x) * x
    }

    /// Where the callee is seen, so are the types of what it is handed.
    fn seen(&self, k: f64) -> f64 {
        self.fold(|_, x| x * x, k) + Self::each(cube, self.density) + Self::each(|t| t.sin(), k)
    }

    fn folded(&self, k: f64) -> f64 {
        self.fold(|gas: &Gas, x: f64| gas.density * x * k, k)
    }
}

#[differentiate(no_alloc)]
fn without_alloc(k: f64, x: f64) -> f64 {
    solve(|t| (k * t).sin(), x)
}

#[test]
fn gradients() {
    for (k, x) in [(1.3, 0.7), (0.4, -0.9)] {
        assert_gradient!(captures(k, x));
        assert_gradient!(nested(k, x));
        assert_gradient!(in_loops(0.3 * k, 0.3 * x));
        assert_gradient!(overwritten(x, &[k, 0.3]));
        assert_gradient!(with_a_predicate(k, x));
        assert_gradient!(by_name(x));
        assert_gradient!(typed(k, x));
        assert_gradient!(of_slices(&[k, 0.8], x));
        assert_gradient!(of_pairs(k, x));
        assert_gradient!(of_every_sort(k, x));
        assert_gradient!(with_arms(k, x));
        assert_gradient!(of_any_float(k, x));
        assert_gradient!(without_alloc(k, x));
    }
    assert_gradient!(two_closures(1.3, 0.7));
    assert_gradient!(lotka_volterra(&[0.7, 0.4, 0.3], &[1.1, 0.6], 0.2));
}

#[test]
fn members() {
    let gas = Gas {
        density: 1.3,
        parts: 5,
    };
    let with = |density| Gas { density, parts: 5 };
    let (d_gas, d_from, d_to) = gas.work_grad(1.0, 2.5);
    let h = 1e-6;
    let of = |f: &dyn Fn(f64) -> f64| (f(h) - f(-h)) / (2.0 * h);
    assert!((d_gas.density - of(&|h| with(1.3 + h).work(1.0, 2.5))).abs() < 1e-8);
    assert!((d_from - of(&|h| gas.work(1.0 + h, 2.5))).abs() < 1e-8);
    assert!((d_to - of(&|h| gas.work(1.0, 2.5 + h))).abs() < 1e-8);
    let (d_gas, d_k) = gas.seen_grad(0.6);
    assert!((d_gas.density - of(&|h| with(1.3 + h).seen(0.6))).abs() < 1e-8);
    assert!((d_k - of(&|h| gas.seen(0.6 + h))).abs() < 1e-8);
    let (d_gas, d_k) = gas.folded_grad(0.6);
    assert!((d_gas.density - of(&|h| with(1.3 + h).folded(0.6))).abs() < 1e-8);
    assert!((d_k - of(&|h| gas.folded(0.6 + h))).abs() < 1e-8);
}

/// A rule written by hand: it adds to the slot of the argument, and to whatever it likes.
#[test]
fn rules_by_hand() {
    let (k, x) = (1.3_f64, 0.7);
    let f = |t: f64| (k * t).sin();
    let mut d_k = 0.0;
    let mut rule = |t: f64, d: f64, d_t: Option<&mut f64>| {
        if let Some(d_t) = d_t {
            *d_t += d * k * (k * t).cos();
        }
        d_k += d * t * (k * t).cos();
        (k * t).sin()
    };
    let (value, d_x) = solve_value_and_grad(f, x, &mut rule);
    let mut d_x_into = 0.0;
    assert_eq!(solve_grad_into(f, x, &mut rule, &mut d_x_into), value);
    assert_eq!(value, solve(f, x));
    assert_eq!(d_x, d_x_into);
    let h = 1e-6;
    let of_k = |k: f64| solve(|t| (k * t).sin(), x);
    let difference = (of_k(k + h) - of_k(k - h)) / (2.0 * h);
    assert!((d_k - 2.0 * difference).abs() < 1e-7, "{d_k}");
    assert!((d_x - (solve(f, x + h) - solve(f, x - h)) / (2.0 * h)).abs() < 1e-7);
}

#[differentiate]
fn cube(x: f64) -> f64 {
    x * x * x
}

/// `g_vjp` is a rule. An argument that is constant has no slot.
#[test]
fn rules_of_functions() {
    let x = 0.7_f64;
    let d_x = solve_grad(cube, x, &mut |t, d, d_t| cube_vjp(t, d, d_t));
    let h = 1e-6;
    assert!((d_x - (solve(cube, x + h) - solve(cube, x - h)) / (2.0 * h)).abs() < 1e-7);
    let mut constants = 0;
    let mut rule = |t: f64, d: f64, d_t: Option<&mut f64>| {
        constants += usize::from(d_t.is_none());
        cube_vjp(t, d, d_t)
    };
    let rule: &mut dyn FnMut(f64, f64, Option<&mut f64>) -> f64 = &mut rule;
    solve_vjp(cube, x, 1.0, rule, Inactive);
    assert_eq!(constants, 1, "of `f(0.5)`");
}

/// What is not float has a slot of nothing.
#[test]
fn rules_with_inert_arguments() {
    let rule = &mut |p: &[f64], n: usize, d: f64, d_p: Option<&mut [f64]>, _: Option<&mut ()>| {
        if let Some(mut d_p) = d_p {
            Slot::get(&mut d_p).unwrap()[0] += d * n as f64;
        }
        p[0] * n as f64
    };
    let (d_x, d_t) = along_grad(|p, n| p[0] * n as f64, &[1.5, 2.0], 0.5, rule);
    assert_eq!(d_x, [3.0 * 0.5 * 1.5 + 1.0, 0.0]);
    assert_eq!(d_t, 1.5 * 3.0 * 2.0 * 0.5 + 1.5 * 3.0);
}

#[test]
fn values_are_the_same() {
    let (k, x) = (std::hint::black_box(1.3), std::hint::black_box(0.7));
    assert_eq!(captures_value_and_grad(k, x).0, captures(k, x));
    assert_eq!(in_loops_value_and_grad(k, x).0, in_loops(k, x));
    assert_eq!(of_every_sort_value_and_grad(k, x).0, of_every_sort(k, x));
    assert_eq!(with_arms_value_and_grad(k, x).0, with_arms(k, x));
}

/// A closure is differentiated as the function is that has its body: the same at awkward points.
#[test]
fn as_if_it_were_written_out() {
    #[differentiate]
    fn closure(k: f64, x: f64) -> f64 {
        once(|t| (k * t).abs().sqrt().max(t), x)
    }
    #[differentiate]
    fn written_out(k: f64, x: f64) -> f64 {
        (k * x).abs().sqrt().max(x) * x
    }
    for (k, x) in [
        (0.0, 0.0),
        (1.0, 1.0),
        (-2.0, 0.5),
        (0.0, 2.0),
        (f64::NAN, 1.0),
    ] {
        let (a, b) = (closure_grad(k, x), written_out_grad(k, x));
        assert_eq!(format!("{a:?}"), format!("{b:?}"), "at {k}, {x}");
    }
}

#[differentiate]
fn without_captures(x: f64) -> f64 {
    let y = solve(|t| t * t.sin() + 1.0, x);
    y * trapezoid(&|t| t.exp(), 0.0, x, 3)
        + of_pair(|[a, b]| (a * b, a - b), x)
        + solve(|t| cube(t), x)
}

fn without_handing(x: f64) -> f64 {
    let f = |t: f64| t * t.sin() + 1.0;
    let exp = |t: f64| t.exp();
    let y = f(x * x) * f(0.5) + f(f(x * x));
    let dx = x / 3.0;
    let area = dx * (exp(dx) + exp(2.0 * dx) + (exp(0.0) + exp(x)) / 2.0);
    let (a, b) = (x * x * x, x - x * x);
    let z = cube(x * x);
    y * area + a * b + a * b + z * 0.125 + cube(z)
}

#[test]
fn closures_without_captures_or_types() {
    for x in [-0.8, 0.0, 0.3, 1.2] {
        let (y, expected) = (without_captures(x), without_handing(x));
        assert!((y - expected).abs() < 1e-12, "{y} {expected}");
        assert_gradient!(without_captures(x));
    }
}
