//! EMNIST by class: 62 classes. Public domain, as a work of the United States government.

use super::emnist::{CHARACTERS, LAYOUT as EMNIST, PUBLISHER};
use super::mnist_family::{Layout, SIDE};
use super::{Dataset, Normalisation, OfficialFiles, Source, named};

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
    shape: [SIDE, SIDE, 1],
    classes: named(&CHARACTERS),
    normalisation: Some(Normalisation::grey(0.1736, 0.3317)),
    source: Source::files(&OfficialFiles {
        publisher: PUBLISHER,
        files: &LAYOUT.files(),
        identify: |beginning, name| LAYOUT.identify(beginning, name),
        read: |files, counts, extent| LAYOUT.read(files, counts, extent),
    }),
};
