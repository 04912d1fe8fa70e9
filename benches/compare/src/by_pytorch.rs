//! The networks in PyTorch, in a process of its own: `pytorch.py` prints a line for each.

use std::process::{Command, Output};

/// What PyTorch took.
pub struct Times {
    /// Which one it was, or that there is none.
    pub version: String,
    /// Name, batch, and microseconds per step.
    rows: Vec<(String, usize, f64)>,
}

impl Times {
    /// Runs the script.
    pub fn measure() -> Self {
        let python = std::env::var("PYTHON").unwrap_or_else(|_| "python3".to_owned());
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/pytorch.py");
        match Command::new(&python).arg(script).output() {
            Ok(Output { status, stdout, .. }) if status.success() => {
                Self::read(&String::from_utf8_lossy(&stdout))
            }
            _ => Times {
                version: format!("`{python}` has no PyTorch"),
                rows: Vec::new(),
            },
        }
    }

    /// The version, then lines of name, batch and time.
    fn read(printed: &str) -> Self {
        let mut lines = printed.lines();
        let version = lines.next().unwrap_or_default().to_owned();
        let rows = lines.filter_map(|line| {
            let mut words = line.split_whitespace();
            let (name, batch, time) = (words.next()?, words.next()?, words.next()?);
            Some((name.to_owned(), batch.parse().ok()?, time.parse().ok()?))
        });
        Times {
            version,
            rows: rows.collect(),
        }
    }

    /// The microseconds of a network at a batch size, if it was measured.
    pub fn of(&self, sizes: [usize; 3], batch: usize) -> Option<f64> {
        let name = sizes.map(|size| size.to_string()).join("-");
        let row = self.rows.iter().find(|row| row.0 == name && row.1 == batch);
        row.map(|row| row.2)
    }
}
