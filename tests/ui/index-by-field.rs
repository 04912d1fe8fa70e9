use tapeless::{differentiate, Differentiable};

#[derive(Differentiable)]
struct Grid {
    cells: Vec<f64>,
    columns: usize,
}

#[differentiate]
impl std::ops::Index<(usize, usize)> for Grid {
    type Output = f64;
    fn index(&self, (i, j): (usize, usize)) -> &f64 { &self.cells[i * self.columns + j] }
}

fn main() {}
