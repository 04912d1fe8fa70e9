//! Constants and functions that are called as generated variables are.
#![allow(non_upper_case_globals)]

mod alone {
    use tapeless::differentiate;

    const d_x: f64 = 3.0;
    const d_out: f64 = 0.5;
    static d_y: f64 = 2.0;

    #[differentiate]
    pub fn mentioned(x: f64) -> f64 {
        let y = x.sin();
        y * y * x * d_x * d_out * d_y
    }
}

mod functions_of_the_name {
    use tapeless::differentiate;

    #[differentiate]
    pub fn t(x: f64) -> f64 {
        x * x
    }

    #[differentiate]
    pub fn out(x: f64) -> f64 {
        t(x) * x.sin()
    }

    #[differentiate]
    pub fn functions(y: f64) -> f64 {
        let mut s = 1.0;
        for _ in 0..3 {
            s = s * t(y) + out(y).sin() * out(s);
        }
        s
    }
}

#[tapeless::differentiate]
mod seen {
    #![allow(dead_code)]
    static t: f64 = 2.0;
    static t_1: f64 = 1.0;
    static record: f64 = 3.0;
    static old: f64 = 1.0;
    const d: f64 = 3.0;
    const copy: f64 = 1.0;
    const i: usize = 1;
    const d_s: f64 = 0.0;

    pub fn summed(y: f64, z: f64) -> f64 {
        let mut s = 0.0f64;
        for _ in 0..5 {
            s = s * y + (z * 2.0).sin() * s.cos();
        }
        s * 3.0
    }

    pub fn stepped(v: &[f64]) -> f64 {
        let (mut p, mut q) = (1.0, 0);
        while p < 10.0 {
            p *= 1.0 + v[q % v.len()];
            q += 1;
        }
        if p > 12.0 {
            p.ln()
        } else {
            p * p
        }
    }
}

use alone::*;
use functions_of_the_name::*;
use seen::*;
use tapeless::assert_gradient;

#[test]
fn names_of_the_module_stay_what_they_are() {
    assert_gradient!(mentioned(0.7));
    assert_gradient!(functions(0.7));
    assert_gradient!(summed(0.3, 0.2));
    assert_gradient!(stepped(&[0.4, 0.9]));
}
