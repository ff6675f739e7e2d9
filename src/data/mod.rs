//! Images and labels: one door for every data set.
//!
//! Data enters here once, is kept as the bytes that it came as, and is turned into the numbers that
//! the network sees, image by image, by [`normalise`].

pub mod garments;
pub mod idx;

use crate::Error;
pub use idx::Extent;

/// The names of the ten classes, which both data sets share, by label.
pub const CLASSES: [&str; 10] = [
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
];

/// The most training images of a data set: as many as Fashion-MNIST has.
pub const MOST_TRAIN: usize = 60_000;
/// The most test images of a data set: as many as Fashion-MNIST has.
pub const MOST_TEST: usize = 10_000;

/// Rows, and columns, of every image.
pub const SIDE: usize = 28;

/// The checksum of whatever is held against damage: that of gzip. Its table is small, because the page loads it.
pub(crate) static CHECKSUM: crc::Crc<u32> = crc::Crc::<u32>::new(&crc::CRC_32_ISO_HDLC);

/// All images of a data set that an experiment uses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Images {
    train: Split,
    test: Split,
}

/// Images and their labels, to train or to test with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Split {
    /// Grey levels, `[count, rows, columns]`.
    pixels: Vec<u8>,
    /// Indices into [`CLASSES`], `[count]`.
    labels: Vec<u8>,
}

/// The four official files.
#[derive(Debug, Clone, Copy)]
pub struct Files<F> {
    /// `train-images-idx3-ubyte`
    pub train_images: F,
    /// `train-labels-idx1-ubyte`
    pub train_labels: F,
    /// `t10k-images-idx3-ubyte`
    pub test_images: F,
    /// `t10k-labels-idx1-ubyte`
    pub test_labels: F,
}

/// One of them, wherever its bytes are.
pub trait File {
    /// Its first `count` items, as [`idx::read`] gives them.
    ///
    /// # Errors
    /// As [`idx::read`].
    fn items<const N: usize>(self, name: &str, count: usize, extent: Extent) -> Result<idx::Items<N>, Error>;
}

/// Bytes in memory, plain or gzipped.
#[cfg(not(target_arch = "wasm32"))]
impl File for &[u8] {
    fn items<const N: usize>(self, name: &str, count: usize, extent: Extent) -> Result<idx::Items<N>, Error> {
        idx::read(name, self, count, extent)
    }
}

impl Images {
    /// The generated set: the first `train` training and `test` test images of `seed`.
    pub fn garments(seed: u32, train: usize, test: usize) -> Self {
        let split = |part, count| {
            let (pixels, labels) = garments::draw(seed, part, count);
            Split { pixels, labels }
        };
        Self { train: split(garments::Part::Train, train), test: split(garments::Part::Test, test) }
    }

    /// The first `train` training and `test` test images of Fashion-MNIST.
    ///
    /// `extent` says whether the files must be whole, or may be beginnings that hold at least the
    /// images asked for.
    ///
    /// # Errors
    /// [`Error::Data`] names the file that is not what it should be, and what is wrong with it.
    pub fn fashion_mnist(
        files: Files<impl File>,
        train: usize,
        test: usize,
        extent: Extent,
    ) -> Result<Self, Error> {
        let train = Split::read("train", files.train_images, files.train_labels, train, extent)?;
        let test = Split::read("t10k", files.test_images, files.test_labels, test, extent)?;
        Ok(Self { train, test })
    }

    /// Rows of an image.
    pub fn rows(&self) -> usize {
        SIDE
    }

    /// Columns of an image.
    pub fn columns(&self) -> usize {
        SIDE
    }

    /// The names of the classes, by label.
    pub fn classes(&self) -> &'static [&'static str] {
        &CLASSES
    }

    /// A checksum of the first `train` training and `test` test images with their labels, fewer if there
    /// are fewer: it tells one set from another, not from a forgery.
    pub fn checksum(&self, train: usize, test: usize) -> u32 {
        let mut hasher = CHECKSUM.digest();
        for (split, count) in [(&self.train, train), (&self.test, test)] {
            let count = count.min(split.len());
            hasher.update(&split.pixels[..count * SIDE * SIDE]);
            hasher.update(&split.labels[..count]);
        }
        hasher.finalize()
    }

    /// The images to learn from.
    pub fn train(&self) -> &Split {
        &self.train
    }

    /// The images to test with, which are never learned from.
    pub fn test(&self) -> &Split {
        &self.test
    }
}

impl Split {
    /// Reads the first `count` images and labels of the files whose names begin with `prefix`.
    fn read<F: File>(
        prefix: &str,
        images: F,
        labels: F,
        count: usize,
        extent: Extent,
    ) -> Result<Self, Error> {
        let images_name = format!("{prefix}-images-idx3-ubyte");
        let labels_name = format!("{prefix}-labels-idx1-ubyte");
        let images = images.items::<3>(&images_name, count, extent)?;
        let labels = labels.items::<1>(&labels_name, count, extent)?;

        let [images_declared, rows, columns] = images.dimensions;
        if [rows, columns] != [SIDE, SIDE] {
            let problem =
                format!("holds images of {rows} × {columns} pixels, but {SIDE} × {SIDE} are needed");
            return Err(Error::Data { name: images_name, problem });
        }
        let [labels_declared] = labels.dimensions;
        if labels_declared != images_declared {
            let problem = format!(
                "holds {labels_declared} labels, but {images_name} holds {images_declared} images; \
                 take both files from the same set"
            );
            return Err(Error::Data { name: labels_name, problem });
        }
        if let Some(i) = labels.elements.iter().position(|&label| usize::from(label) >= CLASSES.len()) {
            let problem = format!(
                "label {i} is {}, but the {} classes are numbered from 0; the file is damaged or of \
                 another data set",
                labels.elements[i],
                CLASSES.len()
            );
            return Err(Error::Data { name: labels_name, problem });
        }
        Ok(Self { pixels: images.elements, labels: labels.elements })
    }

