//! First light.
use tapeless::differentiate;

#[differentiate]
fn rosenbrock(x: f64, y: f64) -> f64 {
    (1.0 - x).powi(2) + 100.0 * (y - x * x).powi(2)
}

#[test]
fn light() {
    let (dx, dy) = rosenbrock_grad(1.2, 1.0);
    assert!(
        (dx - (-2.0 * (1.0 - 1.2) - 400.0 * 1.2 * (1.0 - 1.44))).abs() < 1e-9,
        "{dx}"
    );
    assert!((dy - 200.0 * (1.0 - 1.44)).abs() < 1e-9);
}
