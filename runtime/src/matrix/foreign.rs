//! Rules of operators that other crates define on their types: the value is theirs, the adjoint ours.

/// One operator of two types, for each pair of values and references: what `d`, the cotangent of the
/// result, adds to either.
macro_rules! binary {
    (
        $generics:tt $op:tt $vjp:ident $vjp_method:ident: $left:ty, $right:ty => $out:ty;
        |$a:ident, $b:ident, $d:ident, $d_a:ident, $d_b:ident| $adjoint:block
        $(($left_form:ty, $right_form:ty))*
    ) => {$(
        $crate::matrix::foreign::binary! { @
            $generics $op $vjp $vjp_method: $left, $right => $out;
            |$a, $b, $d, $d_a, $d_b| $adjoint $left_form, $right_form
        }
    )*};
    (@
        [$($generics:tt)*] $op:tt $vjp:ident $vjp_method:ident: $left:ty, $right:ty => $out:ty;
        |$a:ident, $b:ident, $d:ident, $d_a:ident, $d_b:ident| $adjoint:block $left_form:ty, $right_form:ty
    ) => {
        impl<$($generics)*> $crate::ops::$vjp<$right_form> for $left_form {
            #[track_caller]
            fn $vjp_method(
                self,
                rhs: $right_form,
                $d: $out,
                mut d_self: impl $crate::Slot<$left>,
                mut d_rhs: impl $crate::Slot<$right>,
            ) -> $out {
                let ($a, $b) = (
                    ::core::borrow::Borrow::<$left>::borrow(&self),
                    ::core::borrow::Borrow::<$right>::borrow(&rhs),
                );
                let ($d_a, $d_b) = (d_self.get(), d_rhs.get());
                $adjoint
                self $op rhs
            }
        }
    };
}
pub(super) use binary;

/// One compound assignment, for each form of its operand: what `d`, the cotangent of the new value, adds
/// to the operand's, and how it becomes that of the old value, which `a` is still there to tell.
macro_rules! assign {
    (
        $generics:tt $op:tt $vjp:ident $vjp_method:ident: $left:ty, $right:ty;
        |$a:ident, $b:ident, $d:ident, $d_b:ident| $adjoint:block
        $(($right_form:ty))*
    ) => {$(
        $crate::matrix::foreign::assign! { @
            $generics $op $vjp $vjp_method: $left, $right;
            |$a, $b, $d, $d_b| $adjoint $right_form
        }
    )*};
    (@
        [$($generics:tt)*] $op:tt $vjp:ident $vjp_method:ident: $left:ty, $right:ty;
        |$a:ident, $b:ident, $d:ident, $d_b:ident| $adjoint:block $right_form:ty
    ) => {
        impl<$($generics)*> $crate::ops::$vjp<$right_form> for $left {
            #[track_caller]
            fn $vjp_method(
                &mut self,
                rhs: $right_form,
                mut d_self: impl $crate::SlotMut<$left>,
                mut d_rhs: impl $crate::Slot<$right>,
            ) {
                if let Some($d) = d_self.get() {
                    let ($a, $b) = (&*self, ::core::borrow::Borrow::<$right>::borrow(&rhs));
                    let $d_b = d_rhs.get();
                    $adjoint
                }
                *self $op rhs;
            }
        }
    };
}
pub(super) use assign;

/// Elements by an index.
macro_rules! elements {
    ($([$($generics:tt)*] $matrix:ty: $index:ty;)*) => {$(
        impl<$($generics)*> $crate::ops::IndexVjp<$index> for $matrix {
            #[track_caller]
            fn index_vjp(&self, index: $index, d_out: T, mut d_self: impl $crate::Slot<Self>) -> &T {
                if let Some(d_self) = d_self.get() {
                    assert!(
                        d_self.shape() == self.shape(),
                        "index: shape {:?} does not go with shape {:?}",
                        d_self.shape(),
                        self.shape()
                    );
                    d_self[index] += d_out;
                }
                &self[index]
            }
        }
    )*};
}
pub(super) use elements;