    /// How many images there are.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether there are no images.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// The grey levels of image `i`, `[rows, columns]`: 0 is black.
    ///
    /// # Panics
    /// When `i` is not below [`len`](Self::len).
    pub fn image(&self, i: usize) -> &[u8] {
        &self.pixels[i * SIDE * SIDE..(i + 1) * SIDE * SIDE]
    }

    /// The class of image `i`, an index into [`CLASSES`].
    ///
    /// # Panics
    /// When `i` is not below [`len`](Self::len).
    pub fn label(&self, i: usize) -> u8 {
        self.labels[i]
    }
}

/// Turns grey levels into what the network sees: with mean 0 and standard deviation 1 over the
/// pixels of Fashion-MNIST's training images. Both slices have the same length.
pub fn normalise(pixels: &[u8], input: &mut [f32]) {
    const MEAN: f32 = 0.2860;
    const STANDARD_DEVIATION: f32 = 0.3530;
    debug_assert_eq!(pixels.len(), input.len());
    for (x, &pixel) in input.iter_mut().zip(pixels) {
        *x = (f32::from(pixel) / 255.0 - MEAN) / STANDARD_DEVIATION;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(dimensions: &[u32], elements: &[u8]) -> Vec<u8> {
        let mut bytes = vec![0, 0, 8, dimensions.len() as u8];
        bytes.extend(dimensions.iter().flat_map(|size| size.to_be_bytes()));
        bytes.extend(elements);
        bytes
    }

    /// Reads four files, the training images and labels of which are given.
    fn read(images: &[u8], labels: &[u8], count: usize) -> Result<Images, Error> {
        let test_images = file(&[1, 28, 28], &[9; 784]);
        let test_labels = file(&[1], &[9]);
        let files = Files::<&[u8]> {
            train_images: images,
            train_labels: labels,
            test_images: &test_images,
            test_labels: &test_labels,
        };
        Images::fashion_mnist(files, count, 1, Extent::Whole)
    }

    #[test]
    fn images_and_labels_stay_together() {
        let elements: Vec<u8> = (0..3 * 784).map(|i| (i % 251) as u8).collect();
        let images = read(&file(&[3, 28, 28], &elements), &file(&[3], &[4, 0, 7]), 2).unwrap();
        assert_eq!((images.train().len(), images.test().len()), (2, 1));
        assert_eq!(images.train().image(1), &elements[784..2 * 784]);
        assert_eq!(images.train().label(0), 4);
        assert_eq!(images.test().label(0), 9);
        assert_eq!(images.classes()[9], "Ankle boot");
    }

    #[test]
    fn files_that_do_not_belong_together_are_refused() {
        let images = file(&[2, 28, 28], &[0; 2 * 784]);
        let labels = file(&[2], &[1, 2]);
        for (images, labels, name, words) in [
            (&images, &file(&[3], &[1, 2, 3]), "train-labels", "holds 3 labels, but train-images"),
            (&images, &file(&[2], &[1, 10]), "train-labels", "label 1 is 10"),
            (&file(&[2, 14, 56], &[0; 2 * 784]), &labels, "train-images", "14 × 56 pixels"),
            (&labels, &images, "train-images", "the other way round"),
        ] {
            let error = read(images, labels, 2).unwrap_err().to_string();
            assert!(error.starts_with(name) && error.contains(words), "{words}: {error}");
        }
    }

    #[test]
    fn grey_levels_are_normalised() {
        let mut input = [0.0; 3];
        normalise(&[0, 73, 255], &mut input);
        approx::assert_abs_diff_eq!(input[..], [-0.810_198, 0.000_778, 2.022_663][..], epsilon = 1e-5);
    }

    #[test]
    fn the_official_files_are_read() {
        let directory = std::env::var_os("FASHION_MNIST_DIR").map_or_else(
            || std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/fashion-mnist"),
            Into::into,
        );
        let bytes = ["train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1"]
            .map(|name| std::fs::read(directory.join(format!("{name}-ubyte.gz"))));
        let [Ok(train_images), Ok(train_labels), Ok(test_images), Ok(test_labels)] = &bytes else {
            println!("skipped: Fashion-MNIST is not in {}", directory.display());
            return;
        };
        let files = Files::<&[u8]> { train_images, train_labels, test_images, test_labels };
        let images = Images::fashion_mnist(files, 60_000, 10_000, Extent::Whole).unwrap();
        assert_eq!((images.train().len(), images.test().len()), (60_000, 10_000));
        // The first image is an ankle boot; all classes are equally frequent.
        assert_eq!(images.train().label(0), 9);
        for class in 0..10 {
            assert_eq!(images.train().labels.iter().filter(|&&label| label == class).count(), 6_000);
        }
        let mean =
            images.train().pixels.iter().map(|&x| f64::from(x)).sum::<f64>() / (255.0 * 60_000.0 * 784.0);
        approx::assert_abs_diff_eq!(mean, 0.2860, epsilon = 1e-4);

        // A third of the largest file is enough for its first 15,000 images.
        let files = Files { train_images: &train_images[..train_images.len() / 3], ..files };
        let first = Images::fashion_mnist(files, 15_000, 100, Extent::Beginning).unwrap();
        assert_eq!(first.train().image(14_999), images.train().image(14_999));
        assert!(Images::fashion_mnist(files, 15_000, 100, Extent::Whole).is_err());
    }
}
