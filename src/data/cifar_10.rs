//! CIFAR-10 (Krizhevsky 2009), the binary version. Its author states no licence.

use super::cifar::{Layout, SHAPE, file};
use super::{Dataset, Download, Normalisation, OfficialFile, OfficialFiles, Part, Publisher, Source, named};

const FILES: [OfficialFile; 6] = [
    file("data_batch_1.bin", "training images 1–10,000", Part::Train, 1),
    file("data_batch_2.bin", "training images 10,001–20,000", Part::Train, 1),
    file("data_batch_3.bin", "training images 20,001–30,000", Part::Train, 1),
    file("data_batch_4.bin", "training images 30,001–40,000", Part::Train, 1),
    file("data_batch_5.bin", "training images 40,001–50,000", Part::Train, 1),
    file("test_batch.bin", "test images", Part::Test, 1),
];

const LAYOUT: Layout = Layout { files: &FILES, images_per_file: 10_000, labels: 1, classes: 10 };

/// The data set in the list.
pub const DATASET: Dataset = Dataset {
    name: "cifar-10",
    title: "CIFAR-10",
    shape: SHAPE,
    classes: named(&[
        "airplane",
        "automobile",
        "bird",
        "cat",
        "deer",
        "dog",
        "frog",
        "horse",
        "ship",
        "truck",
    ]),
    normalisation: Some(Normalisation {
        mean: [0.4914, 0.4822, 0.4465],
        deviation: [0.2470, 0.2435, 0.2616],
    }),
    source: Source::files(&OfficialFiles {
        publisher: Publisher {
            address: "https://www.cs.toronto.edu/~kriz",
            folder: "cifar-10",
            downloads: &[Download {
                name: "cifar-10-binary.tar.gz",
                length: 170_052_171,
                sha256: "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
            }],
        },
        files: &FILES,
        identify: |_, name| LAYOUT.identify(name),
        read: |files, counts, extent| LAYOUT.read(files, counts, extent),
    }),
};
