//! Functions that lend what is constant: which of it, the arguments decide.

use tapeless::check::assert_gradient;
use tapeless::{differentiate, Differentiable};

#[derive(Clone, Debug, Differentiable)]
struct Layer {
    base: f64,
    temperature: f64,
    lapse: f64,
}

static LAYERS: [Layer; 3] = [
    Layer {
        base: 0.0,
        temperature: 288.15,
        lapse: -6.5,
    },
    Layer {
        base: 11.0,
        temperature: 216.65,
        lapse: 0.0,
    },
    Layer {
        base: 20.0,
        temperature: 216.65,
        lapse: 1.0,
    },
];

#[differentiate]
fn by_loop(h: f64) -> &'static Layer {
    let mut chosen = &LAYERS[0];
    for layer in LAYERS.iter() {
        if h >= layer.base {
            chosen = layer;
        } else {
            break;
        }
    }
    chosen
}

#[differentiate]
fn by_search(h: f64) -> Option<&'static Layer> {
    if h.is_nan() {
        return None;
    }
    let scaled = h.max(0.0);
    LAYERS.iter().rev().find(|layer| scaled >= layer.base)
}

#[differentiate]
fn by_index(h: f64) -> &'static Layer {
    let i = (h / 10.0).floor() as usize;
    assert!(h >= 0.0, "{h} is below the ground");
    match i {
        0 => &LAYERS[0],
        i => &LAYERS[i.min(2)],
    }
}

#[differentiate]
fn nearest(h: f64) -> &'static Layer {
    let distance = |layer: &Layer| (layer.base - h).abs();
    LAYERS
        .iter()
        .min_by(|a, b| (a.base - h).abs().total_cmp(&(b.base - h).abs()))
        .filter(|layer| distance(layer) < 100.0)
        .unwrap_or(&LAYERS[2])
}

/// What is lent is a part of a constant argument.
#[differentiate]
fn among<'a>(#[constant] layers: &'a [Layer], h: f64) -> &'a Layer {
    let at = layers.partition_point(|layer| layer.base <= h);
    &layers[at.saturating_sub(1)]
}

#[differentiate]
fn temperature(h: f64, how: usize) -> f64 {
    let layer = match how {
        0 => by_loop(h),
        1 => by_index(h),
        2 => nearest(h),
        _ => among(&LAYERS, h),
    };
    layer.temperature + layer.lapse * (h - layer.base)
}

#[differentiate]
fn searched(h: f64) -> f64 {
    let layer = by_loop(2.0 * h);
    let offset = (h - layer.base) * layer.lapse;
    match by_search(h) {
        Some(other) => offset * (other.temperature + other.lapse * h),
        None => 0.0,
    }
}

/// So it is where the functions see each other, and in a block.
#[differentiate]
mod seen {
    use super::{Layer, LAYERS};
    use tapeless::Differentiable;

    /// What has no derivative itself.
    pub struct Unit {
        pub factor: f64,
    }

    static UNITS: [Unit; 2] = [Unit { factor: 0.5 }, Unit { factor: 2.0 }];

    #[derive(Clone, Debug, Differentiable)]
    pub struct Model {
        pub offset: f64,
    }

    fn picked(h: f64) -> &'static Layer {
        LAYERS
            .iter()
            .find(|layer| layer.base > h)
            .unwrap_or(&LAYERS[0])
    }

    impl Model {
        fn row(&self, h: f64) -> &'static Layer {
            match h + self.offset > 5.0 {
                true => &LAYERS[1],
                false => &LAYERS[2],
            }
        }

        pub fn unit(&self) -> &'static Unit {
            &UNITS[(self.offset > 1.0) as usize]
        }

        pub fn value(&self, h: f64) -> f64 {
            let layer = self.row(h);
            let above = picked(h);
            self.offset * layer.temperature * h + layer.lapse * h * h * above.base
        }
    }
}

#[test]
fn rows_of_a_table() {
    for h in [0.5, 3.0, 12.0, 19.0, 25.0] {
        for how in 0..4 {
            assert_gradient!(temperature(h, how));
        }
        assert_gradient!(searched(h));
        let model = seen::Model { offset: 1.5 };
        assert_gradient!(model.value(h));
        assert_eq!(model.unit().factor, 2.0);
    }
    assert_eq!(temperature_grad(12.0, 0), 0.0);
    assert_eq!(temperature_grad(1.0, 0), -6.5);
}

fn weight(layers: &[Layer]) -> f64 {
    layers.iter().map(|layer| layer.temperature).sum()
}

/// A static of a type that is not `Copy` is lent, as are its parts.
#[differentiate]
fn parts_of_a_static(h: f64, i: usize) -> f64 {
    let row = &LAYERS[i];
    let all = &LAYERS;
    let lapse = &LAYERS[2].lapse;
    let slope = all[0].lapse * h + *lapse * h * h;
    slope * row.temperature + (h - row.base) * weight(&LAYERS[..i]) * weight(all)
}

#[test]
fn statics() {
    for i in 0..3 {
        assert_gradient!(parts_of_a_static(1.7, i));
    }
}
