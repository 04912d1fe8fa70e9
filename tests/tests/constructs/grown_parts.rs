//! Vectors that are parts of what a function is lent: they grow and shrink, and their cotangents with them.

use tapeless::{differentiate, Differentiable, Inactive};

#[derive(Differentiable, Clone, Debug)]
struct Track {
    points: Vec<f64>,
    scale: f64,
    count: usize,
}

#[derive(Differentiable, Clone, Debug)]
struct Outer {
    track: Track,
    tail: (Vec<f64>, f64),
}

#[differentiate]
fn record(track: &mut Track, x: f64) {
    track.points.push(x * track.scale);
}

#[differentiate]
fn ends(track: &mut Track, x: f64) -> f64 {
    track.points.push(x * track.scale);
    let n = track.points.len();
    track.points[n - 1] * track.points[0]
}

#[differentiate]
fn recorded_elsewhere(track: &mut Track, x: f64) -> f64 {
    record(track, x);
    record(track, x * x);
    track.points[2] * track.points[0] * track.points[3]
}

#[differentiate]
impl Track {
    fn add(&mut self, x: f64) {
        self.points.push(x * self.scale);
        self.count += 1;
    }

    fn total(&mut self, x: f64) -> f64 {
        self.add(x * x);
        self.add(x);
        self.points.iter().map(|v| v * v).sum::<f64>() * self.scale
    }

    fn exchanged(&mut self, x: f64) -> f64 {
        let last = self.points.pop().unwrap_or(x);
        self.points.push(last * x);
        self.points.push(x);
        self.points.remove(0) * last * self.points[1]
    }

    fn in_a_loop(&mut self, x: f64) -> f64 {
        for i in 0..4 {
            if i % 2 == 0 {
                self.points.push(x * i as f64);
            } else {
                let next = self.points[i - 1] * self.scale;
                self.points.push(next);
            }
        }
        let mut total = 0.0;
        for v in &self.points {
            total += v * v * v;
        }
        total
    }
}

#[differentiate]
fn of_its_own(x: f64, k: f64) -> f64 {
    let mut track = Track {
        points: vec![k],
        scale: k,
        count: 0,
    };
    record(&mut track, x);
    track.points.push(x * x);
    let y = ends(&mut track, k);
    y * track.points[1] * track.points[2]
}

#[differentiate]
fn nested(outer: &mut Outer, x: f64) -> f64 {
    outer.track.points.push(x * outer.track.scale);
    outer.tail.0.push(x);
    let last = outer.track.points[outer.track.points.len() - 1];
    last * last * outer.tail.0[0] * outer.tail.1
}

fn track() -> Track {
    Track {
        points: vec![0.5, 0.8],
        scale: 1.3,
        count: 0,
    }
}

fn difference(f: impl Fn(f64) -> f64, x: f64) -> f64 {
    let h = 1e-5;
    (f(x + h) - f(x - h)) / (2.0 * h)
}

fn agrees(a: f64, b: f64) {
    assert!((a - b).abs() < 1e-6 * a.abs().max(1.0), "{a} {b}");
}

fn check((d_track, d_x): (TrackCotangent, f64), f: impl Fn(&mut Track, f64) -> f64) {
    let with = |change: &dyn Fn(&mut Track)| {
        let mut track = track();
        change(&mut track);
        f(&mut track, 0.7)
    };
    agrees(d_x, difference(|x| f(&mut track(), x), 0.7));
    agrees(d_track.scale, difference(|k| with(&|t| t.scale = k), 1.3));
    assert_eq!(d_track.points.len(), 2);
    for (i, d) in d_track.points.iter().enumerate() {
        let at = track().points[i];
        agrees(*d, difference(|v| with(&|t| t.points[i] = v), at));
    }
}

#[test]
fn a_part_that_grows_is_given_back_as_it_was() {
    check(ends_grad(&mut track(), 0.7), |t, x| ends(t, x));
    check(recorded_elsewhere_grad(&mut track(), 0.7), |t, x| {
        recorded_elsewhere(t, x)
    });
    check(track().total_grad(0.7), |t, x| t.total(x));
    check(track().exchanged_grad(0.7), |t, x| t.exchanged(x));
    check(track().in_a_loop_grad(0.7), |t, x| t.in_a_loop(x));
}

#[test]
fn parts_of_parts_and_of_what_the_function_owns() {
    let (d_x, d_k) = of_its_own_grad(0.7, 1.1);
    agrees(d_x, difference(|x| of_its_own(x, 1.1), 0.7));
    agrees(d_k, difference(|k| of_its_own(0.7, k), 1.1));
    let outer = || Outer {
        track: track(),
        tail: (vec![], 0.9),
    };
    let (d_outer, d_x) = nested_grad(&mut outer(), 0.7);
    agrees(d_x, difference(|x| nested(&mut outer(), x), 0.7));
    assert!(d_outer.tail.0.is_empty() && d_outer.track.points == [0.0, 0.0]);
}

#[test]
fn the_slot_holds_what_there_is_at_the_end() {
    let (mut lent, mut d_x) = (track(), 0.0);
    let mut d = TrackCotangent {
        points: vec![1.0, 2.0, 3.0],
        scale: 0.5,
        count: (),
    };
    record_vjp(&mut lent, 0.7, &mut d, &mut d_x);
    assert_eq!(lent.points, [0.5, 0.8, 0.7 * 1.3]);
    assert_eq!(d.points, [1.0, 2.0]);
    agrees(d.scale, 0.5 + 3.0 * 0.7);
    agrees(d_x, 3.0 * 1.3);
    record_vjp(&mut track(), 0.7, Inactive, &mut d_x);
    agrees(d_x, 3.0 * 1.3);
}
