//! Methods of integers, on receivers whose type is not visible to the macro: their values are
//! computed, and nothing flows.

use num_traits::ToPrimitive;

macro_rules! methods {
    ($($vjp:ident: $method:ident($($argument:ident: $type:ty, $slot:ident),*);)*) => {
        /// The functions of an integer that a float has too, and the usual arithmetic beside them.
        #[doc(hidden)]
        pub trait IntegerVjp: Sized + ToPrimitive {
            /// The rule of `n.to_f64()`: nothing flows.
            #[inline(always)]
            fn to_f64_vjp(self, _: Option<f64>, _: impl Sized) -> Option<f64> {
                self.to_f64()
            }

            /// The rule of `n.to_f32()`: nothing flows.
            #[inline(always)]
            fn to_f32_vjp(self, _: Option<f32>, _: impl Sized) -> Option<f32> {
                self.to_f32()
            }

            $(
            #[doc = concat!("The rule of `x.", stringify!($method), "(…)`: nothing flows.")]
            fn $vjp(
                self,
                $($argument: $type,)*
                d_out: (),
                d_self: impl Sized,
                $($slot: impl Sized,)*
            ) -> Self;
        )*}

        macro_rules! implement {
            ($int:ident) => {
                impl IntegerVjp for $int {$(
                    #[inline(always)]
                    fn $vjp(
                        self,
                        $($argument: $type,)*
                        (): (),
                        _: impl Sized,
                        $($slot: impl Sized,)*
                    ) -> Self {
                        $(let _ = $slot;)*
                        self.$method($($argument),*)
                    }
                )*}
            };
        }
    };
}

methods! {
    min_vjp: min(other: Self, d_other);
    max_vjp: max(other: Self, d_other);
    clamp_vjp: clamp(low: Self, d_low, high: Self, d_high);
    pow_vjp: pow(n: u32, d_n);
    div_euclid_vjp: div_euclid(other: Self, d_other);
    rem_euclid_vjp: rem_euclid(other: Self, d_other);
    saturating_add_vjp: saturating_add(other: Self, d_other);
    saturating_sub_vjp: saturating_sub(other: Self, d_other);
    saturating_mul_vjp: saturating_mul(other: Self, d_other);
    wrapping_add_vjp: wrapping_add(other: Self, d_other);
    wrapping_sub_vjp: wrapping_sub(other: Self, d_other);
    wrapping_mul_vjp: wrapping_mul(other: Self, d_other);
}

macro_rules! integers {
    ($($int:ident)*) => {
        $(implement!($int);)*
    };
}

integers!(i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize);

/// The methods that only signed integers have.
#[doc(hidden)]
pub trait SignedVjp: Sized {
    /// The rule of `x.abs()`: nothing flows.
    fn abs_vjp(self, d_out: (), d_self: impl Sized) -> Self;
    /// The rule of `x.signum()`: nothing flows.
    fn signum_vjp(self, d_out: (), d_self: impl Sized) -> Self;
}

macro_rules! signed {
    ($($int:ident)*) => {$(
        impl SignedVjp for $int {
            #[inline(always)]
            fn abs_vjp(self, (): (), _: impl Sized) -> Self {
                self.abs()
            }

            #[inline(always)]
            fn signum_vjp(self, (): (), _: impl Sized) -> Self {
                self.signum()
            }
        }
    )*};
}

signed!(i8 i16 i32 i64 i128 isize);
