//! Problems of the MINPACK collection: residuals from their definition, Jacobians row by row from the generated
//! adjoint, against those written by hand, against the differences of `levenberg-marquardt`, and, handed to its solver,
//! by the minima that are published for the collection.

use levenberg_marquardt::{differentiate_numerically, LeastSquaresProblem, LevenbergMarquardt};
use nalgebra::{DMatrix, DVector, Dyn, Owned};
use tapeless::differentiate;
use tapeless_oracles::{assert_close, Points};

#[differentiate]
mod residuals {
    pub fn rosenbrock(x: &[f64]) -> Vec<f64> {
        vec![10.0 * (x[1] - x[0] * x[0]), 1.0 - x[0]]
    }

    pub fn helical_valley(x: &[f64]) -> Vec<f64> {
        let turn = 2.0 * std::f64::consts::PI;
        let angle = if x[0] > 0.0 {
            (x[1] / x[0]).atan() / turn
        } else if x[0] < 0.0 {
            (x[1] / x[0]).atan() / turn + 0.5
        } else {
            0.25
        };
        let radius = (x[0] * x[0] + x[1] * x[1]).sqrt();
        vec![10.0 * (x[2] - 10.0 * angle), 10.0 * (radius - 1.0), x[2]]
    }

    pub fn powell_singular(x: &[f64]) -> Vec<f64> {
        vec![
            x[0] + 10.0 * x[1],
            5.0_f64.sqrt() * (x[2] - x[3]),
            (x[1] - 2.0 * x[2]).powi(2),
            10.0_f64.sqrt() * (x[0] - x[3]).powi(2),
        ]
    }

    pub fn freudenstein_roth(x: &[f64]) -> Vec<f64> {
        let (a, b) = (x[0], x[1]);
        vec![
            -13.0 + a + ((5.0 - b) * b - 2.0) * b,
            -29.0 + a + ((b + 1.0) * b - 14.0) * b,
        ]
    }

    const BARD: [f64; 15] = [
        0.14, 0.18, 0.22, 0.25, 0.29, 0.32, 0.35, 0.39, 0.37, 0.58, 0.73, 0.96, 1.34, 2.1, 4.39,
    ];

    pub fn bard(x: &[f64]) -> Vec<f64> {
        let mut out = Vec::with_capacity(15);
        for (i, y) in BARD.iter().enumerate() {
            let u = (i + 1) as f64;
            let v = 16.0 - u;
            let w = u.min(v);
            out.push(y - (x[0] + u / (x[1] * v + x[2] * w)));
        }
        out
    }

    const KOWALIK_V: [f64; 11] = [
        4.0, 2.0, 1.0, 0.5, 0.25, 0.167, 0.125, 0.1, 0.0833, 0.0714, 0.0625,
    ];
    const KOWALIK_Y: [f64; 11] = [
        0.1957, 0.1947, 0.1735, 0.16, 0.0844, 0.0627, 0.0456, 0.0342, 0.0323, 0.0235, 0.0246,
    ];

    pub fn kowalik_osborne(x: &[f64]) -> Vec<f64> {
        KOWALIK_V
            .iter()
            .zip(KOWALIK_Y.iter())
            .map(|(v, y)| y - x[0] * v * (v + x[1]) / (v * (v + x[2]) + x[3]))
            .collect()
    }

    pub fn watson(x: &[f64]) -> Vec<f64> {
        let mut out = vec![0.0; 31];
        for i in 0..29 {
            let t = (i + 1) as f64 / 29.0;
            let mut slope = 0.0;
            let mut power = 1.0;
            for j in 1..x.len() {
                slope += j as f64 * power * x[j];
                power *= t;
            }
            let value = x.iter().rev().fold(0.0, |value, x| value * t + x);
            out[i] = slope - value * value - 1.0;
        }
        out[29] = x[0];
        out[30] = x[1] - x[0] * x[0] - 1.0;
        out
    }

    pub fn box3d(x: &[f64]) -> Vec<f64> {
        (1..=10)
            .map(|i| {
                let t = i as f64;
                let s = t / 10.0;
                (-s * x[0]).exp() - (-s * x[1]).exp() + ((-t).exp() - (-s).exp()) * x[2]
            })
            .collect()
    }

    pub fn jennrich_sampson(x: &[f64]) -> Vec<f64> {
        let mut out = vec![0.0; 10];
        for (i, out) in out.iter_mut().enumerate() {
            let t = (i + 1) as f64;
            *out = 2.0 + 2.0 * t - (t * x[0]).exp() - (t * x[1]).exp();
        }
        out
    }

    pub fn brown_dennis(x: &[f64]) -> Vec<f64> {
        let mut out = Vec::new();
        let mut t = 0.2;
        while out.len() < 20 {
            let first = x[0] + t * x[1] - t.exp();
            let second = x[2] + t.sin() * x[3] - t.cos();
            out.push(first * first + second.powi(2));
            t += 0.2;
        }
        out
    }

