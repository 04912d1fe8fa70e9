//! `map` and `flatten` of what may be an array as well as an option, a vector as well as an array.
use tapeless::{assert_gradient, differentiate, Differentiable, Slot};

#[derive(Clone, Debug, PartialEq, Differentiable)]
struct Body {
    mass: Option<f64>,
    place: [f64; 3],
    counts: [i32; 2],
    #[constant]
    axes: [f64; 3],
    ends: [(f64, f64); 2],
    fault: Result<f64, u8>,
}

#[derive(Clone, Copy, Debug, Differentiable)]
struct Vector<const N: usize>([f64; N]);

#[differentiate]
impl<const N: usize> Vector<N> {
    fn scaled(self, k: f64) -> Self {
        Vector(self.0.map(|v| v * k))
    }

    fn twice(&self, k: f64) -> Vector<N> {
        Vector(self.0.map(|v| v * k).map(|v| v + k))
    }

    fn squashed(&self) -> Vector<N> {
        Self(self.0.map(f64::tanh))
    }

    fn sum(&self) -> f64 {
        self.0.iter().sum()
    }
}

#[differentiate]
impl Body {
    fn scaled(&self, k: f64) -> Body {
        Body {
            mass: self.mass.map(|m| m * k * k),
            place: self.place.map(|x| x.sin() * k),
            ends: self.ends.map(|(a, b)| (b * k, a * b)),
            fault: self.fault.map(|x| x * k),
            ..self.clone()
        }
    }

    fn of_constants(&self, k: f64) -> Body {
        Body {
            place: self.axes.map(|x| x * k),
            ..self.clone()
        }
    }

    fn of_counts(&self, k: f64) -> f64 {
        let counts = self.counts.map(|n| n as f64);
        counts[0] * k + counts[1]
    }
}

fn total(body: &Body) -> f64 {
    let sum: f64 = body.place.iter().sum();
    body.mass.unwrap_or(0.5) * body.fault.unwrap_or(0.3) + sum + body.ends[0].0 * body.ends[1].1
}

fn total_vjp(body: &Body, d_out: f64, mut d_body: impl Slot<BodyCotangent>) -> f64 {
    if let Some(d) = d_body.get() {
        if let Some(d) = &mut d.mass {
            *d += d_out * body.fault.unwrap_or(0.3);
        }
        if let Some(d) = &mut d.fault {
            *d += d_out * body.mass.unwrap_or(0.5);
        }
        d.place.iter_mut().for_each(|d| *d += d_out);
        d.ends[0].0 += d_out * body.ends[1].1;
        d.ends[1].1 += d_out * body.ends[0].0;
    }
    total(body)
}

#[differentiate]
fn of_fields(x: f64, y: f64, there: bool) -> f64 {
    let body = Body {
        mass: if there { Some(x * y) } else { None },
        place: [x, y, 1.0],
        counts: [1, 2],
        axes: [1.0, 2.0, 3.0],
        ends: [(x, y), (y * y, 1.0)],
        fault: if there { Ok(y) } else { Err(3) },
    };
    total(&body.scaled(x)) + body.of_counts(y) + total(&body.of_constants(x))
}

#[differentiate]
fn of_vectors(x: f64, k: f64) -> f64 {
    Vector([x, x * x, 1.0]).scaled(k).twice(k).squashed().sum()
}

#[derive(Clone, Debug, Differentiable)]
struct Layers {
    rows: Vec<Vec<f64>>,
    pairs: [[f64; 2]; 2],
}

#[differentiate]
fn flattened(layers: &Layers, x: f64) -> f64 {
    let rows: f64 = layers.rows.iter().flatten().map(|v| v * x).sum();
    let pairs = layers.pairs.iter().flatten();
    pairs.fold(rows, |sum, v| sum * 0.5 + v * v)
}

#[differentiate]
fn of_layers(x: f64, y: f64) -> f64 {
    let layers = Layers {
        rows: vec![vec![x, y], vec![], vec![x * y]],
        pairs: [[x, 1.0], [y, y]],
    };
    flattened(&layers, x)
}

#[differentiate]
fn flattened_twice(layers: &[Layers], x: f64) -> f64 {
    layers
        .iter()
        .map(|layers| &layers.rows)
        .flatten()
        .flatten()
        .map(|v| v * x)
        .sum()
}

#[test]
fn gradients() {
    for there in [true, false] {
        assert_gradient!(of_fields(0.7, 0.3, there));
    }
    assert_gradient!(of_vectors(0.7, 0.3));
    assert_gradient!(of_layers(0.7, 0.3));
    let layers = Layers {
        rows: vec![vec![0.3, 0.4], vec![0.5]],
        pairs: [[0.0; 2]; 2],
    };
    let (d, dx) = flattened_twice_grad(&[layers.clone(), layers], 0.5);
    assert!((dx - 2.4).abs() < 1e-12);
    assert_eq!(d[1].rows, [vec![0.5, 0.5], vec![0.5]]);
}

type Triple = [f64; 3];

#[differentiate]
fn turned(by: &[Triple; 3], v: Triple) -> Triple {
    [dot(by[0], v), dot(by[1], v), dot(by[2], v)]
}

#[differentiate]
fn dot(a: Triple, b: Triple) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

#[differentiate]
fn bent(x: f64) -> f64 {
    if x > 0.5 {
        x.sqrt()
    } else {
        x * x
    }
}

#[differentiate]
fn sure(x: f64, least: f64) -> Option<f64> {
    (x > least).then(|| x * x)
}

const TURN: [Triple; 3] = [[0.3, 0.5, 0.2], [0.1, 0.7, 0.2], [0.3, 0.1, 0.9]];

/// Nothing in the body says whether the fields are arrays: their type is an alias.
#[derive(Differentiable)]
struct Turned {
    by: Triple,
}

#[differentiate]
fn of_triples(v: Triple, k: f64) -> f64 {
    let first = Turned {
        by: turned(&TURN, v),
    };
    let cubes = first.by.map(|x| x * x * x);
    let other = const {
        let mut turn = TURN;
        turn[0][1] = 0.25;
        turn
    };
    let second = Turned {
        by: turned(&other, cubes),
    };
    let bent = second.by.map(bent);
    dot(bent, first.by.map(f64::cbrt).map(|x| x * k))
}

/// And these are options, told by what becomes of the names that they are bound to.
#[differentiate]
fn of_named_options(x: f64, least: f64) -> f64 {
    let first = sure(x, least).map(|y| y * least);
    let second = sure(x, 0.0).map(|y| y.sin());
    let mut total = second.unwrap_or(least);
    if let Some(first) = first {
        total += first;
    }
    total
}

#[test]
fn gradients_by_the_rule_of_both() {
    for v in [[0.3, 0.5, 0.9], [1.3, 0.2, 2.9]] {
        assert_gradient!(of_triples(v, 1.7));
    }
    for x in [-0.4, 0.4, 0.9] {
        assert_gradient!(of_named_options(x, 0.6));
    }
}
