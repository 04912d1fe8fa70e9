//! Scalar functions come from where the primal takes them: `libm`, `num_traits::Float`, `micromath::F32Ext`. In `f32`
//! everything stays `f32`.

use core::hint::black_box;

/// The same vibration, from different sources; the last argument is a trait that has to be in scope.
macro_rules! vibration {
    ($source:ident, $float:ty, |$t:ident, $damping:ident| $formula:expr $(, $import:path)?) => {
        mod $source {
            $(use $import;)?

            #[tapeless::differentiate(no_alloc)]
            pub fn vibration($t: $float, $damping: $float) -> $float {
                $formula
            }
        }
    };
}

vibration!(double, f64, |t, damping| libm::exp(-damping * t)
    * libm::sin(3.0 * t)
    / libm::sqrt(1.0 + t));
vibration!(library, f32, |t, damping| libm::expf(-damping * t)
    * libm::sinf(3.0 * t)
    / libm::sqrtf(1.0 + t));
vibration!(
    methods,
    f32,
    |t, damping| (-damping * t).exp() * (3.0 * t).sin() / (1.0 + t).sqrt(),
    num_traits::Float
);
vibration!(
    paths,
    f32,
    |t, damping| Float::exp(-damping * t) * f32::sin(3.0 * t) / Float::sqrt(1.0 + t),
    num_traits::Float
);
vibration!(
    micro,
    f32,
    |t, damping| (-damping * t).exp() * (3.0 * t).sin() / (1.0 + t).sqrt(),
    micromath::F32Ext
);

/// Each source against double precision. `micromath` trades digits for speed: its roots are off by up to 4 %.
pub fn all() -> bool {
    let (t, damping) = black_box((0.7_f32, 0.3_f32));
    let exact = double::vibration_grad(f64::from(t), f64::from(damping));
    let agrees = |(dt, d_damping): (f32, f32), tolerance: f64| {
        libm::fabs(f64::from(dt) - exact.0) < tolerance
            && libm::fabs(f64::from(d_damping) - exact.1) < tolerance
    };
    agrees(library::vibration_grad(t, damping), 1e-6)
        && agrees(methods::vibration_grad(t, damping), 1e-6)
        && agrees(paths::vibration_grad(t, damping), 1e-6)
        && agrees(micro::vibration_grad(t, damping), 0.06)
}
