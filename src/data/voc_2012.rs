//! PASCAL VOC 2012 (Everingham et al.): its objects, cut out. The photographs are under the terms of Flickr.

use super::voc_2007::{CLASSES, SHAPE};
use super::{Dataset, Source, named};

/// The data set in the list.
pub const DATASET: Dataset = Dataset {
    name: "voc-2012",
    title: "PASCAL VOC 2012, object crops",
    shape: SHAPE,
    classes: named(&CLASSES),
    normalisation: None,
    #[cfg(feature = "readers")]
    source: Source::Pictures(&super::Pictures {
        publisher: Some(super::Publisher {
            address: "http://host.robots.ox.ac.uk/pascal/VOC/voc2012",
            folder: "voc-2012",
            downloads: &[super::Download {
                name: "VOCtrainval_11-May-2012.tar",
                length: 1_999_639_040,
                sha256: "e14f763270cf193d0b5f74b169f44157a4b0c6efa708f4dd0ff78ee691763bcb",
            }],
        }),
        has: |path| path.split('/').any(|part| part == "VOC2012"),
        read: |place, wanted| super::voc::read(place, "VOC2012", wanted),
    }),
    #[cfg(not(feature = "readers"))]
    source: Source::Arrays,
};
