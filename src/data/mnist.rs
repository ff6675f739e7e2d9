//! MNIST (LeCun, Cortes and Burges 1998), from its four files. CC BY-SA 3.0.

use super::mnist_family::{MNIST, SIDE};
use super::{Dataset, Normalisation, OfficialFiles, Publisher, Source, named};

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
            downloads: &MNIST.downloads([
                (9_912_422, "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"),
                (28_881, "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"),
                (1_648_877, "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"),
                (4_542, "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6"),
            ]),
        },
        files: &MNIST.files(),
        identify: |beginning, name| MNIST.identify(beginning, name),
        read: |files, counts, extent| MNIST.read(files, counts, extent),
    }),
};
