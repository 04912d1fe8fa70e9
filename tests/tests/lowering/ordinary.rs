//! Things that people write every day, met in programs that were written without a look at this compiler.

use tapeless::{assert_gradient, differentiate, Differentiable};

/// Parts of a slice that may not be there.
mod parts_that_may_be_missing {
    use super::*;

    #[differentiate]
    fn lagged(x: &[f64], lag: usize) -> f64 {
        let Some(tail) = x.get(lag..) else {
            return 0.5 * x.iter().sum::<f64>();
        };
        x.iter().zip(tail).map(|(a, b)| a * b).sum()
    }

    #[differentiate]
    fn ends(x: &mut [f64], lo: usize, hi: usize) -> f64 {
        if let Some(part) = x.get_mut(lo..=hi) {
            part[0] *= 3.0;
        }
        let head = x.get(..lo).map_or(1.0, |head| head.iter().product::<f64>());
        let inner = x
            .get(lo..hi)
            .map_or(2.0, |inner| inner.iter().map(|v| v * v).sum());
        head * inner
    }

    #[test]
    fn by_differences() {
        let x = [0.3, 0.7, -0.4];
        for lag in 0..5 {
            assert_gradient!(lagged(&x, lag));
        }
        for (lo, hi) in [
            (0, 0),
            (0, 2),
            (1, 2),
            (2, 2),
            (0, 3),
            (3, 3),
            (3, 1),
            (5, 9),
        ] {
            assert_gradient!(ends(&mut [0.3, 0.7, -0.4], lo, hi));
        }
    }
}

/// A tuple of options, taken apart by patterns with references.
mod options_side_by_side {
    use super::*;

    #[differentiate]
    fn resampled(x: &[f64], rate: f64, n: usize) -> Vec<f64> {
        (0..n)
            .map(|i| {
                let t = i as f64 * rate;
                let k = t as usize;
                let part = t - k as f64;
                match (x.get(k), x.get(k + 1)) {
                    (Some(&a), Some(&b)) if a < b => a + (b - a) * part * part,
                    (Some(&a), Some(&b)) => a + (b - a) * part,
                    (Some(a), None) => 2.0 * a,
                    _ => 0.0,
                }
            })
            .collect()
    }

    #[differentiate]
    fn energy(x: &[f64], rate: f64, n: usize) -> f64 {
        resampled(x, rate, n).iter().map(|v| v * v).sum()
    }

    #[test]
    fn by_differences() {
        for n in [0, 1, 3, 6] {
            assert_gradient!(energy(&[0.1, 0.9, -0.3, 0.5], 0.7, n));
            assert_gradient!(energy(&[0.1], 0.7, n));
            assert_gradient!(energy(&[], 0.7, n));
        }
    }
}

/// The largest and smallest of what has an order of its own.
mod ordered_items {
    use super::*;

    #[differentiate]
    fn by_year(flows: &[(usize, f64)], rate: f64) -> f64 {
        let years = flows.iter().map(|f| f.0).max().map_or(0, |last| last + 1);
        let mut sums = vec![0.0; years];
        flows
            .iter()
            .for_each(|&(year, flow)| sums[year] += flow * flow);
        let first = flows.iter().map(|&(year, _)| year).min();
        sums.iter()
            .enumerate()
            .map(|(year, sum)| sum / (1.0 + rate).powi(year as i32))
            .sum::<f64>()
            * first.unwrap_or(7) as f64
    }

    #[differentiate]
    fn latest(flows: &[(i32, f64)]) -> f64 {
        let Some((year, flow)) = flows.iter().max_by_key(|(year, _)| *year) else {
            return 1.0;
        };
        let (_, early) = flows.iter().min_by_key(|f| (f.0, -f.0)).unwrap();
        flow * early * *year as f64
    }

    #[test]
    fn of_several_of_one_and_of_none() {
        let flows = [(2, 3.0), (1, 4.0), (2, 0.5)];
        let (value, (d_flows, d_rate)) = by_year_value_and_grad(&flows, 0.25);
        assert_eq!(value, 16.0 / 1.25 + 9.25 / 1.5625);
        assert_eq!(
            d_flows,
            [((), 6.0 / 1.5625), ((), 8.0 / 1.25), ((), 1.0 / 1.5625)]
        );
        let expected = -16.0 / 1.5625 - 2.0 * 9.25 / 1.953_125;
        assert!((d_rate - expected).abs() < 1e-12);
        assert_eq!(by_year_value_and_grad(&[], 0.25), (0.0, (vec![], 0.0)));
        // The last of the largest, the first of the smallest.
        let flows = [(1, 3.0), (2, 4.0), (1, 5.0), (2, 7.0)];
        let (value, d) = latest_value_and_grad(&flows);
        assert_eq!(
            (value, d),
            (42.0, vec![((), 14.0), ((), 0.0), ((), 0.0), ((), 6.0)])
        );
        assert_eq!(latest_value_and_grad(&[(3, 2.0)]), (12.0, vec![((), 12.0)]));
        assert_eq!(latest_value_and_grad(&[]), (1.0, vec![]));
    }
}

