//! EMNIST by class: 62 classes. Public domain, as a work of the United States government.

use super::emnist::{CHARACTERS, LAYOUT as EMNIST, PUBLISHER};
use super::mnist_family::{Layout, SIDE};
use super::{Dataset, Normalisation, OfficialFiles, Source};

const LAYOUT: Layout = Layout {
    names: [
        "emnist-byclass-train-images-idx3-ubyte.gz",
        "emnist-byclass-train-labels-idx1-ubyte.gz",
        "emnist-byclass-test-images-idx3-ubyte.gz",
        "emnist-byclass-test-labels-idx1-ubyte.gz",
    ],
    word: "byclass",
    classes: 62,
    ..EMNIST
};

/// The data set in the list.
pub const DATASET: Dataset = Dataset {
    name: "emnist-byclass",
    title: "EMNIST by class",
    about: "Handwritten digits, capitals and small letters, as frequent as they were written, 28 × 28 pixels in grey.",
    shape: [SIDE, SIDE, 1],
    classes: &CHARACTERS,
    normalisation: Some(Normalisation::grey(0.1736, 0.3317)),
    source: Source::Files(&OfficialFiles {
        publisher: PUBLISHER,
        files: &LAYOUT.files(),
        identify: |beginning, name| LAYOUT.identify(beginning, name),
        read: |files, counts, extent| LAYOUT.read(files, counts, extent),
    }),
};
