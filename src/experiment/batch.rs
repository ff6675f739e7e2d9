//! The images that the network sees at once.

use crate::{
    configuration::Configuration,
    data::{Images, Part, augment},
    random::Generator,
};
use std::ops::Range;

/// Images as the network's input, with their labels.
#[derive(Debug, Default)]
pub(super) struct Batch {
    /// Normalised pixels, `[count, rows, columns, channels]`.
    pub pixels: Vec<f32>,
    /// Indices into the classes, `[count]`.
    pub labels: Vec<u8>,
    /// An image that is moved and mirrored.
    augmented: Vec<u8>,
}

impl Batch {
    /// Takes in the `chosen` training images; with a generator, moved and mirrored as it draws.
    pub fn train(
        &mut self,
        images: &Images,
        chosen: impl Iterator<Item = usize>,
        augmentation: Option<Generator>,
    ) {
        self.gather(images, Part::Train, chosen, augmentation);
    }

    /// Takes in the `chosen` test images.
    pub fn test(&mut self, configuration: &Configuration, images: &Images, chosen: Range<usize>) {
        if configuration.validation {
            let (first, _) = split_lengths(configuration, images);
            self.gather(images, Part::Train, chosen.start + first..chosen.end + first, None);
        } else {
            self.gather(images, Part::Test, chosen, None);
        }
    }

    /// Takes in one image that need not be of the data set.
    pub fn alone(&mut self, images: &Images, image: &[u8]) {
        self.pixels.clear();
        self.pixels.resize(image.len(), 0.0);
        images.normalise(image, &mut self.pixels);
        self.labels.clear();
        // No matter which: only the answers are wanted.
        self.labels.push(0);
    }

    #[inline(never)]
    fn gather(
        &mut self,
        images: &Images,
        part: Part,
        chosen: impl Iterator<Item = usize>,
        mut augmentation: Option<Generator>,
    ) {
        let split = match part {
            Part::Train => images.train(),
            Part::Test => images.test(),
        };
        let Self { pixels, labels, augmented } = self;
        pixels.clear();
        labels.clear();
        for index in chosen {
            let mut image = split.image(index);
            if let Some(generator) = &mut augmentation {
                augmented.resize(image.len(), 0);
                augment(images.shape(), image, generator, augmented);
                image = augmented;
            }
            let start = pixels.len();
            pixels.resize(start + image.len(), 0.0);
            images.normalise(image, &mut pixels[start..]);
            labels.push(split.label(index));
        }
    }
}

/// The numbers of training and test images. With `validation`, the last tenth of the training images replaces the test
/// images.
pub(super) fn split_lengths(configuration: &Configuration, images: &Images) -> (usize, usize) {
    let train = images.train().len();
    let held_out = train / 10;
    if configuration.validation { (train - held_out, held_out) } else { (train, images.test().len()) }
}
