//! The further training images of Street View House Numbers, which are easier, with its test images.

use super::{Dataset, Download, OfficialFile, OfficialFiles, Publisher, Source, svhn};

const FILES: [OfficialFile; 2] = [svhn::training_file("extra_32x32.mat"), svhn::FILES[1]];

/// The data set in the list. Pixels are normalised as in [`svhn`], so that networks can be compared.
pub const DATASET: Dataset = Dataset {
    name: "svhn-extra",
    title: "SVHN extra",
    source: Source::files(&OfficialFiles {
        publisher: Publisher { downloads: &[EXTRA, svhn::TEST], ..svhn::PUBLISHER },
        files: &FILES,
        identify: |_, name| svhn::position(&FILES, name),
        read: |files, counts, extent| svhn::read(&FILES, files, counts, extent),
    }),
    ..svhn::DATASET
};

const EXTRA: Download = Download {
    name: FILES[0].name,
    length: 1_329_278_602,
    sha256: "a133a4beb38a00fcdda90c9489e0c04f900b660ce8a316a5e854838379a71eb3",
};