    pub fn chebyquad(x: &[f64]) -> Vec<f64> {
        let n = x.len();
        let mut out = vec![0.0; n];
        for &x in x {
            let (mut before, mut now) = (1.0, 2.0 * x - 1.0);
            let twice = 2.0 * now;
            for out in out.iter_mut() {
                *out += now;
                (before, now) = (now, twice * now - before);
            }
        }
        for i in 0..n {
            out[i] /= n as f64;
            if i % 2 == 1 {
                out[i] += 1.0 / ((i as f64 + 1.0).powi(2) - 1.0);
            }
        }
        out
    }

    pub fn brown_almost_linear(x: &[f64]) -> Vec<f64> {
        let n = x.len();
        let sum: f64 = x.iter().sum();
        let product: f64 = x.iter().product();
        let mut out: Vec<f64> = x.iter().map(|x| x + sum - (n as f64 + 1.0)).collect();
        out[n - 1] = product - 1.0;
        out
    }

    const OSBORNE: [f64; 33] = [
        0.844, 0.908, 0.932, 0.936, 0.925, 0.908, 0.881, 0.85, 0.818, 0.784, 0.751, 0.718, 0.685,
        0.658, 0.628, 0.603, 0.58, 0.558, 0.538, 0.522, 0.506, 0.49, 0.478, 0.467, 0.457, 0.448,
        0.438, 0.431, 0.424, 0.42, 0.414, 0.411, 0.406,
    ];

    pub fn osborne1(x: &[f64]) -> Vec<f64> {
        let mut out = OSBORNE.to_vec();
        for i in 0..33 {
            let t = 10.0 * i as f64;
            out[i] -= x[0] + x[1] * (-x[3] * t).exp() + x[2] * (-x[4] * t).exp();
        }
        out
    }
}

use residuals::*;

type Residuals = fn(&[f64]) -> Vec<f64>;
type Reverse = fn(&[f64], Vec<f64>, &mut Vec<f64>) -> Vec<f64>;

/// A problem at a point.
struct Problem {
    x: DVector<f64>,
    residuals: Residuals,
    reverse: Reverse,
}

impl Problem {
    fn jacobian_by_rows(&self) -> DMatrix<f64> {
        let rows = (self.residuals)(self.x.as_slice()).len();
        let mut jacobian = DMatrix::zeros(rows, self.x.len());
        for row in 0..rows {
            let mut seed = vec![0.0; rows];
            seed[row] = 1.0;
            let mut gradient = vec![0.0; self.x.len()];
            (self.reverse)(self.x.as_slice(), seed, &mut gradient);
            jacobian.row_mut(row).copy_from_slice(&gradient);
        }
        jacobian
    }
}

impl LeastSquaresProblem<f64, Dyn, Dyn> for Problem {
    type ResidualStorage = Owned<f64, Dyn>;
    type JacobianStorage = Owned<f64, Dyn, Dyn>;
    type ParameterStorage = Owned<f64, Dyn>;

    fn set_params(&mut self, x: &DVector<f64>) {
        self.x.copy_from(x);
    }

    fn params(&self) -> DVector<f64> {
        self.x.clone()
    }

    fn residuals(&self) -> Option<DVector<f64>> {
        Some(DVector::from_vec((self.residuals)(self.x.as_slice())))
    }

    fn jacobian(&self) -> Option<DMatrix<f64>> {
        Some(self.jacobian_by_rows())
    }
}

/// Name, residuals, start, and the sum of squares at the minimum.
macro_rules! problems {
    ($($name:ident, $vjp:ident: $start:expr => $minimum:expr;)*) => {
        fn all() -> Vec<(&'static str, Problem, f64)> {
            vec![$((
                stringify!($name),
                Problem {
                    x: DVector::from_vec($start.to_vec()),
                    residuals: $name,
                    reverse: |x, seed, d_x| $vjp(x, seed, d_x),
                },
                $minimum,
            )),*]
        }
    };
}

problems! {
    rosenbrock, rosenbrock_vjp: [-1.2, 1.0] => 0.0;
    helical_valley, helical_valley_vjp: [-1.0, 0.0, 0.0] => 0.0;
    powell_singular, powell_singular_vjp: [3.0, -1.0, 0.0, 1.0] => 0.0;
    freudenstein_roth, freudenstein_roth_vjp: [0.5, -2.0] => 48.98425;
    bard, bard_vjp: [1.0, 1.0, 1.0] => 8.214877e-3;
    kowalik_osborne, kowalik_osborne_vjp: [0.25, 0.39, 0.415, 0.39] => 3.075056e-4;
    watson, watson_vjp: [0.0; 6] => 2.287670e-3;
    box3d, box3d_vjp: [0.0, 10.0, 20.0] => 0.0;
    jennrich_sampson, jennrich_sampson_vjp: [0.3, 0.4] => 124.3622;
    brown_dennis, brown_dennis_vjp: [25.0, 5.0, -5.0, -1.0] => 85822.20;
    chebyquad, chebyquad_vjp: [0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875] => 0.0;
    brown_almost_linear, brown_almost_linear_vjp: [0.5; 10] => 0.0;
    osborne1, osborne1_vjp: [0.5, 1.5, -1.0, 0.01, 0.02] => 5.464895e-5;
}

