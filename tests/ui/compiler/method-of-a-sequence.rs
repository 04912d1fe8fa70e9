//! A method that a slice has, of a variable of another type that is gone through.
use tapeless::differentiate;

struct Readings(Vec<f64>);

impl Readings {
    fn last(&self) -> Option<&f64> {
        self.0.last()
    }
    fn len(&self) -> usize {
        self.0.len()
    }
    fn iter(&self) -> std::slice::Iter<'_, f64> {
        self.0.iter()
    }
}

impl core::ops::Index<usize> for Readings {
    type Output = f64;
    fn index(&self, i: usize) -> &f64 {
        &self.0[i]
    }
}

struct Station(Vec<f64>);

impl Station {
    fn readings(&self) -> Readings {
        Readings(self.0.clone())
    }
}

#[differentiate(wrt(x))]
fn scaled(#[constant] station: &Station, x: f64) -> f64 {
    let readings = station.readings();
    let mut sum = 0.0;
    for reading in readings.iter() {
        sum += reading * x;
    }
    match readings.last() {
        Some(last) => last * sum,
        None => sum,
    }
}

fn main() {}