/// Elements that have no default.
mod arrays_of_structs {
    use super::*;

    #[derive(Clone, Copy, Differentiable)]
    struct Ball {
        mass: f64,
        speed: f64,
    }

    #[differentiate]
    fn started(masses: [f64; 3], speed: f64) -> f64 {
        let mut balls = masses.map(|mass| Ball { mass, speed: 0.5 });
        balls[0].speed = speed;
        let twins: [Ball; 2] = std::array::from_fn(|i| Ball {
            mass: masses[i] * speed,
            speed: balls[i].mass,
        });
        let own = balls
            .iter()
            .map(|b| b.mass * b.speed * b.speed)
            .sum::<f64>();
        own + twins[0].mass * twins[1].speed
    }

    #[test]
    fn by_differences() {
        assert_gradient!(started([1.0, 0.8, 1.2], 2.0));
    }
}

/// The type that a closure says it gives is that of what it makes.
mod declared_closures {
    use super::*;

    #[differentiate]
    fn stepped(y: [f64; 3], k: [f64; 3], h: f64) -> f64 {
        let axpy = |y: &[f64; 3], k: &[f64; 3], h: f64| -> [f64; 3] {
            std::array::from_fn(|i| y[i] + h * k[i] * y[0])
        };
        let y = axpy(&axpy(&y, &k, h), &k, h / 2.0);
        y[0] * y[1] - y[2]
    }

    #[test]
    fn by_differences() {
        assert_gradient!(stepped([0.3, 0.4, 0.5], [1.0, -2.0, 0.7], 0.3));
    }
}

/// Vectors that a closure collects into the vectors that its items are.
mod rows_of_rows {
    use super::*;

    #[differentiate]
    fn products(a: &[Vec<f64>], b: &[Vec<f64>]) -> Vec<Vec<f64>> {
        a.iter()
            .map(|row| {
                let scale = 1.0 / row.len() as f64;
                (0..b[0].len())
                    .map(|c| {
                        scale
                            * row
                                .iter()
                                .zip(b)
                                .map(|(x, other)| x * other[c])
                                .sum::<f64>()
                    })
                    .collect()
            })
            .collect()
    }

    #[differentiate]
    fn norm(a: &[Vec<f64>], b: &[Vec<f64>]) -> f64 {
        let c: Vec<Vec<f64>> = products(a, b);
        c.iter().flatten().map(|v| v * v).sum()
    }

    #[test]
    fn by_differences() {
        let a = [vec![0.3, 0.4], vec![-0.2, 0.9], vec![1.0, 0.1]];
        let b = [vec![0.5, 0.4, 0.3], vec![-0.6, 0.8, 0.1]];
        let (a, b): (&[Vec<f64>], &[Vec<f64>]) = (&a, &b);
        assert_gradient!(norm(a, b));
        assert_gradient!(norm(&a[..1], b));
        assert_gradient!(norm(&a[..0], b));
    }
}

/// Two elements of one window that are tuples.
mod neighbours_that_are_tuples {
    use super::*;

    #[differentiate]
    fn between(p: (f64, f64), q: (f64, f64)) -> f64 {
        (p.0 - q.0).hypot(p.1 - q.1) * p.0
    }

    #[differentiate]
    fn route(stops: &[(f64, f64)]) -> f64 {
        stops.windows(2).map(|w| between(w[0], w[1])).sum()
    }

    #[test]
    fn by_differences() {
        let stops: &[(f64, f64)] = &[(0.3, 0.4), (0.9, -0.2), (1.5, 0.7)];
        for n in 0..4 {
            assert_gradient!(route(&stops[..n]));
        }
    }
}

/// The traits of an annotated module have siblings, and so has what implements them there.
mod traits_of_a_module {
    use super::*;

    #[differentiate]
    mod potentials {
        use tapeless::Differentiable;

        pub trait Potential: Differentiable {
            const OFFSET: f64;
            fn energy(&self, x: f64) -> f64;
            fn force(&self, x: f64) -> f64;
            fn total(&self, x: f64, v: f64) -> f64 {
                self.energy(x) + 0.5 * v * v + Self::OFFSET * x
            }
        }

        #[derive(Clone, Differentiable)]
        pub struct Harmonic {
            pub k: f64,
        }

