//! EMNIST letters: 26 classes. Public domain, as a work of the United States government.

use super::emnist::{CHARACTERS, LAYOUT as EMNIST, PUBLISHER};
use super::mnist_family::{Layout, SIDE};
use super::{Dataset, Normalisation, OfficialFiles, Source, named};

const LAYOUT: Layout = Layout {
    names: [
        "emnist-letters-train-images-idx3-ubyte.gz",
        "emnist-letters-train-labels-idx1-ubyte.gz",
        "emnist-letters-test-images-idx3-ubyte.gz",
        "emnist-letters-test-labels-idx1-ubyte.gz",
    ],
    word: "letters",
    classes: 26,
    first_label: 1,
    ..EMNIST
};

/// The data set in the list.
pub const DATASET: Dataset = Dataset {
    name: "emnist-letters",
    title: "EMNIST letters",
    shape: [SIDE, SIDE, 1],
    classes: named(CHARACTERS.split_at(10).1.split_at(26).0),
    normalisation: Some(Normalisation::grey(0.1722, 0.3309)),
    source: Source::files(&OfficialFiles {
        publisher: PUBLISHER,
        files: &LAYOUT.files(),
        identify: |beginning, name| LAYOUT.identify(beginning, name),
        read: |files, counts, extent| LAYOUT.read(files, counts, extent),
    }),
};
