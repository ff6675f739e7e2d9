//! What MNIST and those data sets have in common that are published as it is: four IDX files with images of 28 × 28
//! pixels, and their labels.

use super::idx::{self, Items};
use super::{Download, Extent, File, OfficialFile, Part, READS_ALL, Split};
use crate::Error;

/// Rows, and columns, of every image.
pub(super) const SIDE: usize = 28;

/// What the four files are called in most of these sets.
pub(super) const NAMES: [&str; 4] = [
    "train-images-idx3-ubyte.gz",
    "train-labels-idx1-ubyte.gz",
    "t10k-images-idx3-ubyte.gz",
    "t10k-labels-idx1-ubyte.gz",
];

/// How a set differs from MNIST.
#[derive(Debug, Clone, Copy)]
pub(super) struct Layout {
    /// The official names of images and labels to train with, and to test with.
    pub names: [&'static str; 4],
    /// What the names have in them, in small letters, where several sets lie together; or nothing.
    pub word: &'static str,
    /// How many classes there are.
    pub classes: usize,
    /// The label of the first class.
    pub first_label: u8,
    /// Whether rows and columns are exchanged.
    pub is_transposed: bool,
    /// How labels are written.
    pub labels: Labels,
}

/// How labels are written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Labels {
    /// What a file of them begins with.
    pub magic: u32,
    /// Bytes in front of them.
    pub header: usize,
    /// Bytes of a label.
    pub item: usize,
    /// Reads them.
    pub read: ReadLabels,
}