        impl Potential for Harmonic {
            const OFFSET: f64 = 0.25;
            fn energy(&self, x: f64) -> f64 {
                0.5 * self.k * x * x
            }
            fn force(&self, x: f64) -> f64 {
                -self.k * x
            }
        }

        pub mod anharmonic {
            use tapeless::Differentiable;

            #[derive(Clone, Differentiable)]
            pub struct Morse {
                pub depth: f64,
                pub width: f64,
            }

            impl super::Potential for Morse {
                const OFFSET: f64 = 0.0;
                fn energy(&self, x: f64) -> f64 {
                    self.depth * (1.0 - (-self.width * x).exp()).powi(2)
                }
                fn force(&self, x: f64) -> f64 {
                    let e = (-self.width * x).exp();
                    -2.0 * self.depth * self.width * (1.0 - e) * e
                }
                fn total(&self, x: f64, v: f64) -> f64 {
                    self.energy(x) + v * v
                }
            }
        }

        pub fn leapfrog<P: Potential>(p: &P, mut x: f64, mut v: f64, dt: f64, steps: u32) -> f64 {
            for _ in 0..steps {
                v += 0.5 * dt * p.force(x);
                x += dt * v;
                v += 0.5 * dt * p.force(x);
            }
            p.total(x, v)
        }
    }

    #[test]
    fn by_differences() {
        use potentials::{anharmonic::Morse, leapfrog, leapfrog_value_and_grad, Harmonic};
        for steps in [0u32, 1, 5] {
            assert_gradient!(leapfrog(&Harmonic { k: 2.0 }, 0.3, 0.1, 0.1, steps));
            assert_gradient!(leapfrog(
                &Morse {
                    depth: 1.5,
                    width: 0.9
                },
                0.3,
                0.1,
                0.1,
                steps
            ));
        }
    }
}

/// A call of a method without result is all there is in a closure.
mod closures_for_their_effect {
    use super::*;

    #[derive(Clone, Default, Differentiable)]
    struct Moments {
        count: u32,
        mean: f64,
        squares: f64,
    }

    #[differentiate]
    impl Moments {
        fn push(&mut self, x: f64) {
            self.count += 1;
            let d = x - self.mean;
            self.mean += d / self.count as f64;
            self.squares += d * (x - self.mean);
        }
    }

    #[differentiate]
    fn spread(x: &[f64]) -> f64 {
        let mut moments = Moments::default();
        x.iter().for_each(|v| moments.push(*v));
        moments.squares + moments.mean
    }

    #[test]
    fn by_differences() {
        assert_gradient!(spread(&[0.3, 0.9, -0.4]));
        assert_gradient!(spread(&[0.3]));
        assert_gradient!(spread(&[]));
    }
}

/// The letters of a text steer.
mod letters {
    use super::*;

    #[differentiate]
    fn evaluated(text: &str, x: f64) -> Result<f64, String> {
        let (mut total, mut sign) = (0.0, 1.0);
        for letter in text.chars() {
            match letter {
                '+' => sign = 1.0,
                '-' => sign = -1.0,
                'x' => total += sign * x,
                'q' => total += sign * x * x,
                digit if digit.is_ascii_digit() => {
                    total += sign * digit.to_digit(10).unwrap() as f64 * x
                }
                other => return Err(format!("what is {other}?")),
            }
        }
        for (word, line) in text.split('+').zip(text.lines()) {
            total *= x + (word.len() + line.len()) as f64;
        }
        Ok(total)
    }

    #[test]
    fn by_differences() {
        assert_gradient!(evaluated("x+q-3", 0.7));
        assert_gradient!(evaluated("", 0.7));
        assert_eq!(evaluated_grad("x*", 0.7), Err("what is *?".into()));
    }
}

/// What is inside of an error is taken apart.
mod errors_with_contents {
    use super::*;

    enum Fault {
        Negative(usize),
        Large { by: u8 },
    }

    #[differentiate]
    fn checked(x: f64, at: usize) -> Result<f64, Fault> {
        match x {
            x if x < 0.0 => Err(Fault::Negative(at)),
            x if x > 9.0 => Err(Fault::Large { by: 3 }),
            x => Ok(x.sqrt()),
        }
    }

    #[differentiate]
    fn mended(x: &[f64]) -> f64 {
        let mut total = 0.0;
        for (at, &v) in x.iter().enumerate() {
            let root = match checked(v, at) {
                Ok(root) => root,
                Err(Fault::Negative(at)) if at > 2 => continue,
                Err(Fault::Negative(at)) => at as f64 * v,
                Err(Fault::Large { by }) => v / by as f64,
            };
            total += root * root * v;
        }
        total
    }

    #[test]
    fn by_differences() {
        assert_gradient!(mended(&[0.3, -0.7, 12.0, -0.4, 2.0]));
        assert_gradient!(mended(&[]));
    }
}
