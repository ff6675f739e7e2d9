//! MNIST (LeCun, Cortes and Burges 1998), from its four files. CC BY-SA 3.0.

use super::mnist_family::{MNIST, NAMES, SIDE};
use super::{Dataset, Download, Normalisation, OfficialFiles, Publisher, Source, named};

/// What the digits are called.
pub(super) const DIGITS: [&str; 10] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];

/// The data set in the list.
pub const DATASET: Dataset = Dataset {
    name: "mnist",
    title: "MNIST",
    shape: [SIDE, SIDE, 1],
    classes: named(&DIGITS),
    normalisation: Some(Normalisation::grey(0.1307, 0.3081)),
    source: Source::files(&OfficialFiles {
        publisher: Publisher {
            // The authors' own server has refused programs for years; this copy of it is PyTorch's.
            address: "https://ossci-datasets.s3.amazonaws.com/mnist",
            folder: "mnist",
            downloads: &[
                Download { name: NAMES[0], length: 9_912_422, md5: "f68b3c2dcbeaaa9fbdd348bbdeb94873" },
                Download { name: NAMES[1], length: 28_881, md5: "d53e105ee54ea40749a09fcbcd1e9432" },
                Download { name: NAMES[2], length: 1_648_877, md5: "9fb629c4189551a2d022fa330f9573f3" },
                Download { name: NAMES[3], length: 4_542, md5: "ec29112dd5afa0611ce80d1b7f02629c" },
            ],
        },
        files: &MNIST.files(),
        identify: |beginning, name| MNIST.identify(beginning, name),
        read: |files, counts, extent| MNIST.read(files, counts, extent),
    }),
};