/// Says how many labels a file declares, and reads the first `count` of them.
type ReadLabels =
    fn(name: &str, file: File<'_>, count: usize, extent: Extent) -> Result<(usize, Vec<u8>), Error>;

/// A byte each.
const BYTES: Labels = Labels {
    magic: 0x801,
    header: 8,
    item: 1,
    read: |name, file, count, extent| {
        let Items { dimensions: [declared], elements } = idx::read(name, file, count, extent)?;
        Ok((declared, elements))
    },
};

/// The layout of MNIST itself.
pub(super) const MNIST: Layout =
    Layout { names: NAMES, word: "", classes: 10, first_label: 0, is_transposed: false, labels: BYTES };

impl Layout {
    /// The official files.
    pub const fn files(&self) -> [OfficialFile; 4] {
        let [train_images, train_labels, test_images, test_labels] = self.names;
        let Labels { header, item, .. } = self.labels;
        [
            file(train_images, "training images", Part::Train, [16, SIDE * SIDE]),
            file(train_labels, "training labels", Part::Train, [header, item]),
            file(test_images, "test images", Part::Test, [16, SIDE * SIDE]),
            file(test_labels, "test labels", Part::Test, [header, item]),
        ]
    }

    /// What is downloaded: the official files, each with its length in bytes and its SHA-256 checksum.
    pub const fn downloads(&self, files: [(u64, &'static str); 4]) -> [Download; 4] {
        let [train_images, train_labels, test_images, test_labels] = self.names;
        let [one, two, three, four] = files;
        [
            download(train_images, one),
            download(train_labels, two),
            download(test_images, three),
            download(test_labels, four),
        ]
    }

    /// Images and labels have their own magic numbers; the number of items tells training from test, unless the name
    /// does.
    pub fn identify(&self, beginning: &[u8], name: &str) -> Option<usize> {
        let (magic, rest) = beginning.split_first_chunk()?;
        let holds_labels = match u32::from_be_bytes(*magic) {
            0x803 => false,
            magic if magic == self.labels.magic => true,
            _ => return None,
        };
        let count = u32::from_be_bytes(*rest.first_chunk()?);
        let name = name.to_ascii_lowercase();
        if !name.contains(self.word) {
            return None;
        }
        let is_test = if name.contains("t10k") || name.contains("test") {
            true
        } else {
            !name.contains("train") && count <= 10_000
        };
        Some(2 * usize::from(is_test) + usize::from(holds_labels))
    }

    /// Reads the first training and test images of the four files.
    ///
    /// # Errors
    /// [`Error::Data`] names the file that is not what it should be.
    pub fn read(
        &self,
        files: Vec<File<'_>>,
        [train, test]: [usize; 2],
        extent: Extent,
    ) -> Result<[Split; 2], Error> {
        let [train_images, train_labels, test_images, test_labels] = self.names;
        let mut files = files.into_iter();
        let mut split = |names, count| {
            let (images, labels) = files.next().zip(files.next()).expect("there are four files");
            self.read_split(names, images, labels, count, extent)
        };
        Ok([split([train_images, train_labels], train)?, split([test_images, test_labels], test)?])
    }

    /// Reads the first `count` images and labels.
    fn read_split(
        &self,
        names: [&str; 2],
        images: File<'_>,
        labels: File<'_>,
        count: usize,
        extent: Extent,
    ) -> Result<Split, Error> {
        let [images_name, labels_name] = names.map(|name| name.trim_end_matches(".gz").to_string());
        let images: Items<3> = idx::read(&images_name, images, count, extent)?;
        let (labels_declared, mut labels) = (self.labels.read)(&labels_name, labels, count, extent)?;

        let [images_declared, rows, columns] = images.dimensions;
        if [rows, columns] != [SIDE, SIDE] {
            let problem =
                format!("holds images of {rows} × {columns} pixels, but {SIDE} × {SIDE} are needed");
            return Err(Error::Data { name: images_name, problem });
        }
        if labels_declared != images_declared {
            let problem = format!(
                "holds {labels_declared} labels, but {images_name} holds {images_declared} images; \
                 take both files from the same set"
            );
            return Err(Error::Data { name: labels_name, problem });
        }
        for (index, label) in labels.iter_mut().enumerate() {
            match label.checked_sub(self.first_label) {
                Some(class) if usize::from(class) < self.classes => *label = class,
                _ => {
                    let problem = format!(
                        "label {index} is {label}, but the {} classes are numbered from {}; the file is damaged or \
                         of another data set",
                        self.classes, self.first_label
                    );
                    return Err(Error::Data { name: labels_name, problem });
                }
            }
        }
        let mut pixels = images.elements;
        if self.is_transposed {
            pixels.chunks_exact_mut(SIDE * SIDE).for_each(transpose);
        }
        Ok(Split { pixels, labels })
    }
}

/// The page's core downloads nothing, and compares no checksum.
const fn download(name: &'static str, (length, sha256): (u64, &'static str)) -> Download {
    Download { name, length, sha256: if READS_ALL { sha256 } else { "" } }
}

const fn file(
    name: &'static str,
    label: &'static str,
    split: Part,
    [header, item]: [usize; 2],
) -> OfficialFile {
    OfficialFile { name, label, split, header, item }
}

/// Exchanges rows and columns of an image.
fn transpose(image: &mut [u8]) {
    for row in 0..SIDE {
        for column in 0..row {
            image.swap(row * SIDE + column, column * SIDE + row);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{DATASETS, DatasetName, Images};
    use crate::setting::Value;

    /// A file of this IDX type.
    fn file(kind: u8, dimensions: &[u32], elements: &[u8]) -> Vec<u8> {
        let mut bytes = vec![0, 0, kind, dimensions.len() as u8];
        bytes.extend(dimensions.iter().flat_map(|size| size.to_be_bytes()));
        bytes.extend(elements);
        bytes
    }

    /// The images of a set of two training images and one test image, with these training labels.
    fn open(name: &str, image: &[u8], training_labels: &[u8], test_labels: &[u8]) -> Result<Images, Error> {
        let images = file(8, &[2, 28, 28], &image.repeat(2));
        let test_images = file(8, &[1, 28, 28], image);
        let files = [&images[..], training_labels, &test_images, test_labels];
        let dataset = DatasetName::read(name).unwrap();
        Images::open(dataset, files.map(File::from_bytes).into(), 1, [2, 1], Extent::Whole)
    }

    #[test]
    fn every_set_is_read_with_its_own_labels_and_orientation() {
        // A stroke along the first row.
        let image: Vec<u8> = (0..784).map(|pixel| if pixel < 28 { 255 } else { 0 }).collect();
        let byte = |labels: &[u8]| file(8, &[labels.len() as u32], labels);
        for (name, labels, test_label, last) in [
            ("mnist", [0, 9], 9, "9"),
            ("kmnist", [0, 9], 9, "wo"),
            ("emnist-balanced", [0, 46], 46, "t"),
            ("emnist-letters", [1, 26], 26, "Z"),
            ("emnist-byclass", [0, 61], 61, "z"),
        ] {
            let images = open(name, &image, &byte(&labels), &byte(&[test_label])).unwrap();
            assert_eq!(images.train().labels, [0, images.classes().len() as u8 - 1], "{name}");
            assert_eq!(images.classes()[usize::from(images.test().label(0))], last);
            let lit = images.test().image(0).iter().enumerate().filter(|(_, value)| **value > 0);
            let lit: Vec<usize> = lit.map(|(pixel, _)| pixel).collect();
            let step = if name.starts_with("emnist") { 28 } else { 1 };
            assert_eq!(lit, (0..28).map(|index| index * step).collect::<Vec<_>>(), "{name}");
        }
        let beyond = open("emnist-letters", &image, &byte(&[1, 0]), &byte(&[1])).unwrap_err().to_string();
        assert!(beyond.contains("label 1 is 0, but the 26 classes are numbered from 1"), "{beyond}");
    }

    #[test]
    fn rows_and_columns_are_exchanged_everywhere() {
        let written: Vec<u8> = (0..784usize).map(|pixel| (pixel * 7 % 251) as u8).collect();
        let mut image = written.clone();
        transpose(&mut image);
        for (pixel, value) in image.iter().enumerate() {
            assert_eq!(*value, written[pixel % 28 * 28 + pixel / 28]);
        }
    }

    #[test]
    fn rows_of_labels_begin_with_the_class() {
        let rows = |classes: &[u32]| {
            let numbers = classes.iter().flat_map(|&class| [class, 4, 300, 1, 0, 0, 0, 0]);
            let bytes: Vec<u8> = numbers.flat_map(u32::to_be_bytes).collect();
            file(0xc, &[classes.len() as u32, 8], &bytes)
        };
        let images = open("qmnist", &[0; 784], &rows(&[7, 3]), &rows(&[5])).unwrap();
        assert_eq!((&images.train().labels[..], images.test().label(0)), (&[7, 3][..], 5));
        for (labels, words) in [
            (rows(&[7, 300]), "label 1 is 255"),
            (rows(&[7]), "holds 1 items"),
            (rows(&[7, 3, 1]), "holds 3 labels, but qmnist-train-images-idx3-ubyte holds 2"),
            (file(8, &[2, 8], &[0; 16]), "whole numbers of 32 bits"),
        ] {
            let error = open("qmnist", &[0; 784], &labels, &rows(&[5])).unwrap_err().to_string();
            assert!(error.starts_with("qmnist-train-labels") && error.contains(words), "{words}: {error}");
        }
    }

    #[test]
    fn files_are_told_from_their_first_bytes_and_their_names() {
        let identify = |dataset: &str, magic: u32, count: u32, name: &str| {
            let dataset = DATASETS.iter().find(|one| one.name == dataset).unwrap();
            let crate::data::Source::Files(official) = dataset.source else { panic!("it has files") };
            (official.identify)(&[magic.to_be_bytes(), count.to_be_bytes()].concat(), name)
        };
        for (dataset, magic, count, name, expected) in [
            ("mnist", 0x803, 60_000, "train-images.idx3-ubyte", Some(0)),
            ("mnist", 0x801, 10_000, "t10k-labels.idx1-ubyte", Some(3)),
            ("emnist-letters", 0x803, 124_800, "emnist-letters-train-images-idx3-ubyte.gz", Some(0)),
            ("emnist-letters", 0x801, 20_800, "emnist-letters-test-labels-idx1-ubyte.gz", Some(3)),
            ("emnist-letters", 0x801, 18_800, "emnist-balanced-test-labels-idx1-ubyte.gz", None),
            ("emnist-balanced", 0x803, 112_800, "emnist-balanced-train-images-idx3-ubyte", Some(0)),
            ("emnist-balanced", 0x801, 18_800, "emnist-bymerge-test-labels-idx1-ubyte", None),
            ("emnist-byclass", 0x803, 697_932, "emnist-byclass-train-images-idx3-ubyte", Some(0)),
            ("emnist-byclass", 0x801, 116_323, "emnist-bymerge-test-labels-idx1-ubyte", None),
            ("qmnist", 0xc02, 60_000, "qmnist-test-labels-idx2-int.gz", Some(3)),
            ("qmnist", 0x801, 60_000, "train-labels-idx1-ubyte.gz", None),
        ] {
            assert_eq!(identify(dataset, magic, count, name), expected, "{dataset} {name}");
        }
        for dataset in DATASETS.iter().filter(|one| one.name.starts_with("emnist")) {
            assert_eq!(dataset.files()[3].name, format!("{}-test-labels-idx1-ubyte.gz", dataset.name));
        }
    }
}
