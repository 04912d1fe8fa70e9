//! The binomial schedule of `#[checkpoints(N)]`: at most `N` saved states for a loop of any length,
//! with the least possible repetition of its steps.
//!
//! Griewank and Walther, "Algorithm 799: Revolve", ACM TOMS 26 (2000). With `c` snapshots and every
//! step run at most `r` times more, `β(c, r) = C(c + r, c)` steps can be reversed.

/// The saved states of a loop, on the stack, and where to save the next.
///
/// Before each step the forward sweep asks [`due`](Self::due), and if so, hands the state to
/// [`push`](Self::push). The reverse sweep, for each step `i` from the last to the first, takes a
/// state from [`restore`](Self::restore), runs the steps from where that state belongs up to `i`
/// again, saving before each what is due, and is then on the entry of `i`.
///
/// ```
/// use tapeless::__private::Checkpoints;
///
/// let steps = 1000;
/// let mut state = 1.0_f64;
/// let mut saved = Checkpoints::<_, 5>::new(steps);
/// for i in 0..steps {
///     if saved.due(i) {
///         saved.push(state);
///     }
///     state = state.sin();
/// }
/// let mut d_state = 1.0;
/// for i in (0..steps).rev() {
///     let (from, restored) = saved.restore(i);
///     state = restored;
///     for k in from..i {
///         if saved.due(k) {
///             saved.push(state);
///         }
///         state = state.sin();
///     }
///     d_state *= state.cos();
/// }
/// assert!(d_state > 0.0);
/// ```
pub struct Checkpoints<S, const N: usize> {
    saved: [Option<(usize, S)>; N],
    used: usize,
    /// The step before which the next state is saved.
    next: usize,
    /// One past the last step that is still to be reversed.
    end: usize,
}

impl<S: Clone, const N: usize> Checkpoints<S, N> {
    /// Nothing saved yet, for a loop of so many steps.
    #[inline]
    pub const fn new(steps: usize) -> Self {
        const { assert!(N > 0, "`#[checkpoints(0)]` has nowhere to start again from") };
        Checkpoints {
            saved: [const { None }; N],
            used: 0,
            next: 0,
            end: steps,
        }
    }

    /// On the entry of step `at`, forwards or running again: whether the state is to be saved.
    #[inline]
    pub const fn due(&self, at: usize) -> bool {
        at == self.next
    }

    /// Saves the state on the entry of the step that is due.
    #[inline]
    pub fn push(&mut self, state: S) {
        if let Some(place) = self.saved.get_mut(self.used) {
            let at = self.next;
            *place = Some((at, state));
            self.used += 1;
            self.plan(at);
        }
    }

    /// To reverse step `last`: the step to start again from, and the state on its entry.
    ///
    /// # Panics
    ///
    /// If the steps are not reversed in order from the last to the first.
    #[inline]
    #[track_caller]
    pub fn restore(&mut self, last: usize) -> (usize, S) {
        self.end = last + 1;
        let Some(top) = self.used.checked_sub(1) else {
            out_of_order()
        };
        let start = match &mut self.saved[top] {
            Some((at, state)) if *at < last => (*at, state.clone()),
            place => {
                // Needed for the last time: moved out, and its place is free again.
                self.used = top;
                return place.take().unwrap_or_else(|| out_of_order());
            }
        };
        self.plan(start.0);
        start
    }

    /// Decides where to save next, `at` being saved.
    fn plan(&mut self, at: usize) {
        let free = N - self.used;
        let steps = self.end - at;
        self.next = if free == 0 || steps < 2 {
            usize::MAX
        } else {
            at + split(steps as u64, free as u64) as usize
        };
    }
}

#[cold]
#[track_caller]
fn out_of_order() -> ! {
    panic!("the steps of a loop with checkpoints were not reversed in order")
}

/// After how many of `steps` steps to save, when so many places are `free` besides that of the state
/// they start from. Both numbers are positive, and there are at least two steps.
///
/// With `r` the least number of repetitions that do, `β(free + 1, r − 1) < steps ≤ β(free + 1, r)`.
/// The steps before the split are reversed with `free + 1` places and one repetition less, those
/// behind it with one place less; the count is least if neither part is shorter than repetition
/// `r − 1` of the other needs.
fn split(steps: u64, free: u64) -> u64 {
    let places = free + 1;
    let (mut repetitions, mut reach) = (0_u64, 1_u64);
    while reach < steps {
        repetitions += 1;
        reach = reach.saturating_mul(places + repetitions) / repetitions;
    }
    let before = reach * repetitions / (places + repetitions);
    let behind = before * places / (places + repetitions - 1);
    before.min(steps - behind)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The least number of steps run to reverse `steps` of them, a saved state before the first.
    fn least(steps: usize, free: usize) -> usize {
        let mut costs = [[0_usize; 41]; 6];
        for free in 0..=free {
            for steps in 2..=steps {
                costs[free][steps] = match free.checked_sub(1) {
                    None => steps * (steps - 1) / 2,
                    Some(less) => (1..steps)
                        .map(|m| m + costs[less][steps - m] + costs[free][m])
                        .min()
                        .unwrap_or(0),
                };
            }
        }
        costs[free][steps]
    }

    fn visit<const N: usize>(saved: &mut Checkpoints<usize, N>, step: usize) {
        if saved.due(step) {
            saved.push(step);
        }
    }

    /// The steps run by the schedule, the forward sweep included; each state is its own number.
    fn run<const N: usize>(steps: usize) -> usize {
        let mut saved = Checkpoints::<usize, N>::new(steps);
        (0..steps).for_each(|i| visit(&mut saved, i));
        let mut count = steps;
        for i in (0..steps).rev() {
            let (from, state) = saved.restore(i);
            assert_eq!(from, state);
            assert!(from <= i);
            (from..i).for_each(|k| visit(&mut saved, k));
            count += i - from;
        }
        count
    }

    /// The schedule cannot beat the optimum. It may miss it by what is run a second time because
    /// the forward sweep goes on to the end instead of stopping at the last step.
    fn check<const N: usize>() {
        for steps in 1..=40 {
            let (count, least) = (run::<N>(steps), least(steps, N - 1));
            assert!(count > least, "{steps} steps with {N} places");
            assert!(count <= least + 1 + steps, "{steps} steps with {N} places");
        }
    }

    #[test]
    fn as_few_repetitions_as_possible() {
        check::<1>();
        check::<2>();
        check::<3>();
        check::<6>();
    }

    #[test]
    fn splits_are_optimal() {
        for free in 1..=5 {
            for steps in 2..=40 {
                let m = split(steps as u64, free as u64) as usize;
                let cost = m + least(steps - m, free - 1) + least(m, free);
                assert_eq!(cost, least(steps, free), "{steps} steps, {free} free");
            }
        }
    }

    #[test]
    fn no_steps() {
        assert_eq!(run::<2>(0), 0);
    }
}
