//! Gradients of all shapes, made flat so that they can be compared.

/// Receives a gradient's numbers, if they are wanted.
pub struct Sink(Option<Vec<f64>>);

impl Sink {
    /// Throws everything away: for timing.
    pub fn closed() -> Self {
        Self(None)
    }

    /// Keeps everything.
    pub fn open() -> Self {
        Self(Some(Vec::new()))
    }

    /// Takes a gradient or a part of one.
    pub fn put(&mut self, part: &impl Parts) {
        if let Some(kept) = &mut self.0 {
            part.write(kept);
        }
    }

    /// What was kept.
    pub fn into_flat(self) -> Vec<f64> {
        self.0.unwrap_or_default()
    }
}

/// The largest `|a − b| / max(1, |a| + |b|)`; infinite if the lengths differ.
pub fn disagreement(a: &[f64], b: &[f64]) -> f64 {
    if a.len() != b.len() {
        return f64::INFINITY;
    }
    let relative = |(a, b): (&f64, &f64)| (a - b).abs() / 1f64.max(a.abs() + b.abs());
    // `f64::max` would drop a NaN.
    let worse = |worst: f64, d: f64| if d.is_nan() || d > worst { d } else { worst };
    a.iter().zip(b).map(relative).fold(0.0, worse)
}

/// Something made of floats, in order.
pub trait Parts {
    /// Appends them.
    fn write(&self, out: &mut Vec<f64>);
}

impl Parts for f64 {
    fn write(&self, out: &mut Vec<f64>) {
        out.push(*self);
    }
}

impl<P: Parts> Parts for Vec<P> {
    fn write(&self, out: &mut Vec<f64>) {
        self.iter().for_each(|part| part.write(out));
    }
}

impl<P: Parts, const N: usize> Parts for [P; N] {
    fn write(&self, out: &mut Vec<f64>) {
        self.iter().for_each(|part| part.write(out));
    }
}

macro_rules! tuples {
    ($(($($part:ident)+))+) => {$(
        impl<$($part: Parts),+> Parts for ($($part,)+) {
            fn write(&self, out: &mut Vec<f64>) {
                #[allow(non_snake_case, reason = "a variable is named like its type")]
                let ($($part,)+) = self;
                $($part.write(out);)+
            }
        }
    )+};
}

tuples! { (A B) (A B C) (A B C D) (A B C D E) }