#[test]
fn jacobians_against_the_differences_of_the_solver() {
    let mut points = Points::new(3);
    for (name, mut problem, _) in all() {
        let start = problem.x.clone();
        for round in 0..20 {
            if round > 0 {
                problem.x = start.map(|x| x + points.between(-0.1, 0.1) * x.abs().max(0.1));
            }
            let expected = differentiate_numerically(&mut problem).unwrap();
            let got = problem.jacobian_by_rows();
            let scale = expected.iter().fold(1.0_f64, |scale, x| scale.max(x.abs()));
            for (got, expected) in got.iter().zip(expected.iter()) {
                assert_close(name, got / scale, expected / scale, 1e-6);
            }
        }
    }
}

#[test]
fn the_solver_finds_the_published_minima() {
    for (name, problem, minimum) in all() {
        let (problem, report) = LevenbergMarquardt::new()
            .with_patience(400)
            .minimize(problem);
        assert!(
            report.termination.was_successful(),
            "{name}: {:?}",
            report.termination
        );
        let squares: f64 = problem.residuals().unwrap().iter().map(|r| r * r).sum();
        assert_close(
            name,
            squares / (1.0 + minimum),
            minimum / (1.0 + minimum),
            1e-6,
        );
    }
}

/// By hand, where that is short.
#[test]
fn jacobians_by_hand() {
    let mut points = Points::new(4);
    let by_rows = |residuals: Residuals, reverse: Reverse, x: &[f64]| {
        let x = DVector::from_column_slice(x);
        Problem {
            x,
            residuals,
            reverse,
        }
        .jacobian_by_rows()
    };
    for _ in 0..200 {
        let x: [f64; 4] = points.array(-2.0, 2.0);
        let got = by_rows(rosenbrock, |x, s, d| rosenbrock_vjp(x, s, d), &x[..2]);
        let expected = [[-20.0 * x[0], 10.0], [-1.0, 0.0]];
        compare("rosenbrock", &got, &expected);

        let got = by_rows(powell_singular, |x, s, d| powell_singular_vjp(x, s, d), &x);
        let (a, b) = (
            2.0 * (x[1] - 2.0 * x[2]),
            2.0 * 10f64.sqrt() * (x[0] - x[3]),
        );
        let five = 5f64.sqrt();
        let expected = [
            [1.0, 10.0, 0.0, 0.0],
            [0.0, 0.0, five, -five],
            [0.0, a, -2.0 * a, 0.0],
            [b, 0.0, 0.0, -b],
        ];
        compare("powell_singular", &got, &expected);

        let got = by_rows(
            freudenstein_roth,
            |x, s, d| freudenstein_roth_vjp(x, s, d),
            &x[..2],
        );
        let b = x[1];
        let expected = [
            [1.0, b * (10.0 - 3.0 * b) - 2.0],
            [1.0, b * (2.0 + 3.0 * b) - 14.0],
        ];
        compare("freudenstein_roth", &got, &expected);

        let got = by_rows(
            jennrich_sampson,
            |x, s, d| jennrich_sampson_vjp(x, s, d),
            &x[..2],
        );
        let row = |i: usize| {
            let t = (i + 1) as f64;
            [-t * (t * x[0]).exp(), -t * (t * x[1]).exp()]
        };
        compare::<2, 10>("jennrich_sampson", &got, &std::array::from_fn(row));

        let got = by_rows(
            brown_almost_linear,
            |x, s, d| brown_almost_linear_vjp(x, s, d),
            &x,
        );
        let row = |i: usize| {
            std::array::from_fn(|j| match (i, i == j) {
                (3, _) => (0..4).filter(|k| *k != j).map(|k| x[k]).product(),
                (_, true) => 2.0,
                (_, false) => 1.0,
            })
        };
        compare::<4, 4>("brown_almost_linear", &got, &std::array::from_fn(row));
    }
}

fn compare<const N: usize, const M: usize>(
    name: &str,
    got: &DMatrix<f64>,
    expected: &[[f64; N]; M],
) {
    assert_eq!(got.shape(), (M, N), "{name}");
    for (i, row) in expected.iter().enumerate() {
        for (j, expected) in row.iter().enumerate() {
            assert_close(name, got[(i, j)], *expected, 1e-12);
        }
    }
}
