//! QMNIST (Yadav and Bottou 2019), from its four official files: MNIST anew, with 60,000 test images. BSD-style licence.

use super::idx::{self, Items};
use super::mnist::DIGITS;
use super::mnist_family::{Labels, Layout, MNIST, SIDE};
use super::{Dataset, Normalisation, OfficialFiles, Publisher, Source, named};

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
            downloads: &LAYOUT.downloads([
                (9_704_059, "9e26a7bf1683614e065d7b76460ccd52807165b3f22561fb782bd9f38c52b51d"),
                (463_024, "2c05dc77f6b916b38e455e97ab129a42a444f3dbef09b278a366f82904e0dd9f"),
                (9_742_279, "43fc22bf7498b8fc98de98369d72f752d0deabc280a43a7bcc364ab19e57b375"),
                (526_800, "9fbcbe594c3766fdf4f0b15c5165dc0d1e57ac604e01422608bb72c906030d06"),
            ]),
        },
        files: &LAYOUT.files(),
        identify: |beginning, name| LAYOUT.identify(beginning, name),
        read: |files, counts, extent| LAYOUT.read(files, counts, extent),
    }),
};
