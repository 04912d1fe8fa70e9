//! A constant field has the cotangent `()`, which has no parts: `tapeless::constant(&model.table).rows[0]`.
use tapeless::{differentiate, Differentiable};

struct Table {
    rows: Vec<f64>,
}

#[derive(Differentiable)]
struct Model {
    #[constant]
    table: Table,
}

#[differentiate]
fn at(model: &Model, x: f64) -> f64 {
    model.table.rows[0] * x
}

fn main() {}
