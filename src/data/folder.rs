//! Images of one's own: a folder of pictures for each class.

use super::{Dataset, Source};

/// The data set in the list.
pub const DATASET: Dataset = Dataset {
    name: "folder",
    title: "your own images",
    shape: [0, 0, 3],
    classes: &[],
    normalisation: None,
    #[cfg(feature = "readers")]
    source: Source::Pictures(&super::Pictures {
        publisher: None,
        has: super::picture::is_picture,
        read: super::class_folders::read,
    }),
    #[cfg(not(feature = "readers"))]
    source: Source::Arrays,
};
