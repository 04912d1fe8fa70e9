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
