//! Forty readings of an accelerometer at rest, in as many attitudes, synthesised: gravity in directions spread evenly over
//! the sphere, seen by a sensor with the errors of [`OFFSET`], [`SCALE`] and [`MISALIGNMENT`] and noise of 2 mg.

/// Readings per g.
pub const PER_G: f32 = 16384.0;

/// What the sensor reads where there is no force, in g.
pub const OFFSET: [f32; 3] = [0.062, -0.035, 0.081];
/// What the reading of each axis is to be multiplied with.
pub const SCALE: [f32; 3] = [1.031, 0.978, 1.012];
/// How much of x to add to y, of x to z, and of y to z.
pub const MISALIGNMENT: [f32; 3] = [0.024, -0.017, 0.012];

/// What the sensor read.
#[rustfmt::skip]
pub static SAMPLES: [[i16; 3]; 40] = [
    [4539, -643, 17165], [-3447, 3805, 16169], [1725, -8655, 15634], [6488, 6819, 14694],
    [-8928, -2147, 13744], [10267, -7048, 13239], [-2057, 11422, 12072], [-4703, -12022, 11465],
    [13239, 3842, 10767], [-11430, 5192, 9588], [6923, -14095, 9266], [5317, 13811, 8118],
    [-11745, -8079, 7256], [15734, -4362, 6888], [-7757, 12770, 5474], [-931, -16778, 5117],
    [12976, 9736, 4255], [-14739, 452, 3101], [12270, -12602, 2920], [294, 16178, 1478],
    [-9143, -13202, 886], [16679, 1237, 337], [-11884, 9170, -1078], [4458, -16702, -1238],
    [8652, 13318, -2340], [-13564, -5148, -3284], [14695, -7548, -3615], [-4657, 13944, -4991],
    [-3836, -14705, -5519], [13436, 6013, -6215], [-12127, 3361, -7411], [7988, -12281, -7692],
    [3074, 12316, -8890], [-8259, -7904, -9648], [11928, -1756, -10234], [-5818, 7400, -11428],
    [1031, -10011, -11868], [6170, 5261, -12826], [-5002, -1023, -13698], [3795, -2852, -14425],
];
