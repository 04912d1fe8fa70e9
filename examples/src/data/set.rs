//! Where images come from.

use std::path::{Path, PathBuf};

use super::{Error, Fault, Idx, Images};

/// Images to train on, and others to test with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataSet {
    /// To train on.
    pub train: Images,
    /// To test with.
    pub test: Images,
}

const DIGITS: [&[u8]; 2] = [
    include_bytes!("../../data/digits8x8/images-idx3-ubyte.gz"),
    include_bytes!("../../data/digits8x8/labels-idx1-ubyte.gz"),
];

/// How file names go on after `train-images` and the like; the second is what some archives have.
const ENDINGS: [[&str; 2]; 2] = [
    ["-idx3-ubyte", "-idx1-ubyte"],
    [".idx3-ubyte", ".idx1-ubyte"],
];

impl DataSet {
    /// The digits embedded here, split by a seed.
    ///
    /// # Errors
    ///
    /// None, if this package was built from undamaged files.
    pub fn digits(seed: u64) -> Result<Self, Error> {
        let name = Path::new("the embedded digits");
        let [images, labels] = DIGITS;
        let decode = || Images::new(Idx::decode(images, 3)?, Idx::decode(labels, 1)?);
        Self::of_split(&decode().map_err(|fault| fault.of(name))?, seed, name)
    }

    /// The data set of a folder: as MNIST comes, `train-images…` and `t10k-images…`, or a single `images…`, which is
    /// split by the seed. A file of images can be named too.
    ///
    /// # Errors
    ///
    /// If there is nothing of that kind, or it is damaged, truncated, or does not fit together.
    pub fn load(path: &Path, seed: u64) -> Result<Self, Error> {
        if path.is_file() {
            return Self::of_split(&read_pair(path)?, seed, path);
        }
        std::fs::read_dir(path).map_err(|error| Fault::Unreadable(error).of(path))?;
        if let Some(images) = find(path, "images") {
            return Self::of_split(&read_pair(&images)?, seed, &images);
        }
        let (Some(train), Some(test)) = (find(path, "train-images"), find(path, "t10k-images"))
        else {
            return Err(Fault::NoData.of(path));
        };
        let set = DataSet {
            train: read_pair(&train)?,
            test: read_pair(&test)?,
        };
        if set.train.size != set.test.size {
            let (train, other) = (set.train.size, set.test.size);
            return Err(Fault::Size { train, test: other }.of(&test));
        }
        set.filled(path)
    }

    fn of_split(images: &Images, seed: u64, path: &Path) -> Result<Self, Error> {
        let (train, test) = images.split(seed);
        DataSet { train, test }.filled(path)
    }

    /// Refuses a set with nothing to train on or to test with.
    fn filled(self, path: &Path) -> Result<Self, Error> {
        if self.train.is_empty() || self.test.is_empty() || self.train.area() == 0 {
            return Err(Fault::TooFew(self.train.len() + self.test.len()).of(path));
        }
        Ok(self)
    }
}

/// The file of images whose name starts with `stem`, if it is there.
fn find(folder: &Path, stem: &str) -> Option<PathBuf> {
    let names = ENDINGS
        .iter()
        .flat_map(|[ending, _]| [format!("{stem}{ending}"), format!("{stem}{ending}.gz")]);
    names
        .map(|name| folder.join(name))
        .find(|path| path.exists())
}

/// A file of images, and the file of labels beside it.
fn read_pair(images: &Path) -> Result<Images, Error> {
    let labels = labels_of(images).ok_or_else(|| Fault::NoData.of(images))?;
    let pixels = Idx::read(images, 3)?;
    Images::new(pixels, Idx::read(&labels, 1)?).map_err(|fault| fault.of(&labels))
}

/// `train-images-idx3-ubyte.gz` → `train-labels-idx1-ubyte.gz`, or the same uncompressed (or compressed), whichever is
/// there.
fn labels_of(images: &Path) -> Option<PathBuf> {
    let name = images.file_name()?.to_str()?;
    let [pixels, labels] = ENDINGS
        .into_iter()
        .find(|[ending, _]| name.contains(ending))?;
    let same = images.with_file_name(name.replace("images", "labels").replace(pixels, labels));
    let other = match same.extension() {
        Some(ending) if ending == "gz" => same.with_extension(""),
        _ => PathBuf::from(format!("{}.gz", same.display())),
    };
    let there = if !same.exists() && other.exists() {
        other
    } else {
        same
    };
    (there != images).then_some(there)
}
