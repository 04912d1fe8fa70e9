//! Options and results alike: what `map`, `and_then` and `?` make of a value of which the macro does not see which of
//! the two it is. `type Checked<T> = Result<T, Fault>;` hides it; the compiler knows.

/// An `Option` or a `Result`.
#[diagnostic::on_unimplemented(
    message = "this is taken for an `Option` or a `Result`, but it is a `{Self}`",
    note = "write out what the method does, or put the call into a function with a rule of its own"
)]
pub trait Attempt: Sized {
    /// What is inside of a success.
    type Payload;
    /// What is there if there is no success.
    type Failure;

    /// What is inside of the success that this surely is.
    fn payload(self) -> Self::Payload;

    /// The failure that this surely is.
    fn failure(self) -> Self::Failure;
}

impl<T> Attempt for Option<T> {
    type Payload = T;
    type Failure = Nothing;

    #[inline(always)]
    fn payload(self) -> T {
        match self {
            Some(payload) => payload,
            None => unreachable!("a success was looked for in a failure"),
        }
    }

    #[inline(always)]
    fn failure(self) -> Nothing {
        Nothing
    }
}

impl<T, E> Attempt for Result<T, E> {
    type Payload = T;
    type Failure = Failed<E>;

    #[inline(always)]
    fn payload(self) -> T {
        match self {
            Ok(payload) => payload,
            Err(_) => unreachable!("a success was looked for in a failure"),
        }
    }

    #[inline(always)]
    fn failure(self) -> Failed<E> {
        match self {
            Err(error) => Failed(error),
            Ok(_) => unreachable!("a failure was looked for in a success"),
        }
    }
}

/// The failure of an option.
#[derive(Clone, Copy)]
pub struct Nothing;

/// The failure of a result: its error.
#[derive(Clone, Copy)]
pub struct Failed<E>(E);

/// A failure without the success that there was not, so that it can be that of another type.
pub trait Failure {
    /// What has this failure, or a success of type `T`.
    type Of<T>;

    /// The failure, where a `T` would have been the success.
    fn again<T>(self) -> Self::Of<T>;
}

impl Failure for Nothing {
    type Of<T> = Option<T>;

    #[inline(always)]
    fn again<T>(self) -> Option<T> {
        None
    }
}

impl<E> Failure for Failed<E> {
    type Of<T> = Result<T, E>;

    #[inline(always)]
    fn again<T>(self) -> Result<T, E> {
        Err(self.0)
    }
}

/// What a function leaves with whose `?` met the failure.
#[diagnostic::on_unimplemented(
    message = "this `?` meets a failure that the function cannot leave with: it gives a `{Self}`"
)]
pub trait Leave<F> {
    /// The failure, converted as `?` converts it.
    fn leave(failure: F) -> Self;
}

impl<T> Leave<Nothing> for Option<T> {
    #[inline(always)]
    fn leave(_: Nothing) -> Self {
        None
    }
}

impl<T, E, F: From<E>> Leave<Failed<E>> for Result<T, F> {
    #[inline(always)]
    fn leave(failure: Failed<E>) -> Self {
        Err(F::from(failure.0))
    }
}

/// What has a success of type `T`.
#[diagnostic::on_unimplemented(
    message = "a `{T}` inside of an `Option` or a `Result` is made here, but what it is taken for is a `{Self}`"
)]
pub trait Success<T> {
    /// The success.
    fn success(value: T) -> Self;
}

impl<T> Success<T> for Option<T> {
    #[inline(always)]
    fn success(value: T) -> Self {
        Some(value)
    }
}

impl<T, E> Success<T> for Result<T, E> {
    #[inline(always)]
    fn success(value: T) -> Self {
        Ok(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_are_handed_on() {
        let failed: Result<f64, u8> = Err(7);
        assert_eq!(failed.failure().again::<u8>(), Err(7));
        assert_eq!(None::<f64>.failure().again::<u8>(), None);
        let left: Result<f64, u32> = Leave::leave(failed.failure());
        assert_eq!(left, Err(7));
        assert_eq!(Option::<u8>::leave(None::<f64>.failure()), None);
    }

    #[test]
    fn successes_are_made() {
        assert_eq!(Option::success(2), Some(2));
        assert_eq!(Result::<_, ()>::success(2), Ok(2));
        assert_eq!(Some(2).payload() + Ok::<_, ()>(2).payload(), 4);
    }
}
