//! Local vectors whose cotangents are zero when an iteration of the reverse sweep begins: because it fills them, assigns
//! to all of them, or has left them so.

use tapeless::{assert_gradient, differentiate};

/// Differences, then their triangular product: the reverse takes all differences out in the end.
#[differentiate]
mod products {
    pub fn whole(rows: &[f64], centre: &[f64], below: &[f64]) -> f64 {
        let d = centre.len();
        let mut difference = vec![0.0; d];
        let mut product = vec![0.0; d];
        let mut total = 0.0;
        for row in rows.chunks_exact(d) {
            subtract(row, centre, &mut difference);
            triangle(below, &difference, &mut product);
            total += (1.0 + product.iter().map(|p| p * p).sum::<f64>()).ln();
        }
        total
    }

    /// Some rows are left in the middle, some end it all.
    pub fn sometimes(rows: &[f64], centre: &[f64], below: &[f64]) -> f64 {
        let d = centre.len();
        let mut difference = vec![0.0; d];
        let mut product = vec![0.0; d];
        let mut total = 0.0;
        for row in rows.chunks_exact(d) {
            subtract(row, centre, &mut difference);
            if difference[0] > 0.9 {
                continue;
            }
            triangle(below, &difference, &mut product);
            if product[d - 1] < -1.5 {
                break;
            }
            total += product.iter().map(|p| p.exp()).sum::<f64>().ln() * difference[0];
        }
        total
    }

    /// The last element is written once, and read by all.
    pub fn but_last(rows: &[f64], centre: &[f64], below: &[f64]) -> f64 {
        let d = centre.len();
        let mut difference = vec![0.0; d];
        let mut product = vec![0.0; d];
        let mut total = 0.0;
        for row in rows.chunks_exact(d) {
            for i in 0..d - 1 {
                difference[i] = row[i] * centre[i];
            }
            difference[d - 1] += row[d - 1];
            triangle(below, &difference, &mut product);
            total += product.iter().map(|p| p.sin()).sum::<f64>();
        }
        total
    }

    fn subtract(a: &[f64], b: &[f64], out: &mut [f64]) {
        for ((o, a), b) in out.iter_mut().zip(a).zip(b) {
            *o = a - b;
        }
    }

    fn triangle(below: &[f64], v: &[f64], out: &mut [f64]) {
        for (o, v) in out.iter_mut().zip(v) {
            *o = *v;
        }
        let mut start = 0;
        for j in 0..v.len() {
            let column = &below[start..start + v.len() - j - 1];
            for (o, l) in out[j + 1..].iter_mut().zip(column) {
                *o += l * v[j];
            }
            start += column.len();
        }
    }
}

fn sample(n: usize, phase: f64) -> Vec<f64> {
    (0..n).map(|i| (2.3 * i as f64 + phase).sin()).collect()
}

#[test]
fn by_differences() {
    use products::*;
    for d in [1usize, 2, 3, 18] {
        for n in [0, 1, 2, 6] {
            let (rows, centre) = (sample(n * d, 0.4), sample(d, 1.2));
            let below = sample(d * (d - 1) / 2, 0.8);
            assert_gradient!(whole(&rows, &centre, &below));
            assert_gradient!(sometimes(&rows, &centre, &below));
            assert_gradient!(but_last(&rows, &centre, &below));
        }
    }
}
