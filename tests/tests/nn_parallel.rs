//! The gradient of a batch in parts: the same to the last bit for any number of threads.

use tapeless::matrix::DMatrix;
use tapeless::nn::{init, parallel_gradient, share, HeapLinear, Rng};
use tapeless::{Cotangent, Differentiable, Inactive, Parameters};

const SAMPLES: usize = 50;
const PARTS: usize = 6;

type Net = (HeapLinear<f32>, HeapLinear<f32>);

struct Data {
    net: Net,
    x: DMatrix<f32>,
    y: Vec<usize>,
}

fn data() -> Data {
    let rng = &mut Rng::with_seed(11);
    let mut x = DMatrix::zeros(SAMPLES, 7);
    init::normal(&mut x, 0.0, 1.0, rng);
    let y = (0..SAMPLES).map(|_| rng.usize(..3)).collect();
    Data {
        net: (HeapLinear::new(7, 9, rng), HeapLinear::new(9, 3, rng)),
        x,
        y,
    }
}

/// Adds the gradient of the loss, summed over these samples.
fn add_gradient(data: &Data, samples: std::ops::Range<usize>, d: &mut Net) -> f32 {
    let (net, count) = (&data.net, samples.len() as f32);
    let x = DMatrix::from_fn(samples.len(), 7, |i, j| data.x[(samples.start + i, j)]);
    let h = net.0.forward_relu(&x);
    let logits = net.1.forward(&h);
    let (mut d_h, mut d_logits) = (h.zero_cotangent(), logits.zero_cotangent());
    let loss = logits.softmax_cross_entropy_vjp(&data.y[samples], count, &mut d_logits, Inactive);
    net.1
        .forward_pullback(&h, &logits, d_logits, &mut d.1, &mut d_h);
    net.0.forward_relu_pullback(&x, &h, d_h, &mut d.0, Inactive);
    loss * count
}

fn on_threads(threads: usize, data: &Data) -> (u32, Vec<u32>) {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .unwrap();
    let mut parts: Vec<_> = (0..PARTS)
        .map(|_| (data.net.zero_cotangent(), ()))
        .collect();
    let loss = pool.install(|| {
        parallel_gradient(&mut parts, |i, d, ()| {
            add_gradient(data, share(SAMPLES, i, PARTS), d)
        })
    });
    (
        loss.to_bits(),
        flat(&parts[0].0).into_iter().map(f32::to_bits).collect(),
    )
}

fn flat(d: &Net) -> Vec<f32> {
    let mut flat = vec![0.0; d.count()];
    d.write_flat(&mut flat);
    flat
}

#[test]
fn identical_on_any_number_of_threads() {
    let data = data();
    let one = on_threads(1, &data);
    for threads in [2, 3, 8] {
        assert_eq!(on_threads(threads, &data), one, "{threads} threads");
    }
}

#[test]
fn the_sum_of_all_samples() {
    let data = data();
    let mut whole = data.net.zero_cotangent();
    whole.fill_zero();
    add_gradient(&data, 0..SAMPLES, &mut whole);
    let (_, parts) = on_threads(2, &data);
    for (whole, part) in flat(&whole).iter().zip(parts) {
        assert!((whole - f32::from_bits(part)).abs() < 1e-4);
    }
}

#[test]
fn every_sample_once() {
    for (samples, parts) in [(50, 6), (3, 5), (0, 2), (7, 1)] {
        let all: Vec<usize> = (0..parts).flat_map(|i| share(samples, i, parts)).collect();
        assert_eq!(all, (0..samples).collect::<Vec<_>>());
    }
}
