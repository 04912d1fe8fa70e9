//! References that a branch chooses.
use tapeless::{assert_gradient, differentiate, Differentiable};

fn middle(part: &[f64]) -> f64 {
    match part.len() {
        0 => 0.0,
        n if n % 2 == 1 => part[n / 2],
        n => 0.5 * (part[n / 2 - 1] + part[n / 2]),
    }
}

fn middle_vjp(part: &[f64], d_out: f64, mut d_part: impl tapeless::Slot<[f64]>) -> f64 {
    if let Some(d) = d_part.get() {
        assert_eq!(d.len(), part.len());
        match part.len() {
            0 => {}
            n if n % 2 == 1 => d[n / 2] += d_out,
            n => {
                d[n / 2 - 1] += 0.5 * d_out;
                d[n / 2] += 0.5 * d_out;
            }
        }
    }
    middle(part)
}

/// The halves of what is sorted, without the one in the middle.
#[differentiate]
fn quartiles(xs: &[f64]) -> f64 {
    let mut v = xs.to_vec();
    v.sort_by(|a, b| a.partial_cmp(b).unwrap());
    let mid = v.len() / 2;
    let (lower, upper) = if v.len() % 2 == 0 {
        (&v[..mid], &v[mid..])
    } else {
        (&v[..mid], &v[mid + 1..])
    };
    let (low, high) = (middle(lower), middle(upper));
    (high - low) / 2.0 + low * upper.iter().sum::<f64>()
}

#[differentiate]
fn of_one(xs: &[f64], from_start: bool) -> f64 {
    let n = xs.len() / 2;
    let part = if from_start { &xs[..n] } else { &xs[n..] };
    let mut total = 0.0;
    for (i, x) in part.iter().enumerate() {
        total += x * x * (i + 1) as f64 * part[0];
    }
    total
}

#[differentiate]
fn of_two(a: &[f64], b: &[f64], k: f64) -> f64 {
    let longer = if a.len() > b.len() { a } else { b };
    let first: &[f64] = match k > 1.0 {
        true => &a[1..],
        false => &b[..2],
    };
    longer.iter().map(|x| x * x * k).sum::<f64>() * first[0]
}

#[derive(Clone, Debug, Differentiable)]
struct Layers {
    first: Vec<f64>,
    second: Vec<f64>,
    rows: Vec<[f64; 2]>,
}

#[differentiate]
fn of_fields(layers: &Layers, which: usize, k: f64) -> f64 {
    let chosen = if which == 0 {
        &layers.first
    } else {
        &layers.second
    };
    let row = if which > 1 {
        &layers.rows[which]
    } else {
        &layers.rows[0]
    };
    let mut total = 0.0;
    for x in chosen.iter() {
        total += (x * k).sin() * row[1];
    }
    total * row[0]
}

/// One of the places is written to.
#[differentiate]
fn written(xs: &[f64], at: usize, k: f64) -> f64 {
    let mut v = xs.to_vec();
    let mut total = 0.0;
    for i in 0..v.len() {
        let place = if i % 2 == 0 { &mut v[at] } else { &mut v[i] };
        *place = *place * k + 1.0;
        *place *= k;
        total += *place;
    }
    total * v[0]
}

#[differentiate]
fn in_a_loop(xs: &[f64], k: f64) -> f64 {
    let mut state = k;
    for i in 0..xs.len() {
        let (seen, other) = if state > 0.5 {
            (&xs[..i], i)
        } else {
            (&xs[i..], 0)
        };
        state = (state + seen.iter().sum::<f64>() * xs[other]).sin();
    }
    state
}

#[differentiate]
fn assigned(xs: &[f64], ys: &[f64], from_xs: bool) -> f64 {
    let part;
    if from_xs {
        part = &xs[1..];
    } else {
        part = &ys[..2];
    }
    part.iter().product::<f64>() + part[0]
}

const XS: [f64; 5] = [0.7, -0.2, 1.4, 0.9, -1.1];

#[test]
fn parts_of_one_sequence() {
    assert_gradient!(quartiles(&XS));
    assert_gradient!(quartiles(&XS[1..]));
    for from_start in [true, false] {
        assert_gradient!(of_one(&XS, from_start));
    }
    assert_gradient!(in_a_loop(&XS, 0.6));
}

#[test]
fn parts_of_several() {
    for k in [0.5, 1.5] {
        assert_gradient!(of_two(&XS, &XS[2..], k));
        assert_gradient!(of_two(&XS[2..], &XS, k));
    }
    let layers = Layers {
        first: vec![0.3, 0.8],
        second: vec![-0.4, 0.9, 1.3],
        rows: vec![[0.2, 1.1], [0.5, 0.6], [-0.3, 0.4]],
    };
    for which in 0..3 {
        assert_gradient!(of_fields(&layers, which, 0.7));
    }
    for from_xs in [true, false] {
        assert_gradient!(assigned(&XS, &XS[1..], from_xs));
    }
}

#[test]
fn places_that_are_written() {
    for at in [0, 3] {
        assert_gradient!(written(&XS, at, 0.8));
    }
}
