//! Kuzushiji-MNIST (Clanuwat et al. 2018), from its four official files. CC BY-SA 4.0.

use super::mnist_family::{MNIST, NAMES, SIDE};
use super::{Dataset, Download, Normalisation, OfficialFiles, Publisher, Source, named};

/// The data set in the list.
pub const DATASET: Dataset = Dataset {
    name: "kmnist",
    title: "Kuzushiji-MNIST",
    shape: [SIDE, SIDE, 1],
    classes: named(&["o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"]),
    normalisation: Some(Normalisation::grey(0.1918, 0.3483)),
    source: Source::files(&OfficialFiles {
        publisher: Publisher {
            address: "https://codh.rois.ac.jp/kmnist/dataset/kmnist",
            folder: "kmnist",
            downloads: &[
                Download { name: NAMES[0], length: 18_165_135, md5: "bdb82020997e1d708af4cf47b453dcf7" },
                Download { name: NAMES[1], length: 29_497, md5: "e144d726b3acfaa3e44228e80efcd344" },
                Download { name: NAMES[2], length: 3_041_136, md5: "5c965bf0a639b31b8f53240b1b52f4d7" },
                Download { name: NAMES[3], length: 5_120, md5: "7320c461ea6c1c855c0b718fb2a4b134" },
            ],
        },
        files: &MNIST.files(),
        identify: |beginning, name| MNIST.identify(beginning, name),
        read: |files, counts, extent| MNIST.read(files, counts, extent),
    }),
};
