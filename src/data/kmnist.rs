//! Kuzushiji-MNIST (Clanuwat et al. 2018), from its four official files. CC BY-SA 4.0.

use super::mnist_family::{MNIST, SIDE};
use super::{Dataset, Normalisation, OfficialFiles, Publisher, Source, named};

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
            downloads: &MNIST.downloads([
                (18_165_135, "51467d22d8cc72929e2a028a0428f2086b092bb31cfb79c69cc0a90ce135fde4"),
                (29_497, "e38f9ebcd0f3ebcdec7fc8eabdcdaef93bb0df8ea12bee65224341c8183d8e17"),
                (3_041_136, "edd7a857845ad6bb1d0ba43fe7e794d164fe2dce499a1694695a792adfac43c5"),
                (5_120, "20bb9a0ef54c7db3efc55a92eef5582c109615df22683c380526788f98e42a1c"),
            ]),
        },
        files: &MNIST.files(),
        identify: |beginning, name| MNIST.identify(beginning, name),
        read: |files, counts, extent| MNIST.read(files, counts, extent),
    }),
};
