//! What stands in a constant field of a user's type is read through `tapeless::constant`.

use tapeless::check::assert_gradient;
use tapeless::{constant, differentiate, Differentiable};

#[derive(Clone, Debug)]
struct Table {
    scale: f64,
    nodes: Vec<f64>,
}

#[derive(Clone, Debug, Differentiable)]
struct Model {
    #[constant]
    table: Table,
    weight: f64,
}

#[differentiate]
impl Model {
    fn of_a_part(&self, x: f64) -> f64 {
        tapeless::constant(self.table.scale) * self.weight * x
    }

    fn of_the_whole(&self, x: f64) -> f64 {
        let table = tapeless::constant(&self.table);
        let mut sum = table.scale * x;
        for i in 0..table.nodes.len() {
            sum += table.nodes[i] * x * self.weight;
        }
        sum
    }

    fn of_a_vector(&self, x: f64) -> f64 {
        let nodes = tapeless::constant(&self.table.nodes);
        nodes.iter().map(|n| n * x * self.weight).sum::<f64>() + nodes[0] * x
    }
}

/// The gradient stops at what is lent, too.
#[differentiate]
fn stopped(xs: &[f64], y: &f64) -> f64 {
    let fixed = tapeless::constant(xs);
    let part = tapeless::constant(&xs[1..]);
    let z = tapeless::constant(y);
    xs[0] * fixed[1] * part[0] * y * z
}

#[test]
fn gradients() {
    let model = Model {
        table: Table {
            scale: 1.5,
            nodes: vec![0.3, -0.7, 1.1],
        },
        weight: 0.8,
    };
    assert_gradient!(model.of_a_part(0.4));
    assert_gradient!(model.of_the_whole(0.4));
    assert_gradient!(model.of_a_vector(0.4));
    assert_eq!(stopped_grad(&[2.0, 3.0], &5.0), (vec![225.0, 0.0], 90.0));
    assert_eq!(constant(3.0), 3.0);
}

#[derive(Clone, Debug)]
struct Inner {
    shift: f64,
    pair: (f64, f64),
}

#[derive(Clone, Debug)]
struct Settings {
    gain: f64,
    steps: usize,
    weights: [f64; 2],
    inner: Inner,
    limit: Option<f64>,
}

#[derive(Clone, Copy, Debug, Differentiable)]
struct Point {
    x: f64,
    y: f64,
}

#[derive(Clone, Debug, Differentiable)]
struct Plant {
    #[constant]
    settings: Settings,
    place: Point,
    pair: (f64, Point),
    weight: f64,
}

fn settings() -> Settings {
    Settings {
        gain: 0.3,
        steps: 3,
        weights: [0.2, 0.5],
        inner: Inner {
            shift: 0.8,
            pair: (0.4, 0.6),
        },
        limit: Some(0.9),
    }
}

/// Paths into the constant field, and into fields beside it.
#[differentiate]
impl Plant {
    fn scalar(&self, x: f64) -> f64 {
        self.settings.gain * x * self.weight
    }

    fn several(&self, x: f64) -> f64 {
        let fixed = self.settings.gain * self.settings.inner.shift + self.settings.inner.pair.1;
        let moved = self.place.x * self.place.y + self.pair.1.x * self.pair.0;
        fixed * x * moved
    }

    fn elements(&self, x: f64) -> f64 {
        let mut sum = self.weight;
        for i in 0..self.settings.steps {
            sum = sum * x + self.settings.weights[i % 2];
        }
        sum + self.settings.weights.iter().map(|w| w * x).sum::<f64>()
    }

    fn deep(&self, x: f64) -> f64 {
        self.settings.inner.shift.sin() * x + self.pair.1.y.cos() * self.settings.inner.pair.0
    }

    fn taken_apart(&self, x: f64) -> f64 {
        let settings = &self.settings;
        let Inner { shift, .. } = &settings.inner;
        match self.settings.limit {
            Some(limit) if x < limit => shift * x * limit * self.weight,
            _ => settings.gain / x,
        }
    }

    fn compared(&self, x: f64) -> f64 {
        if self.settings.gain > x {
            x * x
        } else {
            x.min(self.settings.inner.shift) * self.place.y
        }
    }
}

#[differentiate]
fn through(gain: f64, x: f64) -> f64 {
    let place = Point {
        x: x * gain,
        y: gain,
    };
    let plant = Plant {
        settings: settings(),
        place,
        pair: (x, place),
        weight: gain * gain,
    };
    plant.several(x) * plant.scalar(gain) + plant.deep(x) * plant.taken_apart(x) + plant.elements(x)
}

#[test]
fn paths_into_constant_fields() {
    for x in [0.4, 0.2, 0.95, 1.3] {
        assert_gradient!(through(0.7, x));
        let plant = Plant {
            settings: settings(),
            place: Point { x: 0.3, y: 0.2 },
            pair: (0.9, Point { x: 0.1, y: 0.5 }),
            weight: 0.7,
        };
        let (d, dx) = plant.compared_grad(x);
        let expected = match x {
            x if x < 0.3 => (2.0 * x, 0.0),
            x if x < 0.8 => (0.2, x),
            _ => (0.0, 0.8),
        };
        assert_eq!((dx, d.place.y), expected);
    }
}
