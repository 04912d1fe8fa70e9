//! Images and their labels.

use tapeless::nn::{shuffle, Rng};

use super::{Fault, Idx};

/// Grey images, all of one size, of ten classes. Pixels stay bytes: floats are made of a batch at a time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Images {
    /// Height and width of an image.
    pub size: (usize, usize),
    /// The pixels, image after image and row after row.
    pub pixels: Vec<u8>,
    /// The class of each image.
    pub labels: Vec<usize>,
}

impl Images {
    /// How many classes there are.
    pub const CLASSES: usize = 10;

    /// Images with their labels.
    ///
    /// # Errors
    ///
    /// If there are not as many of one as of the other, or a label is no class.
    pub fn new(images: Idx, labels: Idx) -> Result<Self, Fault> {
        let &[count, height, width] = images.shape.as_slice() else {
            return Err(Fault::Dimensions {
                expected: 3,
                found: images.shape.len(),
            });
        };
        if labels.elements.len() != count {
            let labels = labels.elements.len();
            return Err(Fault::Labels {
                images: count,
                labels,
            });
        }
        if let Some(&label) = labels
            .elements
            .iter()
            .find(|&&label| usize::from(label) >= Self::CLASSES)
        {
            return Err(Fault::Class(label));
        }
        Ok(Images {
            size: (height, width),
            pixels: images.elements,
            labels: labels.elements.into_iter().map(usize::from).collect(),
        })
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// How many pixels an image has.
    pub fn area(&self) -> usize {
        self.size.0 * self.size.1
    }

    /// The pixels of one image.
    pub fn image(&self, i: usize) -> &[u8] {
        &self.pixels[i * self.area()..][..self.area()]
    }

    /// The brightest pixel of all, or 1 if all are black: what to divide by.
    pub fn brightest(&self) -> u8 {
        self.pixels.iter().copied().max().unwrap_or(1).max(1)
    }

    /// Splits off a fifth, drawn by a seed, with as many of each class as its share: to train on, and to test with.
    pub fn split(&self, seed: u64) -> (Images, Images) {
        let mut order: Vec<usize> = (0..self.len()).collect();
        shuffle(&mut order, &mut Rng::with_seed(seed));
        // Class after class, every fifth image is from each class as often as that is large.
        order.sort_by_key(|&i| self.labels[i]);
        let pick = |for_test: bool| {
            let places = (0..order.len()).filter(|place| (place % 5 == 0) == for_test);
            self.select(&places.map(|place| order[place]).collect::<Vec<_>>())
        };
        (pick(false), pick(true))
    }

    /// The images of these indices.
    fn select(&self, indices: &[usize]) -> Images {
        Images {
            size: self.size,
            pixels: indices
                .iter()
                .flat_map(|&i| self.image(i).iter().copied())
                .collect(),
            labels: indices.iter().map(|&i| self.labels[i]).collect(),
        }
    }
}
