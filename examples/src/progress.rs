//! Progress bars, and what is printed where there is no terminal to draw them on.

use indicatif::{ProgressBar, ProgressStyle};

/// A bar for a training run: one tick for each step, and a line for each epoch. Without a terminal only the lines are
/// printed.
pub struct Training {
    bar: ProgressBar,
}

const TEMPLATE: &str = "{prefix} {bar:30.cyan/blue} {pos}/{len} steps {elapsed} {msg}";

impl Training {
    /// A bar of so many steps.
    pub fn new(name: &str, steps: usize) -> Self {
        let style = ProgressStyle::with_template(TEMPLATE);
        let bar = ProgressBar::new(steps as u64)
            .with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
            .with_prefix(name.to_owned());
        Training { bar }
    }

    /// A step is done.
    pub fn step(&self) {
        self.bar.inc(1);
    }

    /// How it is going, beside the bar.
    pub fn note(&self, note: String) {
        self.bar.set_message(note);
    }

    /// An epoch is done.
    pub fn epoch(&self, line: &str) {
        self.bar.suspend(|| println!("{line}"));
    }

    /// All is done: the bar goes, the lines stay.
    pub fn finish(self) {
        self.bar.finish_and_clear();
    }
}
