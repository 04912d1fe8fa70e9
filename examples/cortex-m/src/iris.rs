//! The iris flowers (R. A. Fisher, 1936), read from `data/iris.csv` while compiling: a table in flash.

/// How many there are, fifty of each species.
pub const COUNT: usize = 150;

/// A flower.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Flower {
    /// Length and width of the sepals, then of the petals, in cm.
    pub sizes: [f32; 4],
    /// 0 setosa, 1 versicolor, 2 virginica.
    pub species: usize,
}

/// All of them.
pub static FLOWERS: [Flower; COUNT] = parse(include_bytes!("../data/iris.csv"));

/// Lines of four decimals and a digit, after a line of titles.
const fn parse(csv: &[u8]) -> [Flower; COUNT] {
    let mut flowers = [Flower {
        sizes: [0.0; 4],
        species: 0,
    }; COUNT];
    let mut at = 0;
    while csv[at] != b'\n' {
        at += 1;
    }
    at += 1;
    let mut row = 0;
    while row < COUNT {
        let mut column = 0;
        while column < 4 {
            let (tenths, next) = tenths(csv, at);
            flowers[row].sizes[column] = tenths as f32 / 10.0;
            at = next;
            column += 1;
        }
        flowers[row].species = (csv[at] - b'0') as usize;
        at += 1;
        while at < csv.len() && csv[at] <= b' ' {
            at += 1;
        }
        row += 1;
    }
    assert!(at == csv.len(), "more flowers than expected");
    flowers
}

/// Reads `5.1,` as 51, and says where it ends.
const fn tenths(csv: &[u8], mut at: usize) -> (u32, usize) {
    let mut value = 0;
    while csv[at] != b',' {
        if csv[at] != b'.' {
            value = 10 * value + (csv[at] - b'0') as u32;
        }
        at += 1;
    }
    (value, at + 1)
}
