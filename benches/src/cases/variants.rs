//! The kinds of variants.

use crate::gradient::Parts;
use crate::measure::Variant;
use std::hint::black_box;

/// The value alone.
pub fn value<'a>(name: &'static str, mut run: impl FnMut() -> f64 + 'a) -> Variant<'a> {
    Variant {
        name,
        run: Box::new(move |_| run()),
    }
}

/// Value and gradient, the latter into buffers of these lengths, which are overwritten.
pub fn overwriting<'a, const N: usize>(
    name: &'static str,
    lengths: [usize; N],
    mut run: impl FnMut(&mut [Vec<f64>; N]) -> f64 + 'a,
) -> Variant<'a> {
    let mut buffers = lengths.map(|length| vec![f64::NAN; length]);
    let run = move |sink: &mut crate::gradient::Sink| {
        let value = run(&mut buffers);
        sink.put(&buffers);
        value
    };
    Variant {
        name,
        run: Box::new(run),
    }
}

/// Value and gradient, returned.
pub fn returning<'a, G: Parts>(
    name: &'static str,
    mut run: impl FnMut() -> (f64, G) + 'a,
) -> Variant<'a> {
    let run = move |sink: &mut crate::gradient::Sink| {
        let (value, gradient) = run();
        sink.put(black_box(&gradient));
        value
    };
    Variant {
        name,
        run: Box::new(run),
    }
}

/// The gradient alone.
pub fn gradient<'a, G: Parts>(name: &'static str, mut run: impl FnMut() -> G + 'a) -> Variant<'a> {
    returning(name, move || (0.0, run()))
}
