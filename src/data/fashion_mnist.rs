//! Fashion-MNIST (Xiao, Rasul and Vollgraf 2017), from its four official files. MIT licence.

use super::mnist_family::{MNIST, SIDE};
use super::{Dataset, Normalisation, OfficialFiles, Publisher, Source};

/// The names of the ten classes, by label.
pub(super) const CLASSES: [&str; 10] = [
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

/// Mean and deviation over the pixels of the training images.
pub(super) const NORMALISATION: Normalisation = Normalisation::grey(0.2860, 0.3530);

/// The data set in the list.
pub const DATASET: Dataset = Dataset {
    name: "fashion-mnist",
    title: "Fashion-MNIST",
    shape: [SIDE, SIDE, 1],
    classes: &CLASSES,
    normalisation: Some(NORMALISATION),
    source: Source::Files(&OfficialFiles {
        publisher: Publisher {
            address: "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com",
            folder: "fashion-mnist",
            downloads: &MNIST.downloads([
                (26_421_880, "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"),
                (29_515, "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"),
                (4_422_102, "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"),
                (5_148, "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5"),
            ]),
        },
        files: &MNIST.files(),
        identify: |beginning, name| MNIST.identify(beginning, name),
        read: |files, counts, extent| MNIST.read(files, counts, extent),
    }),
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Error;
    use crate::data::{DatasetName, Extent, File, Images};
    use crate::setting::Value;

    fn file(dimensions: &[u32], elements: &[u8]) -> Vec<u8> {
        let mut bytes = vec![0, 0, 8, dimensions.len() as u8];
        bytes.extend(dimensions.iter().flat_map(|size| size.to_be_bytes()));
        bytes.extend(elements);
        bytes
    }

    fn open(files: [&[u8]; 4], counts: [usize; 2], extent: Extent) -> Result<Images, Error> {
        let name = DatasetName::read("fashion-mnist").unwrap();
        Images::open(name, files.map(File::from_bytes).into(), 1, counts, extent)
    }

    /// Reads four files, the training images and labels of which are given.
    fn read(images: &[u8], labels: &[u8], count: usize) -> Result<Images, Error> {
        let test_images = file(&[1, 28, 28], &[9; 784]);
        let test_labels = file(&[1], &[9]);
        open([images, labels, &test_images, &test_labels], [count, 1], Extent::Whole)
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
        Images::garments(1, 1, 1).normalise(&[0, 73, 255], &mut input);
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
        let files = [&train_images[..], train_labels, test_images, test_labels];
        let images = open(files, [60_000, 10_000], Extent::Whole).unwrap();
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
        let files = [&train_images[..train_images.len() / 3], train_labels, test_images, test_labels];
        let first = open(files, [15_000, 100], Extent::Beginning).unwrap();
        assert_eq!(first.train().image(14_999), images.train().image(14_999));
        assert!(open(files, [15_000, 100], Extent::Whole).is_err());
    }

    #[test]
    fn a_file_is_told_from_its_first_bytes_and_its_name() {
        let beginning = |magic: u32, count: u32| [magic.to_be_bytes(), count.to_be_bytes()].concat();
        for (magic, count, name, expected) in [
            (0x803, 60_000, "images", Some(0)),
            (0x801, 60_000, "labels", Some(1)),
            (0x803, 10_000, "images", Some(2)),
            (0x801, 10_000, "labels", Some(3)),
            (0x803, 500, "train-images", Some(0)),
            (0x801, 60_000, "T10K-labels", Some(3)),
            (0x802, 10, "train", None),
        ] {
            assert_eq!(MNIST.identify(&beginning(magic, count), name), expected, "{name}");
        }
        assert_eq!(MNIST.identify(&[0, 0, 8, 3, 0], "train"), None);
    }
}
