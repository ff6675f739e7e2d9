//! EMNIST balanced: 47 classes. Public domain, as a work of the United States government.

use super::emnist::{LAYOUT as EMNIST, PUBLISHER};
use super::mnist_family::{Layout, SIDE};
use super::{Dataset, Normalisation, OfficialFiles, Source, named};

/// Digits and capitals, and those small letters that don't look like their capitals.
#[rustfmt::skip]
const CLASSES: [&str; 47] = [
    "0", "1", "2", "3", "4", "5", "6", "7", "8", "9",
    "A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "K", "L", "M",
    "N", "O", "P", "Q", "R", "S", "T", "U", "V", "W", "X", "Y", "Z",
    "a", "b", "d", "e", "f", "g", "h", "n", "q", "r", "t",
];

const LAYOUT: Layout = Layout {
    names: [
        "emnist-balanced-train-images-idx3-ubyte.gz",
        "emnist-balanced-train-labels-idx1-ubyte.gz",
        "emnist-balanced-test-images-idx3-ubyte.gz",
        "emnist-balanced-test-labels-idx1-ubyte.gz",
    ],
    word: "balanced",
    classes: 47,
    ..EMNIST
};

/// The data set in the list.
pub const DATASET: Dataset = Dataset {
    name: "emnist-balanced",
    title: "EMNIST balanced",
    shape: [SIDE, SIDE, 1],
    classes: named(&CLASSES),
    normalisation: Some(Normalisation::grey(0.1751, 0.3332)),
    source: Source::files(&OfficialFiles {
        publisher: PUBLISHER,
        files: &LAYOUT.files(),
        identify: |beginning, name| LAYOUT.identify(beginning, name),
        read: |files, counts, extent| LAYOUT.read(files, counts, extent),
    }),
};
