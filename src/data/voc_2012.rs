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
                md5: "6cd6e144f989b92b3379bac3b3de84fd",
            }],
        }),
        read: |place, wanted| voc::read(place, "VOC2012", wanted),
    }),
};
