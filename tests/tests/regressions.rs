//! Small programs that once went wrong, each named after its fault. The random programs found them.

use tapeless::differentiate;

#[differentiate]
fn literal_bounds_leave_the_integer_type_open(x: f64) -> f64 {
    let mut s = 0.0;
    for i in (0..4).skip(1) {
        s += x * i as f64;
    }
    for _ in (1..=4).step_by(2) {
        s = s * x;
    }
    s
}

#[test]
fn literal_bounds() {
    // 6 x³
    let (value, dx) = literal_bounds_leave_the_integer_type_open_value_and_grad(2.0);
    assert_eq!((value, dx), (48.0, 72.0));
}
