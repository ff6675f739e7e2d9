//! QMNIST (Yadav and Bottou 2019), from its four official files: MNIST anew, with 60,000 test images. BSD-style licence.

use super::idx::{self, Items};
use super::mnist::DIGITS;
use super::mnist_family::{Labels, Layout, MNIST, SIDE};
use super::{Dataset, Download, Normalisation, OfficialFiles, Publisher, Source, named};

const LAYOUT: Layout = Layout {
    names: [
        "qmnist-train-images-idx3-ubyte.gz",
        "qmnist-train-labels-idx2-int.gz",
        "qmnist-test-images-idx3-ubyte.gz",
        "qmnist-test-labels-idx2-int.gz",
    ],
    labels: Labels {
        magic: 0xc02,
        header: 12,
        item: 8 * 4,
        read: |name, file, count, extent| {
            let Items { dimensions: [declared, columns], elements } =
                idx::read_integers::<2>(name, file, count, extent)?;
            Ok((declared, elements.chunks_exact(4 * columns).map(first).collect()))
        },
    },
    ..MNIST
};

/// The first number of a row, which is the class. One beyond a byte is no class, and 255 neither.
fn first(row: &[u8]) -> u8 {
    match *row {
        [0, 0, 0, class, ..] => class,
        _ => u8::MAX,
    }
}

/// The data set in the list.
pub const DATASET: Dataset = Dataset {
    name: "qmnist",
    title: "QMNIST",
    shape: [SIDE, SIDE, 1],
    classes: named(&DIGITS),
    normalisation: Some(Normalisation::grey(0.1307, 0.3081)),
    source: Source::files(&OfficialFiles {
        publisher: Publisher {
            address: "https://raw.githubusercontent.com/facebookresearch/qmnist/master",
            folder: "qmnist",
            // Their lengths were not to be had.
            downloads: &[
                Download { name: LAYOUT.names[0], length: 0, md5: "ed72d4157d28c017586c42bc6afe6370" },
                Download { name: LAYOUT.names[1], length: 0, md5: "0058f8dd561b90ffdd0f734c6a30e5e4" },
                Download { name: LAYOUT.names[2], length: 0, md5: "1394631089c404de565df7b7aeaf9412" },
                Download { name: LAYOUT.names[3], length: 0, md5: "5b5b05890a5e13444e108efe57b788aa" },
            ],
        },
        files: &LAYOUT.files(),
        identify: |beginning, name| LAYOUT.identify(beginning, name),
        read: |files, counts, extent| LAYOUT.read(files, counts, extent),
    }),
};
