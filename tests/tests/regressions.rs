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

#[differentiate]
fn product_of_ends(head: &[f64], all: &[f64]) -> f64 {
    head[0] * all[all.len() - 1]
}

#[differentiate]
fn a_mutable_slice_is_passed_beside_a_part_of_it(x: &mut [f64]) -> f64 {
    x[0] *= 2.0;
    product_of_ends(&x[..1], x)
}

#[test]
fn a_mutable_slice_is_coerced() {
    let (value, dx) = a_mutable_slice_is_passed_beside_a_part_of_it_value_and_grad(&mut [3.0, 5.0]);
    assert_eq!((value, dx), (30.0, vec![10.0, 6.0]));
}

#[differentiate]
fn an_assignment_inside_of_vec(x: f64) -> f64 {
    let mut s = x;
    for _ in 0..2 {
        let squares = vec![
            {
                s *= x;
                s
            };
            1
        ];
        s += squares[0];
    }
    s
}

#[test]
fn assignments_inside_of_vec() {
    // s → 2 s x, twice: 4 x³
    let (value, dx) = an_assignment_inside_of_vec_value_and_grad(1.5);
    assert_eq!((value, dx), (13.5, 27.0));
}
