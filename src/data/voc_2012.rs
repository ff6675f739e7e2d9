//! PASCAL VOC 2012 (Everingham et al.): its objects, cut out. The photographs are under the terms of Flickr.

use super::voc::{self, CLASSES, SHAPE};
use super::{Dataset, Download, Pictures, Publisher, Source};

/// The data set in the list.
pub const DATASET: Dataset = Dataset {
    name: "voc-2012",
    title: "PASCAL VOC 2012, object crops",
    shape: SHAPE,
    classes: &CLASSES,
    normalisation: None,
    source: Source::Pictures(&Pictures {
        publisher: Some(Publisher {
            address: "http://host.robots.ox.ac.uk/pascal/VOC/voc2012",
            folder: "voc-2012",
            downloads: &[Download {
                name: "VOCtrainval_11-May-2012.tar",
                length: 1_999_639_040,
                sha256: "e14f763270cf193d0b5f74b169f44157a4b0c6efa708f4dd0ff78ee691763bcb",
            }],
        }),
        read: |place, wanted| voc::read(place, "VOC2012", wanted),
    }),
};
